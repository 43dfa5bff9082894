"""``/assets``: registering, reading, changing, retiring, relating."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

from pydantic import Field, StrictFloat, StrictInt, StrictStr

from catalog.api.ledger import EventAnswer, show_event
from catalog.api.operation import Answer, Model, Operation, PageQuery, Reply
from catalog.api.shapes import AssetAnswer, Card, Listing, listing, show_asset, show_cards
from catalog.assets import history, naming, queries, registry, relating
from catalog.assets.changing import AssetChange, change
from catalog.assets.registry import Alias, ForeignId, Registration
from catalog.assets.tagging import TAGS_MAX
from catalog.assets.vocabulary import AssetStatus, Kind, RelationKind
from catalog.fields.vocabulary import FIELDS_MAX
from catalog.kernel.abilities import Ability
from catalog.kernel.errors import NotFound
from catalog.kernel.ids import find_id
from catalog.kernel.paging import Page, Paging

if TYPE_CHECKING:
    from catalog.api.operation import Call
    from catalog.work.unit import UnitOfWork
    from catalog.work.view import View

Language = Annotated[str, Field(pattern=naming.LANGUAGE, max_length=naming.LANGUAGE_MAX)]
Tags = Annotated[tuple[str, ...], Field(max_length=TAGS_MAX)]
Groups = Annotated[tuple[str, ...], Field(max_length=100)]
FieldValues = Annotated[dict[str, StrictStr | StrictInt | StrictFloat | None], Field(max_length=FIELDS_MAX)]


class AliasBody(Model):
    """Another name, such as a legacy or a translated one."""

    text: str = Field(description="the name itself, in any script")
    language: Language = Field(default="und", description="BCP 47 tag, such as `zh-Hans`; `und` where it is not known")


class ExternalIdBody(Model):
    """What another system calls the asset."""

    system: Annotated[str, Field(pattern=naming.SYSTEM)] = Field(description="the other system, such as `shotgrid`")
    value: Annotated[str, Field(min_length=1, max_length=200)] = Field(description="the id there, such as `4711`")


class AssetBody(Model):
    """An asset to register."""

    code: str = Field(description="its name in paths and references, such as `chr_ann`; it stays as it is")
    name: str = Field(description="what people call it, in any script")
    kind: Kind = Field(description="what sort of asset it is")
    description: str = Field(default="", description="what it is, in words that are searched")
    tags: Tags = Field(default=(), description="words to find it by")
    aliases: Annotated[tuple[AliasBody, ...], Field(max_length=100)] = Field(
        default=(), description="other names, such as translated ones, with their language"
    )
    external_ids: Annotated[tuple[ExternalIdBody, ...], Field(max_length=100)] = Field(
        default=(), description="what other systems call it, such as `shotgrid:4711`"
    )
    owner: str | None = Field(default=None, description="login; the caller by default")
    show: str | None = Field(default=None, description="code of the home show")
    audience: Groups | None = Field(default=None, description="groups that may know of it; null: the studio")
    fields: FieldValues = Field(
        default={}, description="values of custom fields by name, such as `vendor` (see /fields)"
    )

    def registration(self) -> Registration:
        """Return what the registry takes."""
        return Registration(
            **{
                **dict(self),
                "aliases": tuple(Alias(**dict(alias)) for alias in self.aliases),
                "external_ids": tuple(ForeignId(**dict(one)) for one in self.external_ids),
            }
        )


class AssetChangeBody(Model):
    """What is to change; fields that are left out stay as they are."""

    name: str = Field(default="", description="what people call it, in any script")
    kind: Kind = Field(default=Kind.PROP, description="what sort of asset it is")
    description: str = Field(default="", description="what it is, in words that are searched")
    tags: Tags = Field(default=(), description="words to find it by; they replace all that it has")
    aliases: Annotated[tuple[AliasBody, ...], Field(max_length=100)] = Field(
        default=(), description="other names with their language; they replace all that it has"
    )
    external_ids: Annotated[tuple[ExternalIdBody, ...], Field(max_length=100)] = Field(
        default=(), description="what other systems call it; they replace all that it has"
    )
    owner: str | None = Field(default=None, description="login")
    show: str | None = Field(default=None, description="code of the home show")
    audience: Groups | None = Field(
        default=None, description="groups that may know of it, which replace all that it has; null: the studio"
    )
    fields: FieldValues = Field(
        default={}, description="values of custom fields by name; null empties one, those that are not named stay"
    )


class AssetsQuery(PageQuery):
    """Which assets are listed."""

    kind: Kind | None = Field(default=None, description="only of this kind")
    status: AssetStatus | None = Field(default=None, description="only with this standing")
    show: str | None = Field(default=None, description="only of the show with this code")


class RetirementBody(Model):
    """Why an asset is no longer offered."""

    reason: Annotated[str, Field(min_length=1, max_length=2_000, description="why, for whoever uses it")]


class RelationBody(Model):
    """What the asset contains or was made from."""

    kind: RelationKind = Field(description="how the asset has to do with the target")
    target: str = Field(description="code, or code@3 for one version")
    count: Annotated[int, Field(ge=1, le=1_000_000_000)] | None = Field(
        default=None, description="how many of it, for contains"
    )


class RelationAnswer(Answer):
    """One relation; `source` depends on `target`."""

    id: UUID
    kind: RelationKind
    source: str
    target: str
    version: int | None = Field(description="version of the target; null is whichever is the latest")
    count: int | None


class WhereUsedQuery(PageQuery):
    """How far to follow."""

    depth: Annotated[int, Field(ge=1, le=relating.DEPTH_MAX, description="so many relations away at most")] = (
        relating.DEPTH_MAX
    )


class DependentAnswer(Card):
    """An asset that uses the asked one, `depth` relations away."""

    relation: RelationKind = Field(description="how it uses what is one step nearer")
    depth: int


def register(call: Call, work: UnitOfWork) -> Reply:
    """Enter an asset in the registry."""
    registered = registry.register(work, call.body.registration())
    asset = queries.get_asset(work.view, registered.code)
    return Reply(
        answer=show_asset(work.view, asset),
        headers={"Location": f"/api/v1/assets/{asset.code}"},
    )


def list_assets(call: Call, view: View) -> Listing[Card]:
    """Return assets, newest first."""
    query: AssetsQuery = call.query
    wanted = queries.AssetFilter(kind=query.kind, status=query.status, show=query.show)
    page = queries.page_assets(view, Paging(limit=query.limit, cursor=query.cursor), wanted)
    return listing(Page(items=tuple(show_cards(view, page.items)), next_cursor=page.next_cursor))


def get(call: Call, view: View) -> AssetAnswer:
    """Return one asset by code, id or external id."""
    asset = queries.get_asset(view, call.path["code"])
    return show_asset(view, asset)


def change_asset(call: Call, work: UnitOfWork) -> AssetAnswer:
    """Change what was sent, and only that."""
    asset = change(work, call.path["code"], _change(call.body), if_revision=call.if_revision)
    return show_asset(work.view, asset)


def _change(body: AssetChangeBody) -> AssetChange:
    said: dict[str, Any] = {name: getattr(body, name) for name in body.model_fields_set}
    if "aliases" in said:
        said["aliases"] = tuple(Alias(**dict(alias)) for alias in body.aliases)
    if "external_ids" in said:
        said["external_ids"] = tuple(ForeignId(**dict(one)) for one in body.external_ids)
    return AssetChange(**said)


def retire(call: Call, work: UnitOfWork) -> AssetAnswer:
    """Offer the asset no longer."""
    asset = registry.retire(work, call.path["code"], call.body.reason, if_revision=call.if_revision)
    return show_asset(work.view, asset)


def reinstate(call: Call, work: UnitOfWork) -> AssetAnswer:
    """Offer a retired asset again."""
    asset = registry.reinstate(work, call.path["code"], if_revision=call.if_revision)
    return show_asset(work.view, asset)


def list_relations(call: Call, view: View) -> Listing[RelationAnswer]:
    """Return the relations at both ends of which the asset stands, oldest first."""
    asset = queries.get_asset(view, call.path["code"])
    page = relating.relations_of(view, asset, Paging(limit=call.query.limit, cursor=call.query.cursor))
    return listing(page.map(_show_relation))


def _show_relation(one: relating.Related) -> RelationAnswer:
    return RelationAnswer(
        id=one.id, kind=one.kind, source=one.source.code, target=one.target.code, version=one.number, count=one.count
    )


def relate(call: Call, work: UnitOfWork) -> RelationAnswer:
    """Say what the asset contains or was made from."""
    body: RelationBody = call.body
    relation = relating.relate(work, call.path["code"], body.kind, body.target, body.count)
    source = queries.get_asset(work.view, call.path["code"])
    ends = queries.assets_by_id(work.view, [relation.target_id])
    return RelationAnswer(
        id=relation.id,
        kind=body.kind,
        source=source.code,
        target=ends[relation.target_id].code,
        version=relation.target_number or None,
        count=relation.count,
    )


def unrelate(call: Call, work: UnitOfWork) -> Reply:
    """Take a relation back."""
    relation_id = find_id(call.path["relation"])
    if relation_id is None:
        raise NotFound(f"{call.path['relation'][:80]!r} is no relation's id", code="unknown-relation")
    relating.unrelate(work, call.path["code"], relation_id)
    return Reply(status=204)


def where_used(call: Call, view: View) -> Listing[DependentAnswer]:
    """Return all that contains the asset or was made from it, to any depth, nearest first."""
    query: WhereUsedQuery = call.query
    asset = queries.get_asset(view, call.path["code"])
    page = relating.where_used(view, asset, Paging(limit=query.limit, cursor=query.cursor), depth=query.depth)
    cards = {card.id: card for card in show_cards(view, [one.asset for one in page.items])}
    return listing(
        page.map(lambda one: DependentAnswer(**dict(cards[one.asset.id]), relation=one.kind, depth=one.depth))
    )


def asset_history(call: Call, view: View) -> Listing[EventAnswer]:
    """Return what happened to the asset, newest first."""
    asset = queries.get_asset(view, call.path["code"])
    page = history.page_history(view, asset, Paging(limit=call.query.limit, cursor=call.query.cursor))
    return listing(page.map(show_event))


OPERATIONS = (
    Operation(
        name="assets.register",
        method="POST",
        path="/assets",
        summary="Register an asset",
        ability=Ability.REGISTER,
        write=register,
        body=AssetBody,
        answer=AssetAnswer,
        status=201,
        creates=True,
    ),
    Operation(
        name="assets.list",
        method="GET",
        path="/assets",
        summary="List assets, newest first",
        ability=Ability.BROWSE,
        read=list_assets,
        query=AssetsQuery,
        answer=Listing[Card],
    ),
    Operation(
        name="assets.get",
        method="GET",
        path="/assets/{code}",
        summary="Get an asset by code, id or external id",
        ability=Ability.BROWSE,
        read=get,
        answer=AssetAnswer,
    ),
    Operation(
        name="assets.change",
        method="PATCH",
        path="/assets/{code}",
        summary="Change an asset's names, description, tags, ids, owner, show, audience or custom fields",
        ability=Ability.REGISTER,
        write=change_asset,
        body=AssetChangeBody,
        answer=AssetAnswer,
    ),
    Operation(
        name="assets.retire",
        method="POST",
        path="/assets/{code}/retirement",
        summary="Offer an asset no longer",
        ability=Ability.WITHDRAW,
        write=retire,
        body=RetirementBody,
        answer=AssetAnswer,
    ),
    Operation(
        name="assets.reinstate",
        method="DELETE",
        path="/assets/{code}/retirement",
        summary="Offer a retired asset again",
        ability=Ability.WITHDRAW,
        write=reinstate,
        answer=AssetAnswer,
    ),
    Operation(
        name="assets.history",
        method="GET",
        path="/assets/{code}/history",
        summary="List what happened to an asset, newest first",
        ability=Ability.BROWSE,
        read=asset_history,
        query=PageQuery,
        answer=Listing[EventAnswer],
    ),
    Operation(
        name="assets.where-used",
        method="GET",
        path="/assets/{code}/where-used",
        summary="List all that contains an asset or was made from it, to any depth, nearest first",
        ability=Ability.BROWSE,
        read=where_used,
        query=WhereUsedQuery,
        answer=Listing[DependentAnswer],
    ),
    Operation(
        name="relations.list",
        method="GET",
        path="/assets/{code}/relations",
        summary="List an asset's relations, oldest first",
        ability=Ability.BROWSE,
        read=list_relations,
        query=PageQuery,
        answer=Listing[RelationAnswer],
    ),
    Operation(
        name="relations.add",
        method="POST",
        path="/assets/{code}/relations",
        summary="Say what an asset contains or was made from",
        ability=Ability.REGISTER,
        write=relate,
        body=RelationBody,
        answer=RelationAnswer,
        status=201,
        creates=True,
    ),
    Operation(
        name="relations.remove",
        method="DELETE",
        path="/assets/{code}/relations/{relation}",
        summary="Take a relation back",
        ability=Ability.REGISTER,
        write=unrelate,
        status=204,
    ),
)
