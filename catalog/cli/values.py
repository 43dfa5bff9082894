"""Options that hold more than one word: from what is typed to what the client takes."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from catalog.cli.table import Argument

_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")


class Several(click.ParamType[dict[str, Any]]):
    """A value with named parts, written with colons between them; the last part may hold colons itself."""

    name = "value"

    def __init__(self, argument: Argument) -> None:
        self._parts = argument.parts
        names = [part.name for part in self._parts]
        # An optional part in the middle would make a text with colons ambiguous; such values are written as JSON.
        self._simple = bool(names) and all(not part.parts and not part.many for part in self._parts)

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:  # noqa: ARG002 — as click says
        """Say how it is written."""
        if not self._simple:
            return "JSON"
        return metavar_of([part.name for part in self._parts], {part.name for part in self._parts if not part.required})

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dict[str, Any]:  # noqa: ANN401 — click gives it
        """Return the parts by name."""
        if isinstance(value, dict):
            return value
        if value.startswith("{") or not self._simple:
            return self._from_json(value, param, ctx)
        names = [part.name for part in self._parts]
        if names == ["text", "language"]:
            return alias(value)
        texts = value.split(":", len(names) - 1)
        if len(texts) < len(names):
            self.fail(f"{value!r} is not {self.get_metavar(param, ctx)}", param, ctx)  # type: ignore[arg-type]  # as called
        return dict(zip(names, texts, strict=True))

    def _from_json(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> dict[str, Any]:
        try:
            found = json.loads(value)
        except ValueError as error:
            self.fail(f"{value!r} is no JSON object: {error}", param, ctx)
        if not isinstance(found, dict):
            self.fail(f"{value!r} is no JSON object", param, ctx)
        return found


class Named(click.ParamType[tuple[str, str | None]]):
    """A value with its name, ``vendor=Acme``; nothing behind the equals sign empties it."""

    name = "value"

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:  # noqa: ARG002 — as click says
        """Say how it is written."""
        return "NAME=VALUE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, str | None]:  # noqa: ANN401 — click gives it
        """Return name and value."""
        if isinstance(value, tuple):
            return value
        name, sign, said = value.partition("=")
        if not sign or not name.strip():
            self.fail(f"{value!r} is not NAME=VALUE", param, ctx)
        return name.strip(), said.strip() or None


def alias(text: str) -> dict[str, str]:
    """Return ``TEXT:LANG`` in its parts; a last colon that no language tag follows belongs to the text."""
    name, colon, language = text.rpartition(":")
    if colon and name and _LANGUAGE.fullmatch(language):
        return {"text": name, "language": language}
    return {"text": text}


def metavar_of(names: list[str], optional: set[str]) -> str:
    """Return how parts are written, such as ``TEXT[:LANG]``."""
    last = len(names) - 1
    return "".join(
        f"[:{name.upper()}]" if name in optional and number == last else f"{':' if number else ''}{name.upper()}"
        for number, name in enumerate(names)
    )


def option_name(name: str, *, many: bool) -> str:
    """Return the option of a field; ``external_ids`` is given as --external-id, several times.

    That of a file's format is --file-format, because --format is how things are printed.
    """
    if name == "format":
        return "--file-format"
    if many:
        for plural, singular in (("aliases", "alias"), ("ies", "y"), ("s", "")):
            if name.endswith(plural):
                name = name[: -len(plural)] + singular
                break
    return "--" + name.replace("_", "-")
