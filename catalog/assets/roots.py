"""Roots: places that an administrator declared, and how each platform and site spells them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from catalog.assets.events import RootChanged, RootDeclared
from catalog.assets.models import Root
from catalog.assets.naming import checked_path
from catalog.assets.vocabulary import Platform
from catalog.kernel.abilities import Ability
from catalog.kernel.errors import Conflict, InvalidInput, NotFound
from catalog.kernel.ids import new_id
from catalog.kernel.paging import Page, Paging, decode_cursor, page_of
from catalog.kernel.unsaid import UNSAID, Unsaid
from catalog.work.revising import refuse_stale, what_changed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from uuid import UUID

    from catalog.work.unit import UnitOfWork
    from catalog.work.view import View

_NAME = re.compile(r"[a-z][a-z0-9_-]{0,63}")


@dataclass(frozen=True, kw_only=True)
class PathTemplate:
    """How a platform spells the root at a site; an absolute path of that platform."""

    platform: Platform
    site: str
    path: str


@dataclass(frozen=True, kw_only=True)
class RootChange:
    """What is to change: how the root is spelled from now on."""

    templates: tuple[PathTemplate, ...] | Unsaid = UNSAID


def declare(work: UnitOfWork, name: str, templates: Sequence[PathTemplate]) -> Root:
    """Declare a root; ``Conflict`` if the name is taken."""
    work.require(Ability.MANAGE_ROOTS)
    if not _NAME.fullmatch(name):
        raise InvalidInput(
            f"root name {name[:80]!r} is not lower-case letters, digits, _ or -, starting with a letter",
            code="bad-root",
        )
    if work.session.scalar(select(Root.id).where(Root.name_key == name)) is not None:
        raise Conflict(f"root {name!r} is declared already; change it instead", code="root-taken")
    root = Root(id=new_id(), name=name, name_key=name, templates=_checked(templates), revision=1, created_at=work.now)
    work.session.add(root)
    work.record(RootDeclared(root_id=root.id, root_name=name, templates=tuple(root.templates)))
    return root


def change(work: UnitOfWork, name: str, said: RootChange, *, if_revision: int | None = None) -> Root:
    """Spell a root differently from now on."""
    work.require(Ability.MANAGE_ROOTS)
    root = get_root(work.view, name)
    work.hold(root)
    refuse_stale(root.name, root.revision, if_revision)
    before = {"templates": root.templates}
    if said.templates is not UNSAID:
        root.templates = _checked(said.templates)
    changes = what_changed(before, {"templates": root.templates})
    if changes:
        root.revision += 1
        work.record(RootChanged(root_id=root.id, changes=changes))
    return root


def get_root(view: View, name: str) -> Root:
    """Return a root by name; ``NotFound`` names those that there are."""
    root = view.session.scalar(select(Root).where(Root.name_key == name.casefold()))
    if root is None:
        known = ", ".join(view.session.scalars(select(Root.name).order_by(Root.name_key).limit(20))) or "none yet"
        raise NotFound(f"there is no root {name[:80]!r}; declared are: {known}", code="unknown-root")
    return root


def page_roots(view: View, paging: Paging) -> Page[Root]:
    """Return roots by name."""
    query = select(Root).order_by(Root.name_key).limit(paging.limit + 1)
    if paging.cursor:
        (after,) = decode_cursor(paging.cursor, str)
        query = query.where(Root.name_key > after)
    return page_of(view.session.scalars(query).all(), paging.limit, lambda root: [root.name_key])


def roots_by_id(view: View, root_ids: Iterable[UUID]) -> dict[UUID, Root]:
    """Return these roots."""
    return {root.id: root for root in view.session.scalars(select(Root).where(Root.id.in_(set(root_ids))))}


def spell(root: Root, root_path: str, *, platform: Platform, site: str) -> str | None:
    """Return where a file under the root lies on this platform at this site; None where no template says."""
    for template in root.templates:
        if template["platform"] == platform and template["site"] == site:
            if platform is Platform.WINDOWS:
                return str(PureWindowsPath(template["path"]) / PureWindowsPath(*root_path.split("/")))
            return str(PurePosixPath(template["path"]) / root_path)
    return None


def locate(root: Root, root_path: str, site: str) -> Path:
    """Return the file on this server; ``NotFound`` without a Linux template, or where the path leaves the root."""
    spelled = spell(root, checked_path(root_path), platform=Platform.LINUX, site=site)
    if spelled is None:
        raise NotFound(f"root {root.name!r} has no linux path at site {site!r}; add a template", code="no-template")
    base = spell(root, "", platform=Platform.LINUX, site=site) or ""
    path = Path(spelled).resolve()
    if not path.is_relative_to(Path(base).resolve()):
        raise NotFound(f"{root_path!r} leads out of root {root.name!r} through a link", code="escaping-path")
    return path


def _checked(templates: Sequence[PathTemplate]) -> list[dict[str, Any]]:
    if not templates:
        raise InvalidInput("a root needs at least one template of platform, site and path", code="bad-root")
    seen: set[tuple[str, str]] = set()
    for template in templates:
        key = (template.platform.value, template.site)
        if key in seen:
            raise InvalidInput(f"platform {key[0]} at site {key[1]} is there twice", code="bad-root")
        seen.add(key)
        pure = PureWindowsPath if template.platform is Platform.WINDOWS else PurePosixPath
        if not pure(template.path).is_absolute() or ".." in pure(template.path).parts:
            raise InvalidInput(f"path {template.path!r} is not absolute on {template.platform}", code="bad-root")
    return [{"platform": one.platform.value, "site": one.site, "path": one.path} for one in templates]
