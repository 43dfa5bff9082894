"""What hostile content might make a reader do; run in children only, by their dotted names."""

import ctypes
import os
import socket
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path


def echo(value: object) -> object:
    """Give back what was asked."""
    return value


def crash() -> None:
    ctypes.string_at(0)


def hang() -> None:
    time.sleep(600)


def start_a_process() -> int:
    return os.fork()


def start_threads() -> int:
    """Threads are what renderers work with."""
    with ThreadPoolExecutor(max_workers=4) as threads:
        return sum(threads.map(int, "1234"))


def hang_once(place: str) -> bool:
    """As on a machine that is busy the first time."""
    marker = Path(place, "been-here")
    if not marker.exists():
        marker.touch()
        hang()
    return True


def count_renderers() -> int:
    """How many are ready in this child."""
    from catalog.media.painters import renderer  # noqa: PLC0415 — children only

    return len(renderer._held)


def compute_for_ever() -> None:
    while True:
        pass


def eat_memory() -> int:
    return len(bytearray(64 * 1024**3))


def write_without_end(where: str) -> None:
    with Path(where, "endless").open("wb") as written:
        while True:
            written.write(bytes(1024 * 1024))


def refuse() -> None:
    raise ValueError("the header says 7 bytes, 3 follow")


def print_a_lot() -> str:
    for number in range(20_000):
        print("noise", number, file=sys.stderr)  # noqa: T201 — that is the mischief
    print("the last word", file=sys.stderr)  # noqa: T201 — as above
    raise ValueError("after much noise")


def answer_without_end() -> str:
    return "x" * (64 * 1024 * 1024)


def write_garbage_and_leave() -> None:
    os.write(3, b"\x00\xffnot JSON")
    os._exit(0)


def answer_and_stay() -> None:
    """As a reader that was taken over might, to do something else afterwards."""
    os.write(3, b"value\n7\n")
    os.close(3)
    hang()


def answer_half_and_crash() -> None:
    os.write(3, b"value\n7")
    crash()


def leave_quietly() -> None:
    os._exit(0)


def read(path: str) -> str:
    return Path(path).read_text(encoding="utf-8")


def write(path: str) -> int:
    return Path(path).write_text("here I was", encoding="utf-8")


def environment() -> dict[str, str]:
    return dict(os.environ)


def descriptors() -> list[int]:
    """Which descriptors are open."""
    found = []
    for number in range(1024):
        with suppress(OSError):
            os.fstat(number)
            found.append(number)
    return found


def connect(host: str, port: int) -> str:
    with socket.create_connection((host, port), timeout=1):
        return "connected"


def run_a_program() -> None:
    os.execv("/bin/true", ["/bin/true"])  # noqa: S606 — that is the mischief


def processes() -> list[str]:
    return [entry for entry in os.listdir("/proc") if entry.isdigit()]  # noqa: PTH208 — as a reader would


def core_limit() -> list[int]:
    import resource  # noqa: PLC0415 — beside what it is for

    return list(resource.getrlimit(resource.RLIMIT_CORE))


def make(paths: list[str], out: str, scratch: str, studio: str) -> list[dict[str, object]]:
    """A maker that lies, in the way that the file's name says; its folder is otherwise as it was given."""
    folder = Path(out)
    (folder / "strip").write_bytes(b"RIFF\0\0\0\0WEBP" + studio.encode())
    Path(scratch, "beside").write_bytes(b"RIFF\0\0\0\0WEBP")
    (folder / "link").symlink_to("strip")
    (folder / "folder").mkdir()
    (folder / "other").write_bytes(b"something else")
    os.mkfifo(folder / "pipe")
    return TRICKS[paths[0]]


def _claim(**instead: object) -> dict[str, object]:
    honest = {"derivative": "turntable-strip", "file": "strip", "media_type": "image/webp", "width_px": 4}
    return {**honest, "height_px": 4, "caption": "", "tool": "mischief", **instead}


TRICKS: dict[str, list[dict[str, object]]] = {
    "nothing": [],
    "twice": [_claim(), _claim()],
    "another-maker-s": [_claim(derivative="thumbnail-240")],
    "no-such-file": [_claim(file="missing")],
    "a-link": [_claim(file="link")],
    "a-folder": [_claim(file="folder")],
    "a-pipe": [_claim(file="pipe")],
    "outside": [_claim(file="../beside")],
    "other-bytes": [_claim(file="other")],
    "a-page": [_claim(media_type="text/html")],
    "no-pixels": [_claim(width_px=0)],
    "too-wide": [_claim(width_px=100_000)],
}
