"""What somebody did with a token as sentences, each with the way to what it was about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from catalog.assets.queries import assets_by_id
from catalog.web import wording
from catalog.web.happenings import Happening, plainly_told, told_of_several
from catalog.web.languages import marked

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from catalog.assets.models import Asset
    from catalog.ledger.queries import Entry
    from catalog.work.view import View

SENTENCES = {  # of every event that is about no asset, or about many
    "tags.merged/1": marked("Merged tags"),
    "tags.unmerged/1": marked("Took a merge of tags back"),
    "root.declared/1": marked("Declared a root"),
    "root.changed/1": marked("Changed a root"),
    "show.created/1": marked("Made a show"),
    "show.changed/1": marked("Changed a show"),
    "synonyms.changed/1": marked("Changed the synonyms"),
    "edit.started/1": marked("Started a bulk edit"),
    "edit.cancelled/1": marked("Stopped a bulk edit"),
    "edit.undone/1": marked("Took a bulk edit back"),
    "field.defined/1": marked("Defined a field"),
    "field.changed/1": marked("Changed a field"),
    "field.retired/1": marked("Retired a field"),
    "field.reinstated/1": marked("Brought a field back"),
    "job.retried/1": marked("Had a job done again"),
    "store.adopted/1": marked("Adopted a store"),
    "mass_removal.allowed/1": marked("Allowed many removals at once"),
    "user.created/1": marked("Made an account"),
    "user.changed/1": marked("Changed an account"),
    "group.created/1": marked("Made a group"),
    "group.changed/1": marked("Changed a group"),
    "token.issued/1": marked("Made a token"),
    "token.revoked/1": marked("Revoked a token"),
    "collection.created/1": marked("Began a collection"),
    "collection.changed/1": marked("Changed a collection"),
    "collection.removed/1": marked("Removed a collection"),
    "collection.items_added/1": marked("Added to a collection"),
    "collection.items_moved/1": marked("Put a collection in another order"),
    "collection.items_dropped/1": marked("Took out of a collection"),
    "collection.item_changed/1": marked("Changed what stands in a collection"),
    "collection.link_made/1": marked("Made a link to a collection"),
    "collection.link_revoked/1": marked("Ended a link to a collection"),
    "search.saved/1": marked("Saved a search"),
    "search.changed/1": marked("Changed a saved search"),
    "search.removed/1": marked("Removed a saved search"),
}
_PAGES = {"collection": "collection", "search": "saved_search", "edit": "bulk_edit"}
"""The pages of what is shown by its id."""


_GONE = ("collection.removed", "search.removed")
_NAMES = ("title", "code", "login", "token_name", "root_name", "link_name", "field")


@dataclass(frozen=True, kw_only=True)
class Deed:
    """One thing that was done to an asset of this code and so many more, or to what is named so and has a page.

    ``place`` is the show and farm job that a script said it worked for.
    """

    happening: Happening
    code: str | None = None
    more: int = 0
    named: str | None = None
    page: str | None = None
    page_id: UUID | None = None
    place: str = ""


def deeds_of(view: View, entries: Sequence[Entry]) -> list[Deed]:
    """Return what was done, in the same order."""
    assets = assets_by_id(view, (one for entry in entries for one in _assets(entry)[:1]))
    homes = {entry.seq: assets[one] for entry in entries for one in _assets(entry)[:1] if one in assets}
    happenings = told_of_several(view, [(homes[entry.seq], entry) for entry in entries if entry.seq in homes])
    sentences = {one.seq: one for one in happenings}
    return [_deed(entry, homes.get(entry.seq), sentences.get(entry.seq)) for entry in entries]


def _assets(entry: Entry) -> list[UUID]:
    return [subject for kind, subject in entry.subjects if kind == "asset"]


def _deed(entry: Entry, asset: Asset | None, happening: Happening | None) -> Deed:
    place = wording.listed([str(said) for said in (entry.actor.get("context") or {}).values()])
    if asset and happening:
        return Deed(happening=happening, code=asset.code, more=len(_assets(entry)) - 1, place=place)
    pages = [(_PAGES[kind], subject) for kind, subject in entry.subjects if kind in _PAGES]
    page, page_id = pages[0] if pages and not entry.type.startswith(_GONE) else (None, None)
    values = entry.values or {}
    return Deed(
        happening=plainly_told(entry, SENTENCES),
        named=next((values[name] for name in _NAMES if values.get(name)), None),
        page=page,
        page_id=page_id,
        place=place,
    )
