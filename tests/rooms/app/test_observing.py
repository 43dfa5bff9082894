"""What several web processes count together."""

import os
import subprocess
import sys
from pathlib import Path

COUNT = "from catalog.app.observing import count, measured\ncount('api.me-get', 'GET', 200, 0.1)\n"


def counted(folder: Path, then: str = "") -> str:
    """Count one request in a process of its own; what it prints."""
    environment = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(folder)}
    ended = subprocess.run(
        [sys.executable, "-c", COUNT + then], env=environment, capture_output=True, text=True, check=True
    )
    return ended.stdout


def test_what_each_process_counted_is_told_by_any_of_them(tmp_path: Path) -> None:
    counted(tmp_path)
    counted(tmp_path)

    told = counted(tmp_path, "print(measured().decode())")

    assert 'catalog_requests_total{method="GET",operation="api.me-get",status="200"} 3.0' in told
    assert 'catalog_request_seconds_count{operation="api.me-get"} 3.0' in told
