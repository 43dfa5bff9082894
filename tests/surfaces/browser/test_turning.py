"""Models turn in a real browser, with the decoders that we serve and nothing from anywhere else."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from playwright.sync_api import FrameLocator, Page, expect

from tests.packed_models import MOVES
from tests.surfaces.browser.looking import NARROW, WIDE, Looking, becomes

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("fetched")]

LAMP, HARBOR, TAKE, BELL = (
    f"/assets/{path}"
    for path in ("prp_lamp/versions/2", "env_harbor/versions/1", "mcp_take/versions/1", "prp_bell/versions/1")
)
PATIENCE_MS = 120_000
"""Graphics are computed by the processor here, beside other tests."""
SEEN = """() => document.querySelector("model-viewer").toDataURL()"""
FILLED = """async () => {
  const viewer = document.querySelector("model-viewer");
  viewer.shadowIntensity = 0;
  for (let frames = 0; frames < 3; frames += 1) await new Promise(requestAnimationFrame);
  const picture = new Image();
  picture.src = viewer.toDataURL();
  await picture.decode();
  const { width, height } = picture;
  const read = new OffscreenCanvas(width, height).getContext("2d");
  read.drawImage(picture, 0, 0);
  const { data } = read.getImageData(0, 0, width, height);
  const [left, right, top, bottom] = [width, 0, height, 0].map((edge) => ({ edge }));
  for (let at = 0; at < width * height; at += 1) {
    if (data[4 * at + 3] < 200) continue;
    const [x, y] = [at % width, Math.floor(at / width)];
    left.edge = Math.min(left.edge, x);
    right.edge = Math.max(right.edge, x + 1);
    top.edge = Math.min(top.edge, y);
    bottom.edge = Math.max(bottom.edge, y + 1);
  }
  return right.edge && [(right.edge - left.edge) / width, (bottom.edge - top.edge) / height];
}"""
"""How much of the width and of the height of the view the model takes, by its pixels."""
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


def _changes(page: Page, before: str) -> None:
    """Wait until the view looks otherwise."""
    page.wait_for_function(f"(before) => ({SEEN})() !== before", arg=before, timeout=PATIENCE_MS)


@pytest.mark.parametrize("version", [LAMP, HARBOR, TAKE, BELL])
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_a_model_fills_most_of_the_view_and_is_not_cut(looking: Looking, version: str, width: int) -> None:
    page = looking.at(f"{version}/view3d", width=width)
    _shown(page)

    filled = page.wait_for_function(FILLED, timeout=PATIENCE_MS).json_value()

    assert 0.5 <= max(filled) <= 0.95


def test_a_view_is_set_back_to_how_it_began(looking: Looking) -> None:
    page = _viewed(looking, LAMP)
    began = page.evaluate(TURNED)
    page.get_by_label("3D model of Market lamp, version 2").first.focus()
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    page.wait_for_function(f"(before) => {TURNED} !== before", arg=began, timeout=PATIENCE_MS)

    page.get_by_role("button", name="Reset view").press("Enter")

    page.wait_for_function(f"(before) => Math.abs({TURNED} - before) < 0.01", arg=began, timeout=PATIENCE_MS)


def test_an_animation_is_chosen_and_played(looking: Looking) -> None:
    page = _viewed(looking, BELL)
    choice = page.get_by_label("Animation")
    chosen = "[document.querySelector('model-viewer').animationName, document.querySelector('model-viewer').paused]"
    expect(choice.get_by_role("option")).to_have_text(list(MOVES))
    before = page.evaluate(SEEN)

    choice.select_option("Swing")
    page.get_by_role("button", name="Play").press("Enter")

    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    assert page.evaluate(chosen) == ["Swing", False]
    _changes(page, before)


def test_blend_shapes_are_tried_by_their_names(looking: Looking) -> None:
    page = _viewed(looking, BELL)
    before = page.evaluate(SEEN)

    page.locator("summary", has_text="Shapes 2").press("Enter")
    expect(page.get_by_role("slider")).to_have_count(2)
    page.get_by_role("slider", name="jawOpen").press("End")

    _changes(page, before)


def test_without_javascript_the_link_leads_to_the_picture_and_says_why(looking: Looking) -> None:
    page = looking.at(LAMP, scripts=False)

    page.get_by_role("link", name="View in 3D").click()

    page.wait_for_url("**/view3d")
    expect(page.get_by_role("img", name="Picture of Market lamp, version 2")).to_be_visible()
    expect(page.locator("#size")).to_have_text("Models are turned by JavaScript, which is off; this is their picture.")
