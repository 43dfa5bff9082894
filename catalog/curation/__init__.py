"""Bulk edits: many assets changed by one instruction, as it was shown, and set back as one act.

Keeps what was asked, the set that it was asked for (frozen when it was previewed), and what became of every asset of
it. Promises that nothing is changed which the preview did not show, that what others changed meanwhile is left alone
and listed, that a worker killed in the middle does nothing twice, and that an edit can be stopped half way and undone.
Refuses to be a second way to write: every change goes through the acts of ``assets``, by whoever began the edit, with
what they may at that moment. Start at ``planning.py`` (the decision), then ``editing.py`` (acts) and ``running.py``.
"""
