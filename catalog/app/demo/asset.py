"""What the demo studio knows of an asset: its words, and how the files of each version are made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from catalog.client.words import Kind, RelationKind

Files = Mapping[str, bytes]


@dataclass(frozen=True, kw_only=True)
class Release:
    """A version: the note says what changed. ``deprecated``: why it is discouraged, where it is."""

    note: str
    files: Callable[[], Files]
    deprecated: str = ""


@dataclass(frozen=True, kw_only=True)
class Link:
    """A relation to another asset of the demo, which is earlier in the library."""

    kind: RelationKind
    target: str
    count: int | None = None


@dataclass(frozen=True, kw_only=True)
class DemoAsset:
    """An invented asset; its releases are its versions, from 1 on."""

    code: str
    name: str
    kind: Kind
    description: str
    tags: tuple[str, ...]
    releases: tuple[Release, ...]
    aliases: tuple[tuple[str, str], ...] = ()
    show: str = "lantern"
    owner: str = "mira"
    links: tuple[Link, ...] = ()
