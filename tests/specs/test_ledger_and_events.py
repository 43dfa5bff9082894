"""The ledger and its events: everything that happened, in one order without gaps, told to those who may know."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import text

from catalog.kernel.ids import new_id
from catalog.upkeep.events import MassRemovalAllowed, StoreAdopted
from tests.studio import OPERATOR, Person, Studio


def test_an_entry_says_what_happened_when_by_whom_about_what_in_which_request(studio: Studio) -> None:
    registered = studio.artist.post(
        "/assets", {"code": "prp_lamp", "name": "Lamp", "kind": "prop"}, X_Request_ID="maya-7"
    )

    (entry,) = studio.entries("asset.registered/1")
    assert (entry["type"], entry["request_id"]) == ("asset.registered/1", "maya-7")
    assert entry["at"] == registered.created_at
    assert (entry["actor"]["name"], entry["actor"]["through"]) == ("art", "art's")
    assert entry["subjects"] == [{"kind": "asset", "id": registered.id}]
    assert entry["values"] == {"code": "prp_lamp", "title": "Lamp", "kind": "prop"}


def test_an_entry_is_chained_to_the_one_before(studio: Studio) -> None:
    for number in range(3):
        studio.artist.registers(f"prp_n{number}")

    entries = studio.entries()
    assert [entry["previous"] for entry in entries[1:]] == [entry["hash"] for entry in entries[:-1]]
    assert entries[0]["previous"] == "0" * 64
    assert studio.admin.get(f"/ledger/{entries[-1]['seq']}").hash == entries[-1]["hash"]
    assert studio.admin.get("/ledger/9999").code == "not-found"


def test_a_chain_that_holds_is_said_to_hold(studio: Studio) -> None:
    studio.artist.registers("prp_lamp")
    last = studio.entries()[-1]

    verified = studio.licensing.get("/ledger/verification")

    assert (verified.holds, verified.first_bad, verified.reason) == (True, None, None)
    assert verified.verified_through >= last["seq"]


def test_a_chain_that_was_tampered_with_names_its_first_bad_entry(studio: Studio) -> None:
    studio.artist.registers("prp_lamp")
    seq = studio.entries("asset.registered/1")[0]["seq"]
    with studio.house.engine.begin() as connection:
        connection.execute(text("DROP TRIGGER ledger_entry_no_update"))
        connection.execute(text("UPDATE ledger_entry SET actor_name = 'mallory' WHERE seq = :seq"), {"seq": seq})

    verified = studio.licensing.get("/ledger/verification")

    assert (verified.holds, verified.first_bad, verified.verified_through) == (False, seq, seq - 1)


def _events(person: Person, after: int = 0) -> list[int]:
    """Return the numbers of all events after one, page by page."""
    found: list[int] = []
    while True:
        page = person.get(f"/events?after={after}&limit=7")
        found += [event["seq"] for event in page.items]
        if page.next_after == after:
            return found
        after = page.next_after


def test_events_come_in_order_and_without_gaps_from_many_writers(studio: Studio) -> None:
    people = [studio.artist, studio.pipeline, studio.admin]

    with ThreadPoolExecutor(6) as threads:
        said = list(threads.map(lambda n: people[n % 3].registers(f"prp_n{n}").status, range(60)))

    assert said == [201] * 60
    assert _events(studio.admin) == list(range(1, len(_events(studio.admin)) + 1))
    assert studio.admin.get("/ledger/verification").holds


def test_events_come_in_order_on_each_database(studio_on_each: Studio) -> None:
    studio = studio_on_each
    people = [studio.artist, studio.pipeline, studio.admin]

    with ThreadPoolExecutor(4) as threads:
        said = list(threads.map(lambda n: people[n % 3].registers(f"prp_n{n}").status, range(12)))

    assert said == [201] * 12
    assert _events(studio.admin) == list(range(1, len(_events(studio.admin)) + 1))
    assert studio.admin.get("/ledger/verification").holds


def test_a_reader_who_comes_back_gets_what_happened_since(studio: Studio) -> None:
    studio.artist.registers("prp_a")
    seen = studio.artist.get("/events?limit=200").next_after
    studio.artist.registers("prp_b")
    studio.artist.patch("/assets/prp_a", {"name": "A"})

    since = studio.artist.get(f"/events?after={seen}")

    assert [(event["type"], event["seq"]) for event in since.items] == [
        ("asset.registered/1", seen + 1),
        ("asset.changed/1", seen + 2),
    ]
    assert since.next_after == seen + 2
    assert studio.artist.get(f"/events?after={seen + 2}").json == {"items": [], "next_after": seen + 2}


def test_a_short_answer_moves_on_past_what_is_not_for_its_reader(studio: Studio) -> None:
    viewer, head = studio.viewer, len(studio.entries())
    studio.person("ivy", groups=["vip"])

    nothing = viewer.get("/events")

    assert nothing.items == []
    assert nothing.next_after > head


def test_the_end_of_the_ledger_is_not_passed(studio: Studio) -> None:
    studio.artist.registers("prp_lamp")

    assert studio.artist.get("/events?after=4000").json == {"items": [], "next_after": 4000}


def test_what_operators_did_to_the_store_is_for_those_who_operate_or_audit(studio: Studio) -> None:
    with studio.house.desk.work(OPERATOR) as work:
        work.record(
            StoreAdopted(sweep_id=new_id(), store="s3:catalog-", address="http://10.0.0.7"),
            MassRemovalAllowed(sweep_id=new_id(), store="s3:catalog-"),
        )

    told = {
        person.login: [event["type"] for event in person.get("/events?after=0&limit=200").items]
        for person in (studio.artist, studio.viewer, studio.pipeline, studio.licensing)
    }

    assert [told[login].count("store.adopted/1") for login in told] == [0, 0, 1, 1]
    assert [told[login].count("mass_removal.allowed/1") for login in told] == [0, 0, 1, 1]


def test_a_write_that_fails_leaves_no_gap(studio: Studio) -> None:
    studio.artist.registers("prp_a")
    studio.artist.registers("prp_a")
    studio.artist.registers("prp_b", show="none")
    studio.artist.registers("prp_b")

    seqs = [entry["seq"] for entry in studio.entries("asset.registered/1")]

    assert seqs[1] == seqs[0] + 1


def test_the_ledger_is_read_by_those_who_audit(studio: Studio) -> None:
    assert studio.artist.get("/ledger").status == 403
    assert studio.pipeline.get("/ledger/1").status == 403
    assert studio.licensing.get("/ledger").status == 200


def test_the_ledger_is_narrowed_by_actor_subject_and_type_and_paged(studio: Studio) -> None:
    lamp = studio.artist.registers("prp_lamp")
    studio.artist.registers("prp_bulb")
    studio.pipeline.patch("/assets/prp_lamp", {"name": "Lamp"})
    me = studio.artist.get("/me").id

    def types(query: str) -> list[str]:
        return [entry["type"] for entry in studio.licensing.get(f"/ledger?{query}").items]

    assert types(f"actor={me}") == ["asset.registered/1", "asset.registered/1"]
    assert types(f"subject={lamp.id}") == ["asset.changed/1", "asset.registered/1"]
    assert types(f"subject={lamp.id}&type=asset.changed/1") == ["asset.changed/1"]
    first = studio.licensing.get("/ledger?type=asset.registered/1&limit=1")
    second = studio.licensing.get(f"/ledger?type=asset.registered/1&limit=1&cursor={first.next_cursor}")
    assert (len(first.items), len(second.items), second.next_cursor) == (1, 1, None)
    assert first.items[0]["seq"] > second.items[0]["seq"]


def test_the_history_of_an_asset_is_paged_newest_first(studio: Studio) -> None:
    studio.artist.registers("prp_lamp")
    for number in range(4):
        studio.artist.patch("/assets/prp_lamp", {"name": f"Lamp {number}"})

    first = studio.viewer.get("/assets/prp_lamp/history?limit=3")
    second = studio.viewer.get(f"/assets/prp_lamp/history?limit=3&cursor={first.next_cursor}")

    assert [event["type"] for event in first.items + second.items] == [
        *["asset.changed/1"] * 4,
        "asset.registered/1",
    ]
    assert second.next_cursor is None


def test_a_job_leaves_its_own_name_in_the_ledger(studio: Studio) -> None:
    studio.artist.publishes("prp_lamp")

    assert studio.entries("version.published/1")[0]["actor"]["name"] == "worker:settle-version"
    assert studio.entries("version.inspected/1")[0]["actor"]["name"].startswith("worker:")


def test_reads_and_bookkeeping_leave_no_entry(studio: Studio) -> None:
    studio.artist.publishes("prp_lamp")
    before = studio.entries()

    for path in ("/assets", "/assets/prp_lamp", "/search?q=lamp", "/events", "/me", "/assets/prp_lamp/versions/1"):
        studio.artist.get(path)
    studio.settles()

    assert studio.entries() == before
