"""A program that fills a small studio, visits every page of it once, and says what its process has imported.

``python -m tests.surfaces.every_page EMPTY_SQLITE FOLDER`` prints, as JSON, the status of each page by the name of its
route, and the names of all top-level modules.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
from pathlib import Path

from catalog.db.engine import create_engine_for
from catalog.web.table import ROUTES
from tests.files import glb, png
from tests.fixtures import _house
from tests.modeled import gives_model
from tests.studio import Studio
from tests.visitors import visitor

ASKED = {
    "search": "?q=lamp&tag=brass",
    "typeahead": "?q=la",
    "export_search": "?q=lamp",
    "compare": "?asset=prp_lamp&asset=prp_drafted",
    "choose_collection": "?asset=prp_lamp",
    "new_search": "?q=lamp",
    "code_check": "?code=prp_new",
    "known_files": "?asset=prp_lamp",
    "new_edit": "?q=lamp",
    "choose_for_edit": "?q=lamp",
}
"""What these pages want to be asked besides their path."""


def _fill(studio: Studio) -> dict[str, dict[str, str]]:
    """Publish, draft and say a little of everything; what stands in the paths, by route; all others are a lamp's."""
    artist, admin = studio.artist, studio.admin
    studio.joins(artist.login, "crew")
    admin.post("/shows", {"code": "ORION", "name": "Orion Rising"})
    admin.post("/roots", {"name": "library", "templates": [{"platform": "linux", "site": "main", "path": "/mnt/lib"}]})
    admin.post("/fields", {"name": "vendor", "type": "exact", "label": "Vendor"})
    files = {"lamp.glb": glb(), "maps/color.png": png(320, 240, (180, 90, 40)), "notes.txt": b"first"}
    artist.publishes("prp_lamp", files, name="Market lamp", tags=["brass"])
    artist.registers("prp_drafted", name="Drafted lamp")
    artist.drafts("prp_drafted", {"bulb.txt": b"a bulb"})
    version = "/assets/prp_lamp/versions/1"
    note = artist.post(f"{version}/notes", {"text": "Measured on set."})
    issue = artist.post(f"{version}/issues", {"text": "The glass flickers.", "severity": "major"})
    collection = artist.post("/collections", {"title": "Night market"})
    artist.post(f"/collections/{collection.id}/items", {"assets": ["prp_lamp"]})
    search = artist.post("/searches", {"title": "Street lamps", "query": "q=lamp", "shared": True})
    token = admin.get("/tokens").json["items"][0]["id"]
    edit = admin.post("/edits", {"assets": ["prp_lamp"], "add_tags": ["tea"]})
    artist.drafts("prp_lamp", {"notes.txt": b"second"})
    artist.uploads("prp_lamp", 2, {"notes.txt": b"second"})
    artist.post("/assets/prp_lamp/versions/2/publication", {"review": True})
    studio.settles()
    gives_model(studio, "prp_lamp", 1, glb())
    draft = {"code": "prp_drafted"}
    return {
        "facet": {"name": "tag"},
        "export_search": {"form": "csv"},
        "bulk_edit": {"id": edit.id},
        "review": {"number": "2"},
        "added": {"id": collection.id},
        "export": {"id": collection.id},
        "collection": {"id": collection.id},
        "saved_search": {"id": search.id},
        "note": {"id": note.id},
        "ask_to_revoke": {"id": token},
        "ask_to_revoke_any": {"id": token},
        "known_issue": {"id": issue.id},
        "placeholder": {"kind": "prop"},
        "group": {"code": "crew"},
        "show": {"code": "ORION"},
        "root": {"name": "library"},
        "field": {"name": "vendor"},
        "draft": draft,
        "uploads": draft,
        "ask_to_discard": draft,
        "docs_noun": {"noun": "assets"},
        "docs_guide": {"name": "publish"},
    }


def main(empty: Path, folder: Path) -> None:
    """Print what came of each page and what was imported for them."""
    shutil.copyfile(empty, folder / "catalog.sqlite")
    engine = create_engine_for(f"sqlite:///{folder / 'catalog.sqlite'}")
    studio = Studio(_house(engine, folder))
    named = _fill(studio)
    people = [visitor(studio, person) for person in (studio.admin, studio.artist)]
    named["preview"] = {"sha256": _shown(people[0].opens("/assets/prp_lamp").html)}
    statuses = {}
    for route in (each for each in ROUTES if each.read):
        path = route.path.format(**{"code": "prp_lamp", "number": "1", "login": "art"} | named.get(route.name, {}))
        statuses[route.name] = min(someone.opens(path + ASKED.get(route.name, "")).status for someone in people)
    engine.dispose()
    modules = sorted({name.partition(".")[0] for name in sys.modules})
    sys.stdout.write("\n" + json.dumps({"statuses": statuses, "modules": modules}))


def _shown(page: str) -> str:
    found = re.search(r"/previews/([0-9a-f]{64})", page)
    assert found, "the lamp has no picture"
    return found[1]


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
