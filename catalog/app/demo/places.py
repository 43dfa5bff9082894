"""Sets: houses of the city block, a pier, an orbital station; assemblies refer to their parts."""

from __future__ import annotations

import numpy as np

from catalog.app.demo.asset import Files
from catalog.app.demo.gltf import glb
from catalog.app.demo.noise import fractal
from catalog.app.demo.palette import CYAN, DARK_WOOD, GLASS, GLOW, IRON, PINK, RED, STEEL, WHITE, part
from catalog.app.demo.shapes import (
    Look,
    Mesh,
    Part,
    ball,
    box,
    box_mapped,
    joined,
    lathe,
    placed,
    rod,
    surface,
    sweep,
    tinted,
    upward,
)
from catalog.app.demo.usd import Placement, Scatter, Textures, assembly, component
from catalog.app.demo.weave import maps, woven

_LIT = Look(name="lit", color=(0.9, 0.55, 0.22), roughness=0.4, emission=(0.85, 0.42, 0.12))
_COATS = {"plaster": (3.0, "plaster"), "brick": (2.4, "brick")}


def _openings(
    width: float, floors: int, deep: float, rng: np.random.Generator
) -> tuple[list[Mesh], list[Mesh], list[Mesh]]:
    """Frames, shutters and balconies; panes that are lit; panes that are dark."""
    frames: list[Mesh] = []
    lit: list[Mesh] = []
    dark: list[Mesh] = []
    count = max(2, round(width / 1.7))
    for floor in range(1, floors):
        for n in range(count):
            x = (n - (count - 1) / 2) * width / count
            frames += [
                box((1.0, 1.5, 0.08), (x, 3.1 * floor + 0.8, deep / 2), bevel=0.01),
                box((1.2, 0.08, 0.25), (x, 3.1 * floor + 0.74, deep / 2 + 0.06), bevel=0.01),
            ]
            frames += [
                box((0.46, 1.4, 0.05), (x + s * 0.74, 3.1 * floor + 0.85, deep / 2 + 0.06), bevel=0.01) for s in (-1, 1)
            ]
            (lit if rng.uniform() < 0.6 else dark).append(
                box((0.84, 1.3, 0.10), (x, 3.1 * floor + 0.9, deep / 2 + 0.01), bevel=0.01)
            )
        bars = [
            box((width * 0.9, 0.05, 0.06), (0, 3.1 * floor + 0.62, deep / 2 + 0.62), bevel=0.01),
            box((width * 0.92, 0.1, 0.75), (0, 3.1 * floor - 0.3, deep / 2 + 0.3), bevel=0.02),
        ]
        frames += bars + [
            box((0.04, 0.85, 0.04), (x, 3.1 * floor - 0.22, deep / 2 + 0.62), bevel=0.005)
            for x in np.linspace(-width * 0.45, width * 0.45, 16)
        ]
    return frames, lit, dark


