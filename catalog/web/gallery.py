"""What else shows a version: its turntable, sheets and overlays, in the order in which they are looked at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from catalog.media.vocabulary import STRIPS, Derivative, PreviewKind
from catalog.web import wording

if TYPE_CHECKING:
    from collections.abc import Sequence

    from catalog.media.models import Preview

_PICTURE, _FILM = "image/", "video/"


@dataclass(frozen=True, kw_only=True)
class Exhibit:
    """One picture or film. ``poster`` is what a film shows before it is played."""

    title: str
    sha256: str
    media_type: str
    width_px: int
    height_px: int
    caption: str
    path: str
    poster: str | None = None

    @property
    def is_film(self) -> bool:
        """Whether it is played."""
        return self.media_type.startswith(_FILM)


def exhibits_of(previews: Sequence[Preview]) -> list[Exhibit]:
    """Return what a gallery hangs; strips are for pointers on cards, and thumbnails hang above.

    A film shows its own poster before it is played, else the picture of its version.
    """
    thumbnails = [one for one in previews if one.kind is PreviewKind.THUMBNAIL]
    picture = max(thumbnails, key=lambda one: one.width_px).sha256 if thumbnails else None
    posters = {one.kind: one.sha256 for one in previews if one.derivative == Derivative.FILM_POSTER}
    order = list(PreviewKind)
    shown = [
        one
        for one in previews
        if one.kind is not PreviewKind.THUMBNAIL
        and one.derivative not in (*STRIPS, Derivative.FILM_POSTER)
        and one.media_type.startswith((_PICTURE, _FILM))
    ]
    return [
        Exhibit(
            title=wording.preview_kind(one.kind),
            sha256=one.sha256,
            media_type=one.media_type,
            width_px=one.width_px,
            height_px=one.height_px,
            caption=one.caption,
            path=one.path,
            poster=posters.get(one.kind, picture) if one.media_type.startswith(_FILM) else None,
        )
        for one in sorted(shown, key=lambda one: (order.index(one.kind), one.derivative))
    ]
