"""How an entry is sealed: pure functions from an entry to bytes, and from bytes to the hash that chains them.

The canonical form is JSON with sorted keys, no spaces and UTF-8 (the subset of RFC 8785 that our values need: no
floats). ``hash = SHA-256(canonical bytes)``, and the canonical bytes hold the hash before, so that one changed bit
breaks all that follows. Values enter only as ``SHA-256(salt ‖ canonical values)``: without the salt, kept beside the
values, a short value cannot be guessed from its digest once it has been erased.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

GENESIS = "0" * 64
"""The hash before the first entry."""

SALT_BYTES = 16


def canonical(value: Any) -> bytes:  # noqa: ANN401 — JSON is what it is
    """Return the one byte string that stands for a JSON value."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def digest_of_values(values: dict[str, Any], salt: bytes) -> str:
    """Return the salted digest under which an entry speaks of its values; hex."""
    return hashlib.sha256(salt + canonical(values)).hexdigest()


def seal(body: bytes) -> str:
    """Return the hash of an entry's canonical bytes; hex."""
    return hashlib.sha256(body).hexdigest()
