"""What operators and their tools ask of a process: alive and ready, which asks nobody who they are, and how it does.

Where several processes serve, each counts in files of its own in the folder ``PROMETHEUS_MULTIPROC_DIR``, and whichever
is asked adds them up.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from flask import Blueprint, Response, current_app, json
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from sqlalchemy import text

from catalog.api import blueprint as api_door
from catalog.db import migrate
from catalog.jobs.queries import count_by_state
from catalog.kernel.abilities import Ability
from catalog.kernel.errors import CatalogError, Unavailable
from catalog.ledger.queries import head_of
from catalog.work.view import require

if TYPE_CHECKING:
    from collections.abc import Callable

    from catalog.house import House

REGISTRY = CollectorRegistry()
METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})
"""Others are counted together, so that strangers cannot make series without end."""
REQUESTS = Counter("catalog_requests", "Requests answered.", ("operation", "method", "status"), registry=REGISTRY)
SECONDS = Histogram("catalog_request_seconds", "Time to answer.", ("operation",), registry=REGISTRY)
JOBS = Gauge("catalog_jobs", "Owed work by state.", ("state",), registry=REGISTRY, multiprocess_mode="mostrecent")
SEQ = Gauge("catalog_ledger_seq", "Entries in the ledger.", registry=REGISTRY, multiprocess_mode="mostrecent")
INDEX_LAG = Gauge(
    "catalog_index_lag",
    "Ledger entries that the search index has not followed.",
    registry=REGISTRY,
    multiprocess_mode="mostrecent",
)


def count(operation: str | None, method: str, status: int, seconds: float) -> None:
    """Count one answer."""
    name = operation or "unknown"
    method = method if method in METHODS else "other"
    REQUESTS.labels(name, method, str(status)).inc()
    SECONDS.labels(name).observe(seconds)


def measured() -> bytes:
    """Return what all processes counted, as Prometheus reads it."""
    registry = REGISTRY
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # prometheus-client leaves it untyped
    return generate_latest(registry)


def create_blueprint() -> Blueprint:
    """Return the door for operators."""
    door = Blueprint("observing", __name__)
    door.add_url_rule("/healthz", "alive", _alive)
    door.add_url_rule("/readyz", "ready", _ready)
    door.add_url_rule("/metrics", "metrics", _metrics)
    return door


def _house() -> House:
    house: House = current_app.extensions["house"]
    return house


def _alive() -> Response:
    return Response("alive\n", content_type="text/plain")


def _ready() -> Response:
    """Answer 200 when every part answers, else 503 that says which does not. Says nothing about what is kept."""
    parts = {name: _try(check) for name, check in _CHECKS.items()}
    ready = not any(parts.values())
    objections = "; ".join(f"{name}: {why}" for name, why in parts.items() if why)
    body = {
        "status": "ready" if ready else "not ready",
        "detail": objections or "every part answers",
        "parts": {name: why or "ok" for name, why in parts.items()},
        "confinement": _confinement(),
    }
    return Response(json.dumps(body) + "\n", status=200 if ready else 503, content_type="application/json")


def _try(check: Callable[[], None]) -> str | None:
    try:
        check()
    except CatalogError as error:
        return error.message
    except Exception as error:  # noqa: BLE001 — whatever a part dies of, it is not ready
        return f"{type(error).__name__}: it does not answer"
    return None


def _database() -> None:
    house = _house()
    with house.desk.read() as session:
        session.execute(text("SELECT 1"))
    if not migrate.is_current(house.engine):
        raise Unavailable("it lacks migrations; run `catalog admin migrate`")


def _store() -> None:
    _house().stores.originals.find("readiness")


def _index() -> None:
    _ = _house().index.seq


_CHECKS: dict[str, Callable[[], None]] = {"database": _database, "store": _store, "index": _index}


def _confinement() -> dict[str, bool] | None:
    """Return which measures hold the children that open untrusted files; None until a worker here has measured it."""
    try:
        measured: dict[str, bool] = json.loads(_house().confinement_file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return measured


def _metrics() -> Response:
    house = _house()
    require(api_door.caller(house), Ability.OPERATE)
    with house.desk.read() as session:
        for state, number in count_by_state(session).items():
            JOBS.labels(state.value).set(number)
        seq, _ = head_of(session)
    SEQ.set(seq)
    INDEX_LAG.set(max(0, seq - house.index.seq))
    return Response(measured(), content_type=CONTENT_TYPE_LATEST)
