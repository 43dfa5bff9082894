"""Progress bars on a terminal; silence elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import TaskID

    from catalog.client import Progress


@contextmanager
def bars(unit: str = "bytes") -> Iterator[Callable[[Progress], None] | None]:
    """Give the client something to tell its progress to: a bar for each step, or nothing where nobody sees it."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console  # noqa: PLC0415 — slow to load, and only terminals need it
    from rich.progress import (  # noqa: PLC0415 — as above
        BarColumn,
        DownloadColumn,
        MofNCompleteColumn,
        ProgressColumn,
        TextColumn,
        TimeRemainingColumn,
        TransferSpeedColumn,
    )
    from rich.progress import Progress as Bars  # noqa: PLC0415 — as above

    amounts: tuple[ProgressColumn, ...] = (MofNCompleteColumn(),)
    if unit == "bytes":
        amounts = (DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn())
    tasks: dict[str, TaskID] = {}
    with Bars(TextColumn("{task.description:>12}"), BarColumn(), *amounts, console=Console(stderr=True)) as shown:

        def tell(progress: Progress) -> None:
            if progress.step not in tasks:
                tasks[progress.step] = shown.add_task(progress.step, total=progress.total)
            shown.update(tasks[progress.step], completed=progress.done, total=progress.total)

        yield tell
