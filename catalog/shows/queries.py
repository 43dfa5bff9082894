"""Reading shows; hidden and absent look the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Select, select

from catalog.accounts.audiences import admits
from catalog.kernel.errors import NotFound
from catalog.kernel.paging import Page, Paging, decode_cursor, page_of
from catalog.shows.models import Show

if TYPE_CHECKING:
    from catalog.work.view import View


def visible_shows(view: View) -> Select[Show]:
    """Return the query over shows that the viewer may know of; every read of shows starts here."""
    return select(Show).where(admits(view, Show.audience_id))


def get_show(view: View, code: str) -> Show:
    """Return one show; ``NotFound`` if it is absent or hidden."""
    show = view.session.scalar(visible_shows(view).where(Show.code_key == code.casefold()))
    if show is None:
        raise NotFound(f"there is no show {code[:80]!r}", code="unknown-show")
    return show


def page_shows(view: View, paging: Paging) -> Page[Show]:
    """Return shows by code."""
    query = visible_shows(view).order_by(Show.code_key).limit(paging.limit + 1)
    if paging.cursor:
        (after,) = decode_cursor(paging.cursor, str)
        query = query.where(Show.code_key > after)
    return page_of(view.session.scalars(query).all(), paging.limit, lambda show: [show.code_key])
