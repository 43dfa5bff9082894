"""Registering in a real browser against the real thing: gunicorn, the worker, and the store that pages upload to."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Request, Route, StorageState, expect

from catalog.assets.roles import role_of
from catalog.client import Client
from catalog.web.stationery import stationery
from tests.files import png, usda
from tests.surfaces.browser.looking import HOST, Looking, becomes
from tests.surfaces.running import Catalogue, running

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.store]
PATIENCE_MS = 120_000
IN_PARTS = 70 * 2**20
"""More than travels whole."""
NAMES = [
    "a.usda",
    "maps/wood.PNG",
    "thumbnail.jpg",
    "thumbnails/front.png",
    "LICENSE",
    "docs/readme.md",
    "rig.ma",
    "x.y",
]


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalogue]:
    with running(tmp_path_factory.mktemp("registering") / "var", "--no-demo") as catalogue:
        yield catalogue


@pytest.fixture
def client(catalogue: Catalogue) -> Iterator[Client]:
    with Client(catalogue.announced["url"], catalogue.announced["token"]) as client:
        yield client


@pytest.fixture(scope="module")
def session(browser: Browser, catalogue: Catalogue) -> StorageState:
    """The administrator's session."""
    password = (catalogue.folder / "secrets" / "admin_password").read_text().strip()
    context = browser.new_context(base_url=catalogue.announced["url"])
    page = context.new_page()
    page.goto("/sign-in")
    page.get_by_label("Login").fill("admin")
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/assets*", timeout=PATIENCE_MS)
    kept = context.storage_state()
    context.close()
    return kept


