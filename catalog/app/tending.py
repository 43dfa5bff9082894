"""Keeps a set of processes running: starts them in order, starts again what dies, stops them from the last one up.

It has no threads, so that starting a process is a plain fork, and every wait ends early when somebody wants to stop.
"""

import os
import select
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from catalog.app.children import Child, Program, end_all_descendants
from catalog.app.reporting import last_words, say, trim_log
from catalog.kernel.errors import Unavailable

READY_WITHIN_S = 120.0
STOP_EACH_WITHIN_S = 1.5
TEND_EVERY_S = 1.0
TRIM_LOGS_EVERY_S = 60.0


class Stopped(Exception):
    """Somebody wants everything to stop."""


class Wishes:
    """Signals as something to wait for: Ctrl-C, SIGTERM and a closed terminal mean stop; a child's end wakes.

    ``at_last`` is what is still done where somebody does not want to wait for a clean end.
    """

    def __init__(self) -> None:
        self.at_last: Callable[[], None] = lambda: None
        self._stop = False
        self._reading, writing = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
        for wish in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(wish, self._note)
        signal.signal(signal.SIGCHLD, lambda *_: None)

    def _note(self, number: int, _frame: object) -> None:
        if self._stop and number == signal.SIGINT:
            # A second Ctrl-C: whoever presses it does not want to wait for a clean end.
            end_all_descendants()
            self.at_last()
            os._exit(130)
        self._stop = True

    def pause(self, seconds: float) -> None:
        """Wait so long, or until a child ends; raises ``Stopped`` as soon as somebody wants that."""
        if not self._stop:
            select.select([self._reading], [], [], seconds)
            with suppress(BlockingIOError):
                os.read(self._reading, 4096)
        if self._stop:
            say("\nstopping …")
            raise Stopped


@dataclass(kw_only=True)
class Household:
    """The processes of one installation, in the order in which they were started; the last is stopped first."""

    wishes: Wishes
    children: list[Child] = field(default_factory=list)
    trimmed_at: float = 0.0

    def start(self, program: Program, *, before: Child | None = None) -> Child:
        """Start a program that is to run until the end; ``before`` is one that is to be stopped earlier."""
        child = Child(program=program)
        child.start()
        self.children.insert(self.children.index(before) if before else len(self.children), child)
        return child

    def finish(self, program: Program, within_s: float, meanwhile: Callable[[], None] = lambda: None) -> None:
        """Run a program to its end, while the others are tended; ``Unavailable`` where it fails or takes too long.

        ``meanwhile`` is called about every second.
        """
        child = Child(program=program)
        child.start()
        deadline = time.monotonic() + within_s
        try:
            while child.alive:
                if time.monotonic() > deadline:
                    raise Unavailable(f"{program.name} did not end within {within_s:g} s:\n{last_words(program.log)}")
                self.tend()
                meanwhile()
            if child.process is not None and child.process.returncode != 0:
                raise Unavailable(f"{program.name} failed:\n{last_words(program.log)}")
        finally:
            child.stop(STOP_EACH_WITHIN_S)

    def wait_until_ready(self, objection: Callable[[], str | None]) -> None:
        """Wait until there is no objection; ``Unavailable`` where there is one for too long, or a child dies."""
        deadline = time.monotonic() + READY_WITHIN_S
        while (words := objection()) is not None:
            for child in self.children:
                if end := child.obituary():
                    raise Unavailable(f"{end.partition(';')[0]} before all was ready:\n{last_words(child.program.log)}")
            if time.monotonic() > deadline:
                raise Unavailable(f"the catalogue is not ready after {READY_WITHIN_S:g} s: {words}")
            self.wishes.pause(0.05)

    def tend(self) -> None:
        """Wait a moment or until a child ends, then start again what died, and say so."""
        self.wishes.pause(TEND_EVERY_S)
        for child in self.children:
            if words := child.obituary():
                say(words)
            elif child.start_if_due():
                say(f"{child.program.name} runs again")
        if time.monotonic() > self.trimmed_at + TRIM_LOGS_EVERY_S:
            self.trimmed_at = time.monotonic()
            for child in self.children:
                trim_log(child.program.log)

    def stop(self) -> None:
        """Stop everything, the last started first, within 1.5 s each, and leave nothing behind."""
        for child in reversed(self.children):
            child.stop(STOP_EACH_WITHIN_S)
        self.children.clear()
        end_all_descendants()
