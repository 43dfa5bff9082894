"""What somebody outside sees of the catalogue: every read of the table, asked about things that may be secret.

``seen_by`` asks everything and returns the answers with what may differ taken out: request ids, times, the ledger's
count of entries, and the names that were asked for.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from catalog.api.table import OPERATIONS
from tests.studio import Person, Said


@dataclass(frozen=True, kw_only=True)
class Secrets:
    """Names of what somebody may not know of; ids are those of nothing until the things are there."""

    code: str = "chr_nova"
    own: str = "chr_alone"
    show: str = "nova"
    group: str = "vip"
    login: str = "ivy"
    word: str = "Umbra"
    tag: str = "eclipse"
    merged: str = "penumbra"
    """A tag that was merged into one that everybody sees."""
    external: str = "SG-4711"
    path: str = "geo/umbra.txt"
    asset_id: str = "01890a5d-ac96-774b-bcce-b302090a8057"
    show_id: str = "01890a5d-ac96-774b-bcce-b302091a8057"
    job_id: str = "01890a5d-ac96-774b-bcce-b302092a8057"
    note_id: str = "01890a5d-ac96-774b-bcce-b302093a8057"
    issue_id: str = "01890a5d-ac96-774b-bcce-b302094a8057"
    collection_id: str = "01890a5d-ac96-774b-bcce-b302095a8057"
    search_id: str = "01890a5d-ac96-774b-bcce-b302097a8057"
    edit_id: str = "01890a5d-ac96-774b-bcce-b302096a8057"
    preview: str = "0" * 64
    open: str = "prp_lamp"
    """An asset that everybody may see."""
    other: str = "prp_shade"
    """Another one."""

    def references(self) -> list[str]:
        """Return every way to name the secret assets."""
        codes = [self.code, self.code.upper(), self.own, self.asset_id, self.external, f"shotgrid:{self.external}"]
        versions = [f"{self.code}@1", f"{self.own}@latest", f"catalog://assets/{self.code}/v1/files/{self.path}"]
        return [*codes, *versions]


Addresses = Callable[[Secrets], list[str]]


def _about(tail: str) -> Addresses:
    """Return addresses that name the secret assets in every way."""
    return lambda it: [
        f"/assets/{quote(name, safe='')}{tail}"
        for name in (it.code, it.code.upper(), it.own, it.asset_id, it.external, f"shotgrid:{it.external}")
    ]


def _searches(it: Secrets) -> list[str]:
    texts = [it.code, it.word, it.word[:4], it.tag, it.external, it.show, "chr", "lamp", "邓丽君", ""]
    facets = "facets=kind,status,show,tag"
    return [
        *(f"/search?q={quote(text)}&{facets}" for text in texts),
        *(f"/search?q={quote(text)}&sort={sort}" for text in ("lamp", "") for sort in ("newest", "name", "relevance")),
        f"/search?show={it.show}&{facets}",
        f"/search?show={it.show.upper()}&{facets}",
        f"/search?show=-{it.show}&{facets}",
        f"/search?tag={it.tag}&{facets}",
        f"/search?tag=-{it.tag}&{facets}",
        f"/search?kind=groom&{facets}",
        f"/search?limit=1&{facets}",
    ]


CASES: dict[str, Addresses] = {
    "reviews.list": lambda _: ["/reviews"],
    "versions.drafts": lambda _: ["/drafts", "/drafts?limit=1"],
    "edits.list": lambda _: ["/edits"],
    "edits.get": lambda it: [f"/edits/{it.edit_id}", f"/edits/{it.code}"],
    "edits.assets": lambda it: [f"/edits/{it.edit_id}/assets"],
    "assets.list": lambda it: [
        "/assets",
        "/assets?limit=1",
        f"/assets?show={it.show}",
        "/assets?kind=groom",
        "/assets?status=active",
    ],
    "assets.get": _about(""),
    "assets.history": lambda it: [*_about("/history")(it), f"/assets/{it.open}/history"],
    "assets.preview-merge": lambda it: [
        *_about("/merge?into=prp_lamp")(it),
        *(f"/assets/{it.open}/merge?into={into}" for into in (it.code, it.other)),
        f"/assets/{it.other}/merge?into={it.open}",
    ],
    "assets.where-used": lambda it: [*_about("/where-used")(it), f"/assets/{it.open}/where-used"],
    "relations.list": lambda it: [*_about("/relations")(it), f"/assets/{it.open}/relations"],
    "versions.list": lambda it: [*_about("/versions")(it), f"/assets/{it.open}/versions"],
    "versions.get": lambda it: [*_about("/versions/1")(it), *_about("/versions/7")(it)],
    "versions.files": _about("/versions/1/files"),
    "versions.compare": _about("/versions/1/comparison?before=1"),
    "notes.list": lambda it: [*_about("/versions/1/notes")(it), f"/assets/{it.open}/versions/1/notes"],
    "notes.get": lambda it: [f"/notes/{it.note_id}"],
    "issues.list": lambda it: ["/issues", "/issues?state=open", f"/issues?asset={it.code}", f"/issues?asset={it.open}"],
    "issues.affecting": lambda it: [*_about("/versions/1/issues")(it), f"/assets/{it.open}/versions/1/issues"],
    "issues.get": lambda it: [f"/issues/{it.issue_id}"],
    "versions.uploads": _about("/versions/1/uploads"),
    "files.get": lambda it: [*_about(f"/versions/1/files/{it.path}")(it), *_about("/versions/1/files/none.txt")(it)],
    "previews.get": lambda it: [f"/previews/{it.preview}"],
    "search.assets": _searches,
    "search.export": lambda it: [
        address.replace("/search?", f"/search/export?form={form}&").partition("&facets=")[0].partition("&limit=")[0]
        for address in _searches(it)
        for form in ("csv", "json")
    ],
    "search.suggestions": lambda it: [
        f"/search/suggestions?q={quote(text[:size])}"
        for text in (it.code, it.word, it.tag, it.show, it.external, "lamp", "邓丽君")
        for size in (1, 3, 64)
    ],
    "search.similar": lambda it: [
        *(f"/search/similar?asset={quote(name)}" for name in it.references()[:6]),
        f"/search/similar?asset={it.open}",
    ],
    "collections.list": lambda _: ["/collections", "/collections?limit=1", "/collections?whose=studio"],
    "collections.get": lambda it: [
        f"/collections/{it.collection_id}",
        f"/collections/{it.collection_id}?link=rpl_none",
        "/collections/none",
    ],
    "collections.links": lambda it: [f"/collections/{it.collection_id}/links"],
    "collections.export": lambda it: [
        f"/collections/{it.collection_id}/export",
        f"/collections/{it.collection_id}/export?link=rpl_none",
    ],
    "collections.items": lambda it: [f"/collections/{it.collection_id}/items", "/collections/none/items"],
    "searches.list": lambda _: ["/searches", "/searches?limit=1", "/searches?whose=shared", "/searches?whose=studio"],
    "searches.get": lambda it: [f"/searches/{it.search_id}", "/searches/none"],
    "searches.assets": lambda it: [f"/searches/{it.search_id}/assets", "/searches/none/assets"],
    "searches.news": lambda it: [f"/searches/{it.search_id}/news", "/searches/none/news"],
    "tags.list": lambda it: ["/tags", *(f"/tags?q={tag}" for tag in (it.tag, it.merged)), "/tags?limit=1"],
    "fields.list": lambda _: ["/fields"],
    "fields.get": lambda _: ["/fields/vendor"],
    "synonyms.get": lambda _: ["/synonyms"],
    "shows.list": lambda _: ["/shows", "/shows?limit=1"],
    "shows.get": lambda it: [f"/shows/{it.show}", f"/shows/{it.show.upper()}", f"/shows/{it.show_id}"],
    "roots.list": lambda _: ["/roots"],
    "roots.get": lambda it: [f"/roots/{it.show}"],
    "me.get": lambda _: ["/me"],
    "users.list": lambda _: ["/users"],
    "users.get": lambda it: [f"/users/{it.login}"],
    "groups.list": lambda _: ["/groups"],
    "groups.get": lambda it: [f"/groups/{it.group}"],
    "tokens.list": lambda _: ["/tokens"],
    "tokens.history": lambda it: [f"/tokens/{it.asset_id}/history", "/tokens/none/history"],
    "jobs.list": lambda _: ["/jobs", "/jobs?state=done"],
    "jobs.get": lambda it: [f"/jobs/{it.job_id}"],
    "events.list": lambda _: ["/events?limit=200", "/events?limit=1", "/events?after=1&limit=200"],
    "ledger.list": lambda it: ["/ledger", f"/ledger?subject={it.asset_id}", "/ledger?type=asset.registered/1"],
    "ledger.get": lambda _: ["/ledger/1"],
    "ledger.verify": lambda _: ["/ledger/verification"],
    "openapi.get": lambda _: ["/openapi.json"],
}
"""For every operation that reads: which addresses could give something away."""

READS = {operation.name for operation in OPERATIONS if operation.method == "GET"}
_DIFFERS = {"request_id", "took_ms", "next_after", "seq", "last_used_at", "last_seen_at"}


def seen_by(person: Person, it: Secrets) -> dict[str, Any]:
    """Return what every read answers to a person, by operation, number of the question and who asks."""
    seen = {
        f"{name} {number}": _plain(person.get(address), it)
        for name, addresses in CASES.items()
        for number, address in enumerate(addresses(it))
    }
    resolved = person.post("/resolutions", {"references": it.references()})
    return {**seen, "resolutions.create": _plain(resolved, it)}


def _plain(said: Said, it: Secrets) -> tuple[int, str]:
    headers = sorted(set(said.response.headers.keys()) - {"Retry-After"})
    if not said.response.is_json:
        return said.status, f"{headers} {said.response.data!r}"
    text = json.dumps(_without(said.json), ensure_ascii=False)
    for name, value in vars(it).items():
        text = text.replace(value, f"<{name}>").replace(value.upper(), f"<{name}>")
    return said.status, f"{headers} {text}"


def _without(value: Any) -> Any:  # noqa: ANN401 — JSON is what it is
    match value:
        case dict():
            return {key: _without(one) for key, one in value.items() if key not in _DIFFERS}
        case list():
            return [_without(one) for one in value]
        case _:
            return value


def differences(before: dict[str, Any], after: dict[str, Any]) -> Iterator[str]:
    """Yield what is answered otherwise than before."""
    for asked, answer in after.items():
        if answer != before[asked]:
            yield f"{asked}: {before[asked]} became {answer}"
