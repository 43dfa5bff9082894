"""``/assets/{code}/versions``: drafting, uploading, publishing, and what became of it."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

from pydantic import Field

from catalog.api.assets import FieldValues, Groups, Tags
from catalog.api.operation import Answer, Model, Operation, PageQuery, Reply
from catalog.api.relaying import handover_of
from catalog.api.seen import FactAnswer, FindingAnswer, PreviewAnswer, show_fact, show_finding, show_preview
from catalog.api.shapes import FileAnswer, Listing, VersionAnswer, listing, show_file, show_versions
from catalog.assets import discarding, drafting, publishing, queries, transfers
from catalog.assets.jobs import SETTLE_VERSION
from catalog.assets.manifests import FILES_MAX, FileEntry
from catalog.assets.registry import Registration
from catalog.assets.vocabulary import Custody, FileRole, Kind, VersionStatus
from catalog.jobs.queries import find_latest_job
from catalog.kernel.abilities import Ability
from catalog.kernel.errors import InvalidInput
from catalog.kernel.paging import Page, Paging
from catalog.media import queries as media

if TYPE_CHECKING:
    from catalog.api.operation import Call
    from catalog.assets.models import AssetVersion
    from catalog.work.unit import UnitOfWork
    from catalog.work.view import View

JOBS = "/api/v1/jobs/"
_NUMBER = re.compile(r"[0-9]{1,9}")


class FileBody(Model):
    """A file of a version to be."""

    path: str = Field(description="its path in the version, with `/`, such as `textures/wood.exr`")
    sha256: str = Field(description="digest of its bytes: 64 hexadecimal digits in lower case")
    size_bytes: int = Field(description="how many bytes it has")
    role: FileRole | None = Field(default=None, description="what it is for; guessed from the path where left out")
    custody: Custody = Field(
        default=Custody.STORED, description="`stored`: its bytes are uploaded; `referenced`: it stays under a root"
    )
    root: str | None = Field(default=None, description="root under which a referenced file lies")
    root_path: str | None = Field(default=None, description="its path under the root; `path` by default")
    part_sha256: tuple[str, ...] = Field(default=(), description="digests of the parts of a file over 64 MiB")


class NewAssetBody(Model):
    """What an asset is registered with together with its first version; the address has its code."""

    name: str = Field(description="what people call it, in any script")
    kind: Kind = Field(description="what sort of asset it is")
    description: str = Field(default="", description="what it is, in words that are searched")
    tags: Tags = Field(default=(), description="words to find it by")
    show: str | None = Field(default=None, description="code of the home show")
    audience: Groups | None = Field(default=None, description="groups that may know of it; null: the studio")
    fields: FieldValues | None = Field(default=None, description="values of custom fields by name")

    def registration(self, code: str) -> Registration:
        """Return what the registry takes."""
        return Registration(code=code, **{**dict(self), "fields": self.fields or {}})


class VersionBody(Model):
    """A version to draft."""

    files: Annotated[tuple[FileBody, ...], Field(min_length=1, max_length=FILES_MAX)] = Field(
        description="all files that it is made of"
    )
    note: Annotated[str, Field(max_length=20_000, description="what changed")] = ""
    asset: NewAssetBody | None = Field(
        default=None, description="what to register where there is no such asset; both or nothing is done"
    )

    def entry(self, code: str) -> drafting.VersionEntry:
        """Return what drafting takes."""
        return drafting.VersionEntry(
            files=tuple(FileEntry(**dict(file)) for file in self.files),
            note=self.note,
            asset=self.asset.registration(code) if self.asset else None,
        )


class PublicationBody(Model):
    """How a version is to be published."""

    review: bool = Field(default=False, description="only once somebody who curates has approved it")


class StandingBody(Model):
    """Why a version is discouraged or taken back."""

    reason: Annotated[str, Field(min_length=1, max_length=2_000, description="why, for whoever uses it")]


class DraftAnswer(Answer):
    """A version in the making, or the published one that has these bytes already."""

    outcome: drafting.Outcome
    version: VersionAnswer
    uploads_needed: int
    upload_bytes: int


class TransferAnswer(Answer):
    """One HTTP request that brings bytes straight to the store."""

    number: int | None = Field(default=None, description="part number, from 1; null for a whole blob")
    method: str
    url: str
    headers: dict[str, str]
    offset_bytes: int
    size_bytes: int


class UploadAnswer(Answer):
    """A blob that is still to be brought; `requests` lists only the parts that have not arrived."""

    sha256: str
    size_bytes: int
    requests: list[TransferAnswer]


class PublicationAnswer(Answer):
    """A version that was published, or is being verified: then ask the job."""

    version: VersionAnswer
    job: str | None


class WholeVersionAnswer(VersionAnswer):
    """A version with its files (the first 200; `…/files` pages through all), facts, findings and previews."""

    files: list[FileAnswer]
    facts: list[FactAnswer]
    findings: list[FindingAnswer]
    previews: list[PreviewAnswer]
    pending: list[str] = Field(description="kinds of work that are still owed for it")
    quality: dict[str, Any] | None = None
    rigs: list[dict[str, Any]] = Field(default_factory=list)
    asset_id: UUID
    measured_at: datetime | None = None


def number_of(call: Call) -> int:
    """Return the version number in the address; ``InvalidInput`` where it is none."""
    text = call.path["number"].removeprefix("v")
    if not _NUMBER.fullmatch(text):
        raise InvalidInput(f"version {call.path['number'][:40]!r} is no number; write 3", code="bad-version")
    return int(text)


def draft(call: Call, work: UnitOfWork) -> Reply:
    """Draft the next version, go on with one, or find that nothing changed."""
    code = call.path["code"]
    found = drafting.draft(work, code, call.body.entry(code))
    count, size = transfers.expected(work.view, call.house.stores, found)
    answer = DraftAnswer(
        outcome=found.outcome,
        version=_one(work.view, found.version),
        uploads_needed=count,
        upload_bytes=size,
    )
    return Reply(answer=answer, status=201 if found.outcome is drafting.Outcome.DRAFTED else 200)


def list_versions(call: Call, view: View) -> Listing[VersionAnswer]:
    """Return the versions of an asset, newest first."""
    page = queries.page_versions(view, call.path["code"], Paging(limit=call.query.limit, cursor=call.query.cursor))
    return listing(Page(items=tuple(show_versions(view, page.items)), next_cursor=page.next_cursor))


def get(call: Call, view: View) -> WholeVersionAnswer:
    """Return a version with files, facts, findings and previews."""
    version = queries.get_version(view, call.path["code"], number_of(call))
    files = queries.page_files(view, version, Paging(limit=200))
    facts = media.facts_of(view, version)
    return WholeVersionAnswer(
        **dict(_one(view, version)),
        asset_id=version.asset_id,
        files=[show_file(version, file) for file in files.items],
        facts=[show_fact(fact) for fact in facts],
        findings=[show_finding(finding) for finding in media.findings_of(view, version)],
        previews=[show_preview(preview) for preview in media.previews_of(view, version)],
        pending=transfers.pending_work(view, version.id),
        measured_at=max((fact.measured_at for fact in facts), default=None),
    )


def list_files(call: Call, view: View) -> Listing[FileAnswer]:
    """Return the files of a version, by path."""
    version = queries.get_version(view, call.path["code"], number_of(call))
    page = queries.page_files(view, version, Paging(limit=call.query.limit, cursor=call.query.cursor))
    items = tuple(show_file(version, file) for file in page.items)
    return Listing[FileAnswer](items=list(items), next_cursor=page.next_cursor, total=version.file_count)


def list_uploads(call: Call, view: View) -> Listing[UploadAnswer]:
    """Return signed requests for the blobs that are still to be brought; asking again renews them.

    Nothing of the registry changes, but a transfer in parts that the store does not know of yet is begun.
    """
    paging = Paging(limit=call.query.limit, cursor=call.query.cursor)
    handing = transfers.Handing(desk=call.house.desk, stores=call.house.stores, handover=handover_of(call.house))
    page = transfers.page_uploads(view, handing, call.path["code"], number_of(call), paging)
    items = [
        UploadAnswer(
            sha256=one.sha256,
            size_bytes=one.size_bytes,
            requests=[
                TransferAnswer(
                    number=part.number,
                    method=part.request.method,
                    url=part.request.url,
                    headers=dict(part.request.headers),
                    offset_bytes=part.offset_bytes,
                    size_bytes=part.size_bytes,
                )
                for part in one.steps
            ],
        )
        for one in page.items
    ]
    return Listing[UploadAnswer](items=items, next_cursor=page.next_cursor)


def publish(call: Call, work: UnitOfWork) -> Reply:
    """Ask for publication."""
    version = publishing.submit(work, call.path["code"], number_of(call), review=call.body.review)
    if version.status != VersionStatus.VERIFYING:
        return Reply(answer=PublicationAnswer(version=_one(work.view, version), job=None))
    work.write_jobs()
    job = find_latest_job(work.session, SETTLE_VERSION.name, version.id)
    address = JOBS + str(job.id) if job else None
    headers = {"Location": address} if address else {}
    return Reply(answer=PublicationAnswer(version=_one(work.view, version), job=address), status=202, headers=headers)


def list_drafts(call: Call, view: View) -> Listing[VersionAnswer]:
    """Return one's own versions in the making."""
    page = queries.page_drafts(view, Paging(limit=call.query.limit, cursor=call.query.cursor))
    return Listing[VersionAnswer](items=show_versions(view, page.items), next_cursor=page.next_cursor)


