"""``/admin/shows``: productions, who may know of them, and whether their versions are reviewed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalog.accounts.audiences import group_codes
from catalog.kernel.abilities import Ability
from catalog.kernel.paging import Paging
from catalog.shows import queries, registry
from catalog.shows.registry import NewShow, ShowChange
from catalog.web.forms import revision_of, words_of
from catalog.web.languages import gettext
from catalog.web.route import Moved, Reply, Route, Shown

if TYPE_CHECKING:
    from catalog.web.route import Call
    from catalog.work.unit import UnitOfWork
    from catalog.work.view import View

PER_PAGE = 50


def list_shows(call: Call, view: View) -> Shown:
    """Show the productions, and the form for another."""
    page = queries.page_shows(view, Paging(limit=PER_PAGE, cursor=call.asked("cursor")))
    values = {
        "rows": page.items,
        "audiences": group_codes(view.session, [show.audience_id for show in page.items]),
        "next_cursor": page.next_cursor,
    }
    return Shown(template="admin/shows.html", values=values)


def create(call: Call, work: UnitOfWork) -> Reply:
    """Enter a show."""
    form = call.form
    new = NewShow(
        code=form.get("code", "").strip(),
        name=form.get("name", ""),
        description=form.get("description", ""),
        audience=_audience(call),
        reviewed="reviewed" in form,
    )
    show = registry.create_show(work, new)
    return Moved(page="show", arguments={"code": show.code}, saying=gettext("Show %(code)s is made.", code=show.code))


def show_one(call: Call, view: View) -> Shown:
    """Show one production, and the form that changes it."""
    show = queries.get_show(view, call.path["code"])
    groups = group_codes(view.session, [show.audience_id]).get(show.audience_id, []) if show.audience_id else []
    return Shown(template="admin/show.html", values={"show": show, "groups": groups})


def change(call: Call, work: UnitOfWork) -> Reply:
    """Change what is said of a show, who may know of it, and whether its versions are reviewed."""
    show = registry.change_show(work, call.path["code"], _said(call), if_revision=revision_of(call))
    return Moved(
        page="show", arguments={"code": show.code}, saying=gettext("Show %(code)s is changed.", code=show.code)
    )


def _said(call: Call) -> ShowChange:
    form = call.form
    return ShowChange(
        name=form.get("name", ""),
        description=form.get("description", ""),
        audience=_audience(call),
        reviewed="reviewed" in form,
    )


def _audience(call: Call) -> tuple[str, ...] | None:
    """Return the groups that the form names; None, the whole studio, where it names none."""
    return words_of(call.form.get("audience", "")) or None


_SHOWS = Ability.MANAGE_SHOWS
ROUTES = (
    Route(name="shows", path="/admin/shows", ability=_SHOWS, read=list_shows),
    Route(name="create_show", path="/admin/shows", ability=_SHOWS, write=create, again=list_shows),
    Route(name="show", path="/admin/shows/{code}", ability=_SHOWS, read=show_one),
    Route(name="change_show", path="/admin/shows/{code}", ability=_SHOWS, write=change, again=show_one),
)
