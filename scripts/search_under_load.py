#!/usr/bin/env python3
"""Ask the search index of ``bench_search`` while it changes, and say what a further process costs.

``scripts/search_under_load.py FOLDER [--seconds 20] [--rate 50]``. Another process changes so many documents a second,
the way the worker does: what came since the last commit goes into the next. Meanwhile this one searches, and looks how
long each change takes to be seen. The index is copied first by hard links, so that it stays as it was.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from catalog.search.port import SearchQuery
from catalog.search.query import parse
from catalog.search.vocabulary import Facet
from catalog.search.whoosh_index.index import WhooshIndex
from scripts.many_documents import STUDIO, documents, vocabulary

ROOT = Path(__file__).resolve().parents[1]
CHANGED = 2_000


def main() -> None:
    """Print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--rate", type=int, default=50)
    parser.add_argument("--write", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--hold", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.write:
        write(given.folder, given.seconds, given.rate)
    elif given.hold:
        hold(given.folder)
    else:
        print(json.dumps({"further_process": further_process(given.folder), **under_load(given)}))


def questions() -> list[SearchQuery]:
    """Return questions of several kinds, all with facets."""
    words = vocabulary().words
    typed = [f"{words[at]} " for at in (3, 9, 30, 400, 5_000)]
    typed += [f"{words[5]} {words[700]} ", f"{words[2]} OR {words[8]} ", f"{words[1_000][:4]}"]
    every = SearchQuery(audiences=STUDIO, facets=tuple(Facet))
    return [every, *(replace(every, text=parse(text)) for text in typed)]


def under_load(given: argparse.Namespace) -> dict[str, object]:
    """Search in peace, then while another process writes; compare."""
    with TemporaryDirectory(dir=given.folder.parent) as temporary:
        folder = Path(temporary, "index")
        shutil.copytree(given.folder, folder, copy_function=os.link)
        index = WhooshIndex(folder)
        ends = time.time() + given.seconds / 2
        quiet, _ = searched(index, lambda: time.time() < ends)
        command = [sys.executable, __file__, str(folder), "--write"]
        command += ["--seconds", str(given.seconds), "--rate", str(given.rate)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as writer:
            busy, seen = searched(index, lambda: writer.poll() is None)
            seen.append((index.seq, time.time()))
            said = json.loads(writer.communicate()[0])
        late = [min(at for seq, at in seen if seq >= wanted) - due for wanted, due in said["due"]]
    return {
        "quiet_cpu_ms": spread(quiet),
        "busy_cpu_ms": spread(busy),
        "visible_after_s": spread(late),
        "changes": len(said["due"]),
        "writer_cpu_s": said["cpu_s"],
        "segments": said["segments"],
    }


def searched(index: WhooshIndex, goes_on: Callable[[], bool]) -> tuple[list[float], list[tuple[int, float]]]:
    """Search as long as that goes on; return the CPU of each search, and when which state was seen first."""
    taken: list[float] = []
    seen = [(0, 0.0)]
    for question in cycle(questions()):
        if not goes_on():
            break
        began = time.thread_time()
        answer = index.search(question)
        taken.append((time.thread_time() - began) * 1000)
        if answer.seq > seen[-1][0]:
            seen.append((answer.seq, time.time()))
        time.sleep(0.02)
    return taken, seen


def write(folder: Path, seconds: float, rate: int) -> None:
    """Change documents at this rate, and print which change was due when."""
    changed = cycle(list(islice(documents(CHANGED), CHANGED)))
    index = WhooshIndex(folder)
    seq, began = index.seq, time.time()
    due: list[tuple[int, float]] = []
    first = seq
    while (now := time.time()) < began + seconds:
        waiting = int((now - began) * rate) - (seq - first)
        if waiting < 1:
            time.sleep(1 / rate)
            continue
        due += [(seq + number + 1, began + (seq - first + number + 1) / rate) for number in range(waiting)]
        index.write({each.id: each for each in islice(changed, waiting)}.values(), seq, seq + waiting)
        seq += waiting
    index.settle()
    segments = [segment.contents.count for segment in index._snapshot().segments]  # noqa: SLF001 — to be told
    print(json.dumps({"due": due, "cpu_s": round(time.process_time(), 1), "segments": segments}))


def further_process(folder: Path) -> dict[str, int]:
    """Return what the index costs a process beside another that has it open, in MB."""
    command = [sys.executable, __file__, str(folder), "--hold"]
    with (
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as one,
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as other,
    ):
        said = [next(held(process)) for process in (one, other)]
        return said[1] | {"pss_mb": memory(other.pid)["Pss"], "private_mb": memory(other.pid)["Private_Dirty"]}


def held(process: subprocess.Popen[str]) -> Iterator[dict[str, int]]:
    """Yield what a process says of itself once it has answered everything."""
    for line in process.stdout or ():
        yield json.loads(line)


def hold(folder: Path) -> None:
    """Ask everything, say what memory was used before the index was opened, and wait."""
    before = memory(os.getpid())
    index = WhooshIndex(folder)
    for question in questions():
        index.search(question)
    print(json.dumps({"before_pss_mb": before["Pss"], "before_private_mb": before["Private_Dirty"]}), flush=True)
    sys.stdin.read()


def memory(pid: int) -> dict[str, int]:
    """Return the parts of a process's memory, in MB."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()[1:]
    return {name: int(size.split()[0]) // 1024 for name, _, size in (line.partition(":") for line in lines)}


def spread(found: Sequence[float]) -> tuple[float, float]:
    """Return p50 and p95."""
    ordered = sorted(found)
    return round(ordered[len(ordered) // 2], 2), round(ordered[len(ordered) * 95 // 100], 2)


if __name__ == "__main__":
    main()
