"""What operators can do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from catalog.ledger.event import Event


@dataclass(frozen=True, kw_only=True)
class JobRetried(Event):
    """A dead letter was given another chance."""

    name: ClassVar[str] = "job.retried"
    about: ClassVar[str] = "job_id"
    job_id: UUID
    kind: str


@dataclass(frozen=True, kw_only=True)
class StoreAdopted(Event):
    """An operator said that a store is this database's alone, so that sweeps remove what no row speaks of."""

    name: ClassVar[str] = "store.adopted"
    about: ClassVar[str] = "sweep_id"
    sweep_id: UUID
    store: str
    address: str
    """Where the installation is."""


@dataclass(frozen=True, kw_only=True)
class MassRemovalAllowed(Event):
    """An operator let one sweep remove suspiciously many blobs that no row speaks of."""

    name: ClassVar[str] = "mass_removal.allowed"
    about: ClassVar[str] = "sweep_id"
    sweep_id: UUID
    store: str
