"""What a child hands over is taken only where it is what it claims to be."""

from pathlib import Path

import pytest

from catalog.media.asking import Bench
from catalog.media.children import ChildFailed, Nursery
from catalog.media.layout import Layout
from catalog.media.makers.maker import Maker
from catalog.media.making import make
from catalog.media.vocabulary import PreviewKind
from tests.rooms.media import mischief


@pytest.mark.parametrize("trick", sorted(mischief.TRICKS))
def test_what_is_not_what_it_claims_is_refused(nursery: Nursery, tmp_path: Path, trick: str) -> None:
    (tmp_path / trick).write_bytes(b"the file names the trick")
    maker = Maker(kind=PreviewKind.TURNTABLE, version="1", choose=lambda _: [], module="tests.rooms.media.mischief")

    with pytest.raises(ChildFailed, match="not what it promises") as refused:
        make(maker, Layout(folder=tmp_path), (trick,), on=Bench(nursery))

    assert refused.value.reason == "garbled"
