"""What follows from what: every event names its consequences, every owed job can be paid, and no schema changes."""

from dataclasses import fields

from catalog.assets.settling import settle_version
from catalog.jobs.vocabulary import JOB_KINDS
from catalog.ledger.event import EVENT_TYPES, Event
from catalog.reactions import PAYMENTS, REACTIONS

PUBLISHED: dict[str, dict[str, str]] = {
    "asset.changed/1": {"asset_id": "UUID", "changes": "dict[str, Any]"},
    "asset.merged/1": {
        "asset_id": "UUID",
        "target_id": "UUID",
        "tags": "tuple[str, ...]",
        "aliases": "tuple[dict[str, str], ...]",
        "fields": "dict[str, Any]",
    },
    "asset.registered/1": {"asset_id": "UUID", "code": "str", "title": "str", "kind": "str"},
    "asset.related/1": {
        "asset_id": "UUID",
        "target_id": "UUID",
        "kind": "str",
        "number": "int | None",
        "count": "int | None",
    },
    "asset.retired/1": {"asset_id": "UUID", "reason": "str"},
    "asset.unmerged/1": {"asset_id": "UUID", "target_id": "UUID"},
    "asset.unrelated/1": {"asset_id": "UUID", "target_id": "UUID", "kind": "str", "number": "int | None"},
    "edit.cancelled/1": {"edit_id": "UUID", "left": "int"},
    "edit.started/1": {"edit_id": "UUID", "instruction": "dict[str, Any]", "assets": "int"},
    "edit.undone/1": {"edit_id": "UUID", "assets": "int"},
    "collection.changed/1": {"collection_id": "UUID", "changes": "dict[str, Any]"},
    "collection.created/1": {"collection_id": "UUID", "title": "str"},
    "collection.item_changed/1": {"collection_id": "UUID", "collected_id": "UUID", "changes": "dict[str, Any]"},
    "collection.items_added/1": {
        "collection_id": "UUID",
        "collected_ids": "tuple[UUID, ...]",
        "items": "tuple[str, ...]",
    },
    "collection.items_dropped/1": {
        "collection_id": "UUID",
        "collected_ids": "tuple[UUID, ...]",
        "items": "tuple[str, ...]",
    },
    "collection.items_moved/1": {
        "collection_id": "UUID",
        "collected_ids": "tuple[UUID, ...]",
        "items": "tuple[str, ...]",
    },
    "collection.link_made/1": {
        "collection_id": "UUID",
        "link_id": "UUID",
        "link_name": "str",
        "expires_at": "str",
    },
    "collection.link_revoked/1": {"collection_id": "UUID", "link_id": "UUID", "link_name": "str"},
    "collection.removed/1": {"collection_id": "UUID", "title": "str"},
    "field.changed/1": {"field_id": "UUID", "field": "str", "changes": "dict[str, Any]"},
    "field.defined/1": {"field_id": "UUID", "field": "str", "type": "str", "label": "str"},
    "field.reinstated/1": {"field_id": "UUID", "field": "str"},
    "field.retired/1": {"field_id": "UUID", "field": "str"},
    "files.released/1": {
        "admission_id": "UUID",
        "asset_ids": "tuple[UUID, ...]",
        "version_ids": "tuple[UUID, ...]",
        "how": "str",
        "use": "dict[str, Any]",
        "files": "tuple[dict[str, Any], ...]",
    },
    "group.changed/1": {"group_id": "UUID", "changes": "dict[str, Any]"},
    "group.created/1": {"group_id": "UUID", "code": "str", "members": "tuple[str, ...]"},
    "issue.changed/1": {
        "note_id": "UUID",
        "version_id": "UUID",
        "asset_id": "UUID",
        "number": "int",
        "changes": "dict[str, Any]",
    },
    "issue.closed/1": {
        "note_id": "UUID",
        "version_id": "UUID",
        "asset_id": "UUID",
        "number": "int",
        "closing_version": "int | None",
    },
    "issue.removed/1": {"note_id": "UUID", "version_id": "UUID", "asset_id": "UUID", "number": "int", "text": "str"},
    "issue.reopened/1": {"note_id": "UUID", "version_id": "UUID", "asset_id": "UUID", "number": "int"},
    "issue.reported/1": {
        "note_id": "UUID",
        "version_id": "UUID",
        "asset_id": "UUID",
        "number": "int",
        "text": "str",
        "severity": "str",
        "assignee": "str | None",
    },
    "job.retried/1": {"job_id": "UUID", "kind": "str"},
    "mass_removal.allowed/1": {"sweep_id": "UUID", "store": "str"},
    "note.changed/1": {
        "note_id": "UUID",
        "version_id": "UUID",
        "asset_id": "UUID",
        "number": "int",
        "changes": "dict[str, Any]",
    },
    "note.removed/1": {"note_id": "UUID", "version_id": "UUID", "asset_id": "UUID", "number": "int", "text": "str"},
    "note.written/1": {"note_id": "UUID", "version_id": "UUID", "asset_id": "UUID", "number": "int", "text": "str"},
    "root.changed/1": {"root_id": "UUID", "changes": "dict[str, Any]"},
    "root.declared/1": {"root_id": "UUID", "root_name": "str", "templates": "tuple[dict[str, Any], ...]"},
    "search.changed/1": {"search_id": "UUID", "changes": "dict[str, Any]"},
    "search.removed/1": {"search_id": "UUID", "title": "str"},
    "search.saved/1": {"search_id": "UUID", "title": "str", "query": "str", "shared": "bool"},
    "show.changed/1": {"show_id": "UUID", "changes": "dict[str, Any]"},
    "show.created/1": {
        "show_id": "UUID",
        "code": "str",
        "title": "str",
        "audience": "tuple[str, ...] | None",
        "reviewed": "bool",
    },
    "store.adopted/1": {"sweep_id": "UUID", "store": "str", "address": "str"},
    "synonyms.changed/1": {
        "synonyms_id": "UUID",
        "added": "tuple[str, ...]",
        "removed": "tuple[str, ...]",
    },
    "tags.merged/1": {"merge_id": "UUID", "tags": "tuple[str, ...]", "into": "str"},
    "tags.unmerged/1": {"merge_id": "UUID", "tags": "tuple[str, ...]"},
    "token.issued/1": {
        "token_id": "UUID",
        "user_id": "UUID",
        "token_name": "str",
        "scopes": "tuple[str, ...]",
        "networks": "tuple[str, ...]",
        "service": "bool",
        "expires_at": "str | None",
    },
    "token.revoked/1": {"token_id": "UUID", "user_id": "UUID", "token_name": "str"},
    "user.changed/1": {"user_id": "UUID", "changes": "dict[str, Any]"},
    "user.created/1": {"user_id": "UUID", "login": "str", "display_name": "str", "roles": "tuple[str, ...]"},
    "version.awaits_review/1": {"version_id": "UUID", "asset_id": "UUID", "number": "int", "note": "str"},
    "version.deprecated/1": {"version_id": "UUID", "asset_id": "UUID", "number": "int", "reason": "str"},
    "version.drafted/1": {
        "version_id": "UUID",
        "asset_id": "UUID",
        "number": "int",
        "file_count": "int",
        "size_bytes": "int",
        "manifest_sha256": "str",
    },
    "version.inspected/1": {"version_id": "UUID", "asset_id": "UUID", "number": "int", "findings": "tuple[str, ...]"},
    "version.published/1": {
        "version_id": "UUID",
        "asset_id": "UUID",
        "number": "int",
        "manifest_sha256": "str",
        "note": "str",
    },
    "version.refused/1": {"version_id": "UUID", "asset_id": "UUID", "number": "int", "problem": "str"},
    "version.sent_back/1": {"version_id": "UUID", "asset_id": "UUID", "number": "int", "reason": "str"},
    "version.submitted/1": {"version_id": "UUID", "asset_id": "UUID", "number": "int"},
    "version.withdrawn/1": {"version_id": "UUID", "asset_id": "UUID", "number": "int", "reason": "str"},
}
"""What each event says. A line of this list never changes: an event that says something else has the next number.

Until the first release it may keep its number where the last migration gets another name (decision 15).
"""


