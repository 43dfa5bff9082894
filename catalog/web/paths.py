"""Where the referenced files of a version lie, as a platform spells it.

Paths are let out by the gate, like originals: asking for them is a write that leaves one ledger entry.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING, Any

from catalog.assets import queries, resolving
from catalog.assets.naming import entity_reference
from catalog.assets.vocabulary import Platform
from catalog.kernel.abilities import Ability
from catalog.kernel.errors import Conflict, InvalidInput
from catalog.licensing import gate
from catalog.licensing.gate import How, Release, Use
from catalog.web import dragging, wording
from catalog.web.assets import head_of
from catalog.web.route import Reply, Route, Shown
from catalog.web.versions import number_of, purpose_of

if TYPE_CHECKING:
    from catalog.assets.models import Asset, AssetVersion
    from catalog.assets.resolving import Found
    from catalog.web.route import Call
    from catalog.work.unit import UnitOfWork

ROWS_SHOWN = 200
LISTED = 5_000
"""Paths in the field that is copied as a whole; the command line lists any number."""


@dataclass(frozen=True, kw_only=True)
class PathRow:
    """A referenced file: its path inside the version, where it lies, and what dragging it carries."""

    path: str
    role: str
    location: str
    drag: dict[str, Any]


def paths(call: Call, work: UnitOfWork) -> Reply:
    """Let the paths of a version's referenced files out, as the asked platform spells them."""
    platform = _platform(call.form.get("platform", ""))
    asked = queries.get_version(work.view, call.path["code"], number_of(call))
    asset = queries.get_asset(work.view, call.path["code"])
    use = Use(purpose=purpose_of(call.form.get("purpose", "")))
    gate.admit(work, [Release(version=asked)], use, How.RESOLVE)
    (resolved,) = resolving.resolve_all(
        work.view, [entity_reference(asset.code, asked.number)], platform=platform, site=call.house.settings.site
    )
    if resolved.message:
        raise Conflict(resolved.message, code=resolved.code or "no-template")
    lying = [found for found in resolved.files if found.location is not None]
    values = {
        "head": head_of(asset),
        "number": asked.number,
        "platform": wording.platform(platform),
        "site": call.house.settings.site,
        "rows": [_row(asset, asked, found, platform) for found in lying[:ROWS_SHOWN]],
        "lines": "\n".join(found.location or "" for found in lying[:LISTED]),
        "all_files": len(resolved.files),
        "referenced": len(lying),
        "listed": min(len(lying), LISTED),
        "remarks": resolved.remarks,
        "command": f" assets resolve {asset.code}@{asked.number} --platform {platform.value}",
    }
    return Shown(template="asset/paths.html", values=values, secret=True, tastes={"platform": platform.value})


def _row(asset: Asset, version: AssetVersion, found: Found, platform: Platform) -> PathRow:
    location = found.location or ""
    pure = PureWindowsPath(location) if platform is Platform.WINDOWS else PurePosixPath(location)
    drag = dragging.of_file(asset, version, found, pure.as_uri())
    return PathRow(path=found.file.path, role=wording.role(found.file.role), location=location, drag=drag)


def _platform(text: str) -> Platform:
    if text not in set(Platform):
        raise InvalidInput(f"platform {text[:40]!r} is none of {', '.join(Platform)}", code="unknown-platform")
    return Platform(text)


ROUTES = (Route(name="paths", path="/assets/{code}/versions/{number}/paths", ability=Ability.RELEASE, write=paths),)
