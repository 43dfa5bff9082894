"""Users, groups, roles, tokens and audiences: who may do what, and who may know of what.

Keeps password hashes (argon2id) and token hashes, never the secrets. Promises that an act by a user, a token or a
service on behalf of a user is one ``Actor`` that the ledger names. Refuses to delete people: they are disabled, for
the ledger refers to them. Start at ``vocabulary.py`` (roles), then ``authentication.py``.
"""
