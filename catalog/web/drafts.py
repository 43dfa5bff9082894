"""``/register/<code>/<number>``: a version in the making, from its first byte until it is published."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from catalog.assets import discarding, publishing, queries, transfers, twins
from catalog.assets.naming import entity_reference
from catalog.assets.relay import RelayHandover
from catalog.assets.vocabulary import OPEN, UNPUBLISHED, VersionStatus
from catalog.kernel.abilities import Ability
from catalog.kernel.paging import LIMIT_MAX, Paging
from catalog.media import queries as media
from catalog.web import examples, scripted, wording
from catalog.web.assets import head_of
from catalog.web.cards import largest_of
from catalog.web.forms import revision_of
from catalog.web.languages import gettext
from catalog.web.making import making_of
from catalog.web.route import Content, Moved, Reply, Route, Shown
from catalog.web.versions import number_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from catalog.assets.models import Asset, AssetVersion, File
    from catalog.assets.transfers import Awaited
    from catalog.storage.port import Intake
    from catalog.web.route import Call
    from catalog.work.unit import UnitOfWork
    from catalog.work.view import View

FILES_SHOWN = LIMIT_MAX
FILES_IN_EXAMPLE = 20


@dataclass(frozen=True, kw_only=True)
class DraftFile:
    """A file of a version in the making."""

    path: str
    role: str
    size_bytes: int
    sha256: str
    arrived: bool


def show_draft(call: Call, view: View) -> Reply:
    """Show what is still to be brought; once it is published, that it is, and how a script would have done it."""
    version = queries.get_version(view, call.path["code"], number_of(call))
    asset = queries.get_asset(view, call.path["code"])
    files = queries.page_files(view, version, Paging(limit=FILES_SHOWN)).items
    more_files = max(0, version.file_count - len(files))
    values = {"head": head_of(asset), "words": scripted.words(), "version": version, "more_files": more_files}
    if version.status not in OPEN:
        return Shown(template="registering/done.html", values=values | _done(call, view, asset, version, files))
    awaited = version.status == VersionStatus.DRAFT
    lacking = transfers.missing(view, call.house.stores, version, {file.sha256 for file in files}) if awaited else set()
    count, size_bytes = transfers.still_needed(view, version.id)
    same = twins.twins_of(view, {file.sha256 for file in files}, besides=asset.id)
    values |= {
        "files": [
            DraftFile(
                path=file.path,
                role=wording.role(file.role),
                size_bytes=file.size_bytes,
                sha256=file.sha256,
                arrived=file.sha256 not in lacking,
            )
            for file in files
        ],
        "lacking": len(lacking),
        "awaited_count": count,
        "awaited_bytes": size_bytes,
        "twins": same,
        "then": "" if version.problem else call.asked("then") or "",
        "verifying": not awaited,
        "pending": transfers.pending_work(view, version.id),
    }
    return Shown(template="registering/draft.html", values=values)


def list_uploads(call: Call, view: View) -> Content:
    """Say where the page may send the bytes that have not arrived; asking again renews it.

    Through the web process where the store has no public address, or where the page says (``via=relay``) that it cannot
    reach it.
    """
    number, paging = number_of(call), Paging(limit=LIMIT_MAX, cursor=call.asked("cursor"))
    handing = transfers.Handing(desk=call.house.desk, stores=call.house.stores, handover=_handover(call))
    page = transfers.page_uploads(view, handing, call.path["code"], number, paging)
    answer = {"items": [_said(one) for one in page.items], "next_cursor": page.next_cursor}
    headers = {"Content-Type": "application/json", "Cache-Control": "no-store"}
    return Content(body=json.dumps(answer).encode(), headers=headers)


def publish(call: Call, work: UnitOfWork) -> Reply:
    """Ask for publication; the page then shows how it goes."""
    version = publishing.submit(work, call.path["code"], number_of(call))
    return Moved(page="draft", arguments={"code": version.asset.code, "number": version.number})


def ask_to_discard(call: Call, view: View) -> Reply:
    """Ask whether a version is to be given up, and say what that means."""
    version = queries.get_version(view, call.path["code"], number_of(call))
    if version.status not in UNPUBLISHED or version.created_by_id != view.viewer.person_id:
        return Moved(page="version", arguments={"code": version.asset.code, "number": version.number})
    asset = queries.get_asset(view, version.asset.code)
    values = {"head": head_of(asset), "words": scripted.words(), "version": version}
    return Shown(template="registering/discard.html", values=values)


def discard(call: Call, work: UnitOfWork) -> Reply:
    """Give up a version, and show what else is in the making."""
    version = discarding.discard(work, call.path["code"], number_of(call), if_revision=revision_of(call))
    saying = gettext("%(code)s, version %(number)s, is discarded.", code=version.asset.code, number=version.number)
    return Moved(page="register", saying=saying)


def _handover(call: Call) -> Intake:
    direct = call.house.stores.handover
    if direct is not None and call.asked("via") != "relay":
        return direct
    # No address before the path: the page sends to where it came from, by whichever name of this host.
    return RelayHandover(secret=call.house.settings.secret_key.get_secret_value(), base_url="")


def _said(one: Awaited) -> dict[str, object]:
    steps = [
        {
            "method": step.request.method,
            "url": step.request.url,
            "headers": dict(step.request.headers),
            "offset": step.offset_bytes,
            "size": step.size_bytes,
        }
        for step in one.steps
    ]
    return {"sha256": one.sha256, "size": one.size_bytes, "steps": steps}


def _done(call: Call, view: View, asset: Asset, version: AssetVersion, files: Sequence[File]) -> dict[str, object]:
    base_url, path = call.house.settings.base_url.rstrip("/"), f"/assets/{asset.code}/versions"
    body: dict[str, object] = {
        "files": [
            {"path": file.path, "sha256": file.sha256, "size_bytes": file.size_bytes, "role": file.role}
            for file in files[:FILES_IN_EXAMPLE]
        ],
        "note": version.note,
    }
    if version.number == 1:
        body["asset"] = {"name": asset.name, "kind": asset.kind}
    previews = media.previews_of(view, version)
    return {
        "picture": largest_of(previews),
        "making": making_of(view, version, previews),
        "references": [entity_reference(asset.code, version.number, file.path) for file in files],
        "reference": entity_reference(asset.code, version.number),
        "example": examples.curl(base_url, "POST", path, json.dumps(body, ensure_ascii=False)),
        "example_is_whole": version.file_count <= FILES_IN_EXAMPLE,
    }


_DRAFT = "/register/{code}/{number}"
ROUTES = (
    Route(name="draft", path=_DRAFT, ability=Ability.PUBLISH, read=show_draft),
    Route(name="uploads", path=f"{_DRAFT}/uploads", ability=Ability.PUBLISH, read=list_uploads),
    Route(name="publish", path=f"{_DRAFT}/publication", ability=Ability.PUBLISH, write=publish),
    Route(name="ask_to_discard", path=f"{_DRAFT}/discard", ability=Ability.PUBLISH, read=ask_to_discard),
    Route(name="discard", path=f"{_DRAFT}/discard", ability=Ability.PUBLISH, write=discard),
)