def _declared() -> set[type[Event]]:
    """Every event of the catalogue, also those that nobody entered in a list."""
    found: set[type[Event]] = set()
    todo: list[type[Event]] = [Event]
    while todo:
        below = todo.pop().__subclasses__()
        found.update(below)
        todo.extend(below)
    return {event for event in found if event.__module__.startswith("catalog.")}


def test_every_event_names_its_consequences_also_when_there_are_none() -> None:
    assert set(REACTIONS) == _declared()


def test_every_event_can_be_read_back_by_its_type() -> None:
    assert {EVENT_TYPES[event.type_name()] for event in _declared()} == _declared()


def test_every_owed_job_can_be_paid() -> None:
    owed = {kind.name for kinds in REACTIONS.values() for kind in kinds}

    assert owed <= {kind.name for kind in PAYMENTS}
    assert {kind.name for kind in PAYMENTS} == set(JOB_KINDS)


def test_a_submitted_version_is_settled() -> None:
    (kind,) = REACTIONS[EVENT_TYPES["version.submitted/1"]]

    assert PAYMENTS[kind] is settle_version


def test_a_published_schema_never_changes() -> None:
    declared = {event.type_name(): {field.name: field.type for field in fields(event)} for event in _declared()}

    assert declared == PUBLISHED


def test_every_event_is_about_one_of_its_subjects() -> None:
    about = {event.type_name(): event.about for event in _declared()}

    assert {name for name, subject in about.items() if subject not in PUBLISHED[name]} == set()
    assert {subject.endswith("_id") for subject in about.values()} == {True}
