"""While a version is measured and pictured: its page looks again by itself, ever less often, for what is new."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from catalog.assets import transfers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from catalog.assets.models import AssetVersion
    from catalog.media.models import Preview
    from catalog.work.view import View

FIRST_S, LONGEST_S = 5, 60
GROWTH = 1.5
"""How much longer each wait is than the one before, while nothing new is there."""


@dataclass(frozen=True, kw_only=True)
class Making:
    """How far the pictures and facts of a version are. ``seen`` tells one state from the next.

    ``pending`` is what somebody waits for; ``going_on`` also tells of what nobody waits for, such as turntables.
    """

    code: str
    number: int
    pending: tuple[str, ...]
    going_on: bool
    seen: str

    @property
    def failed(self) -> bool:
        """Whether work of it was given up."""
        return any("(failed)" in kind for kind in self.pending)


def making_of(view: View, version: AssetVersion, previews: Sequence[Preview]) -> Making:
    """Return how far the making of what shows a version is; ``previews`` is what is there."""
    pending = tuple(transfers.pending_work(view, version.id))
    return Making(
        code=version.asset.code,
        number=version.number,
        pending=pending,
        going_on=transfers.is_worked_on(view, version.id),
        seen=".".join((str(len(previews)), *pending)),
    )


def wait_s(looked: int) -> int:
    """Return how long a page waits before it asks again, after it has asked this often for nothing."""
    return min(LONGEST_S, round(FIRST_S * GROWTH ** min(looked, LONGEST_S)))
