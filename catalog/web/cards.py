"""Assets as listings show them: a picture, a name, and what tells it from its neighbors."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from catalog.accounts.vocabulary import Language
from catalog.assets.vocabulary import AssetStatus
from catalog.kernel import pinyin
from catalog.media import queries as media
from catalog.media.vocabulary import STRIPS, Derivative, PreviewKind
from catalog.web import wording
from catalog.web.languages import spoken

if TYPE_CHECKING:
    from collections.abc import Sequence

    from catalog.assets.models import Asset
    from catalog.media.models import Preview
    from catalog.media.queries import CardPicture, Strip
    from catalog.work.view import View

TAGS_SHOWN = 3
_LATIN = re.compile(r"[A-Za-zÀ-ɏ]")
_WITHOUT_UNITS = frozenset({".obj", ".stl", ".ply", ".abc"})
NARROWEST, WIDEST = 0.9, 2.0
"""Pictures with a ratio of width to height between these are cropped to fill a card; others are shown whole."""


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A preview to show. ``color`` is the class of what stands in its place while it loads.

    ``larger`` is the same picture for screens with more pixels, ``strip`` what a pointer scrubs through, and ``plays``
    says that this is a film and no turn.
    """

    sha256: str
    width_px: int
    height_px: int
    color: str
    caption: str = ""
    larger: str | None = None
    larger_px: int | None = None
    strip: Strip | None = None
    plays: bool = False

    @property
    def fills(self) -> bool:
        """Whether little is lost when a card crops it."""
        return NARROWEST <= self.width_px / max(1, self.height_px) <= WIDEST


@dataclass(frozen=True, kw_only=True)
class Model:
    """A model that browsers can show. ``metric``: its file says how long its units are, so sizes are in meters."""

    sha256: str
    key: str
    caption: str
    path: str
    metric: bool


@dataclass(frozen=True, kw_only=True)
class SecondName:
    """An alias beside the name, in the letters of the reader; ``language`` is None where nobody has said it."""

    text: str
    language: str | None


@dataclass(frozen=True, kw_only=True)
class Card:
    """What a listing shows of an asset."""

    code: str
    name: str
    also: SecondName | None
    kind: str
    kind_label: str
    retired: bool
    version: int | None
    show: str | None
    tags: tuple[str, ...]
    more_tags: int
    picture: Picture | None


def cards_of(view: View, assets: Sequence[Asset]) -> list[Card]:
    """Return assets as cards, with their pictures by one further query."""
    pictures = media.thumbnails_of_latest(view, assets)
    return [_card(asset, picture_of(pictures.get(asset.id))) for asset in assets]


def second_name(asset: Asset) -> SecondName | None:
    """Return what readers of this page's language may rather know an asset by; None where its name will do.

    Readers of Chinese are told an alias in Chinese, readers of English a Latin one of an asset whose name is Chinese.
    """
    for alias in asset.aliases:
        text, tag = str(alias["text"]), str(alias["language"])
        if spoken() is Language.CHINESE:
            fits = tag.lower().partition("-")[0] == "zh" and not pinyin.has_han(asset.name)
        else:
            fits = pinyin.has_han(asset.name) and not pinyin.has_han(text) and _LATIN.search(text) is not None
        if fits and text != asset.name:
            return SecondName(text=text, language=None if tag == "und" else tag)
    return None


def picture_of(found: CardPicture | None) -> Picture | None:
    """Return what a card needs of a picture."""
    if found is None:
        return None
    return Picture(
        sha256=found.sha256,
        width_px=found.width_px,
        height_px=found.height_px,
        color=found.dominant_color,
        caption=found.caption,
        larger=found.larger_sha256,
        larger_px=found.larger_width_px,
        strip=found.strip,
    )


def largest_of(previews: Sequence[Preview]) -> Picture | None:
    """Return the largest of a version's pictures; None where it has none."""
    pictures = [preview for preview in previews if preview.kind is PreviewKind.THUMBNAIL]
    if not pictures:
        return None
    largest = max(pictures, key=lambda preview: preview.width_px)
    strips = {preview.derivative: preview for preview in previews if preview.derivative in STRIPS}
    best = next((name for name in STRIPS if name in strips), None)
    return Picture(
        sha256=largest.sha256,
        width_px=largest.width_px,
        height_px=largest.height_px,
        color=largest.dominant_color,
        caption=largest.caption,
        strip=media.strip_of(strips[best]) if best else None,
        plays=best is Derivative.FILM_STRIP,
    )


def model_of(previews: Sequence[Preview]) -> Model | None:
    """Return the model among a version's previews; None where there is none."""
    for preview in previews:
        if preview.derivative == Derivative.MODEL:
            return Model(
                sha256=preview.sha256,
                key=preview.key,
                caption=preview.caption,
                path=preview.path,
                metric=PurePosixPath(preview.path).suffix.lower() not in _WITHOUT_UNITS,
            )
    return None


def _card(asset: Asset, picture: Picture | None) -> Card:
    return Card(
        code=asset.code,
        name=asset.name,
        also=second_name(asset),
        kind=asset.kind,
        kind_label=wording.kind(asset.kind),
        retired=asset.status == AssetStatus.RETIRED,
        version=asset.latest_number,
        show=asset.show.code if asset.show else None,
        tags=tuple(asset.tags[:TAGS_SHOWN]),
        more_tags=max(0, len(asset.tags) - TAGS_SHOWN),
        picture=picture,
    )
