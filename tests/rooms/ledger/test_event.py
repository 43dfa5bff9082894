"""What can be recorded: an event's subjects and its values."""

from datetime import date
from uuid import UUID

from catalog.accounts.events import UserCreated
from catalog.accounts.vocabulary import Role
from catalog.assets.events import AssetChanged, AssetRelated
from catalog.ledger.event import EVENT_TYPES, Event, Subject
from catalog.licensing.events import FilesReleased
from catalog.shows.events import ShowCreated

ANN = UUID("019308a4-9ab9-7c3e-8f67-3b6f0c4a2d11")
BEN = UUID("019308a4-9ab9-7c3e-8f67-3b6f0c4a2d12")
VERSION = UUID("019308a4-9ab9-7c3e-8f67-3b6f0c4a2d13")
RELEASE = UUID("019308a4-9ab9-7c3e-8f67-3b6f0c4a2d14")


def test_an_event_is_named_with_the_version_of_its_schema() -> None:
    assert ShowCreated.type_name() == "show.created/1"
    assert EVENT_TYPES["show.created/1"] is ShowCreated


def test_the_ids_of_an_event_are_its_subjects_and_the_rest_its_values() -> None:
    event = AssetRelated(asset_id=ANN, target_id=BEN, kind="contains", number=None, count=4)

    assert event.subjects() == [Subject(kind="asset", id=ANN), Subject(kind="target", id=BEN)]
    assert event.values() == {"kind": "contains", "number": None, "count": 4}
    assert event.about_id == ANN


def test_an_event_about_several_things_names_each_once() -> None:
    event = FilesReleased(
        admission_id=RELEASE,
        asset_ids=(ANN, BEN, ANN),
        version_ids=(VERSION,),
        how="pull",
        use={},
        files=(),
    )

    assert [(one.kind, one.id) for one in event.subjects()] == [
        ("admission", RELEASE),
        ("asset", ANN),
        ("asset", BEN),
        ("version", VERSION),
    ]


def test_values_are_told_as_json_would_hold_them() -> None:
    changes = {"kind": Role.ADMIN, "on": date(2026, 11, 23), "who": ANN, "sets": (1, [2]), "nested": {"a": None}}

    values = AssetChanged(asset_id=ANN, changes=changes).values()

    assert values == {
        "changes": {"kind": "admin", "on": "2026-11-23", "who": str(ANN), "sets": [1, [2]], "nested": {"a": None}}
    }


def test_a_tuple_of_roles_becomes_a_list() -> None:
    event = UserCreated(user_id=ANN, login="ann", display_name="Ann 邓", roles=("artist", "viewer"))

    assert event.values() == {"login": "ann", "display_name": "Ann 邓", "roles": ["artist", "viewer"]}


def test_every_event_says_which_of_its_subjects_it_is_about() -> None:
    ours = [event for event in EVENT_TYPES.values() if event.__module__.startswith("catalog.")]

    assert [event.name for event in ours if event.about not in event.__dataclass_fields__] == []
    assert issubclass(ours[0], Event)
