"""What every page says to browsers, and what it says when something is refused or breaks."""

from __future__ import annotations

import gzip
import re
from dataclasses import replace

import pytest

from catalog.app.web import create_app
from catalog.kernel.errors import Unavailable
from catalog.web.stationery import STYLES, stationery
from tests.studio import Studio
from tests.visitors import Visitor, give_password, stranger, visitor

POLICY = (
    "default-src 'none'; img-src 'self'; style-src 'self'; script-src 'self'; connect-src 'self'; media-src 'self'; "
    "frame-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)


@pytest.mark.parametrize("path", ["/assets", "/me/tokens", "/jobs", "/health", "/assets/nothing_here", "/nowhere"])
def test_every_page_is_kept_to_itself(studio: Studio, path: str) -> None:
    page = visitor(studio, studio.admin).opens(path)

    assert page.header("Content-Security-Policy") == POLICY
    assert page.header("X-Content-Type-Options") == "nosniff"
    assert page.header("Referrer-Policy") == "same-origin"
    assert page.header("Cache-Control") == "private, no-cache"


@pytest.mark.parametrize("base_url,said", [("https://studio.test", "same-origin"), ("http://studio.test", "")])
def test_a_trusted_address_shares_no_window_with_others(studio: Studio, base_url: str, said: str) -> None:
    settings = studio.house.settings.model_copy(update={"base_url": base_url})
    app = create_app(replace(studio.house, settings=settings))

    page = Visitor(client=app.test_client()).opens("/sign-in")

    assert page.header("Cross-Origin-Opener-Policy") == said


def test_no_page_has_a_style_or_script_of_its_own(studio: Studio) -> None:
    studio.artist.publishes("prp_lamp")
    admin = visitor(studio, studio.admin)

    for path in ("/assets", "/assets/prp_lamp", "/assets/prp_lamp/versions/1", "/jobs", "/me/tokens", "/sign-in"):
        html = admin.opens(path).html
        assert " style=" not in html
        assert "<style" not in html
        assert " onclick=" not in html
        assert html.count("<script") == len(
            re.findall(r'<script (?:type="module" )?src="/static/[^"]+"(?: defer)?></script>', html)
        )


def test_no_style_is_sent_twice() -> None:
    assert len(set(STYLES)) == len(STYLES)


def test_a_form_may_lead_to_the_public_address_of_the_store(studio: Studio) -> None:
    settings = studio.house.settings.model_copy(update={"s3_public_endpoint_url": "https://s3.studio.test:9000/x"})
    app = create_app(replace(studio.house, settings=settings))

    page = Visitor(client=app.test_client()).opens("/sign-in")

    assert "form-action 'self' https://s3.studio.test:9000;" in page.header("Content-Security-Policy")
    assert "connect-src 'self' https://s3.studio.test:9000;" in page.header("Content-Security-Policy")


def test_what_pages_are_made_with_is_kept_for_good_under_its_own_stamp(studio: Studio) -> None:
    someone = stranger(studio)
    style = next(link for link in someone.opens("/sign-in").links if link.endswith(".css"))

    now, before = someone.opens(style), someone.opens("/static/an-older-one/reprise.css")

    assert style == f"/static/{stationery().stamp}/reprise.css"
    assert now.header("Cache-Control") == "public, max-age=31536000, immutable"
    assert now.header("Content-Type") == "text/css; charset=utf-8"
    assert before.header("Cache-Control") == "no-cache"
    assert before.response.data == now.response.data
    assert someone.opens("/static/x/nothing.js").status == 404


def test_what_pages_are_made_with_travels_packed_where_the_browser_unpacks(studio: Studio) -> None:
    address = f"/static/{stationery().stamp}/reprise.css"

    plain = stranger(studio).opens(address)
    packed = stranger(studio).opens(address, Accept_Encoding="gzip, br")

    assert plain.header("Content-Encoding") == ""
    assert packed.header("Content-Encoding") == "gzip"
    assert "Accept-Encoding" in packed.response.vary
    assert "Accept-Encoding" in plain.response.vary
    assert gzip.decompress(packed.response.data) == plain.response.data
    assert len(packed.response.data) * 3 < len(plain.response.data)


def test_every_dominant_color_has_a_class() -> None:
    style = stationery().sheets["reprise.css"].body.decode()

    assert [f".dc-{at:02x} " in style for at in range(64)] == [True] * 64
    assert ".dc-1b { --dc: #55aaff; }" in style


def test_an_unknown_address_is_a_page_that_leads_back(studio: Studio) -> None:
    page = visitor(studio, studio.viewer).opens("/nowhere/at/all")

    assert page.status == 404
    assert page.title == "There is nothing here – Reprise"
    assert "/assets" in page.links


def test_an_unknown_address_leads_strangers_to_the_door(studio: Studio) -> None:
    page = stranger(studio).opens("/nowhere")

    assert page.status == 404
    assert "/sign-in" in page.links


def test_a_refusal_names_its_request(studio: Studio) -> None:
    page = visitor(studio, studio.viewer).opens("/assets/nothing_here", X_Request_ID="mine-1")

    assert page.header("X-Request-ID") == "mine-1"
    assert "Request id mine-1" in page.text


def test_a_part_that_does_not_answer_is_said_to_and_asked_again_later(studio: Studio) -> None:
    class Silent:
        seq = 0

        def search(self, _query: object) -> None:
            raise Unavailable("the search index cannot be read; run `catalog admin reindex`")

    app = create_app(replace(studio.house, index=Silent()))  # type: ignore[arg-type]  # an index that is broken
    _ = studio.viewer
    give_password(studio, "vic")
    someone = Visitor(client=app.test_client())
    someone.signs_in("vic")

    page = someone.opens("/assets")

    assert page.status == 503
    assert page.header("Retry-After") == "2"
    assert "The search index cannot be read; run `catalog admin reindex`." in page.text


def test_a_defect_says_nothing_of_what_is_inside(studio: Studio) -> None:
    class Broken:
        seq = 0

        def search(self, _query: object) -> None:
            raise ZeroDivisionError("the secret of the house")

    app = create_app(replace(studio.house, index=Broken()))  # type: ignore[arg-type]  # an index that is broken
    _ = studio.viewer
    give_password(studio, "vic")
    someone = Visitor(client=app.test_client())
    someone.signs_in("vic")

    page = someone.opens("/assets")

    assert page.status == 500
    assert page.title == "Something broke – Reprise"
    assert "secret of the house" not in page.html
    assert "ZeroDivisionError" not in page.html


def test_wrong_methods_are_refused_with_a_page(studio: Studio) -> None:
    artist = visitor(studio, studio.artist)

    assert artist.forges("/assets", csrf_token=artist.opens("/me").csrf).status == 405


def test_only_the_script_that_hashes_files_may_compile(studio: Studio) -> None:
    page = visitor(studio, studio.artist).opens("/register")
    worker = next(link for link in re.findall(r'data-digest="([^"]+)"', page.html))

    policy = stranger(studio).opens(worker).header("Content-Security-Policy")

    assert policy == "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'"
    assert "wasm-unsafe-eval" not in page.header("Content-Security-Policy")
