"""How Whoosh reads our segments: its own searchers, matchers and scorers work on them where this module is importable.

The catalogue itself answers from the arrays (``evaluation``). This is the way out, and the witness: the tests ask
Whoosh's matchers and ours the same, on the same files.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.codec import base
from whoosh.filedb.filestore import Storage
from whoosh.matching import ListMatcher
from whoosh.query.spans import Span
from whoosh.reading import TermInfo, TermNotFound
from whoosh.util.numeric import byte_to_length, length_to_byte

from catalog.search.relevance import whole_id
from catalog.search.vocabulary import Tier
from catalog.search.whoosh_index.arrays import read_arrays
from catalog.search.whoosh_index.contents import Contents
from catalog.search.whoosh_index.postings import Stretch
from catalog.search.whoosh_index.schema import CODE, ID, NAME
from catalog.search.whoosh_index.storage import SEGMENT, DurableStorage


class ArrayCodec(base.Codec):  # type: ignore[misc] # Whoosh 2.7.4 has no types
    """Reads; what writes is ``writing.commit``."""

    def terms_reader(self, storage: Storage, segment: ArraySegment) -> ArrayTerms:
        """Return the words of a segment."""
        return ArrayTerms(read_contents(storage, segment))

    def per_document_reader(self, storage: Storage, segment: ArraySegment) -> ArrayDocuments:
        """Return the documents of a segment."""
        return ArrayDocuments(segment, read_contents(storage, segment))


class ArraySegment(base.Segment):  # type: ignore[misc] # Whoosh 2.7.4 has no types
    """What the table of contents keeps of a segment: how many documents, which are dead, and the ledger's ``seq``.

    The index stands at the greatest ``seq`` of its segments.
    """

    def __init__(self, indexname: str, count: int) -> None:
        super().__init__(indexname)
        self.count = count
        self.seq = 0
        self.dead: NDArray[np.uint32] = np.empty(0, np.uint32)

    def with_dead(self, rows: NDArray[np.intp]) -> ArraySegment:
        """Return the same segment, in which these documents are dead."""
        found = copy(self)
        found.dead = rows.astype(np.uint32)
        return found

    def codec(self) -> ArrayCodec:
        """Return what reads it."""
        return ArrayCodec()

    def doc_count_all(self) -> int:
        """Return the number of documents, dead ones too."""
        return self.count

    def deleted_count(self) -> int:
        """Return the number of dead documents."""
        return len(self.dead)

    def deleted_docs(self) -> Iterator[int]:
        """Yield the rows of dead documents."""
        return iter(self.dead.tolist())

    def is_deleted(self, docnum: int) -> bool:
        """Whether a document is dead."""
        return docnum in self.dead

    def alive(self) -> NDArray[np.bool_]:
        """Return which documents are not dead, by row."""
        found = np.ones(self.count, np.bool_)
        found[self.dead] = False
        return found


def read_contents(storage: Storage, segment: ArraySegment) -> Contents:
    """Return a segment's contents, in place where the storage can map them."""
    name = segment.make_filename(SEGMENT)
    if isinstance(storage, DurableStorage):
        return Contents.of(read_arrays(storage.mapped(name)))
    with storage.open_file(name) as file:
        return Contents.of(read_arrays(file.get(0, storage.file_length(name))))


class ArrayTerms(base.TermsReader):  # type: ignore[misc] # Whoosh 2.7.4 has no types
    """The words of a segment, as Whoosh asks for them."""

    def __init__(self, contents: Contents) -> None:
        self._contents = contents
        self._lengths = _Lengths(contents)

    def __contains__(self, term: tuple[str, bytes]) -> bool:
        name, text = term
        return bool(len(self._stretch(name, text).rows))

    def indexed_field_names(self) -> list[str]:
        """Return the fields that have words."""
        return sorted(Tier)

    def terms(self) -> Iterator[tuple[str, bytes]]:
        """Yield all words of all fields."""
        for name in self.indexed_field_names():
            yield from self.terms_from(name, b"")

    def terms_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[str, bytes]]:
        """Yield the words of a field from a text on."""
        return ((fieldname, word) for word in self._contents.postings[Tier(fieldname)].words if word >= prefix)

    def items(self) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        """Yield all words with what is known of each."""
        return (((name, word), self.term_info(name, word)) for name, word in self.terms())

    def items_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        """Yield the words of a field from a text on, with what is known of each."""
        return (((name, word), self.term_info(name, word)) for name, word in self.terms_from(fieldname, prefix))

    def term_info(self, fieldname: str, text: bytes) -> TermInfo:
        """Return how often a word stands where; ``KeyError`` when nowhere."""
        found = self._stretch(fieldname, text)
        if not len(found.rows):
            raise KeyError(text)
        lengths = self._lengths[fieldname][found.rows]
        return TermInfo(
            weight=float(found.counts.sum(dtype=np.int64)),
            df=len(found.rows),
            minlength=int(lengths.min()),
            maxlength=int(lengths.max()),
            maxweight=float(found.counts.max()),
            minid=int(found.rows[0]),
            maxid=int(found.rows[-1]),
        )

    def matcher(self, fieldname: str, text: bytes, format_: object, scorer: object = None) -> StretchMatcher:
        """Return a reader of a word's postings."""
        found = self._stretch(fieldname, text)
        if not len(found.rows):
            message = f"{fieldname}:{text!r}"
            raise TermNotFound(message)
        return StretchMatcher(found, format_, scorer, term=(fieldname, text), info=self.term_info(fieldname, text))

    def _stretch(self, fieldname: str, text: bytes) -> Stretch:
        return self._contents.postings[Tier(fieldname)].find(text)


