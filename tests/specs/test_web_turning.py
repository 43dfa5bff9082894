"""The page of the 3D view, as it answers: its own rules for browsers, and what it says where nothing can be turned."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalog.media.facts import Notebook
from catalog.media.readers.gltf import load
from catalog.web.stationery import stationery
from tests import packed_models
from tests.files import png
from tests.judges import gltf_faults
from tests.modeled import gives_model
from tests.studio import Studio
from tests.visitors import Visitor, WebPage, visitor

VIEW = "/assets/prp_lamp/versions/1/view3d"


@pytest.fixture
def artist(studio: Studio) -> Visitor:
    studio.artist.publishes("prp_lamp", {"lamp.png": png(320, 240)}, name="Lamp")
    studio.settles()
    return visitor(studio, studio.artist)


def _policy(page: WebPage) -> str:
    return page.header("Content-Security-Policy")


def test_only_the_view_may_run_decoders_and_stand_in_a_frame_of_ours(studio: Studio, artist: Visitor) -> None:
    gives_model(studio, "prp_lamp", 1, packed_models.by_draco())

    view, version = artist.opens(VIEW), artist.opens("/assets/prp_lamp/versions/1")

    assert view.status == 200
    assert "script-src 'self' 'wasm-unsafe-eval';" in _policy(view)
    assert "worker-src 'self' blob:;" in _policy(view)
    assert "frame-ancestors 'self';" in _policy(view)
    assert view.header("X-Frame-Options") == "SAMEORIGIN"
    assert ("unsafe-eval" in _policy(version), version.header("X-Frame-Options")) == (False, "DENY")
    assert "unsafe-inline" not in _policy(view)


def test_text_is_run_only_for_a_model_whose_pictures_need_it(studio: Studio, artist: Visitor) -> None:
    gives_model(studio, "prp_lamp", 1, packed_models.with_basis_picture())

    assert "script-src 'self' 'wasm-unsafe-eval' 'unsafe-eval';" in _policy(artist.opens(VIEW))


def test_a_version_without_a_model_has_no_view_and_no_way_to_it(artist: Visitor) -> None:
    missing, version = artist.opens(VIEW), artist.opens("/assets/prp_lamp/versions/1")

    assert missing.status == 404
    assert "Version 1 of prp_lamp has no model to turn" in missing.text
    assert VIEW not in version.links


@pytest.mark.parametrize("page", ["/assets/prp_lamp", "/assets/prp_lamp/versions/1"])
def test_the_pages_of_an_asset_lead_to_the_view(studio: Studio, artist: Visitor, page: str) -> None:
    gives_model(studio, "prp_lamp", 1, packed_models.by_draco())
    if "model-viewer.min.js" not in stationery().sheets:
        pytest.skip("catalog/web/vendor is empty: run scripts/frontend")

    shown = artist.opens(page)

    assert VIEW in shown.links
    assert "View in 3D" in shown.text


def test_without_javascript_the_view_is_the_picture_and_says_why(studio: Studio, artist: Visitor) -> None:
    gives_model(studio, "prp_lamp", 1, packed_models.by_draco())

    view = artist.opens(VIEW)

    assert view.title == "3D view of Lamp, version 1 – Reprise"
    assert 'alt="Picture of Lamp, version 1"' in view.html
    assert "geo/box.glb" in view.text
    assert "/assets/prp_lamp/versions/1" in view.links


def test_a_model_of_a_format_without_units_claims_no_meters(studio: Studio, artist: Visitor) -> None:
    gives_model(studio, "prp_lamp", 1, packed_models.by_draco(), path="geo/box.obj")

    assert "data-metric" not in artist.opens(VIEW).html


def test_the_figure_is_a_sound_model_of_a_grown_person(tmp_path: Path) -> None:
    figure = stationery().sheets["figure.glb"]
    (tmp_path / "figure.glb").write_bytes(figure.body)

    document, _ = load(str(tmp_path / "figure.glb"), Notebook())

    low, high = document["accessors"][1]["min"][1], document["accessors"][1]["max"][1]
    assert (low, high) == (0, pytest.approx(1.8))
    assert figure.media_type == "model/gltf-binary"
    assert gltf_faults([tmp_path / "figure.glb"]) == []
