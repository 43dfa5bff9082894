"""Tags: how they are written, which there are, and what they were merged into.

A tag is any short text; two that differ by case alone are one. The studio's vocabulary is everybody's: once a tag was
merged into another, whoever writes it writes the other. Which tags there are is told only of assets that the viewer may
know of.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from sqlalchemy import Select, String, TableValuedAlias, column, delete, func, insert, select, true, update

from catalog.assets.events import TagsMerged, TagsUnmerged
from catalog.assets.models import Asset, TagSynonym
from catalog.assets.queries import visible_to
from catalog.db.base import table_of
from catalog.db.engine import is_sqlite
from catalog.kernel.abilities import Ability
from catalog.kernel.errors import InvalidInput
from catalog.kernel.texts import checked_text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from uuid import UUID

    from sqlalchemy.orm import Session

    from catalog.work.unit import UnitOfWork
    from catalog.work.view import View

TAGS_MAX = 100
"""Most tags of one asset."""
MERGES_MAX = 32
"""So many merges at most are followed, one into the next."""
HOLDS = TagSynonym.ended_by_id.is_(None)
_BETWEEN = re.compile(r"[\W_]+")


def tag_key(tag: str) -> str:
    """Return what two spellings of one tag have in common."""
    return tag.casefold()


def likeness(tag: str) -> str:
    """Return what tags have in common that a reader takes for one, whatever case, width, accents and hyphens."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", tag).casefold())
    return _BETWEEN.sub("", "".join(one for one in plain if not unicodedata.combining(one))) or tag


def checked_tags(tags: Sequence[str]) -> list[str]:
    """Return tags checked, each once ignoring case, in their order."""
    if len(tags) > TAGS_MAX:
        raise InvalidInput(f"{len(tags)} tags are too many; at most {TAGS_MAX} are right", code="bad-tag")
    once = {tag_key(text): text for text in (checked_text("tag", tag, required=True) for tag in reversed(tags))}
    return list(reversed(once.values()))


def spelled(tags: Sequence[str], synonyms: Mapping[str, str]) -> list[str]:
    """Return tags checked, each as it is written since it was merged into another."""
    return checked_tags([spelling_of(tag, synonyms) for tag in checked_tags(tags)])


def spelling_of(tag: str, synonyms: Mapping[str, str]) -> str:
    """Return how a tag is written since it was merged into another."""
    for _ in range(MERGES_MAX):
        written = synonyms.get(tag_key(tag), tag)
        if tag_key(written) == tag_key(tag):
            return written
        tag = written
    return tag


def synonyms_of(session: Session) -> dict[str, str]:
    """Return how each merged tag is written now, by its key."""
    return dict(session.execute(select(TagSynonym.key, TagSynonym.into).where(HOLDS)).all())


def spellings_in_use(view: View) -> list[str]:
    """Return every spelling of every tag on assets that the viewer may know of, by text."""
    tag = _each_tag(view)
    return sorted(view.session.scalars(_tagged(view, tag).with_only_columns(tag.c.value).distinct()), key=tag_order)


def tag_order(text: str) -> tuple[str, str]:
    """Return by what tags are ordered: by text, whatever its case."""
    return tag_key(text), text


def count_tagged(view: View, spellings: Collection[str]) -> dict[str, int]:
    """Return how many assets that the viewer may know of have each of these tags, as they are spelled."""
    tag = _each_tag(view)
    counted = _tagged(view, tag).where(tag.c.value.in_(spellings)).group_by(tag.c.value)
    return dict(view.session.execute(counted.with_only_columns(tag.c.value, func.count(Asset.id.distinct()))).all())


def ids_tagged(view: View, tags: Iterable[str], most: int) -> list[UUID]:
    """Return the assets that the viewer may know of which have any of these tags, in any case; by code."""
    wanted = {tag_key(one) for one in tags}
    spellings = [text for text in spellings_in_use(view) if tag_key(text) in wanted]
    tag = _each_tag(view)
    having = _tagged(view, tag).where(tag.c.value.in_(spellings))
    query = select(Asset.id).where(Asset.id.in_(having)).order_by(Asset.code_key).limit(most)
    return list(view.session.scalars(query))


def merge_words(work: UnitOfWork, merge_id: UUID, tags: Sequence[str], into: str) -> None:
    """Let these tags be written as another from now on; an earlier merge of one of them ends. Safe to run twice."""
    work.require(Ability.CURATE)
    written = {tag_key(tag): tag for tag in (*tags, into)}
    _forget(work, merge_id)
    table = table_of(TagSynonym)
    earlier = table.c.key.in_(written) & table.c.ended_by_id.is_(None)
    work.session.execute(update(table).where(earlier).values(ended_by_id=merge_id))
    rows = [
        {"key": key, "tag": tag, "into": into, "merge_id": merge_id, "created_at": work.now}
        for key, tag in written.items()
    ]
    work.session.execute(insert(table), rows)
    work.record(TagsMerged(merge_id=merge_id, tags=tuple(tags), into=into))


def unmerge_words(work: UnitOfWork, merge_id: UUID) -> None:
    """Let the tags of a merge be written as they were before it: as they are, or as an earlier merge says.

    Safe to run twice.
    """
    work.require(Ability.CURATE)
    tags = _forget(work, merge_id)
    if tags:
        work.record(TagsUnmerged(merge_id=merge_id, tags=tags))


def stands(view: View, merge_id: UUID) -> bool:
    """Whether anything that a merge says of words holds, or would if later merges were taken back."""
    return view.session.scalar(select(TagSynonym.key).where(TagSynonym.merge_id == merge_id).limit(1)) is not None


def _forget(work: UnitOfWork, merge_id: UUID) -> tuple[str, ...]:
    """Remove what a merge says, and return its tags; what it ended holds again, unless a later merge has ended it."""
    table = table_of(TagSynonym)
    rows = work.session.execute(select(table).where(table.c.merge_id == merge_id).order_by(table.c.tag)).all()
    for row in rows:
        ended = (table.c.key == row.key) & (table.c.ended_by_id == merge_id)
        work.session.execute(update(table).where(ended).values(ended_by_id=row.ended_by_id))
    work.session.execute(delete(table).where(table.c.merge_id == merge_id))
    return tuple(row.tag for row in rows)


def _tagged(view: View, tag: TableValuedAlias) -> Select[UUID]:
    """Return the query over assets that the viewer may know of, once for each tag; merged ones have none to show."""
    return select(Asset.id).join(tag, true()).where(visible_to(view), Asset.merged_into_id.is_(None))


def _each_tag(view: View) -> TableValuedAlias:
    """Return the tags of an asset as rows, to be joined to it."""
    unfolded = func.json_each if is_sqlite(view.session.get_bind()) else func.json_array_elements_text
    return unfolded(Asset.tags).table_valued(column("value", String))
