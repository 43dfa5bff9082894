"""What README, tutorial and how-tos tell people to type can be pasted as it stands."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from catalog.app.demo.library import ASSETS
from catalog.assets.vocabulary import CODE_PREFIXES
from catalog.cli.program import program
from catalog.cli.searching import search

ROOT = Path(__file__).parents[2]
GUIDES = [ROOT / "README.md", *sorted(ROOT.glob("docs/how-to/*.md")), *sorted(ROOT.glob("docs/tutorial/*.md"))]
_CODE = re.compile(r"\b(?:" + "|".join(CODE_PREFIXES.values()) + r")\w+")
_BLOCK = re.compile(r"```sh\n(.*?)```", re.DOTALL)


def _commands() -> Iterator[str]:
    """Every line of a shell block that begins with ``catalog``, broken lines joined."""
    for guide in GUIDES:
        for block in _BLOCK.findall(guide.read_text(encoding="utf-8")):
            lines = block.replace("\\\n", " ").splitlines()
            yield from (line for line in lines if line.startswith("catalog "))


@pytest.mark.parametrize("line", [*_commands()])
def test_a_command_of_the_guides_is_one_with_all_that_it_needs(line: str) -> None:
    command: click.Command = program
    words = shlex.split(line, comments=True)[1:]
    while isinstance(command, click.Group):
        found = command.get_command(click.Context(command), words[0])
        if found is None and command is search:
            found, words = search.commands["assets"], ["assets", *words]  # what is meant where no command is named
        assert found is not None, words
        command, words = found, words[1:]

    command.make_context("catalog", words).close()


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: str(guide.relative_to(ROOT)))
def test_a_command_of_the_guides_names_assets_of_the_demo_studio_or_new_ones(guide: Path) -> None:
    text = guide.read_text(encoding="utf-8")
    blocks = "\n".join(_BLOCK.findall(text)).replace("\\\n", " ")
    new = set(re.findall(r"(?:publish|register)[^\n]*--code (\w+)", blocks))
    named = {word for line in blocks.splitlines() if line.startswith("catalog ") for word in _CODE.findall(line)}

    assert named - new - {asset.code for asset in ASSETS} == set()


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: str(guide.relative_to(ROOT)))
def test_a_command_within_a_sentence_stands_on_one_line(guide: Path) -> None:
    text = _BLOCK.sub("", guide.read_text(encoding="utf-8"))

    assert re.findall(r"`catalog [^`\n]*\n[^`]*`", text) == []
