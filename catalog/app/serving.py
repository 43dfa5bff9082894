"""How gunicorn serves the web application: ``gunicorn --config python:catalog.app.serving wsgi:app``.

One process with eight threads by default: requests wait for the database and for other machines far more than they
compute, and a second process would cost another 100 MiB. ``WEB_CONCURRENCY``, gunicorn's own variable, says how many.
"""

import gc
import os
import shutil
import tempfile
from importlib import import_module
from typing import Protocol

from catalog.app.children import tied_to


class _Arbiter(Protocol):
    """What gunicorn gives its hooks, as far as it is used here."""

    pid: int


bind = os.environ.get("CATALOG_LISTEN", "127.0.0.1:8000")
worker_class = "gthread"
threads = 8
keepalive = 15
timeout = 60
graceful_timeout = 3
# A search of 10 kB, spelled as an address spells it, is longer than gunicorn's 8 kB; it is answered like any other.
limit_request_line = 0
# Loading the application before forking would share some pages, but also its database connections.
preload_app = False
# The heartbeat is a file; on a disk that is slow to write it would stop the process for no reason.
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108 — gunicorn removes the name at once
control_socket_disable = True
accesslog = None
errorlog = "-"
loglevel = "warning"
# Each process counts its requests in files there (prometheus-client), so that any of them can tell what all did.
_ours = None
if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
    _ours = os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix="catalog-counts-")


def on_exit(arbiter: _Arbiter) -> None:  # noqa: ARG001 — gunicorn's signature
    """Forget what was counted, but in a folder that somebody gave us."""
    if _ours:
        shutil.rmtree(_ours, ignore_errors=True)


def post_fork(arbiter: _Arbiter, worker: object) -> None:  # noqa: ARG001 — gunicorn's signature
    """End the serving process with its parent, even where that is killed; load the application while others prepare."""
    tied_to(arbiter.pid)()
    prepared = os.environ.get("CATALOG_PREPARED_DESCRIPTOR")
    if prepared:
        import_module("catalog.app.web")
        os.read(int(prepared), 1)  # ends when the supervisor closes the other end


def post_worker_init(worker: object) -> None:  # noqa: ARG001 — gunicorn's signature
    """Keep what the application is made of from being looked through for garbage, which stops requests for 0.1 s."""
    gc.collect()
    gc.freeze()
