"""Health: what operators and their tools ask a process, without a token and without learning what is kept."""

from __future__ import annotations

from dataclasses import replace

import pytest
from werkzeug.test import TestResponse

from catalog.app.web import create_app
from catalog.kernel.errors import Unavailable
from catalog.storage.memory import MemoryBucket
from catalog.storage.port import StoredObject
from tests.studio import Studio


class _GoneBucket(MemoryBucket):
    """A bucket that cannot be reached."""

    def find(self, key: str) -> StoredObject | None:
        raise Unavailable(f"no route to the store, asked for {key!r}")


def _get(studio: Studio, path: str) -> TestResponse:
    return studio.app.test_client().get(path)


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

    ready = create_app(gone).test_client().get("/readyz")

    assert ready.status_code == 503
    assert ready.get_json()["status"] == "not ready"
    assert ready.get_json()["parts"]["database"] == "ok"
    assert ready.get_json()["parts"]["store"] == "no route to the store, asked for 'readiness'"


def test_metrics_count_answers_by_operation_and_never_by_name(studio: Studio) -> None:
    studio.artist.registers("prp_topsecret")
    studio.artist.get("/assets/prp_topsecret")

    metrics = _get(studio, "/metrics").get_data(as_text=True)

    assert 'catalog_requests_total{method="GET",operation="api.assets-get",status="200"}' in metrics
    assert "catalog_ledger_seq" in metrics
    assert "topsecret" not in metrics


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_health_carries_a_request_id_and_no_cookie(studio: Studio, path: str) -> None:
    answer = _get(studio, path)

    assert len(answer.headers["X-Request-ID"]) == 36
    assert "Set-Cookie" not in answer.headers
