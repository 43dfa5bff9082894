"""``/shows`` and ``/roots``: what assets are made for, and where referenced files lie."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

from pydantic import Field

from catalog.accounts.audiences import group_codes
from catalog.api.assets import Groups
from catalog.api.operation import Answer, Model, Operation, PageQuery
from catalog.api.shapes import Listing, listing
from catalog.assets import roots
from catalog.assets.vocabulary import Platform
from catalog.kernel.abilities import Ability
from catalog.kernel.paging import Page, Paging
from catalog.shows import queries, registry

if TYPE_CHECKING:
    from collections.abc import Sequence

    from catalog.api.operation import Call
    from catalog.assets.models import Root
    from catalog.shows.models import Show
    from catalog.work.unit import UnitOfWork
    from catalog.work.view import View

Name = Annotated[str, Field(max_length=200)]
Description = Annotated[str, Field(max_length=20_000)]


class ShowBody(Model):
    """A show to create."""

    code: str = Field(description="what it is named by, such as `orion`")
    name: Name = Field(default="", description="what people call it")
    description: Description = Field(default="", description="what it is about")
    audience: Groups | None = Field(default=None, description="groups that may know of it; null: the studio")
    reviewed: bool = Field(default=False, description="versions wait for review before they are published")


class ShowChangeBody(Model):
    """What is to change; fields that are left out stay as they are."""

    name: Name = Field(default="", description="what people call it")
    description: Description = Field(default="", description="what it is about")
    audience: Groups | None = Field(
        default=None, description="groups that may know of it, which replace all that it has; null: the studio"
    )
    reviewed: bool = Field(default=False, description="versions wait for review before they are published")


class ShowAnswer(Answer):
    """A show."""

    id: UUID
    code: str
    name: str
    description: str
    audience: list[str] | None
    reviewed: bool = Field(description="versions of its assets wait for review before they are published")
    created_at: datetime
    updated_at: datetime
    revision: int


class TemplateBody(Model):
    """How a platform spells the root at a site."""

    platform: Platform = Field(description="whose spelling of paths it is")
    site: Annotated[str, Field(min_length=1, max_length=64)] = Field(default="main", description="where it is mounted")
    path: Annotated[str, Field(min_length=1, max_length=1_000)] = Field(
        description="the folder there, such as `/mnt/library`"
    )


class RootBody(Model):
    """A root to declare."""

    name: str = Field(description="what references under it begin with, such as `library`")
    templates: Annotated[
        tuple[TemplateBody, ...],
        Field(max_length=100, description="its path for a platform at a site, such as `linux:main:/mnt/library`"),
    ]


class RootChangeBody(Model):
    """How the root is spelled from now on."""

    templates: Annotated[
        tuple[TemplateBody, ...],
        Field(max_length=100, description="its path for a platform at a site; they replace all that it has"),
    ]


class TemplateAnswer(Answer):
    """How a platform spells the root at a site."""

    platform: Platform
    site: str
    path: str


class RootAnswer(Answer):
    """A place that an administrator declared."""

    id: UUID
    name: str
    templates: list[TemplateAnswer]
    created_at: datetime
    revision: int


def show_shows(view: View, shows: Sequence[Show]) -> list[ShowAnswer]:
    """Return shows with the groups of their audiences."""
    codes = group_codes(view.session, [show.audience_id for show in shows])
    return [
        ShowAnswer(
            id=show.id,
            code=show.code,
            name=show.name,
            description=show.description,
            audience=codes.get(show.audience_id) if show.audience_id else None,
            reviewed=show.reviewed,
            created_at=show.created_at,
            updated_at=show.updated_at,
            revision=show.revision,
        )
        for show in shows
    ]


def _root(root: Root) -> RootAnswer:
    templates = [TemplateAnswer(**template) for template in root.templates]
    return RootAnswer(
        id=root.id, name=root.name, templates=templates, created_at=root.created_at, revision=root.revision
    )


def _templates(body: RootBody | RootChangeBody) -> tuple[roots.PathTemplate, ...]:
    return tuple(roots.PathTemplate(**dict(template)) for template in body.templates)


def create_show(call: Call, work: UnitOfWork) -> ShowAnswer:
    """Enter a show."""
    return show_shows(work.view, [registry.create_show(work, registry.NewShow(**dict(call.body)))])[0]


def change_show(call: Call, work: UnitOfWork) -> ShowAnswer:
    """Change what was sent, and only that."""
    change = registry.ShowChange(**{name: getattr(call.body, name) for name in call.body.model_fields_set})
    show = registry.change_show(work, call.path["code"], change, if_revision=call.if_revision)
    return show_shows(work.view, [show])[0]


def list_shows(call: Call, view: View) -> Listing[ShowAnswer]:
    """Return shows by code."""
    page = queries.page_shows(view, Paging(limit=call.query.limit, cursor=call.query.cursor))
    return listing(Page(items=tuple(show_shows(view, page.items)), next_cursor=page.next_cursor))


def get_show(call: Call, view: View) -> ShowAnswer:
    """Return one show."""
    return show_shows(view, [queries.get_show(view, call.path["code"])])[0]


def declare_root(call: Call, work: UnitOfWork) -> RootAnswer:
    """Declare a root."""
    return _root(roots.declare(work, call.body.name, _templates(call.body)))


def change_root(call: Call, work: UnitOfWork) -> RootAnswer:
    """Spell a root differently."""
    change = roots.RootChange(templates=_templates(call.body))
    return _root(roots.change(work, call.path["name"], change, if_revision=call.if_revision))


def list_roots(call: Call, view: View) -> Listing[RootAnswer]:
    """Return roots by name."""
    return listing(roots.page_roots(view, Paging(limit=call.query.limit, cursor=call.query.cursor)).map(_root))


def get_root(call: Call, view: View) -> RootAnswer:
    """Return one root."""
    return _root(roots.get_root(view, call.path["name"]))


_SHOWS, _ROOTS = Ability.MANAGE_SHOWS, Ability.MANAGE_ROOTS
OPERATIONS = (
    Operation(
        name="shows.create",
        method="POST",
        path="/shows",
        summary="Create a show",
        ability=_SHOWS,
        write=create_show,
        body=ShowBody,
        answer=ShowAnswer,
        status=201,
        creates=True,
    ),
    Operation(
        name="shows.list",
        method="GET",
        path="/shows",
        summary="List shows",
        ability=Ability.BROWSE,
        read=list_shows,
        query=PageQuery,
        answer=Listing[ShowAnswer],
    ),
    Operation(
        name="shows.get",
        method="GET",
        path="/shows/{code}",
        summary="Get a show",
        ability=Ability.BROWSE,
        read=get_show,
        answer=ShowAnswer,
    ),
    Operation(
        name="shows.change",
        method="PATCH",
        path="/shows/{code}",
        summary="Change a show's name, description or audience",
        ability=_SHOWS,
        write=change_show,
        body=ShowChangeBody,
        answer=ShowAnswer,
    ),
    Operation(
        name="roots.declare",
        method="POST",
        path="/roots",
        summary="Declare a place where files may be referenced",
        ability=_ROOTS,
        write=declare_root,
        body=RootBody,
        answer=RootAnswer,
        status=201,
        creates=True,
    ),
    Operation(
        name="roots.list",
        method="GET",
        path="/roots",
        summary="List roots",
        ability=Ability.BROWSE,
        read=list_roots,
        query=PageQuery,
        answer=Listing[RootAnswer],
    ),
    Operation(
        name="roots.get",
        method="GET",
        path="/roots/{name}",
        summary="Get a root",
        ability=Ability.BROWSE,
        read=get_root,
        answer=RootAnswer,
    ),
    Operation(
        name="roots.change",
        method="PATCH",
        path="/roots/{name}",
        summary="Spell a root differently",
        ability=_ROOTS,
        write=change_root,
        body=RootChangeBody,
        answer=RootAnswer,
    ),
)
