"""How one text says a value, and whether what has it is left out: ``metal``, ``-metal``, ``"-40c"``. Pure.

A leading ``-`` leaves out what follows, whatever that is. A value that begins with ``-`` itself stands in quotes, as in
the text of a search; so does one that would be read as quoted otherwise. All other quotes belong to the value.
"""

from __future__ import annotations

import re

_QUOTED = re.compile(r'"("*-.*)"', re.DOTALL)


def read_value(text: str) -> tuple[str, bool]:
    """Return the value that a text says, and whether it is left out."""
    said = text.strip()
    if said.startswith("-"):
        return said[1:].strip(), True
    quoted = _QUOTED.fullmatch(said)
    return (quoted[1] if quoted else said), False


def say_value(value: str) -> str:
    """Return the text that is read as this value, not left out."""
    return f'"{value}"' if value.startswith("-") or _QUOTED.fullmatch(value) else value
