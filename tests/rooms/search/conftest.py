"""The catalogue that tests of search fill and search."""

import pytest

from catalog.search.memory import MemoryIndex
from catalog.work.desk import Desk
from tests.rooms.search.catalogue import Catalogue


@pytest.fixture
def catalogue(desk: Desk) -> Catalogue:
    """A catalogue on each kind of database, with an index in memory."""
    return Catalogue(desk, MemoryIndex())
