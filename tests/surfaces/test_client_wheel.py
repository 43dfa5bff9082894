"""The client as a wheel of its own: what Maya, Houdini and Nuke are given."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest
import requests

from catalog.client import VERSION
from tests.surfaces.running import ROOT
from tests.surfaces.serving import Served

pytestmark = pytest.mark.slow
ASK = """
import sys
sys.path[:0] = sys.argv[1:3]
import catalog.client
with catalog.client.Client(sys.argv[3], sys.argv[4]) as client:
    print(client.me.get().login)
heavy = {"catalog", "flask", "pydantic", "sqlalchemy", "click"}
print(sorted({name.partition(".")[0] for name in sys.modules} & heavy))
print([name for name in sys.modules if name.startswith("catalog.") and not name.startswith("catalog.client")])
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run([ROOT / "scripts" / "build_client", str(folder)], check=True, capture_output=True)
    return folder / f"reprise_client-{VERSION}-py3-none-any.whl"


def test_the_wheel_has_the_client_and_nothing_of_the_server(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as packed:
        names = packed.namelist()
        (metadata,) = (packed.read(name).decode() for name in names if name.endswith("METADATA"))

    code = [name for name in names if ".dist-info/" not in name]
    assert all(name.startswith("catalog/client/") for name in code)
    assert {"catalog/client/py.typed", "catalog/client/nouns/assets.py"} <= set(code)
    said = Parser().parsestr(metadata)
    assert (said["Name"], said["Requires-Python"], said.get_all("Requires-Dist")) == (
        *("reprise-client", ">=3.9"),
        ["requests>=2.28"],
    )


def test_what_the_guide_for_workstations_says_runs_with_the_wheel_alone(
    wheel: Path, door: Served, tmp_path: Path
) -> None:
    door.studio.artist.publishes("prp_lanternPaper", {"lantern.usda": b"#usda 1.0\n"})
    guide = (ROOT / "docs" / "how-to" / "workstation.md").read_text(encoding="utf-8")
    (script,) = re.findall(r"```python\n(.*?)```", guide, re.DOTALL)
    (keeping,) = re.findall(r"^\$PYTHON -c '(.*)'$", guide, re.MULTILINE)
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(tmp_path / "site")
    libraries = Path(requests.__file__).parents[1]
    found = f"import sys; sys.path[:0] = [{str(tmp_path / 'site')!r}, {str(libraries)!r}]\n"

    def runs(text: str, said: str = "") -> str:
        return subprocess.run(
            [sys.executable, "-I", "-S", "-W", "ignore", "-c", found + text],
            input=said,
            capture_output=True,
            check=True,
            text=True,
            cwd=tmp_path,
            start_new_session=True,  # no terminal: what is asked for is read from the input
        ).stdout

    kept = runs(keeping, f"{door.url}\n{door.studio.artist.token}\n")
    told = runs(script)

    assert "login.json" in kept
    assert told.startswith("1 prp_lanternPaper []\n")
    assert (tmp_path / "prp_lanternPaper" / "lantern.usda").read_bytes() == b"#usda 1.0\n"


def test_the_wheel_works_without_the_server(wheel: Path, door: Served, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(tmp_path / "site")
    libraries = Path(requests.__file__).parents[1]

    ran = subprocess.run(
        # Isolated, and without site: the checkout is linked into this environment's packages.
        [sys.executable, "-I", "-S", "-c", ASK, tmp_path / "site", libraries, door.url, door.studio.artist.token],
        capture_output=True,
        check=False,
        text=True,
        cwd=tmp_path,
    )

    assert (ran.stdout, ran.stderr) == ("art\n['catalog']\n[]\n", "")
