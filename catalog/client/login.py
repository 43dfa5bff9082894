"""Which server, and with which token.

In this order: what was said (a server before a data folder), ``CATALOG_URL`` and ``CATALOG_TOKEN``, the data folder of
a catalogue that runs on this machine where one is named (``CATALOG_DATA``), what ``catalog login`` kept, and the
catalogue that runs on ``var``. A token that was not said is never sent to another server than that which it was set or
kept for.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

from catalog.client.errors import CatalogError, InvalidInput, NotSignedIn, Unavailable
from catalog.client.places import config_folder, write_in_one_step

FILE = "login.json"
RUN_FILE = "run.json"
USUAL_DATA = Path("var")


@dataclass(frozen=True)
class Login:
    """A server and the token for it; ``source`` is where the token was found, empty where it was said."""

    url: str
    token: str
    source: str = ""


def find_login(
    url: str | None = None, token: str | None = None, *, data: Path | None = None, usual_data: Path = USUAL_DATA
) -> Login:
    """Return the server and token to use.

    ``data`` is the folder of a catalogue that is to run on this machine, ``usual_data`` one that may. Where ``url`` or
    ``data`` says the server, the environment's token counts unless the environment names another one. Raises
    ``InvalidInput`` or ``NotSignedIn`` where nothing says them, ``Unavailable`` where nothing runs on ``data``.
    """
    its_data = os.environ.get("CATALOG_DATA")
    its_folder = Path(its_data) if its_data else None
    named = data or its_folder
    known = [read_running(named)] if named else [read_login(), read_running(usual_data)]
    is_said = bool(url or data)
    its_url = os.environ.get("CATALOG_URL") or (_url_of(read_running(its_folder)) if its_folder else None)
    url = url or (None if data else its_url) or next((login.url for login in known if login), None)
    if not url:
        raise _nowhere(named, usual_data)
    if token:
        return Login(url, token)
    its_token = os.environ.get("CATALOG_TOKEN")
    if its_token and (not is_said or not its_url or _is_same(its_url, url)):
        return Login(url, its_token, "CATALOG_TOKEN")
    for login in (*known, read_login()):
        if login and _is_same(login.url, url):
            return login
    raise NotSignedIn(
        f"no token for {url}; set CATALOG_TOKEN, and CATALOG_URL to this address, or sign in with `catalog login`",
        code="no-token",
    )


def read_login() -> Login | None:
    """Return what ``catalog login`` kept, if it did."""
    return _read(_file())


def read_running(folder: Path) -> Login | None:
    """Return the catalogue that runs on a data folder, with the token that it has for scripts of this machine."""
    return _read(folder / RUN_FILE)


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


def _is_same(one: str | None, other: str) -> bool:
    return one is not None and one.rstrip("/") == other.rstrip("/")


def _url_of(login: Login | None) -> str | None:
    return login.url if login else None


def _nowhere(named: Path | None, usual: Path) -> CatalogError:
    if named is not None:
        return Unavailable(f"no catalogue runs on {named}: there is no {RUN_FILE}", code="not-running")
    return InvalidInput(
        "no server is named; set CATALOG_URL and CATALOG_TOKEN, or CATALOG_DATA to the folder of a catalogue that runs "
        f"on this machine (there is no {usual / RUN_FILE})",
        code="no-url",
    )


def _read(path: Path) -> Login | None:
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        return Login(str(kept["url"]), str(kept["token"]), str(path))
    except (OSError, ValueError, KeyError, TypeError):
        return None
