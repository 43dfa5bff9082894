"""Notes and known issues: what people say of a version after it was published.

A note is text by a person on one version. A known issue is a note that stands open until somebody closes it, with the
later version that fixes it or as none; until then every later version has it, too. Promises that whoever may not know
of a version reads nothing of what is said of it, and that what was edited, closed or removed stays in the ledger.
Versions themselves never change by it. Start at ``writing.py`` (notes), then ``issues.py``, then ``queries.py``.
"""
