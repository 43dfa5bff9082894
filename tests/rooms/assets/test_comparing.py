"""Two versions beside each other: what came, went and changed."""

from __future__ import annotations

from collections.abc import Mapping

from catalog.assets import queries
from catalog.assets.comparing import LISTED_MAX, Comparison, compare
from tests.crew import Crew


def compared(crew: Crew, before: Mapping[str, bytes], after: Mapping[str, bytes]) -> Comparison:
    """Publish both as versions of one chair, and compare them."""
    crew.registers("prp_chair", by=crew.artist)
    for files in (before, after):
        crew.publishes("prp_chair", files, by=crew.artist)
    with crew.view(crew.artist) as view:
        return compare(view, *(queries.get_version(view, "prp_chair", number) for number in (1, 2)))


def test_files_are_compared_by_path_and_content(crew: Crew) -> None:
    found = compared(
        crew, {"same": b"same", "other": b"old", "gone": b"gone"}, {"same": b"same", "other": b"newer", "come": b"come"}
    )

    assert [(one.path, one.size_bytes_before, one.size_bytes_after) for one in found.changed] == [("other", 3, 5)]
    assert [(one.path, one.size_bytes_before, one.size_bytes_after) for one in found.added] == [("come", None, 4)]
    assert [(one.path, one.size_bytes_before, one.size_bytes_after) for one in found.removed] == [("gone", 4, None)]
    assert found.same_count == 1


def test_bytes_that_moved_are_said_to_have_lain_elsewhere(crew: Crew) -> None:
    found = compared(crew, {"b/chair": b"chair", "a/chair": b"chair"}, {"c/chair": b"chair", "new": b"new"})

    assert {one.path: one.moved_from for one in found.added} == {"c/chair": "a/chair", "new": None}
    assert found.removed_count == 2


def test_many_files_are_counted_and_the_first_are_listed(crew: Crew) -> None:
    many = {f"frames/{number:04}": b"frame" for number in range(LISTED_MAX + 5)}

    found = compared(crew, {"keep": b"keep"}, {"keep": b"keep", **many})

    assert (found.added_count, len(found.added), found.same_count) == (LISTED_MAX + 5, LISTED_MAX, 1)
    assert found.added[0].path == "frames/0000"
