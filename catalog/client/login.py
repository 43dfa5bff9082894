"""Which server, and with which token: what was said, what the environment says, what ``catalog login`` kept.

A kept token is only ever sent to the server that it was kept for.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

from catalog.client.errors import InvalidInput, NotSignedIn
from catalog.client.places import config_folder, write_in_one_step

FILE = "login.json"


@dataclass(frozen=True)
class Login:
    """A server and the token for it."""

    url: str
    token: str


def find_login(url: str | None = None, token: str | None = None) -> Login:
    """Return the server and token to use; ``InvalidInput`` or ``NotSignedIn`` where nothing says them."""
    url = url or os.environ.get("CATALOG_URL")
    token = token or os.environ.get("CATALOG_TOKEN")
    kept = read_login()
    if url is None:
        if kept is None:
            raise InvalidInput(
                "no server is named; set CATALOG_URL, sign in with `catalog login`, "
                "or say `catalog --data DIR …` on the machine that runs it",
                code="no-url",
            )
        url = kept.url
    if token is None:
        if kept is None or kept.url != url.rstrip("/"):
            raise NotSignedIn(
                f"no token for {url}; set CATALOG_TOKEN, or sign in with `catalog login`", code="no-token"
            )
        token = kept.token
    return Login(url, token)


def read_login() -> Login | None:
    """Return what ``catalog login`` kept, if it did."""
    try:
        kept = json.loads(_file().read_text(encoding="utf-8"))
        return Login(str(kept["url"]), str(kept["token"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def keep_login(login: Login) -> Path:
    """Keep a server and its token for this person, readable by nobody else; return where."""
    content = json.dumps({"url": login.url.rstrip("/"), "token": login.token}) + "\n"
    write_in_one_step(_file(), content.encode())
    return _file()


def forget_login() -> bool:
    """Remove what was kept; whether there was something."""
    there = _file().exists()
    _file().unlink(missing_ok=True)
    return there


def _file() -> Path:
    return config_folder() / FILE
