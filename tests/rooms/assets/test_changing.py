"""Changing assets: only the named fields, only what was read, and never what others have."""

from typing import Any

import pytest

from catalog.accounts.vocabulary import Role
from catalog.assets import changing, queries, registry
from catalog.assets.changing import AssetChange
from catalog.assets.models import Asset
from catalog.assets.registry import Alias, ForeignId
from catalog.assets.vocabulary import Kind
from catalog.kernel.actors import Actor
from catalog.kernel.errors import Conflict, InvalidInput, NotFound, NotPermitted, Stale
from catalog.shows.registry import NewShow, create_show
from tests.crew import Crew


def change(crew: Crew, *, by: Actor | None = None, if_revision: int | None = None, **fields: Any) -> None:  # noqa: ANN401 — values of fields
    with crew.work(by or crew.artist) as work:
        changing.change(work, "prp_chair", AssetChange(**fields), if_revision=if_revision)


def chair(crew: Crew) -> Asset:
    with crew.view() as view:
        return queries.get_asset(view, "prp_chair")


def changes(crew: Crew) -> dict[str, Any]:
    """What the last change was told to be."""
    values = crew.entries("asset.changed")[-1].values or {}
    told: dict[str, Any] = values["changes"]
    return told


@pytest.fixture
def with_chair(crew: Crew) -> Crew:
    crew.registers("prp_chair", name="Chair", tags=("wood",), description="Old", by=crew.artist)
    return crew


def test_only_the_named_fields_are_touched(with_chair: Crew) -> None:
    change(with_chair, name=" Throne ", kind=Kind.COSTUME)

    after = chair(with_chair)
    assert (after.name, after.kind, after.tags, after.description) == ("Throne", "costume", ["wood"], "Old")
    assert changes(with_chair) == {"name": ["Chair", "Throne"], "kind": ["prop", "costume"]}


def test_a_change_raises_the_revision_and_says_when(with_chair: Crew) -> None:
    before = chair(with_chair)

    change(with_chair, name="Throne")

    after = chair(with_chair)
    assert (before.revision, after.revision) == (1, 2)
    assert after.updated_at > before.updated_at == before.created_at


@pytest.mark.parametrize(
    "same",
    [
        {"name": "Chair"},
        {"name": " Chair "},
        {"tags": ("wood", "WOOD")},
        {"external_ids": ()},
        {"owner": "ART"},
        {"audience": None, "show": None},
        {},
    ],
)
def test_changing_nothing_leaves_no_entry_and_no_revision(with_chair: Crew, same: dict[str, Any]) -> None:
    change(with_chair, **same)

    assert chair(with_chair).revision == 1
    assert with_chair.types("asset.changed") == []


def test_tags_and_aliases_are_set_as_a_whole(with_chair: Crew) -> None:
    change(with_chair, tags=("oak",), aliases=(Alias(text="Stuhl", language="de"),))

    assert changes(with_chair) == {
        "tags": [["wood"], ["oak"]],
        "aliases": [[], [{"text": "Stuhl", "language": "de"}]],
    }


def test_external_ids_are_set_as_a_whole(with_chair: Crew) -> None:
    change(
        with_chair, external_ids=(ForeignId(system="shotgrid", value="123"), ForeignId(system="legacy", value="old"))
    )

    change(with_chair, external_ids=(ForeignId(system="legacy", value="Old"),))

    assert [(one.system, one.value) for one in chair(with_chair).external_ids] == [("legacy", "Old")]
    assert changes(with_chair) == {
        "external_ids": [[["legacy", "old"], ["shotgrid", "123"]], [["legacy", "Old"]]],
    }


def test_setting_the_external_ids_that_there_are_changes_nothing(with_chair: Crew) -> None:
    change(with_chair, external_ids=(ForeignId(system="legacy", value="Café"),))

    change(with_chair, external_ids=(ForeignId(system="Legacy", value=" Cafe\u0301 "),))

    assert chair(with_chair).revision == 2


def test_an_external_id_of_another_asset_is_refused(with_chair: Crew) -> None:
    with_chair.registers("prp_table", external_ids=(ForeignId(system="legacy", value="t1"),))

    with pytest.raises(Conflict, match="external id legacy:T1 belongs to another asset"):
        change(with_chair, external_ids=(ForeignId(system="legacy", value="T1"),))

    assert chair(with_chair).external_ids == []


def test_an_owner_is_named_by_login_or_nobody(with_chair: Crew) -> None:
    ben = with_chair.joins("Ben", Role.ARTIST)

    change(with_chair, owner="ben")
    assert (chair(with_chair).owner_id, changes(with_chair)) == (ben.id, {"owner": ["art", "Ben"]})

    change(with_chair, owner=None)
    assert (chair(with_chair).owner_id, changes(with_chair)) == (None, {"owner": ["Ben", None]})


def test_an_owner_who_is_not_there_is_refused(with_chair: Crew) -> None:
    with pytest.raises(InvalidInput, match="owner 'nobody' is no user here; give a login"):
        change(with_chair, owner="nobody")


def test_an_asset_moves_from_show_to_show(with_chair: Crew) -> None:
    with with_chair.work(with_chair.supervisor) as work:
        create_show(work, NewShow(code="Orion", name=""))

    change(with_chair, show="orion")
    assert changes(with_chair) == {"show": [None, "Orion"]}

    change(with_chair, show=None)
    assert changes(with_chair) == {"show": ["Orion", None]}


