"""Models turn in a real browser, with the decoders that we serve and nothing from anywhere else."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from playwright.sync_api import FrameLocator, Page, expect

from tests.surfaces.browser.looking import Looking, becomes

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("fetched")]

LAMP, HARBOR, TAKE = (
    f"/assets/{path}" for path in ("prp_lamp/versions/2", "env_harbor/versions/1", "mcp_take/versions/1")
)
PATIENCE_MS = 120_000
"""Graphics are computed by the processor here, beside other tests."""
TURNED = "document.querySelector('model-viewer').getCameraOrbit().theta"


def _shown(page: Page | FrameLocator) -> Page | FrameLocator:
    """Wait until the model is there and can be turned."""
    expect(page.locator("html[data-shown]")).to_be_attached(timeout=PATIENCE_MS)
    return page


def _viewed(looking: Looking, version: str) -> Page:
    page = looking.at(f"{version}/view3d")
    _shown(page)
    return page


def test_what_draco_has_packed_is_shown_in_true_size(looking: Looking) -> None:
    page = _viewed(looking, LAMP)

    expect(page.locator("#size")).to_have_text("1 × 2 × 3 m")


def test_what_meshopt_has_packed_is_shown_and_claims_no_meters(looking: Looking) -> None:
    page = _viewed(looking, TAKE)

    expect(page.locator("#size")).to_have_text("1 × 2 × 3 units of its file, which does not say how long they are")
    expect(page.get_by_label("1.8 m figure")).to_be_hidden()


def test_a_picture_of_basis_universal_is_on_the_model(looking: Looking) -> None:
    page = _viewed(looking, HARBOR)

    def greenest() -> int:
        seen = Image.open(io.BytesIO(page.locator("model-viewer").screenshot(timeout=PATIENCE_MS))).convert("RGB")
        red, green, blue = seen.resize((1, 1), Image.Resampling.BOX, _middle(seen)).getpixel((0, 0))  # type: ignore[misc]  # RGB
        return int(green - max(red, blue))

    becomes(page, lambda: greenest() > 60)


def _middle(picture: Image.Image) -> tuple[int, int, int, int]:
    width, height = picture.size
    return width // 2 - 20, height // 2 - 20, width // 2 + 20, height // 2 + 20


def test_the_view_comes_in_a_frame_when_it_is_asked_for_and_goes_again(looking: Looking) -> None:
    page = looking.at(LAMP)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    page.get_by_role("button", name="View in 3D").click()
    frame = page.frame_locator("iframe[title='3D view of Market lamp, version 2']")
    _shown(frame)

    expect(frame.locator("#size")).to_have_text("1 × 2 × 3 m")
    assert any("model-viewer" in url for url in asked)
    page.get_by_role("button", name="Back to the picture").click()
    expect(page.locator("iframe")).to_have_count(0)
    expect(page.get_by_role("img", name="Picture of Market lamp, version 2")).to_be_visible()


def test_nothing_of_the_viewer_is_loaded_before_somebody_asks(looking: Looking) -> None:
    page = looking.at(LAMP)

    loaded = page.evaluate("performance.getEntriesByType('resource').map((one) => one.name)")

    assert [name for name in loaded if "model-viewer" in name or "view3d" in name or "decoder" in name] == []


def test_a_figure_stands_beside_the_model(looking: Looking) -> None:
    page = _viewed(looking, LAMP)

    page.get_by_label("1.8 m figure").check()

    expect(page.locator("extra-model")).to_be_attached()
    expect(page.locator("#size")).to_have_text("1 × 2 × 3 m")


def test_the_model_is_turned_by_keys(looking: Looking) -> None:
    page = _viewed(looking, LAMP)
    viewer = page.get_by_label("3D model of Market lamp, version 2").first

    viewer.focus()
    before = page.evaluate(TURNED)
    for _ in range(3):
        page.keyboard.press("ArrowLeft")

    page.wait_for_function(f"(before) => {TURNED} !== before", arg=before, timeout=PATIENCE_MS)


def test_without_javascript_the_link_leads_to_the_picture_and_says_why(looking: Looking) -> None:
    page = looking.at(LAMP, scripts=False)

    page.get_by_role("link", name="View in 3D").click()

    page.wait_for_url("**/view3d")
    expect(page.get_by_role("img", name="Picture of Market lamp, version 2")).to_be_visible()
    expect(page.locator("#size")).to_have_text("Models are turned by JavaScript, which is off; this is their picture.")