def house(name: str, coat: str, *, width: float, floors: int, seed: int) -> tuple[bytes, set[str]]:
    """A shop house with tiled roof, shutters, balcony and shop front; and the surfaces that it wears."""
    rng = np.random.default_rng(seed)
    tall, deep = 3.1 * floors, 6.0
    walls = box_mapped(joined([box((width, tall, deep), bevel=0.02)]), _COATS[coat][0])

    def slope(u: np.ndarray, v: np.ndarray) -> np.ndarray:
        x, side = (u - 0.5) * (width + 1.0), np.abs(v - 0.5) * 2
        return np.stack(
            [x, tall + 1.75 * (1 - side) + 0.22 * side**4 + 0.25 * np.abs(u - 0.5) ** 4 * 8, (v - 0.5) * (deep + 1.5)],
            axis=-1,
        )

    roof = surface(slope, 20, 40)
    roof = box_mapped(
        Mesh(
            points=roof.points,
            faces=roof.faces[:, ::-1] if roof.normals[:, 1].mean() < 0 else roof.faces,
            normals=roof.normals * np.sign(roof.normals[:, 1].mean()),
        ),
        1.6,
        along=2,
    )
    ridge = rod((-width / 2 - 0.6, tall + 1.85, 0), (width / 2 + 0.6, tall + 1.85, 0), 0.13)
    gable = [
        box((width * 0.98, 0.9, 2.8), (0, tall, 0), bevel=0.02),
        box((width * 0.98, 0.55, 5.0), (0, tall, 0), bevel=0.02),
    ]
    frames, lit, dark = _openings(width, floors, deep, rng)
    front = [box((width * 0.42, 2.1, 0.10), (s * width * 0.24, 0.35, deep / 2), bevel=0.01) for s in (-1, 1)]
    awning = placed(box((width * 0.96, 0.08, 1.4), bevel=0.02), (0, 2.62, deep / 2 + 0.6), turn=(16, 0, 0))
    board = box((width * 0.6, 0.5, 0.1), (0, 2.85, deep / 2 + 0.12), bevel=0.03)
    tube = box((width * 0.5, 0.08, 0.06), (0, 3.06, deep / 2 + 0.19), bevel=0.02)
    wall, tiles = woven(coat), woven("roof")
    parts = [
        part("walls", walls, wall),
        part("gable", joined(gable), DARK_WOOD),
        part("roof", roof, tiles),
        part("ridge", ridge, IRON),
        part("frames", joined(frames), DARK_WOOD),
        part("awning", awning, RED),
        part("board", board, IRON),
        part("tube", tube, CYAN if seed % 2 else PINK),
        part("shop", joined([*front, *lit]), _LIT),
    ]
    if dark:
        parts.append(part("panes", joined(dark), GLASS))
    textures = {wall.name: _paths(coat), tiles.name: _paths("roof")}
    return component(name, parts, textures), {coat, "roof"}


def _paths(name: str, up: str = "../") -> Textures:
    return Textures(
        color=f"{up}maps/{name}_basecolor.png", normal=f"{up}maps/{name}_normal.png", rough=f"{up}maps/{name}_orm.png"
    )


def _maps(names: set[str]) -> Files:
    made: dict[str, bytes] = {}
    for name in sorted(names):
        pictures = maps(name)
        made |= {
            f"maps/{name}_basecolor.png": pictures.color,
            f"maps/{name}_normal.png": pictures.normal,
            f"maps/{name}_orm.png": pictures.rough,
        }
    return made


def _component(name: str, parts: list[Part]) -> bytes:
    textures = {one.look.name: _paths(one.look.name.partition("_")[0]) for one in parts if one.look.maps is not None}
    return component(name, parts, textures)


def _flat(
    name: str, weave: str, size: tuple[float, float, float], at: tuple[float, float, float], meters: float
) -> Part:
    return part(name, box_mapped(box(size, at, bevel=0.03), meters), woven(weave))


