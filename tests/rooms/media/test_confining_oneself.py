"""The measures themselves: a process of the test's own ties its hands and reports."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from catalog.media.confinement import landlock_version

ROOT = Path(__file__).resolve().parents[3]

PROGRAM = """
import json, os, sys
from dataclasses import asdict
from pathlib import Path
from catalog.media import confinement, system_calls, warmth

allowed = Path(sys.argv[1])
confinement.adopt_orphans()
namespaces = confinement.leave_shared_namespaces()
confinement.limit_resources(confinement.Limits(open_files=64))
confinement.renounce_privileges()
files = confinement.FileRules(warmth.code_folders()).restrict([], [allowed, Path(sys.argv[2])])
calls = system_calls.filter_system_calls()
confinement.die_with_parent()
(allowed / "written").write_text("here", encoding="utf-8")
print(json.dumps({"namespaces": namespaces, "files": files, "calls": calls,
                  "found": asdict(confinement.measured_from_inside(rendering=True))}))
"""


@pytest.mark.skipif(landlock_version() == 0, reason="this kernel has no Landlock")
def test_a_process_that_confines_itself_is_held(tmp_path: Path) -> None:
    # The repository is left writable, so that coverage can keep what it saw.
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tmp_path), str(ROOT)], cwd=ROOT, capture_output=True, text=True, check=True
    )

    said = json.loads(ran.stdout)
    assert (said["files"], said["calls"]) == (True, True)
    assert said["found"] == {
        "limits": True,
        "privileges": True,
        "files": True,
        "network": True,
        "processes": False,
        "system_calls": True,
        "rendering": True,
    }
    assert (tmp_path / "written").read_text(encoding="utf-8") == "here"
