"""The house: an opened installation. What starts a web process, a worker or a command opens one and hands it on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from catalog.db import migrate
from catalog.db.engine import create_engine_for
from catalog.kernel.errors import Unavailable
from catalog.media.preview_cache import PreviewCache
from catalog.reactions import REACTIONS
from catalog.search.opening import open_index
from catalog.storage.opening import open_stores
from catalog.work.desk import Desk

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from catalog.search.port import SearchIndex
    from catalog.settings import Settings
    from catalog.storage.port import Stores


@dataclass(frozen=True, kw_only=True)
class House:
    """Settings, desk, stores, index and preview cache of one installation."""

    settings: Settings
    desk: Desk
    stores: Stores
    index: SearchIndex
    previews: PreviewCache

    @property
    def engine(self) -> Engine:
        """The engine under the desk."""
        return self.desk.engine

    @property
    def confinement_file(self) -> Path:
        """Where the worker says what holds the child processes that open untrusted files; JSON of measure to bool."""
        return self.settings.data.absolute() / "confinement.json"


def open_house(settings: Settings, *, migrated: bool = True) -> House:
    """Open an installation.

    ``Unavailable`` where its database lacks migrations, unless ``migrated`` is not asked for.
    """
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    desk = Desk(engine=create_engine_for(settings.database), reactions=REACTIONS)
    if migrated and not migrate.is_current(desk.engine):
        raise Unavailable("the database lacks migrations; run `catalog admin migrate`", code="not-migrated")
    stores = open_stores(settings)
    return House(
        settings=settings,
        desk=desk,
        stores=stores,
        index=open_index(settings.index_folder),
        previews=PreviewCache(
            folder=settings.data.absolute() / "cache" / "previews",
            derived=stores.derived,
            limit_bytes=settings.preview_cache_mb * 2**20,
        ),
    )
