"""Ranges as people write them: ``<50k``, ``1.6m..1.9m``, ``2019..2022``. Pure.

Every range is two whole numbers, both included: counts as they are, lengths in micrometers, pictures in pixels, files
in bytes, custom numbers in millionths, days in microseconds since 1970 (UTC). A day, a month or a year that ends a
range belongs to it.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from catalog.search.fields import Form

_SCALES: dict[Form, dict[str, int]] = {
    Form.COUNT: {"": 1, "k": 10**3, "m": 10**6, "b": 10**9, "g": 10**9},
    Form.LENGTH: {"": 10**6, "mm": 10**3, "cm": 10**4, "m": 10**6, "km": 10**9, "in": 25_400, "ft": 304_800},
    Form.PIXELS: {"": 1, "px": 1, "k": 1024},
    Form.NUMBER: {"": 10**6},
    Form.BYTES: {"": 1, "b": 1, "kb": 10**3, "mb": 10**6, "gb": 10**9, "tb": 10**12},
}
_WRITTEN: dict[Form, tuple[str, ...]] = {
    Form.COUNT: ("m", "k", ""),
    Form.LENGTH: ("m", "cm", "mm"),
    Form.PIXELS: ("k", ""),
    Form.BYTES: ("gb", "mb", "kb", ""),
}
_NUMBER = re.compile(r"([0-9]{1,15}(?:\.[0-9]{1,9})?)([a-z]{0,2})", re.IGNORECASE | re.ASCII)
_DAY = re.compile(r"([0-9]{4})(?:-([0-9]{1,2})(?:-([0-9]{1,2}))?)?", re.ASCII)
_SIGNS = ("<=", ">=", "<", ">", "=")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_YEARS = range(1000, 9999)


@dataclass(frozen=True, kw_only=True)
class Range:
    """From ``low`` to ``high``, both included; None is open. ``reversed``: it was written the other way round."""

    low: int | None
    high: int | None
    reversed: bool = False


def read(text: str, form: Form) -> Range | None:
    """Read a range or a single value of this form; None for what is none."""
    sign = next((sign for sign in _SIGNS if text.startswith(sign)), "")
    if sign or ".." not in text:
        span = _span(text.removeprefix(sign), form)
        return None if span is None else _compared(sign, *span)
    first, _, last = text.partition("..")
    begins, ends = _span(first, form), _span(last, form)
    if (first and begins is None) or (last and ends is None) or not (first or last):
        return None
    if begins and ends and begins[0] > ends[1]:
        return Range(low=ends[0], high=begins[1], reversed=True)
    return Range(low=begins and begins[0], high=ends and ends[1])


def without_unit(text: str, unit: str) -> str:
    """Return a range without the unit of a field, where that ends a number."""
    return re.sub(rf"(?<=[0-9]){re.escape(unit)}(?=\.\.|$)", "", text, flags=re.IGNORECASE) if unit else text


def written(found: Range, form: Form) -> str:
    """Return a range, of anything but days, as it is read again: ``1k..2999``, ``>=4k``."""
    low, high = (None if end is None else shortest(end, form) for end in (found.low, found.high))
    if low == high and low is not None:
        return low
    return f">={low}" if high is None else f"<={high}" if low is None else f"{low}..{high}"


def shortest(number: int, form: Form) -> str:
    """Return a number in the greatest unit that needs two digits behind the point at most, or exactly in the least."""
    units = _WRITTEN[form]
    right = (unit for unit in units if number >= (scale := _SCALES[form][unit]) and number * 100 % scale == 0)
    unit = next(right, units[-1])
    return f"{Decimal(number) / _SCALES[form][unit]:f}{unit}"


def _compared(sign: str, low: int, high: int) -> Range:
    match sign:
        case "<":
            return Range(low=None, high=low - 1)
        case "<=":
            return Range(low=None, high=high)
        case ">":
            return Range(low=high + 1, high=None)
        case ">=":
            return Range(low=low, high=None)
        case _:
            return Range(low=low, high=high)


def _span(text: str, form: Form) -> tuple[int, int] | None:
    """Return the first and the last number that a value stands for."""
    if form is Form.DATE:
        found = _DAY.fullmatch(text)
        return _days(*found.groups()) if found else None
    below = form is Form.NUMBER and text.startswith("-")
    found = _NUMBER.fullmatch(text.replace(",", ".").removeprefix("-" if below else ""))
    scale = _SCALES[form].get(found[2].lower()) if found else None
    if found is None or scale is None:
        return None
    value = int(Decimal(found[1]) * scale) * (-1 if below else 1)
    return value, value


def _days(year: str, month: str | None, day: str | None) -> tuple[int, int] | None:
    if int(year) not in _YEARS or not 1 <= int(month or 1) <= 12:  # noqa: PLR2004 — months of a year
        return None
    last_day = calendar.monthrange(int(year), int(month or 12))[1]
    if not 1 <= int(day or 1) <= last_day:
        return None
    first = datetime(int(year), int(month or 1), int(day or 1), tzinfo=UTC)
    last = datetime(int(year), int(month or 12), int(day or last_day), tzinfo=UTC) + timedelta(days=1)
    return (first - _EPOCH) // _MICROSECOND, (last - _EPOCH) // _MICROSECOND - 1
