"""Numbers, sizes, instants and closed words as people read them. Pure."""

from __future__ import annotations

from datetime import datetime

from catalog.assets.vocabulary import KIND_LABELS, AssetStatus, FileRole, Kind, Platform, RelationKind, VersionStatus

_UNITS = ("bytes", "kB", "MB", "GB", "TB", "PB")
_THOUSAND = 1000
_TEN = 10

ROLE_WORDS: dict[str, str] = {
    FileRole.MODEL: "Model",
    FileRole.LOOK: "Look",
    FileRole.GROOM: "Groom",
    FileRole.RIG_BODY: "Body rig",
    FileRole.RIG_FACE: "Face rig",
    FileRole.BLENDSHAPES: "Blend shapes",
    FileRole.TEXTURE_SET: "Texture set",
    FileRole.PROXY: "Proxy",
    FileRole.LOD: "Level of detail",
    FileRole.CACHE: "Cache",
    FileRole.SOURCE: "Source",
    FileRole.DOC: "Document",
    FileRole.THUMBNAIL: "Thumbnail",
    FileRole.PREVIEW: "Preview",
    FileRole.TURNTABLE: "Turntable",
}

PLATFORM_WORDS: dict[str, str] = {
    Platform.LINUX: "Linux",
    Platform.WINDOWS: "Windows",
    Platform.MACOS: "macOS",
}

OUTGOING: dict[RelationKind, str] = {
    RelationKind.CONTAINS: "Contains",
    RelationKind.REVISION: "Revision of",
    RelationKind.VARIANT: "Variant of",
    RelationKind.DERIVATION: "Derived from",
    RelationKind.REPRESENTATION: "Representation of",
    RelationKind.ALTERNATIVE: "Alternative to",
}
"""What the source of a relation says of its target."""

USED_BY: dict[RelationKind, str] = {
    RelationKind.CONTAINS: "Contained in",
    RelationKind.REVISION: "Revised by",
    RelationKind.VARIANT: "Varied by",
    RelationKind.DERIVATION: "Source of",
    RelationKind.REPRESENTATION: "Represented by",
    RelationKind.ALTERNATIVE: "Has as alternative",
}
"""What the target of a relation says of its source."""

INCOMING: dict[RelationKind, str] = {
    RelationKind.CONTAINS: "contains it",
    RelationKind.REVISION: "is a revision of it",
    RelationKind.VARIANT: "is a variant of it",
    RelationKind.DERIVATION: "is derived from it",
    RelationKind.REPRESENTATION: "represents it",
    RelationKind.ALTERNATIVE: "is an alternative to it",
}
"""What its users are to an asset."""

STATUS_WORDS: dict[str, str] = {
    VersionStatus.DRAFT: "Draft",
    VersionStatus.VERIFYING: "Verifying",
    VersionStatus.REVIEW: "In review",
    VersionStatus.PUBLISHED: "Published",
    VersionStatus.DEPRECATED: "Deprecated",
    VersionStatus.WITHDRAWN: "Withdrawn",
    AssetStatus.ACTIVE: "Active",
    AssetStatus.RETIRED: "Retired",
}

_TONES: dict[str, str] = {
    VersionStatus.PUBLISHED: "ok",
    VersionStatus.DEPRECATED: "warn",
    VersionStatus.WITHDRAWN: "bad",
}


def number(value: float) -> str:
    """Return a number with its thousands set apart: ``12,481``."""
    return f"{value:,}"


def counted(count: int, one: str, several: str | None = None) -> str:
    """Return a count with its word: ``1 file``, ``12,481 files``."""
    return f"{number(count)} {one if count == 1 else several or one + 's'}"


def size(size_bytes: int) -> str:
    """Return a size in decimal units, with two digits or three: ``1.4 GB``."""
    value, unit = float(size_bytes), 0
    while value >= _THOUSAND - 0.5 and unit < len(_UNITS) - 1:
        value, unit = value / _THOUSAND, unit + 1
    if unit == 0:
        return counted(size_bytes, "byte")
    return f"{value:.1f} {_UNITS[unit]}" if value < _TEN else f"{value:.0f} {_UNITS[unit]}"


def instant(at: datetime) -> str:
    """Return an instant to the minute: ``2026-11-22 14:05 UTC``."""
    return f"{at:%Y-%m-%d %H:%M} UTC"


def day(at: datetime) -> str:
    """Return the date of an instant, in UTC: ``2026-11-22``."""
    return f"{at:%Y-%m-%d}"


def kind(value: str) -> str:
    """Return what a kind of asset is called."""
    return KIND_LABELS[Kind(value)]


def role(value: str) -> str:
    """Return what a file is for."""
    return ROLE_WORDS.get(value, value)


def status(value: str) -> str:
    """Return the standing of an asset or a version."""
    return STATUS_WORDS.get(value, value)


def tone(value: str) -> str:
    """Return the color in which a standing is shown: ``ok``, ``warn``, ``bad`` or none."""
    return _TONES.get(value, "")


def purpose(value: str) -> str:
    """Return what a use is for: ``Lookdev test``, ``AI training``."""
    return value.replace("_", " ").capitalize().replace("Ai ", "AI ")


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


def short(digest: str) -> str:
    """Return the beginning of a digest, enough for people to compare."""
    return digest[:12]
