"""Texts that people write: names on one line, descriptions on several. Pure.

Any Unicode text is a name, in Normalization Form C and without space around it. Control characters are none: they
would act on the terminals and logs that show them.
"""

from __future__ import annotations

import unicodedata

from catalog.kernel.errors import InvalidInput

LONGEST = {"name": 200, "tag": 80, "alias": 200, "reason": 2_000, "description": 20_000, "note": 20_000}
"""Most characters of each sort of text."""

_SEVERAL_LINES = frozenset({"reason", "description", "note"})
_REFUSED = frozenset({"Cc", "Cs", "Zl", "Zp"})


def checked_text(sort: str, value: str, *, required: bool = False) -> str:
    """Return a text of this sort (see ``LONGEST``) in NFC, stripped, each line ended by one line feed.

    ``InvalidInput`` where it is too long, has control characters or, though ``required``, nothing in it.
    """
    text = unicodedata.normalize("NFC", value).strip()
    if sort in _SEVERAL_LINES:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if required and not text:
        raise InvalidInput(f"{sort} is empty; give at least one character", code=f"bad-{sort}")
    if len(text) > LONGEST[sort]:
        raise InvalidInput(f"{sort} has {len(text)} characters; at most {LONGEST[sort]} are right", code=f"bad-{sort}")
    admitted = "\n\t" if sort in _SEVERAL_LINES else ""
    if any(unicodedata.category(one) in _REFUSED and one not in admitted for one in text):
        raise InvalidInput(f"{sort} {text[:40]!r} has a control character; remove it", code=f"bad-{sort}")
    return text
