"""The judged suite: more than a thousand questions over a few thousand records, asked as the doors ask them."""

from pathlib import Path

from sqlalchemy import Engine

from catalog.reactions import REACTIONS
from catalog.search.whoosh_index.index import WhooshIndex
from catalog.work.desk import Desk
from tests.judged import judged


def test_people_find_what_they_mean_among_the_first_ten(sqlite_engine: Engine, tmp_path: Path) -> None:
    found = judged(Desk(engine=sqlite_engine, reactions=REACTIONS), WhooshIndex(tmp_path))

    assert found["all"].questions == 1206
    assert found["all"].success >= 0.98, found["all"].failed
    assert found["all"].mrr >= 0.97
    assert {kind: one.failed for kind, one in found.items() if one.success < 0.9} == {}
