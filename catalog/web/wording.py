"""Numbers, sizes, instants and closed words as people read them, in the language of the page.

Tables of words are ``marked`` and stay English; functions return them translated. Where no page is being made, all of
it is English.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from babel.dates import format_date

from catalog.accounts.vocabulary import Role
from catalog.assets import merging
from catalog.assets.vocabulary import KIND_LABELS, AssetStatus, FileRole, Kind, Platform, RelationKind, VersionStatus
from catalog.jobs.vocabulary import JobState, Lane
from catalog.kernel.abilities import Ability
from catalog.licensing.gate import How, Purpose
from catalog.media.vocabulary import Part, PreviewKind
from catalog.search.notices import SENTENCES
from catalog.web.languages import gettext, marked, ngettext, spoken

_UNITS = ("bytes", "kB", "MB", "GB", "TB", "PB")
_THOUSAND = 1000
_TEN = 10

ROLE_WORDS: dict[str, str] = {
    FileRole.MODEL: marked("Model"),
    FileRole.LOOK: marked("Look"),
    FileRole.GROOM: marked("Groom"),
    FileRole.RIG_BODY: marked("Body rig"),
    FileRole.RIG_FACE: marked("Face rig"),
    FileRole.BLENDSHAPES: marked("Blend shapes"),
    FileRole.TEXTURE_SET: marked("Texture set"),
    FileRole.PROXY: marked("Proxy"),
    FileRole.LOD: marked("Level of detail"),
    FileRole.CACHE: marked("Cache"),
    FileRole.SOURCE: marked("Source"),
    FileRole.DOC: marked("Document"),
    FileRole.THUMBNAIL: marked("Thumbnail"),
    FileRole.PREVIEW: marked("Preview"),
    FileRole.TURNTABLE: marked("Turntable"),
}

PREVIEW_WORDS: dict[str, str] = {
    PreviewKind.THUMBNAIL: marked("Picture"),
    PreviewKind.TURNTABLE: marked("Turntable"),
    PreviewKind.MODEL: marked("Model for browsers"),
    PreviewKind.WIREFRAME: marked("Wireframe"),
    PreviewKind.BLEND_SHAPES: marked("Blend shapes"),
    PreviewKind.SKELETON: marked("Skeleton"),
    PreviewKind.FILM: marked("Film"),
    PreviewKind.SKY: marked("Its light"),
    PreviewKind.EXPOSURES: marked("Exposures"),
    PreviewKind.LAYERS: marked("Image layers"),
    PreviewKind.TEXTURES: marked("Texture maps"),
}

PART_WORDS: dict[str, str] = {
    Part.MODEL: marked("Model"),
    Part.RIG: marked("Rig"),
    Part.SKELETON: marked("Skeleton"),
    Part.BLEND_SHAPES: marked("Blend shapes"),
    Part.GROOM: marked("Groom"),
    Part.TEXTURES: marked("Texture maps"),
    Part.MATERIALS: marked("Material"),
    Part.CACHE: marked("Cache"),
    Part.PROXY: marked("Proxy"),
    Part.FILM: marked("Film"),
}

PLATFORM_WORDS: dict[str, str] = {
    Platform.LINUX: "Linux",
    Platform.WINDOWS: "Windows",
    Platform.MACOS: "macOS",
}

OUTGOING: dict[RelationKind, str] = {
    RelationKind.CONTAINS: marked("Contains"),
    RelationKind.REVISION: marked("Revision of"),
    RelationKind.VARIANT: marked("Variant of"),
    RelationKind.DERIVATION: marked("Derived from"),
    RelationKind.REPRESENTATION: marked("Representation of"),
    RelationKind.ALTERNATIVE: marked("Alternative to"),
}
"""What the source of a relation says of its target."""

USED_BY: dict[RelationKind, str] = {
    RelationKind.CONTAINS: marked("Contained in"),
    RelationKind.REVISION: marked("Revised by"),
    RelationKind.VARIANT: marked("Varied by"),
    RelationKind.DERIVATION: marked("Source of"),
    RelationKind.REPRESENTATION: marked("Represented by"),
    RelationKind.ALTERNATIVE: marked("Has as alternative"),
}
"""What the target of a relation says of its source."""

INCOMING: dict[RelationKind, str] = {
    RelationKind.CONTAINS: marked("contains it"),
    RelationKind.REVISION: marked("is a revision of it"),
    RelationKind.VARIANT: marked("is a variant of it"),
    RelationKind.DERIVATION: marked("is derived from it"),
    RelationKind.REPRESENTATION: marked("represents it"),
    RelationKind.ALTERNATIVE: marked("is an alternative to it"),
}
"""What its users are to an asset."""

STATUS_WORDS: dict[str, str] = {
    VersionStatus.DRAFT: marked("Draft"),
    VersionStatus.VERIFYING: marked("Verifying"),
    VersionStatus.REVIEW: marked("In review"),
    VersionStatus.PUBLISHED: marked("Published"),
    VersionStatus.DEPRECATED: marked("Deprecated"),
    VersionStatus.WITHDRAWN: marked("Withdrawn"),
    AssetStatus.ACTIVE: marked("Active"),
    AssetStatus.RETIRED: marked("Retired"),
}

_TONES: dict[str, str] = {
    VersionStatus.PUBLISHED: "ok",
    VersionStatus.DEPRECATED: "warn",
    VersionStatus.WITHDRAWN: "bad",
}


def number(value: float) -> str:
    """Return a number with its thousands set apart, as all our languages do: ``12,481``."""
    return f"{value:,}"


def counted(count: int, one: str, several: str) -> str:
    """Return a count with its word: ``counted(n, "%(count)s file", "%(count)s files")``."""
    return ngettext(one, several, count, count=number(count))


def listed(words: Iterable[str]) -> str:
    """Return words one after another: ``artist, supervisor``."""
    return gettext(", ").join(words)


def size(size_bytes: int) -> str:
    """Return a size in decimal units, with two digits or three: ``1.4 GB``."""
    value, unit = float(size_bytes), 0
    while value >= _THOUSAND - 0.5 and unit < len(_UNITS) - 1:
        value, unit = value / _THOUSAND, unit + 1
    if unit == 0:
        return counted(size_bytes, "%(count)s byte", "%(count)s bytes")
    return f"{value:.1f} {_UNITS[unit]}" if value < _TEN else f"{value:.0f} {_UNITS[unit]}"


def instant(at: datetime) -> str:
    """Return an instant to the minute: ``2026-11-22 14:05 UTC``."""
    return f"{at:%Y-%m-%d %H:%M} UTC"


def day(at: datetime) -> str:
    """Return the date of an instant, in UTC: ``2026-11-22``."""
    return f"{at:%Y-%m-%d}"


def long_day(at: datetime) -> str:
    """Return the date of an instant, in UTC, as prose has it: ``November 22, 2026``."""
    return format_date(at.date(), "long", locale=spoken().replace("-", "_"))


def part(value: str) -> str:
    """Return what comes with a version in words; a value that is none stays as it is."""
    return gettext(PART_WORDS.get(value, value))


def kind(value: str) -> str:
    """Return what a kind of asset is called."""
    return gettext(KIND_LABELS[Kind(value)])


def role(value: str) -> str:
    """Return what a file is for."""
    return _told(ROLE_WORDS, value)


def status(value: str) -> str:
    """Return the standing of an asset or a version."""
    return _told(STATUS_WORDS, value)


def plain(value: str) -> str:
    """Return a word of a closed vocabulary as it is said: ``privacy officer``, ``manage own tokens``."""
    return gettext(_spaced(value))


def tone(value: str) -> str:
    """Return the color in which a standing is shown: ``ok``, ``warn``, ``bad`` or none."""
    return _TONES.get(value, "")


def preview_kind(value: PreviewKind) -> str:
    """Return what a preview shows: ``Turntable``, ``Wireframe``."""
    return gettext(PREVIEW_WORDS[value])


def purpose(value: str) -> str:
    """Return what a use is for: ``Lookdev test``, ``AI training``."""
    return gettext(_purpose(value))


def platform(value: str) -> str:
    """Return the name of an operating system."""
    return PLATFORM_WORDS.get(value, value)


def platforms(first: str | None) -> list[tuple[str, str]]:
    """Return every platform with its name, the reader's own first."""
    return sorted(PLATFORM_WORDS.items(), key=lambda one: one[0] != first)


