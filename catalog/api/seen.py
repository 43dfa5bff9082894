"""What was read of a version's files and made to show it, as it travels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import Field

from catalog.api.operation import Answer
from catalog.api.shapes import PREVIEWS
from catalog.media.vocabulary import PreviewKind

if TYPE_CHECKING:
    from catalog.media.models import Preview
    from catalog.media.queries import FactOfFile, FindingOfFile


class FactAnswer(Answer):
    """A measured or declared value."""

    path: str | None
    key: str
    value: Any
    unit: str | None
    evidence: str
    tool: str
    tool_version: str


class FindingAnswer(Answer):
    """Something that was found wrong with a file, for people to act on."""

    path: str
    code: str
    message: str
    reference: str = Field(description="what the file names and the finding is about; empty where it is the file")


class PreviewAnswer(Answer):
    """Something that shows a version: a picture, a strip of frames, a film, a model."""

    kind: PreviewKind
    derivative: str = Field(description="which file of its kind, such as `thumbnail-480` or `turntable-video`")
    media_type: str
    url: str
    sha256: str
    size_bytes: int
    width_px: int
    height_px: int
    frame_count: int | None = Field(description="of a strip, whose frames lie in rows from the left and the top")
    frame_width_px: int | None
    frame_height_px: int | None
    dominant_color: str | None = Field(description="of a thumbnail: the class of what stands in its place meanwhile")
    caption: str


def show_fact(fact: FactOfFile) -> FactAnswer:
    """Return a fact as it travels."""
    return FactAnswer(
        path=fact.path,
        key=fact.key,
        value=fact.value,
        unit=fact.unit,
        evidence=fact.evidence,
        tool=fact.tool,
        tool_version=fact.tool_version,
    )


def show_finding(finding: FindingOfFile) -> FindingAnswer:
    """Return a finding as it travels."""
    return FindingAnswer(path=finding.path, code=finding.code, message=finding.message, reference=finding.reference)


def show_preview(preview: Preview) -> PreviewAnswer:
    """Return a preview as it travels."""
    return PreviewAnswer(
        kind=preview.kind,
        derivative=preview.derivative,
        media_type=preview.media_type,
        url=PREVIEWS + preview.sha256,
        sha256=preview.sha256,
        size_bytes=preview.size_bytes,
        width_px=preview.width_px,
        height_px=preview.height_px,
        frame_count=preview.frame_count,
        frame_width_px=preview.frame_width_px,
        frame_height_px=preview.frame_height_px,
        dominant_color=preview.dominant_color or None,
        caption=preview.caption,
    )
