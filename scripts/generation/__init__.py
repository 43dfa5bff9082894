"""Writes what follows from the table of operations. Start reading at ``write.py``, then ``plan.py``."""
