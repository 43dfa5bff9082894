"""``/assets/<code>/edit``: what is said of an asset, in one form.

The form carries a digest of every field as its writer saw it. So only what somebody touched is changed, and where
another was faster, the page can tell what they changed, what both did, and keep what was typed.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from catalog.accounts.audiences import group_codes
from catalog.accounts.queries import logins_of
from catalog.assets import history, queries
from catalog.assets.changing import AssetChange, change
from catalog.assets.registry import ForeignId
from catalog.assets.vocabulary import Kind
from catalog.kernel.abilities import Ability
from catalog.kernel.errors import InvalidInput
from catalog.kernel.paging import LIMIT_MAX, Paging
from catalog.shows.queries import page_shows
from catalog.web import custom_fields, wording
from catalog.web.assets import head_of
from catalog.web.forms import aliases_of, find_number, kind_of, lines_of, revision_of, words_of
from catalog.web.happenings import FIELDS as LABELS
from catalog.web.languages import gettext
from catalog.web.route import Moved, Reply, Route, Shown

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from catalog.assets.models import Asset
    from catalog.web.route import Call
    from catalog.work.unit import UnitOfWork
    from catalog.work.view import View

FIELDS = ("name", "kind", "description", "tags", "aliases", "external_ids", "owner", "show", "audience")
LOOKED_BACK = 50
"""Entries of the history in which whoever changed a field is looked for."""


@dataclass(frozen=True, kw_only=True)
class Meanwhile:
    """A field that another changed since the form was opened; ``typed`` is None where its writer left it alone."""

    label: str
    now: str
    typed: str | None
    by: str | None
    at: datetime | None


def show_form(call: Call, view: View) -> Shown:
    """Show the form; where it was refused, with what was typed and what another has changed meanwhile."""
    asset = queries.get_asset(view, call.path["code"])
    now, form = _texts(view, asset), call.form
    stale = "revision" in form and find_number(form["revision"]) != asset.revision
    touched = _touched(form)
    # What was left alone is shown as it is now; what was typed is kept, to be sent again over it.
    fields = {**now, **touched}
    values = {
        "head": head_of(asset),
        "fields": fields,
        "revision": asset.revision,
        "seen": _seen(now),
        "meanwhile": _meanwhile(view, asset, now, form) if stale else (),
        "blanks": custom_fields.blanks(view),
        "kinds": [(kind.value, wording.kind(kind)) for kind in Kind],
        "shows": _shows(view, fields["show"]),
    }
    return Shown(template="asset/edit.html", values=values)


def save(call: Call, work: UnitOfWork) -> Reply:
    """Change what was touched; refused where another has changed the asset, unless in nothing that the form shows."""
    asset = queries.get_asset(work.view, call.path["code"])
    is_as_seen = call.form.get("seen") == _seen(_texts(work.view, asset))
    touched = _touched(call.form)
    said = {name: _READERS[name](text) for name, text in touched.items() if name in FIELDS}
    if values := custom_fields.typed_values(touched):
        said["fields"] = values
    revision = asset.revision if is_as_seen else revision_of(call)
    saying = gettext("Saved.") if said else gettext("Nothing was changed.")
    changed = change(work, asset.code, AssetChange(**said), if_revision=revision)
    return Moved(page="asset", arguments={"code": changed.code}, saying=saying)


def _texts(view: View, asset: Asset) -> dict[str, str]:
    """Return each field as the form holds it."""
    owners = logins_of(view, [asset.owner_id]) if asset.owner_id else {}
    groups = group_codes(view.session, [asset.audience_id]).get(asset.audience_id, []) if asset.audience_id else []
    return {
        "name": asset.name,
        "kind": asset.kind,
        "description": asset.description,
        "tags": "\n".join(asset.tags),
        "aliases": "\n".join(map(_alias_line, asset.aliases)),
        "external_ids": "\n".join(f"{one.system}:{one.value}" for one in asset.external_ids),
        "owner": owners.get(asset.owner_id, "") if asset.owner_id else "",
        "show": asset.show.code if asset.show else "",
        "audience": ", ".join(groups),
        **custom_fields.texts_of(view, asset),
    }


def _alias_line(alias: Mapping[str, str]) -> str:
    plain = alias["language"] == "und" and "|" not in alias["text"]
    return alias["text"] if plain else f"{alias['text']} | {alias['language']}"


def _seen(texts: Mapping[str, str]) -> str:
    """Return a digest of each field, behind its name."""
    return " ".join(f"{name}={_digest(text)}" for name, text in texts.items())


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:16]


def _seen_by(form: Mapping[str, str]) -> dict[str, str]:
    """Return the digest of each field as it was when the form was opened."""
    return dict(one.split("=", 1) for one in form.get("seen", "").split() if "=" in one)


def _touched(form: Mapping[str, str]) -> dict[str, str]:
    """Return the fields that are not as they were when the form was opened, as typed."""
    seen = _seen_by(form)
    named = [name for name in form if name in FIELDS or name.startswith(custom_fields.PREFIX)]
    typed = {name: form[name].replace("\r\n", "\n") for name in named}
    return {name: text for name, text in typed.items() if _digest(text) != seen.get(name)}


def _meanwhile(view: View, asset: Asset, now: Mapping[str, str], form: Mapping[str, str]) -> list[Meanwhile]:
    seen, touched = _seen_by(form), _touched(form)
    moved = [name for name, text in now.items() if name in seen and _digest(text) != seen[name]]
    custom = custom_fields.labels(view) if moved else {}
    entries = history.page_history(view, asset, Paging(limit=LOOKED_BACK)).items if moved else ()
    found = []
    for name in moved:
        entry = next((one for one in entries if name in ((one.values or {}).get("changes") or {})), None)
        found.append(
            Meanwhile(
                label=custom.get(name) or gettext(LABELS[name]),
                now=wording.kind(now[name]) if name == "kind" else now[name],
                typed=touched.get(name),
                by=entry.actor["name"] if entry else None,
                at=entry.at if entry else None,
            )
        )
    return found


def _shows(view: View, chosen: str) -> list[tuple[str, str]]:
    found = {show.code: show.name for show in page_shows(view, Paging(limit=LIMIT_MAX)).items}
    if chosen and chosen not in found:
        found[chosen] = chosen
    return [("", gettext("None")), *found.items()]


def _external_ids(text: str) -> tuple[ForeignId, ...]:
    """Read one id from each line, behind the system that gave it: ``shotgrid:4711``."""
    read = [line.partition(":") for line in lines_of(text)]
    for system, _, value in read:
        if not value.strip():
            raise InvalidInput(
                f"external id {system[:80]!r} does not say whose it is; write system:value", code="bad-external-id"
            )
    return tuple(ForeignId(system=system.strip(), value=value.strip()) for system, _, value in read)


_READERS: dict[str, Callable[[str], Any]] = {
    "name": str,
    "kind": kind_of,
    "description": str,
    "tags": lines_of,
    "aliases": aliases_of,
    "external_ids": _external_ids,
    "owner": lambda text: text.strip() or None,
    "show": lambda text: text or None,
    "audience": lambda text: words_of(text) or None,
}

_EDIT = "/assets/{code}/edit"
ROUTES = (
    Route(name="edit", path=_EDIT, ability=Ability.REGISTER, read=show_form),
    Route(name="save", path=_EDIT, ability=Ability.REGISTER, write=save, again=show_form),
)
