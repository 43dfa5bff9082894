"""What refusals and findings say, in the language of the page.

Rooms below speak English, with the value that was wrong and the remedy. Who reads another language is told by the code
what it is about, and the English after it. The catalogs have one sentence for each code, under the code itself: no
English page shows it. A sentence may name what the refusal has in its ``details``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from catalog.kernel.errors import CatalogError
from catalog.web.languages import find_text, gettext

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

REFUSAL, FINDING = "refusal", "finding"
"""Contexts of the catalogs."""


class _Named(dict[str, object]):
    def __missing__(self, _name: str) -> str:
        return "…"


def reason(refusal: CatalogError) -> str | None:
    """Return a refusal in the reader's language; None where that is English already, or knows no more."""
    return reason_of_code(refusal.code, refusal.details)


def reason_of_code(code: str, details: Mapping[str, object] | None = None) -> str | None:
    """Return what a code of a refusal says in the reader's language; None as of ``reason``."""
    said = find_text(REFUSAL, code)
    return said % _Named(details or {}) if said else None


def kept_reasons(kept: Sequence[Mapping[str, Any]] | None) -> str | None:
    """Return refusals that were kept (``CatalogError.kept``) in the reader's language; None as of ``reason``."""
    said = [(one["about"], reason_of_code(one["code"], one["values"])) for one in kept or ()]
    whole = [gettext("%(what)s: %(said)s", what=about, said=own) if about else own for about, own in said if own]
    return " ".join(whole) or None


def finding(code: str) -> str | None:
    """Return what a code of a finding says in the reader's language; None as of ``reason``."""
    return find_text(FINDING, code)
