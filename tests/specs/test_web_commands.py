"""Commands on pages: each is one that the command line knows, and names this installation."""

from __future__ import annotations

import re
import shlex
from html import unescape

import click
import pytest

from catalog.cli.program import program
from tests.studio import Studio, digest
from tests.visitors import Visitor, WebPage, visitor

COMMAND = re.compile(r"(?:>|\")(catalog [^<\"]*)")


@pytest.fixture
def pipeline(studio: Studio) -> Visitor:
    """Somebody with a lamp that is stored, a bulb under a root, and a crate that has no version."""
    studio.artist.publishes("prp_lamp", {"a.txt": b"a"})
    templates = [{"platform": "linux", "path": "/mnt/lib"}]
    studio.pipeline.post("/roots", {"name": "lib", "templates": templates})
    lying = {"path": "bulb.usd", "sha256": digest(b"bulb"), "size_bytes": 4, "custody": "referenced", "root": "lib"}
    studio.artist.registers("prp_bulb", name="Bulb")
    studio.artist.post("/assets/prp_bulb/versions", {"files": [{**lying, "root_path": "bulb.usd"}]})
    studio.artist.submits("prp_bulb", 1)
    studio.artist.registers("prp_crate", name="Crate")
    studio.settles()
    return visitor(studio, studio.pipeline)


def _commands(page: WebPage) -> list[list[str]]:
    return [shlex.split(unescape(text)) for text in COMMAND.findall(page.html)]


def _parse(words: list[str]) -> None:
    """Read the words after the address as the command line does; whatever it does not know is an error."""
    command: click.Command = program
    while isinstance(command, click.Group):
        found = command.get_command(click.Context(command), words[0])
        assert found is not None, words
        command, words = found, words[1:]
    command.make_context("catalog", words).close()


@pytest.mark.parametrize(
    "path,rest",
    [
        ("/assets/prp_lamp", "assets pull prp_lamp --to ./prp_lamp"),
        ("/assets/prp_lamp/versions/1", "assets pull prp_lamp@1 --to ./prp_lamp"),
        ("/assets/prp_crate", "assets publish FOLDER --code prp_crate --wait"),
        ("/assets/prp_crate/versions", "assets publish FOLDER --code prp_crate --wait"),
    ],
)
def test_a_command_on_a_page_works_on_any_machine(pipeline: Visitor, path: str, rest: str) -> None:
    (words,) = _commands(pipeline.opens(path))

    assert words == ["catalog", "--url", "http://studio.test", *shlex.split(rest)]
    _parse(words[3:])


def test_the_commands_of_the_page_that_registers_do_too(pipeline: Visitor) -> None:
    in_place, copied = _commands(pipeline.opens("/register"))

    new = ["catalog", "--url", "http://studio.test", *shlex.split("assets publish FOLDER --code prp_crate")]
    new += ["--name", "Market crate", "--kind", "prop"]
    assert in_place == [*new, "--in-place", "lib", "--wait"]
    assert copied == [*new, "--note", "first", "--wait"]
    for words in (in_place, copied):
        _parse(words[3:])


def test_the_commands_beside_paths_do_too(pipeline: Visitor) -> None:
    stored = pipeline.sends("/assets/prp_lamp/versions/1/paths", found_on="/me", platform="linux")

    (words,) = _commands(stored)

    assert words == ["catalog", "--url", "http://studio.test", *["assets", "pull", "prp_lamp@1", "--to", "./prp_lamp"]]
    _parse(words[3:])


def test_the_command_for_a_draft_without_scripts_does_too(studio: Studio, pipeline: Visitor) -> None:
    files = [{"path": "a.txt", "sha256": digest(b"other"), "size_bytes": 5}]
    studio.pipeline.post("/assets/prp_crate/versions", {"files": files})

    (words,) = _commands(pipeline.opens("/register/prp_crate/1"))

    assert words == ["catalog", "--url", "http://studio.test", *["assets", "publish", "FOLDER", "--code", "prp_crate"]]
    _parse(words[3:])


def test_an_empty_catalog_says_how_it_begins(studio: Studio) -> None:
    (words,) = _commands(visitor(studio, studio.pipeline).opens("/assets"))

    assert words[:3] == ["catalog", "--url", "http://studio.test"]
    _parse(words[3:])
