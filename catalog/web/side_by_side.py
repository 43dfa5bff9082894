"""``/compare?asset=<code>&asset=<code>``: up to four assets side by side, row by row, with what differs marked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from catalog.accounts.queries import logins_of
from catalog.assets import queries
from catalog.kernel.abilities import Ability
from catalog.kernel.errors import InvalidInput
from catalog.media import queries as media
from catalog.web import custom_fields, facts, wording
from catalog.web.cards import cards_of
from catalog.web.languages import gettext, pgettext
from catalog.web.route import Reply, Route, Shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from catalog.assets.models import Asset, AssetVersion
    from catalog.web.facts import FileFacts
    from catalog.web.route import Call
    from catalog.work.view import View

TOGETHER_MAX = 4
FEWEST = 2
DIFFERENCES = "differences"


@dataclass(frozen=True, kw_only=True)
class Row:
    """What is said of each asset in one respect; empty where there is nothing to say."""

    words: str
    values: tuple[str, ...]

    @property
    def differs(self) -> bool:
        """Whether not all of them say the same."""
        return len(set(self.values)) > 1


@dataclass(frozen=True, kw_only=True)
class Group:
    """Rows that belong together."""

    title: str
    rows: tuple[Row, ...]


def compare(call: Call, view: View) -> Reply:
    """Show assets side by side. One alone, or none, is asked who stands beside it."""
    named = [name for text in call.query.get("asset", ()) if (name := text.strip())]
    if len(named) > TOGETHER_MAX:
        raise InvalidInput(f"{len(named)} assets do not fit side by side; name {FEWEST} to {TOGETHER_MAX}")
    found = {asset.id: asset for asset in (queries.get_asset(view, name) for name in named)}
    assets = list(found.values())
    groups = _groups(view, assets) if len(assets) >= FEWEST else []
    rows = [row for group in groups for row in group.rows]
    values = {
        "cards": cards_of(view, assets),
        "groups": groups,
        "row_count": len(rows),
        "different": sum(row.differs for row in rows),
        "only": call.asked("only") == DIFFERENCES,
        "full": len(assets) == TOGETHER_MAX,
    }
    return Shown(template="compare.html", values=values)


def _groups(view: View, assets: Sequence[Asset]) -> list[Group]:
    versions = [queries.get_version(view, asset.code) if asset.latest_number else None for asset in assets]
    telling = [
        facts.most_telling(facts.by_file(media.facts_of(view, version))) if version else None for version in versions
    ]
    groups = [
        Group(title=gettext("On record"), rows=_record(view, assets)),
        Group(title=gettext("Latest version"), rows=_latest(view, versions)),
        Group(title=gettext("Measured"), rows=_measured(telling)),
    ]
    return [group for group in groups if group.rows]


def _record(view: View, assets: Sequence[Asset]) -> tuple[Row, ...]:
    owners = logins_of(view, [asset.owner_id for asset in assets if asset.owner_id])
    return _rows(
        (gettext("Kind"), [wording.kind(asset.kind) for asset in assets]),
        (gettext("Status"), [wording.status(asset.status) for asset in assets]),
        (gettext("Show"), [asset.show.name if asset.show else "" for asset in assets]),
        (gettext("Owner"), [owners.get(asset.owner_id, "") if asset.owner_id else "" for asset in assets]),
        (gettext("Tags"), [wording.listed(sorted(asset.tags)) for asset in assets]),
        (gettext("Description"), [asset.description for asset in assets]),
        *custom_fields.beside(view, assets),
    )


def _latest(view: View, versions: Sequence[AssetVersion | None]) -> tuple[Row, ...]:
    findings = [str(len(media.findings_of(view, one))) if one else "" for one in versions]
    return _rows(
        (pgettext("version", "Number"), [f"v{one.number}" if one else "" for one in versions]),
        (gettext("Status"), [wording.status(one.status) if one else "" for one in versions]),
        (gettext("Files"), [wording.number(one.file_count) if one else "" for one in versions]),
        (gettext("Size"), [wording.size(one.size_bytes) if one else "" for one in versions]),
        (gettext("Published"), [wording.day(one.published_at) if one and one.published_at else "" for one in versions]),
        (gettext("Findings"), findings),
    )


def _measured(telling: Sequence[FileFacts | None]) -> tuple[Row, ...]:
    """Return the facts of the file of each that says most about it, in the order in which pages tell facts."""
    told = [{row.key: row for row in file.rows} if file else {} for file in telling]
    keys = facts.in_order({key for one in told for key, row in one.items() if not row.nothing})
    words = {key: row.words for one in told for key, row in one.items()}
    return _rows(
        (gettext("File"), [file.path if file else "" for file in telling]),
        *((words[key], [one[key].value if key in one else "" for one in told]) for key in keys),
    )


def _rows(*rows: tuple[str, Sequence[str]]) -> tuple[Row, ...]:
    return tuple(Row(words=words, values=tuple(values)) for words, values in rows if any(values))


ROUTES = (Route(name="compare", path="/compare", ability=Ability.BROWSE, read=compare),)
