"""Synonyms: changed by those who curate, used by every search at once, told by the ledger."""

from __future__ import annotations

import re

from tests.studio import Studio
from tests.visitors import visitor


def test_a_changed_synonym_finds_without_a_new_index(studio: Studio) -> None:
    studio.artist.registers("prp_lamp", name="Brass lamp")
    studio.follows()
    before = studio.viewer.get("/search?q=luminaire").total

    changed = studio.admin.patch("/synonyms", {"text": "lamp = luminaire = 灯具"})

    assert (changed.status, changed.revision, changed.text) == (200, 1, "lamp = luminaire = 灯具\n")
    assert (before, studio.viewer.get("/search?q=luminaire").total, studio.viewer.get("/search?q=燈具").total) == (
        0,
        1,
        1,
    )
    assert studio.viewer.get("/synonyms").text == "lamp = luminaire = 灯具\n"


def test_what_is_shipped_holds_until_somebody_changes_it(studio: Studio) -> None:
    found = studio.viewer.get("/synonyms")

    assert "digidouble = digital double = 数字替身" in found.text
    assert (found.revision, found.updated_at) == (0, None)


def test_a_line_that_is_wrong_is_refused_with_its_number(studio: Studio) -> None:
    refused = studio.admin.patch("/synonyms", {"text": "lamp = luminaire\nlamp"})

    assert (refused.status, refused.code) == (422, "bad-synonyms")
    assert "line 2: 1 words; 2 to 20 belong between equals signs" in refused.message


def test_only_those_who_curate_change_synonyms(studio: Studio) -> None:
    assert studio.artist.patch("/synonyms", {"text": "lamp = luminaire"}).status == 403


def test_a_change_is_told_by_the_lines_that_came_and_went(studio: Studio) -> None:
    studio.admin.patch("/synonyms", {"text": "lamp = luminaire\nwolf = lupus"})
    studio.admin.patch("/synonyms", {"text": "lamp = luminaire\nwolf = 狼"})
    unchanged = studio.admin.patch("/synonyms", {"text": "lamp = luminaire\r\nwolf = 狼  \r\n"})

    entries = [one for one in studio.entries() if one["type"] == "synonyms.changed/1"]
    assert len(entries) == 2
    assert unchanged.revision == 2


def test_synonyms_are_changed_on_a_page_and_by_nobody_who_has_not_seen_the_latest(studio: Studio) -> None:
    curator = visitor(studio, studio.admin)
    page = curator.opens("/admin/synonyms")
    revision = re.search(r'name="revision" value="(\d+)"', page.html)
    form = {"csrf_token": page.csrf, "revision": revision[1] if revision else "", "text": "lamp = luminaire"}

    saved = curator.forges("/admin/synonyms", **form)
    late = curator.forges("/admin/synonyms", **{**form, "text": "lamp = lantern"})

    assert (saved.status, saved.location) == (303, "/admin/synonyms")
    assert studio.viewer.get("/synonyms").text == "lamp = luminaire\n"
    assert late.status == 412
    assert "lamp = lantern" in late.html
