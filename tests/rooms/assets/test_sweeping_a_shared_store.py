"""A store that more than one database uses is swept by none of them before an operator has said whose it is."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest

from catalog.assets import sweeping
from catalog.db.engine import create_engine_for
from catalog.kernel import clock
from catalog.kernel.actors import Actor
from catalog.kernel.errors import Conflict, NotPermitted
from catalog.reactions import REACTIONS
from catalog.storage import turns
from catalog.storage.keys import blob_key
from catalog.storage.memory import memory_stores
from catalog.upkeep import claims, dumping
from catalog.work.desk import Desk
from tests.crew import OPERATOR, Crew, digest

TEXTURE = digest(b"texture")
Opens = Callable[[Path], Crew]


@pytest.fixture
def opens() -> Iterator[Opens]:
    """Open a database at the one store, which has had everything for two days."""
    stores = memory_stores(now=lambda: clock.now() - timedelta(days=2))
    with ExitStack() as opened:

        def open_database(path: Path) -> Crew:
            engine = create_engine_for(f"sqlite:///{path}")
            opened.callback(engine.dispose)
            return Crew(Desk(engine=engine, reactions=REACTIONS), stores)

        yield open_database


@pytest.fixture
def studio(opens: Opens, migrated_sqlite: Path, tmp_path: Path) -> Crew:
    """The studio whose store it is: it has swept, and published since."""
    crew = opens(shutil.copyfile(migrated_sqlite, tmp_path / "studio.sqlite"))
    crew.registers("prp_chair")
    sweep(crew)
    crew.publishes("prp_chair", {"a.exr": b"texture"})
    return crew


@pytest.fixture
def stranger(opens: Opens, migrated_sqlite: Path, tmp_path: Path) -> Crew:
    """Another installation, pointed at the same store by mistake."""
    crew = opens(shutil.copyfile(migrated_sqlite, tmp_path / "stranger.sqlite"))
    crew.registers("prp_table")
    return crew


def sweep(crew: Crew, by: str = "http://studio.test", *, actor: Actor = OPERATOR, adopt: bool = False) -> int:
    return sweeping.sweep_store(crew.desk, crew.stores, sweeping.Order(actor=actor, by=by, adopt=adopt))


def has_texture(crew: Crew) -> bool:
    return crew.stores.originals.find(blob_key(TEXTURE)) is not None


def problem(crew: Crew) -> str | None:
    with crew.view(OPERATOR) as view:
        return claims.find_problem(view)


def test_another_installation_does_not_sweep_the_store(studio: Crew, stranger: Crew) -> None:
    with pytest.raises(Conflict, match=r"http://studio\.test \(at .*\) and http://stranger\.test") as refusal:
        sweep(stranger, "http://stranger.test")

    assert refusal.value.code == "store-claimed"
    assert problem(stranger) == refusal.value.message
    assert has_texture(studio)


def test_neither_does_the_first_one_while_the_other_uses_it(studio: Crew, stranger: Crew) -> None:
    stranger.publishes("prp_table", {"b.exr": b"wood"})
    with pytest.raises(Conflict):
        sweep(stranger, "http://stranger.test")

    with pytest.raises(Conflict, match="more than one database uses it"):
        sweep(studio)

    assert stranger.stores.originals.find(blob_key(digest(b"wood"))) is not None


def test_a_database_in_which_nothing_was_ever_entered_sweeps_and_claims_nothing(
    studio: Crew, opens: Opens, migrated_sqlite: Path
) -> None:
    assert sweep(opens(migrated_sqlite), adopt=True) == 0

    assert has_texture(studio)
    assert sweep(studio) == 0


def test_an_older_copy_of_the_database_does_not_sweep_the_store(studio: Crew, opens: Opens, tmp_path: Path) -> None:
    older = opens(dumping.dump(studio.desk.engine, tmp_path))
    studio.publishes("prp_chair", {"b.exr": b"wood"})
    sweep(studio)

    with pytest.raises(Conflict, match="a copy or an older backup"):
        sweep(older)

    assert studio.stores.originals.find(blob_key(digest(b"wood"))) is not None


def test_a_copy_that_swept_first_is_found_out_by_the_original(studio: Crew, opens: Opens, tmp_path: Path) -> None:
    copy = opens(dumping.dump(studio.desk.engine, tmp_path))
    copy.registers("prp_trial")
    sweep(copy, "http://staging.test")

    with pytest.raises(Conflict, match=r"http://staging\.test"):
        sweep(studio)
    with pytest.raises(Conflict, match="more than one database uses it"):
        sweep(copy, "http://staging.test")


def test_an_operator_says_whose_the_store_is(studio: Crew, stranger: Crew) -> None:
    with pytest.raises(Conflict):
        sweep(stranger, "http://stranger.test")

    assert sweep(studio, adopt=True) == 0

    assert sweep(studio) == 0
    assert problem(studio) is None
    (entry,) = studio.entries("store.")
    assert (entry.type, entry.actor["name"]) == ("store.adopted/1", OPERATOR.name)
    assert entry.values == {"store": "memory", "address": "http://studio.test"}


def test_nobody_else_says_so(studio: Crew, stranger: Crew) -> None:
    with pytest.raises(Conflict):
        sweep(stranger, "http://stranger.test")

    with pytest.raises(NotPermitted):
        sweep(studio, actor=studio.artist, adopt=True)

    assert studio.entries("store.") == []
    with pytest.raises(Conflict, match="more than one database uses it"):
        sweep(studio)


def test_a_claim_that_cannot_be_read_is_somebody_elses(studio: Crew) -> None:
    studio.stores.originals.put(claims.KEY, b"?", sha256=digest(b"?"))

    with pytest.raises(Conflict, match="somebody unknown"):
        sweep(studio)


def test_a_restored_database_sweeps_only_once_an_operator_says_so(studio: Crew) -> None:
    with studio.desk.bookkeeping() as session:
        turns.hold(session, "restored from a backup")

    with pytest.raises(Conflict, match="restored from a backup") as refusal:
        sweep(studio)
    sweep(studio, adopt=True)

    assert refusal.value.code == "sweep-held"
    assert sweep(studio) == 0
