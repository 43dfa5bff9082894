"""What the examples of the manual are made of, and they themselves: one act by curl, command line and Python. Pure."""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from catalog.web.examples import Example, curl

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

ID = "01a208b8-da1d-77bc-9ecc-b3dbf76c45f4"
SHA256 = "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae"
_VALUES: dict[str, Any] = {
    "code": "prp_crate",
    "number": 1,
    "before": 2,
    "name": "Market crate",
    "target": "prp_lamp",
    "asset": "prp_crate",
    "assets": ["prp_crate"],
    "references": ["prp_crate@1"],
    "login": "mira",
    "display_name": "Mira",
    "roles": ["artist"],
    "members": ["mira"],
    "into": "prp_lamp",
    "title": "Dressing of the market",
    "note": "for the corner stall",
    "reason": "the hinges are upside down",
    "text": "the hinges are upside down",
    "description": "a crate of the market",
    "tags": ["wood"],
    "add_tags": ["wood"],
    "q": "crate",
    "sha256": SHA256,
    "path": "crate.usda",
    "import_key": "library-2026",
    "seq": 1,
    "depth": 2,
    "version": 2,
    "size_bytes": 3,
    "platform": "linux",
    "site": "main",
}
"""Samples by the name of a field."""
_OF_OPERATION: dict[str, dict[str, Any]] = {
    "shows.create": {"code": "ORION", "name": "Orion Rising"},
    "shows.get": {"code": "ORION"},
    "shows.change": {"code": "ORION", "name": "Orion Rising"},
    "groups.create": {"code": "crew"},
    "groups.get": {"code": "crew"},
    "groups.change": {"code": "crew"},
    "fields.define": {"name": "vendor", "type": "exact"},
    "fields.get": {"name": "vendor"},
    "fields.change": {"name": "vendor", "label": "Vendor"},
    "fields.retire": {"name": "vendor"},
    "fields.reinstate": {"name": "vendor"},
    "roots.declare": {"name": "library", "templates": [{"platform": "linux", "site": "main", "path": "/mnt/library"}]},
    "roots.get": {"name": "library"},
    "roots.change": {"name": "library", "templates": [{"platform": "linux", "site": "main", "path": "/mnt/library"}]},
    "tokens.issue": {"name": "farm"},
    "versions.compare": {"number": 2, "before": 1},
    "imports.send": {"row": 1},
    "search.assets": {"kind": "prop"},
    "search.export": {"kind": "prop"},
    "searches.create": {"title": "New props", "query": "q=crate&kind=prop"},
    "searches.change": {"title": "New props"},
    "me.change": {"language": "zh-Hans"},
    "synonyms.change": {"text": "digidouble = digital double = 数字替身"},
    "tags.merge": {"tags": ["timber"], "into": "wood"},
}
ALSO: dict[str, tuple[str, ...]] = {
    "edits.preview": ("assets", "add_tags"),
    "issues.close": ("version",),
    "search.assets": ("q", "kind"),
    "search.export": ("q", "kind"),
    "search.suggestions": ("q",),
}
"""What an operation needs that it does not require."""
_BY_HAND: dict[str, tuple[str, str]] = {
    "versions.draft": ("versions draft prp_crate FOLDER", 'versions.publish("prp_crate", "FOLDER")'),
    "versions.uploads": ("versions draft prp_crate FOLDER", 'versions.uploads("prp_crate", 1)'),
    "versions.publish": ("versions publish prp_crate 1", 'versions.publish("prp_crate", number=1)'),
    "files.get": (
        "files get prp_crate 1 crate.usda --to crate.usda",
        'files.download("prp_crate", 1, "crate.usda", to="crate.usda")',
    ),
    "previews.get": (f"previews get {SHA256} --to crate.webp", f'previews.get("{SHA256}")'),
    "imports.send": ("imports send MANIFEST.jsonl", 'assets.import_("MANIFEST.jsonl")'),
    "search.assets": ("search assets crate --kind prop", 'search("crate", kind=["prop"])'),
    "search.export": ("search export crate --kind prop --to crates.csv", 'search.export("crate", kind=["prop"])'),
    "resolutions.create": ("resolutions create prp_crate@1", 'resolutions.create(references=["prp_crate@1"])'),
    "openapi.get": ("openapi get", "openapi.get()"),
}
"""Commands and methods that are written by hand, for what they do in one go."""
_COMMAND_ENDS = {"users.create": " --no-password"}


