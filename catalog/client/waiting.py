"""Waiting for the server: asking again, more and more seldom, until something is so or the time is up."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from catalog.client.errors import Unavailable

T = TypeVar("T")
FIRST_PAUSE_S = 0.1
LONGEST_PAUSE_S = 2.0


def wait_for(ask: Callable[[], T | None], what: str, within_s: float) -> T:
    """Return the first answer that is not None; ``Unavailable`` (``still-working``) where none comes in time."""
    began = time.monotonic()
    while True:
        answer = ask()
        if answer is not None:
            return answer
        waited = time.monotonic() - began
        if waited > within_s:
            raise Unavailable(f"{what} takes longer than {within_s:g} s; it goes on without us", code="still-working")
        time.sleep(min(LONGEST_PAUSE_S, FIRST_PAUSE_S + waited / 10))
