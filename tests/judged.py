"""A few thousand written records in two languages, and questions with what a person would accept as an answer.

Everything is invented. Most is made from fixed lists by a fixed seed, so that figures compare from one day to the next;
``handwritten`` is added to it.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import product
from uuid import UUID

from sqlalchemy import update

from catalog.accounts.vocabulary import Role, abilities_of
from catalog.assets.models import Asset, AssetVersion
from catalog.assets.registry import Alias, ForeignId, Registration, register_all
from catalog.assets.vocabulary import Kind, VersionStatus
from catalog.kernel.actors import Actor, system_actor
from catalog.kernel.batches import in_batches
from catalog.kernel.ids import new_id
from catalog.media.models import Summary
from catalog.media.naming import names_of
from catalog.search.follower import catch_up
from catalog.search.port import SearchIndex
from catalog.search.queries import Question, search
from catalog.shows.registry import NewShow, create_show
from catalog.work.desk import Desk
from catalog.work.unit import UnitOfWork
from tests import handwritten

OPERATOR = system_actor("operator:tests")
ANYBODY = Actor(id=new_id(), name="vic", abilities=abilities_of([Role.VIEWER]))
SHOWS = ("ORION", "vega", "lyra_two", "harbor", "saltroad", "nightfall")
FIRST = (
    "Ann",
    "Mira",
    "Jonas",
    "Teresa",
    "Oskar",
    "Ingrid",
    "Lucien",
    "Noor",
    "Tomás",
    "Zoë",
    "Amara",
    "Yusuf",
    "Petra",
)
LAST = ("Halloran", "Okafor", "Lindqvist", "Marchetti", "Vasquez", "Brandt", "Ishikawa", "Novák", "Duval", "Sørensen")
SURNAMES = "邓林陈黄周吴徐孙马朱胡郭何罗"
GIVEN = ("丽君", "志远", "晓梅", "建国", "雪莹", "浩然", "思琪", "子轩")
LOOKS = {
    "rusty": "生锈",
    "broken": "破损",
    "wooden": "木质",
    "gilded": "镀金",
    "ancient": "古老",
    "frozen": "冰冻",
    "burning": "燃烧",
    "crystal": "水晶",
    "leather": "皮革",
    "marble": "大理石",
    "copper": "铜",
    "velvet": "天鹅绒",
    "striped": "条纹",
    "painted": "彩绘",
    "folding": "折叠",
    "giant": "巨型",
    "miniature": "微型",
    "mossy": "苔藓",
    "ivory": "象牙",
    "obsidian": "黑曜石",
    "haunted": "闹鬼",
    "clockwork": "发条",
    "woven": "编织",
    "smoked": "烟熏",
}
THINGS = {
    "lantern": "灯笼",
    "chair": "椅子",
    "sword": "剑",
    "helmet": "头盔",
    "barrel": "木桶",
    "bookshelf": "书架",
    "telescope": "望远镜",
    "violin": "小提琴",
    "anchor": "锚",
    "compass": "指南针",
    "teapot": "茶壶",
    "mirror": "镜子",
    "umbrella": "雨伞",
    "typewriter": "打字机",
    "suitcase": "手提箱",
    "candle": "蜡烛",
    "ladder": "梯子",
    "wheel": "轮子",
    "bridge": "桥",
    "staircase": "楼梯",
    "fountain": "喷泉",
    "carriage": "马车",
    "sailboat": "帆船",
    "locomotive": "机车",
    "airship": "飞艇",
    "scooter": "滑板车",
    "tractor": "拖拉机",
    "wolf": "狼",
    "dragon": "龙",
    "raven": "乌鸦",
    "spider": "蜘蛛",
    "serpent": "蛇",
    "stallion": "骏马",
    "octopus": "章鱼",
    "beetle": "甲虫",
    "phoenix": "凤凰",
    "harbor": "港口",
    "cathedral": "大教堂",
    "greenhouse": "温室",
    "lighthouse": "灯塔",
    "tavern": "酒馆",
    "canyon": "峡谷",
    "orchard": "果园",
    "glacier": "冰川",
    "courtyard": "庭院",
    "dungeon": "地牢",
    "workshop": "作坊",
    "balcony": "阳台",
}
PLACES = ("for the opening", "seen from the street", "in close-up", "for the flashback", "of the second unit")
_ORDER = list(THINGS)


@dataclass(frozen=True, kw_only=True)
class Record:
    """One asset, and what it shows, with the files of its version; ``chinese`` is its Chinese name where it has one."""

    registration: Registration
    words: tuple[str, ...]
    chinese: str = ""
    files: tuple[str, ...] = ()

    @property
    def code(self) -> str:
        return self.registration.code


@dataclass(frozen=True, kw_only=True)
class Judged:
    """A question of one kind, and the codes that answer it."""

    kind: str
    text: str
    right: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class Figures:
    """How well a kind of question is answered."""

    questions: int
    success: float
    mrr: float
    failed: tuple[str, ...]


def records() -> list[Record]:
    """Return all records, in a fixed order."""
    by_hand = [Record(registration=one, words=(), files=files) for one, files in handwritten.registrations()]
    return [*_people(), *_things(), *by_hand]


def questions(found: list[Record]) -> list[Judged]:
    """Return all questions; at least ten of each kind."""
    rng = random.Random(11)
    english = [one for one in found if len(one.words) == 2]
    chinese = [one for one in found if one.chinese and one.registration.kind is Kind.DIGITAL_DOUBLE]
    things = [one for one in english if one.registration.kind is not Kind.DIGITAL_DOUBLE]
    asked: list[Judged] = []

    def ask(kind: str, among: list[Record], text: Callable[[Record], str], many: int = 20) -> None:
        for one in rng.sample(among, many):
            said = text(one)
            asked.append(Judged(kind=kind, text=said, right=frozenset({one.code})))

    ask("exact name", english, lambda one: one.registration.name)
    ask("exact code", english, lambda one: one.code)
    ask("external id", english, lambda one: one.registration.external_ids[0].value)
    ask("reordered", things, lambda one: " ".join(reversed(one.words)))
    ask("unfinished", things, lambda one: f"{one.words[1]} {one.words[0][:-2]}")
    ask("misspelt", things, lambda one: f"{one.words[0]} {_misspelt(rng, one.words[1])}", 30)
    ask("code fragments", things, lambda one: f"{one.code.split('_')[0]} {one.words[0]} {one.words[1]} v0")
    ask("inflected", things, lambda one: f"{one.words[0]} {_plural(one.words[1])}")
    ask("phrase", things, lambda one: f'"{one.words[0]} {one.words[1]}"')
    ask("with a field", things, lambda one: f"{one.words[0]} kind:{one.registration.kind} {one.words[1]}")
    ask("with a show", things, lambda one: f"{one.registration.show} {one.words[0]} {one.words[1]}")
    ask("people", [one for one in english if one not in things], lambda one: _unaccented(one.registration.name))
    ask("chinese", chinese, lambda one: one.chinese)
    ask("traditional", chinese, lambda one: _traditional(one.chinese))
    ask("pinyin", chinese, lambda one: "".join(_sounds(one.chinese)))
    ask("pinyin with spaces", chinese, lambda one: " ".join(_sounds(one.chinese)))
    ask("mixed", chinese, lambda one: f"{one.chinese} {one.registration.code.split('_')[1]}")
    asked += list(_topical(rng, found, things, chinese))
    filed = [one for one in found if one.files and one.words]
    ask("name of a file", filed, lambda one: one.files[0])
    ask("words of a file", filed, lambda one: f"{one.files[1].split('/')[1]} {one.words[1][:4]} worn base color")
    ask("file without its ending", filed, lambda one: f"file:{one.files[0].partition('.')[0]}")
    asked += [Judged(kind=kind, text=text, right=right) for kind, text, right in handwritten.asked()]
    return asked


def figures(asked: Iterable[Judged], answers: Callable[[str], list[str]]) -> dict[str, Figures]:
    """Return how well each kind is answered; ``answers`` gives the first ten codes for a text."""
    ranks: dict[str, list[tuple[str, int]]] = {}
    for one in asked:
        found = answers(one.text)
        ranks.setdefault(one.kind, []).append(
            (one.text, next((at for at, code in enumerate(found, 1) if code in one.right), 0))
        )
    ranks["all"] = [pair for pairs in ranks.values() for pair in pairs]
    return {
        kind: Figures(
            questions=len(pairs),
            success=sum(rank > 0 for _, rank in pairs) / len(pairs),
            mrr=sum(1 / rank for _, rank in pairs if rank) / len(pairs),
            failed=tuple(text for text, rank in pairs if not rank),
        )
        for kind, pairs in ranks.items()
    }


def judged(desk: Desk, index: SearchIndex) -> dict[str, Figures]:
    """Enter all records, index them, ask all questions as somebody who sees what everybody sees, and judge."""
    found = records()
    with desk.work(OPERATOR) as work:
        for code, name in {**{code: code.title() for code in SHOWS}, **handwritten.SHOWS}.items():
            create_show(work, NewShow(code=code, name=name))
    for batch in in_batches(found, 500):
        with desk.work(OPERATOR) as work:
            rows = register_all(work, [one.registration for one in batch])
            for row, one in zip(rows, batch, strict=True):
                if one.files:
                    _publish(work, row["id"], one)
    catch_up(desk, index)
    with desk.view(ANYBODY) as view:
        return figures(
            questions(found),
            lambda text: [one.code for one in search(view, index, Question(text=text, limit=10)).assets],
        )


def _publish(work: UnitOfWork, asset_id: UUID, one: Record) -> None:
    """Give an asset a version with the names of its files, as if it had been looked into."""
    version = AssetVersion(
        id=new_id(),
        asset_id=asset_id,
        number=1,
        status=VersionStatus.PUBLISHED,
        manifest_sha256="0" * 64,
        file_count=len(one.files),
        size_bytes=1,
        created_by_id=asset_id,
        created_at=work.now,
        stood_since=work.now,
    )
    work.session.add(version)
    work.session.flush()
    work.session.add(Summary(version_id=version.id, formats=[], names=names_of(one.files), parts=[], measures={}))
    work.session.execute(update(Asset).where(Asset.id == asset_id).values(latest_number=1))


def _people() -> Iterator[Record]:
    english = list(product(FIRST, LAST))
    chinese = [surname + given for surname, given in product(SURNAMES, GIVEN)]
    for number, (first, last) in enumerate(english):
        name = f"{first} {last}"
        plain = _unaccented(first + last)
        yield _record(number, f"chr_{plain[0].lower()}{plain[1:]}", name, Kind.DIGITAL_DOUBLE, (first, last), "actor")
    for number, name in enumerate(chinese, len(english)):
        code = f"chr_guest{number:03d}"
        yield _record(number, code, name, Kind.DIGITAL_DOUBLE, (name,), "actor", chinese=name)


def _things() -> Iterator[Record]:
    kinds = [Kind.PROP, Kind.VEHICLE, Kind.CREATURE, Kind.ENVIRONMENT]
    prefixes = ["prp", "veh", "crt", "env"]
    for number, (look, thing) in enumerate(product(LOOKS, THINGS), 1_000):
        for take in range(2):
            group = min(_ORDER.index(thing) // 12, 3)
            code = f"{prefixes[group]}_{thing}{look.title()}_v{number % 40:03d}{'ab'[take]}"
            name = f"{look.title()} {thing}" if take == 0 else f"{thing.title()} study {number}"
            words: tuple[str, ...] = (look, thing) if take == 0 else (look, thing, str(number))
            alias = LOOKS[look] + THINGS[thing] if take == 0 and number % 3 == 0 else ""
            one = _record(number + 5_000 * take, code, name, kinds[group], words, thing, alias=alias)
            yield replace(one, files=_files(look, thing, number)) if take == 0 and number % 5 == 0 else one


def _files(look: str, thing: str, number: int) -> tuple[str, ...]:
    stem = f"{thing[:4]}{look[:4].title()}"
    maps = (f"textures/set{number}/{stem}_wornBaseColor.{tile}.exr" for tile in range(1001, 1021))
    return (f"oldLib_{stem}_hiRes_v{number % 30:03d}.ma", *maps, "preview.jpg")


def _record(  # noqa: PLR0917 — a row of a table
    number: int,
    code: str,
    name: str,
    kind: Kind,
    words: tuple[str, ...],
    tag: str,
    *,
    chinese: str = "",
    alias: str = "",
) -> Record:
    place = PLACES[number % len(PLACES)]
    return Record(
        registration=Registration(
            code=code,
            name=name,
            kind=kind,
            description=f"{' '.join(reversed(words)).capitalize()} {place}, checked by lookdev.",
            tags=(tag, "hero" if number % 7 == 0 else "background"),
            aliases=(Alias(text=alias),) if alias else (),
            external_ids=(ForeignId(system="shotgrid", value=f"SG-{40_000 + number}"),),
            show=SHOWS[number % len(SHOWS)],
        ),
        words=words,
        chinese=chinese or alias,
    )


def _topical(rng: random.Random, found: list[Record], things: list[Record], chinese: list[Record]) -> Iterator[Judged]:
    for thing in rng.sample(list(THINGS), 20):
        right = frozenset(one.code for one in found if thing in one.words)
        yield Judged(kind="topic", text=_plural(thing), right=right)
    for look, thing in rng.sample(list(product(LOOKS, THINGS)), 20):
        right = frozenset(one.code for one in things if look in one.words or thing in one.words)
        yield Judged(kind="topic of two", text=f"{look} OR {thing}", right=right)
    for thing in rng.sample(list(THINGS), 20):
        right = frozenset(one.code for one in found if thing in one.words)
        yield Judged(kind="rare among common words", text=f"background OR lookdev OR {thing}", right=right)
    for look, thing in rng.sample(list(product(LOOKS, THINGS)), 20):
        right = frozenset(one.code for one in things if look in one.words and thing in one.words)
        yield Judged(kind="more words than an asset has", text=f"{look} {thing} on a tabletop by dusk", right=right)
    aliased = [one for one in things if one.chinese]
    for one in rng.sample(aliased, 20):
        yield Judged(
            kind="chinese topic",
            text=THINGS[one.words[1]],
            right=frozenset(other.code for other in found if one.words[1] in other.words),
        )
    for one in rng.sample(chinese, 10):
        right = frozenset(other.code for other in chinese if other.chinese[1:] == one.chinese[1:])
        yield Judged(kind="part of a chinese name", text=one.chinese[1:], right=right)
        initials = "".join(sound[0] for sound in _sounds(one.chinese))
        alike = frozenset(
            other.code for other in chinese if "".join(sound[0] for sound in _sounds(other.chinese)) == initials
        )
        yield Judged(kind="pinyin initials", text=initials, right=alike)
    for term, thing in [("grey wolves", "wolf"), ("狼", "wolf"), ("cutlass OR blade", "sword"), ("龙", "dragon")]:
        text = term.removeprefix("grey ")
        yield Judged(kind="synonyms", text=text, right=frozenset(one.code for one in found if thing in one.words))


def _misspelt(rng: random.Random, word: str) -> str:
    at = rng.randrange(1, len(word) - 1)
    match rng.randrange(4):
        case 0:
            return word[:at] + word[at + 1 :]
        case 1:
            return word[:at] + rng.choice("aeiounrst") + word[at + 1 :]
        case 2:
            return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        case _:
            return word[:at] + word[at] + word[at:]


def _plural(word: str) -> str:
    irregular = {"wolf": "wolves", "bookshelf": "bookshelves", "canyon": "canyons"}
    if word in irregular:
        return irregular[word]
    if word.endswith("y") and word[-2] not in "aeiou":
        return word[:-1] + "ies"
    return word + ("es" if word.endswith(("s", "x", "sh", "ch")) else "s")


def _unaccented(text: str) -> str:
    return text.translate(str.maketrans("áøëö", "aoeo"))


def _traditional(name: str) -> str:
    return name.translate(str.maketrans("邓丽陈黄吴孙马罗远晓国莹", "鄧麗陳黃吳孫馬羅遠曉國瑩"))


_SOUNDS = dict(
    zip(
        "邓林陈黄周吴徐孙马朱胡郭何罗丽君志远晓梅建国雪莹浩然思琪子轩",
        "deng lin chen huang zhou wu xu sun ma zhu hu guo he luo li jun zhi yuan xiao mei jian guo xue ying hao ran si qi zi xuan".split(),  # noqa: E501, SIM905
        strict=True,
    )
)


def _sounds(name: str) -> list[str]:
    return [_SOUNDS[character] for character in name]
