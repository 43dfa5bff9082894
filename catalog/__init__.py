"""Reprise, the visual-effects digital asset catalogue.

Rooms are stacked in storeys: ``docs/explanation/architecture.md`` draws the house, ``pyproject.toml`` holds it to the
drawing. Start reading at ``catalog/work`` (one actor, one transaction) and ``catalog/reactions.py`` (what follows
from what).
"""

__version__ = "0.1.0"
