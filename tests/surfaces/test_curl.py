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

GUIDE = Path(__file__).parents[2] / "docs" / "how-to" / "publish.md"
NEEDED = ("sh", "curl", "jq", "sha256sum")
pasting = pytest.mark.skipif(not all(shutil.which(name) for name in NEEDED), reason="needs a shell, curl and jq")


def _example(url: str, code: str | None) -> str:
    (example,) = (one.text for one in publishing(url, code) if one.surface == "curl")
    return example


def _pasted(door: Served, code: str | None, folder: Path) -> subprocess.CompletedProcess[str]:
    """Paste the example into a shell, in a folder that has the file it names."""
    example = _example(door.url, code)
    environment = {"PATH": os.environ["PATH"], "CATALOG_TOKEN": door.studio.artist.token}
    return subprocess.run(  # the shell reads what people paste
        ["/bin/sh", "-e", "-c", example], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def _wait_for_version(client: Client, code: str, number: int) -> None:
    wait_for(lambda: client.assets.get(code).latest_version == number or None, "publishing", 20)


@pasting
def test_the_example_for_curl_publishes_a_new_asset_and_its_next_version(
    door: Served, client: Client, tmp_path: Path
) -> None:
    (tmp_path / "crate.usda").write_bytes(b"#usda 1.0\n")
    first = _pasted(door, None, tmp_path)
    (tmp_path / "crate.usda").write_bytes(b"#usda 1.0\n# better\n")
    second = _pasted(door, "prp_crate", tmp_path)

    assert (first.returncode, first.stderr, second.returncode, second.stderr) == (0, "", 0, "")
    _wait_for_version(client, "prp_crate", 2)
    assert client.assets.get("prp_crate").name == "Market crate"
    (file,) = client.versions.files("prp_crate", 2)
    assert (file.path, file.size_bytes) == ("crate.usda", 19)


@pasting
def test_bytes_that_are_known_are_not_sent_and_the_version_is_published_all_the_same(
    door: Served, client: Client, tmp_path: Path
) -> None:
    client.assets.register(code="prp_shelf", name="Shelf", kind="prop")
    for number, content in enumerate((b"#usda 1.0\n", b"#usda 1.0\n# worse\n"), start=1):
        (tmp_path / "crate.usda").write_bytes(content)
        _pasted(door, "prp_shelf", tmp_path)
        _wait_for_version(client, "prp_shelf", number)
    (tmp_path / "crate.usda").write_bytes(b"#usda 1.0\n")

    back = _pasted(door, "prp_shelf", tmp_path)
    _wait_for_version(client, "prp_shelf", 3)
    again = _pasted(door, "prp_shelf", tmp_path)

    assert (back.returncode, back.stderr, again.returncode, again.stderr) == (0, "", 0, "")
    assert client.assets.get("prp_shelf").latest_version == 3


def test_the_guide_says_the_same_as_the_page() -> None:
    assert f"```sh\n{_example('$CATALOG_URL', None)}\n```" in GUIDE.read_text(encoding="utf-8")
