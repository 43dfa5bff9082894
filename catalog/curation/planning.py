"""What an instruction means for one asset: the decision, with its reason. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from catalog.assets.tagging import TAGS_MAX, checked_tags, tag_key
from catalog.assets.vocabulary import AssetStatus, Kind
from catalog.curation.vocabulary import Reason, RowState
from catalog.fields.values import merged
from catalog.kernel.errors import InvalidInput
from catalog.kernel.texts import checked_text

CUSTOM = "fields."
"""How the ledger begins the name of a custom field."""


@dataclass(frozen=True, kw_only=True)
class Instruction:
    """What is to be done to every asset of a set.

    ``set_tags`` replaces all tags, None leaves them; then some are removed, then some added. ``merge_tags`` are written
    as ``into``, also on retired assets: words are the studio's, not the asset's. ``owner_id`` counts where
    ``owner`` says somebody, ``disown`` takes the owner away. ``retire`` is the reason of a retirement. ``fields`` are
    values of custom fields by name; None empties one.
    """

    add_tags: tuple[str, ...] = ()
    remove_tags: tuple[str, ...] = ()
    set_tags: tuple[str, ...] | None = None
    merge_tags: tuple[str, ...] = ()
    into: str | None = None
    owner: str | None = None
    owner_id: UUID | None = None
    disown: bool = False
    kind: Kind | None = None
    retire: str | None = None
    reinstate: bool = False
    fields: Mapping[str, Any] = field(default_factory=dict)

    @property
    def changes_status(self) -> bool:
        """Whether it retires or reinstates."""
        return self.retire is not None or self.reinstate

    @property
    def changes_fields(self) -> bool:
        """Whether it changes what is said of assets."""
        tags = bool(self.add_tags or self.remove_tags or self.merge_tags) or self.set_tags is not None
        return tags or self.owner is not None or self.disown or self.kind is not None or bool(self.fields)

    def as_json(self) -> dict[str, Any]:
        """Return what is kept of it: what it says, and nothing that it leaves out."""
        said = {name: value for name, value in vars(self).items() if value not in (None, (), False, {})}
        if self.set_tags is not None:
            said["set_tags"] = list(self.set_tags)
        return {name: _plain(value) for name, value in said.items()}


def read_instruction(said: Mapping[str, Any]) -> Instruction:
    """Return an instruction as it was kept."""
    read: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in said.items()}
    if "owner_id" in read:
        read["owner_id"] = UUID(read["owner_id"])
    if "kind" in read:
        read["kind"] = Kind(read["kind"])
    return Instruction(**read)


def checked(said: Instruction) -> Instruction:
    """Return an instruction with its texts checked; ``InvalidInput`` where it says nothing, or two things at once."""
    if not (said.changes_fields or said.changes_status):
        raise InvalidInput(
            "say what is to change: tags, owner, kind, status or custom fields", code="nothing-to-change"
        )
    clashes = {
        "retire and reinstate": said.retire is not None and said.reinstate,
        "owner and disown": said.owner is not None and said.disown,
        "the same tag to add and to remove": not _keys(said.add_tags).isdisjoint(_keys(said.remove_tags)),
    }
    for words, clash in clashes.items():
        if clash:
            raise InvalidInput(f"{words} contradict each other; say one of them", code="contradiction")
    return replace(
        said,
        add_tags=tuple(checked_tags(said.add_tags)),
        remove_tags=tuple(checked_tags(said.remove_tags)),
        set_tags=None if said.set_tags is None else tuple(checked_tags(said.set_tags)),
        retire=None if said.retire is None else checked_text("reason", said.retire, required=True),
    )


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What an instruction may change of an asset, as it is now; ``owner`` is a user's id."""

    tags: Sequence[str]
    owner: str | None
    kind: str
    status: str
    retirement_reason: str | None
    merged: bool = False
    fields: Mapping[str, Any] = field(default_factory=dict)

    def by_field(self) -> dict[str, Any]:
        """Return all of it, custom fields by the names that the ledger has."""
        told = {name: value for name, value in vars(self).items() if name != "fields"}
        return told | {f"{CUSTOM}{name}": value for name, value in self.fields.items()}


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What would become of an asset: [before, after] by field, or why nothing would."""

    state: RowState
    reason: Reason | None = None
    changes: Mapping[str, list[Any]] = field(default_factory=dict)


def plan(asset: Standing, said: Instruction) -> Plan:
    """Decide what an instruction means for an asset.

    One that was merged into another is left alone, and a retired one, unless it is to be reinstated.
    """
    if asset.merged:
        return Plan(state=RowState.REFUSED, reason=Reason.MERGED)
    if asset.status == AssetStatus.RETIRED and not (said.reinstate or said.into):
        if said.changes_fields:
            return Plan(state=RowState.REFUSED, reason=Reason.RETIRED)
        return Plan(state=RowState.SAME)
    tags = _tags(asset.tags, said)
    if len(tags) > TAGS_MAX:
        return Plan(state=RowState.REFUSED, reason=Reason.TOO_MANY_TAGS)
    before, after = asset.by_field(), _changed(replace(asset, tags=tags), said).by_field()
    pairs = {name: [before.get(name), after.get(name)] for name in (before | after)}
    changes = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
    return Plan(state=RowState.PLANNED if changes else RowState.SAME, changes=changes)


def _changed(asset: Standing, said: Instruction) -> Standing:
    if said.owner is not None or said.disown:
        asset = replace(asset, owner=str(said.owner_id) if said.owner_id else None)
    if said.kind is not None:
        asset = replace(asset, kind=said.kind.value)
    if said.fields:
        asset = replace(asset, fields=merged(asset.fields, said.fields))
    if said.reinstate:
        return replace(asset, status=AssetStatus.ACTIVE.value, retirement_reason=None)
    if said.retire is not None:
        return replace(asset, status=AssetStatus.RETIRED.value, retirement_reason=said.retire)
    return asset


def _tags(there: Sequence[str], said: Instruction) -> list[str]:
    if said.into is not None:
        return _merged(there, _keys(said.merge_tags), said.into)
    tags = list(there if said.set_tags is None else said.set_tags)
    taken = _keys(said.remove_tags)
    tags = [tag for tag in tags if tag_key(tag) not in taken]
    known = _keys(tags)
    return tags + [tag for tag in said.add_tags if tag_key(tag) not in known]


def _merged(there: Sequence[str], keys: set[str], into: str) -> list[str]:
    """Return tags with some written as another, which stands once and in the place of the first of them."""
    once: dict[str, str] = {}
    for tag in there:
        written = into if tag_key(tag) in keys else tag
        once.setdefault(tag_key(written), written)
    return list(once.values())


def _keys(tags: Iterable[str]) -> set[str]:
    return {tag_key(tag) for tag in tags}


def _plain(value: Any) -> Any:  # noqa: ANN401 — a field of an instruction
    return list(value) if isinstance(value, tuple) else str(value) if isinstance(value, UUID) else value
