"""Saved searches as pages, without JavaScript: kept from the search page, told of, seen, changed and removed."""

from __future__ import annotations

import re

import pytest

from catalog.accounts.vocabulary import Role
from catalog.collections.vocabulary import NEWS_MAX
from catalog.kernel.batches import in_batches
from tests.studio import Studio, ndjson
from tests.visitors import Visitor, WebPage, visitor


@pytest.fixture
def artist(studio: Studio) -> Visitor:
    studio.artist.registers("prp_lamp", name="Lamp")
    studio.follows()
    return visitor(studio, studio.artist)


@pytest.fixture
def lamps(artist: Visitor) -> str:
    """The address of a search that the artist keeps."""
    return keeps(artist, "Lamps", "q=lamp&kind=prop")


def keeps(visitor: Visitor, title: str, query: str, **said: str) -> str:
    visitor.sends("/searches", found_on=f"/searches/new?{query}", title=title, query=query, **said)
    return next(link for link in visitor.opens("/searches").links if re.fullmatch(r"/searches/[0-9a-f-]{36}", link))


def cards(page: WebPage) -> list[str]:
    found: list[str] = re.findall(r'<li class="card"[^>]* id="card-(?:[0-9a-f-]{36}-)?(\w+)"', page.html)
    return found


def test_the_search_page_leads_to_keeping_what_is_searched(artist: Visitor) -> None:
    page = artist.opens("/assets?q=lamp&kind=prop&sort=name")
    (link,) = (link for link in page.links if link.startswith("/searches/new"))

    form = artist.opens(link)

    assert form.title == "Keep this search – Reprise"
    assert "“lamp” · Kind: Prop" in form.text
    assert 'name="query" value="q=lamp&amp;kind=prop&amp;sort=name"' in form.html
    assert not any(link.startswith("/searches/new") for link in artist.opens("/assets").links)


def test_what_is_kept_is_listed_and_tells_what_is_new_on_every_page(
    studio: Studio, artist: Visitor, lamps: str
) -> None:
    before = artist.opens("/searches")
    studio.artist.registers("prp_lamp_b", name="Lamp B")
    studio.follows()

    listed, alone, elsewhere = artist.opens("/searches"), artist.opens(lamps), artist.opens("/assets")

    assert ("new" in before.text.split("All that it finds")[0], cards(before)) == (False, [])
    assert "1 new" in listed.text
    assert (cards(listed), cards(alone)) == (["prp_lamp_b"], ["prp_lamp_b"])
    assert "1 new asset" in elsewhere.text
    assert "/assets?q=lamp&kind=prop" in listed.links


def test_of_very_much_that_is_new_no_more_is_said_than_is_kept(studio: Studio, artist: Visitor, lamps: str) -> None:
    names = (f"prp_lamp_{number}" for number in range(NEWS_MAX + 100))
    rows = [{"row": at, "code": code, "name": "Lamp", "kind": "prop"} for at, code in enumerate(names)]
    for number, several in enumerate(in_batches(rows, 500)):
        sent = studio.pipeline.post(f"/imports?import=lamps{number}", ndjson(several))
        assert sent.status == 200
    studio.follows()

    listed, alone = artist.opens("/searches"), artist.opens(lamps)

    assert ("1,000 or more new" in listed.text, "1,000 or more new" in alone.text) == (True, True)


def test_what_was_seen_is_new_no_more(studio: Studio, artist: Visitor, lamps: str) -> None:
    studio.artist.registers("prp_lamp_b")
    studio.follows()

    seen = artist.sends(f"{lamps}/look", found_on="/searches")

    assert (seen.status, seen.location) == (303, "/searches")
    assert cards(artist.opens("/searches")) == []
    assert "Nothing new" in artist.opens(lamps).text


def test_one_that_is_kept_already_may_ask_something_else(artist: Visitor, lamps: str) -> None:
    search = lamps.rpartition("/")[2]

    artist.sends("/searches", found_on="/searches/new?q=crate", query="q=crate", title="", instead=search)

    page = artist.opens(lamps)
    assert page.title == "Lamps – Reprise"
    assert "“crate”" in page.text


def test_a_search_without_a_title_is_asked_for_one_again(artist: Visitor) -> None:
    again = artist.sends("/searches", found_on="/searches/new?q=lamp", query="q=lamp", title=" ")

    assert again.status == 422
    assert "Title is empty" in again.text
    assert 'name="query" value="q=lamp"' in again.html


def test_title_query_and_sharing_are_changed_on_its_page(studio: Studio, artist: Visitor, lamps: str) -> None:
    said = {"title": "Crates", "query": "q=crate&-tag=old", "shared": "yes", "revision": "1"}

    artist.sends(lamps, found_on=lamps, **said)

    page, theirs = artist.opens(lamps), visitor(studio, studio.viewer).opens(lamps)
    assert (page.title, theirs.title) == ("Crates – Reprise", "Crates – Reprise")
    assert "“crate” · Tag: not old" in page.text
    assert "Change it" not in theirs.text
    assert "Shared by art" in theirs.text


