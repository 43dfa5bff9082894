"""The data folder: everything that one installation on one machine writes, and nothing outside it.

::

    DIR/                 0700
      lock               held while it runs; who holds it may write the rest
      run.json           0600, only while it runs: {"url", "pid", "token"} for local scripts
      environment        0600, the settings of this folder as a .env file, for `catalog admin --data DIR`
      secrets/           0600 each: the secret key, the first administrator's password and token; made once
      catalog.sqlite     the database, where no other is configured
      index/  store/  scratch/  cache/  logs/
      demo.people        who can sign in to the demo studio: it was begun
      demo.seeded        the demo studio was entered and is not entered again

The lock is the kernel's (flock) and ends with the process that holds it, so files that a killed process left behind are
never an obstacle.
"""

import fcntl
import json
import os
import secrets
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from catalog.kernel.errors import Conflict, InvalidInput

DEFAULT_FOLDER = Path(__file__).resolve().parents[2] / "var"
PRIVATE_FILE = 0o600
PRIVATE_FOLDER = 0o700
FOLDERS = ("secrets", "index", "store", "scratch", "cache", "logs")
_KNOWN = {"lock", "secrets", "catalog.sqlite", "environment"}


@dataclass(frozen=True, kw_only=True)
class Running:
    """What ``run.json`` tells local scripts while the catalogue runs; the token is this folder's administrator's."""

    url: str
    pid: int
    token: str


@dataclass(frozen=True, kw_only=True)
class Installation:
    """One data folder, opened by ``open_installation``."""

    folder: Path

    @property
    def run_file(self) -> Path:
        """Where local scripts look for the running catalogue."""
        return self.folder / "run.json"

    @property
    def demo_people(self) -> Path:
        """Who can sign in to the demo studio; stands once it was begun."""
        return self.folder / "demo.people"

    @property
    def demo_mark(self) -> Path:
        """Stands once the demo studio was entered."""
        return self.folder / "demo.seeded"

    def log(self, name: str) -> Path:
        """Where the process of this name writes what it has to say."""
        return self.folder / "logs" / f"{name}.log"

    def secret(self, name: str, make: Callable[[], str] = lambda: secrets.token_urlsafe(32)) -> str:
        """Return the secret of this name, made and kept on first use."""
        return self.find_secret(name) or self.keep_secret(name, make())

    def find_secret(self, name: str) -> str | None:
        """Return the secret of this name, if one is kept."""
        try:
            return self.secret_file(name).read_text(encoding="utf-8").strip() or None
        except FileNotFoundError:
            return None

    def keep_secret(self, name: str, value: str) -> str:
        """Keep a secret in place of the one of this name, and return it."""
        write_privately(self.secret_file(name), f"{value}\n")
        return value

    def forget_secret(self, name: str) -> None:
        """Remove the secret of this name; safe to run twice."""
        self.secret_file(name).unlink(missing_ok=True)

    def secret_file(self, name: str) -> Path:
        """Where the secret of this name is kept."""
        return self.folder / "secrets" / name

    def keep_environment(self, environment: Mapping[str, str]) -> None:
        """Write the settings of this folder for commands that open it later."""
        lines = [f"{name}={_quoted(value)}\n" for name, value in sorted(environment.items())]
        write_privately(self.folder / "environment", "".join(lines))

    def announce(self, running: Running) -> None:
        """Tell local scripts where the catalogue runs."""
        words = {"url": running.url, "pid": running.pid, "token": running.token}
        write_privately(self.run_file, json.dumps(words) + "\n")

    def withdraw(self) -> None:
        """Take the announcement back; safe to run twice."""
        self.run_file.unlink(missing_ok=True)

    def running(self) -> Running | None:
        """Return what ``run.json`` says; nothing where there is none or a crash left it unreadable."""
        try:
            words = json.loads(self.run_file.read_text(encoding="utf-8"))
            return Running(url=str(words["url"]), pid=int(words["pid"]), token=str(words["token"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the folder for this process; ``Conflict`` where another one does.

        What a killed process left behind is removed: its announcement, and everything in ``scratch``.
        """
        descriptor = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, PRIVATE_FILE)
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise Conflict(self._who_holds_it(), code="already-running", folder=str(self.folder)) from None
            self.withdraw()
            self._clear_scratch()
            yield
        finally:
            os.close(descriptor)

    def _clear_scratch(self) -> None:
        for left in (self.folder / "scratch").iterdir():
            if left.is_dir() and not left.is_symlink():
                shutil.rmtree(left, ignore_errors=True)
            else:
                left.unlink(missing_ok=True)

    def _who_holds_it(self) -> str:
        remedy = "stop it first (Ctrl-C there), or choose another folder with --data"
        running = self.running()
        if running is None:
            return f"the catalogue is already starting or stopping on {self.folder}; {remedy}"
        return f"the catalogue already runs on {self.folder}: {running.url} (process {running.pid}); {remedy}"


def open_installation(folder: Path) -> Installation:
    """Open a data folder, or make it where there is none, readable by its owner only.

    Refuses (``InvalidInput``) a folder that holds other things, for everything in a data folder is ours to change, and
    one that cannot be written.
    """
    folder = Path(os.path.abspath(folder))  # noqa: PTH100 — a link stays a link, so that a folder can be moved behind it
    try:
        folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
        found = {entry.name for entry in folder.iterdir()}
        if found and not found & _KNOWN:
            raise InvalidInput(
                f"{folder} is not empty and not a data folder of the catalogue; name an empty or new one with --data",
                code="strange-data-folder",
            )
        folder.chmod(PRIVATE_FOLDER)
        for name in FOLDERS:
            (folder / name).mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
    except OSError as error:
        raise InvalidInput(
            f"{folder} cannot be a data folder: {error.strerror}; name one that can be written with --data",
            code="unusable-data-folder",
        ) from error
    return Installation(folder=folder)


def write_privately(path: Path, text: str) -> None:
    """Replace a file by ``text`` in one step, readable by its owner only; a reader sees the old text or the new one."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, PRIVATE_FILE)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def _quoted(value: str) -> str:
    """As ``.env`` files spell a value: in single quotes, where nothing but the quote and the backslash is special."""
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