def discard(call: Call, work: UnitOfWork) -> VersionAnswer:
    """Give up a version that is not published yet."""
    version = discarding.discard(work, call.path["code"], number_of(call), if_revision=call.if_revision)
    return _one(work.view, version)


def deprecate(call: Call, work: UnitOfWork) -> VersionAnswer:
    """Discourage a version."""
    version = publishing.deprecate(
        work, call.path["code"], number_of(call), call.body.reason, if_revision=call.if_revision
    )
    return _one(work.view, version)


def withdraw(call: Call, work: UnitOfWork) -> VersionAnswer:
    """Take a version back."""
    version = publishing.withdraw(
        work, call.path["code"], number_of(call), call.body.reason, if_revision=call.if_revision
    )
    return _one(work.view, version)


def _one(view: View, version: AssetVersion) -> VersionAnswer:
    return show_versions(view, [version])[0]


_VERSION = "/assets/{code}/versions/{number}"
OPERATIONS = (
    Operation(
        name="versions.draft",
        method="POST",
        path="/assets/{code}/versions",
        summary="Draft the next version from the digests of its files",
        ability=Ability.PUBLISH,
        write=draft,
        body=VersionBody,
        answer=DraftAnswer,
        status=201,
        creates=True,
        by_hand=True,
    ),
    Operation(
        name="versions.list",
        method="GET",
        path="/assets/{code}/versions",
        summary="List an asset's versions, newest first",
        ability=Ability.BROWSE,
        read=list_versions,
        query=PageQuery,
        answer=Listing[VersionAnswer],
    ),
    Operation(
        name="versions.get",
        method="GET",
        path=_VERSION,
        summary="Get a version with its files, facts, findings and previews",
        ability=Ability.BROWSE,
        read=get,
        answer=WholeVersionAnswer,
    ),
    Operation(
        name="versions.files",
        method="GET",
        path=f"{_VERSION}/files",
        summary="List a version's files by path",
        ability=Ability.BROWSE,
        read=list_files,
        query=PageQuery,
        answer=Listing[FileAnswer],
    ),
    Operation(
        name="versions.uploads",
        method="GET",
        path=f"{_VERSION}/uploads",
        summary="List signed requests for the blobs that are still to be uploaded; asking again renews them",
        ability=Ability.PUBLISH,
        read=list_uploads,
        query=PageQuery,
        answer=Listing[UploadAnswer],
        by_hand=True,
    ),
    Operation(
        name="versions.publish",
        method="POST",
        path=f"{_VERSION}/publication",
        summary="Publish a draft: 200 when every blob is verified, else 202 with a job",
        ability=Ability.PUBLISH,
        write=publish,
        body=PublicationBody,
        answer=PublicationAnswer,
        creates=True,
        by_hand=True,
    ),
    Operation(
        name="versions.drafts",
        method="GET",
        path="/drafts",
        summary="List your own versions in the making, newest first",
        ability=Ability.PUBLISH,
        read=list_drafts,
        query=PageQuery,
        answer=Listing[VersionAnswer],
    ),
    Operation(
        name="versions.discard",
        method="POST",
        path=f"{_VERSION}/discard",
        summary="Give up a version of your own that is not published yet: its number is not given again",
        ability=Ability.PUBLISH,
        write=discard,
        answer=VersionAnswer,
    ),
    Operation(
        name="versions.deprecate",
        method="POST",
        path=f"{_VERSION}/deprecation",
        summary="Discourage a version, with the reason",
        ability=Ability.WITHDRAW,
        write=deprecate,
        body=StandingBody,
        answer=VersionAnswer,
    ),
    Operation(
        name="versions.withdraw",
        method="POST",
        path=f"{_VERSION}/withdrawal",
        summary="Take a version back, with the reason: its originals are no longer released",
        ability=Ability.WITHDRAW,
        write=withdraw,
        body=StandingBody,
        answer=VersionAnswer,
    ),
)
