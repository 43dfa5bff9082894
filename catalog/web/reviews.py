"""``/reviews``: the versions that wait to be approved or sent back, and each of them with what a decision needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from catalog.accounts.queries import logins_of
from catalog.assets import queries, reviewing
from catalog.assets.comparing import compare
from catalog.assets.vocabulary import VersionStatus
from catalog.kernel.abilities import Ability
from catalog.kernel.paging import Paging
from catalog.media import queries as media
from catalog.web import facts
from catalog.web.assets import head_of
from catalog.web.cards import Picture, largest_of, picture_of
from catalog.web.comparing import facts_moved
from catalog.web.forms import revision_of
from catalog.web.languages import gettext
from catalog.web.making import making_of
from catalog.web.route import Moved, Reply, Route, Shown
from catalog.web.versions import number_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from catalog.assets.models import AssetVersion
    from catalog.web.route import Call
    from catalog.work.unit import UnitOfWork
    from catalog.work.view import View

PER_PAGE = 50
FILES_SHOWN = 20
FACTS_SHOWN = 5
FINDINGS_SHOWN = 20


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """A version in the queue."""

    code: str
    name: str
    kind: str
    number: int
    note: str
    by: str | None
    since: datetime
    picture: Picture | None


def queue(call: Call, view: View) -> Shown:
    """Show what waits, the oldest first."""
    page = queries.page_in_review(view, Paging(limit=PER_PAGE, cursor=call.asked("cursor")))
    return Shown(
        template="reviews/queue.html", values={"rows": _rows(view, page.items), "next_cursor": page.next_cursor}
    )


def review(call: Call, view: View) -> Reply:
    """Show one version with its picture, facts, findings, and what is other than in the version before."""
    version = queries.get_version(view, call.path["code"], number_of(call))
    if version.status != VersionStatus.REVIEW:
        return Moved(page="version", arguments={"code": version.asset.code, "number": version.number})
    asset = queries.get_asset(view, version.asset.code)
    before = queries.get_version(view, asset.code) if asset.latest_number else None
    measured, findings = facts.by_file(media.facts_of(view, version)), media.findings_of(view, version)
    previews = media.previews_of(view, version)
    previous, following = queries.beside_in_review(view, version)
    (row,) = _rows(view, [version])
    values = {
        "head": head_of(asset),
        "row": row,
        "version": version,
        "picture": largest_of(previews),
        "making": making_of(view, version, previews),
        "before": before,
        "before_picture": largest_of(media.previews_of(view, before)) if before else None,
        "found": compare(view, before, version) if before else None,
        "moved": facts_moved(view, before, version) if before else (),
        "files": queries.page_files(view, version, Paging(limit=FILES_SHOWN)).items,
        "measured": measured[:FACTS_SHOWN],
        "findings": findings[:FINDINGS_SHOWN],
        "more_findings": max(0, len(findings) - FINDINGS_SHOWN),
        "previous": previous,
        "following": following,
    }
    return Shown(template="reviews/version.html", values=values)


def approve(call: Call, work: UnitOfWork) -> tuple[AssetVersion, str]:
    """Publish a version."""
    version = reviewing.approve(work, call.path["code"], number_of(call), if_revision=revision_of(call))
    said = gettext("%(code)s, version %(number)s, is published.", code=version.asset.code, number=version.number)
    return version, said


def send_back(call: Call, work: UnitOfWork) -> tuple[AssetVersion, str]:
    """Give a version back to its maker."""
    reason = call.form.get("reason", "")
    version = reviewing.send_back(work, call.path["code"], number_of(call), reason, if_revision=revision_of(call))
    said = gettext("%(code)s, version %(number)s, was sent back.", code=version.asset.code, number=version.number)
    return version, said


def _again(call: Call, view: View) -> Shown:
    shown = review(call, view)
    return shown if isinstance(shown, Shown) else queue(call, view)


def _onward(call: Call, decided: tuple[AssetVersion, str]) -> Moved:
    """Go to the next one, after the commit: nobody who writes waits for it to be found."""
    version, saying = decided
    with call.house.desk.view(call.actor) as view:
        _, following = queries.beside_in_review(view, version)
        if following is None:
            return Moved(page="reviews", saying=saying)
        arguments = {"code": following.asset.code, "number": following.number}
    return Moved(page="review", arguments=arguments, saying=saying)


def _rows(view: View, versions: Sequence[AssetVersion]) -> list[Waiting]:
    makers = logins_of(view, {version.created_by_id for version in versions})
    pictures = media.thumbnails_of_versions(view, versions)
    return [
        Waiting(
            code=version.asset.code,
            name=version.asset.name,
            kind=version.asset.kind,
            number=version.number,
            note=version.note,
            by=makers.get(version.created_by_id),
            since=version.stood_since,
            picture=picture_of(pictures.get(version.id)),
        )
        for version in versions
    ]


_CURATE = Ability.CURATE
_VERSION = "/reviews/{code}/{number}"
ROUTES = (
    Route(name="reviews", path="/reviews", ability=_CURATE, read=queue),
    Route(name="review", path=_VERSION, ability=_CURATE, read=review),
    Route(name="approve", path=f"{_VERSION}/approval", ability=_CURATE, write=approve, conclude=_onward, again=_again),
    Route(
        name="send_back", path=f"{_VERSION}/return", ability=_CURATE, write=send_back, conclude=_onward, again=_again
    ),
)
