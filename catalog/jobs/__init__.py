"""Owed work: a leased table in the catalogue's own database, so that a row and the work it owes commit together.

Promises that an owed job is done at least once, but never by two workers at the same time, that a worker killed in the
middle costs one attempt, that a job which keeps failing ends as a dead letter people can see and retry, and that a
flood in the bulk lane never holds up an artist. Jobs know only a kind and an id. Start at ``vocabulary.py``, then
``owing.py``, then ``claiming.py``.
"""
