"""Looking at referenced files."""

from pathlib import Path

import pytest
from sqlalchemy import select

from catalog.assets import roots
from catalog.assets.models import File
from catalog.assets.referenced import ReferenceVerification, verify_referenced
from catalog.assets.vocabulary import FileState, Platform
from tests.crew import Crew, referenced


@pytest.fixture
def library(crew: Crew, tmp_path: Path) -> Path:
    """A root with two files, which a published version references."""
    library = tmp_path / "library"
    library.mkdir()
    (library / "a.usd").write_bytes(b"model")
    (library / "b.exr").write_bytes(b"wood")
    crew.has_root(path=str(library))
    crew.registers("prp_chair")
    crew.drafts("prp_chair", referenced("a.usd", b"model"), referenced("b.exr", b"wood"))
    assert crew.submits("prp_chair", 1) == "published"
    return library


def verify(crew: Crew, *, reading: bool = True) -> ReferenceVerification:
    return verify_referenced(crew.desk, site="main", reading=reading)


def noted(crew: Crew, path: str = "b.exr") -> tuple[str, bool]:
    """The state of a file, and whether somebody has looked at its bytes."""
    with crew.desk.read() as session:
        file = session.scalars(select(File).where(File.path == path)).one()
        return file.state, file.checked_at is not None


def test_files_that_are_there_hold(crew: Crew, library: Path) -> None:
    told: list[int] = []

    found = verify_referenced(crew.desk, site="main", reading=True, progress=told.append)

    assert found == ReferenceVerification(checked=2, missing=0, changed=0, unreachable={}, flaws=())
    assert found.holds
    assert told == [2]
    assert noted(crew) == ("online", True)


def test_files_that_were_not_read_are_still_only_declared(crew: Crew, library: Path) -> None:
    assert verify(crew, reading=False).holds
    assert noted(crew) == ("online", False)


def test_a_missing_file_is_named_and_noted(crew: Crew, library: Path) -> None:
    (library / "b.exr").unlink()

    found = verify(crew, reading=False)

    (flaw,) = found.flaws
    assert not found.holds
    assert (flaw.asset, flaw.number, flaw.path, flaw.state) == ("prp_chair", 1, "b.exr", FileState.MISSING)
    assert flaw.place == str(library / "b.exr")
    assert noted(crew) == ("missing", True)


def test_a_file_that_came_back_is_online_and_its_bytes_are_as_yet_declared(crew: Crew, library: Path) -> None:
    (library / "b.exr").rename(library / "moved")
    verify(crew)
    (library / "moved").rename(library / "b.exr")

    assert verify(crew, reading=False).holds
    assert noted(crew) == ("online", False)


def test_a_changed_byte_is_seen_by_reading_only(crew: Crew, library: Path) -> None:
    (library / "b.exr").write_bytes(b"w00d")

    looked, read = verify(crew, reading=False), verify(crew, reading=True)

    assert (looked.holds, read.changed) == (True, 1)
    assert noted(crew) == ("changed", True)


def test_bytes_that_were_found_changed_stay_so_until_they_are_read_again(crew: Crew, library: Path) -> None:
    (library / "b.exr").write_bytes(b"w00d")
    verify(crew)
    (library / "b.exr").write_bytes(b"wood")

    assert verify(crew, reading=False).changed == 1
    assert verify(crew, reading=True).holds


def test_a_file_of_another_size_is_seen_without_reading(crew: Crew, library: Path) -> None:
    (library / "b.exr").write_bytes(b"woo")

    assert verify(crew, reading=False).changed == 1


def test_a_root_that_is_not_mounted_is_left_alone(crew: Crew, library: Path) -> None:
    for file in library.iterdir():
        file.unlink()

    found = verify(crew)

    assert (found.checked, found.unreachable, found.holds) == (0, {"library": 2}, True)
    assert noted(crew) == ("online", False)


def test_a_root_without_a_path_at_this_site_is_left_alone(crew: Crew, library: Path) -> None:
    elsewhere = roots.PathTemplate(platform=Platform.LINUX, site="wellington", path="/mnt/l")
    with crew.work(crew.admin) as work:
        roots.change(work, "library", roots.RootChange(templates=(elsewhere,)))

    assert verify(crew).unreachable == {"library": 2}


def test_a_file_that_leads_out_of_its_root_is_missing(crew: Crew, library: Path, tmp_path: Path) -> None:
    (library / "b.exr").rename(tmp_path / "elsewhere")
    (library / "b.exr").symlink_to(tmp_path / "elsewhere")

    assert verify(crew).missing == 1


def test_drafts_are_left_alone(crew: Crew, library: Path) -> None:
    crew.drafts("prp_chair", referenced("c.usd", b"not there yet"))

    assert verify(crew).checked == 2
