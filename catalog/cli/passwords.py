"""The password of somebody who is entered: asked for on a terminal, and never left out in silence."""

from __future__ import annotations

import sys

import click

VARIABLE = "CATALOG_NEW_PASSWORD"
HELP = f"Asked for on a terminal; one on the command line can be seen by others ({VARIABLE})."
NONE_HELP = "For a service, which uses tokens only and cannot sign in."


def password_for(login: str, said: str | None, *, none: bool) -> str | None:
    """Return the password that was said or that a terminal answers, None where there is to be none.

    Exit code 2 where nobody says either: who has no password can never sign in.
    """
    if none and said is not None:
        raise click.UsageError(f"a password and --no-password exclude each other; is {VARIABLE} set?")
    if none or said is not None:
        return said
    if not sys.stdin.isatty():
        raise click.UsageError(
            f"{login} needs a password to sign in: set {VARIABLE}, or give --no-password for a service, "
            "which uses tokens only"
        )
    answer: str = click.prompt(f"Password of {login}", hide_input=True, confirmation_prompt=True)
    return answer