@pytest.fixture
def page(browser: Browser, catalogue: Catalogue, session: StorageState) -> Iterator[Page]:
    """A page of the administrator's; what its policy refuses fails the test."""
    context = browser.new_context(base_url=catalogue.announced["url"], storage_state=session, reduced_motion="reduce")
    context.set_default_timeout(PATIENCE_MS)
    reports: list[str] = []
    context.on("console", lambda said: reports.append(said.text) if "Security Policy" in said.text else None)
    yield context.new_page()
    context.close()
    assert reports == []


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Two files in a folder; every test has bytes of its own."""
    (tmp_path / "crate" / "maps").mkdir(parents=True)
    (tmp_path / "crate" / "crate.usda").write_bytes(usda() + f"# {tmp_path}\n".encode())
    (tmp_path / "crate" / "maps" / "wood.png").write_bytes(png(64, 64, (150, 90, 40)) + os.urandom(200_000))
    return tmp_path / "crate"


def _fills(page: Page, name: str) -> str:
    """Fill in who the asset is; the code that the page suggests."""
    page.goto("/register")
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Kind").select_option("prop")
    code = page.get_by_label("Code", exact=True)
    expect(page.get_by_text(re.compile("is free"))).to_be_visible()
    return code.input_value()


def _chooses(page: Page, *paths: Path, field: str = "files") -> None:
    page.locator(f"#{field}").set_input_files([str(path) for path in paths])


def _goes_on(page: Page, button: str = "Upload and publish") -> None:
    page.get_by_role("button", name=button).click()


def _is_published(page: Page) -> None:
    expect(page.get_by_role("link", name="See the asset")).to_be_visible(timeout=PATIENCE_MS)


def _is_to_the_store(request: Request, page: Page) -> bool:
    return request.method == "PUT" and urlsplit(request.url).netloc != urlsplit(page.url).netloc


@contextmanager
def _held(page: Page, *, after: int = 0) -> Iterator[list[Route]]:
    """Keep uploads waiting, but for the first few."""
    waiting: list[Route] = []
    passed: list[Route] = []

    def hold(route: Route) -> None:
        if route.request.method != "PUT":
            route.continue_()
        elif len(passed) < after:
            passed.append(route)
            route.continue_()
        else:
            waiting.append(route)

    page.route("**/*", hold)
    yield waiting
    page.unroute("**/*", hold)


def test_a_folder_is_uploaded_with_progress_and_published(page: Page, client: Client, tree: Path) -> None:
    code = _fills(page, "Market crate")
    _chooses(page, tree, field="folder")
    with _held(page) as waiting:
        _goes_on(page)
        expect(page.get_by_text(re.compile("Uploading: 0 %"))).to_be_visible()
        expect(page.get_by_role("progressbar", name="Upload")).to_be_visible()
        becomes(page, lambda: len(waiting) == 2)
        assert all(_is_to_the_store(route.request, page) for route in waiting)
        for route in waiting:
            route.continue_()

    _is_published(page)
    version = client.versions.get(code, 1)

    assert code == "prp_market_crate"
    assert [(file.path, file.role) for file in version.files] == [
        ("crate.usda", "model"),
        ("maps/wood.png", "texture_set"),
    ]
    assert f"catalog://assets/{code}/v1" in page.get_by_label("Reference").input_value()


def test_an_upload_is_paused_and_resumed(page: Page, client: Client, tree: Path) -> None:
    code = _fills(page, "Paused crate")
    _chooses(page, tree, field="folder")
    with _held(page) as waiting:
        _goes_on(page)
        expect(page.get_by_role("button", name="Pause")).to_be_visible()
        becomes(page, lambda: waiting)
        page.get_by_role("button", name="Pause").click()
        expect(page.get_by_text(re.compile("Paused: 0 %"))).to_be_visible()

    page.get_by_role("button", name="Resume").click()
    _is_published(page)

    assert client.assets.get(code).latest_version == 1


def test_after_a_reload_only_what_is_missing_is_sent(page: Page, client: Client, tree: Path) -> None:
    code = _fills(page, "Reloaded crate")
    _chooses(page, tree, field="folder")
    with _held(page, after=1):
        _goes_on(page)
        expect(page.get_by_role("cell", name="Arrived")).to_be_visible()
        page.reload()
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "PUT" else None)

    expect(page.get_by_text("1 file not arrived yet.", exact=False)).to_be_visible()
    _chooses(page, tree, field="again-folder")
    _is_published(page)

    assert len(sent) == 1
    assert client.versions.get(code, 1).file_count == 2


def test_an_address_alone_publishes_nothing(page: Page, client: Client, tree: Path) -> None:
    code = _fills(page, "Opened crate")
    _chooses(page, tree, field="folder")
    _goes_on(page, "Upload only")
    expect(page.get_by_role("heading", name="Every file has arrived")).to_be_visible()

    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)

    page.goto(f"/register/{code}/1?then=publish")
    expect(page.get_by_role("button", name="Publish version 1")).to_be_enabled()
    page.reload()  # whatever the page sends by itself would have been sent before

    assert sent == []
    assert client.versions.get(code, 1).status == "draft"


def test_other_files_than_those_that_are_missing_are_named(page: Page, tree: Path, tmp_path: Path) -> None:
    _fills(page, "Strange crate")
    _chooses(page, tree, field="folder")
    with _held(page):
        _goes_on(page)
        expect(page.get_by_role("heading", name=re.compile("Strange crate"))).to_be_visible()
        page.reload()
    (tmp_path / "other.txt").write_bytes(b"something else")

    _chooses(page, tmp_path / "other.txt", field="again-files")

    expect(page.get_by_text("other.txt: not among the files that are missing.", exact=False)).to_be_visible()


def test_where_the_store_cannot_be_reached_bytes_go_through_the_web_process(
    page: Page, client: Client, tree: Path
) -> None:
    code = _fills(page, "Relayed crate")
    _chooses(page, tree, field="folder")
    page.route(
        "**/*",
        lambda route: route.abort("connectionreset") if _is_to_the_store(route.request, page) else route.continue_(),
    )

    _goes_on(page)
    _is_published(page)

    assert client.assets.get(code).latest_version == 1


def test_a_large_file_travels_in_parts(page: Page, client: Client, tmp_path: Path) -> None:
    if "sha256.umd.min.js" not in stationery().sheets:
        pytest.skip("catalog/web/vendor is empty: run scripts/frontend")
    (tmp_path / "scan.bin").write_bytes(os.urandom(2**20) * (IN_PARTS // 2**20))
    code = _fills(page, "Large scan")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "PUT" else None)

    _chooses(page, tmp_path / "scan.bin")
    _goes_on(page)
    _is_published(page)

    assert len(sent) == 2
    assert client.versions.get(code, 1).size_bytes == IN_PARTS


def test_files_that_are_there_already_are_named_before_they_are_sent(page: Page, client: Client, tree: Path) -> None:
    client.versions.publish("prp_original", tree, wait=True)
    _fills(page, "Copied crate")
    _chooses(page, tree, field="folder")

    warning = page.locator("#twins")
    expect(warning).to_contain_text("2 files in the catalog already")
    expect(warning.get_by_role("link", name="prp_original version 1").first).to_be_visible()
    _goes_on(page)
    expect(page.get_by_text("Press again to upload them all the same.", exact=False)).to_be_visible()
    _goes_on(page)
    _is_published(page)


def test_a_refused_form_keeps_what_was_typed_and_chosen(page: Page, client: Client, tree: Path) -> None:
    client.assets.register(code="prp_taken", name="Taken", kind="prop")
    _fills(page, "Refused crate")
    _chooses(page, tree, field="folder")
    page.get_by_label("Description").fill("Two hinges, no lock.")
    code = page.get_by_label("Code", exact=True)
    code.fill("prp_taken")
    expect(page.locator("#code-said")).to_contain_text("is taken")

    _goes_on(page)

    expect(page.get_by_role("alert").first).to_contain_text("is taken; choose another")
    expect(page.get_by_label("Description")).to_have_value("Two hinges, no lock.")
    expect(page.get_by_role("row", name="wood.png")).to_be_visible()
    code.fill("prp_free")
    _goes_on(page)
    _is_published(page)


def test_a_chinese_name_gives_a_code_by_its_sound_and_what_is_wrong_is_told_in_chinese(page: Page) -> None:
    page.goto("/register")
    page.context.add_cookies([{"name": "language", "value": "zh-Hans", "url": page.url}])
    page.goto("/register")
    page.locator("#kind").select_option("prop")
    page.locator("#name").fill("春节灯笼")
    expect(page.locator("#code")).to_have_value("prp_chun_jie_deng_long")
    expect(page.locator("#code-said")).to_contain_text("prp_chun_jie_deng_long 可用")

    page.locator("#code").fill("灯笼 1")

    expect(page.locator("#code-said")).to_contain_text("这个代码不能使用。 Code '灯笼 1' is not")
    expect(page.locator("#code-said [lang=en]")).to_contain_text("'deng_long_1' would do")


def test_it_is_done_by_keyboard_alone(page: Page, client: Client, tree: Path) -> None:
    page.goto("/register")
    page.get_by_label("Name", exact=True).focus()
    page.keyboard.type("Typed crate")
    page.keyboard.press("Tab")
    page.keyboard.type("Prop")
    expect(page.locator("#code-said")).to_contain_text("prp_typed_crate is free")

    page.get_by_role("button", name="Choose files").focus()
    with page.expect_file_chooser() as choosing:
        page.keyboard.press("Enter")
    choosing.value.set_files(tree / "crate.usda")
    expect(page.get_by_role("row", name="crate.usda")).to_contain_text("Read")
    page.get_by_label("What it is good for").focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Upload and publish")).to_be_focused()
    page.keyboard.press("Enter")
    _is_published(page)

    assert client.versions.get("prp_typed_crate", 1).file_count == 1


def test_the_next_version_begins_on_the_page_of_the_asset(page: Page, client: Client, tree: Path) -> None:
    client.versions.publish("prp_growing", tree, wait=True)
    (tree / "crate.usda").write_bytes(usda() + b"# better\n")

    page.goto("/assets/prp_growing/versions")
    page.get_by_role("link", name="New version").click()
    _chooses(page, tree, field="folder")
    page.get_by_label("What changed").fill("Better hinges")
    _goes_on(page)
    _is_published(page)

    assert client.versions.get("prp_growing", 2).note == "Better hinges"


def test_roles_are_guessed_as_the_server_guesses_them(page: Page, tmp_path: Path) -> None:
    for name in NAMES:
        (tmp_path / "tree" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "tree" / name).write_bytes(name.encode())
    page.goto("/register")

    _chooses(page, tmp_path / "tree", field="folder")

    for name in NAMES:
        expect(page.get_by_label(f"Role of {name}")).to_have_value(role_of(name).value)


def test_files_are_hashed_where_the_browser_trusts_no_address(looking: Looking, fetched: None, tmp_path: Path) -> None:
    (tmp_path / "crate.usda").write_bytes(usda())
    page = looking.at("/register", "arno", host=HOST)

    _chooses(page, tmp_path / "crate.usda")

    expect(page.get_by_role("row", name="crate.usda")).to_contain_text("Read")
    assert page.evaluate("window.isSecureContext") is False
