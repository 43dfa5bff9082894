"""Collections for others and elsewhere: links that open them for a while, exports, and the paths of their files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

from pydantic import Field

from catalog.accounts.queries import logins_of
from catalog.api.collections import BY_LINK, Secret
from catalog.api.files import ResolutionsAnswer, resolution_of
from catalog.api.operation import Answer, Model, Operation, PageQuery, Reply
from catalog.api.shapes import Listing, listing
from catalog.assets import resolving
from catalog.assets.vocabulary import Platform
from catalog.collections import exporting, links
from catalog.collections.vocabulary import LINK_DAYS_DEFAULT
from catalog.kernel.abilities import Ability
from catalog.kernel.exports import Form
from catalog.kernel.paging import Page
from catalog.licensing import gate
from catalog.licensing.gate import How, Purpose, Release, Use

if TYPE_CHECKING:
    from collections.abc import Sequence

    from catalog.api.operation import Call
    from catalog.assets.resolving import Resolved
    from catalog.collections.models import CollectionLink
    from catalog.licensing.gate import Admission
    from catalog.work.unit import UnitOfWork
    from catalog.work.view import View


class LinkBody(Model):
    """A link to make."""

    name: Annotated[str, Field(max_length=200)] = Field(description="whom it is for")
    days: int = Field(default=LINK_DAYS_DEFAULT, description="how long it opens the collection; 90 at most")


class LinkAnswer(Answer):
    """A link that opens a collection, to look at, for whoever of the studio has it."""

    id: UUID
    name: str
    created_by: str | None
    created_at: datetime
    expires_at: datetime


class MadeLinkAnswer(LinkAnswer):
    """A new link; `secret` and `url` are shown this once."""

    secret: str
    url: str


class ExportQuery(Model):
    """As what it is exported."""

    form: Form = Field(default=Form.CSV, description="`csv` or `json`")
    bom: bool = Field(default=False, description="make CSV for spreadsheets: marked as UTF-8, formulas as text")
    link: Secret | None = Field(default=None, description=BY_LINK)


class PathsBody(Model):
    """For what the files are, and where."""

    platform: Platform = Field(default=Platform.LINUX, description="how paths are spelled")
    site: str | None = Field(default=None, description="the server's own by default")
    purpose: Purpose | None = Field(default=None, description="what they are for")
    show: str | None = Field(default=None, description="show that they are for")
    shot: str | None = Field(default=None, description="shot that they are for")
    link: Secret | None = Field(default=None, description=BY_LINK)


@dataclass(frozen=True, kw_only=True)
class LetOut:
    """What the items of a collection stand for, and the leave to take it out; None where there is nothing to take."""

    resolved: Sequence[Resolved]
    admission: Admission | None


def _link(link: CollectionLink, logins: dict[UUID, str]) -> LinkAnswer:
    return LinkAnswer(
        id=link.id,
        name=link.name,
        created_by=logins.get(link.created_by_id),
        created_at=link.created_at,
        expires_at=link.expires_at,
    )


def list_links(call: Call, view: View) -> Listing[LinkAnswer]:
    """Return the links that open a collection now."""
    found = links.links_of(view, links.open_collection(view, call.path["id"], None))
    logins = logins_of(view, {one.created_by_id for one in found})
    return listing(Page(items=tuple(_link(one, logins) for one in found), total=len(found)))


def make_link(call: Call, work: UnitOfWork) -> MadeLinkAnswer:
    """Make a link."""
    made = links.make_link(work, call.path["id"], call.body.name, call.body.days)
    logins = logins_of(work.view, {made.link.created_by_id})
    base = call.house.settings.base_url.rstrip("/")
    url = f"{base}/collections/{made.link.collection_id}?link={made.secret}"
    return MadeLinkAnswer(**dict(_link(made.link, logins)), secret=made.secret, url=url)


def revoke_link(call: Call, work: UnitOfWork) -> Reply:
    """Revoke a link."""
    links.revoke_link(work, call.path["id"], call.path["link"])
    return Reply()


def export(call: Call, _view: View) -> Reply:
    """Return a collection as a file, row by row."""
    query: ExportQuery = call.query
    made = exporting.export(call.house.desk, call.actor, call.path["id"], query.link, query.form, bom=query.bom)
    return Reply(stream=made.chunks, headers=made.headers)


def _look_up(call: Call) -> list[Resolved]:
    body: PathsBody = call.body
    with call.house.desk.view(call.actor) as view:
        names = exporting.every_name(view, call.path["id"], body.link)
        return resolving.resolve_all(view, names, platform=body.platform, site=_site(call))


def paths(call: Call, work: UnitOfWork) -> LetOut:
    """Let the files of all items out, as one entry."""
    body: PathsBody = call.body
    resolved = resolving.look_again(work.view, call.prepared, platform=body.platform, site=_site(call))
    releases = [Release(version=one.version) for one in resolved if one.version is not None]
    use = Use(show=body.show, shot=body.shot, purpose=body.purpose)
    return LetOut(resolved=resolved, admission=gate.admit(work, releases, use, How.EXPORT) if releases else None)


def _tell(_call: Call, found: LetOut) -> ResolutionsAnswer:
    return ResolutionsAnswer(
        items=[resolution_of(one, offered=False) for one in found.resolved],
        admission=found.admission.id if found.admission else None,
    )


def _site(call: Call) -> str:
    site: str = call.body.site or call.house.settings.site
    return site


OPERATIONS = (
    Operation(
        name="collections.links",
        method="GET",
        path="/collections/{id}/links",
        summary="List the links that open a collection of yours",
        ability=Ability.BROWSE,
        read=list_links,
        query=PageQuery,
        answer=Listing[LinkAnswer],
    ),
    Operation(
        name="collections.make-link",
        method="POST",
        path="/collections/{id}/links",
        summary="Make a link that opens a collection for some days; its secret is shown this once",
        ability=Ability.COLLECT,
        write=make_link,
        body=LinkBody,
        answer=MadeLinkAnswer,
        status=201,
    ),
    Operation(
        name="collections.revoke-link",
        method="DELETE",
        path="/collections/{id}/links/{link}",
        summary="Revoke a link to a collection",
        ability=Ability.COLLECT,
        write=revoke_link,
        status=204,
    ),
    Operation(
        name="collections.export",
        method="GET",
        path="/collections/{id}/export",
        summary="Export a collection as CSV or JSON",
        ability=Ability.BROWSE,
        read=export,
        query=ExportQuery,
        by_hand=True,
    ),
    Operation(
        name="collections.paths",
        method="POST",
        path="/collections/{id}/paths",
        summary="Get the paths of the files of a collection, for one use",
        ability=Ability.RELEASE,
        prepare=_look_up,
        write=paths,
        conclude=_tell,
        body=PathsBody,
        answer=ResolutionsAnswer,
    ),
)
