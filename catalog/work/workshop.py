"""What a job is given: the desk, the stores, a scratch folder, and a way to say that it still lives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from catalog.jobs.vocabulary import Lane
    from catalog.kernel.actors import Actor
    from catalog.storage.port import Stores
    from catalog.work.desk import Desk


class LeaseLost(Exception):
    """The job was given to another worker; stop and change nothing more."""


class GaveUp(Exception):
    """The job can never succeed; it becomes a dead letter at once instead of being tried again."""


@dataclass(frozen=True, kw_only=True)
class Workshop:
    """What a job function receives besides its id: ``def inspect_version(workshop, version_id)``.

    ``beat(progress)`` says how far the work is (0 to 1); call it between the steps of long work, for the lease. It
    raises ``LeaseLost`` when another worker has taken over. ``scratch`` is an empty folder that is removed afterwards.
    """

    desk: Desk
    stores: Stores
    actor: Actor
    lane: Lane
    scratch: Path
    site: str
    beat: Callable[[float], None]
