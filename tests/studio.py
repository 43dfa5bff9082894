"""The studio of the tests: one small real catalogue, with the gestures that its people make.

A SQLite database, stores and an index in memory, the web application and a worker; the same code as in an
installation. Its people sign in with tokens, and everything they do goes through HTTP. ``settles`` lets the worker pay
what is owed and the index follow, so that a test says when time passes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from catalog.accounts import tokens, users
from catalog.accounts.authentication import actor_of_token
from catalog.accounts.vocabulary import Role
from catalog.house import House
from catalog.jobs.vocabulary import JOB_KINDS, is_waited_for
from catalog.kernel import clock
from catalog.kernel.abilities import Ability
from catalog.kernel.actors import Actor, system_actor
from catalog.work.view import View
from catalog.worker import chores
from catalog.worker.loop import Worker

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from werkzeug.test import TestResponse

    from catalog.work.unit import UnitOfWork

API = "/api/v1"
OPERATOR = system_actor("operator:tests")


@dataclass(frozen=True, kw_only=True)
class Said:
    """An answer over HTTP: status, JSON, headers. ``said.total`` reads a field of the JSON."""

    response: TestResponse

    @property
    def status(self) -> int:
        return self.response.status_code

    @cached_property
    def json(self) -> Any:  # noqa: ANN401 — JSON is what it is
        return self.response.get_json()

    @property
    def code(self) -> str | None:
        """The problem's code, None where there is no problem."""
        return self.json.get("code") if isinstance(self.json, dict) and self.status >= 400 else None

    @property
    def message(self) -> str:
        return str(self.json["detail"])

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 — a field of the answer
        if name.startswith("_"):
            raise AttributeError(name)
        try:
            return self.json[name]
        except (KeyError, TypeError) as error:
            raise AttributeError(
                f"{name} is not in {self.status} {self.response.get_data(as_text=True)[:500]}"
            ) from error


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody of the studio with a token. ``get``, ``post`` … speak to the API."""

    studio: Studio
    login: str
    token: str

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Said:  # noqa: ANN401 — JSON
        """Send one request; header names are written with underscores (``if_match='"1"'``)."""
        sent = {"Authorization": f"Bearer {self.token}"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        data = body if isinstance(body, bytes) else None
        as_json = body if data is None else None
        client = self.studio.app.test_client()
        response = client.open(API + path, method=method, json=as_json, data=data, headers=sent, buffered=True)
        return Said(response=response)

    def get(self, path: str, **headers: str) -> Said:
        return self.call("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Said:  # noqa: ANN401 — JSON
        return self.call("POST", path, body if body is not None else {}, **headers)

    def patch(self, path: str, body: Any, **headers: str) -> Said:  # noqa: ANN401 — JSON
        return self.call("PATCH", path, body, **headers)

    def delete(self, path: str, **headers: str) -> Said:
        return self.call("DELETE", path, **headers)

    def registers(self, code: str, **fields: Any) -> Said:  # noqa: ANN401 — fields of the body
        """Register an asset; name and kind are made up where they do not matter."""
        return self.post("/assets", {"code": code, "name": code, "kind": "prop", **fields})

    def drafts(self, code: str, files: Mapping[str, bytes], **fields: Any) -> Said:  # noqa: ANN401
        """Draft a version of these files."""
        return self.post(f"/assets/{code}/versions", {"files": [entry(*file) for file in files.items()], **fields})

    def uploads(self, code: str, number: int, files: Mapping[str, bytes]) -> list[Said]:
        """Send every blob that is asked for, as a client would; return what the store's door said to each."""
        contents = {digest(content): content for content in files.values()}
        answers = []
        for wanted in self.get(f"/assets/{code}/versions/{number}/uploads?limit=200").items:
            for step in wanted["requests"]:
                start, size = step["offset_bytes"], step["size_bytes"]
                answers.append(self.studio.send(step, contents[wanted["sha256"]][start : start + size]))
        return answers

    def submits(self, code: str, number: int) -> Said:
        """Ask for publication."""
        return self.post(f"/assets/{code}/versions/{number}/publication")

    def publishes(self, code: str, files: Mapping[str, bytes] | None = None, **fields: Any) -> Said:  # noqa: ANN401
        """Register the asset where it is new, publish a version of these files, let everything settle; the version."""
        if self.get(f"/assets/{code}").status == 404:
            self.registers(code, **{key: fields.pop(key) for key in list(fields) if key != "note"})
        content = files if files is not None else {"notes.txt": f"{code} was here".encode()}
        number = self.drafts(code, content, **fields).version["number"]
        self.uploads(code, number, content)
        self.submits(code, number)
        self.studio.settles()
        return self.get(f"/assets/{code}/versions/{number}")

    def finds(self, text: str = "", **facets: str) -> list[str]:
        """Return the codes that a search finds, in order."""
        query = {"q": text, **facets}
        response = self.studio.app.test_client().get(
            f"{API}/search", query_string=query, headers={"Authorization": f"Bearer {self.token}"}
        )
        return [card["code"] for card in response.get_json()["items"]]


