"""Ledger entries as sentences: what happened to an asset, for people."""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from catalog.assets.queries import assets_by_id
from catalog.assets.vocabulary import RelationKind
from catalog.web import wording
from catalog.web.custom_fields import PREFIX, labels
from catalog.web.languages import gettext, marked

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from catalog.assets.models import Asset
    from catalog.ledger.queries import Entry
    from catalog.work.view import View

FIELDS = {
    "name": marked("Name"),
    "description": marked("Description"),
    "kind": marked("Kind"),
    "status": marked("Status"),
    "tags": marked("Tags"),
    "aliases": marked("Aliases"),
    "external_ids": marked("External ids"),
    "owner": marked("Owner"),
    "show": marked("Show"),
    "audience": marked("Audience"),
    "text": marked("Text"),
    "severity": marked("Severity"),
    "assignee": marked("Assigned to"),
}
SENTENCES = {  # of every event that is about an asset
    "asset.registered/1": marked("Registered as %(code)s"),
    "asset.changed/1": marked("Changed"),
    "asset.related/1": marked("Related to another asset"),
    "asset.unrelated/1": marked("No longer related to another asset"),
    "asset.retired/1": marked("Retired"),
    "asset.merged/1": marked("Merged into"),
    "asset.unmerged/1": marked("No longer merged into"),
    "version.drafted/1": marked("Drafted version %(number)s with %(files)s"),
    "version.submitted/1": marked("Submitted version %(number)s for publication"),
    "version.awaits_review/1": marked("Version %(number)s waits for review"),
    "version.sent_back/1": marked("Sent version %(number)s back"),
    "version.published/1": marked("Published version %(number)s"),
    "version.refused/1": marked("Version %(number)s was not published"),
    "version.deprecated/1": marked("Deprecated version %(number)s"),
    "version.withdrawn/1": marked("Withdrew version %(number)s"),
    "version.inspected/1": marked("Measured version %(number)s"),
    "note.written/1": marked("Noted on version %(number)s"),
    "note.changed/1": marked("Changed a note on version %(number)s"),
    "note.removed/1": marked("Removed a note on version %(number)s"),
    "issue.reported/1": marked("Reported an issue of version %(number)s"),
    "issue.changed/1": marked("Changed an issue of version %(number)s"),
    "issue.closed/1": marked("Closed an issue of version %(number)s"),
    "issue.reopened/1": marked("Reopened an issue of version %(number)s"),
    "issue.removed/1": marked("Removed an issue of version %(number)s"),
    "files.released/1": marked("Released %(released)s (%(how)s)"),
}
_RELATIONS = ("asset.related/1", "asset.unrelated/1")
_MERGES = {  # as the one that stays has it
    "asset.merged/1": marked("Merged here:"),
    "asset.unmerged/1": marked("No longer merged here:"),
}
_REASONS = ("reason", "problem", "note", "text")
_LONGEST = 400


@dataclass(frozen=True, kw_only=True)
class FieldChange:
    """One field that changed. ``before`` and ``after`` are None where its values are not this viewer's to see."""

    field: str
    before: str | None
    after: str | None


@dataclass(frozen=True, kw_only=True)
class Happening:
    """One thing that happened: who did what, when, why. ``other`` is the code of another asset that it is about."""

    seq: int
    at: datetime
    who: str
    for_whom: str | None
    through: str | None
    what: str
    other: str | None = None
    because: str | None = None
    number: int | None = None
    changes: tuple[FieldChange, ...] = ()


def told(view: View, asset: Asset, entries: Sequence[Entry]) -> list[Happening]:
    """Return what happened to an asset as sentences."""
    return told_of_several(view, [(asset, entry) for entry in entries])


def told_of_several(view: View, entries: Sequence[tuple[Asset, Entry]]) -> list[Happening]:
    """Return what happened to each asset as sentences; one query finds the other assets that they name."""
    others = {
        subject
        for asset, entry in entries
        for _, subject in entry.subjects
        if _names_another(entry) and subject != asset.id
    }
    codes = {asset_id: one.code for asset_id, one in assets_by_id(view, others).items()} if others else {}
    custom = labels(view) if any(name.startswith(PREFIX) for _, entry in entries for name in _changes(entry)) else {}
    return [_tell(asset, entry, codes, custom) for asset, entry in entries]


def plainly_told(entry: Entry, sentences: Mapping[str, str]) -> Happening:
    """Return an entry that is about no asset as a sentence of these, or else as its type says it."""
    return _happening(entry, gettext(sentences[entry.type]) if entry.type in sentences else _spelled(entry))


def _names_another(entry: Entry) -> bool:
    return entry.type in _RELATIONS or entry.type in _MERGES


