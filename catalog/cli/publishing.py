"""``catalog assets publish`` and the steps it is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import click

from catalog.cli.commands import format_option
from catalog.cli.connecting import ServerCommand, client_of
from catalog.cli.progress import bars
from catalog.cli.showing import counted, show_one
from catalog.cli.table import operation
from catalog.cli.values import Named

if TYPE_CHECKING:
    from catalog.client import PublishedVersion
    from catalog.client.words import Kind

KINDS = next(one.words for one in operation("assets.register").options if one.name == "kind")
_PATHS = click.Path(exists=False)


@click.command(cls=ServerCommand)
@click.argument("paths", nargs=-1, required=True, type=_PATHS, metavar="PATH...")
@click.option("--code", required=True, help="Code of the asset, such as chr_ann; it is registered where it is new.")
@click.option("--name", help="Name of a new asset; its code by default.")
@click.option("--kind", type=click.Choice(KINDS), help="Kind of a new asset; its code's prefix says it by default.")
@click.option("--description", help="Description of a new asset.")
@click.option("--tag", "tags", multiple=True, help="Tag of a new asset.")
@click.option("--field", "fields", multiple=True, type=Named(), help="Value of a custom field of a new asset.")
@click.option("--show", help="Home show of a new asset.")
@click.option(
    "--role", "roles", multiple=True, metavar="PATTERN=ROLE", help="Role of files, such as 'tex/*=texture_set'."
)
@click.option("--note", help="What changed.")
@click.option("--in-place", metavar="ROOT", help="Reference the files under this declared root; do not copy them.")
@click.option("--review", is_flag=True, help="Publish it only once somebody who curates has approved it.")
@click.option("--wait", is_flag=True, help="Wait for facts, pictures and the search index.")
@format_option
@click.pass_context
def publish(ctx: click.Context, /, paths: tuple[str, ...], roles: tuple[str, ...], form: str, **given: Any) -> None:  # noqa: ANN401 — click gives it
    """Publish local files as the next version of an asset.

    A folder's content is the tree; several paths are laid side by side. Only what the store lacks is sent. Interrupted,
    the same command goes on where it stopped; with the same bytes and roles it changes nothing and says so.
    """
    code, kind = given.pop("code"), cast("Kind | None", given.pop("kind"))
    told: dict[str, Any] = {name: value or None for name, value in given.items()}
    told["fields"] = dict(given["fields"]) or None
    told["wait"], told["review"] = bool(told["wait"]), bool(told["review"])
    one_or_more = paths[0] if len(paths) == 1 else paths
    with bars() as tell:
        version = client_of(ctx).versions.publish(
            code, one_or_more, kind=kind, roles=_roles(roles), progress=tell, **told
        )
    _show(version, form)


@click.command(cls=ServerCommand)
@click.argument("code")
@click.argument("paths", nargs=-1, required=True, type=_PATHS, metavar="PATH...")
@click.option(
    "--role", "roles", multiple=True, metavar="PATTERN=ROLE", help="Role of files, such as 'tex/*=texture_set'."
)
@click.option("--note", help="What changed.")
@format_option
@click.pass_context
def draft(ctx: click.Context, /, code: str, paths: tuple[str, ...], roles: tuple[str, ...], **given: Any) -> None:  # noqa: ANN401 — note and form
    """Draft the next version from the digests of local files, and send nothing; `assets publish` does it all."""
    from catalog.client import FileEntry  # noqa: PLC0415 — loads requests
    from catalog.client.digests import digests_of  # noqa: PLC0415 — as above
    from catalog.client.trees import read_tree  # noqa: PLC0415 — as above

    tree = read_tree(paths[0] if len(paths) == 1 else paths, _roles(roles))
    with bars() as tell:
        digests = digests_of(tree.files, tell)
    files = [
        FileEntry(
            path=file.path,
            sha256=digests[file.path].sha256,
            size_bytes=file.size_bytes,
            role=file.role,
            part_sha256=digests[file.path].part_sha256,
        )
        for file in tree.files
    ]
    show_one(
        client_of(ctx).versions.draft(code, files=files, note=given["note"]),
        given["form"],
        operation("versions.draft").columns,
    )


@click.command(cls=ServerCommand)
@click.argument("code")
@click.argument("number", type=int)
@click.option("--review", is_flag=True, help="Publish it only once somebody who curates has approved it.")
@click.option("--wait", is_flag=True, help="Wait for facts, pictures and the search index.")
@format_option
@click.pass_context
def publish_draft(ctx: click.Context, /, code: str, number: int, form: str, *, review: bool, wait: bool) -> None:
    """Publish a draft whose bytes are there; `assets publish` drafts, sends and publishes."""
    _show(client_of(ctx).versions.publish(code, number=number, review=review, wait=wait), form)


def _roles(given: tuple[str, ...]) -> dict[str, str]:
    for one in given:
        if "=" not in one:
            raise click.BadParameter(f"{one!r} is not PATTERN=ROLE", param_hint="--role")
    return {pattern: role for pattern, _, role in (one.rpartition("=") for one in given)}


def _show(version: PublishedVersion, form: str) -> None:
    if form != "table":
        show_one(version, form, [*operation("versions.get").columns, "outcome", "sent_bytes", "remarks"])
        return
    for remark in version.remarks:
        click.echo(remark, err=True)
    name = f"{version.asset}@{version.number}"
    if version.outcome == "unchanged":
        click.echo(f"{name} is unchanged: the same {counted(version.file_count, 'file')} as before")
    else:
        files, size = counted(version.file_count, "file"), counted(version.size_bytes, "byte")
        how = "waits for review" if version.outcome == "review" else "is published"
        click.echo(f"{name} {how}: {files}, {size}, {version.sent_bytes} sent")
