"""What follows from what: every event names its consequences, every owed job can be paid, and no schema changes."""

from dataclasses import fields

from catalog.assets.settling import settle_version
from catalog.jobs.vocabulary import JOB_KINDS
from catalog.ledger.event import EVENT_TYPES, Event
from catalog.reactions import PAYMENTS, REACTIONS

PUBLISHED: dict[str, list[str]] = {
    "asset.changed/1": ["asset_id", "changes"],
    "asset.registered/1": ["asset_id", "code", "title", "kind"],
    "asset.related/1": ["asset_id", "target_id", "kind", "number", "count"],
    "asset.retired/1": ["asset_id", "reason"],
    "asset.unrelated/1": ["asset_id", "target_id", "kind", "number"],
    "files.released/1": ["admission_id", "asset_ids", "version_ids", "how", "use", "files"],
    "group.changed/1": ["group_id", "changes"],
    "group.created/1": ["group_id", "code", "members"],
    "job.retried/1": ["job_id", "kind"],
    "mass_removal.allowed/1": ["sweep_id", "store"],
    "root.changed/1": ["root_id", "changes"],
    "root.declared/1": ["root_id", "root_name", "templates"],
    "show.changed/1": ["show_id", "changes"],
    "show.created/1": ["show_id", "code", "title", "audience"],
    "store.adopted/1": ["sweep_id", "store", "address"],
    "token.issued/1": ["token_id", "user_id", "token_name", "scopes", "service", "expires_at"],
    "token.revoked/1": ["token_id", "user_id", "token_name"],
    "user.changed/1": ["user_id", "changes"],
    "user.created/1": ["user_id", "login", "display_name", "roles"],
    "version.deprecated/1": ["version_id", "asset_id", "number", "reason"],
    "version.drafted/1": ["version_id", "asset_id", "number", "file_count", "size_bytes", "manifest_sha256"],
    "version.inspected/1": ["version_id", "asset_id", "number", "findings"],
    "version.published/1": ["version_id", "asset_id", "number", "manifest_sha256", "note"],
    "version.refused/1": ["version_id", "asset_id", "number", "problem"],
    "version.submitted/1": ["version_id", "asset_id", "number"],
    "version.withdrawn/1": ["version_id", "asset_id", "number", "reason"],
}
"""What each event says. A line of this list never changes: an event that says something else has the next number."""


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
    declared = {event.type_name(): [field.name for field in fields(event)] for event in _declared()}

    assert declared == PUBLISHED


def test_every_event_is_about_one_of_its_subjects() -> None:
    about = {event.type_name(): event.about for event in _declared()}

    assert {name for name, subject in about.items() if subject not in PUBLISHED[name]} == set()
    assert {subject.endswith("_id") for subject in about.values()} == {True}
