"""Smaller things of market and station: tea set, umbrella, steamer, barrel, rope, a drinks machine."""

from __future__ import annotations

import numpy as np

from catalog.app.demo.asset import Files
from catalog.app.demo.gltf import glb
from catalog.app.demo.palette import (
    AMBER,
    BAMBOO,
    CREAM,
    CYAN,
    DARK_WOOD,
    GLASS,
    IRON,
    PINK,
    RED,
    ROPE,
    TEAL,
    WHITE,
    WOOD,
    part,
)
from catalog.app.demo.shapes import (
    Array,
    Look,
    Mesh,
    ball,
    box,
    box_mapped,
    joined,
    lathe,
    net,
    placed,
    rod,
    smooth_path,
    surface,
    sweep,
)
from catalog.app.demo.weave import woven


def umbrella() -> Files:
    """An oiled-paper umbrella with bamboo ribs, open on the ground."""

    def skin(u: Array, v: Array) -> Array:
        turn = 2 * np.pi * u
        r = 0.55 * v * (1 - 0.025 * np.abs(np.sin(12 * turn / 1.0)) * v)
        return np.stack([r * np.sin(turn), 0.80 - 0.20 * v**1.6, r * np.cos(turn)], axis=-1)

    mesh = surface(skin, 192, 24, close_u=True)
    r = np.hypot(mesh.points[:, 0], mesh.points[:, 2])[:, None]
    colors = np.where(
        (r > 0.36) & (r < 0.40) | (r > 0.52),
        [0.70, 0.55, 0.28],
        np.where(r < 0.12, [0.10, 0.02, 0.02], [0.45, 0.035, 0.025]),
    )
    top = Mesh(
        points=mesh.points,
        faces=mesh.faces[:, ::-1],
        normals=-mesh.normals * np.sign(-mesh.normals[:, 1:2] + 1e-9),
        colors=colors,
    )
    ribs = [
        rod((0, 0.78, 0), (0.545 * np.sin(a), 0.592, 0.545 * np.cos(a)), 0.004, around=6)
        for a in np.linspace(0, 2 * np.pi, 25)[:-1]
    ]
    stays = [
        rod((0, 0.52, 0), (0.30 * np.sin(a), 0.70, 0.30 * np.cos(a)), 0.003, around=6)
        for a in np.linspace(0, 2 * np.pi, 25)[:-1]
    ]
    stick = lathe(
        [(0, -0.02), (0.016, 0), (0.016, 0.2), (0.011, 0.22), (0.011, 0.82), (0.018, 0.83), (0.014, 0.88), (0, 0.89)],
        around=20,
    )
    tilt = (52, 20, 0)
    paper = Look(name="oiled", color=(1, 1, 1), roughness=0.4, double_sided=True)
    return {
        "geo/paperUmbrella.glb": glb(
            [
                part("paper", placed(top, turn=tilt), paper),
                part("ribs", placed(joined([*ribs, *stays]), turn=tilt), BAMBOO),
                part("stick", placed(stick, turn=tilt), DARK_WOOD),
            ]
        )
    }


def teapot() -> Files:
    """A celadon teapot with two cups on a lacquer tray."""
    celadon = Look(name="celadon", color=(0.32, 0.50, 0.40), roughness=0.12)
    pot = lathe(
        [
            (0, 0),
            (0.045, 0),
            (0.05, 0.006),
            (0.078, 0.03),
            (0.09, 0.06),
            (0.085, 0.09),
            (0.06, 0.115),
            (0.045, 0.12),
            (0.048, 0.126),
            (0, 0.128),
        ],
        around=64,
    )
    lid = lathe(
        [(0, 0.122), (0.05, 0.122), (0.045, 0.134), (0.012, 0.145), (0.014, 0.156), (0.010, 0.165), (0, 0.168)],
        around=48,
    )
    spout = sweep(
        smooth_path([(0.07, 0.05, 0), (0.115, 0.06, 0), (0.135, 0.10, 0), (0.155, 0.118, 0)], 24),
        np.linspace(0.019, 0.008, 24),
        around=20,
    )
    turn = np.linspace(0.15, np.pi - 0.15, 40)
    handle = sweep(np.stack([0.075 * np.cos(turn), 0.115 + 0.105 * np.sin(turn), 0 * turn], axis=1), 0.0055, around=12)
    cup = lathe(
        [(0, 0), (0.02, 0), (0.022, 0.004), (0.034, 0.03), (0.038, 0.048), (0.0355, 0.048), (0.02, 0.01), (0, 0.008)],
        around=40,
    )
    tray = lathe(
        [(0, -0.02), (0.2, -0.02), (0.21, -0.01), (0.215, 0.008), (0.207, 0.008), (0.20, -0.006), (0, -0.006)],
        around=80,
    )
    return {
        "geo/teapot.glb": glb(
            [
                part("pot", joined([pot, lid, spout]), celadon),
                part("handle", handle, BAMBOO),
                part(
                    "cups",
                    placed(joined([placed(cup, (0.06, -0.006, 0.13)), placed(cup, (-0.05, -0.006, 0.14))])),
                    celadon,
                ),
                part("tray", tray, Look(name="lacquer", color=(0.20, 0.012, 0.010), roughness=0.12)),
            ]
        )
    }


