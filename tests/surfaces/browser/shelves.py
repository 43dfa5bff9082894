"""What stands in the catalogue that the browser tests look at: little, but everything that can look wrong."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from sqlalchemy import select

from catalog.accounts.models import User
from catalog.accounts.vocabulary import Role
from catalog.assets.models import Asset
from catalog.curation.models import BulkEdit, BulkEditAsset
from catalog.jobs import claiming, owing
from catalog.jobs.owing import OwedJob
from catalog.jobs.vocabulary import Lane
from catalog.kernel import clock
from catalog.media.jobs import RENDER_PREVIEWS
from tests import packed_models
from tests.files import png
from tests.modeled import gives_model
from tests.rooms.media.films import film
from tests.studio import Person, Studio, digest

LONG_NAME = ("A name that somebody pasted from a spreadsheet with everything in it " * 3)[:160] + "x" * 40
RIGHT_TO_LEFT = "مصباح السوق القديم (الإصدار ٣)"
MANY_FILES = 30
EDIT = UUID("0197c3e2-6b1a-7d40-9c52-3f8e5a1b2c4d")

CUSTOM = {"vendor": "Lamps & Daughters", "provenance": "From the market hall,\nwhere it hung for thirty years."}


def fill(studio: Studio) -> None:
    """People, shows and assets; everything belongs to a private show, so that a newcomer finds nothing."""
    ann = studio.person("ann", Role.ADMIN)
    studio.person("pia", Role.PIPELINE, groups=["crew"])
    arno = studio.person("arno", Role.ARTIST, groups=["crew"])
    studio.person("vera", Role.VIEWER, groups=["crew"])
    studio.person("nina", Role.ARTIST)
    studio.person("lin", Role.VIEWER, groups=["crew"])  # the only one who chooses a language
    ann.post("/fields", {"name": "vendor", "type": "exact", "label": "Vendor", "label_zh": "供应商"})
    ann.post("/fields", {"name": "provenance", "type": "text", "label": "Where it comes from"})
    ann.post("/shows", {"code": "ORION", "name": "Orion Rising", "audience": ["crew"]})
    _kept(arno)
    _pictured(arno)
    _odd_ones(arno)
    for at in range(64):
        tags = ["wood" if at % 2 else "metal", f"batch {at % 11}"]
        arno.registers(f"prp_cup{at:02d}", name=f"Cup {at}", show="ORION", tags=tags)
    studio.settles(details=True)
    _collected(arno)
    version = arno.publishes("prp_broken", {"broken.exr": b"not an image"}, name="Broken plate", show="ORION")
    _fail(studio, UUID(version.id))
    _edit(studio)
    _waiting(arno)
    _on_the_farm(arno)
    studio.settles()
    gives_model(studio, "prp_lamp", 2, packed_models.by_draco())
    gives_model(studio, "env_harbor", 1, packed_models.with_basis_picture())
    gives_model(studio, "prp_bell", 1, packed_models.moving(), path="bell.png")
    gives_model(studio, "mcp_take", 1, packed_models.by_meshopt(), path="scan.ply")


def _on_the_farm(arno: Person) -> None:
    """A token that a script has, and what it took out with it."""
    secret = arno.post("/tokens", {"name": "on the farm"}).secret
    farm = Person(studio=arno.studio, login="arno", token=secret)
    work = {"X_Catalog_Show": "ORION", "X_Catalog_Farm_Job": "4711"}
    farm.post("/resolutions", {"references": ["prp_lamp@1", "env_harbor@1"]}, **work)
    farm.post("/collections", {"title": "Begun on the farm"})
    farm.delete(f"/collections/{arno.get('/collections?limit=1').items[0]['id']}")


def _waiting(arno: Person) -> None:
    """A second version that waits for review."""
    arno.publishes("prp_bell", {"bell.png": png(64, 48, (200, 160, 40)), "old.txt": b"old"}, name="Bell", show="ORION")
    files = {"bell.png": png(64, 48, (40, 160, 200)), "broken.exr": b"not an image"}
    arno.drafts("prp_bell", files, note="Blue, as Mira wished.")
    arno.uploads("prp_bell", 2, files)
    arno.post("/assets/prp_bell/versions/2/publication", {"review": True})


def _edit(studio: Studio) -> None:
    """A bulk edit of the cups that was cancelled half way."""
    with studio.house.desk.bookkeeping() as session:
        cups = session.scalars(select(Asset).where(Asset.code.startswith("prp_cup")).order_by(Asset.code)).all()
        pia = session.scalars(select(User.id).where(User.login == "pia")).one()
        session.add(
            BulkEdit(
                id=EDIT,
                state="cancelled",
                instruction={"add_tags": ["tea"]},
                search="q=cup",
                unknown=["prp_gone"],
                created_by_id=pia,
                created_at=clock.now(),
            )
        )
        session.flush()
        states = [("applied", None), ("planned", None), ("same", None), ("refused", "retired")]
        for position, cup in enumerate(cups):
            state, reason = states[position % 4]
            changes = {"tags": [cup.tags, [*cup.tags, "tea"]]} if position % 4 < 2 else {}
            session.add(
                BulkEditAsset(
                    edit_id=EDIT,
                    position=position,
                    asset_id=cup.id,
                    revision=1,
                    state=state,
                    reason=reason,
                    changes=changes,
                    since=[],
                )
            )


def _pictured(arno: Person) -> None:
    files = {"maps/color.png": png(320, 240, (180, 90, 40)), "notes.txt": b"first"}
    arno.publishes(
        "prp_lamp",
        files,
        name="Market lamp",
        show="ORION",
        tags=["brass", "light"],
        description="Hangs above the stalls.\nThe glass is separate.",
        aliases=[{"text": "市场灯", "language": "zh-Hans"}],
        external_ids=[{"system": "shotgrid", "value": "4711"}],
        note="First lamp",
    )
    arno.publishes("prp_lamp", {**files, "notes.txt": b"second", "turntable.mp4": _turn()}, note="Second lamp")
    _remarked(arno)
    arno.publishes(
        "env_harbor", {"a.png": png(400, 100, (40, 60, 160))}, name="Harbor", kind="environment", show="ORION"
    )
    arno.post("/assets/env_harbor/relations", {"kind": "contains", "target": "prp_lamp", "count": 12})
    arno.patch("/assets/prp_lamp", {"tags": ["brass", "light", "hero"], "fields": CUSTOM})


def _kept(arno: Person) -> None:
    """Keep a search of lamps before there is one, and share one that is as long as may be."""
    lamps = arno.post("/searches", {"title": "Street lamps", "query": "q=lamp&kind=prop&-tag=broken"})
    arno.patch(f"/searches/{lamps.id}", {"shares": [{"kind": "user", "name": "vera"}]})
    arno.post("/searches", {"title": LONG_NAME, "query": f"q={'lantern+' * 30}&tag=brass", "shared": True})


def _collected(arno: Person) -> None:
    arno.registers("prp_retired", name="Old lantern", show="ORION")
    market = arno.post("/collections", {"title": "Night market", "description": "For the opening.\nWet streets."}).id
    items = f"/collections/{market}/items"
    arno.post(items, {"assets": ["prp_lamp@1"], "note": "The one with the green glass.\nAsk Ann."})
    arno.post(items, {"assets": ["env_harbor", "prp_long", "prp_arabic", "prp_retired", "prp_cup01", "prp_cup02"]})
    arno.studio.admin.post("/assets/prp_retired/retirement", {"reason": "Its glass was never cleared."})
    shares = [{"kind": "user", "name": "ann", "role": "edit"}, {"kind": "group", "name": "crew", "role": "view"}]
    arno.patch(f"/collections/{market}", {"shares": shares})
    arno.post(f"/collections/{market}/links", {"name": "review on Friday"})
    arno.post("/collections", {"title": LONG_NAME})


def _turn() -> bytes:
    with TemporaryDirectory() as folder:
        return film(Path(folder) / "turn.mp4", frames=36).read_bytes()


def _remarked(arno: Person) -> None:
    version = "/assets/prp_lamp/versions/1"
    arno.post(f"{version}/notes", {"text": f"Measured on set, see https://wiki.studio.test/{'lamp' * 40}\n\nNo cord."})
    said = {"text": "The glass flickers below 2 % roughness.", "severity": "major", "assignee": "arno"}
    arno.post(f"{version}/issues", said)
    fixed = arno.post(f"{version}/issues", {"text": f"The hook is {'very ' * 30}loose.", "severity": "blocking"})
    arno.post(f"/issues/{fixed.id}/closing", {"version": 2})


def _odd_ones(arno: Person) -> None:
    arno.registers("prp_long", name=LONG_NAME, show="ORION", tags=["unbreakable" * 7], description="x" * 400)
    arno.registers("prp_arabic", name=RIGHT_TO_LEFT, show="ORION", tags=["مصباح"])
    arno.registers("prp_drafted", name="Drafted lamp", show="ORION")
    arno.drafts("prp_drafted", {"bulb.txt": b"a bulb", "maps/color.png": png(320, 240, (180, 90, 40))})
    arno.registers("prp_contested", name="Contested sign", show="ORION")
    arno.publishes("prp_speck", {"speck.png": png(2, 1, (90, 40, 160))}, name="Speck", show="ORION")
    wide = {"horizon.png": png(20_000, 40, (90, 120, 160))}
    arno.publishes("prp_horizon", wide, name="Horizon", show="ORION")
    root = {"name": "library", "templates": [{"platform": "linux", "site": "main", "path": "/mnt/library"}]}
    arno.studio.admin.post("/roots", root)
    wave = [
        {
            "path": f"wave.{at:05d}.vdb",
            "sha256": digest(b"%d" % at),
            "size_bytes": at,
            "custody": "referenced",
            "root": "library",
        }
        for at in range(12_000)
    ]
    arno.registers("fx_wave", name="Long wave", kind="fx_element", show="ORION")
    arno.post("/assets/fx_wave/versions", {"files": wave})
    arno.submits("fx_wave", 1)
    many = {f"frames/shot_010/beauty/beauty.{at:04d}.txt": b"frame" for at in range(MANY_FILES)}
    arno.publishes("mcp_take", many, name="Long take", kind="mocap", show="ORION")


def _fail(studio: Studio, version_id: UUID) -> None:
    with studio.house.desk.bookkeeping() as session:
        owing.owe(session, [OwedJob(kind=RENDER_PREVIEWS, subject_id=version_id, lane=Lane.NORMAL)], clock.now())
        claim = claiming.claim(session, "worker-1", 1, clock.now())
        assert claim is not None
        claiming.failed(session, claim, "the renderer fell over: " + "x" * 200, clock.now(), final=True)
