"""Places: what the names in a batch stand for, each looked up once."""

import pytest

from catalog.assets.places import Places
from catalog.kernel.errors import NotFound
from catalog.shows.registry import NewShow, create_show
from tests.crew import Crew


def test_what_was_found_is_not_looked_up_again(crew: Crew) -> None:
    with crew.work() as work:
        orion = create_show(work, NewShow(code="orion", name=""))
        places = Places(work)
        first = places.show("orion")
        orion.code_key = "vega"

        assert first == places.show("orion") == orion.id


def test_what_was_refused_is_not_looked_up_again(crew: Crew) -> None:
    with crew.work() as work:
        places = Places(work)
        with pytest.raises(NotFound, match="there is no show 'orion'"):
            places.show("orion")
        create_show(work, NewShow(code="orion", name=""))

        with pytest.raises(NotFound, match="there is no show 'orion'"):
            places.show("orion")


def test_a_refusal_says_the_name_as_it_was_given(crew: Crew) -> None:
    with crew.work() as work:
        places = Places(work)
        for code in ("orion", "Orion"):
            with pytest.raises(NotFound, match=f"there is no show '{code}'"):
                places.show(code)
