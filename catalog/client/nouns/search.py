"""Operations on search, as the server offers them.

Written by scripts/generate_client from the table of operations; change that, not this.
"""

from __future__ import annotations

from collections.abc import Sequence

from catalog.client.answers.search import Cards, SearchPage, Suggestions
from catalog.client.connection import Connection
from catalog.client.wire import given, joined, several
from catalog.client.words import Sort


class SearchOperations:
    """Operations on search."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def assets(
        self,
        q: str | None = None,
        *,
        kind: Sequence[str] | None = None,
        status: Sequence[str] | None = None,
        show: Sequence[str] | None = None,
        tag: Sequence[str] | None = None,
        format: Sequence[str] | None = None,  # noqa: A002 — the API calls it so
        has: Sequence[str] | None = None,
        owner: Sequence[str] | None = None,
        year: Sequence[str] | None = None,
        polys: Sequence[str] | None = None,
        texture: Sequence[str] | None = None,
        height: Sequence[str] | None = None,
        field: Sequence[str] | None = None,
        sort: Sort | None = None,
        priors: bool | None = None,
        facets: Sequence[str] | str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> SearchPage:
        """Search assets, with facet counts.

        ``q``: words and ``name:value`` terms. ``kind``: sorts of assets. ``status``: standings, such as active.
        ``show``: codes of shows. ``tag``: tags. ``format``: endings of files, such as usd. ``has``: what comes with
        it: model, rig, skeleton, blend-shapes, groom, textures, materials, cache, proxy, film. ``owner``: logins.
        ``year``: years of registration. ``polys``: ranges of triangles, such as <50k or 10k..2m. ``texture``:
        ranges of longest sides, such as >=4k. ``height``: ranges of heights, such as 1.6m..1.9m. ``field``: values
        of custom fields, such as ``vendor=acme``. ``sort``: order of hits; by default relevance. ``priors``:
        ``off``: what changed lately is no more relevant for it; by default True. ``facets``: facets to count,
        comma-separated: kind, status, show, tag, format, has, owner, year, polys, texture, height, fields.NAME.
        ``limit``: how many at most, up to 200; by default 50. ``cursor``: ``next_cursor`` of the page before.
        """
        return SearchPage.read(
            self._connection.call(
                "GET",
                "/search",
                query=given(
                    q=q,
                    kind=several(kind),
                    status=several(status),
                    show=several(show),
                    tag=several(tag),
                    format=several(format),
                    has=several(has),
                    owner=several(owner),
                    year=several(year),
                    polys=several(polys),
                    texture=several(texture),
                    height=several(height),
                    field=several(field),
                    sort=sort,
                    priors=priors,
                    facets=joined(facets),
                    limit=limit,
                    cursor=cursor,
                ),
            )
        )

    def suggestions(self, q: str | None = None, *, limit: int | None = None) -> Suggestions:
        """Complete what was typed.

        ``q``: what was typed so far. ``limit``: how many at most, up to 20; by default 10.
        """
        return Suggestions.read(self._connection.call("GET", "/search/suggestions", query=given(q=q, limit=limit)))

    def similar(self, asset: str, *, limit: int | None = None) -> Cards:
        """Find assets like one.

        ``asset``: code of the asset that others are to be like. ``limit``: how many at most, up to 50; by default
        10.
        """
        return Cards.read(self._connection.call("GET", "/search/similar", query=given(asset=asset, limit=limit)))
