"""Questions as the query of an address says them, ``q=lamp&kind=prop&-tag=metal&sort=newest``. Pure.

Whatever keeps a search keeps this: people can read it, and the address of the search page is made of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from urllib.parse import parse_qsl, urlencode

from catalog.kernel.errors import InvalidInput
from catalog.search.facets import field_of
from catalog.search.queries import Question
from catalog.search.signs import read_value, say_value
from catalog.search.vocabulary import Facet, Sort

_OFF = frozenset({"off", "false", "no", "0"})
_PASSED_OVER = frozenset({"cursor", "limit", "facets"})


def read_question(text: str) -> Question:
    """Read the query of a search's address; which page of it was shown does not matter.

    What is left out may be said before the name, where the value is taken as it is, or before the value. Raises
    ``InvalidInput`` for a name that no search has.
    """
    question = Question()
    selections: dict[str, list[str]] = {}
    excluded: dict[str, list[str]] = {}
    for name, value in parse_qsl(text.removeprefix("?"), keep_blank_values=True):
        facet = name.removeprefix("-")
        if name == "q":
            question = replace(question, text=value)
        elif name == "like":
            question = replace(question, like=value or None)
        elif name == "sort":
            question = replace(question, sort=value or Sort.RELEVANCE.value)
        elif name == "priors":
            question = replace(question, priors=value.lower() not in _OFF)
        elif facet in set(Facet) or field_of(facet):
            said, left_out = (value.strip(), True) if name.startswith("-") else read_value(value)
            (excluded if left_out else selections).setdefault(facet, []).append(said)
        elif name not in _PASSED_OVER:
            raise InvalidInput(
                f"search has {name[:40]!r}, which is none of q, like, sort, priors, {', '.join(Facet)}",
                code="unknown-facet",
            )
    return replace(question, selections=selections, excluded=excluded)


def query_of(question: Question) -> str:
    """Return a question as the query of its address, without the page: equal questions are spelled the same."""
    pairs = [("q", question.text.strip()), ("like", question.like or "")]
    for facet in (*Facet, *sorted(name for name in {*question.selections, *question.excluded} if field_of(name))):
        pairs += [(str(facet), say_value(value)) for value in _each(question.selections, facet)]
        pairs += [(f"-{facet}", value) for value in _each(question.excluded, facet)]
    pairs.append(("sort", "" if question.sort == Sort.RELEVANCE else question.sort))
    pairs.append(("priors", "" if question.priors else "off"))
    return urlencode([(name, value) for name, value in pairs if value])


def _each(values: Mapping[str, Sequence[str]], facet: str) -> list[str]:
    return sorted({value.strip() for value in values.get(facet, ())})
