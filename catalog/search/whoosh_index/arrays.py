"""Arrays in a file: written once, then mapped by every process and used in place.

A file is arrays, each beginning where a processor likes to read, and a table in JSON behind them, which says of each
its type, shape and place. So arrays are written as they are made, and none waits for the others. Texts are an array
too: all of them one after the other, and where each ends.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Arrays = Mapping[str, NDArray[Any]]
Numbers = NDArray[np.integer[Any]]

ALIGNED = 64
APART = 64
_MAGIC = b"reprise arrays 2\n"
_LENGTH_BYTES = 8


class Sink(Protocol):
    """What arrays are written to."""

    def write(self, content: bytes | memoryview) -> Any:  # noqa: ANN401 — files of all kinds
        """Write bytes."""
        ...


def write_arrays(file: Sink, several: Iterable[Arrays]) -> None:
    """Write arrays with their names."""
    table: dict[str, tuple[str, tuple[int, ...], int]] = {}
    file.write(_MAGIC.ljust(ALIGNED, b"\0"))
    at = ALIGNED
    for arrays in several:
        for name, array in arrays.items():
            table[name] = (array.dtype.str, array.shape, at)
            if array.size:
                file.write(np.ascontiguousarray(array).reshape(-1).view(np.uint8).data)
            file.write(bytes(_padded(array.nbytes) - array.nbytes))
            at += _padded(array.nbytes)
    described = json.dumps(table).encode()
    file.write(described + len(described).to_bytes(_LENGTH_BYTES, "little"))


def read_arrays(content: memoryview | bytes) -> dict[str, NDArray[Any]]:
    """Return the arrays of a file as views of it; raises ``ValueError`` where it is none."""
    if bytes(content[: len(_MAGIC)]) != _MAGIC:
        message = "this file holds no arrays"
        raise ValueError(message)
    ends = len(content) - _LENGTH_BYTES
    length = int.from_bytes(content[ends:], "little")
    table = json.loads(bytes(content[ends - length : ends]))
    return {
        name: np.frombuffer(content, kind, int(np.prod(shape)), at).reshape(shape)
        for name, (kind, shape, at) in table.items()
    }


class Texts(Sequence[bytes]):
    """Many short texts, back to back in one array. Those of a vocabulary are sorted, so that they can be looked up.

    Every 64th is kept as it is, so that looking one up reads few others from the array.
    """

    def __init__(self, content: NDArray[np.uint8], ends: Numbers) -> None:
        self._content: memoryview = content.data if len(content) else memoryview(b"")
        self._ends: Sequence[int] = ends.data if len(ends) else ()

    def __len__(self) -> int:
        return len(self._ends)

    @cached_property
    def _milestones(self) -> list[bytes]:
        return [bytes(self[at]) for at in range(0, len(self), APART)]

    def place(self, text: bytes) -> int:
        """Return where a text stands among sorted ones, or would stand."""
        passed = bisect_left(self._milestones, text)
        return bisect_left(self, text, max((passed - 1) * APART, 0), min(passed * APART, len(self)))

    def without_digits(self, first: int) -> list[bytes]:
        """Return those from the first on that have no decimal digit of ASCII, which most codes have."""
        content, ends = np.frombuffer(self._content, np.uint8), np.asarray(self._ends, np.int64)
        if first == len(ends):
            return []
        numeric = np.logical_or.reduceat((content >= ord("0")) & (content <= ord("9")), np.append(0, ends[:-1]))
        return [self[at] for at in (first + np.flatnonzero(~numeric[first:])).tolist()]

    def __getitem__(self, at: Any) -> Any:  # noqa: ANN401 — one or several, as of any sequence
        if isinstance(at, slice):
            return [self[one] for one in range(*at.indices(len(self)))]
        return bytes(self._content[self._ends[at - 1] if at else 0 : self._ends[at]])

    def __iter__(self) -> Iterator[bytes]:
        start = 0
        content = bytes(self._content)
        for end in self._ends:
            yield content[start:end]
            start = end


def texts_of(arrays: Arrays, name: str) -> Texts:
    """Return the texts that were written under a name."""
    return Texts(arrays[name], arrays[f"{name} ends"])


def text_arrays(name: str, texts: Iterable[bytes]) -> dict[str, NDArray[Any]]:
    """Return texts as arrays to be written under a name."""
    listed = list(texts)
    ends = np.cumsum(np.fromiter(map(len, listed), np.int64, len(listed)), dtype=np.int64)
    return {name: np.frombuffer(b"".join(listed), np.uint8), f"{name} ends": narrow(ends)}


def together(several: Sequence[Texts]) -> tuple[list[bytes], list[NDArray[np.int64]]]:
    """Return the texts of several sorted ones, each once and sorted, and which of them those of each are."""
    listed = [text for texts in several for text in texts]
    order = sorted(range(len(listed)), key=listed.__getitem__)  # which sees that they are sorted one by one
    found: list[bytes] = []
    numbers = np.empty(len(listed), np.int64)
    last = None
    for at in order:
        text = listed[at]
        if text != last:
            found.append(text)
            last = text
        numbers[at] = len(found) - 1
    return found, np.split(numbers, np.cumsum([len(texts) for texts in several])[:-1])


def narrow(numbers: Numbers) -> Numbers:
    """Return numbers, none of them negative, in the smallest type that holds them all."""
    return numbers.astype(np.min_scalar_type(int(numbers.max(initial=0))))


def spread(starts: Numbers, lengths: Numbers) -> NDArray[np.int64]:
    """Return the numbers of several stretches: ``starts[i]`` and the ``lengths[i] - 1`` after it."""
    ends = np.cumsum(lengths, dtype=np.int64)
    shifts = starts.astype(np.int64) - ends + lengths
    return np.repeat(shifts, lengths) + np.arange(ends[-1] if len(ends) else 0)


def _padded(size: int) -> int:
    return -(-size // ALIGNED) * ALIGNED