class StretchMatcher(ListMatcher):  # type: ignore[misc] # Whoosh 2.7.4 has no types
    """A word's postings, one after the other."""

    def __init__(
        self,
        stretch: Stretch,
        format_: object,
        scorer: object,
        *,
        term: tuple[str, bytes],
        info: TermInfo,
        position: int = 0,
    ) -> None:
        weights = stretch.counts.astype(np.float64).tolist()
        super().__init__(stretch.rows.tolist(), weights, None, format_, scorer, position, term=term, terminfo=info)
        self._stretch = stretch
        self._ends = np.cumsum(stretch.counts, dtype=np.int64)

    def copy(self) -> StretchMatcher:
        """Return another reader that stands where this one stands."""
        return StretchMatcher(
            self._stretch, self._format, self._scorer, term=self._term, info=self._terminfo, position=self._i
        )

    def value_as(self, astype: str) -> Any:  # noqa: ANN401 — Whoosh's signature
        """Return what is known of the word in this document."""
        stretch = self._stretch
        count = int(stretch.counts[self._i])
        if astype in {"frequency", "weight"}:
            return count
        if astype == "impact":
            return int(stretch.impacts[self._i])
        end = int(self._ends[self._i])
        return stretch.places[end - count : end].tolist()

    def spans(self) -> list[Span]:
        """Return where the word stands in this document."""
        return [Span(place) for place in self.value_as("positions")]


class ArrayDocuments(base.PerDocumentReader):  # type: ignore[misc] # Whoosh 2.7.4 has no types
    """The documents of a segment, as Whoosh asks for them."""

    def __init__(self, segment: ArraySegment, contents: Contents) -> None:
        self._segment = segment
        self._contents = contents
        self._lengths = _Lengths(contents)

    def doc_count(self) -> int:
        """Return how many are alive."""
        return int(self._segment.doc_count())

    def doc_count_all(self) -> int:
        """Return how many there are."""
        return self._segment.doc_count_all()

    def has_deletions(self) -> bool:
        """Whether some are dead."""
        return bool(self._segment.has_deletions())

    def is_deleted(self, docnum: int) -> bool:
        """Whether one is dead."""
        return self._segment.is_deleted(docnum)

    def deleted_docs(self) -> Iterator[int]:
        """Yield the rows of the dead."""
        return self._segment.deleted_docs()

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:
        """Return how many words stand in a field of a document."""
        return int(self._lengths[fieldname][docnum]) or default

    def field_length(self, fieldname: str) -> int:
        """Return how many words stand in a field of all documents."""
        return int(self._contents.postings[Tier(fieldname)].counts.sum(dtype=np.int64))

    def min_field_length(self, fieldname: str) -> int:
        """Return the least number of words in a field."""
        return int(self._lengths[fieldname].min())

    def max_field_length(self, fieldname: str) -> int:
        """Return the greatest number of words in a field."""
        return int(self._lengths[fieldname].max())

    def stored_fields(self, docnum: int) -> dict[str, Any]:
        """Return id, code and name of a document."""
        columns = self._contents.columns
        return {
            ID: whole_id(int(columns.id_high[docnum]), int(columns.id_low[docnum])),
            CODE: self._contents.codes[docnum].decode("utf-8", "surrogatepass"),
            NAME: self._contents.names[docnum].decode("utf-8", "surrogatepass"),
        }


class _Lengths(dict[str, NDArray[np.int64]]):
    """How many words stand in each document, by field; rounded as Whoosh does, so that it scores alike."""

    def __init__(self, contents: Contents) -> None:
        super().__init__()
        self._contents = contents

    def __missing__(self, fieldname: str) -> NDArray[np.int64]:
        exact = self._contents.postings[Tier(fieldname)].lengths(self._contents.count)
        rounded = (byte_to_length(length_to_byte(length)) for length in exact.tolist())
        found = self[fieldname] = np.fromiter(rounded, np.int64, len(exact))
        return found
