"""One actor, one transaction: the two powers that every signature shows.

``View`` reads, ``UnitOfWork`` writes; a ``Desk`` opens both. A unit of work commits its rows, its ledger entries and
the jobs it owes together or not at all. Start at ``unit.py``.
"""
