"""``/assets.csv`` and ``/assets.json``: all that a search finds, as a file; and how any list becomes one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalog.kernel.abilities import Ability
from catalog.kernel.errors import InvalidInput
from catalog.kernel.exports import Form
from catalog.search import exporting
from catalog.web import search_address
from catalog.web.route import Content, Reply, Route
from catalog.web.search import question_of

if TYPE_CHECKING:
    from catalog.kernel.exports import Exported
    from catalog.web.route import Call
    from catalog.work.view import View


def export_search(call: Call, _view: View) -> Reply:
    """Return all that a search finds as CSV or JSON: the address is that of its page, with a suffix."""
    question = question_of(search_address.read(call.query), limit=1, facets=())
    form, bom = form_of(call.path["form"]), for_spreadsheets(call)
    return as_file(exporting.export(call.house.desk, call.actor, call.house.index, question, form, bom=bom))


def for_spreadsheets(call: Call) -> bool:
    """Whether formulas are to be text: unless the address says otherwise, for browsers hand CSV to a spreadsheet."""
    return call.asked("bom") != "no"


def form_of(asked: str | None) -> Form:
    """Read as what something is exported; CSV where nothing is said."""
    if asked and asked not in set(Form):
        raise InvalidInput(f"form {asked[:20]!r} is none of {', '.join(Form)}", code="bad-form")
    return Form(asked) if asked else Form.CSV


def as_file(made: Exported) -> Content:
    """Return an export as a file for the browser to keep."""
    return Content(body=made.chunks, headers=made.headers)


ROUTES = (
    Route(name="export_search", path=f"{search_address.PATH}.{{form}}", ability=Ability.BROWSE, read=export_search),
)
