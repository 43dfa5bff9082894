"""``/assets/<code>/merge``: two assets that are one, shown with all that will happen before it does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from catalog.assets import merged, merging, queries
from catalog.kernel.abilities import Ability
from catalog.kernel.errors import Conflict, InvalidInput, NotFound
from catalog.web.assets import head_of
from catalog.web.cards import Card, cards_of
from catalog.web.custom_fields import Said, told
from catalog.web.forms import revision_of
from catalog.web.languages import gettext
from catalog.web.route import Moved, Reply, Route, Shown

if TYPE_CHECKING:
    from catalog.assets.merging import MergePlan
    from catalog.kernel.errors import CatalogError
    from catalog.web.route import Call
    from catalog.work.unit import UnitOfWork
    from catalog.work.view import View


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What a merge would do."""

    asset: Card
    into: Card
    plan: MergePlan
    versions: int
    external_ids: tuple[str, ...]
    fields: tuple[Said, ...]


def show(call: Call, view: View) -> Shown:
    """Show the form that asks for the asset that stays; once it is named, what merging would do."""
    asset = queries.get_asset(view, call.path["code"])
    into = call.said("into") or ""
    refusal: CatalogError | None = None
    preview = None
    if into.strip():
        try:
            preview = _preview(view, asset.code, into.strip())
        except (Conflict, NotFound) as unknown:
            refusal = unknown
    values = {
        "head": head_of(asset),
        "revision": asset.revision,
        "into": into,
        "preview": preview,
        "survivor": merged.merged_into(view, asset),
    }
    return Shown(template="asset/merge.html", values=values, refusal=refusal)


def merge(call: Call, work: UnitOfWork) -> Reply:
    """Merge an asset into another."""
    into = call.form.get("into", "").strip()
    if not into:
        raise InvalidInput("name the asset that stays", code="bad-code", value=into)
    asset = merging.merge(work, call.path["code"], into, if_revision=revision_of(call))
    survivor = queries.get_asset(work.view, into)
    saying = gettext("%(code)s is merged into this asset.", code=asset.code)
    return Moved(page="asset", arguments={"code": survivor.code}, saying=saying)


def unmerge(call: Call, work: UnitOfWork) -> Reply:
    """Take a merge back."""
    asset = merging.unmerge(work, call.path["code"])
    return Moved(page="asset", arguments={"code": asset.code}, saying=gettext("The merge is taken back."))


def _preview(view: View, code: str, into: str) -> Preview:
    plan = merging.plan(view, code, into)
    cards = {card.code: card for card in cards_of(view, [plan.asset, plan.into])}
    external_ids = tuple(f"{one.system}:{one.value}" for one in plan.asset.external_ids)
    return Preview(
        asset=cards[plan.asset.code],
        into=cards[plan.into.code],
        plan=plan,
        versions=plan.asset.latest_number or 0,
        external_ids=external_ids,
        fields=tuple(told(view, plan.fields)),
    )


_MERGE = "/assets/{code}/merge"
ROUTES = (
    Route(name="merge", path=_MERGE, ability=Ability.CURATE, read=show),
    Route(name="merge_into", path=_MERGE, ability=Ability.CURATE, write=merge, again=show),
    Route(name="unmerge", path=f"{_MERGE}/removal", ability=Ability.CURATE, write=unmerge, again=show),
)
