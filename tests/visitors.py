"""People at a browser without JavaScript: they open pages, read them, and send the forms that they find there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, cached_property
from html import unescape
from typing import TYPE_CHECKING

from argon2 import PasswordHasher

from catalog.accounts import users
from catalog.accounts.users import UserChange
from tests.studio import OPERATOR

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from tests.studio import Person, Studio

PASSWORD = "correct horse battery"
HIDDEN = re.compile(r"(?s)<head.*?</head>|<svg.*?</svg>|<[^>]*>")
LINK = re.compile(r'(?:href|src|action)="([^"]*)"')


@dataclass(frozen=True, kw_only=True)
class WebPage:
    """An answer as its reader sees it."""

    response: TestResponse

    @property
    def status(self) -> int:
        return self.response.status_code

    @cached_property
    def html(self) -> str:
        return self.response.get_data(as_text=True)

    @cached_property
    def text(self) -> str:
        """What can be read, one space between words."""
        return " ".join(unescape(HIDDEN.sub(" ", self.html)).split())

    @property
    def title(self) -> str:
        found = re.search(r"<title>(.*?)</title>", self.html)
        return unescape(found[1]) if found else ""

    @property
    def links(self) -> list[str]:
        """Every address that the page names, in order."""
        return [unescape(link) for link in LINK.findall(self.html)]

    @property
    def cards(self) -> list[str]:
        """The codes on the cards, in order."""
        return re.findall(r'class="card[^>]*>.*?<code>([^<]*)<', self.html, re.DOTALL)

    @property
    def location(self) -> str | None:
        """Where it sends its reader."""
        return self.response.headers.get("Location")

    @property
    def csrf(self) -> str:
        """The token of its forms; empty where it has none."""
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.html)
        return found[1] if found else ""

    def header(self, name: str) -> str:
        return self.response.headers.get(name, "")


@dataclass(frozen=True, kw_only=True)
class Visitor:
    """Somebody at a browser; the cookie is kept from page to page."""

    client: FlaskClient

    def opens(self, path: str, **headers: str) -> WebPage:
        """Open a page, without following where it sends us."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        return WebPage(response=self.client.get(path, headers=sent, buffered=True))

    def arrives(self, path: str) -> WebPage:
        """Open a page and follow to where it sends us."""
        return WebPage(response=self.client.get(path, follow_redirects=True))

    def sends(self, path: str, /, *, found_on: str, **fields: str) -> WebPage:
        """Send a form that was found on a page."""
        return self.forges(path, csrf_token=self.opens(found_on).csrf, **fields)

    def forges(self, path: str, /, **fields: str) -> WebPage:
        """Send a form with exactly these fields."""
        return WebPage(response=self.client.post(path, data=fields))

    def signs_in(self, login: str, password: str = PASSWORD, *, following: str = "/", address: str = "") -> WebPage:
        """Fill in the form of the sign-in page; ``address`` is where the browser stands."""
        token = self.opens("/sign-in").csrf
        fields = {"csrf_token": token, "login": login, "password": password, "next": following}
        where = {"REMOTE_ADDR": address} if address else {}
        return WebPage(response=self.client.post("/sign-in", data=fields, environ_base=where))


def stranger(studio: Studio) -> Visitor:
    """Return somebody who is not signed in."""
    return Visitor(client=studio.app.test_client())


def visitor(studio: Studio, person: Person) -> Visitor:
    """Return a person of the studio at a browser, signed in."""
    give_password(studio, person.login)
    found = stranger(studio)
    assert found.signs_in(person.login).status == 303
    return found


def give_password(studio: Studio, login: str) -> None:
    """Let somebody sign in with ``PASSWORD``."""
    with studio.house.desk.work(OPERATOR) as work:
        users.change_user(work, login, UserChange(password_hash=_hash()))


@cache
def _hash() -> str:
    # The costs stand in the hash; low ones let the tests spend their time on something else.
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
