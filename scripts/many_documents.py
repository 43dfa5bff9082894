"""A visual-effects catalogue of any size, made up: always the same, and a smaller one is the beginning of a larger one.

Words, tags, shows and people are as unevenly used as in life (Zipf), every eighth asset has a Chinese name too, and
every tenth is hidden from those who have only the audience ``studio``. Nothing here is anybody's.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from catalog.media.vocabulary import Part
from catalog.search.port import Document
from catalog.search.vocabulary import Measure

SEED = 20240607
WORDS, TAGS, PEOPLE, SHOWS, OWNERS = 60_000, 2_000, 20_000, 300, 60
CHUNK = 10_000
HIDDEN_EVERY = 10
KNOWN = 0.7
"""So large a part of the assets has each measure."""

STUDIO = frozenset({"studio"})

SYLLABLES = """
ba be bi bo bu da de di do du fa fe fi ga go gu ha hi ho ka ke ki ko la le li lo lu ma me mi mo mu na ne ni no pa pe
pi po ra re ri ro ru sa se si so ta te ti to tu va ve vi vo za ze zo sha cho kra tro ster lin dor
"""
TRADE = """
hero ship tower forest explosion smoke creature dragon robot vehicle car city street armor helmet sword crowd ocean
water fire debris rock tree building interior exterior night day rig model texture lookdev groom cloth hair shader
hdri plate scan photogrammetry proxy lod damaged clean dirty wet snow desert jungle castle bridge engine cockpit
weapon gun shield mask glove boot face body hand eye
"""
HAN = "王李赵陈林黄周吴徐孙马朱胡郭何高罗郑梁谢宋唐许韩冯曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪"
KINDS = [
    "digital_double",
    "creature",
    "vehicle",
    "prop",
    "environment",
    "groom",
    "hdri",
    "material",
    "fx_element",
    "matte_painting",
]
STATUSES = ["wip", "review", "approved", "final", "archived", "deprecated", "onhold"]
FORMATS = ["usd", "exr", "abc", "fbx", "png", "tif", "obj", "glb", "mov", "vdb", "hdr", "bgeo"]
PARTS = [part.value for part in Part]
BEGAN = datetime(2006, 1, 1, tzinfo=UTC)
Numbers = NDArray[np.integer[Any]]


@dataclass(frozen=True, kw_only=True)
class Vocabulary:
    """What documents are made of, the most used first."""

    words: Sequence[str]
    tags: Sequence[str]
    shows: Sequence[str]
    people: Sequence[str]


def vocabulary() -> Vocabulary:
    """Return the words, tags, shows and people of the catalogue."""
    chance = random.Random(SEED)
    words = dict.fromkeys(TRADE.split())
    syllables = SYLLABLES.split()
    while len(words) < WORDS:
        words["".join(chance.choice(syllables) for _ in range(chance.choice((2, 2, 3, 3, 3, 4))))] = None
    listed = list(words)
    common = listed[:2000]
    chance.shuffle(common)
    listed[:2000] = common
    return Vocabulary(
        words=listed,
        tags=listed[300 : 300 + TAGS],
        shows=[f"show{number}" for number in range(SHOWS)],
        people=["".join(chance.choice(HAN) for _ in range(chance.choice((2, 3, 3)))) for _ in range(PEOPLE)],
    )


def documents(count: int) -> Iterator[Document]:
    """Yield so many documents."""
    of = vocabulary()
    for chunk in range(-(-count // CHUNK)):
        yield from islice(_chunk(of, chunk), min(CHUNK, count - chunk * CHUNK))


def _chunk(of: Vocabulary, chunk: int) -> Iterator[Document]:
    chance = np.random.default_rng([SEED, chunk])
    lengths = np.clip(np.exp(chance.normal(3.55, 0.5, CHUNK)).astype(int), 4, 400)
    described = np.split(_drawn(chance, WORDS, 1.0, int(lengths.sum())), np.cumsum(lengths)[:-1])
    tagged = np.split(_drawn(chance, TAGS, 0.9, CHUNK * 8), CHUNK)
    tag_counts = chance.integers(5, 9, CHUNK)
    names = _drawn(chance, WORDS, 1.0, CHUNK * 3).reshape(CHUNK, 3)
    shows = _drawn(chance, SHOWS, 1.0, CHUNK)
    people = _drawn(chance, PEOPLE, 0.8, CHUNK)
    kinds, statuses = _drawn(chance, len(KINDS), 0.8, CHUNK), _drawn(chance, len(STATUSES), 0.7, CHUNK)
    seconds = (chance.beta(3, 1.2, CHUNK) * 7300 * 86400).astype(int)
    ids = chance.integers(0, 2**62, CHUNK)
    formats = _drawn(chance, len(FORMATS), 1.0, CHUNK * 3).reshape(CHUNK, 3)
    parts = _drawn(chance, len(PARTS), 0.8, CHUNK * 3).reshape(CHUNK, 3)
    measured = _measured(chance)
    for at in range(CHUNK):
        number = chunk * CHUNK + at
        kind = KINDS[kinds[at]]
        name = " ".join(of.words[word] for word in names[at])
        yield Document(
            id=UUID(int=number << 64 | int(ids[at])),
            code=f"{of.shows[shows[at]]}_{kind[:4]}_{number:07d}",
            name=f"{name} {of.people[people[at]]}" if number % 8 == 0 else name,
            kind=kind,
            status=STATUSES[statuses[at]],
            updated_at=BEGAN + timedelta(seconds=int(seconds[at])),
            asset_audience="hidden" if number % HIDDEN_EVERY == 0 else "studio",
            show_audience="studio",
            description=" ".join(of.words[word] for word in described[at]),
            tags=tuple(dict.fromkeys(of.tags[tag] for tag in tagged[at][: tag_counts[at]])),
            shows=(of.shows[shows[at]],),
            owner=f"artist{number * 7919 % 997 % OWNERS}",
            created_at=BEGAN + timedelta(seconds=int(seconds[at]) // 2),
            formats=tuple(dict.fromkeys(FORMATS[each] for each in formats[at])),
            parts=tuple(dict.fromkeys(PARTS[each] for each in parts[at])),
            measures={measure: int(values[at]) for measure, values in measured.items() if values[at] >= 0},
        )


def _measured(chance: np.random.Generator) -> dict[Measure, Numbers]:
    """Return what was measured of a chunk of assets: spread as in life over sizes of ten; -1 where it is not known."""
    found: dict[Measure, Numbers] = {
        Measure.POLYS: np.exp(chance.normal(10.5, 2.0, CHUNK)).astype(np.int64),
        Measure.TEXTURE: 2 ** np.clip(np.rint(chance.normal(11.5, 1.2, CHUNK)), 7, 14).astype(np.int64),
        Measure.HEIGHT: np.exp(chance.normal(14.0, 1.2, CHUNK)).astype(np.int64),
        Measure.SIZE: np.exp(chance.normal(18.0, 2.0, CHUNK)).astype(np.int64),
    }
    return {measure: np.where(chance.random(CHUNK) < KNOWN, values, -1) for measure, values in found.items()}


def _drawn(chance: np.random.Generator, choices: int, steepness: float, count: int) -> Numbers:
    """Return so many choices, the first most likely (Zipf's law)."""
    likely = 1 / np.arange(1, choices + 1) ** steepness
    return np.searchsorted(np.cumsum(likely / likely.sum()), chance.random(count))
