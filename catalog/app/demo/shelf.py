"""How an asset of the library is written down in a few lines."""

from __future__ import annotations

from collections.abc import Callable

from catalog.app.demo.asset import DemoAsset, Files, Link, Release
from catalog.client.words import Kind

_KINDS: dict[str, Kind] = {
    "chr": "digital_double", "crt": "creature", "crw": "crowd", "veh": "vehicle", "prp": "prop", "env": "environment", "veg": "vegetation",
    "grm": "groom", "cst": "costume", "fx": "fx_element", "mtp": "matte_painting", "hdr": "hdri", "mat": "material", "mcp": "mocap", "ldr": "lidar", "rig": "rig_template",
}  # fmt: skip


def shelved(
    code: str,
    name: str,
    chinese: str,
    description: str,
    tags: str,
    *releases: tuple[str, Callable[[], Files]] | Release,
    traditional: str = "",
    latin: str = "",
    show: str = "lantern",
    owner: str = "mira",
    links: tuple[Link, ...] = (),
) -> DemoAsset:
    """Return an asset; its code's prefix says the kind, tags are parted by commas, releases are (note, files)."""
    aliases = [(chinese, "zh-Hans")] if chinese else []
    aliases += [(traditional, "zh-Hant")] if traditional else []
    aliases += [(latin, "zh-Latn")] if latin else []
    return DemoAsset(
        code=code,
        name=name,
        kind=_KINDS[code.partition("_")[0]],
        description=description,
        tags=tuple(tag.strip() for tag in tags.split(",")),
        releases=tuple(one if isinstance(one, Release) else Release(note=one[0], files=one[1]) for one in releases),
        aliases=tuple(aliases),
        show=show,
        owner=owner,
        links=links,
    )


def has(**counts: int) -> tuple[Link, ...]:
    """Return that it contains so many of each."""
    return tuple(Link(kind="contains", target=code, count=count) for code, count in counts.items())
