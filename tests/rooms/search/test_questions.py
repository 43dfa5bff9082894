"""Questions as the query of an address says them."""

import pytest

from catalog.kernel.errors import InvalidInput
from catalog.search.queries import Question
from catalog.search.questions import query_of, read_question


def test_a_query_is_read_as_the_question_that_it_asks() -> None:
    read = read_question("?q=paper+lamp&kind=prop&kind=-creature&-tag=broken&sort=name&cursor=abc&limit=5")

    assert read == Question(
        text="paper lamp", selections={"kind": ["prop", "-creature"], "tag": ["-broken"]}, sort="name"
    )


@pytest.mark.parametrize(
    "text",
    [
        "-tag=broken&sort=name&kind=veh&q=lamp&kind=prop",
        "?kind=prop&kind=veh&kind=prop&q=+lamp+&tag=-broken&tag=&sort=name&facets=kind",
    ],
)
def test_equal_questions_are_spelled_the_same(text: str) -> None:
    assert query_of(read_question(text)) == "q=lamp&kind=prop&kind=veh&-tag=broken&sort=name"


def test_a_question_that_was_spelled_reads_as_itself() -> None:
    question = Question(
        text="a&b=邓", like="prp_lamp", selections={"show": ["ORION"], "tag": ["-x y"]}, sort="newest", priors=False
    )

    assert read_question(query_of(question)) == question


def test_a_name_that_no_search_has_is_refused() -> None:
    with pytest.raises(InvalidInput, match="'knid', which is none of q, like, sort, priors, kind"):
        read_question("knid=prop")
