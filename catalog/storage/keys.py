"""How objects are named. Pure.

::

    originals   sha256/ab/cd/<hash>                              verified bytes; written by this house only
                incoming/<owner>/<hash>                          bytes on their way in, not trusted yet
    derived     <hash>/<derivative>/<tool version>               may be emptied at any time

No key is another key's folder: some stores keep objects as files and could not hold both.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from catalog.kernel.errors import InvalidInput

if TYPE_CHECKING:
    from uuid import UUID

BLOBS = "sha256/"
INCOMING = "incoming/"
KEY_MAX = 512
_SHA256 = re.compile(r"[0-9a-f]{64}")
_SEGMENT = re.compile(r"[A-Za-z0-9_.@+-]+")


def checked_digest(sha256: str) -> str:
    """Return the digest; ``InvalidInput`` unless it is 64 lower-case hexadecimal digits."""
    if not _SHA256.fullmatch(sha256):
        raise InvalidInput(
            f"{sha256[:80]!r} is no SHA-256; 64 lower-case hexadecimal digits are right", code="bad-digest"
        )
    return sha256


def blob_key(sha256: str) -> str:
    """Return the key of a blob's own, verified bytes."""
    checked_digest(sha256)
    return f"{BLOBS}{sha256[:2]}/{sha256[2:4]}/{sha256}"


def digest_in(key: str) -> str | None:
    """Return the digest that a blob's key names, or None for any other key."""
    name = key.rpartition("/")[2]
    return name if _SHA256.fullmatch(name) and key == blob_key(name) else None


def incoming_key(owner_id: UUID, sha256: str) -> str:
    """Return where bytes land that ``owner_id`` (a version, say) brings and claims to have this digest."""
    return f"{INCOMING}{owner_id}/{checked_digest(sha256)}"


def derivative_key(sha256: str, derivative: str, tool_version: str) -> str:
    """Return the key of something derived from a blob, or from a tree by its manifest, by one version of one tool."""
    return checked_key(f"{checked_digest(sha256)}/{derivative}/{tool_version}")


def checked_key(key: str) -> str:
    """Return the key; ``InvalidInput`` unless it is at most 512 characters, segments of letters, digits, ``_.@+-``."""
    segments = key.split("/")
    if len(key) > KEY_MAX or not all(_SEGMENT.fullmatch(segment) and segment.strip(".") for segment in segments):
        raise InvalidInput(
            f"{key[:80]!r} is no key of the store; segments of letters, digits and _.@+- between slashes are right",
            code="bad-key",
        )
    return key
