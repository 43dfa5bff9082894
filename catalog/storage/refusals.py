"""What stores refuse, in the same words whichever store it is. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from catalog.kernel.errors import Conflict, InvalidInput, NotFound
from catalog.storage.keys import digest_in
from catalog.storage.port import PARTS_MAX, Part

_NAMED_MAX = 20


def no_object(key: str) -> NotFound:
    """Nothing is stored under the key."""
    return NotFound(f"nothing is stored under {key!r}", code="no-such-object", key=key)


def no_transfer(key: str) -> NotFound:
    """The upload in parts is unknown, finished or aborted."""
    return NotFound(
        f"the upload in parts of {key!r} is over or was never begun; begin a new one", code="no-such-transfer", key=key
    )


def wrong_digest(what: str, sha256: str) -> InvalidInput:
    """The bytes are not those of the digest."""
    return InvalidInput(
        f"the bytes of {what} do not have the digest {sha256}; send the bytes that were declared", code="wrong-digest"
    )


def bad_range(key: str, start: int, end: int | None) -> InvalidInput:
    """The object has no byte in the range."""
    return InvalidInput(
        f"{key!r} has no bytes from {start} to {'its end' if end is None else end}; ask for a range inside the object",
        code="bad-range",
    )


def check_range(key: str, start: int, end: int | None) -> None:
    """Refuse a range that is empty in any object, or that counts from the end and yet says where to stop."""
    if end is not None and (start < 0 or end <= start):
        raise bad_range(key, start, end)


def check_blob_key(key: str, sha256: str) -> None:
    """Refuse (``InvalidInput``) other bytes under a blob's own key than those it names."""
    named = digest_in(key)
    if named is not None and named != sha256:
        raise wrong_digest(f"blob {key!r}", named)


def check_parts(key: str, parts: Sequence[Part], arrived: Mapping[int, int]) -> None:
    """Refuse to assemble from ``arrived`` (number to size in bytes) what is not exactly ``parts``.

    ``InvalidInput`` unless the numbers count from 1 to at most 10,000, ``Conflict`` while something is missing.
    """
    if [part.number for part in parts] != list(range(1, len(parts) + 1)) or not 1 <= len(parts) <= PARTS_MAX:
        raise InvalidInput(
            f"parts of {key!r} are numbered from 1 to at most {PARTS_MAX} without a gap", code="bad-parts"
        )
    missing = [part.number for part in parts if arrived.get(part.number) != part.size_bytes]
    if missing:
        named = ", ".join(map(str, missing[:_NAMED_MAX])) + (" …" if len(missing) > _NAMED_MAX else "")
        raise Conflict(
            f"{len(missing)} of {len(parts)} parts of {key!r} are missing or not whole: {named}; send them",
            code="parts-missing",
            missing=missing,
        )
