"""How gunicorn is told to serve."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

BEGUN = """
import gc
from catalog.app import serving
before = gc.get_freeze_count()
serving.post_worker_init(None)
print(before, gc.get_freeze_count() > 1_000, gc.isenabled())
"""


def test_what_a_process_is_made_of_is_not_looked_through_for_garbage(tmp_path: Path) -> None:
    environment = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}

    ended = subprocess.run([sys.executable, "-c", BEGUN], env=environment, capture_output=True, text=True, check=True)

    assert ended.stdout == "0 True True\n"
