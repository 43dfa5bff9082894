"""What the people of the demo studio say about its assets, and what they keep together.

Each speaks with a token of their own, which is revoked at the end: so notes, issues and collections are theirs. What is
there already is left alone, so that an interrupted entry goes on; assets that are not there are not spoken of.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from catalog.app.demo.asset import Release
from catalog.app.demo.bringing import publish, voices
from catalog.app.demo.materials import swatch
from catalog.client import Client
from catalog.client.words import Severity


@dataclass(frozen=True, kw_only=True)
class Said:
    """A note on a version; with a ``severity`` it is a known issue, which ``closed_by`` a later version fixes."""

    by: str
    code: str
    number: int
    text: str
    severity: Severity | None = None
    assignee: str | None = None
    closed_by: int | None = None


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A collection: (what is in it, note on it) in order. ``shares`` are as the client takes them."""

    by: str
    title: str
    description: str
    items: Sequence[tuple[str, str]]
    studio: bool = False
    shares: tuple[str, ...] = ()


SAID = (
    Said(by="jonas", code="prp_crateMarket", number=1, text="Boards read as plastic under the neon. Needs end grain."),
    Said(by="jonas", code="prp_crateMarket", number=1, text="No bands: it falls apart when it is carried.", severity="major",
         assignee="mira", closed_by=2),
    Said(by="mira", code="prp_crateMarket", number=2, text="铁箍和斜撑已补上，码头和摊位都可以用。"),
    Said(by="jonas", code="prp_stallNoodle", number=1, text="Awning and counter meet in one edge at the left post.",
         severity="minor", assignee="mira"),
    Said(by="mira", code="prp_signNeon", number=1, text="Tubes are emissive meshes; no lights in the file on purpose."),
    Said(by="mira", code="prp_signNeon", number=1, text="“茶” flickers in the brief, but not in this one yet.", severity="minor"),
    Said(by="jonas", code="chr_linXiao", number=1, text="Brow is lovely. Lids do not close: no shapes.", severity="blocking",
         assignee="mira", closed_by=2),
    Said(by="jonas", code="chr_linXiao", number=2, text="Approved for the close-up in 0120.\nKeep the jaw under 0.7."),
    Said(by="mira", code="chr_linXiao", number=2, text="眼睑闭合后睫毛轻微穿插，远景看不出来。", severity="minor", assignee="jonas"),
    Said(by="jonas", code="env_marketBlock", number=2, text="Lanterns are instanced; dress around them, not through them."),
    Said(by="mira", code="veg_mapleRed", number=1, text="Heavy in the viewport. A lighter proxy would help layout.",
         severity="major", assignee="mira"),
    Said(by="jonas", code="hdr_nightMarket", number=1, text="Good base for the alley. Neon clips below 2 EV, as it did on the day."),
)  # fmt: skip

KEPT = (
    Kept(
        by="jonas",
        title="Night market, opening shot",
        description="What stands between the bridge and the noodle stall, from left to right.",
        items=(
            ("env_marketBlock", "The block; street level only."),
            ("prp_stallNoodle", "Hero. Steam comes from FX."),
            ("prp_signNeon", "Above the stall, a hand lower than in the layout."),
            ("prp_lanternString", "Three of them across the alley."),
            ("prp_crateMarket@2", "Stays at version 2: it is dressed already."),
            ("prp_barrelFish", ""),
            ("veh_trikeNoodle", "Drives through in 0130."),
            ("hdr_nightMarket", "For lookdev of all of these."),
        ),
        studio=True,
        shares=("group:lantern-crew:edit",),
    ),
    Kept(
        by="mira",
        title="港口道具",
        description="码头段落要用的道具与材质，按远近排列。",
        items=(
            ("prp_craneHarbor", "天际线上的主体。"),
            ("prp_bollardMooring", "近景要有缆绳磨痕。"),
            ("prp_ropeCoil", ""),
            ("prp_anchorOld", "锈迹与起重机一致。"),
            ("mat_steelFlaking", "起重机与系船柱共用。"),
            ("mat_planksHarbor", ""),
        ),
        shares=("user:jonas:edit",),
    ),
    Kept(
        by="mira",
        title="To look at again",
        description="",
        items=(("prp_umbrellaPaper", "Ribs too even?"), ("cst_coatPilot", "")),
    ),
)

WAITING = ("mat_lacquerWave", 2, Release(note="Waves larger, for the wide shots", files=swatch("lacquer", 0.6)))
"""A version that waits for review, so that the queue has one."""


def enter_talk(client: Client, codes: Collection[str]) -> None:
    """Enter what is not there yet of what is said about these assets; safe to run again."""
    with voices(client, {one.by for one in (*SAID, *KEPT)}) as speaking:
        for said in SAID:
            if said.code in codes:
                _say(speaking[said.by], said)
        for kept in KEPT:
            _keep(speaking[kept.by], kept, codes)
        code, number, release = WAITING
        if code in codes and number not in {version.number for version in speaking["mira"].versions.list(code)}:
            publish(speaking["mira"], code, release, review=True)


def _say(voice: Client, said: Said) -> None:
    if said.severity is None:
        if all(note.text != said.text for note in voice.notes.list(said.code, said.number)):
            voice.notes.write(said.code, said.number, text=said.text)
        return
    known = [issue for issue in voice.issues.list(asset=said.code) if issue.text == said.text]
    issue = known[0] if known else voice.issues.report(
        said.code, said.number, text=said.text, severity=said.severity, assignee=said.assignee
    )  # fmt: skip
    if said.closed_by and issue.state == "open":
        voice.issues.close(issue.id, version=said.closed_by)


def _keep(voice: Client, kept: Kept, codes: Collection[str]) -> None:
    items = [(named, note) for named, note in kept.items if named.partition("@")[0] in codes]
    if not items or any(one.title == kept.title for one in voice.collections.list(whose="mine")):
        return
    made = voice.collections.create(title=kept.title, description=kept.description)
    for named, note in items:
        voice.collections.add(made.id, assets=[named], note=note)
    if kept.studio or kept.shares:
        shares = [dict(zip(("kind", "name", "role"), share.split(":"), strict=True)) for share in kept.shares]
        voice.collections.change(made.id, studio="view" if kept.studio else None, shares=shares)
