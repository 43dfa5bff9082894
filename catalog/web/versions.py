"""``/assets/<code>/versions``: every version, its files in words, and the way to its originals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from catalog.accounts.queries import logins_of
from catalog.assets import queries
from catalog.assets.naming import entity_reference
from catalog.assets.roots import roots_by_id
from catalog.assets.vocabulary import OFFERED, OPEN, UNPUBLISHED, Custody, FileState
from catalog.kernel.abilities import Ability
from catalog.kernel.errors import InvalidInput, NotFound
from catalog.kernel.paging import Paging
from catalog.licensing import gate
from catalog.licensing.gate import How, Purpose, Release, Use
from catalog.media import formats
from catalog.media import queries as media
from catalog.notes.queries import open_issues_of_versions
from catalog.web import dragging, facts, wording
from catalog.web.assets import head_of
from catalog.web.cards import Picture, largest_of, model_of, picture_of
from catalog.web.facts import FileForm
from catalog.web.forms import find_number
from catalog.web.gallery import exhibits_of
from catalog.web.languages import gettext
from catalog.web.making import making_of, wait_s
from catalog.web.parts import asked_by_script
from catalog.web.remarks import SEVERITIES, of_version
from catalog.web.route import Content, Moved, Reply, Route, Shown

if TYPE_CHECKING:
    from datetime import datetime

    from catalog.assets.models import AssetVersion, File, Root
    from catalog.licensing.gate import Admission
    from catalog.media.queries import CardPicture
    from catalog.web.route import Call
    from catalog.work.unit import UnitOfWork
    from catalog.work.view import View

VERSIONS_SHOWN = 50
FILES_SHOWN = 100
FACTS_SHOWN = 20
"""Files whose facts are shown; the API has all."""
FINDINGS_SHOWN = 20


@dataclass(frozen=True, kw_only=True)
class VersionRow:
    """A version in the list of all."""

    number: int
    status: str
    open: bool
    offered: bool
    note: str
    reason: str | None
    problem: str | None
    problem_codes: list[dict[str, Any]] | None
    by: str | None
    at: datetime
    published: bool
    file_count: int
    size_bytes: int
    manifest_sha256: str
    picture: Picture | None


@dataclass(frozen=True, kw_only=True)
class FileRow:
    """A file, with who keeps its bytes in words. ``trouble`` where they are not what or where they should be."""

    folder: str
    name: str
    path: str
    role: str
    size_bytes: int
    sha256: str
    custody: str
    trouble: bool
    stored: bool
    reference: str
    form: FileForm


def versions(call: Call, view: View) -> Reply:
    """List the versions of an asset, newest first."""
    asset = queries.get_asset(view, call.path["code"])
    page = queries.page_versions(view, asset.code, Paging(limit=VERSIONS_SHOWN, cursor=call.asked("cursor")))
    makers = logins_of(view, {version.created_by_id for version in page.items})
    pictures = media.thumbnails_of_versions(view, page.items)
    rows = [_row(version, makers.get(version.created_by_id), pictures.get(version.id)) for version in page.items]
    issues = open_issues_of_versions(view, asset, [row.number for row in rows])
    values = {"head": head_of(asset), "rows": rows, "issues": issues, "next_cursor": page.next_cursor}
    return Shown(template="asset/versions.html", values=values)


def version(call: Call, view: View) -> Shown:
    """Show a version with its files, a hundred at a time, and what was measured of them."""
    asked = queries.get_version(view, call.path["code"], number_of(call))
    asset = queries.get_asset(view, call.path["code"])
    page = queries.page_files(view, asked, Paging(limit=FILES_SHOWN, cursor=call.asked("cursor")))
    roots = roots_by_id(view, (file.root_id for file in page.items if file.root_id))
    makers = logins_of(view, [asked.created_by_id])
    measured, findings = facts.by_file(media.facts_of(view, asked)), media.findings_of(view, asked)
    previews = media.previews_of(view, asked)
    forms = facts.forms_of(media.facts_of_files(view, asked, [file.path for file in page.items], facts.TABLED))
    values = {
        "head": head_of(asset),
        "row": _row(asked, makers.get(asked.created_by_id), None),
        "picture": largest_of(previews),
        "exhibits": exhibits_of(previews),
        "model": model_of(previews),
        "making": making_of(view, asked, previews),
        "files": [
            _file(file, asked, roots.get(file.root_id) if file.root_id else None, forms.get(file.path, FileForm()))
            for file in page.items
        ],
        "next_cursor": page.next_cursor,
        "first": call.asked("cursor") is None,
        "measured": measured[:FACTS_SHOWN],
        "more_measured": max(0, len(measured) - FACTS_SHOWN),
        "findings": findings[:FINDINGS_SHOWN],
        "more_findings": max(0, len(findings) - FINDINGS_SHOWN),
        "said": of_version(view, asked),
        "severities": SEVERITIES,
        "reference": entity_reference(asset.code, asked.number),
        "drag": dragging.of_asset(asset, asked),
        "referenced": queries.has_referenced_files(view, asked),
        "platforms": wording.platforms(call.tastes.get("platform")),
        "purposes": [(purpose.value, wording.purpose(purpose)) for purpose in Purpose],
    }
    return Shown(template="asset/version.html", values=values)


def look_again(call: Call, view: View) -> Reply:
    """Tell an open page whether there is anything new, and when to ask again; people are shown the version."""
    asked = queries.get_version(view, call.path["code"], number_of(call))
    if not asked_by_script():
        return Moved(page="version", arguments={"code": asked.asset.code, "number": asked.number})
    making = making_of(view, asked, media.previews_of(view, asked))
    looked = find_number(call.asked("looked") or "") or 0
    values = {
        "making": making,
        "page": "asset" if call.asked("page") == "asset" else "version",
        "is_new": making.seen != call.asked("seen") or not making.going_on,
        "looked": looked + 1,
        "wait_s": wait_s(looked + 1),
    }
    return Shown(template="asset/making.html", values=values)


@dataclass(frozen=True, kw_only=True)
class LetOut:
    """An original that left the gate."""

    admission: Admission
    file: File


def download(call: Call, work: UnitOfWork) -> LetOut:
    """Let one original out through the gate."""
    asked = queries.get_version(work.view, call.path["code"], number_of(call))
    file = queries.get_file(work.view, asked, call.form.get("path", ""))
    use = Use(purpose=purpose_of(call.form.get("purpose", "")))
    return LetOut(admission=gate.admit(work, [Release(version=asked, files=(file,))], use, How.DOWNLOAD), file=file)


def _hand_over(call: Call, let_out: LetOut) -> Reply:
    """Reply with an address of the store that lives 60 s, or with the bytes themselves."""
    admission, file = let_out.admission, let_out.file
    media_type = formats.media_type_of(file.path)
    direct = gate.download(call.house.stores, admission, file, media_type)
    if direct is not None:
        return Moved(to=direct.url)
    headers = {
        "Content-Type": media_type,
        "Content-Length": str(file.size_bytes),
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.path.rpartition('/')[2], safe='')}",
        "Content-Security-Policy": "sandbox",
        "Cache-Control": "no-store",
    }
    body = gate.read(call.house.stores, admission, file) if file.size_bytes else b""
    return Content(body=body, headers=headers)


def number_of(call: Call) -> int:
    """Return the version number in the address; ``NotFound`` where it is none."""
    return read_number(call.path["number"])


def read_number(said: str) -> int:
    """Return a version number that stands in an address; ``NotFound`` where it is none."""
    number = find_number(said.removeprefix("v"))
    if number is None:
        raise NotFound(f"version {said[:40]!r} is no number", code="unknown-version")
    return number


def purpose_of(text: str) -> Purpose | None:
    """Return what a form says an original is for; None where it does not say."""
    if text and text not in set(Purpose):
        raise InvalidInput(f"purpose {text[:40]!r} is none of {', '.join(Purpose)}", code="unknown-purpose")
    return Purpose(text) if text else None


def _row(one: AssetVersion, by: str | None, picture: CardPicture | None) -> VersionRow:
    return VersionRow(
        number=one.number,
        status=one.status,
        open=one.status in UNPUBLISHED,
        offered=one.status in OFFERED,
        note=one.note,
        reason=one.standing_reason,
        problem=one.problem,
        problem_codes=one.problem_codes,
        by=by,
        at=one.published_at or one.created_at,
        published=one.published_at is not None,
        file_count=one.file_count,
        size_bytes=one.size_bytes,
        manifest_sha256=one.manifest_sha256,
        picture=picture_of(picture),
    )


def _file(file: File, of: AssetVersion, root: Root | None, form: FileForm) -> FileRow:
    folder, slash, name = file.path.rpartition("/")
    stored = file.custody == Custody.STORED
    return FileRow(
        folder=folder + slash,
        name=name,
        path=file.path,
        role=wording.role(file.role),
        size_bytes=file.size_bytes,
        sha256=file.sha256,
        custody=_stored(of) if stored else _referenced(file, root),
        trouble=not stored and file.state in (FileState.MISSING, FileState.CHANGED),
        stored=stored,
        reference=entity_reference(of.asset.code, of.number, file.path),
        form=form,
    )


def _stored(of: AssetVersion) -> str:
    return gettext("Stored once it is uploaded and verified") if of.status in OPEN else gettext("Stored, verified")


def _referenced(file: File, root: Root | None) -> str:
    return gettext(
        "Referenced under %(root)s, %(state)s", root=root.name if root else gettext("a root"), state=_looked_at(file)
    )


def _looked_at(file: File) -> str:
    """Return what was found when a referenced file was last looked at."""
    on = wording.day(file.checked_at) if file.checked_at else None
    match file.state:
        case FileState.MISSING:
            return gettext("missing on %(day)s", day=on) if on else gettext("missing")
        case FileState.CHANGED:
            return gettext("other bytes found on %(day)s", day=on) if on else gettext("other bytes found")
        case FileState.ARCHIVED:
            return gettext("archived")
        case _:
            return gettext("read on %(day)s", day=on) if on else gettext("declared and not read yet")


_VERSION = "/assets/{code}/versions/{number}"
ROUTES = (
    Route(name="versions", path="/assets/{code}/versions", ability=Ability.BROWSE, read=versions),
    Route(name="version", path=_VERSION, ability=Ability.BROWSE, read=version),
    Route(name="making", path=f"{_VERSION}/making", ability=Ability.BROWSE, read=look_again),
    Route(name="download", path=f"{_VERSION}/download", ability=Ability.RELEASE, write=download, conclude=_hand_over),
)
