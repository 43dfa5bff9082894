"""How tests look at pages: as whom, how wide, in which theme, with or without JavaScript."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal

from playwright.sync_api import Browser, BrowserContext, Page, StorageState

from tests.visitors import PASSWORD

HOST = "studio.test"
WIDE, NARROW = 1440, 390
HEIGHT = 900
PATIENCE_MS = 30_000
"""How long anything may take to become what it will be; what is so at once is found so at once."""
LOOK_MS = 50

Scheme = Literal["dark", "light"]


@dataclass
class Watched:
    """What pages reported to the console, and what they asked of other hosts."""

    reports: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Looking:
    """Opens pages in contexts of their own."""

    browser: Browser
    port: int
    watch: Callable[[BrowserContext], None]
    watched: Watched
    sessions: dict[tuple[str, str], StorageState]
    """Whoever has signed in once is signed in for the tests that follow."""

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def at(
        self,
        path: str,
        login: str | None = "ann",
        *,
        scripts: bool = True,
        scheme: Scheme = "dark",
        width: int = WIDE,
        host: str | None = None,
        locale: str = "en-GB",
        still: bool = False,
    ) -> Page:
        """Sign in (nobody for None) and open a page; it has loaded everything, and listens, when this returns.

        On a page that is ``still`` time is held.
        ``/assets/prp_lamp/issues > Major issue`` follows a link, to what has an id in its address.
        """
        base_url = f"http://{host}" if host else self.address
        context = self.browser.new_context(
            base_url=base_url,
            storage_state=self.sessions.get((base_url, login or "")),
            viewport={"width": width, "height": HEIGHT},
            color_scheme=scheme,
            reduced_motion="reduce",
            java_script_enabled=scripts,
            locale=locale,
        )
        context.set_default_timeout(PATIENCE_MS)
        self.watch(context)
        page = context.new_page()
        if login and (base_url, login) not in self.sessions:
            sign_in(page, login)
            self.sessions[base_url, login] = context.storage_state()
        path, *links = path.split(" > ")
        page.goto(path)
        for link in links:
            with leading_on(page):
                page.get_by_role("link", name=link).first.click()
        page.wait_for_load_state("networkidle")
        if still:
            hold_time(page)
        return page


def hold_time(page: Page) -> None:
    """Let no time pass on a page from now on but by ``page.clock``: nothing is late there, and nothing goes away."""
    page.clock.install()
    page.clock.pause_at(page.evaluate("Date.now() + 1000"))


def becomes(page: Page, is_so: Callable[[], object]) -> None:
    """Wait until something is so that a test hears of from the page, such as requests that it has counted."""
    deadline = time.monotonic() + PATIENCE_MS / 1000
    while not is_so() and time.monotonic() < deadline:
        page.wait_for_timeout(LOOK_MS)
    assert is_so()


@contextmanager
def leading_on(page: Page) -> Iterator[None]:
    """What is done within leads to another page, which listens when this returns.

    A page has loaded once all its modules have run; each navigation of playwright's own waits for that.
    Never wait for the state of a page after a click: until the next page begins, that is the state of the one before.
    """
    with page.expect_event("load"):
        yield


def sign_in(page: Page, login: str) -> None:
    """Sign in as a person would."""
    page.goto("/sign-in")
    page.locator("#login").fill(login)
    page.locator("#password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/assets*")