class Studio:
    """One catalogue with its people."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.worker = Worker(house)

    @cached_property
    def app(self) -> Flask:
        from catalog.app.web import create_app  # noqa: PLC0415 — tests that open no door need not load the web

        return create_app(self.house)

    @cached_property
    def admin(self) -> Person:
        return self.person("admin", Role.ADMIN)

    @cached_property
    def pipeline(self) -> Person:
        return self.person("pat", Role.PIPELINE)

    @cached_property
    def artist(self) -> Person:
        return self.person("art", Role.ARTIST)

    @cached_property
    def viewer(self) -> Person:
        return self.person("vic", Role.VIEWER)

    @cached_property
    def licensing(self) -> Person:
        return self.person("lia", Role.LICENSING)

    def person(
        self, login: str, *roles: Role, groups: Sequence[str] = (), scopes: Sequence[Ability] | None = None
    ) -> Person:
        """Let somebody join, with a token; groups that are new are made."""
        with self.house.desk.work(OPERATOR) as work:
            users.create_user(
                work,
                users.NewUser(
                    login=login, display_name=login.title(), password_hash=None, roles=roles or (Role.VIEWER,)
                ),
            )
        for group in groups:
            self.joins(login, group)
        with self.house.desk.work(OPERATOR) as work:
            asked = tuple(scopes) if scopes is not None else None
            issued = tokens.issue_token(work, tokens.NewToken(name=f"{login}'s", login=login, scopes=asked))
        return Person(studio=self, login=login, token=issued.secret)

    def joins(self, login: str, group: str) -> None:
        """Let somebody join a group, which is made where it is new."""
        found = self.admin.get(f"/groups/{group}")
        if found.status == 404:
            self.admin.post("/groups", {"code": group, "members": [login]})
        else:
            self.admin.patch(f"/groups/{group}", {"members": [*found.members, login]})

    def actor(self, person: Person) -> Actor:
        """Return who a person is to the rooms."""
        with self.house.desk.read() as session:
            return actor_of_token(session, person.token, clock.now())

    @contextmanager
    def view(self, viewer: Actor = OPERATOR) -> Iterator[View]:
        with self.house.desk.view(viewer) as view:
            yield view

    @contextmanager
    def work(self, actor: Actor = OPERATOR) -> Iterator[UnitOfWork]:
        with self.house.desk.work(actor) as work:
            yield work

    def settles(self, *, details: bool = False) -> None:
        """Let the worker pay all that is due, and the index follow; ``details``: also what nobody waits for."""
        self.worker.pay_until_idle(kinds=[name for name in JOB_KINDS if details or is_waited_for(name)])
        self.follows()

    def follows(self) -> None:
        """Let the index follow the ledger to its end, and saved searches be held against what changed."""
        while chores.follow(self.house):
            pass
        while chores.watch(self.house):
            pass

    def send(self, step: Mapping[str, Any], content: bytes) -> Said:
        """Make one signed transfer request, as any HTTP client would."""
        path = step["url"].removeprefix(self.house.settings.base_url)
        response = self.app.test_client().open(path, method=step["method"], data=content, headers=step["headers"])
        return Said(response=response)

    def entries(self, entry_type: str | None = None) -> list[dict[str, Any]]:
        """Return ledger entries, oldest first, of one type or of all."""
        items = self.admin.get("/ledger?limit=200").items
        return [one for one in reversed(items) if entry_type is None or one["type"] == entry_type]


def digest(content: bytes) -> str:
    """Return the SHA-256 of bytes, hex."""
    return hashlib.sha256(content).hexdigest()


def entry(path: str, content: bytes, **fields: Any) -> dict[str, Any]:  # noqa: ANN401 — fields of the body
    """Return a file as a draft names it."""
    return {"path": path, "sha256": digest(content), "size_bytes": len(content), **fields}


def ndjson(rows: Sequence[Mapping[str, Any]]) -> bytes:
    """Return rows as an import sends them."""
    return b"".join(json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in rows)