def test_a_search_is_shown_by_name_on_its_page_and_stands_among_theirs(
    studio: Studio, artist: Visitor, lamps: str
) -> None:
    said = {"title": "Lamps", "query": "q=lamp&kind=prop", "revision": "1"}
    theirs = visitor(studio, studio.viewer)

    artist.sends(lamps, found_on=lamps, shares="vic", **said)
    shown, listed = artist.opens(lamps), theirs.opens("/searches")

    assert "vic</textarea>" in shown.html
    assert "Shared with you Lamps “lamp” · Kind: Prop · art" in listed.text
    assert "Shared by art" in theirs.opens(lamps).text
    assert "vic</textarea>" not in theirs.opens(lamps).html


@pytest.mark.parametrize("shares", ["vic edit", "vic now and then", "@", "nobody"])
def test_a_share_that_names_nobody_to_view_keeps_what_was_typed(artist: Visitor, lamps: str, shares: str) -> None:
    said = {"title": "Lamps", "query": "q=lamp&kind=prop", "revision": "1"}

    refused = artist.sends(lamps, found_on=lamps, shares=shares, **said)

    assert (refused.status, f"{shares}</textarea>" in refused.html) == (422, True)


def test_a_search_that_makes_sense_no_more_is_renamed_and_left_behind(studio: Studio, artist: Visitor) -> None:
    ivy = studio.person("ivy", Role.SUPERVISOR, groups=["vip"])
    alike = keeps(artist, "Alike", "like=prp_lamp")
    ivy.patch("/assets/prp_lamp", {"audience": ["vip"]})

    renamed = artist.sends(alike, found_on=alike, title="As once", query="like=prp_lamp", revision="1")
    looked = artist.sends(f"{alike}/look", found_on=alike)

    assert (renamed.status, looked.status) == (303, 303)
    assert artist.opens(alike).title == "As once – Reprise"


def test_those_who_manage_accounts_rename_and_unshare_but_ask_nothing_else(studio: Studio, artist: Visitor) -> None:
    lamps = keeps(artist, "Lamps", "q=lamp", shared="yes")
    admin = visitor(studio, studio.admin)

    form = admin.opens(lamps)
    admin.sends(lamps, found_on=lamps, title="Lights", shared="yes", revision="1")

    assert ("Show it to the whole studio" in form.text, 'name="query"' in form.html) == (True, False)
    assert admin.opens(lamps).title == "Lights – Reprise"
    assert "“lamp”" in artist.opens(lamps).text


def test_a_query_that_makes_no_sense_is_shown_again(artist: Visitor, lamps: str) -> None:
    again = artist.sends(lamps, found_on=lamps, title="Lamps", query="knid=prop", revision="1")

    assert again.status == 422
    assert "search has" in again.text.lower()
    assert 'value="knid=prop"' in again.html


def test_all_that_others_share_is_reached_page_by_page(studio: Studio, artist: Visitor) -> None:
    for number in range(61):
        studio.artist.post("/searches", {"title": f"Lamps {number}", "query": "q=lamp", "shared": True})
    ann = visitor(studio, studio.person("ann", Role.ARTIST))

    first = ann.opens("/searches")
    (following,) = (link for link in first.links if link.startswith("/searches?cursor="))

    assert ("Lamps 60" in first.text, "Lamps 0" in first.text) == (True, False)
    assert "Lamps 0" in ann.opens(following).text


def test_all_that_others_show_by_name_is_reached_page_by_page(studio: Studio, artist: Visitor) -> None:
    ann = studio.person("ann", Role.ARTIST)
    for number in range(61):
        kept = studio.artist.post("/searches", {"title": f"Lamps {number}", "query": "q=lamp"})
        studio.artist.patch(f"/searches/{kept.id}", {"shares": [{"kind": "user", "name": "ann"}]})
    visits = visitor(studio, ann)

    first = visits.opens("/searches")
    (following,) = (link for link in first.links if link.startswith("/searches?named="))

    assert ("Lamps 60" in first.text, "Lamps 0" in first.text) == (True, False)
    assert "Lamps 0" in visits.opens(following).text


def test_what_is_refused_leads_to_the_words_of_the_query(artist: Visitor) -> None:
    again = artist.sends("/searches", found_on="/searches/new?q=lamp", query=f"q={'x' * 4_000}", title="Long")

    assert again.status == 422
    assert ("#query" in again.links, 'id="query"' in again.html) == (True, True)


def test_what_others_share_may_be_kept_for_oneself(studio: Studio, artist: Visitor) -> None:
    keeps(artist, "Lamps", "q=lamp", shared="yes")
    ann = visitor(studio, studio.person("ann", Role.ARTIST))

    page = ann.opens("/searches")
    (shared,) = (link for link in page.links if re.fullmatch(r"/searches/[0-9a-f-]{36}", link))

    assert "Shared by others" in page.text
    assert "/searches/new?q=lamp" in ann.opens(shared).links


def test_a_removed_search_is_gone(artist: Visitor, lamps: str) -> None:
    artist.sends(f"{lamps}/removal", found_on=lamps)

    assert "None yet" in artist.opens("/searches").text
    assert artist.arrives(lamps).status == 404


def test_a_viewer_is_told_where_shared_searches_appear(studio: Studio) -> None:
    page = visitor(studio, studio.viewer).opens("/searches")

    assert "Searches that others share appear here." in page.text
