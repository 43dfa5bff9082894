"""Warm nurseries for all tests of this room; starting one takes seconds."""

import os
from collections.abc import Iterator

import pytest

from catalog.media.asking import Bench
from catalog.media.asking import bench as shared_bench
from catalog.media.children import Nursery


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    """One of the tests' own; it lets coverage see what the nursery does."""
    made = Nursery({name: value for name, value in os.environ.items() if name.startswith("COVERAGE_")})
    yield made
    made.close()


@pytest.fixture(scope="session")
def bench() -> Bench:
    """The one of this process, which jobs use as well: its studio is set up once."""
    return shared_bench()


@pytest.fixture(scope="session")
def blind_bench() -> Iterator[Bench]:
    """A bench on a machine without EGL: its renderer crashes."""
    made = Nursery({"__EGL_VENDOR_LIBRARY_FILENAMES": "/nonexistent"})
    yield Bench(made)
    made.close()
