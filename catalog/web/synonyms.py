"""``/admin/synonyms``: words of the trade that mean the same to a search, in one text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalog.kernel.abilities import Ability
from catalog.search import trade_words
from catalog.web.forms import revision_of
from catalog.web.languages import gettext
from catalog.web.route import Moved, Reply, Route, Shown

if TYPE_CHECKING:
    from catalog.web.route import Call
    from catalog.work.unit import UnitOfWork
    from catalog.work.view import View


def show(_call: Call, view: View) -> Shown:
    """Show the synonyms, and the form that changes them."""
    return Shown(template="admin/synonyms.html", values={"words": trade_words.trade_words(view)})


def change(call: Call, work: UnitOfWork) -> Reply:
    """Change the synonyms."""
    trade_words.change(work, call.form.get("text", ""), if_revision=revision_of(call))
    return Moved(page="synonyms", saying=gettext("The synonyms are changed; searches use them from now on."))


ROUTES = (
    Route(name="synonyms", path="/admin/synonyms", ability=Ability.CURATE, read=show),
    Route(name="change_synonyms", path="/admin/synonyms", ability=Ability.CURATE, write=change, again=show),
)
