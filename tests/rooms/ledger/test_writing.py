"""Appending to the ledger: one gapless chain, in the order of commits."""

import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import Engine, select

from catalog.kernel.actors import Actor
from catalog.ledger.chain import GENESIS, seal
from catalog.ledger.queries import head_of
from catalog.ledger.verification import verify
from catalog.reactions import REACTIONS
from catalog.shows.models import Show
from catalog.storage.memory import memory_stores
from catalog.work.desk import Desk
from tests.crew import OPERATOR, Crew
from tests.rooms.ledger.shows import enter_shows, show_created

ORION = UUID("019308a4-9ab9-7c3e-8f67-3b6f0c4a2d11")


def test_the_first_entry_follows_nothing_and_each_other_the_one_before(crew: Crew) -> None:
    enter_shows(crew.desk, ["orion", "lyra", "vega"])

    entries = crew.entries()

    assert [entry.seq for entry in entries] == [1, 2, 3]
    assert [entry.previous for entry in entries] == [GENESIS, entries[0].hash, entries[1].hash]
    assert [seal(entry.body) for entry in entries] == [entry.hash for entry in entries]


def test_the_head_is_the_last_entry(crew: Crew) -> None:
    enter_shows(crew.desk, ["orion", "lyra"])

    with crew.desk.read() as session:
        head = head_of(session)

    assert head == (2, crew.entries()[-1].hash)


def test_several_events_of_one_unit_of_work_stand_together_in_their_order(crew: Crew) -> None:
    with crew.work() as work:
        work.record(show_created("orion"), show_created("lyra"))
        work.record(show_created("vega"))

    entries = crew.entries()

    assert [entry.values and entry.values["code"] for entry in entries] == ["orion", "lyra", "vega"]
    assert len({entry.at for entry in entries}) == 1


def test_an_entry_seals_all_but_the_values(crew: Crew) -> None:
    with crew.desk.work(OPERATOR, request_id="request-7") as work:
        work.record(show_created("orion", show_id=ORION))

    entry = crew.entries()[0]
    body = json.loads(entry.body)
    assert body == {
        "actor": {"id": str(OPERATOR.id), "name": "operator:tests"},
        "at": entry.at.isoformat(),
        "fields": ["audience", "code", "reviewed", "title"],
        "previous": "0" * 64,
        "request_id": "request-7",
        "seq": 1,
        "subjects": [["show", "019308a4-9ab9-7c3e-8f67-3b6f0c4a2d11"]],
        "type": "show.created/1",
        "values_digest": body["values_digest"],
    }
    assert b"orion" not in entry.body


def test_an_entry_says_through_which_token_for_whom_and_in_which_farm_job(crew: Crew) -> None:
    farm: Actor = replace(
        OPERATOR,
        through="farm token",
        token_id=ORION,
        on_behalf_of="ann",
        context=(("job", "4711"), ("show", "orion")),
    )

    with crew.work(farm) as work:
        work.record(show_created("orion"))

    assert crew.entries()[0].actor == {
        "id": str(OPERATOR.id),
        "name": "operator:tests",
        "through": "farm token",
        "token": "019308a4-9ab9-7c3e-8f67-3b6f0c4a2d11",
        "on_behalf_of": "ann",
        "context": {"job": "4711", "show": "orion"},
    }


def test_a_unit_of_work_that_fails_leaves_no_gap(crew: Crew) -> None:
    enter_shows(crew.desk, ["orion"])
    with suppress(LookupError), crew.work() as work:
        work.record(show_created("lost"))
        work.write_ledger()
        raise LookupError

    enter_shows(crew.desk, ["vega"])

    assert [entry.seq for entry in crew.entries()] == [1, 2]


def test_a_unit_of_work_in_which_nothing_happened_leaves_no_entry(crew: Crew) -> None:
    with crew.work() as work:
        work.session.scalars(select(Show)).all()

    assert crew.entries() == []


def test_the_same_values_have_another_digest_each_time(crew: Crew) -> None:
    enter_shows(crew.desk, ["orion", "orion"])

    digests = {json.loads(entry.body)["values_digest"] for entry in crew.entries()}

    assert len(digests) == 2


def test_sixteen_writers_at_once_make_one_chain_without_a_gap(crew: Crew) -> None:
    codes = [[f"show-{writer}-{turn}" for turn in range(6)] for writer in range(16)]

    with ThreadPoolExecutor(max_workers=16) as threads:
        list(threads.map(lambda mine: enter_shows(crew.desk, mine), codes))

    with crew.desk.read() as session:
        verification = verify(session)
    assert (verification.holds, verification.verified_through) == (True, 96)
    entered = [entry.values["code"] for entry in crew.entries() if entry.values]
    assert sorted(entered) == sorted(code for mine in codes for code in mine)
    assert [[code for code in entered if code in mine] for mine in codes] == codes


@pytest.mark.postgres
def test_seq_follows_the_order_of_commits_not_of_beginnings(postgresql_engine: Engine) -> None:
    crew = Crew(Desk(engine=postgresql_engine, reactions=REACTIONS), memory_stores())

    with crew.work() as early:
        early.record(show_created("began first"))
        enter_shows(crew.desk, ["committed first"])

    assert [entry.values and entry.values["code"] for entry in crew.entries()] == ["committed first", "began first"]