def block(rows: int = 2) -> Files:
    """The market block: two rows of shop houses on wet cobbles, stalls and lanterns between."""
    from catalog.app.demo.market import crate_parts, lantern_parts, stall_parts  # noqa: PLC0415 — the parts of a set are asked for by it alone

    layers: dict[str, bytes] = {}
    used = {"cobble", "planks"}
    for name, coat, width, floors, seed in (
        ("houseA", "plaster", 6.0, 3, 1),
        ("houseB", "brick", 5.0, 2, 2),
        ("houseC", "plaster", 4.4, 2, 3),
        ("houseD", "brick", 6.6, 4, 4),
    ):
        layers[f"components/{name}.usda"], wears = house(name, coat, width=width, floors=floors, seed=seed)
        used |= wears
    layers["components/street.usda"] = _component(
        "street", [_flat("street", "cobble", (27.0, 0.3, 23.0), (0, -0.3, 0), 3.0)]
    )
    layers["components/stall.usda"] = _component("stall", stall_parts())
    layers["components/crate.usda"] = _component("crate", crate_parts())
    layers["components/lantern.usda"] = _component("lantern", lantern_parts()[:3])
    placements = [Placement(name="street", layer="components/street.usda", at=(0, 0, 0))]
    widths = {"houseA": 6.0, "houseB": 5.0, "houseC": 4.4, "houseD": 6.6}
    x = -9.0
    for name in ("houseD", "houseB", "houseA", "houseC"):
        placements.append(
            Placement(name=f"{name}_0", layer=f"components/{name}.usda", at=(x + widths[name] / 2, 0, -7.4))
        )
        x += widths[name]
    if rows > 1:  # the second row closes the alley's end
        for name, z in (("houseB", -1.6), ("houseA", 4.0)):
            placements.append(Placement(name=f"{name}_1", layer=f"components/{name}.usda", at=(-10.2, 0, z), turn=90.0))
    placements += [
        Placement(
            name=f"stall_{n}",
            layer="components/stall.usda",
            at=(-4.0 + 4.6 * n, 0, -2.0 + 0.6 * (n % 2)),
            turn=8.0 * (-1) ** n,
        )
        for n in range(4)
    ]
    rng = np.random.default_rng(6)
    spots = np.array([[x, 0, z] for x, z in rng.uniform((-11, -0.5), (11, 3.2), (18, 2))])
    lights = np.array([[x, 4.0 + 0.25 * np.cos(x * 0.9), z] for z in (-1.5, 1.8) for x in np.linspace(-11, 11, 16)])
    scatters = [
        Scatter(
            name="crates",
            layer="components/crate.usda",
            at=spots,
            turns=rng.uniform(0, 90, 18),
            scales=rng.uniform(0.85, 1.15, 18),
        ),
        Scatter(
            name="lanterns",
            layer="components/lantern.usda",
            at=lights,
            turns=rng.uniform(0, 90, 32),
            scales=rng.uniform(0.8, 1.2, 32),
        ),
    ]
    return {"env_marketBlock.usda": assembly("env_marketBlock", placements, scatters), **layers, **_maps(used)}


def block_first() -> Files:
    """The first layout: one row of houses."""
    return block(1)


def _decking() -> list[Part]:
    """Boards, piles and rails of the pier."""
    rng = np.random.default_rng(2)
    deck = [
        box((4.0, 0.08, 0.30), (rng.uniform(-0.05, 0.05), 1.5 + rng.uniform(-0.008, 0.008), z), bevel=0.01)
        for z in np.arange(-8, 8, 0.325)
    ]
    piles = [
        rod((x, -1.2, z), (x, 2.3 if abs(z) > 7 else 1.5, z), 0.17)
        for x in (-1.8, 1.8)
        for z in np.linspace(-7.6, 7.6, 6)
    ]
    beams = [box((0.22, 0.25, 16.2), (x, 1.24, 0)) for x in (-1.6, 0.0, 1.6)]
    rails = [rod((-1.9, y, -7.9), (-1.9, y, 7.9), 0.035) for y in (2.05, 2.45)] + [
        rod((-1.9, 1.5, z), (-1.9, 2.5, z), 0.045) for z in np.linspace(-7.8, 7.8, 11)
    ]
    wood = woven("planks", tint=(0.85, 0.78, 0.70))
    return [
        part("deck", box_mapped(joined(deck), 1.2), wood),
        part("piles", joined([*piles, *beams]), DARK_WOOD),
        part("rails", joined(rails), DARK_WOOD),
    ]


def pier() -> Files:
    """A timber pier, 16 m, with piles, rails, lamps and crates."""
    from catalog.app.demo.market import crate_parts  # noqa: PLC0415 — as above
    from catalog.app.demo.street import lamp_parts  # noqa: PLC0415 — as above

    sea = surface(
        lambda u, v: np.stack(
            [
                (u - 0.5) * 14,
                0.07 * fractal(np.stack([u * 16, v * 26, 0 * u], -1).reshape(-1, 3), octaves=4).reshape(u.shape),
                (v - 0.5) * 22,
            ],
            -1,
        ),
        90,
        140,
    )
    water = Look(name="water", color=(0.008, 0.055, 0.065), roughness=0.10)
    layers = {
        "components/deck.usda": _component("deck", _decking()),
        "components/sea.usda": component("sea", [part("sea", upward(sea), water)]),
        "components/lamp.usda": _component("lamp", lamp_parts()),
        "components/crate.usda": _component("crate", crate_parts()),
    }
    placements = [
        Placement(name="deck", layer="components/deck.usda", at=(0, 0, 0)),
        Placement(name="sea", layer="components/sea.usda", at=(0, 0, 0)),
    ]
    placements += [
        Placement(name=f"lamp_{n}", layer="components/lamp.usda", at=(-1.6, 1.58, -6.0 + 6.0 * n)) for n in range(3)
    ]
    placements += [
        Placement(name=f"crate_{n}", layer="components/crate.usda", at=(x, y, z), turn=t)
        for n, (x, y, z, t) in enumerate(
            (
                (1.3, 1.58, 3.0, 10),
                (1.25, 1.58, 3.85, -8),
                (1.28, 2.15, 3.35, 24),
                (1.2, 1.58, -4.6, 40),
                (0.5, 1.58, -4.9, 12),
            )
        )
    ]
    return {"env_pierDeck.usda": assembly("env_pierDeck", placements), **layers, **_maps({"planks"})}


