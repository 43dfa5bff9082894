"""One warm nursery for all tests of this room; starting one takes seconds."""

from collections.abc import Iterator

import pytest

from catalog.media.asking import Bench
from catalog.media.asking import bench as shared_bench
from catalog.media.children import Nursery
from catalog.media.children import nursery as shared_nursery


@pytest.fixture(scope="session")
def nursery() -> Nursery:
    """The one of this process, which jobs use as well."""
    return shared_nursery()


@pytest.fixture(scope="session")
def bench() -> Bench:
    return shared_bench()


@pytest.fixture(scope="session")
def blind_bench() -> Iterator[Bench]:
    """A bench on a machine without EGL: its renderer crashes."""
    made = Nursery({"__EGL_VENDOR_LIBRARY_FILENAMES": "/nonexistent"})
    yield Bench(made)
    made.close()
