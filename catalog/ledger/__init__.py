"""The ledger: what happened, in one gapless, hash-chained order.

Keeps an entry for every act that changes registry, rights, accounts or settings, and for every release of an original.
Promises that ``seq`` has no gaps and follows commit order, so one number is the cursor of events, webhooks and the
index; that entries are never changed or deleted (triggers refuse it); that values can be erased without breaking the
chain. Start at ``event.py`` (what can be recorded), then ``chain.py`` (how an entry is sealed), then ``writing.py``.
"""
