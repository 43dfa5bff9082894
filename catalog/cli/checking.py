"""``catalog admin`` commands that see whether everything agrees, and mend what is derived."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from catalog.cli.opening import AdminCommand, opened, operator
from catalog.cli.refusing import EXIT_CODES, Refused
from catalog.cli.showing import counted

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from catalog.house import House
    from catalog.work.unit import UnitOfWork

DISAGREES = EXIT_CODES["Conflict"]


def _counting(word: str) -> Callable[..., None]:
    """Return what says on a terminal's error output how far something is."""

    def tell(done: int, everything: int | None = None) -> None:
        if sys.stderr.isatty():
            click.echo(f"\r{done}{f' of {everything}' if everything else ''} {word}", err=True, nl=False)

    return tell


@click.command("reindex", cls=AdminCommand)
@click.option(
    "--verify", is_flag=True, help="Only say whether index and database agree; exit code 5 where they do not."
)
@click.pass_context
def reindex(ctx: click.Context, /, *, verify: bool) -> None:
    """Build a new search index beside the live one and let it take over."""
    from catalog.search import rebuild  # noqa: PLC0415 — loads the engine

    with opened(ctx) as house:
        if verify:
            _verify_index(house)
            return
        built = rebuild.rebuild(house.desk, house.index, _counting("documents"))
    click.echo(f"the index has {built.documents} documents and stands at entry {built.seq}")


def _verify_index(house: House) -> None:
    from catalog.search import rebuild  # noqa: PLC0415 — loads the engine

    found = rebuild.verify(house.desk, house.index)
    click.echo(f"{found.documents} documents were compared at entry {found.seq}, {found.behind} entries behind")
    if not found.agrees:
        raise Refused(
            f"{found.missing_count} assets are missing in the index, {found.stale_count} documents are stale, "
            f"{found.extra_count} have no asset; `catalog admin reindex` builds it anew",
            DISAGREES,
        )
    click.echo("index and database agree")


@click.command("verify-ledger", cls=AdminCommand)
@click.pass_context
def verify_ledger(ctx: click.Context, /) -> None:
    """Walk the whole chain; exit code 5 and the first bad entry where it does not hold."""
    from catalog.ledger import verification  # noqa: PLC0415 — loads the rooms

    with opened(ctx) as house, house.desk.view(operator()) as view:
        found = verification.verify(view.session, _counting("entries"))
    if not found.holds:
        raise Refused(f"the ledger does not hold from entry {found.first_bad}: {found.reason}", DISAGREES)
    click.echo(f"the ledger holds: {found.verified_through} entries, head {found.head}")


@click.command("verify-storage", cls=AdminCommand)
@click.option("--read", "reading", is_flag=True, help="Read every byte; otherwise only sizes are compared.")
@click.pass_context
def verify_storage(ctx: click.Context, /, *, reading: bool) -> None:
    """See whether the store has every blob, and the roots that this machine sees every referenced file.

    Exit code 5 where one is missing or altered.
    """
    from catalog.assets.referenced import verify_referenced  # noqa: PLC0415 — loads the rooms
    from catalog.upkeep import verifying  # noqa: PLC0415 — as above

    with opened(ctx) as house:
        blobs = verifying.verify_storage(house.desk, house.stores, reading=reading, progress=_counting("blobs"))
        files = verify_referenced(
            house.desk, site=house.settings.site, reading=reading, progress=_counting("referenced files")
        )
    for flaw in blobs.flaws:
        click.echo(f"{flaw.state.value}  {flaw.sha256}  {flaw.size_bytes} bytes")
    for one in files.flaws:
        click.echo(f"{one.state.value}  {one.asset} v{one.number:03}  {one.path}  {one.place}")
    for root, count in files.unreachable.items():
        click.echo(f"{count} files under root {root} were not looked at: it is empty or not there", err=True)
    if not (blobs.holds and files.holds):
        raise Refused(
            f"{blobs.missing} of {blobs.checked} blobs are missing, {blobs.altered} altered; "
            f"{files.missing} of {files.checked} referenced files are missing, {files.changed} changed",
            DISAGREES,
        )
    right = " and are what they should be" if reading else ""
    click.echo(f"{blobs.checked} blobs and {files.checked} referenced files are there{right}")


