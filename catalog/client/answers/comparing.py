"""What the server answers about comparing.

Written by scripts/generate_client from the table of operations; change that, not this.
"""

from __future__ import annotations

from dataclasses import dataclass

from catalog.client.wire import Json


@dataclass(frozen=True)
class Difference:
    """A file that differs; null is what the version does not have."""

    path: str
    sha256_before: str | None
    sha256_after: str | None
    size_bytes_before: int | None
    size_bytes_after: int | None
    moved_from: str | None
    """Path at which the older version has the same bytes."""

    @classmethod
    def read(cls, found: Json) -> Difference:
        """Read Difference from what a JSON document holds."""
        return cls(
            path=found["path"],
            sha256_before=found.get("sha256_before"),
            sha256_after=found.get("sha256_after"),
            size_bytes_before=found.get("size_bytes_before"),
            size_bytes_after=found.get("size_bytes_after"),
            moved_from=found.get("moved_from"),
        )


@dataclass(frozen=True)
class Comparison:
    """What became other from one version to another: the first 200 files of each kind by path, and how many."""

    added: list[Difference]
    removed: list[Difference]
    changed: list[Difference]
    added_count: int
    removed_count: int
    changed_count: int
    same_count: int

    @classmethod
    def read(cls, found: Json) -> Comparison:
        """Read Comparison from what a JSON document holds."""
        return cls(
            added=[Difference.read(one) for one in found["added"]],
            removed=[Difference.read(one) for one in found["removed"]],
            changed=[Difference.read(one) for one in found["changed"]],
            added_count=found["added_count"],
            removed_count=found["removed_count"],
            changed_count=found["changed_count"],
            same_count=found["same_count"],
        )
