"""The demo studio: six invented assets, two shows and five invented people, published through the public client.

Everything here is invented and says so. It is seeded once, at the first start of ``scripts/run``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from catalog.app.demo_files import Color, Vector, ball, box, glb, grid, hdr, png, roughly, tube, usda
from catalog.client import Client
from catalog.client.words import Kind, Role

PASSWORD = "try-the-demo"  # noqa: S105 — printed at the start, for invented people
INVENTED = "Invented for the demo studio."


@dataclass(frozen=True, kw_only=True)
class SignIn:
    """An invented person with whom one can sign in."""

    login: str
    password: str
    role: Role


@dataclass(frozen=True, kw_only=True)
class DemoAsset:
    """An invented asset: what it is called, and how its files are made."""

    code: str
    name: str
    kind: Kind
    description: str
    tags: tuple[str, ...]
    files: Callable[[], Mapping[str, bytes]]
    note: str
    aliases: tuple[tuple[str, str], ...] = ()
    show: str = "lantern"
    parts: Mapping[str, int] = field(default_factory=dict)


PEOPLE: tuple[tuple[str, str, Role, tuple[str, ...]], ...] = (
    ("mira", "Mira Solheim", "artist", ("lantern-crew",)),
    ("jonas", "Jonas Achterberg", "supervisor", ("lantern-crew", "orbit-crew")),
    ("tdbot", "Pipeline TD", "pipeline", ("lantern-crew", "orbit-crew")),
    ("clio", "Clio Marchetti", "licensing", ()),
    ("guest", "Studio guest", "viewer", ()),
)


def seed_demo(url: str, token: str) -> Sequence[SignIn]:
    """Seed the demo studio through the public client; safe to run again.

    A catalogue that somebody works in already is left alone, and nobody can sign in to it with a known password.
    """
    client = Client(url, token=token)
    if is_worked_in(client):
        return []
    _people(client)
    _shows(client)
    for asset in ASSETS:
        _publish(client, asset)
    for asset in ASSETS:
        for part, count in asset.parts.items():
            client.relations.add(asset.code, kind="contains", target=part, count=count)
    return [SignIn(login=login, password=PASSWORD, role=role) for login, _, role, _ in PEOPLE]


def is_worked_in(client: Client) -> bool:
    """Whether there are people or assets besides the first administrator's and the demo's own."""
    ours = {login for login, _, _, _ in PEOPLE} | {"admin"}
    codes = {asset.code for asset in ASSETS}
    strangers = any(user.login not in ours for user in client.users.list())
    return strangers or any(card.code not in codes for card in client.assets.list())


def _people(client: Client) -> None:
    there = {user.login for user in client.users.list()}
    for login, name, role, _ in PEOPLE:
        if login not in there:
            client.users.create(login=login, display_name=f"{name} (invented)", password=PASSWORD, roles=[role])
    known = {group.code for group in client.groups.list()}
    for group in ("lantern-crew", "orbit-crew"):
        if group not in known:
            client.groups.create(code=group, members=[login for login, _, _, groups in PEOPLE if group in groups])


def _shows(client: Client) -> None:
    there = {show.code for show in client.shows.list()}
    if "lantern" not in there:
        client.shows.create(code="lantern", name="Lantern Street", description=f"A night market. {INVENTED}")
    if "orbit" not in there:
        description = f"Private: only its crew knows of it. {INVENTED}"
        client.shows.create(code="orbit", name="Orbit", description=description, audience=["orbit-crew"])


def _publish(client: Client, asset: DemoAsset) -> None:
    if asset.code not in {one.code for one in client.assets.list()}:
        client.assets.register(
            code=asset.code,
            name=asset.name,
            kind=asset.kind,
            description=f"{asset.description} {INVENTED}",
            tags=list(asset.tags),
            aliases=[{"text": text, "language": language} for text, language in asset.aliases],
            show=asset.show,
            owner="mira",
        )
    with TemporaryDirectory() as folder:
        for path, content in asset.files().items():
            target = Path(folder) / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        client.versions.publish(asset.code, folder, note=asset.note)


def _head() -> Mapping[str, bytes]:
    skin: Color = (0.58, 0.36, 0.26)

    def skull(way: Vector) -> float:
        x, y, z = way
        brow = 0.010 * math.exp(-(((y - 0.18) / 0.16) ** 2)) * max(0.0, z)
        nose = 0.030 * math.exp(-((x / 0.13) ** 2) - ((y + 0.10) / 0.20) ** 2) * (z > 0)
        sockets = -0.014 * (math.exp(-(((abs(x) - 0.34) / 0.15) ** 2) - ((y - 0.06) / 0.12) ** 2)) * (z > 0)
        lips = 0.008 * math.exp(-((x / 0.20) ** 2) - ((y + 0.42) / 0.07) ** 2) * (z > 0)
        chin = 0.014 * math.exp(-((x / 0.22) ** 2) - ((y + 0.72) / 0.16) ** 2) * (z > 0)
        jaw = -0.018 * max(0.0, -y - 0.15) * (abs(x) + 0.2)
        return 0.092 + 0.020 * y * y + 0.012 * max(0.0, -z) + brow + nose + sockets + lips + chin + jaw

    def hair(way: Vector) -> float:
        x, y, z = way
        line = 0.40 - 1.05 * max(0.0, -z) - 0.35 * max(0.0, abs(x) - 0.5)
        thick = 0.010 * min(1.0, max(-1.0, (y - line) * 9))
        return skull(way) + thick + 0.0018 * math.sin(34 * math.atan2(x, z)) * (thick > 0)

    eyes = [
        ball(
            f"eye_{side}",
            lambda _: 0.0125,
            (0.75, 0.74, 0.72),
            at=(sign * 0.031, 0.1565, 0.0745),
            detail=16,
            roughness=0.1,
        )
        for side, sign in (("L", 1), ("R", -1))
    ]
    irises = [
        ball(
            f"iris_{side}",
            lambda _: 0.0062,
            (0.03, 0.07, 0.05),
            at=(sign * 0.031, 0.1565, 0.0815),
            detail=12,
            roughness=0.05,
        )
        for side, sign in (("L", 1), ("R", -1))
    ]
    neck = tube(
        "neck", lambda v: (0.0, 0.10 - 0.13 * v, -0.012), lambda v: 0.050 + 0.028 * v**3, skin, steps=24, around=40
    )
    head = ball("head", skull, skin, at=(0, 0.15, 0), detail=96, roughness=0.55)
    cap = ball("hair", hair, (0.012, 0.009, 0.008), at=(0, 0.15, -0.002), detail=96, roughness=0.45)
    return {"geo/head.glb": glb([head, cap, neck, *eyes, *irises])}


def _serpent() -> Mapping[str, bytes]:
    def spine(v: float) -> Vector:
        return (
            2.6 * v - 1.3,
            0.42 + 0.34 * math.sin(7.4 * v + 0.4) * (1 - 0.35 * v) + 0.30 * v,
            0.22 * math.sin(5 * v),
        )

    def thickness(v: float) -> float:
        body = 0.24 * math.pow(math.sin(math.pi * min(1.0, 0.06 + v * 0.94)), 0.55)
        return max(0.004, body * (0.35 + 0.65 * v) + 0.012 * math.sin(70 * v) * (1 - v))

    end = spine(0.965)
    scales: Color = (0.05, 0.24, 0.21)
    body = tube("body", spine, thickness, scales, steps=200, around=36)
    skull = ball(
        "skull",
        lambda w: 0.20 + 0.10 * max(0.0, w[0]) ** 2 - 0.03 * abs(w[1]),
        scales,
        at=end,
        detail=40,
        roughness=0.45,
    )
    eyes = [
        ball(
            f"eye_{side}",
            lambda _: 0.034,
            (0.9, 0.45, 0.03),
            at=(end[0] + 0.17, end[1] + 0.09, end[2] + sign * 0.13),
            detail=16,
            roughness=0.1,
        )
        for side, sign in (("L", 1), ("R", -1))
    ]
    fins = [
        ball(
            f"fin_{number}",
            lambda w: 0.05 + 0.12 * max(0.0, w[1]) ** 4,
            (0.55, 0.16, 0.05),
            at=(spine(t)[0], spine(t)[1] + thickness(t) * 0.75, spine(t)[2]),
            detail=16,
        )
        for number, t in enumerate((0.22, 0.32, 0.42, 0.52, 0.62, 0.72, 0.82))
    ]
    return {"geo/serpent.glb": glb([body, skull, *eyes, *fins])}


def _crate() -> Mapping[str, bytes]:
    wood: Color = (0.36, 0.19, 0.075)
    boards = [
        box(f"board_{n}", (0.098, 0.56, 0.56), (wood[0] * s, wood[1] * s, wood[2] * s), at=(-0.25 + 0.1 * n, 0.02, 0))
        for n, s in enumerate((0.9, 1.05, 0.95, 1.1, 0.88, 1.0))
    ]
    dark: Color = (0.2, 0.1, 0.04)
    frame = [
        box("rail_front_low", (0.66, 0.09, 0.04), dark, at=(0, 0.0, 0.30)),
        box("rail_front_high", (0.66, 0.09, 0.04), dark, at=(0, 0.51, 0.30)),
        box("rail_back_low", (0.66, 0.09, 0.04), dark, at=(0, 0.0, -0.30)),
        box("rail_back_high", (0.66, 0.09, 0.04), dark, at=(0, 0.51, -0.30)),
        *(
            box(f"post_{n}", (0.07, 0.62, 0.07), dark, at=(x, 0, z))
            for n, (x, z) in enumerate(((-0.31, 0.3), (0.31, 0.3), (-0.31, -0.3), (0.31, -0.3)))
        ),
    ]
    iron: Color = (0.16, 0.16, 0.17)
    bands = [
        box(f"band_{n}", (0.05, 0.60, 0.66), iron, at=(x, 0.01, 0), metallic=0.4, roughness=0.5)
        for n, x in enumerate((-0.16, 0.16))
    ]
    return {"geo/crate.glb": glb([*boards, *frame, *bands])}


def _terrain() -> Mapping[str, bytes]:
    def ground(u: float, v: float) -> Vector:
        x, z = (u - 0.5) * 120, (v - 0.5) * 120
        far = math.hypot(x, z) / 60
        ridge = 1 - abs(roughly(x / 42, 0, z / 42, octaves=3))
        return (x, 16 * ridge * far * far + 0.9 * roughly(x / 14, 1, z / 14, octaves=2), z)

    surface = grid("pier_hills", lambda u, v: ground(u, 1 - v), 96, 96, (0.20, 0.24, 0.15))
    return {"env_hills.usda": usda(surface)}


def _sky() -> Mapping[str, bytes]:
    sun: Vector = (0.52, 0.20, -0.83)

    def light(way: Vector) -> Color:
        x, y, z = way
        toward = max(0.0, x * sun[0] + y * sun[1] + z * sun[2])
        glow, disc = toward**24, 6000.0 if toward > 0.9996 else 0.0  # noqa: PLR2004 — a disc of about 3 degrees
        if y < 0:
            shade = 0.05 + 0.05 * math.exp(6 * y)
            return (shade * 1.1, shade * 0.9, shade * 0.8)
        band = math.exp(-5 * y)
        cloud = max(0.0, roughly(x / (y + 0.18) * 0.8, 2, z / (y + 0.18) * 0.8) - 0.1) * min(1.0, 4 * y)
        return (
            0.16 + 1.5 * band + 3.0 * glow + disc + 0.9 * cloud,
            0.24 + 0.62 * band + 1.4 * glow + disc * 0.75 + 0.55 * cloud,
            0.52 + 0.22 * band + 0.5 * glow + disc * 0.5 + 0.5 * cloud,
        )

    return {"hdr_dusk_1k.hdr": hdr(1024, 512, light)}


def _tiles() -> Mapping[str, bytes]:
    def height(u: float, v: float) -> tuple[float, float]:
        row = int(v * 8)
        x, y = (u * 6 + 0.5 * (row % 2)) % 1, v * 8 % 1
        edge = min(x, 1 - x, (y * 6 / 8) if y < 1 else 0, (1 - y) * 6 / 8)
        worn = roughly(math.sin(2 * math.pi * u) * 2, math.cos(2 * math.pi * v) * 2, math.cos(2 * math.pi * u) * 2)
        which = math.sin(12.9898 * (int(u * 6 + 0.5 * (row % 2)) % 6) + 78.233 * row)
        return min(1.0, max(0.0, edge * 14)), 0.06 * worn + 0.05 * which

    def color(u: float, v: float) -> Color:
        raised, tone = height(u, v)
        brick = (0.50 + tone, 0.24 + tone, 0.18 + tone * 0.8)
        grout = (0.34, 0.33, 0.31)
        r, g, b = (low + (high - low) * raised for high, low in zip(brick, grout, strict=True))
        return (r, g, b)

    def relief(u: float, v: float) -> Color:
        raised, tone = height(u, v)
        level = 0.25 + 0.55 * raised + tone
        return (level, level, level)

    return {"maps/brick_basecolor.png": png(512, 512, color), "maps/brick_height.png": png(512, 512, relief)}


ASSETS = (
    DemoAsset(
        code="mat_brickWorn",
        name="Worn brick",
        kind="material",
        description="Tiling brick wall, 2 m a side, base color and height.",
        tags=("brick", "wall", "tiling", "exterior"),
        files=_tiles,
        note="First bake",
    ),
    DemoAsset(
        code="hdr_duskHarbor",
        name="Dusk over the harbor",
        kind="hdri",
        description="Low sun with thin cloud, unclipped, 1k lat-long.",
        tags=("dusk", "sunset", "warm", "exterior"),
        files=_sky,
        note="Sun disc unclipped",
    ),
    DemoAsset(
        code="prp_crateMarket",
        name="Market crate",
        kind="prop",
        description="Wooden crate with iron bands, 0.66 m wide, stackable.",
        tags=("crate", "wood", "set dressing", "background"),
        files=_crate,
        note="Bands thinner after dailies",
        aliases=(("木箱", "zh-Hans"),),
    ),
    DemoAsset(
        code="env_hillsHarbor",
        name="Harbor hills",
        kind="environment",
        description="Ring of hills around the harbor set, 120 m across, flat in the middle for the market.",
        tags=("terrain", "hills", "exterior"),
        files=_terrain,
        note="Foreground flattened for the crane",
        parts={"prp_crateMarket": 24},
    ),
    DemoAsset(
        code="crt_lanternSerpent",
        name="Lantern serpent",
        kind="creature",
        description="River serpent of the night market, 2.6 m, posed; its fins are separate meshes.",
        tags=("hero", "serpent", "river", "night"),
        files=_serpent,
        note="Head larger, fins separated",
        aliases=(("灯笼蛇", "zh-Hans"), ("燈籠蛇", "zh-Hant")),
        show="orbit",
    ),
    DemoAsset(
        code="chr_linXiao",
        name="Lin Xiao 林晓",
        kind="digital_double",
        description="Head bust of an invented person, sculpted by code; no one was scanned.",
        tags=("hero", "head", "bust", "invented person"),
        files=_head,
        note="Brow and chin after the first turntable",
        aliases=(("林晓", "zh-Hans"), ("林曉", "zh-Hant"), ("Lin Xiao", "und")),
    ),
)
