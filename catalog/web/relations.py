"""Relations as pages show them: the other asset, how many of it, and what it is to this one."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from catalog.web import wording
from catalog.web.cards import Card, cards_of
from catalog.web.languages import gettext

if TYPE_CHECKING:
    from collections.abc import Sequence

    from catalog.assets.models import Asset
    from catalog.assets.relating import Dependent, Related
    from catalog.work.view import View


@dataclass(frozen=True, kw_only=True)
class Other:
    """The other end of a relation."""

    card: Card
    number: int | None = None
    count: int | None = None
    words: str = ""
    depth: int = 1


@dataclass(frozen=True, kw_only=True)
class RelationGroup:
    """Everything that stands to the asset in the same relation."""

    title: str
    others: tuple[Other, ...]


def grouped(view: View, asset: Asset, own: Sequence[Related]) -> list[RelationGroup]:
    """Return relations of an asset by what they are to it."""
    titled = sorted(((_title(asset, one), _other_end(asset, one), one) for one in own), key=lambda row: row[0])
    cards = {card.code: card for card in cards_of(view, [end for _, end, _ in titled])}
    return [
        RelationGroup(
            title=words,
            others=tuple(
                Other(card=cards[end.code], number=one.number if end is one.target else None, count=one.count)
                for _, end, one in group
            ),
        )
        for words, group in groupby(titled, key=lambda row: row[0])
    ]


def _other_end(asset: Asset, one: Related) -> Asset:
    return one.target if one.source.id == asset.id else one.source


def _title(asset: Asset, one: Related) -> str:
    return gettext((wording.OUTGOING if one.source.id == asset.id else wording.USED_BY)[one.kind])


def users_of(view: View, users: Sequence[Dependent]) -> list[Other]:
    """Return what uses an asset, with what it is to it in words."""
    cards = cards_of(view, [one.asset for one in users])
    return [
        Other(card=card, words=gettext(wording.INCOMING[one.kind]), depth=one.depth)
        for card, one in zip(cards, users, strict=True)
    ]
