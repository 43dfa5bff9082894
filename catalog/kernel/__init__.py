"""Words that every room speaks: errors, ids, abilities, actors, paging, the clock. Imports nothing of ours."""
