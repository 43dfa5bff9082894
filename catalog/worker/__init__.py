"""The background door: pays owed jobs, follows the ledger into the index, keeps house.

One process with a few threads; what is heavy or untrusted runs in limited child processes (``media.children``).
Killed at any moment, it costs one attempt of the jobs in hand. Start at ``loop.py``.
"""
