"""Commands that are ready to paste, with this installation's address in them. Pure."""

from __future__ import annotations

import shlex
from dataclasses import dataclass

from catalog.web.languages import marked

NEW_CODE, NEW_NAME, NEW_KIND = "prp_crate", "Market crate", "prop"


@dataclass(frozen=True, kw_only=True)
class Example:
    """The same act for one surface. ``rows`` is how many lines it has."""

    surface: str
    text: str

    @property
    def rows(self) -> int:
        """How many lines it has."""
        return self.text.count("\n") + 1


def program(base_url: str) -> str:
    """Return how the command line is called for this installation: on any machine, whatever else is set there."""
    return f"catalog --url {base_url.rstrip('/')}"


def publishing(base_url: str, code: str | None, root: str | None = None) -> tuple[Example, ...]:
    """Return how scripts publish: as a new asset, or as the next version of the one with this code.

    Where there is a ``root``, also how files that lie under it are published without being copied.
    """
    url, wanted = base_url.rstrip("/"), code or NEW_CODE
    new = "" if code else f" --name '{NEW_NAME}' --kind {NEW_KIND}"
    named = "" if code else f'name="{NEW_NAME}", kind="{NEW_KIND}", '
    python = (
        f'from catalog.client import Client\n\nclient = Client("{url}", token="TOKEN")\n'
        f'client.versions.publish("{wanted}", "FOLDER", {named}note="first", wait=True)'
    )
    in_place = Example(
        surface=marked("Command line, for files that stay where they are under a root"),
        text=f"{program(url)} assets publish FOLDER --code {wanted}{new} --in-place {root} --wait",
    )
    return (
        *((in_place,) if root else ()),
        Example(
            surface=marked("Command line"),
            text=f"{program(url)} assets publish FOLDER --code {wanted}{new} --note 'first' --wait",
        ),
        Example(surface="Python", text=python),
        Example(surface="curl", text=_by_curl(url, wanted, new=code is None)),
    )


def _by_curl(url: str, code: str, *, new: bool) -> str:
    """Return the steps for one file: draft it, ask where its bytes go, send them unless they are known, publish."""
    asset = f', "asset": {{"name": "{NEW_NAME}", "kind": "{NEW_KIND}"}}' if new else ""
    file = '{"path": "\'$F\'", "sha256": "\'$(sha256sum $F | cut -c1-64)\'", "size_bytes": \'$(stat -c %s $F)\'}'
    to_curl = r""""url=\(.url)", (.headers | to_entries[] | "header=\"\(.key): \(.value)\"")"""
    return "\n".join(
        (
            f"F=crate.usda V={url}/api/v1/assets/{code}/versions",
            'A="Authorization: Bearer $CATALOG_TOKEN" J="Content-Type: application/json"',
            f'N=$(curl -sS $V -H "$A" -H "$J" -d \'{{"files": [{file}]{asset}}}\' | jq .version.number)',
            f"U=$(curl -sS $V/$N/uploads -H \"$A\" | jq -r '.items[]?.requests[] | {to_curl}')",
            '[ -z "$U" ] || printf %s "$U" | curl -sS -T $F -K -',
            'curl -sS -X POST $V/$N/publication -H "$A"',
        )
    )


def curl(base_url: str, method: str, path: str, body: str | None = None, media_type: str = "application/json") -> str:
    """Return an API call as a command of a shell; ``CATALOG_TOKEN`` holds the token."""
    chosen = "" if method == "GET" else f"-X {method} "
    lines = [f"curl {chosen}{shlex.quote(f'{base_url}/api/v1{path}')}", '-H "Authorization: Bearer $CATALOG_TOKEN"']
    if body is not None:
        lines += [f"-H 'Content-Type: {media_type}'", f"-d {shlex.quote(body)}"]
    return " \\\n  ".join(lines)
