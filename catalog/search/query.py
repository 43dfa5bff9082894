"""What people type, read as terms. Pure: the same text gives the same terms on every machine.

============== =====================================================================
``ann face``   every word must be found, in any order, anywhere in the asset's text
``ann fa``     the last word may still be in the making: ``fa`` finds ``face``
``fa* ann``    a star says the same of any other word
``"ann face"`` the words in this order, next to each other
``-wolf``      not these; also ``-"grey wolf"``
``wolf OR fox`` either; also ``wolf | fox``
============== =====================================================================

Reading never fails: what cannot mean anything (a lone star, quotes around nothing, control characters) is passed over.
How much text is reasonable is decided where searches are asked for, not here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from catalog.search import text as words

_CHUNK = re.compile(r"(?P<minus>-?)[\"“”「『](?P<quoted>[^\"“”」』]*)(?P<closed>[\"“”」』]?)|(?P<bare>[^\s\"“”「『]+)")
_ORS = {"OR", "|", "||"}
_ANDS = {"AND", "&", "&&"}


@dataclass(frozen=True, kw_only=True)
class Word:
    """One word of a term and how far from the term's start it must stand."""

    text: str
    at: int


@dataclass(frozen=True, kw_only=True)
class Term:
    """Words that must stand in this order; ``joined`` is the same written as one word, which is as good.

    With ``prefix``, the last word and ``joined`` may go on.
    """

    words: tuple[Word, ...]
    joined: str | None = None
    prefix: bool = False


@dataclass(frozen=True, kw_only=True)
class Clause:
    """One of ``terms`` must be found, or none of them where the clause is negated."""

    terms: tuple[Term, ...]
    negated: bool = False


@dataclass(frozen=True, kw_only=True)
class SearchText:
    """A search text as read. An asset fits when every clause holds, or when its name has the key ``whole``.

    ``whole`` is None where the text is more than a name. No clauses: the text limits nothing.
    """

    clauses: tuple[Clause, ...] = ()
    whole: str | None = None

    @property
    def size(self) -> int:
        """How many words must be looked up."""
        return sum(len(term.words) for clause in self.clauses for term in clause.terms)


NO_TEXT = SearchText()


@dataclass(frozen=True, kw_only=True)
class _Chunk:
    """A word or a quotation as it stands in the text; ``growing``: it is at the end and may still be in the making."""

    body: str
    quoted: bool
    negated: bool
    growing: bool


def parse(text: str) -> SearchText:
    """Read what somebody typed; never fails."""
    clauses: list[Clause] = []
    either = False
    plain = True
    for chunk in _chunks(text):
        if not chunk.quoted and chunk.body in _ORS | _ANDS:
            either = bool(clauses) and chunk.body in _ORS
            plain = False
            continue
        read = _clauses(chunk)
        if read and either and not chunk.negated and not clauses[-1].negated:
            read = [Clause(terms=clauses.pop().terms + _phrase(chunk))]
        plain = plain and not chunk.negated
        either = False
        clauses.extend(read)
    return SearchText(clauses=tuple(dict.fromkeys(clauses)), whole=(words.key(text) or None) if plain else None)


def _chunks(text: str) -> list[_Chunk]:
    found = []
    for match in _CHUNK.finditer(text):
        at_end = match.end() == len(text)
        if match["bare"] is None:
            body, quoted, negated = match["quoted"], True, bool(match["minus"])
            growing = at_end and not match["closed"] and not body.endswith(" ")
        else:
            negated = match["bare"].startswith("-") and match["bare"] != "-"
            body, quoted = match["bare"].removeprefix("-") if negated else match["bare"], False
            growing = body.endswith("*") or (at_end and not negated)
        found.append(_Chunk(body=body, quoted=quoted, negated=negated, growing=growing))
    return found


def _clauses(chunk: _Chunk) -> list[Clause]:
    """Each unit is a clause of its own, so that 邓丽君face finds both; what is quoted or negated holds together."""
    if chunk.quoted or chunk.negated:
        terms = _phrase(chunk)
        return [Clause(terms=terms, negated=chunk.negated)] if terms else []
    found = list(words.units(chunk.body))
    return [
        Clause(terms=(_term([unit], joined=unit.joined, growing=chunk.growing and unit is found[-1]),))
        for unit in found
    ]


def _phrase(chunk: _Chunk) -> tuple[Term, ...]:
    found = list(words.units(chunk.body))
    if not found:
        return ()
    joined = found[0].joined if len(found) == 1 and not chunk.quoted else None
    return (_term(found, joined=joined, growing=chunk.growing),)


def _term(units: list[words.Unit], *, joined: str | None, growing: bool) -> Term:
    sequence: list[Word] = []
    start = 0
    for unit in units:
        sequence.extend(Word(text=word, at=start + at) for word, at in unit.words())
        start += unit.width
    # A CJK run needs no growing: its pairs and single characters are found from within already.
    return Term(words=tuple(sequence), joined=joined, prefix=growing and not units[-1].run)
