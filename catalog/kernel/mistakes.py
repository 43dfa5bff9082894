"""What pydantic finds wrong with something sent, said in our words: the value, what is wrong with it, the remedy.

Pure: it reads the details of its errors by their stable types, and repeats none of its sentences.
"""

from __future__ import annotations

import json
import re
from itertools import groupby
from typing import TYPE_CHECKING, Any

from catalog.kernel.errors import FieldError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pydantic_core import ErrorDetails

SHOWN_MAX = 60
"""Longer texts are shortened to so many characters."""

LARGEST_SHOWN = 10**20
"""Numbers beyond it are not repeated."""

ANYTHING_ELSE = "is not what is taken here; the documentation of the API (/docs/api) says what is"
"""Said of a type of error that ``SENTENCES`` does not know."""

_NO_TEXT = "is no text; give one, in quotes"
_NO_INTEGER = "is no whole number; give one, such as 3"
_NO_NUMBER = "is no number; give one, such as 1.5"
_NO_BOOLEAN = "is neither true nor false; give one of the two"
_NO_LIST = "is no list; give one, in square brackets"
_NO_OBJECT = "is no object; give one, in braces"
_NO_ID = "is no id; give one as it was answered, such as 0192f0c1-7e5a-7c3b-9b7e-3f4d5a6b7c8d"
SENTENCES: Mapping[str, str] = {
    "missing": "is left out, but needed; give it",
    "extra_forbidden": "is sent under a name that is not known here; correct the name, or leave it out",
    "string_type": _NO_TEXT,
    "string_unicode": "is no Unicode text; give UTF-8",
    "string_too_short": "has too few characters; give {min_length} or more",
    "string_too_long": "has too many characters; give {max_length} at most",
    "string_pattern_mismatch": "is not of the form that is taken; give what matches {pattern}",
    "int_type": _NO_INTEGER,
    "int_parsing": _NO_INTEGER,
    "int_parsing_size": "is larger than any number that is taken; give a smaller one",
    "int_from_float": "has a fraction; give a whole number",
    "float_type": _NO_NUMBER,
    "float_parsing": _NO_NUMBER,
    "finite_number": "is no finite number; give one, such as 1.5",
    "bool_type": _NO_BOOLEAN,
    "bool_parsing": _NO_BOOLEAN,
    "enum": "is not among the values that are taken; give {expected}",
    "literal_error": "is not among the values that are taken; give {expected}",
    "list_type": _NO_LIST,
    "tuple_type": _NO_LIST,
    "dict_type": _NO_OBJECT,
    "model_type": _NO_OBJECT,
    "model_attributes_type": _NO_OBJECT,
    "too_short": "has too few entries; give {min_length} or more",
    "too_long": "has too many entries; give {max_length} at most",
    "greater_than": "is too small; give more than {gt}",
    "greater_than_equal": "is too small; give {ge} or more",
    "less_than": "is too large; give less than {lt}",
    "less_than_equal": "is too large; give {le} at most",
    "uuid_type": _NO_ID,
    "uuid_parsing": _NO_ID,
    "json_invalid": "is no JSON{place}; correct it there",
}
"""By type of error; what stands before is the value, what stands in braces is of the error's context."""

_PLACE = re.compile(r" at line \d+ column \d+$")
_MEMBER = re.compile(r"str|int|float|bool|constrained-\w+")
"""How pydantic names the members of a union, behind the place of the value that is none of them."""


def mistakes(errors: Iterable[ErrorDetails]) -> Iterator[FieldError]:
    """Yield what is wrong, by dotted path ('' is the whole).

    A value that fits no member of a union is told once, though pydantic tells of every member.
    """
    for parent, group in groupby(errors, key=lambda one: one["loc"][:-1]):
        beside = list(group)
        if len(beside) > 1 and all(_is_of_union(one) for one in beside):
            said = f"{_shown(beside[0])} is neither text nor a number; give one of these"
            yield FieldError(field=_dotted(parent), message=said)
        else:
            for one in beside:
                yield FieldError(field=_dotted(one["loc"]), message=f"{_shown(one)} {sentence(one)}")


def sentence(one: ErrorDetails) -> str:
    """Return what is wrong with a value, without the value, and what would be right."""
    context: dict[str, Any] = {**one.get("ctx", {})}
    if one["type"] == "value_error":
        return str(context["error"])
    found = _PLACE.search(str(context.get("error", "")))
    return SENTENCES.get(one["type"], ANYTHING_ELSE).format_map({**context, "place": found[0] if found else ""})


def _is_of_union(one: ErrorDetails) -> bool:
    return one["type"] != "extra_forbidden" and _MEMBER.fullmatch(str(one["loc"][-1])) is not None


def _dotted(place: tuple[int | str, ...]) -> str:
    """Return a place as one text; names come from outside, so that a long one is shortened as values are."""
    return ".".join(part if len(part) <= SHOWN_MAX else f"{part[:SHOWN_MAX]}…" for part in map(str, place))


def _shown(one: ErrorDetails) -> str:
    """Return what was given as JSON spells it, but never a password: neither under its name nor under a wrong one."""
    value = one["input"]
    if one["type"] in {"missing", "json_invalid", "extra_forbidden"}:
        return "it"
    if "password" in one["loc"]:
        return "what was given"
    if isinstance(value, str):
        return repr(value if len(value) <= SHOWN_MAX else f"{value[:SHOWN_MAX]}…")
    if value is None or isinstance(value, bool | float):
        return json.dumps(value)
    if isinstance(value, int):
        return str(value) if abs(value) < LARGEST_SHOWN else "the number"
    return "an object" if isinstance(value, dict) else "a list"
