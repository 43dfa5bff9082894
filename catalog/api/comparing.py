"""``/assets/{code}/versions/{number}/comparison``: what became other since an older version."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from catalog.api.operation import Answer, NoQuery, Operation
from catalog.api.versions import number_of
from catalog.assets import comparing, queries
from catalog.kernel.abilities import Ability

if TYPE_CHECKING:
    from catalog.api.operation import Call
    from catalog.work.view import View


class ComparisonQuery(NoQuery):
    """With which version to compare."""

    before: Annotated[int, Field(ge=1, le=999_999_999, description="number of the older version")]


class DifferenceAnswer(Answer):
    """A file that differs; null is what the version does not have."""

    path: str
    sha256_before: str | None
    sha256_after: str | None
    size_bytes_before: int | None
    size_bytes_after: int | None
    moved_from: str | None = Field(description="path at which the older version has the same bytes")


class ComparisonAnswer(Answer):
    """What became other from one version to another: the first 200 files of each kind by path, and how many."""

    added: list[DifferenceAnswer]
    removed: list[DifferenceAnswer]
    changed: list[DifferenceAnswer]
    added_count: int
    removed_count: int
    changed_count: int
    same_count: int


def compare(call: Call, view: View) -> ComparisonAnswer:
    """Return what became other since an older version."""
    after = queries.get_version(view, call.path["code"], number_of(call))
    before = queries.get_version(view, call.path["code"], call.query.before)
    return ComparisonAnswer(**asdict(comparing.compare(view, before, after)))


OPERATIONS = (
    Operation(
        name="versions.compare",
        method="GET",
        path="/assets/{code}/versions/{number}/comparison",
        summary="Compare a version with an older one: files added, removed and changed",
        ability=Ability.BROWSE,
        read=compare,
        query=ComparisonQuery,
        answer=ComparisonAnswer,
    ),
)
