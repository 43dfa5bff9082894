"""Originals, through the gate: one file, or up to 500 references at once. And the pictures, which need no gate."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated
from urllib.parse import quote

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
    from collections.abc import Callable

    from catalog.api.operation import Call
    from catalog.assets.models import File
    from catalog.work.unit import UnitOfWork
    from catalog.work.view import View

RESOLUTIONS_MAX = 500
_RANGE = re.compile(r"bytes=(?:(?P<start>[0-9]{1,18})-(?P<end>[0-9]{0,18})|-(?P<last>[0-9]{1,18}))")


class UseQuery(Model):
    """What the original is for."""

    purpose: Purpose | None = None
    show: str | None = None
    shot: str | None = None

    def use(self) -> Use:
        """Return what the gate takes."""
        return Use(show=self.show, shot=self.shot, purpose=self.purpose)


class ResolutionsBody(Model):
    """References to resolve, all for one use."""

    references: Annotated[tuple[str, ...], Field(min_length=1, max_length=RESOLUTIONS_MAX)]
    platform: Platform = Platform.LINUX
    site: str | None = Field(default=None, description="the server's own by default")
    purpose: Purpose | None = None
    show: str | None = None
    shot: str | None = None
    pull: bool = Field(default=False, description="whether the bytes are about to be pulled, for the ledger")
    direct: bool = Field(
        default=False,
        description="let the `url` of a reference that names a file be an address of the store, which lives 60 s and "
        "takes no token; where the store has none for clients, it stays as it is",
    )


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
    code: str | None = None
    message: str | None = None


class ResolutionsAnswer(Answer):
    """One answer for each reference, in order."""

    items: list[ResolutionAnswer]


def get_file(call: Call, work: UnitOfWork) -> Reply:
    """Let one original out: by an address of the store that lives 60 s, or the bytes themselves."""
    version = queries.get_version(work.view, call.path["code"], number_of(call))
    file = queries.get_file(work.view, version, call.path["path"])
    admission = gate.admit(work, [Release(version=version, files=(file,))], call.query.use(), How.DOWNLOAD)
    stores, media_type = call.house.stores, formats.media_type_of(file.path)
    direct = gate.download(stores, admission, file, media_type)
    if direct is not None:
        return Reply(status=302, headers={"Location": direct.url, "Cache-Control": "no-store"})
    etag = f'"{file.sha256}"'
    start, end, status, headers = _range(call.byte_range if call.if_range in {None, etag} else None, file)
    name = quote(file.path.rsplit("/", 1)[-1])
    headers |= {
        "Content-Type": media_type,
        "Content-Length": str(end - start),
        "Content-Disposition": f"attachment; filename*=UTF-8''{name}",
        "Content-Security-Policy": "sandbox",
        "Cache-Control": "private, no-store",
        "ETag": etag,
        "Accept-Ranges": "bytes",
    }
    stream = gate.read(stores, admission, file, start=start, end=end) if end > start else iter(())
    return Reply(status=status, headers=headers, stream=stream)


def _range(header: str | None, file: File) -> tuple[int, int, int, dict[str, str]]:
    """Return start, end, status and headers for a Range header (RFC 9110 §14).

    One that means nothing is passed over, and several ranges are answered whole. ``InvalidInput`` (``bad-range``) where
    the file has no such bytes.
    """
    size = file.size_bytes
    found = _RANGE.fullmatch(header.strip()) if header else None
    if found is None:
        return 0, size, 200, {}
    if found["last"]:
        start, end = max(0, size - int(found["last"])), size
    else:
        start, end = int(found["start"]), int(found["end"] or size) + bool(found["end"])
    if found["end"] and end <= start:
        return 0, size, 200, {}
    end = min(end, size)
    if start >= end:
        raise InvalidInput(
            f"range {header!r} is outside the {size} bytes of {file.path!r}", code="bad-range", size_bytes=size
        )
    return start, end, 206, {"Content-Range": f"bytes {start}-{end - 1}/{size}"}


def resolve(call: Call, work: UnitOfWork) -> ResolutionsAnswer:
    """Resolve references to paths and addresses; one ledger entry for all that were let out."""
    body: ResolutionsBody = call.body
    site = body.site or call.house.settings.site
    resolved = resolving.resolve_all(work.view, body.references, platform=body.platform, site=site)
    releases = [
        Release(version=one.version, files=tuple(found.file for found in one.files) if one.path else ())
        for one in resolved
        if one.version is not None
    ]
    if not releases:
        return ResolutionsAnswer(items=[_resolution(one) for one in resolved])
    how = How.PULL if body.pull else How.RESOLVE
    admission = gate.admit(work, releases, Use(show=body.show, shot=body.shot, purpose=body.purpose), how)
    stores = call.house.stores

    def direct(found: File) -> str | None:
        request = gate.download(stores, admission, found, formats.media_type_of(found.path))
        return request.url if request else None

    offered = stores.handover is not None
    return ResolutionsAnswer(
        items=[_resolution(one, direct if body.direct and one.path else None, offered=offered) for one in resolved]
    )


def _resolution(
    one: resolving.Resolved, direct: Callable[[File], str | None] | None = None, *, offered: bool = False
) -> ResolutionAnswer:
    if one.version is None:
        return ResolutionAnswer(reference=one.reference, code=one.code, message=one.message)
    base = f"/api/v1/assets/{one.version.asset.code}/versions/{one.version.number}/files/"

    def url(found: resolving.Found) -> str | None:
        if found.location is not None:
            return None
        return (direct(found.file) if direct else None) or base + quote(found.file.path)

    return ResolutionAnswer(
        reference=one.reference,
        asset=one.version.asset.code,
        version=one.version.number,
        entity=one.entity,
        direct=offered,
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
    """Return a picture by the digest of its bytes; it never changes, so it may be kept for good by its one reader."""
    preview = media.find_preview(view, call.path["sha256"])
    if preview is None:
        raise NotFound(f"there is no preview {call.path['sha256'][:80]!r}", code="unknown-preview")
    body = call.house.previews.read(preview.sha256, preview.key)
    headers = {
        "Content-Type": preview.media_type,
        "Content-Length": str(len(body)),
        "Cache-Control": "private, max-age=31536000, immutable",
        "ETag": f'"{preview.sha256}"',
        "X-Content-Type-Options": "nosniff",
    }
    return Reply(stream=iter([body]), headers=headers)


OPERATIONS = (
    Operation(
        name="files.get",
        method="GET",
        path="/assets/{code}/versions/{number}/files/{path}",
        summary="Get an original: a redirect to an address that lives 60 s, or the bytes (Range)",
        ability=Ability.RELEASE,
        write=get_file,
        query=UseQuery,
        by_hand=True,
    ),
    Operation(
        name="resolutions.create",
        method="POST",
        path="/resolutions",
        summary="Resolve up to 500 references to paths and addresses, for one use",
        ability=Ability.RELEASE,
        write=resolve,
        body=ResolutionsBody,
        answer=ResolutionsAnswer,
        creates=True,
        by_hand=True,
    ),
    Operation(
        name="previews.get",
        method="GET",
        path="/previews/{sha256}",
        summary="Get a picture",
        ability=Ability.BROWSE,
        read=get_preview,
        by_hand=True,
    ),
)
