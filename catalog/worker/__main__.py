"""``python -m catalog.worker``: one worker, until SIGTERM or Ctrl-C."""

from __future__ import annotations

import os
import signal
import sys
import threading

from catalog.house import open_house
from catalog.kernel.errors import CatalogError
from catalog.kernel.logs import write_logs
from catalog.settings import read_settings
from catalog.worker.loop import Worker

GRACE_S = 1.0


def main() -> None:
    """Work until asked to stop; a job that does not notice within a second is left to its lease."""
    try:
        settings = read_settings()
        write_logs(settings.log_format)
        worker = Worker(open_house(settings))
    except CatalogError as error:
        sys.exit(error.message)

    def stop(_signal: int, _frame: object) -> None:
        worker.stop()
        # A job deep in a child or the store may not look up in time; its lease brings it back.
        last = threading.Timer(GRACE_S, os._exit, args=(0,))
        last.daemon = True
        last.start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    worker.run()


if __name__ == "__main__":
    main()
