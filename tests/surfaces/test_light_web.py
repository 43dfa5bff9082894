"""The process that serves the pages opens no picture and no scene, whatever is asked of it."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def _media_libraries() -> set[str]:
    """What only ``catalog.media`` may import, as the import contract lists it."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    (named,) = (contract["forbidden_modules"] for contract in contracts if contract["id"] == "media")
    return set(named)


def test_no_page_makes_its_process_import_a_media_library(migrated_sqlite: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.surfaces.every_page", str(migrated_sqlite), str(tmp_path)]

    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)

    said = json.loads(ran.stdout.splitlines()[-1])
    assert {name: status for name, status in said["statuses"].items() if status >= 400} == {}
    assert "PIL" in _media_libraries()
    assert "catalog" in said["modules"]
    assert _media_libraries() & set(said["modules"]) == set()
