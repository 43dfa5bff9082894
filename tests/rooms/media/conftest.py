"""One warm nursery for all tests of this room; starting one takes seconds."""

from collections.abc import Iterator

import pytest

from catalog.media.asking import Bench
from catalog.media.children import Nursery


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    made = Nursery()
    yield made
    made.close()


@pytest.fixture(scope="session")
def bench(nursery: Nursery) -> Bench:
    return Bench(nursery)


@pytest.fixture(scope="session")
def blind_bench() -> Iterator[Bench]:
    """A bench on a machine without EGL: its renderer crashes."""
    made = Nursery({"__EGL_VENDOR_LIBRARY_FILENAMES": "/nonexistent"})
    yield Bench(made)
    made.close()