@click.command("sweep", cls=AdminCommand)
@click.option("--adopt", is_flag=True, help="The store is this database's alone: after a restore, or a mix-up.")
@click.option("--remove-many", "many", is_flag=True, help="So many bytes without a row are no mistake.")
@click.pass_context
def sweep(ctx: click.Context, /, *, adopt: bool, many: bool) -> None:
    """Remove what nobody needs: abandoned drafts, bytes without a row, done jobs. Workers do so by themselves.

    Exit code 5 where the store is not swept: another database uses it, this one was restored, or suspiciously much
    would go.
    """
    from catalog.worker import chores  # noqa: PLC0415 — loads the rooms

    with opened(ctx) as house:
        chores.sweep_database(house)
        removed = chores.sweep_store(house, actor=operator(), adopt=adopt, many=many)
    click.echo(f"{removed} objects were removed from the store")


@click.command("refill-previews", cls=AdminCommand)
@click.option(
    "--verify", is_flag=True, help="Only say whether the store has every picture; exit code 5 where it has not."
)
@click.pass_context
def refill_previews(ctx: click.Context, /, *, verify: bool) -> None:
    """Let workers look at every version, when nothing else waits, and draw the pictures that it lacks."""
    from catalog.media import refilling  # noqa: PLC0415 — loads the rooms

    with opened(ctx) as house:
        if verify:
            _verify_pictures(house)
            return
        owed = _owe_all(house, refilling.owe_previews)
    click.echo(f"workers look at {counted(owed, 'version')} and draw what is missing")


def _verify_pictures(house: House) -> None:
    from catalog.media import refilling  # noqa: PLC0415 — loads the rooms

    found = refilling.verify_previews(house.desk, house.stores, _counting("pictures"))
    if not found.holds:
        raise Refused(
            f"of {found.checked} pictures {found.missing} are missing in the store and {found.outdated} were drawn by "
            "an older release; `catalog admin refill-previews` draws them anew",
            DISAGREES,
        )
    click.echo(f"{found.checked} pictures are there")


@click.command("remeasure", cls=AdminCommand)
@click.option(
    "--verify",
    is_flag=True,
    help="Only say whether every file that this machine reaches was measured; exit code 5 where not.",
)
@click.pass_context
def remeasure(ctx: click.Context, /, *, verify: bool) -> None:
    """Let workers measure, when idle, every version with unmeasured files, wherever they lie."""
    from catalog.media import refilling  # noqa: PLC0415 — loads the rooms

    with opened(ctx) as house:
        if verify:
            _verify_facts(house)
            return
        owed = _owe_all(house, refilling.owe_facts)
    click.echo(f"workers measure {counted(owed, 'version')}")


def _verify_facts(house: House) -> None:
    from catalog.media import refilling  # noqa: PLC0415 — loads the rooms

    unmeasured = refilling.count_unmeasured(house.desk, site=house.settings.site)
    if unmeasured:
        raise Refused(
            f"{unmeasured} versions have files that this release has not measured, in the store or under roots that "
            "this machine sees; `catalog admin remeasure` owes them",
            DISAGREES,
        )
    click.echo("every file in the store and under the roots that this machine sees is measured")


def _owe_all(house: House, owe: Callable[[UnitOfWork, UUID | None], tuple[int, UUID | None]]) -> int:
    """Owe batch by batch, each in a unit of work of its own; return how many."""
    owed, after = 0, None
    while True:
        with house.desk.work(operator()) as work:
            count, after = owe(work, after)
        owed += count
        if after is None:
            return owed


COMMANDS = (reindex, verify_ledger, verify_storage, sweep, refill_previews, remeasure)