def basket() -> Files:
    """A bamboo steamer of three tiers with buns."""
    tiers = [
        placed(lathe([(0.19, 0), (0.2, 0), (0.2, 0.085), (0.19, 0.085), (0.19, 0)], around=72), (0, 0.09 * n, 0))
        for n in range(3)
    ]
    bands = [
        placed(lathe([(0.2, 0.01), (0.205, 0.012), (0.205, 0.032), (0.2, 0.034)], around=72), (0, 0.09 * n + d, 0))
        for n in range(3)
        for d in (0, 0.045)
    ]
    floor = lathe([(0, 0.21), (0.19, 0.21), (0.19, 0.215), (0, 0.215)], around=48)
    buns = [
        ball((0.052, 0.04, 0.052), (0.115 * np.cos(a), 0.248, 0.115 * np.sin(a)), detail=28)
        for a in np.linspace(0, 2 * np.pi, 7)[:-1]
    ] + [ball((0.052, 0.04, 0.052), (0, 0.25, 0), detail=28)]
    lid = placed(
        lathe([(0, 0.03), (0.1, 0.028), (0.2, 0.008), (0.21, 0), (0.2, -0.03), (0.19, -0.03)], around=72),
        (0.22, 0.16, 0.12),
        turn=(14, 0, -62),
    )
    return {
        "geo/steamer.glb": glb(
            [
                part("tiers", joined([*tiers, floor, lid]), BAMBOO),
                part("bands", joined(bands), WOOD),
                part("buns", joined(buns), WHITE),
            ]
        )
    }


def barrel() -> Files:
    """An oak barrel for pickled fish."""
    staves = []
    for n in range(22):
        a0, a1 = 2 * np.pi * n / 22 + 0.012, 2 * np.pi * (n + 1) / 22 - 0.012
        v, a = np.meshgrid(np.linspace(0, 1, 17), np.linspace(a0, a1, 5), indexing="ij")
        radius = 0.26 + 0.07 * np.sin(np.pi * v)
        staves.append(net(np.stack([radius * np.sin(a), 0.85 * v, radius * np.cos(a)], axis=-1)))
    hoops = [
        lathe(
            [
                (0.26 + 0.07 * np.sin(np.pi * y / 0.85) + 0.002, y - 0.02),
                (0.265 + 0.07 * np.sin(np.pi * y / 0.85), y),
                (0.26 + 0.07 * np.sin(np.pi * y / 0.85) + 0.002, y + 0.02),
            ],
            around=64,
        )
        for y in (0.06, 0.2, 0.65, 0.79)
    ]
    inner = lathe([(0, 0.02), (0.25, 0.02), (0.318, 0.42), (0.25, 0.80), (0, 0.80)], around=48)
    return {
        "geo/barrel.glb": glb(
            [
                part("staves", box_mapped(joined(staves), 0.7, along=0), woven("planks", tint=(0.75, 0.48, 0.28))),
                part("hoops", joined(hoops), IRON),
                part("inside", inner, DARK_WOOD),
            ]
        )
    }


def vending() -> Files:
    """A vending machine of the station, with lit drinks."""
    shell = box((0.95, 1.85, 0.75), (0, 0.05, 0), bevel=0.05)
    window = box((0.62, 1.05, 0.02), (-0.12, 0.62, 0.37), bevel=0.008)
    cans = [
        placed(
            lathe([(0, 0), (0.028, 0), (0.033, 0.01), (0.033, 0.115), (0.026, 0.125), (0, 0.125)], around=20),
            (-0.36 + 0.08 * c, 0.68 + 0.24 * r, 0.40),
        )
        for r in range(4)
        for c in range(7)
    ]
    looks = (RED, TEAL, AMBER, CREAM)
    shelves = [box((0.60, 0.012, 0.05), (-0.12, 0.665 + 0.24 * r, 0.40), bevel=0.003) for r in range(4)]
    made = [
        part("shell", shell, TEAL),
        part("window", window, GLASS),
        part("shelves", joined(shelves), CYAN),
        part(
            "trim",
            joined(
                [
                    box((0.99, 0.05, 0.79), bevel=0.02),
                    box((0.70, 0.12, 0.03), (-0.12, 0.28, 0.37)),
                    box((0.12, 0.3, 0.03), (0.34, 1.0, 0.37)),
                ]
            ),
            IRON,
        ),
        part("head", box((0.85, 0.14, 0.03), (0, 1.70, 0.37), bevel=0.01), PINK),
    ]
    made += [part(f"cans_{n}", joined(cans[n::4]), look) for n, look in enumerate(looks)]
    return {"geo/vendingMachine.glb": glb(made)}


def rope_coil() -> Files:
    """A coil of mooring rope."""
    t = np.linspace(0, 2 * np.pi * 9, 700)
    wind = 0.34 - 0.012 * np.sin(t * 0.7)
    path = np.stack(
        [wind * np.sin(t), 0.035 + 0.055 * np.floor(t / (2 * np.pi) / 1.5) + 0.006 * np.sin(3 * t), wind * np.cos(t)],
        axis=1,
    )
    path[:, 1] = 0.035 + 0.30 * t / t[-1] + 0.008 * np.sin(2.3 * t)
    strands = []
    for phase in (0, 2 * np.pi / 3, 4 * np.pi / 3):
        a = 14 * t + phase
        out = path / np.linalg.norm(path * [1, 0, 1], axis=1, keepdims=True) * [1, 0, 1]
        strands.append(
            sweep(
                path + 0.012 * (out * np.cos(a)[:, None] + np.array([0, 1, 0]) * np.sin(a)[:, None]), 0.0155, around=8
            )
        )
    return {"geo/ropeCoil.glb": glb([part("rope", joined(strands), ROPE)])}
