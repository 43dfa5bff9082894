"""What a child can be asked; runs inside children only. Libraries are imported where they are used."""

from __future__ import annotations

from catalog.media.confinement import Confinement, measured_from_inside


def probe() -> Confinement:
    """Say which measures hold this child."""
    return measured_from_inside(rendering=False)