def test_an_audience_is_told_by_the_codes_of_its_groups(with_chair: Crew) -> None:
    for group in ("Lyra", "orion"):
        with_chair.has_group(group)

    change(with_chair, by=with_chair.admin, audience=("ORION", "lyra"))
    assert changes(with_chair) == {"audience": [None, ["Lyra", "orion"]]}

    change(with_chair, by=with_chair.admin, audience=("lyra", "Orion"))
    assert chair(with_chair).revision == 2


def test_nobody_hides_an_asset_from_themselves(with_chair: Crew) -> None:
    with_chair.has_group("orion")

    with pytest.raises(InvalidInput, match="does not include a group of art; name one you belong to"):
        change(with_chair, audience=("orion",))

    assert chair(with_chair).audience_id is None


def test_a_change_of_what_was_read_meets_nobody_elses_change(with_chair: Crew) -> None:
    change(with_chair, name="Throne", if_revision=1)

    with pytest.raises(Stale, match=r"prp_chair was changed .* \(you have revision 1, it is at 2\)") as refused:
        change(with_chair, name="Stool", if_revision=1)

    assert refused.value.code == "stale"
    assert chair(with_chair).name == "Throne"


def test_two_who_read_the_same_cannot_both_change_it(with_chair: Crew) -> None:
    refused = with_chair.overlaps(
        lambda work: changing.change(work, "prp_chair", AssetChange(name="Throne"), if_revision=1),
        lambda work: changing.change(work, "prp_chair", AssetChange(name="Stool"), if_revision=1),
    )

    assert isinstance(refused, Stale)
    assert chair(with_chair).name == "Throne"


def test_of_two_changes_at_once_both_are_kept_and_told_as_they_were(with_chair: Crew) -> None:
    with_chair.overlaps(
        lambda work: changing.change(work, "prp_chair", AssetChange(name="Throne")),
        lambda work: changing.change(work, "prp_chair", AssetChange(name="Stool")),
    )

    told = [(entry.values or {})["changes"] for entry in with_chair.entries("asset.changed")]
    assert told == [{"name": ["Chair", "Throne"]}, {"name": ["Throne", "Stool"]}]
    assert chair(with_chair).revision == 3


def test_of_two_changes_at_once_the_later_meets_the_external_ids_of_the_first(with_chair: Crew) -> None:
    old = ForeignId(system="legacy", value="old")

    with_chair.overlaps(
        lambda work: changing.change(work, "prp_chair", AssetChange(external_ids=(old,))),
        lambda work: changing.change(work, "prp_chair", AssetChange(external_ids=())),
    )

    assert chair(with_chair).external_ids == []
    assert changes(with_chair) == {"external_ids": [[["legacy", "old"]], []]}


def test_of_two_changes_at_once_the_later_meets_the_show_of_the_first(with_chair: Crew) -> None:
    with with_chair.work(with_chair.supervisor) as work:
        create_show(work, NewShow(code="orion", name=""))

    with_chair.overlaps(
        lambda work: changing.change(work, "prp_chair", AssetChange(show="orion")),
        lambda work: changing.change(work, "prp_chair", AssetChange(show=None)),
    )

    assert changes(with_chair) == {"show": ["orion", None]}


def test_a_wrong_field_leaves_the_others_as_they_were(with_chair: Crew) -> None:
    with pytest.raises(InvalidInput, match="tag is empty"):
        change(with_chair, name="Throne", tags=("",))

    assert chair(with_chair).name == "Chair"


def test_a_hidden_asset_cannot_be_changed_and_looks_absent(crew: Crew) -> None:
    crew.has_group("orion")
    crew.registers("prp_chair", by=crew.admin, audience=("orion",))

    with pytest.raises(NotFound, match="there is no asset 'prp_chair'"):
        change(crew, name="Throne")


def test_a_retired_asset_is_kept_and_can_be_reinstated(with_chair: Crew) -> None:
    with with_chair.work(with_chair.supervisor) as work:
        registry.retire(work, "prp_chair", "broken", if_revision=1)
    retired = chair(with_chair)

    with with_chair.work(with_chair.supervisor) as work:
        registry.reinstate(work, "prp_chair", if_revision=2)

    assert (retired.status, retired.revision) == ("retired", 2)
    assert (chair(with_chair).status, chair(with_chair).revision) == ("active", 3)
    assert with_chair.entries("asset.retired")[-1].values == {"reason": "broken"}
    assert changes(with_chair) == {"status": ["retired", "active"]}


def test_retiring_and_reinstating_twice_is_told_once(with_chair: Crew) -> None:
    for _ in range(2):
        with with_chair.work(with_chair.supervisor) as work:
            registry.retire(work, "prp_chair", "broken")
    for _ in range(2):
        with with_chair.work(with_chair.supervisor) as work:
            registry.reinstate(work, "prp_chair")

    assert with_chair.types("asset.")[1:] == ["asset.retired/1", "asset.changed/1"]


@pytest.mark.parametrize(
    "act",
    [
        lambda work: registry.retire(work, "prp_chair", "x", if_revision=7),
        lambda work: registry.reinstate(work, "prp_chair", if_revision=7),
    ],
)
def test_retiring_what_was_changed_meanwhile_is_refused(with_chair: Crew, act: Any) -> None:  # noqa: ANN401 — an act
    with with_chair.work(with_chair.supervisor) as work, pytest.raises(Stale):
        act(work)


def test_artists_describe_but_do_not_retire(with_chair: Crew) -> None:
    with with_chair.work(with_chair.artist) as work:
        with pytest.raises(NotPermitted, match="art may not withdraw"):
            registry.retire(work, "prp_chair", "x")
        with pytest.raises(NotPermitted):
            registry.reinstate(work, "prp_chair")
    with pytest.raises(NotPermitted, match="vic may not register"):
        change(with_chair, by=with_chair.viewer, name="x")