def _habitats() -> list[Part]:
    """The ring with its pods and windows."""
    ring = np.linspace(0, 2 * np.pi, 145)
    torus = sweep(
        np.stack([100 * np.sin(ring), 0 * ring, 100 * np.cos(ring)], axis=1),
        8.5 + 0.9 * (np.arange(145) % 12 == 0),
        around=28,
    )
    windows = [
        ball((1.0, 0.55, 0.9), (108.3 * np.sin(a), y, 108.3 * np.cos(a)), detail=8)
        for a in np.linspace(0, 2 * np.pi, 109)[:-1]
        for y in (-1.6, 1.6)
    ]
    pods = [
        placed(
            box((16, 14, 22), (0, -7, 0), bevel=2.0), (112 * np.sin(a), 0, 112 * np.cos(a)), turn=(0, np.degrees(a), 0)
        )
        for a in np.linspace(0, 2 * np.pi, 9)[:-1]
    ]
    ring_ = box_mapped(joined([torus, *pods]), 26.0)
    return [part("ring", ring_, woven("hull")), part("windows", joined(windows), GLOW)]


def station() -> Files:
    """The orbital station: a ring of habitats, a spine, docks and sails; 240 m across."""
    hull = woven("hull")
    spokes = [
        rod((0, 0, 0), (94 * np.sin(a), 0, 94 * np.cos(a)), 2.6, around=14) for a in np.linspace(0, 2 * np.pi, 5)[:-1]
    ]
    spine = lathe(
        [
            (0, -95),
            (5, -92),
            (9, -80),
            (9, -62),
            (5, -60),
            (5, -30),
            (16, -24),
            (22, -12),
            (22, 12),
            (16, 24),
            (6, 30),
            (6, 56),
            (12, 60),
            (12, 74),
            (3, 80),
            (1, 120),
            (0, 121),
        ],
        around=56,
    )
    rings = [lathe([(22, y - 1.2), (24, y - 1), (24, y + 1), (22, y + 1.2)], around=56) for y in (-9, 0, 9)]
    sails = [
        placed(box((46, 0.5, 17), (34, 0, 0), bevel=0.1), (0, y, 0), turn=(12, t, 0))
        for y, t in ((-46, 0), (-46, 180), (-46, 90), (-46, 270))
    ]
    cells = []
    for mesh in sails:
        lines = (np.abs((mesh.points[:, 0] % 4) - 2) < 0.2)[:, None]
        cells.append(tinted(mesh, np.where(lines, 0.3, [0.010, 0.030, 0.12])))
    docks = [
        placed(lathe([(3, 0), (4.5, 1), (4.5, 9), (6, 10), (6, 13), (0, 13)], around=28), (0, 66, 0), turn=(0, t, 90))
        for t in (0, 90, 180, 270)
    ]
    made = [
        *_habitats(),
        part("spine", box_mapped(joined([spine, *docks]), 26.0), hull),
        part("spokes", joined([*spokes, *rings]), STEEL),
        part("sails", joined(cells), Look(name="cells", color=(1, 1, 1), roughness=0.15, metallic=0.3)),
        part("beacon", ball(1.8, (0, 121, 0), detail=16), CYAN),
        part("dome", ball((14, 9, 14), (0, 24, 0), detail=40), GLASS),
        part("mast", rod((-24, 88, 0), (24, 88, 0), 0.5), WHITE),
    ]
    return {"geo/orbitStation.glb": glb(made)}
