"""When a worker turns to what nobody waits for: in a lull of everything else, and now and then where there is none."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

LULL_S: Final = 5.0
"""After the last heavy work that somebody waits for. While versions come in one after another, their pictures have both
places to themselves; a turntable takes longer than most of them together."""

LONGEST_S: Final = 120.0
"""What nobody waits for is not put off for longer than this."""


class Leisure:
    """Whether there is time for what nobody waits for; ``clock`` gives seconds."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._hurried_at = -LULL_S + clock()
        self._had_at = clock()

    def interrupt(self) -> None:
        """Note that somebody waits for what is begun or ended now."""
        self._hurried_at = self._clock()

    def take(self) -> bool:
        """Whether it is there; the time that it is put off for is counted from now on where it is."""
        now = self._clock()
        if now - self._hurried_at < LULL_S and now - self._had_at < LONGEST_S:
            return False
        self._had_at = now
        return True
