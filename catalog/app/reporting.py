"""What the supervisor tells people: lines at the terminal, the ends of logs, and whether the web process is ready."""

import http.client
import json
import os
import shutil
from pathlib import Path

import click

LARGEST_LOG_BYTES = 16 * 1024 * 1024
LAST_WORDS = 15


def say(words: str) -> None:
    """Print a line at once, also where the output is a file."""
    click.echo(words)


def last_words(log: Path, lines: int = LAST_WORDS) -> str:
    """Return the end of a log, indented, with where the rest stands."""
    try:
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - 8192))
            text = file.read().decode("utf-8", errors="replace")
    except OSError:
        text = ""
    ending = text.rstrip().splitlines()[-lines:] or ["(it said nothing)"]
    return "\n".join([*(f"    {line}" for line in ending), f"  all of it stands in {log}"])


def last_line(log: Path) -> str:
    """Return the last whole line of a log; empty where there is none."""
    try:
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - 1024))
            whole, _, _ = file.read().decode("utf-8", errors="replace").rpartition("\n")
    except OSError:
        return ""
    return whole.rpartition("\n")[2]


def trim_log(log: Path, largest_bytes: int = LARGEST_LOG_BYTES) -> None:
    """Keep a log that grew too large as ``NAME.log.1`` and begin anew; its writer appends, so it need not be told."""
    if not log.exists() or log.stat().st_size <= largest_bytes:
        return
    shutil.copyfile(log, log.with_name(f"{log.name}.1"))
    os.truncate(log, 0)


def readiness(address: tuple[str, int]) -> str | None:
    """Ask the web process whether everything answers; return what it objects, or None when it is ready."""
    connection = http.client.HTTPConnection(*address, timeout=5)
    try:
        connection.request("GET", "/readyz")
        answer = connection.getresponse()
        body = answer.read(4096)
    except (OSError, http.client.HTTPException) as error:
        return f"the web process does not answer ({error!r})"
    finally:
        connection.close()
    if answer.status == http.client.OK:
        return None
    return f"/readyz answers {answer.status}: {_detail(body)}"


def _detail(body: bytes) -> str:
    """What a problem document says, or the body itself."""
    try:
        return str(json.loads(body)["detail"])
    except (ValueError, KeyError, TypeError):
        return body.decode("utf-8", errors="replace").strip()