def _changes(entry: Entry) -> Mapping[str, list[Any] | None]:
    return (entry.values or {}).get("changes") or {}


def _tell(asset: Asset, entry: Entry, codes: Mapping[UUID, str], custom: Mapping[str, str]) -> Happening:
    values = entry.values or {}
    related = entry.type in _RELATIONS and values
    others = [codes[subject] for _, subject in entry.subjects if subject in codes and subject != asset.id]
    return replace(
        _happening(entry, _relation(asset, entry, values) if related else _sentence(asset, entry, values)),
        other=others[0] if others and _names_another(entry) else None,
        because=next((values[field] for field in _REASONS if values.get(field)), None),
        number=values.get("number") if entry.type.startswith(("version.", "note.", "issue.")) else None,
        changes=changes_told(_changes(entry), custom),
    )


def _happening(entry: Entry, what: str) -> Happening:
    return Happening(
        seq=entry.seq,
        at=entry.at,
        who=entry.actor["name"],
        for_whom=entry.actor.get("on_behalf_of"),
        through=entry.actor.get("through"),
        what=what,
    )


def _spelled(entry: Entry) -> str:
    return entry.type.rpartition("/")[0].replace(".", " ").capitalize()


def _sentence(asset: Asset, entry: Entry, values: dict[str, Any]) -> str:
    entry_type = entry.type
    if entry_type in _MERGES and ("target", asset.id) in entry.subjects:
        return gettext(_MERGES[entry_type])
    known = SENTENCES.get(entry_type)
    if known is None or not (values or entry_type in _MERGES):
        return _spelled(entry)
    told = gettext(
        known,
        code=values.get("code"),
        number=values.get("number"),
        files=wording.counted(values.get("file_count") or 0, "%(count)s file", "%(count)s files"),
        released=_released(asset, values),
        how=wording.plain(values.get("how", "unknown")),
    )
    use = _for_what(values.get("use") or {})
    return gettext("%(what)s for %(use)s", what=told, use=use) if use else told


def _released(asset: Asset, values: dict[str, Any]) -> str:
    """Return what left of this asset: whole versions, or how many files of each."""
    mine = [_of_version(one) for one in values.get("files") or () if one["asset"] == asset.code]
    return wording.listed(mine) or gettext("originals")


def _of_version(grant: dict[str, Any]) -> str:
    version, paths = gettext("version %(number)s", number=grant["number"]), grant["paths"]
    if paths is None:
        return version
    files = wording.counted(len(paths), "%(count)s file", "%(count)s files")
    return gettext("%(files)s of %(version)s", files=files, version=version)


def _for_what(use: dict[str, str]) -> str:
    said = [wording.purpose(use["purpose"]).lower().replace("ai ", "AI ")] if "purpose" in use else []
    named = {"show": gettext("show"), "shot": gettext("shot")}
    said += [f"{word} {use[key]}" for key, word in named.items() if key in use]
    return wording.listed(said)


def _relation(asset: Asset, entry: Entry, values: dict[str, Any]) -> str:
    """Return the relation as this asset has it: what it contains or was made from, or what uses it."""
    kind = RelationKind(values["kind"])
    words = gettext((wording.OUTGOING if ("asset", asset.id) in entry.subjects else wording.USED_BY)[kind])
    if entry.type == "asset.related/1":
        return words
    ended = words[0].lower() + words[1:]
    return gettext("No longer: %(relation)s", relation=ended)


def changes_told(
    changes: Mapping[str, list[Any] | None], custom: Mapping[str, str] = MappingProxyType({})
) -> tuple[FieldChange, ...]:
    """Return [before, after] by field as people read it; ``custom`` are labels of custom fields.

    Fields that have no name for people are left out.
    """
    named = {field: custom.get(field) or (gettext(FIELDS[field]) if field in FIELDS else "") for field in changes}
    return tuple(_change(field, named[field], pair) for field, pair in changes.items() if named[field])


def _change(field: str, label: str, pair: list[Any] | None) -> FieldChange:
    if pair is None:
        return FieldChange(field=label, before=None, after=None)
    before, after = pair
    return FieldChange(field=label, before=_said(field, before), after=_said(field, after))


def _said(field: str, value: Any) -> str:  # noqa: ANN401 — JSON is what it is
    if field == "audience" and value is None:
        return gettext("the whole studio")
    if field == "kind":
        return wording.kind(value)
    if field == "status":
        return wording.status(value)
    if isinstance(value, list):
        value = ", ".join(map(_one, value))
    text = gettext("nothing") if value is None or value == "" else str(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _one(value: Any) -> str:  # noqa: ANN401 — as above
    match value:
        case {"text": text}:
            return str(text)
        case [system, name]:
            return f"{system}:{name}"
        case _:
            return str(value)
