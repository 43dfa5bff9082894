"""Originals, through the gate: one file, or up to 500 references at once. And the pictures, which need no gate."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated
from urllib.parse import quote
from uuid import UUID

from pydantic import Field

from catalog.api.operation import Answer, Model, Operation, Reply
from catalog.api.versions import number_of
from catalog.assets import queries, resolving
from catalog.assets.vocabulary import Platform
from catalog.kernel.abilities import Ability
from catalog.kernel.errors import InvalidInput, NotFound
from catalog.licensing import gate
from catalog.licensing.gate import How, Purpose, Release, Use
from catalog.media import formats
from catalog.media import queries as media

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from catalog.api.operation import Call
    from catalog.assets.models import File
    from catalog.assets.resolving import Found, Resolved
    from catalog.licensing.gate import Admission
    from catalog.work.unit import UnitOfWork
    from catalog.work.view import View

RESOLUTIONS_MAX = 500
_RANGE = re.compile(r"bytes=(?:(?P<start>[0-9]{1,18})-(?P<end>[0-9]{0,18})|-(?P<last>[0-9]{1,18}))")


_CONTINUES = (
    "of a resolution that let this out for the same use, within a day: it leaves no further ledger entry; bytes "
    "go on only under one that was to `pull`"
)


class UseQuery(Model):
    """What the original is for."""

    purpose: Purpose | None = Field(default=None, description="what it is for")
    show: str | None = Field(default=None, description="show that it is for")
    shot: str | None = Field(default=None, description="shot that it is for")
    admission: UUID | None = Field(default=None, description=_CONTINUES)

    def use(self) -> Use:
        """Return what the gate takes."""
        return Use(show=self.show, shot=self.shot, purpose=self.purpose)


class ResolutionsBody(Model):
    """References to resolve, all for one use."""

    references: Annotated[tuple[str, ...], Field(min_length=1, max_length=RESOLUTIONS_MAX)] = Field(
        description="`prp_crate`, `prp_crate@2`, or one file of it: `catalog://assets/prp_crate/v2/files/crate.usd`"
    )
    platform: Platform = Field(default=Platform.LINUX, description="how paths are spelled")
    site: str | None = Field(default=None, description="the server's own by default")
    purpose: Purpose | None = Field(default=None, description="what they are for")
    show: str | None = Field(default=None, description="show that they are for")
    shot: str | None = Field(default=None, description="shot that they are for")
    pull: bool = Field(default=False, description="whether the bytes are about to be pulled, for the ledger")
    direct: bool = Field(
        default=False,
        description="let the `url` of a reference that names a file be an address of the store, which lives 60 s and "
        "takes no token; where the store has none for clients, it stays as it is. The ledger calls this a pull",
    )
    admission: UUID | None = Field(default=None, description=_CONTINUES)


class ResolvedFileAnswer(Answer):
    """Where one file of a version is."""

    path: str
    role: str
    sha256: str
    size_bytes: int
    custody: str
    location: str | None = Field(description="path on the asked platform, for a referenced file")
    url: str | None = Field(description="address of the bytes, for a stored file; asks for the token again")


class ResolutionAnswer(Answer):
    """What one reference stands for; either `code` and `message` say why not, or the rest is set."""

    reference: str
    asset: str | None = None
    version: int | None = None
    entity: str | None = None
    files: list[ResolvedFileAnswer] = Field(default_factory=list)
    direct: bool | None = Field(default=None, description="whether the store has addresses for clients")
    remarks: list[str] = Field(
        default_factory=list,
        description="what to know before it is used: a deprecated version, a retired asset, and why",
    )
    code: str | None = None
    message: str | None = None


class ResolutionsAnswer(Answer):
    """One answer for each reference, in order."""

    items: list[ResolutionAnswer]
    admission: UUID | None = Field(
        default=None, description="under which all of them were let out; what is asked for next may continue it"
    )


@dataclass(frozen=True, kw_only=True)
class Span:
    """The bytes ``[start, end)`` that are asked for, with the status and headers of their answer."""

    start: int
    end: int
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class LetOut:
    """An original that left the gate, and what of it is asked for."""

    admission: Admission
    file: File
    span: Span


def get_file(call: Call, work: UnitOfWork) -> LetOut:
    """Let one original out: by an address of the store that lives 60 s, or the bytes themselves."""
    version = queries.get_version(work.view, call.path["code"], number_of(call))
    file = queries.get_file(work.view, version, call.path["path"])
    span = _span(call.byte_range if call.if_range in {None, _etag(file)} else None, file)
    release = Release(version=version, files=(file,))
    admission = gate.admit(work, [release], call.query.use(), How.DOWNLOAD, continued=call.query.admission)
    return LetOut(admission=admission, file=file, span=span)


def _hand_over(call: Call, let_out: LetOut) -> Reply:
    admission, file, span = let_out.admission, let_out.file, let_out.span
    stores, media_type = call.house.stores, formats.media_type_of(file.path)
    direct = gate.download(stores, admission, file, media_type)
    if direct is not None:
        return Reply(status=302, headers={"Location": direct.url, "Cache-Control": "no-store"})
    name = quote(file.path.rsplit("/", 1)[-1])
    headers = {
        **span.headers,
        "Content-Type": media_type,
        "Content-Length": str(span.end - span.start),
        "Content-Disposition": f"attachment; filename*=UTF-8''{name}",
        "Content-Security-Policy": "sandbox",
        "Cache-Control": "private, no-store",
        "ETag": _etag(file),
        "Accept-Ranges": "bytes",
    }
    wanted = span.end > span.start
    stream = gate.read(stores, admission, file, start=span.start, end=span.end) if wanted else iter(())
    return Reply(status=span.status, headers=headers, stream=stream)


def _etag(file: File) -> str:
    return f'"{file.sha256}"'


def _span(header: str | None, file: File) -> Span:
    """Return what a Range header asks for (RFC 9110 §14).

    One that means nothing is passed over, and several ranges are answered whole. ``InvalidInput`` (``bad-range``) where
    the file has no such bytes.
    """
    size = file.size_bytes
    found = _RANGE.fullmatch(header.strip()) if header else None
    if found is None:
        return Span(start=0, end=size)
    if found["last"]:
        start, end = max(0, size - int(found["last"])), size
    else:
        start, end = int(found["start"]), int(found["end"] or size) + bool(found["end"])
    if found["end"] and end <= start:
        return Span(start=0, end=size)
    end = min(end, size)
    if start >= end:
        raise InvalidInput(
            f"range {header!r} is outside the {size} bytes of {file.path!r}", code="bad-range", size_bytes=size
        )
    return Span(start=start, end=end, status=206, headers={"Content-Range": f"bytes {start}-{end - 1}/{size}"})


@dataclass(frozen=True, kw_only=True)
class Resolutions:
    """What references stand for, and the leave to take it out; None where there is nothing to take."""

    resolved: Sequence[Resolved]
    admission: Admission | None


def _look_up(call: Call) -> list[Resolved]:
    body: ResolutionsBody = call.body
    with call.house.desk.view(call.actor) as view:
        return resolving.resolve_all(view, body.references, platform=body.platform, site=_site(call))


def resolve(call: Call, work: UnitOfWork) -> Resolutions:
    """Resolve references to paths and addresses; one ledger entry for all that were let out."""
    body: ResolutionsBody = call.body
    resolved = resolving.look_again(work.view, call.prepared, platform=body.platform, site=_site(call))
    releases = [
        Release(version=one.version, files=tuple(found.file for found in one.files) if one.path else ())
        for one in resolved
        if one.version is not None
    ]
    how = How.PULL if body.pull or body.direct else How.RESOLVE
    use = Use(show=body.show, shot=body.shot, purpose=body.purpose)
    admission = gate.admit(work, releases, use, how, continued=body.admission) if releases else None
    return Resolutions(resolved=resolved, admission=admission)


def _tell(call: Call, found: Resolutions) -> ResolutionsAnswer:
    """Return what was resolved; addresses of the store are signed where they were asked for."""
    stores, admission = call.house.stores, found.admission

    def direct(file: File) -> str | None:
        request = gate.download(stores, admission, file, formats.media_type_of(file.path)) if admission else None
        return request.url if request else None

    signs = call.body.direct
    offered = stores.handover is not None
    return ResolutionsAnswer(
        items=[resolution_of(one, direct if signs and one.path else None, offered=offered) for one in found.resolved],
        admission=admission.id if admission else None,
    )


def _site(call: Call) -> str:
    site: str = call.body.site or call.house.settings.site
    return site


def resolution_of(
    one: Resolved, direct: Callable[[File], str | None] | None = None, *, offered: bool
) -> ResolutionAnswer:
    """Return what one reference stands for; ``direct`` gives addresses of the store where it has them."""
    if one.version is None:
        return ResolutionAnswer(reference=one.reference, code=one.code, message=one.message)
    base = f"/api/v1/assets/{one.version.asset.code}/versions/{one.version.number}/files/"

    def url(found: Found) -> str | None:
        if found.location is not None:
            return None
        return (direct(found.file) if direct else None) or base + quote(found.file.path)

    return ResolutionAnswer(
        reference=one.reference,
        asset=one.version.asset.code,
        version=one.version.number,
        entity=one.entity,
        direct=offered,
        remarks=list(one.remarks),
        files=[
            ResolvedFileAnswer(
                path=found.file.path,
                role=found.file.role,
                sha256=found.file.sha256,
                size_bytes=found.file.size_bytes,
                custody=found.file.custody,
                location=found.location,
                url=url(found),
            )
            for found in one.files
        ],
    )


def get_preview(call: Call, view: View) -> Reply:
    """Return a preview by the digest of its bytes; it never changes, so it may be kept for good by its one reader."""
    preview = media.find_preview(view, call.path["sha256"])
    if preview is None:
        raise NotFound(f"there is no preview {call.path['sha256'][:80]!r}", code="unknown-preview")
    file = call.house.previews.open(preview.sha256, preview.key)
    headers = {
        "Content-Type": preview.media_type,
        "Content-Length": str(preview.size_bytes),
        "Cache-Control": "private, max-age=31536000, immutable",
        "ETag": f'"{preview.sha256}"',
        "X-Content-Type-Options": "nosniff",
    }
    return Reply(file=file, size_bytes=preview.size_bytes, headers=headers)


OPERATIONS = (
    Operation(
        name="files.get",
        method="GET",
        path="/assets/{code}/versions/{number}/files/{path}",
        summary="Get an original: a redirect to an address that lives 60 s, or the bytes (Range)",
        ability=Ability.RELEASE,
        write=get_file,
        conclude=_hand_over,
        query=UseQuery,
        by_hand=True,
    ),
    Operation(
        name="resolutions.create",
        method="POST",
        path="/resolutions",
        summary="Resolve up to 500 references to paths and addresses, for one use",
        ability=Ability.RELEASE,
        prepare=_look_up,
        write=resolve,
        conclude=_tell,
        body=ResolutionsBody,
        answer=ResolutionsAnswer,
        by_hand=True,
    ),
    Operation(
        name="previews.get",
        method="GET",
        path="/previews/{sha256}",
        summary="Get a preview: a picture, strip, film or model (Range)",
        ability=Ability.BROWSE,
        read=get_preview,
        by_hand=True,
    ),
)