def sample(name: str, schema: Mapping[str, Any], schemas: Mapping[str, Any], of: str) -> Any:  # noqa: ANN401 — JSON
    """Return a value of a field: what it is likely called, else the simplest that its schema takes."""
    known = _OF_OPERATION.get(of, {}).get(name, _VALUES.get(name))
    if known is not None:
        return known
    schema = resolved(schema, schemas)
    if "enum" in schema:
        return "prop" if "prop" in schema["enum"] else schema["enum"][0]
    match schema.get("type"):
        case "array":
            return [sample(name.removesuffix("s"), schema.get("items", {}), schemas, of)]
        case "object":
            return body_of(schema, schemas, of)
        case "integer":
            return 1
        case "boolean":
            return True
        case _:
            return ID


def resolved(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the schema that a reference means, and the first of several that is not null."""
    for several in ("anyOf", "allOf"):
        if several in schema:
            return resolved(next(one for one in schema[several] if one.get("type") != "null"), schemas)
    if "$ref" in schema:
        return resolved(schemas[schema["$ref"].rpartition("/")[2]], schemas)
    return schema


def body_of(schema: Mapping[str, Any], schemas: Mapping[str, Any], of: str) -> dict[str, Any]:
    """Return what is to be sent: what is required, or else the first field, and what the act makes no sense without."""
    fields: Mapping[str, Any] = schema.get("properties", {})
    wanted = [*schema.get("required", ()), *(name for name in ALSO.get(of, ()) if name in fields)]
    names = wanted or list(fields)[:1]
    return {name: sample(name, fields[name], schemas, of) for name in names}


def path_of(path: str, values: Mapping[str, Any], query: Mapping[str, Any]) -> str:
    """Return an address with its values."""
    return path.format(**values) + (f"?{urlencode(query)}" if query else "")


def examples_of(
    name: str, request: tuple[str, str], base_url: str, said: Mapping[str, Mapping[str, Any]]
) -> tuple[Example, ...]:
    """Return the same act three ways. ``said`` has the values of ``path``, ``query`` and ``body``."""
    method, path = request
    address = path_of(path, said["path"], said["query"])
    by_hand = _BY_HAND.get(name)
    command = by_hand[0] if by_hand else _command(name, said)
    call = by_hand[1] if by_hand else _call(name, said)
    body = json.dumps(said["body"], ensure_ascii=False) if said["body"] else None
    media_type = "application/x-ndjson" if name == "imports.send" else "application/json"
    return (
        Example(surface="curl", text=curl(base_url, method, address, body, media_type)),
        Example(surface="Command line", text=f"catalog --url {base_url} {command}{_COMMAND_ENDS.get(name, '')}"),
        Example(surface="Python", text=f'client = Client("{base_url}", token="TOKEN")\nclient.{call}'),
    )


def _command(name: str, said: Mapping[str, Mapping[str, Any]]) -> str:
    arguments = [*said["path"].values(), *said["query"].values()]
    words = [*name.split("."), *map(str, arguments)]
    for field, value in said["body"].items():
        many = isinstance(value, list)
        for one in value if many else [value]:
            text = ":".join(map(str, one.values())) if isinstance(one, dict) else str(one)
            words += [_option(field, many=many), text]
    return shlex.join(words)


def _option(field: str, *, many: bool) -> str:
    """Return how the command line calls a field; of what may be there several times, each is given by itself."""
    for plural, singular in (("aliases", "alias"), ("ies", "y"), ("s", "")):
        if many and field.endswith(plural):
            field = field.removesuffix(plural) + singular
            break
    return "--" + field.replace("_", "-")


def _call(name: str, said: Mapping[str, Mapping[str, Any]]) -> str:
    noun, _, verb = name.partition(".")
    arguments: Iterable[str] = (_python(value) for value in (*said["path"].values(), *said["query"].values()))
    named = (f"{field}={_python(value)}" for field, value in said["body"].items())
    return f"{noun}.{verb.replace('-', '_')}({', '.join([*arguments, *named])})"


def _python(value: Any) -> str:  # noqa: ANN401 — JSON
    return repr(value) if isinstance(value, bool) else json.dumps(value, ensure_ascii=False)
