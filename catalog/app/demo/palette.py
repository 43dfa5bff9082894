"""The colors of the world, so that all that stands together looks as if it belonged together. Linear light."""

from __future__ import annotations

from catalog.app.demo.shapes import Look, Mesh, Part

IRON = Look(name="iron", color=(0.11, 0.115, 0.125), roughness=0.42, metallic=0.75)
STEEL = Look(name="steel", color=(0.52, 0.53, 0.54), roughness=0.32, metallic=1.0)
BRASS = Look(name="brass", color=(0.80, 0.55, 0.22), roughness=0.28, metallic=1.0)
WOOD = Look(name="wood", color=(0.21, 0.105, 0.045), roughness=0.62)
DARK_WOOD = Look(name="dark_wood", color=(0.075, 0.038, 0.020), roughness=0.55)
BAMBOO = Look(name="bamboo", color=(0.46, 0.32, 0.12), roughness=0.5)
TEAL = Look(name="teal", color=(0.015, 0.16, 0.17), roughness=0.35)
RED = Look(name="red", color=(0.42, 0.022, 0.014), roughness=0.34)
AMBER = Look(name="amber", color=(0.75, 0.30, 0.035), roughness=0.4)
CREAM = Look(name="cream", color=(0.66, 0.58, 0.43), roughness=0.5)
WHITE = Look(name="white", color=(0.70, 0.70, 0.68), roughness=0.4)
RUBBER = Look(name="rubber", color=(0.018, 0.018, 0.019), roughness=0.8)
GLASS = Look(name="glass", color=(0.020, 0.045, 0.055), roughness=0.05)
GLOW = Look(name="glow", color=(0.9, 0.5, 0.18), roughness=0.6, emission=(1.0, 0.45, 0.12))
CYAN = Look(name="cyan", color=(0.1, 0.7, 0.75), roughness=0.4, emission=(0.08, 0.85, 0.95))
PINK = Look(name="pink", color=(0.8, 0.1, 0.35), roughness=0.4, emission=(1.0, 0.10, 0.38))
ROPE = Look(name="rope", color=(0.42, 0.30, 0.16), roughness=0.9)
PAPER = Look(name="paper", color=(0.72, 0.10, 0.05), roughness=0.7, double_sided=True)
STONE = Look(name="stone", color=(0.24, 0.235, 0.225), roughness=0.82)
LEAF = Look(name="leaf", color=(0.055, 0.13, 0.028), roughness=0.6, double_sided=True)


def part(name: str, mesh: Mesh, look: Look) -> Part:
    """A mesh with its look."""
    return Part(name=name, mesh=mesh, look=look)
