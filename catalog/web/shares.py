"""Shares as people write them, one a line: a login, or ``@`` and the code of a group, and what they may. Pure."""

from __future__ import annotations

from catalog.collections.sharing import Share, With
from catalog.collections.vocabulary import ShareRole
from catalog.kernel.errors import InvalidInput


def read_shares(text: str) -> tuple[Share, ...]:
    """Read one share a line: ``ann edit``, ``@dawn-crew view``, or a name alone, to view."""
    return tuple(_share(line.split()) for line in text.splitlines() if line.strip())


def written(share: Share) -> str:
    """Return whom a share names: ``ann``, ``@dawn-crew``."""
    return f"{'@' if share.kind is With.GROUP else ''}{share.name}"


def _share(words: list[str]) -> Share:
    name, role = (*words, ShareRole.VIEW.value)[:2]
    kind = With.GROUP if name.startswith("@") else With.USER
    if len(words) > len(("name", "role")) or role not in set(ShareRole) or not name.removeprefix("@"):
        raise InvalidInput(
            f"the line {' '.join(words)[:80]!r} is not a login, or @ and a group, and view or edit", code="bad-share"
        )
    return Share(kind=kind, name=name.removeprefix("@"), role=ShareRole(role))
