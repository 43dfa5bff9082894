"""``/admin/roots``: places that were declared, and how each platform and site spells them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalog.assets import roots
from catalog.assets.roots import PathTemplate, RootChange
from catalog.assets.vocabulary import Platform
from catalog.kernel.abilities import Ability
from catalog.kernel.errors import InvalidInput
from catalog.kernel.paging import Paging
from catalog.web.forms import revision_of
from catalog.web.languages import gettext
from catalog.web.route import Moved, Reply, Route, Shown

if TYPE_CHECKING:
    from catalog.web.route import Call
    from catalog.work.unit import UnitOfWork
    from catalog.work.view import View

PER_PAGE = 100
LINES_MAX = 100


def list_roots(call: Call, view: View) -> Shown:
    """Show every root, and the form for another."""
    page = roots.page_roots(view, Paging(limit=PER_PAGE, cursor=call.asked("cursor")))
    values = {"rows": page.items, "next_cursor": page.next_cursor, "platforms": tuple(Platform)}
    return Shown(template="admin/roots.html", values=values)


def declare(call: Call, work: UnitOfWork) -> Reply:
    """Declare a root."""
    root = roots.declare(work, call.form.get("name", "").strip(), _templates(call))
    return Moved(page="roots", saying=gettext("Root %(name)s is declared.", name=root.name))


def show_root(call: Call, view: View) -> Shown:
    """Show one root, and the form that changes it."""
    root = roots.get_root(view, call.path["name"])
    lines = "\n".join(f"{one['platform']} {one['site']} {one['path']}" for one in root.templates)
    return Shown(template="admin/root.html", values={"root": root, "lines": lines, "platforms": tuple(Platform)})


def change(call: Call, work: UnitOfWork) -> Reply:
    """Spell a root differently from now on."""
    said = RootChange(templates=_templates(call))
    root = roots.change(work, call.path["name"], said, if_revision=revision_of(call))
    return Moved(
        page="root", arguments={"name": root.name}, saying=gettext("Root %(name)s is changed.", name=root.name)
    )


def _templates(call: Call) -> tuple[PathTemplate, ...]:
    """Read one template a line: ``linux main /mnt/library``. A path may hold spaces."""
    lines = [line for line in call.form.get("templates", "").splitlines() if line.strip()]
    if len(lines) > LINES_MAX:
        raise InvalidInput(f"a root has at most {LINES_MAX} templates, these are {len(lines)}", code="bad-root")
    return tuple(map(_template, lines))


def _template(line: str) -> PathTemplate:
    platform, site, path = (*line.split(maxsplit=2), "", "", "")[:3]
    if platform not in set(Platform) or not path:
        raise InvalidInput(
            f"the line {line[:80]!r} is not a platform ({', '.join(Platform)}), a site and a path", code="bad-root"
        )
    return PathTemplate(platform=Platform(platform), site=site, path=path.strip())


_ROOTS = Ability.MANAGE_ROOTS
ROUTES = (
    Route(name="roots", path="/admin/roots", ability=_ROOTS, read=list_roots),
    Route(name="declare_root", path="/admin/roots", ability=_ROOTS, write=declare, again=list_roots),
    Route(name="root", path="/admin/roots/{name}", ability=_ROOTS, read=show_root),
    Route(name="change_root", path="/admin/roots/{name}", ability=_ROOTS, write=change, again=show_root),
)
