"""The example that the page of registering shows for curl: pasted into a shell, it publishes."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from catalog.client import Client
from catalog.client.waiting import wait_for
from catalog.web.examples import publishing
from tests.surfaces.serving import Served

NEEDED = ("sh", "curl", "jq", "sha256sum")
pytestmark = pytest.mark.skipif(not all(shutil.which(name) for name in NEEDED), reason="needs a shell, curl and jq")


def _pasted(door: Served, code: str | None, folder: Path) -> subprocess.CompletedProcess[str]:
    """Paste the example into a shell, in a folder that has the file it names."""
    (example,) = (one.text for one in publishing(door.url, code) if one.surface == "curl")
    environment = {"PATH": os.environ["PATH"], "CATALOG_TOKEN": door.studio.artist.token}
    return subprocess.run(  # the shell reads what people paste
        ["/bin/sh", "-e", "-c", example], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def test_the_example_for_curl_publishes_a_new_asset_and_its_next_version(
    door: Served, client: Client, tmp_path: Path
) -> None:
    (tmp_path / "crate.usda").write_bytes(b"#usda 1.0\n")
    first = _pasted(door, None, tmp_path)
    (tmp_path / "crate.usda").write_bytes(b"#usda 1.0\n# better\n")
    second = _pasted(door, "prp_crate", tmp_path)

    assert (first.returncode, first.stderr, second.returncode, second.stderr) == (0, "", 0, "")
    wait_for(lambda: client.assets.get("prp_crate").latest_version == 2 or None, "publishing", 20)
    assert client.assets.get("prp_crate").name == "Market crate"
    (file,) = client.versions.files("prp_crate", 2)
    assert (file.path, file.size_bytes) == ("crate.usda", 19)
