"""``/assets/<code>``: one asset, what it is made of and used in, and what happened to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from catalog.accounts.audiences import group_codes
from catalog.accounts.queries import logins_of
from catalog.assets import history, merged, queries, relating
from catalog.assets.naming import entity_reference
from catalog.assets.vocabulary import OFFERED, AssetStatus
from catalog.kernel.abilities import Ability
from catalog.kernel.errors import Unavailable
from catalog.kernel.paging import Paging
from catalog.media import queries as media
from catalog.search import queries as finding
from catalog.web import custom_fields, dragging, facts, wording
from catalog.web.cards import Card, Model, Picture, SecondName, cards_of, largest_of, model_of, second_name
from catalog.web.gallery import Exhibit, exhibits_of
from catalog.web.happenings import told
from catalog.web.making import Making, making_of
from catalog.web.relations import grouped, users_of
from catalog.web.remarks import open_issues
from catalog.web.route import Moved, Reply, Route, Shown

if TYPE_CHECKING:
    from catalog.assets.models import Asset
    from catalog.media.queries import FindingOfFile
    from catalog.web.facts import FileFacts
    from catalog.web.route import Call
    from catalog.work.view import View

SIMILAR = 6
PARTS_SHOWN, USERS_SHOWN = 24, 12
"""Another page has all, ``RELATIONS`` at a time."""
RELATIONS = 50
HAPPENINGS = 50
FINDINGS_SHOWN = 3
"""The page of the version has more."""
ISSUES_SHOWN = 3


@dataclass(frozen=True, kw_only=True)
class Head:
    """What stands above every page of an asset."""

    code: str
    name: str
    also: SecondName | None
    kind: str
    kind_label: str
    retired: bool
    retirement_reason: str | None
    merged: bool
    version: int | None


@dataclass(frozen=True, kw_only=True)
class Latest:
    """The latest version: its picture, how it goes, and the facts that say most about it."""

    number: int
    status: str
    reason: str | None
    note: str
    file_count: int
    size_bytes: int
    offered: bool
    referenced: bool
    drag: dict[str, Any]
    picture: Picture | None
    exhibits: tuple[Exhibit, ...]
    model: Model | None
    making: Making
    telling: FileFacts | None
    measured_files: int
    findings: tuple[FindingOfFile, ...]
    more_findings: int


def overview(call: Call, view: View) -> Reply:
    """Show what an asset is; another spelling of its code, an id or an external id goes to its own address."""
    asset = queries.get_asset(view, call.path["code"])
    if asset.code != call.path["code"]:
        return Moved(page="asset", arguments={"code": asset.code})
    made_of = relating.relations_of(view, asset, Paging(limit=PARTS_SHOWN), outgoing=True)
    users = relating.where_used(view, asset, Paging(limit=USERS_SHOWN))
    issues, issue_count = open_issues(view, asset, ISSUES_SHOWN)
    values = {
        "head": head_of(asset),
        "asset": asset,
        "survivor": merged.merged_into(view, asset),
        "merged_here": merged.merged_here(view, asset),
        "issues": issues,
        "open_issues": issue_count,
        "latest": _latest(view, asset),
        "owner": logins_of(view, [asset.owner_id]).get(asset.owner_id) if asset.owner_id else None,
        "audience": group_codes(view.session, [asset.audience_id]).get(asset.audience_id)
        if asset.audience_id
        else None,
        "custom": custom_fields.shown(view, asset),
        "reference": entity_reference(asset.code),
        "relations": grouped(view, asset, made_of.items),
        "more_relations": (made_of.total or 0) - len(made_of.items),
        "users": users_of(view, users.items),
        "more_users": (users.total or 0) - len(users.items),
        "similar": _similar(call, view, asset),
        "platforms": wording.platforms(call.tastes.get("platform")),
    }
    return Shown(template="asset/overview.html", values=values)


def glance(call: Call, view: View) -> Reply:
    """Show an asset at a glance: its picture and what tells it from others."""
    asset = queries.get_asset(view, call.path["code"])
    version = queries.get_version(view, asset.code) if asset.latest_number else None
    previews = media.previews_of(view, version) if version else ()
    values = {"head": head_of(asset), "asset": asset, "largest": largest_of(previews)}
    return Shown(template="asset/glance.html", values=values, part="asset/glance_part.html")


def relations(call: Call, view: View) -> Shown:
    """Show what an asset is made of and stands beside, or where it is used, as far as its reader may know."""
    asset, side = queries.get_asset(view, call.path["code"]), "users" if call.asked("side") == "users" else "own"
    paging, only_counted = Paging(limit=RELATIONS, cursor=call.asked("cursor")), Paging(limit=1)
    own = relating.relations_of(view, asset, paging if side == "own" else only_counted, outgoing=True)
    users = relating.where_used(view, asset, paging if side == "users" else only_counted)
    values = {
        "head": head_of(asset),
        "side": side,
        "first": call.asked("cursor") is None,
        "own_total": own.total or 0,
        "users_total": users.total or 0,
        "groups": grouped(view, asset, own.items) if side == "own" else (),
        "users": users_of(view, users.items) if side == "users" else (),
        "next_cursor": (own if side == "own" else users).next_cursor,
    }
    return Shown(template="asset/relations.html", values=values)


def asset_history(call: Call, view: View) -> Reply:
    """Show what happened to an asset, newest first."""
    asset = queries.get_asset(view, call.path["code"])
    page = history.page_history(view, asset, Paging(limit=HAPPENINGS, cursor=call.asked("cursor")))
    values = {"head": head_of(asset), "happenings": told(view, asset, page.items), "next_cursor": page.next_cursor}
    return Shown(template="asset/history.html", values=values)


def head_of(asset: Asset) -> Head:
    """Return what stands above every page of an asset."""
    return Head(
        code=asset.code,
        name=asset.name,
        also=second_name(asset),
        kind=asset.kind,
        kind_label=wording.kind(asset.kind),
        retired=asset.status == AssetStatus.RETIRED,
        retirement_reason=asset.retirement_reason,
        merged=asset.merged_into_id is not None,
        version=asset.latest_number,
    )


def _latest(view: View, asset: Asset) -> Latest | None:
    if asset.latest_number is None:
        return None
    version = queries.get_version(view, asset.code)
    files, findings = facts.by_file(media.facts_of(view, version)), media.findings_of(view, version)
    previews = media.previews_of(view, version)
    return Latest(
        number=version.number,
        status=version.status,
        reason=version.standing_reason,
        note=version.note,
        file_count=version.file_count,
        size_bytes=version.size_bytes,
        offered=version.status in OFFERED,
        referenced=queries.has_referenced_files(view, version),
        drag=dragging.of_asset(asset, version),
        picture=largest_of(previews),
        exhibits=tuple(exhibits_of(previews)),
        model=model_of(previews),
        making=making_of(view, version, previews),
        telling=facts.most_telling(files),
        measured_files=len(files),
        findings=tuple(findings[:FINDINGS_SHOWN]),
        more_findings=max(0, len(findings) - FINDINGS_SHOWN),
    )


def _similar(call: Call, view: View, asset: Asset) -> list[Card]:
    try:
        return cards_of(view, finding.similar(view, call.house.index, asset.code, limit=SIMILAR))
    except Unavailable:
        return []  # the page says what the asset is, also while the index cannot say what is like it


ROUTES = (
    Route(name="asset", path="/assets/{code}", ability=Ability.BROWSE, read=overview),
    Route(name="glance", path="/assets/{code}/glance", ability=Ability.BROWSE, read=glance),
    Route(name="relations", path="/assets/{code}/relations", ability=Ability.BROWSE, read=relations),
    Route(name="history", path="/assets/{code}/history", ability=Ability.BROWSE, read=asset_history),
)
