"""Enters the demo studio through the public client: its people, shows and fields first, then its assets, then talk.

People and shows are entered only into a catalogue in which nobody works yet. From then on the demo is begun, and an
interrupted entry goes on at the asset where it stopped; what is there already is left as people made it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from catalog.app.demo.asset import DemoAsset
from catalog.app.demo.bringing import publish
from catalog.app.demo.habits import RECORDED, enter_fields, enter_searches
from catalog.app.demo.library import ASSETS
from catalog.app.demo.talk import enter_talk
from catalog.client import Client, NotFound
from catalog.client.words import Role

PASSWORD = "try-the-demo"  # noqa: S105 — printed at the start, for invented people
INVENTED = "Invented for the demo studio."


@dataclass(frozen=True, kw_only=True)
class SignIn:
    """An invented person with whom one can sign in."""

    login: str
    password: str
    role: Role


PEOPLE: tuple[tuple[str, str, Role, tuple[str, ...]], ...] = (
    ("mira", "Mira Solheim", "artist", ("lantern-crew",)),
    ("jonas", "Jonas Achterberg", "supervisor", ("lantern-crew", "orbit-crew")),
    ("tdbot", "Pipeline TD", "pipeline", ("lantern-crew", "orbit-crew")),
    ("clio", "Clio Marchetti", "licensing", ()),
    ("guest", "Studio guest", "viewer", ()),
)


def enter_people(url: str, token: str) -> Sequence[SignIn]:
    """Enter the invented people, shows and fields; safe to run again. Takes a second or two.

    A catalogue that somebody works in already is left alone, and nobody can sign in to it with a known password.
    """
    client = Client(url, token=token)
    if is_worked_in(client):
        return []
    _people(client)
    _shows(client)
    enter_fields(client)
    return [SignIn(login=login, password=PASSWORD, role=role) for login, _, role, _ in PEOPLE]


def enter_assets(url: str, token: str, tell: Callable[[int, int], None], assets: Sequence[DemoAsset] = ASSETS) -> None:
    """Publish what of the assets is not there yet, telling how many of how many are, then what is said about them.

    Safe to run again.
    """
    client = Client(url, token=token)
    enter_searches(client)
    for done, asset in enumerate(assets):
        tell(done, len(assets))
        _enter(client, asset)
    enter_talk(client, {asset.code for asset in assets})
    tell(len(assets), len(assets))


def is_worked_in(client: Client) -> bool:
    """Whether there are people or assets besides the first administrator's and the demo's own."""
    ours = {login for login, _, _, _ in PEOPLE} | {"admin"}
    codes = {asset.code for asset in ASSETS}
    strangers = any(user.login not in ours for user in client.users.list())
    return strangers or any(card.code not in codes for card in client.assets.list())


def _people(client: Client) -> None:
    there = {user.login for user in client.users.list()}
    for login, name, role, _ in PEOPLE:
        if login not in there:
            client.users.create(login=login, display_name=f"{name} (invented)", password=PASSWORD, roles=[role])
    known = {group.code for group in client.groups.list()}
    for group in ("lantern-crew", "orbit-crew"):
        if group not in known:
            client.groups.create(code=group, members=[login for login, _, _, groups in PEOPLE if group in groups])


def _shows(client: Client) -> None:
    there = {show.code for show in client.shows.list()}
    if "lantern" not in there:
        description = f"A night market in a harbor town. 港镇夜市。 {INVENTED}"
        client.shows.create(code="lantern", name="Lantern Street 灯笼街", description=description)
    if "orbit" not in there:
        description = f"Private: only its crew knows of it. {INVENTED}"
        client.shows.create(code="orbit", name="Orbit", description=description, audience=["orbit-crew"])


def _enter(client: Client, asset: DemoAsset) -> None:
    """Register an asset, publish the releases that it lacks, and relate it; safe to run again."""
    if not _is_there(client, asset.code):
        client.assets.register(
            code=asset.code,
            name=asset.name,
            kind=asset.kind,
            description=f"{asset.description} {INVENTED}",
            tags=list(asset.tags),
            aliases=[{"text": text, "language": language} for text, language in asset.aliases],
            show=asset.show,
            owner=asset.owner,
            fields=dict(RECORDED.get(asset.code, {})),
        )
    there = {version.number: version.status for version in client.versions.list(asset.code)}
    for number, release in enumerate(asset.releases, start=1):
        if there.get(number, "draft") == "draft":
            publish(client, asset.code, release)
        if release.deprecated and there.get(number) != "deprecated":
            client.versions.deprecate(asset.code, number, reason=release.deprecated)
    known = {(one.kind, one.target) for one in client.relations.list(asset.code)}
    for link in asset.links:
        if (link.kind, link.target) not in known:
            client.relations.add(asset.code, kind=link.kind, target=link.target, count=link.count)


def _is_there(client: Client, code: str) -> bool:
    try:
        client.assets.get(code)
    except NotFound:
        return False
    return True
