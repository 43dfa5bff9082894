"""``/assets/{code}/merge``: two assets that are one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from catalog.api.operation import Answer, Model, Operation
from catalog.api.shapes import AliasAnswer, AssetAnswer, show_asset
from catalog.assets import merging, queries
from catalog.fields.queries import shown_values
from catalog.kernel.abilities import Ability

if TYPE_CHECKING:
    from catalog.api.operation import Call
    from catalog.work.unit import UnitOfWork
    from catalog.work.view import View


class MergeQuery(Model):
    """Into what."""

    into: str = Field(description="code of the asset that stays")


class MergeBody(Model):
    """Into what."""

    into: str = Field(description="code of the asset that stays")


class ObstacleAnswer(Answer):
    """Why two assets cannot be merged as they are."""

    code: str
    message: str


class MergePlanAnswer(Answer):
    """What a merge would do; nothing is merged while there are obstacles."""

    asset: str
    into: str
    obstacles: list[ObstacleAnswer]
    tags: list[str] = Field(description="tags that the asset that stays gets")
    aliases: list[AliasAnswer] = Field(description="names that it gets")
    fields: dict[str, str | int | float] = Field(description="values of custom fields that it gets, having none there")
    moved: int = Field(
        description="relations of others to the latest version, which will mean that of the one that stays"
    )
    copied: int = Field(description="what the merged one is made of, said of the one that stays, too")
    pinned: int = Field(description="relations of others to one of its versions, which stay as they are")


def preview(call: Call, view: View) -> MergePlanAnswer:
    """Return what a merge would do."""
    plan = merging.plan(view, call.path["code"], call.query.into)
    return MergePlanAnswer(
        asset=plan.asset.code,
        into=plan.into.code,
        obstacles=[ObstacleAnswer(code=one.code, message=one.message) for one in plan.obstacles],
        tags=list(plan.tags),
        aliases=[AliasAnswer(**alias) for alias in plan.aliases],
        fields=shown_values(view, plan.fields),
        moved=plan.seen.moved,
        copied=plan.seen.copied,
        pinned=plan.seen.pinned,
    )


def merge(call: Call, work: UnitOfWork) -> AssetAnswer:
    """Merge an asset into another."""
    asset = merging.merge(work, call.path["code"], call.body.into, if_revision=call.if_revision)
    return show_asset(work.view, queries.get_asset(work.view, asset.code))


def unmerge(call: Call, work: UnitOfWork) -> AssetAnswer:
    """Take a merge back."""
    asset = merging.unmerge(work, call.path["code"], if_revision=call.if_revision)
    return show_asset(work.view, queries.get_asset(work.view, asset.code))


_MERGE = "/assets/{code}/merge"
OPERATIONS = (
    Operation(
        name="assets.preview-merge",
        method="GET",
        path=_MERGE,
        summary="See what merging an asset into another would do, and what stands in the way",
        ability=Ability.CURATE,
        read=preview,
        query=MergeQuery,
        answer=MergePlanAnswer,
    ),
    Operation(
        name="assets.merge",
        method="POST",
        path=_MERGE,
        summary="Merge an asset into another: its code and versions name the same bytes, its latest is the other's",
        ability=Ability.CURATE,
        write=merge,
        body=MergeBody,
        answer=AssetAnswer,
    ),
    Operation(
        name="assets.unmerge",
        method="DELETE",
        path=_MERGE,
        summary="Take a merge back: both are assets of their own again",
        ability=Ability.CURATE,
        write=unmerge,
        answer=AssetAnswer,
    ),
)
