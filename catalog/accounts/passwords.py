"""Passwords: argon2id with the library's current parameters (RFC 9106 low-memory profile).

Never inside a unit of work.
"""

from __future__ import annotations

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from catalog.kernel.errors import InvalidInput

LENGTH_MIN = 10
LENGTH_MAX = 1_000


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()


@cache
def _nobodys_hash() -> str:
    return _hasher().hash("a password that nobody has")


def hash_password(password: str) -> str:
    """Return the hash to keep; ``InvalidInput`` where the password is too short (10) or too long (1,000)."""
    if not LENGTH_MIN <= len(password) <= LENGTH_MAX:
        raise InvalidInput(
            f"a password has {LENGTH_MIN} to {LENGTH_MAX} characters, this one has {len(password)}", code="bad-password"
        )
    return _hasher().hash(password)


def matches(password_hash: str | None, password: str) -> bool:
    """Whether the password belongs to the hash; takes as long without a hash, so that logins cannot be probed."""
    try:
        _hasher().verify(password_hash or _nobodys_hash(), password[:LENGTH_MAX])
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None
