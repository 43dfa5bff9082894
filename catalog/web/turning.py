"""``/assets/<code>/versions/<n>/view3d``: a model to turn, on a page of its own that other pages show in a frame.

Only this page may compile WebAssembly and start workers, which decoders of compressed models need.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalog.assets import queries
from catalog.kernel.abilities import Ability
from catalog.kernel.errors import NotFound
from catalog.media import queries as media
from catalog.web.assets import head_of
from catalog.web.cards import Model, largest_of, model_of
from catalog.web.protection import frame_headers
from catalog.web.route import Reply, Route, Shown
from catalog.web.stationery import stationery
from catalog.web.versions import number_of

if TYPE_CHECKING:
    from catalog.web.route import Call
    from catalog.work.view import View

_JSON_STARTS_AT = 20
VIEWER = "model-viewer.min.js"


def view3d(call: Call, view: View) -> Reply:
    """Show the model of a version; ``NotFound`` where it has none."""
    asset = queries.get_asset(view, call.path["code"])
    version = queries.get_version(view, asset.code, number_of(call))
    previews = media.previews_of(view, version)
    model = model_of(previews)
    if model is None:
        raise NotFound(f"version {version.number} of {asset.code} has no model to turn", code="no-model")
    values = {
        "head": head_of(asset),
        "number": version.number,
        "model": model,
        "picture": largest_of(previews),
        "equipped": VIEWER in stationery().sheets,
    }
    return Shown(template="asset/view3d.html", values=values, headers=frame_headers(basis=_has_basis(call, model)))


def _has_basis(call: Call, model: Model) -> bool:
    """Whether the model has pictures that only the transcoder of Basis Universal can read; its JSON says so."""
    with call.house.previews.open(model.sha256, model.key) as file:
        length = int.from_bytes(file.read(_JSON_STARTS_AT)[12:16], "little")
        return b"KHR_texture_basisu" in file.read(length)


ROUTES = (Route(name="view3d", path="/assets/{code}/versions/{number}/view3d", ability=Ability.BROWSE, read=view3d),)
