"""The reference agrees with the code: every operation, event, setting and error code is documented as it is."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_reference_is_what_the_code_says() -> None:
    checked = subprocess.run(
        [sys.executable, "scripts/write_reference", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert checked.stderr == ""
    assert checked.returncode == 0
