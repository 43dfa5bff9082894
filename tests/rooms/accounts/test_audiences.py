"""Audiences: who may know that something exists."""

from uuid import UUID

import pytest
from sqlalchemy import func, select

from catalog.accounts.audiences import audience_of_groups, group_codes, term_of, terms_for
from catalog.accounts.models import Audience
from catalog.kernel.actors import Actor
from catalog.kernel.errors import InvalidInput
from tests.crew import Crew


def audience(crew: Crew, by: Actor, *codes: str) -> UUID | None:
    with crew.work(by) as work:
        return audience_of_groups(work, codes)


def test_the_same_groups_are_one_audience_in_whatever_order_and_case(crew: Crew) -> None:
    crew.joins("ann", groups=["orion", "lyra"])

    ids = {
        audience(crew, crew.admin, *codes)
        for codes in (("orion", "lyra"), ("Lyra", "ORION"), ("orion", "lyra", "orion"))
    }

    assert len(ids) == 1
    with crew.desk.read() as session:
        assert session.scalar(select(func.count()).select_from(Audience)) == 1


def test_other_groups_are_another_audience(crew: Crew) -> None:
    crew.joins("ann", groups=["orion", "lyra"])

    assert len({audience(crew, crew.admin, *codes) for codes in (("orion",), ("lyra",), ("orion", "lyra"))}) == 3


def test_no_groups_at_all_is_the_whole_studio(crew: Crew) -> None:
    with crew.work(crew.artist) as work:
        assert audience_of_groups(work, None) is None
    assert term_of(None) == "studio"


def test_an_audience_of_nobody_is_refused(crew: Crew) -> None:
    with pytest.raises(InvalidInput, match="audience is empty: name groups, or null") as refused:
        audience(crew, crew.admin)

    assert refused.value.code == "empty-audience"


def test_an_unknown_group_is_named_as_it_was_written(crew: Crew) -> None:
    crew.has_group("orion")

    with pytest.raises(InvalidInput, match="audience names no group we know: Nobody, Somebody") as refused:
        audience(crew, crew.admin, "Somebody", "orion", "Nobody")

    assert refused.value.code == "unknown-group"


def test_nobody_hides_something_from_themselves(crew: Crew) -> None:
    ann = crew.joins("ann", groups=["orion"])
    crew.has_group("lyra")

    with pytest.raises(InvalidInput, match="does not include a group of ann; name one you belong to") as refused:
        audience(crew, ann, "lyra")

    assert refused.value.code == "audience-without-you"
    assert audience(crew, ann, "lyra", "orion") is not None


def test_who_sees_everything_cannot_hide_anything_from_themselves(crew: Crew) -> None:
    crew.has_group("lyra")

    assert audience(crew, crew.admin, "lyra") is not None


def test_the_terms_of_a_viewer_are_the_studio_and_the_audiences_of_their_groups(crew: Crew) -> None:
    ann = crew.joins("ann", groups=["orion"])
    crew.has_group("lyra")
    mine, both = audience(crew, crew.admin, "orion"), audience(crew, crew.admin, "orion", "lyra")
    audience(crew, crew.admin, "lyra")

    with crew.view(ann) as view:
        assert terms_for(view) == frozenset({"studio", str(mine), str(both)})
    with crew.view(crew.viewer) as view:
        assert terms_for(view) == frozenset({"studio"})
    with crew.view(crew.admin) as view:
        assert terms_for(view) is None


def test_audiences_are_told_as_the_codes_of_their_groups(crew: Crew) -> None:
    crew.joins("ann", groups=["orion", "Lyra"])
    both = audience(crew, crew.admin, "orion", "lyra")

    with crew.desk.read() as session:
        assert group_codes(session, [both, None]) == {both: ["Lyra", "orion"]}
        assert group_codes(session, [None]) == {}
