"""What forms say, read: lists of words, and the revision that their writer saw."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from catalog.kernel.errors import InvalidInput

if TYPE_CHECKING:
    from catalog.web.route import Call

_BETWEEN = re.compile(r"[\s,;，；、]+")


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a text that lists some, each once: ``art, td`` or one on each line."""
    return tuple(dict.fromkeys(word for word in _BETWEEN.split(text) if word))


def revision_of(call: Call) -> int:
    """Return the revision that the form was filled in for; ``InvalidInput`` where it lacks one."""
    said = call.form.get("revision", "")
    if not (said.isascii() and said.isdecimal() and len(said) <= 9):  # noqa: PLR2004 — as many digits as a revision has
        raise InvalidInput("the form does not say which revision it was filled in for; load it again", code="bad-form")
    return int(said)
