"""Licensing: the gate through which originals leave.

So far it keeps who took what and why on the ledger; clearance fills in the decision later. Start at ``gate.py``.
"""
