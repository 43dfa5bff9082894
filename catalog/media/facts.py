"""What a tool read from exactly these bytes, and what a person should know about them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from catalog.media.vocabulary import MEASURING_VERSION, Evidence, FactKey, FindingCode

FactValue = bool | int | float | str | tuple[int, ...] | tuple[float, ...] | tuple[str, ...]

_LONGEST_LIST: Final = 2000
_LONGEST_TEXT: Final = 1000

UNITS: Final = {
    FactKey.SIZE_BYTES: "B",
    FactKey.WIDTH_PX: "px",
    FactKey.HEIGHT_PX: "px",
    FactKey.DATA_WINDOW: "px",
    FactKey.BIT_DEPTH: "bit",
    FactKey.METERS_PER_UNIT: "m",
    FactKey.BOUNDS_SIZE: "unit",
    FactKey.FRAME_RANGE: "frame",
    FactKey.FRAMES_PER_SECOND: "fps",
    FactKey.FRAME_COUNT: "frame",
    FactKey.DURATION_S: "s",
}


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One value, with the tool that read it.

    ``unit`` is empty for counts and words; ``unit`` itself means the file's own.
    """

    key: FactKey
    value: FactValue
    unit: str
    evidence: Evidence
    tool: str
    tool_version: str


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that a person can act on; ``reference`` names the path that it is about, as it stands in the file."""

    code: FindingCode
    message: str
    reference: str = ""


@dataclass(frozen=True, kw_only=True)
class Inspection:
    """Everything that was learned of one file."""

    facts: tuple[Fact, ...] = ()
    findings: tuple[Finding, ...] = ()


class Notebook:
    """Collects facts and findings of one file while it is read. ``tool`` says who reads; change it with ``by``."""

    def __init__(self) -> None:
        self.facts: dict[FactKey, Fact] = {}
        self.findings: list[Finding] = []
        self.by("reprise", MEASURING_VERSION)

    def by(self, tool: str, tool_version: str) -> Notebook:
        """From now on the values come from this tool."""
        self._tool, self._tool_version = tool, tool_version
        return self

    def note(self, key: FactKey, value: FactValue, *, evidence: Evidence = Evidence.MEASURED) -> None:
        """Write one value down; values that are not finite become a finding instead."""
        if not _is_finite(value):
            self.find(FindingCode.NOT_FINITE, f"{key} is not finite")
            return
        self.facts[key] = Fact(
            key=key,
            value=_shortened(value),
            unit=UNITS.get(key, ""),
            evidence=evidence,
            tool=self._tool,
            tool_version=self._tool_version,
        )

    def find(self, code: FindingCode, message: str, reference: str = "") -> None:
        """Write one finding down, once, and no more of them than people read."""
        finding = Finding(code=code, message=message[:_LONGEST_TEXT], reference=reference[:_LONGEST_TEXT])
        if finding not in self.findings and len(self.findings) < _LONGEST_LIST:
            self.findings.append(finding)

    def inspection(self) -> Inspection:
        """What was collected, in the order of ``FactKey``."""
        ordered = tuple(self.facts[key] for key in FactKey if key in self.facts)
        return Inspection(facts=ordered, findings=tuple(self.findings))


@dataclass(frozen=True, kw_only=True)
class Source:
    """A file to read: ``path`` inside ``folder``, the tree that its references may reach."""

    folder: str
    path: PurePosixPath

    @property
    def absolute(self) -> str:
        """The path that the reading libraries open."""
        return f"{self.folder}/{self.path}"


def _is_finite(value: FactValue) -> bool:
    parts = value if isinstance(value, tuple) else (value,)
    return all(math.isfinite(part) for part in parts if isinstance(part, float))


def _shortened(value: FactValue) -> FactValue:
    if isinstance(value, str):
        return value[:_LONGEST_TEXT]
    if isinstance(value, tuple) and len(value) > _LONGEST_LIST:
        return value[:_LONGEST_LIST]
    return value
