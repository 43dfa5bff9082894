"""Health: what operators and their tools ask a process, without learning what is kept."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text
from werkzeug.test import TestResponse

from catalog.app.web import create_app
from catalog.db.engine import create_engine_for
from catalog.house import House
from catalog.kernel.errors import Unavailable
from catalog.search.memory import MemoryIndex
from catalog.storage.memory import MemoryBucket
from catalog.storage.port import StoredObject
from tests.studio import Person, Said, Studio


class _GoneBucket(MemoryBucket):
    """A bucket that cannot be reached."""

    def find(self, key: str) -> StoredObject | None:
        raise Unavailable(f"no route to the store, asked for {key!r}")


class _GoneIndex(MemoryIndex):
    """An index that cannot be read."""

    @property
    def seq(self) -> int:
        raise Unavailable("the index is damaged")


def _get(studio: Studio, path: str) -> TestResponse:
    return studio.app.test_client().get(path)


def _metrics(studio: Studio, person: Person) -> TestResponse:
    return studio.app.test_client().get("/metrics", headers={"Authorization": f"Bearer {person.token}"})


def _ready(house: House) -> Said:
    return Said(response=create_app(house).test_client().get("/readyz"))


def test_a_living_process_says_so_to_anybody(studio: Studio) -> None:
    alive = _get(studio, "/healthz")

    assert (alive.status_code, alive.get_data(as_text=True)) == (200, "alive\n")


def test_a_ready_process_names_its_parts(studio: Studio) -> None:
    ready = _get(studio, "/readyz")

    assert ready.status_code == 200
    assert ready.get_json()["status"] == "ready"
    assert {"database", "store", "index"} <= set(ready.get_json()["parts"])


def test_a_process_whose_store_is_gone_is_not_ready_and_says_which_part(studio: Studio) -> None:
    gone = replace(studio.house, stores=replace(studio.house.stores, originals=_GoneBucket()))

    ready = _ready(gone)

    assert (ready.status, ready.json["status"]) == (503, "not ready")
    assert ready.parts == {"database": "ok", "index": "ok", "store": "no route to the store, asked for 'readiness'"}


def test_a_process_whose_index_cannot_be_read_is_not_ready(studio: Studio) -> None:
    ready = _ready(replace(studio.house, index=_GoneIndex()))

    assert ready.status == 503
    assert ready.parts == {"database": "ok", "index": "the index is damaged", "store": "ok"}


def test_a_process_whose_database_is_gone_is_not_ready(studio: Studio, tmp_path: Path) -> None:
    engine = create_engine_for(f"sqlite:///{tmp_path}/no/such/folder/catalog.sqlite")
    ready = _ready(replace(studio.house, desk=replace(studio.house.desk, engine=engine)))

    assert ready.status == 503
    assert ready.parts["database"].startswith("the database cannot answer")
    assert (ready.parts["index"], ready.parts["store"]) == ("ok", "ok")


def test_a_process_whose_database_lacks_migrations_is_not_ready(studio: Studio) -> None:
    with studio.house.engine.begin() as connection:
        connection.execute(text("DELETE FROM alembic_version"))

    assert _ready(studio.house).parts["database"] == "it lacks migrations; run `catalog admin migrate`"


def test_readiness_says_what_holds_whatever_opens_untrusted_files_once_a_worker_has_measured_it(studio: Studio) -> None:
    before = _ready(studio.house).confinement
    studio.house.confinement_file.parent.mkdir(parents=True, exist_ok=True)
    studio.house.confinement_file.write_text('{"network": true, "files": false}')

    ready = _ready(studio.house)

    assert before is None
    assert (ready.status, ready.confinement) == (200, {"network": True, "files": False})


def test_metrics_count_answers_by_operation_and_never_by_name(studio: Studio) -> None:
    studio.artist.registers("prp_topsecret")
    studio.artist.get("/assets/prp_topsecret")

    metrics = _metrics(studio, studio.pipeline).get_data(as_text=True)

    assert 'catalog_requests_total{method="GET",operation="api.assets-get",status="200"}' in metrics
    assert "catalog_ledger_seq" in metrics
    assert "topsecret" not in metrics


def test_metrics_are_for_those_who_operate(studio: Studio) -> None:
    assert _get(studio, "/metrics").status_code == 401
    assert _metrics(studio, studio.artist).status_code == 403
    assert _metrics(studio, studio.pipeline).status_code == 200


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_health_carries_a_request_id_and_no_cookie(studio: Studio, path: str) -> None:
    answer = _get(studio, path)

    assert len(answer.headers["X-Request-ID"]) == 36
    assert "Set-Cookie" not in answer.headers
