"""``/admin/tags``: every tag as it is written, which look alike, and merging those that mean the same."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from catalog.assets.tagging import count_tagged, likeness, spellings_in_use
from catalog.curation import editing
from catalog.curation.queries import merged_words
from catalog.curation.tag_merging import propose_merge
from catalog.kernel.abilities import Ability
from catalog.web.forms import find_number
from catalog.web.route import Moved, Reply, Route, Shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from catalog.curation.choosing import Proposal
    from catalog.web.route import Call
    from catalog.work.unit import UnitOfWork
    from catalog.work.view import View

PER_PAGE = 200
TICKED = "tag:"
"""What the name of a tag's checkbox begins with."""


@dataclass(frozen=True, kw_only=True)
class TagRow:
    """A tag in the list. ``alike`` where another differs from it by case, width, accents or hyphens alone."""

    text: str
    count: int
    merged: tuple[str, ...]
    alike: bool
    ticked: bool


def show(call: Call, view: View) -> Shown:
    """Show tags by text, or those that look alike beside each other, and the form that merges."""
    text, alike_only = (call.said("q") or "").strip(), call.said("alike") == "yes"
    page = find_number(call.said("page") or "") or 0
    every = spellings_in_use(view)
    alike = Counter(map(likeness, every))
    tags = [one for one in every if likeness(text) in likeness(one) or not text]
    if alike_only:
        tags = sorted((one for one in tags if alike[likeness(one)] > 1), key=lambda one: (likeness(one), one))
    start = page * PER_PAGE
    values = {
        "rows": _rows(call, view, tags[start : start + PER_PAGE], alike),
        "total": len(tags),
        "alike_count": sum(1 for one in tags if alike[likeness(one)] > 1),
        "text": text,
        "alike_only": alike_only,
        "next_page": page + 1 if len(tags) > start + PER_PAGE else None,
        "page": page,
    }
    return Shown(template="admin/tags.html", values=values)


def preview(call: Call, work: UnitOfWork) -> Reply:
    """Keep what merging would do, and show it; nothing is merged before it is started there."""
    edit = editing.keep(work, call.prepared)
    return Moved(page="bulk_edit", arguments={"id": str(edit.id)})


def _propose(call: Call) -> Proposal:
    """Find and plan before the transaction."""
    ticked = [name.removeprefix(TICKED) for name in call.form if name.startswith(TICKED)]
    with call.house.desk.view(call.actor) as view:
        return propose_merge(view, ticked, call.form.get("into", ""))


def _rows(call: Call, view: View, tags: Sequence[str], alike: Counter[str]) -> list[TagRow]:
    counts, merged = count_tagged(view, tags), merged_words(view, tags)
    return [
        TagRow(
            text=one,
            count=counts.get(one, 0),
            merged=merged.get(one, ()),
            alike=alike[likeness(one)] > 1,
            ticked=TICKED + one in call.form,
        )
        for one in tags
    ]


ROUTES = (
    Route(name="tags", path="/admin/tags", ability=Ability.CURATE, read=show),
    Route(
        name="merge_tags",
        path="/admin/tags/merges",
        ability=Ability.CURATE,
        prepare=_propose,
        write=preview,
        again=show,
    ),
)
