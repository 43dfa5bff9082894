"""What somebody may have meant whose text finds nothing."""

from itertools import pairwise

import pytest

from catalog.assets.vocabulary import Kind
from catalog.kernel.actors import Actor
from catalog.kernel.errors import InvalidInput
from catalog.search.port import SearchAnswer, SearchIndex, SearchQuery
from catalog.search.queries import Question, SearchPage, find_ids, search
from tests.rooms.search.catalogue import ANYBODY, OPERATOR, Catalogue


@pytest.fixture
def shelves(catalogue: Catalogue) -> Catalogue:
    """A few things, one of them of a private show."""
    catalogue.founds("family")
    catalogue.opens_show("umbra", "Penumbra Falls", audience=("family",))
    catalogue.opens_show("nlf", "Northern Lights Forever")
    catalogue.registers("prp_sledge", "Sledge", show="nlf", description="Has a fin.")
    catalogue.registers("prp_lanternBrass", "Brass lantern", tags=["light"])
    catalogue.registers("prp_lanternTin", "Tin lantern", tags=["light"])
    catalogue.registers("chr_lijun", "邓丽君", kind=Kind.DIGITAL_DOUBLE)
    catalogue.registers("prp_keyboardGrand", "Grand keyboard", description="Built for the skyline of Shanghai.")
    catalogue.registers("env_wall", "长城烽火台", tags=["历史"], description="石头 砌成")
    catalogue.registers("prp_fan", "折扇")
    catalogue.registers("veh_bo", "波音747")
    catalogue.registers("crt_wyvern", "Wyvern", kind=Kind.CREATURE, show="umbra")
    catalogue.follows()
    return catalogue


def ask(catalogue: Catalogue, text: str, viewer: Actor = ANYBODY, **given: object) -> SearchPage:
    with catalogue.desk.view(viewer) as view:
        return search(view, catalogue.index, Question(text=text, **given))  # type: ignore[arg-type] # fields by name


MEANT = {
    "lantren": "lantern",
    "brass lantrn": "brass lantern",
    "bras lantren": "brass lantern",
    "prp_lanternBrasss": "prp_lanternBrass",
    "Tin lanterm OR xyzzy": None,
    "邓莉君": "邓丽君",
    "tn lantern": "tn OR lantern*",
    "bra lant ": "bra* lant*",
    "brass lantern of gold": "brass OR lantern OR gold*",
    "lantrn of gold ": "lantern OR gold",
    "key board": "keyboard*",
    "key board grand ": "keyboard grand",
    "shanghaiskyline": None,
    "skylineof": "skyline",
    "烽火台长城": "烽火台 长城",
    "长城的历史": "长城 历史",
    "台火烽": "台 火 烽",
    "我要一把折扇": "折扇",
    "t恤折扇": "折扇",
    "boyin747": "boyin 747",
    "boyin747_v012": "boyin 747",
    "/jobs/xyzzy/prp_lanternTin": "prp_lanternTin",
    "prp_lantrenTin9": "prp_lanternTin",
    "brassd-lantern": "brass lantern",
    "xyzzy_v012": None,
    "dljun": "邓丽君",
    "dengliyun": None,
    "dengnijun": "邓丽君",
    "deng ni jun": "邓丽君",
    "denglj": "邓丽君",
    "northern lights sledge": "show:nlf sledge*",
    "sledge northern lights forever ": "sledge show:nlf",
    "northern lights": "show:nlf",
    "forever sledge": "forever OR sledge*",
    "grand tin ": "grand OR tin",
    "penumbra falls": None,
    "penumbra falls wyvern": None,
    "xyzzy plugh": None,
    "xyzzy": None,
    "wyvren": None,
    "lantern -lantern": None,
}


@pytest.mark.parametrize("text", MEANT)
def test_a_misspelt_text_is_answered_as_what_was_probably_meant(shelves: Catalogue, text: str) -> None:
    page = ask(shelves, text)

    assert page.did_you_mean == MEANT[text]
    assert bool(page.total) == (MEANT[text] is not None)
    assert [one.mistake for one in page.notices] == (["near-miss"] if page.did_you_mean else [])


class Counting:
    """An index that counts how often it is searched."""

    def __init__(self, index: SearchIndex) -> None:
        self.index, self.seq, self.asked = index, index.seq, 0

    def search(self, query: SearchQuery) -> SearchAnswer:
        self.asked += 1
        return self.index.search(query)


@pytest.mark.parametrize("characters", [28, 100, 250])
@pytest.mark.parametrize("pairs_are_there", [True, False])
def test_however_long_a_text_without_spaces_is_the_index_is_asked_a_bounded_number_of_times(
    shelves: Catalogue, characters: int, *, pairs_are_there: bool
) -> None:
    run = "".join(chr(0x5000 + at) for at in range(characters))
    if pairs_are_there:
        pairs = " ".join(map("".join, pairwise(run)))
        shelves.registers_all(
            [shelves.entry(f"prp_{at}", description=pairs[at : at + 300]) for at in range(0, len(pairs), 300)]
        )
        shelves.follows()
    counting = Counting(shelves.index)

    with shelves.desk.view(ANYBODY) as view:
        search(view, counting, Question(text=run))  # type: ignore[arg-type]  # it is only searched

    assert counting.asked <= 110


def test_of_a_longer_chinese_run_the_parts_are_found_that_mean_something(shelves: Catalogue) -> None:
    shelves.registers("chr_ann", "Ann digidouble", kind=Kind.DIGITAL_DOUBLE)
    shelves.follows()

    page = ask(shelves, "数字替身角色")

    assert ([asset.code for asset in page.assets], page.did_you_mean) == (["chr_ann", "chr_lijun"], "数字替身 OR 角色")


def test_what_only_hidden_assets_are_called_is_never_offered(shelves: Catalogue) -> None:
    seen, hidden = ask(shelves, "wyvren", OPERATOR), ask(shelves, "wyvren")

    assert (seen.did_you_mean, seen.total) == ("Wyvern", 1)
    assert (hidden.did_you_mean, hidden.total) == (None, 0)


def test_a_text_that_finds_something_elsewhere_is_right_as_it_is(shelves: Catalogue) -> None:
    page = ask(shelves, "lantern", selections={"kind": ["creature"]})

    assert (page.total, page.did_you_mean) == (0, None)


def test_a_question_that_is_to_be_answered_as_it_is_asks_for_nothing_else(shelves: Catalogue) -> None:
    counting = Counting(shelves.index)

    with shelves.desk.view(ANYBODY) as view:
        page = search(view, counting, Question(text="lantren", mended=False))  # type: ignore[arg-type]  # as above

    assert (page.total, page.did_you_mean, counting.asked) == (0, None, 1)


def test_what_was_meant_has_pages(shelves: Catalogue) -> None:
    first = ask(shelves, "lantren", limit=1)

    second = ask(shelves, "lantren", limit=1, cursor=first.next_cursor)

    assert (first.total, second.total, second.next_cursor) == (2, 2, None)
    assert sorted(asset.code for page in (first, second) for asset in page.assets) == [
        "prp_lanternBrass",
        "prp_lanternTin",
    ]
    with pytest.raises(InvalidInput):
        ask(shelves, "xyzzy", limit=1, cursor=first.next_cursor)


def test_acts_on_a_whole_search_touch_nothing_that_was_only_nearly_meant(shelves: Catalogue) -> None:
    with shelves.desk.view(ANYBODY) as view:
        assert find_ids(view, shelves.index, Question(text="lantren"), 10) == ()
