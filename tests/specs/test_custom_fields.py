"""Custom fields: defined by administrators, carried by assets, told by the ledger, retired without loss."""

from __future__ import annotations

import html
import json
import re

import pytest

from tests.studio import Studio
from tests.visitors import visitor


def defines(studio: Studio, name: str, kind: str = "exact", **said: str) -> None:
    assert studio.admin.post("/fields", {"name": name, "type": kind, **said}).status == 201


def _hidden(html: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', html)
    assert found
    return found[1]


def test_an_asset_carries_the_values_of_fields_that_are_defined(studio: Studio) -> None:
    defines(studio, "vendor", label="Vendor", label_zh="供应商")
    defines(studio, "rating", "number", unit="pt")
    defines(studio, "story", "text")

    registered = studio.artist.registers("prp_lamp", fields={"vendor": "Acme", "rating": "4.50", "story": "A barn."})
    changed = studio.artist.patch("/assets/prp_lamp", {"fields": {"rating": 5, "story": None}})

    assert (registered.status, registered.fields) == (201, {"rating": 4.5, "story": "A barn.", "vendor": "Acme"})
    assert (changed.status, changed.fields) == (200, {"rating": 5, "vendor": "Acme"})
    assert studio.viewer.get("/assets/prp_lamp").fields == {"rating": 5, "vendor": "Acme"}


def test_a_field_that_is_not_defined_is_refused_with_the_nearest(studio: Studio) -> None:
    defines(studio, "rating", "number")

    refused = studio.artist.registers("prp_lamp", fields={"ratting": 4})

    assert (refused.status, refused.code) == (422, "unknown-field")
    assert refused.message == "fields.ratting: there is no field 'ratting'; 'rating' is near"
    assert refused.errors == [{"field": "fields.ratting", "message": "there is no field 'ratting'; 'rating' is near"}]


def test_a_value_that_is_neither_text_nor_number_is_refused(studio: Studio) -> None:
    defines(studio, "rating", "number")

    values: list[object] = [True, [4], {}, "x"]
    answers = [studio.artist.registers("prp_lamp", fields={"rating": value}).status for value in values]

    assert answers == [422, 422, 422, 422]


def test_only_administrators_define_fields_and_all_see_them(studio: Studio) -> None:
    said = {"name": "vendor", "type": "exact", "label": "Vendor", "description": "who sold it"}

    assert studio.pipeline.post("/fields", said).status == 403
    assert studio.admin.post("/fields", said).status == 201

    (field,) = studio.viewer.get("/fields").items
    assert (field["name"], field["type"], field["label"], field["description"], field["retired_at"]) == (
        "vendor",
        "exact",
        "Vendor",
        "who sold it",
        None,
    )


def test_names_that_searches_know_or_that_are_taken_are_refused(studio: Studio) -> None:
    defines(studio, "vendor")

    known = studio.admin.post("/fields", {"name": "kind", "type": "text"})
    taken = studio.admin.post("/fields", {"name": "vendor", "type": "text"})
    unit = studio.admin.post("/fields", {"name": "wool", "type": "text", "unit": "kg"})

    assert (known.status, known.message) == (
        422,
        "field name 'kind' is one that searches know already; 'studio_kind' would do",
    )
    assert (taken.status, taken.message) == (409, "there is a field 'vendor' already; choose another name")
    assert (unit.status, unit.message) == (422, "unit 'kg': only numbers have a unit, this field is text")


def test_a_retired_field_is_neither_seen_nor_set_and_comes_back_with_its_values(studio: Studio) -> None:
    defines(studio, "vendor")
    studio.artist.registers("prp_lamp", fields={"vendor": "Acme"})

    retired = studio.admin.post("/fields/vendor/retirement")
    unseen = studio.artist.get("/assets/prp_lamp").fields
    refused = studio.artist.patch("/assets/prp_lamp", {"fields": {"vendor": "Other"}})
    renamed = studio.artist.patch("/assets/prp_lamp", {"name": "Lamp"})
    again = studio.admin.post("/fields", {"name": "vendor", "type": "text"})
    back = studio.admin.delete("/fields/vendor/retirement")

    assert (retired.status, unseen, refused.status, renamed.status) == (200, {}, 422, 200)
    assert (again.status, again.message) == (409, "there is a field 'vendor' already; it is retired; reinstate it")
    assert (back.status, back.retired_at) == (200, None)
    assert studio.artist.get("/assets/prp_lamp").fields == {"vendor": "Acme"}


def test_the_ledger_tells_of_fields_and_of_each_value_that_changed(studio: Studio) -> None:
    defines(studio, "rating", "number")
    studio.artist.registers("prp_lamp", fields={"rating": 3})
    studio.artist.patch("/assets/prp_lamp", {"fields": {"rating": 4}})
    studio.artist.patch("/assets/prp_lamp", {"fields": {"rating": "4.0"}})
    studio.admin.patch("/fields/rating", {"label": "Rating"})
    studio.admin.post("/fields/rating/retirement")
    studio.admin.delete("/fields/rating/retirement")

    told = [(one["type"], one["values"]) for one in studio.entries()]
    assert told[-5:] == [
        ("asset.registered/1", {"code": "prp_lamp", "title": "prp_lamp", "kind": "prop"}),
        ("asset.changed/1", {"changes": {"fields.rating": [3, 4]}}),
        ("field.changed/1", {"field": "rating", "changes": {"label": ["rating", "Rating"]}}),
        ("field.retired/1", {"field": "rating"}),
        ("field.reinstated/1", {"field": "rating"}),
    ]


def test_a_change_of_a_field_that_another_has_changed_is_refused(studio: Studio) -> None:
    defines(studio, "vendor")
    studio.admin.patch("/fields/vendor", {"label": "Vendor"}, if_match='"1"')

    late = studio.admin.patch("/fields/vendor", {"label": "Seller"}, if_match='"1"')

    assert late.status == 412


def test_there_are_no_more_fields_than_a_form_can_show(studio: Studio) -> None:
    for number in range(50):
        defines(studio, f"extra{number}")

    refused = studio.admin.post("/fields", {"name": "extra50", "type": "text"})
    studio.admin.post("/fields/extra7/retirement")
    room = studio.admin.post("/fields", {"name": "extra50", "type": "text"})
    back = studio.admin.delete("/fields/extra7/retirement")

    assert (refused.status, room.status, back.status) == (409, 201, 409)
    assert refused.message == "there are 50 fields in use, which is the most; retire one first"
    assert len(studio.viewer.get("/fields?limit=200").items) == 51


def test_an_import_carries_values_and_refuses_the_rows_that_are_wrong(studio: Studio) -> None:
    defines(studio, "rating", "number")
    rows = [
        {"row": number, "code": f"prp_n{number}", "name": "N", "kind": "prop", "fields": {"rating": rating}}
        for number, rating in ((1, "3"), (2, "high"))
    ]

    answer = studio.admin.post("/imports?import=june", "\n".join(map(json.dumps, rows)).encode())

    assert [one["outcome"] for one in answer.items] == ["registered", "refused"]
    assert "'high' is no number" in answer.items[1]["message"]
    assert studio.viewer.get("/assets/prp_n1").fields == {"rating": 3}


def test_a_field_is_defined_described_and_retired_on_its_page(studio: Studio) -> None:
    admin = visitor(studio, studio.admin)
    form = {"name": "weight", "type": "number", "label": "Weight", "label_zh": "重量", "unit": "kg", "description": ""}

    made = admin.sends("/admin/fields", found_on="/admin/fields", **form)
    listed = admin.opens("/admin/fields").text
    changed = admin.sends("/admin/fields/weight", found_on="/admin/fields/weight", revision="1", label="Mass")
    retired = admin.sends("/admin/fields/weight/retirement", found_on="/admin/fields/weight", revision="2")
    gone = studio.viewer.get("/fields/weight")
    back = admin.sends("/admin/fields/weight/retirement", found_on="/admin/fields/weight", revision="3", back="yes")

    assert [one.location for one in (made, changed, retired, back)] == ["/admin/fields"] * 4
    assert "weight Weight Number kg in use" in listed
    assert (gone.label, gone.retired_at is not None) == ("Mass", True)
    assert studio.viewer.get("/fields/weight").retired_at is None


def test_a_field_that_is_refused_stands_in_its_form_as_it_was_typed(studio: Studio) -> None:
    admin = visitor(studio, studio.admin)

    name = admin.sends("/admin/fields", found_on="/admin/fields", name="Bad Name", type="text", label="Kept")
    kind = admin.sends("/admin/fields", found_on="/admin/fields", name="good", type="date", label="Kept")

    assert (name.status, 'value="Bad Name"' in name.html, 'value="Kept"' in name.html) == (422, True, True)
    assert (kind.status, "none of text, exact, number" in kind.text) == (422, True)


def test_values_are_edited_and_shown_on_the_pages_of_an_asset(studio: Studio) -> None:
    defines(studio, "weight", "number", label="Weight", label_zh="重量", unit="kg")
    defines(studio, "story", "text", label="Story")
    studio.artist.registers("prp_lamp", fields={"weight": 2.5, "story": "A barn."})
    artist = visitor(studio, studio.artist)
    page = artist.opens("/assets/prp_lamp/edit")
    form = {name: _hidden(page.html, name) for name in ("csrf_token", "revision", "seen")}

    saved = artist.forges("/assets/prp_lamp/edit", **form, **{"fields.weight": "0", "fields.story": "A barn."})
    shown = artist.opens("/assets/prp_lamp").text
    history = artist.opens("/assets/prp_lamp/history").text
    form["revision"] = _hidden(artist.opens("/assets/prp_lamp/edit").html, "revision")
    wrong = artist.forges("/assets/prp_lamp/edit", **form, **{"fields.weight": "heavy"})

    assert (saved.status, studio.viewer.get("/assets/prp_lamp").fields) == (303, {"story": "A barn.", "weight": 0})
    assert "Weight 0 kg" in shown
    assert "Story A barn." in shown
    assert re.search("Weight.{0,12}2\\.5.{0,12} 0 ", history)
    assert (wrong.status, "is no number" in wrong.text, 'value="heavy"' in wrong.html) == (422, True, True)


def test_values_are_typed_where_an_asset_is_registered(studio: Studio) -> None:
    defines(studio, "weight", "number", label="Weight", unit="kg")
    artist = visitor(studio, studio.artist)

    assert 'name="fields.weight"' in artist.opens("/register").html


def test_values_are_searched_as_soon_as_they_are_followed_and_no_longer_once_retired(studio: Studio) -> None:
    studio.artist.registers("prp_lamp", name="Lamp")
    studio.settles()
    defines(studio, "weight", "number", unit="kg")
    defines(studio, "vendor")
    studio.artist.patch("/assets/prp_lamp", {"fields": {"weight": 2.5, "vendor": "Acme"}})
    studio.follows()

    before = [studio.viewer.finds(text) for text in ("weight:>2kg ", "vendor:acme ", "acme ")]
    studio.admin.post("/fields/vendor/retirement")
    studio.follows()
    retired = [studio.viewer.finds(text) for text in ("weight:2..3 ", "acme ")]
    studio.admin.delete("/fields/vendor/retirement")
    studio.follows()

    assert (before, retired) == ([["prp_lamp"]] * 3, [["prp_lamp"], []])
    assert studio.viewer.finds("vendor:acme ") == ["prp_lamp"]


def test_a_search_for_a_field_that_is_not_there_offers_the_nearest(studio: Studio) -> None:
    defines(studio, "weight", "number")

    (notice,) = studio.viewer.get("/search?q=wieght:3").notices

    assert (notice["code"], notice["instead"]) == ("unknown-field", "weight")


def test_an_exact_term_on_the_page_of_an_asset_leads_to_all_that_carry_it(studio: Studio) -> None:
    defines(studio, "vendor", label="Vendor")
    studio.artist.registers("prp_lamp", fields={"vendor": "Acme Tools"})
    studio.artist.registers("prp_hook", fields={"vendor": "ACME tools"})
    studio.artist.registers("prp_odd", fields={"vendor": 'The "Tools"'})
    studio.follows()
    viewer = visitor(studio, studio.viewer)

    (link,) = [link for link in viewer.opens("/assets/prp_lamp").links if "vendor" in link]

    assert sorted(viewer.arrives(link).cards) == ["prp_hook", "prp_lamp"]
    assert [one for one in viewer.opens("/assets/prp_odd").links if "vendor" in one] == []


def test_a_value_that_a_query_would_read_otherwise_is_no_link_to_a_search(studio: Studio) -> None:
    defines(studio, "vendor")
    for code, value in (("prp_plain", "ab"), ("prp_star", "ab*"), ("prp_quoted", 'a"b')):
        studio.artist.registers(code)
        assert studio.artist.patch(f"/assets/{code}", {"fields": {"vendor": value}}).status == 200
    artist = visitor(studio, studio.artist)

    links = {
        code: [link for link in artist.opens(f"/assets/{code}").links if "vendor" in link]
        for code in ("prp_plain", "prp_star", "prp_quoted")
    }

    assert links == {"prp_plain": ["/assets?q=vendor:%22ab%22"], "prp_star": [], "prp_quoted": []}


@pytest.fixture
def vendors(studio: Studio) -> Studio:
    """Three assets of two vendors, which searches are narrowed by."""
    studio.admin.post("/fields", {"name": "vendor", "type": "exact", "label": "Vendor", "facet": True})
    for code, vendor in (("prp_lamp", "Acme Tools"), ("prp_hook", "ACME tools"), ("prp_cup", "Other")):
        studio.artist.registers(code, fields={"vendor": vendor})
    studio.artist.registers("prp_bare")
    studio.settles()
    return studio


def test_a_field_that_is_a_facet_narrows_and_is_counted(vendors: Studio) -> None:
    viewer = vendors.viewer
    narrowed = viewer.get("/search?field=vendor%3DAcme%20Tools&facets=fields.vendor,kind&sort=name")
    without = viewer.get("/search?field=-vendor%3Dacme%20tools&field=-vendor%3Dother")
    unknown, unread = viewer.get("/search?field=fabric%3Dlinen"), viewer.get("/search?field=vendor")

    assert [one["code"] for one in narrowed.items] == ["prp_hook", "prp_lamp"]
    assert [(one["value"], one["count"], one["selected"]) for one in narrowed.facets["fields.vendor"]] == [
        ("acme tools", 2, True),
        ("other", 1, False),
    ]
    assert [(one["value"], one["count"]) for one in narrowed.facets["kind"]] == [("prop", 2)]
    assert [one["code"] for one in without.items] == ["prp_bare"]
    assert (unknown.status, unknown.code) == (422, "unknown-facet")
    assert (unread.status, unread.code) == (422, "bad-field-value")


def test_only_exact_terms_are_facets_and_it_can_be_taken_back(vendors: Studio) -> None:
    refused = vendors.admin.post("/fields", {"name": "weight", "type": "number", "facet": True})
    changed = vendors.admin.patch("/fields/vendor", {"facet": False})

    assert (refused.status, refused.code) == (422, "bad-facet")
    assert changed.facet is False
    assert vendors.viewer.get("/search?facets=fields.vendor").code == "unknown-facet"
    assert vendors.viewer.get("/search?field=vendor%3Dother").total == 1
    assert "Vendor" not in visitor(vendors, vendors.viewer).opens("/assets").text


def test_the_search_page_offers_the_values_of_a_facet_without_scripts(vendors: Studio) -> None:
    viewer = visitor(vendors, vendors.viewer)
    page = viewer.opens("/assets")
    (toggle,) = [link for link in page.links if link == "/assets?fields.vendor=acme+tools"]

    narrowed = viewer.arrives(toggle)
    all_values = viewer.opens("/assets/facet/fields.vendor?named=oth")

    assert 'name="fields.vendor" value="other"' in page.html
    assert sorted(narrowed.cards) == ["prp_hook", "prp_lamp"]
    assert "Vendor acme tools" in narrowed.text
    assert (all_values.title, "other" in all_values.text) == ("Vendor: all values – Reprise", True)
    assert "acme tools" not in all_values.text


def test_a_facet_is_kept_with_a_search_and_taken_along_by_bulk_edits_and_exports(vendors: Studio) -> None:
    kept = vendors.artist.post("/searches", {"title": "Tools", "query": "fields.vendor=acme tools"})
    edit = vendors.pipeline.post("/edits", {"search": "fields.vendor=acme+tools", "add_tags": ["tool"]})
    exported = visitor(vendors, vendors.viewer).opens("/assets.csv?fields.vendor=acme+tools")

    assert (kept.status, kept.query) == (201, "fields.vendor=acme+tools")
    assert edit.planned == 2
    assert exported.status == 200


@pytest.fixture
def colds(studio: Studio) -> Studio:
    """Two assets, whose exact terms and tags differ by a minus."""
    studio.admin.post("/fields", {"name": "temperature", "type": "exact", "label": "Temperature", "facet": True})
    studio.artist.registers("prp_ice", fields={"temperature": "-40c"}, tags=["-v"])
    studio.artist.registers("prp_tea", fields={"temperature": "40c"}, tags=["v"])
    studio.settles()
    return studio


@pytest.mark.parametrize(
    "said, found",
    [
        ('field=temperature="-40c"', ["prp_ice"]),
        ("field=temperature=40c", ["prp_tea"]),
        ("field=-temperature=-40c", ["prp_tea"]),
        ("field=temperature=-40c", ["prp_ice"]),
        ("field=-temperature=40c", ["prp_ice"]),
        ('tag="-v"', ["prp_ice"]),
        ("tag=-v", ["prp_ice"]),
        ("tag=--v", ["prp_tea"]),
    ],
)
def test_a_value_that_begins_with_a_minus_is_told_from_one_that_is_left_out(
    colds: Studio, said: str, found: list[str]
) -> None:
    answer = colds.viewer.get(f"/search?{said}")

    assert [one["code"] for one in answer.items] == found


def test_a_value_that_begins_with_a_minus_is_chosen_taken_off_and_left_out_on_the_page(colds: Studio) -> None:
    viewer = visitor(colds, colds.viewer)
    page = viewer.opens("/assets")

    chosen = viewer.arrives("/assets?fields.temperature=%22-40c%22")
    left_out = viewer.arrives("/assets?-fields.temperature=-40c")
    as_before = viewer.opens("/assets?fields.temperature=-40c")

    assert {"/assets?fields.temperature=%22-40c%22", "/assets?-fields.temperature=-40c"} <= set(page.links)
    assert 'name="fields.temperature" value="&#34;-40c&#34;"' in page.html
    assert (chosen.cards, "Temperature -40c" in chosen.text) == (["prp_ice"], True)
    assert (left_out.cards, as_before.location) == (["prp_tea"], "/assets?-fields.temperature=40c")
    assert "/assets" in chosen.links


@pytest.mark.parametrize(
    "narrowed, found",
    [("fields.temperature=%22-40c%22", ["prp_ice"]), ("-tag=none&-fields.temperature=-40c", ["prp_tea"])],
)
def test_the_call_that_answers_a_search_narrowed_by_a_field_finds_the_same(
    colds: Studio, narrowed: str, found: list[str]
) -> None:
    viewer = visitor(colds, colds.viewer)
    page = viewer.opens(f"/assets?{narrowed}")
    shown = viewer.opens(next(link for link in page.links if link.startswith("/docs/api/search")))

    called = re.search(r"/api/v1(/search\?[^ &]*(?:&amp;[^ &]*)*)", shown.html)

    assert called
    answer = colds.viewer.get(html.unescape(called[1]).rstrip("'\""))
    assert (page.cards, [one["code"] for one in answer.items]) == (found, found)


def test_links_and_suggestions_of_a_tag_that_begins_with_a_minus_lead_to_what_has_it(colds: Studio) -> None:
    suggested = colds.viewer.get("/search/suggestions?q=v").items
    links = visitor(colds, colds.viewer).opens("/assets/prp_ice").links

    assert "/assets?tag=%22-v%22" in links
    assert {one["query"] for one in suggested if one["kind"] == "tag"} == {"tag=v", "tag=%22-v%22"}


def test_a_search_that_is_kept_and_a_bulk_edit_tell_a_minus_of_the_value_from_leaving_out(colds: Studio) -> None:
    kept = colds.artist.post("/searches", {"title": "Cold", "query": 'fields.temperature="-40c"'})
    edit = colds.pipeline.post("/edits", {"search": kept.query, "add_tags": ["cold"]})
    words = visitor(colds, colds.artist).opens("/searches").text

    assert kept.query == "fields.temperature=%22-40c%22"
    assert [one["code"] for one in colds.artist.get(f"/searches/{kept.id}/assets").items] == ["prp_ice"]
    assert edit.planned == 1
    assert "Temperature: -40c" in words


def test_administrators_offer_a_field_as_a_facet_on_its_page(studio: Studio) -> None:
    admin = visitor(studio, studio.admin)
    made = admin.sends("/admin/fields", found_on="/admin/fields", name="vendor", type="exact", facet="yes")
    page = admin.opens("/admin/fields/vendor")
    revision = _hidden(page.html, "revision")
    changed = admin.sends("/admin/fields/vendor", found_on="/admin/fields/vendor", revision=revision, label="Vendor")

    assert (made.status, changed.status) == (303, 303)
    assert 'name="facet" value="yes" checked' in page.html
    assert studio.admin.get("/fields/vendor").facet is False
