"""How somebody likes pages: dark or light, as a grid or a list, how dense, with single keys or without.

Kept by the browser, and read by the server for every page: nothing flickers, and nothing needs a script.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from catalog.kernel.abilities import Ability
from catalog.kernel.errors import InvalidInput
from catalog.web.choosing import where_they_were
from catalog.web.route import Moved, Reply, Route
from catalog.web.signing import inside

if TYPE_CHECKING:
    from collections.abc import Mapping

    from catalog.web.route import Call
    from catalog.work.view import View

DENSITIES = ("1", "2", "3", "4", "5")
"""From few large pictures to many small ones."""
USUAL = "3"


class Layout(StrEnum):
    """How a listing is laid out."""

    GRID = "grid"
    LIST = "list"


class Theme(StrEnum):
    """In which colors pages come: those that the system asks for, or always the same."""

    SYSTEM = "system"
    DARK = "dark"
    LIGHT = "light"


@dataclass(frozen=True, kw_only=True)
class Display:
    """How the pages of this browser look. ``keys``: single keys are shortcuts."""

    theme: Theme = Theme.SYSTEM
    layout: Layout = Layout.GRID
    density: str = USUAL
    keys: bool = True


def of(tastes: Mapping[str, str]) -> Display:
    """Return how this browser shows pages; what it keeps and we do not know is passed over."""
    theme, layout, density = (tastes.get(name) for name in ("theme", "layout", "density"))
    return Display(
        theme=Theme(theme) if theme in set(Theme) else Theme.SYSTEM,
        layout=Layout(layout) if layout in set(Layout) else Layout.GRID,
        density=density if density in DENSITIES else USUAL,
        keys=tastes.get("keys") != "off",
    )


def choose(call: Call, _view: View) -> Reply:
    """Have the browser keep a choice, and go back to the page that it was made on. Nothing changes in the catalog."""
    allowed = {"theme": tuple(Theme), "layout": tuple(Layout), "density": DENSITIES, "keys": ("on", "off")}
    tastes = {name: value for name in allowed if (value := call.asked(name))}
    for name, value in tastes.items():
        if value not in allowed[name]:
            raise InvalidInput(f"{name} {value[:20]!r} is none of {', '.join(allowed[name])}", code="bad-display")
    return Moved(to=inside(call.asked("next")) if "next" in call.query else where_they_were(), tastes=tastes)


ROUTES = (Route(name="display", path="/me/display", ability=Ability.BROWSE, read=choose),)
