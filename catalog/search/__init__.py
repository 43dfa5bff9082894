"""Finding assets: words, facets, suggestions, look-alikes, always limited to what the viewer may see.

What is kept here is derived: a search index that a follower fills from the ledger and that one command rebuilds from
the database. The index proposes; ``queries`` checks every hit against the database before it is shown, so a stale index
can miss an asset for a second but never betray one.

Start at ``port.py`` (what an index promises), then ``text.py`` and ``query.py`` (words), ``relevance.py`` (order),
``follower.py`` (how the index keeps up) and ``queries.py`` (what the doors ask).
"""