def sentence(text: str) -> str:
    """Return what a person wrote with an end, so that another sentence can follow."""
    text = text.rstrip()
    return text if text.endswith((".", "!", "?", "…", "。", "！", "？")) else f"{text}."


def begun(message: str, login: str | None = None) -> str:
    """Return a message as a sentence with a capital; one that begins with a code or this login keeps it as it is."""
    first, _, _ = message.partition(" ")
    return sentence(message[0].upper() + message[1:] if first.isalpha() and first != login else message)


def told(why: str) -> str:
    """Return why something was done: as a person wrote it, or, where the catalog did it, in the reader's language."""
    return gettext(why) if why == merging.REASON else why


def short(digest: str) -> str:
    """Return the beginning of a digest, enough for people to compare."""
    return digest[:12]


def _told(words: dict[str, str], value: str) -> str:
    return gettext(words[value]) if value in words else value


def _spaced(value: str) -> str:
    return value.replace("_", " ").replace("-", " ")


def _purpose(value: str) -> str:
    return _spaced(value).capitalize().replace("Ai ", "AI ")


BORROWED = (
    *KIND_LABELS.values(),
    *map(_spaced, (*Role, *Ability, *How, *JobState, *Lane)),
    *map(_purpose, Purpose),
    *SENTENCES.values(),
    merging.REASON,
)
"""Words of rooms below, which know English only; catalogs have them, too."""
