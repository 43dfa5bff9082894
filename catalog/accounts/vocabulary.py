"""The seven roles, what each may do, and the languages that people are spoken to in."""

from __future__ import annotations

from enum import StrEnum

from catalog.kernel.abilities import Ability


class Language(StrEnum):
    """A language of the pages, as HTML names it."""

    ENGLISH = "en"
    CHINESE = "zh-Hans"


class Role(StrEnum):
    """What a person is in the studio; a user may have several."""

    VIEWER = "viewer"
    ARTIST = "artist"
    SUPERVISOR = "supervisor"
    PIPELINE = "pipeline"
    LICENSING = "licensing"
    PRIVACY_OFFICER = "privacy_officer"
    ADMIN = "admin"


_VIEWER = frozenset({Ability.BROWSE})
_ARTIST = _VIEWER | {
    Ability.REGISTER,
    Ability.PUBLISH,
    Ability.ANNOTATE,
    Ability.RELEASE,
    Ability.COLLECT,
    Ability.MANAGE_OWN_TOKENS,
}
_AUDITOR = _VIEWER | {
    Ability.RELEASE,
    Ability.COLLECT,
    Ability.AUDIT,
    Ability.SEE_EVERYTHING,
    Ability.MANAGE_OWN_TOKENS,
}

ROLE_ABILITIES: dict[Role, frozenset[Ability]] = {
    Role.VIEWER: _VIEWER,
    Role.ARTIST: _ARTIST,
    Role.SUPERVISOR: _ARTIST | {Ability.CURATE, Ability.WITHDRAW, Ability.MANAGE_SHOWS},
    Role.PIPELINE: _ARTIST
    | {
        Ability.CURATE,
        Ability.WITHDRAW,
        Ability.IMPORT,
        Ability.MANAGE_SHOWS,
        Ability.MANAGE_ROOTS,
        Ability.OPERATE,
    },
    Role.LICENSING: _AUDITOR,
    Role.PRIVACY_OFFICER: _AUDITOR,
    Role.ADMIN: frozenset(Ability),
}


def abilities_of(roles: list[str]) -> frozenset[Ability]:
    """Return what these roles may do together."""
    return frozenset().union(*(ROLE_ABILITIES[Role(role)] for role in roles))
