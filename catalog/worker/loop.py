"""The worker's loop: claim a job, pay it, end it; beside it threads that keep leases, the index and the house."""

from __future__ import annotations

import os
import shutil
import socket
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

import structlog

from catalog.jobs import claiming
from catalog.jobs.vocabulary import JOB_KINDS, Blame, is_waited_for
from catalog.kernel import clock
from catalog.kernel.actors import system_actor
from catalog.kernel.errors import CatalogError, Unavailable
from catalog.reactions import PAYMENTS
from catalog.work.workshop import GaveUp, LeaseLost, Workshop
from catalog.worker import chores
from catalog.worker.leisure import Leisure

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from catalog.house import House
    from catalog.jobs.claiming import Claim

SLOTS = 2
"""Places for heavy work, of which one is for any; the others are kept free of what nobody waits for.

Beside them there is one for what is not heavy, so that no publication waits for pictures."""
IDLE_S = 0.05
FOLLOW_S = 0.15
WATCH_S = 1.0
KEEP_S = 4.0
SILENT_MAX_S = 1800.0
REST_AFTER, REST_FACTOR = 200, 4
"""After so many looks in vain the threads that wait for work look a quarter as often."""
SWEEP_S = 600.0
log = structlog.get_logger("catalog.worker")


class Worker:
    """One worker process. ``run`` returns after ``stop``; jobs still in hand then are given back."""

    def __init__(self, house: House, leisure: Leisure | None = None) -> None:
        self._house = house
        self._leisure = leisure or Leisure()
        self._name = f"{socket.gethostname()}:{os.getpid()}"
        self._stopping = threading.Event()
        self._in_hand: dict[Claim, _Hold] = {}
        self._lock = threading.Lock()
        self._turn = 0

    def stop(self) -> None:
        """Ask every thread to end after the step it is in."""
        self._stopping.set()

    def run(self) -> None:
        """Work until stopped."""
        with self._house.desk.bookkeeping() as session:
            claiming.reclaim_from_dead(session, clock.now(), _dead_here)
        threads = ThreadPoolExecutor(max_workers=SLOTS + 7, thread_name_prefix="worker")
        with threads:
            # Loading what draws takes seconds; the first upload should not wait for it.
            threads.submit(self._report_confinement)
            places = [self._pay_next_in_its_time, *[self._pay_next_waited_for] * (SLOTS - 1)]
            running = [threads.submit(self._steadily, place, IDLE_S, REST_FACTOR) for place in places]
            running.append(threads.submit(self._steadily, self._pay_next_light, IDLE_S, REST_FACTOR))
            running.append(threads.submit(self._steadily, self._follow, FOLLOW_S, REST_FACTOR))
            running.append(threads.submit(self._steadily, self._watch, WATCH_S))
            running.append(threads.submit(self._steadily, self._keep_leases, KEEP_S))
            running.append(threads.submit(self._steadily, self._sweep_database, SWEEP_S))
            running.append(threads.submit(self._steadily, self._sweep_store, SWEEP_S))
            self._stopping.wait()
        for thread in running:
            thread.result()

    def pay_until_idle(self, limit_s: float = 60.0, kinds: Collection[str] = JOB_KINDS.keys()) -> int:
        """Pay what is due, one after the other, until nothing is; return how many. For commands and tests."""
        paid, ends = 0, monotonic() + limit_s
        while monotonic() < ends and not self._stopping.is_set() and self._pay_next(kinds):
            paid += 1
        return paid

    def _steadily(self, step: Callable[[], bool], idle_s: float, rest_factor: int = 1) -> None:
        """Repeat a step; rest when it found nothing to do, longer the longer that lasts, and longer after it failed."""
        failures = idle = 0
        while not self._stopping.is_set():
            try:
                busy = step()
                failures = 0
            except Exception as error:  # noqa: BLE001 — a thread that dies silently would be worse
                failures += 1
                level = log.warning if isinstance(error, Unavailable) else log.exception
                level("step failed", step=step.__name__, error=str(error))
                busy = False
            idle = 0 if busy else idle + 1
            if failures:
                self._stopping.wait(min(idle_s * 2 ** min(failures, 6), 10.0))
            elif idle:
                self._stopping.wait(idle_s * (rest_factor if idle > REST_AFTER else 1))

    def _pay_next_light(self) -> bool:
        return self._pay_next([name for name, kind in JOB_KINDS.items() if not kind.heavy])

    def _pay_next_waited_for(self) -> bool:
        return self._pay_next([name for name in JOB_KINDS if is_waited_for(name)])

    def _pay_next_in_its_time(self) -> bool:
        leisurely = [name for name in JOB_KINDS if not is_waited_for(name)]
        return (self._leisure.take() and self._pay_next(leisurely)) or self._pay_next_waited_for()

    def _pay_next(self, kinds: Collection[str] = JOB_KINDS.keys()) -> bool:
        with self._house.desk.read() as session:
            if not claiming.anything_due(session, clock.now(), kinds):
                return False
        with self._house.desk.bookkeeping() as session:
            claiming.reclaim_lost(session, clock.now())
            self._turn += 1
            claim = claiming.claim(session, self._name, self._turn, clock.now(), kinds)
        if claim is None:
            return False
        self._pay(claim)
        return True

    def _pay(self, claim: Claim) -> None:
        hold = _Hold()
        with self._lock:
            self._in_hand[claim] = hold
        self._interrupt_leisure(claim)
        scratch: Path | None = None
        error: str | CatalogError | None = None
        final, blame = False, Blame.JOB
        try:
            scratch = Path(tempfile.mkdtemp(prefix=f"{claim.kind}-", dir=self._scratch_folder()))
            PAYMENTS[JOB_KINDS[claim.kind]](self._workshop(claim, hold, scratch), claim.subject_id)
        except LeaseLost:
            log.warning("lease lost", kind=claim.kind, subject=str(claim.subject_id))
            return
        except _Stopping:
            self._give_back(claim)
            return
        except Exception as problem:  # noqa: BLE001 — whatever a job does costs one attempt, not the worker
            error = problem if isinstance(problem, CatalogError) else f"{type(problem).__name__}: {problem}"
            final = isinstance(problem, GaveUp)
            blame = Blame.PART if isinstance(problem, Unavailable) else Blame.JOB
            log.warning(
                "job failed", kind=claim.kind, subject=str(claim.subject_id), attempt=claim.attempt, error=str(error)
            )
        finally:
            if scratch is not None:
                shutil.rmtree(scratch, ignore_errors=True)
            with self._lock:
                del self._in_hand[claim]
            self._interrupt_leisure(claim)
        with self._house.desk.bookkeeping() as session:
            if error is None:
                claiming.done(session, claim, clock.now())
            else:
                claiming.failed(session, claim, error, clock.now(), final=final, blame=blame)

    def _interrupt_leisure(self, claim: Claim) -> None:
        if JOB_KINDS[claim.kind].heavy and is_waited_for(claim.kind):
            self._leisure.interrupt()

    def _workshop(self, claim: Claim, hold: _Hold, scratch: Path) -> Workshop:
        def beat(progress: float) -> None:
            if hold.lost:
                raise LeaseLost
            if self._stopping.is_set():
                raise _Stopping
            hold.progress = min(max(progress, 0.0), 1.0)
            hold.beaten_at = monotonic()

        return Workshop(
            desk=self._house.desk,
            stores=self._house.stores,
            actor=system_actor(f"worker:{claim.kind}"),
            lane=claim.lane,
            scratch=scratch,
            site=self._house.settings.site,
            beat=beat,
        )

    def _give_back(self, claim: Claim) -> None:
        with suppress(CatalogError), self._house.desk.bookkeeping() as session:
            claiming.give_back(session, claim, clock.now())

    def _keep_leases(self) -> bool:
        with self._lock:
            # One that has not said anything for so long hangs: its lease ends, and another worker tries.
            alive_since = monotonic() - SILENT_MAX_S
            held = [(claim, hold) for claim, hold in self._in_hand.items() if hold.beaten_at > alive_since]
        if held:
            with self._house.desk.bookkeeping() as session:
                for claim, hold in held:
                    hold.lost = not claiming.keep(session, claim, hold.progress, clock.now())
        return False

    def _follow(self) -> bool:
        return chores.follow(self._house) > 0

    def _watch(self) -> bool:
        chores.watch(self._house)
        # Also after a full step: what is new to somebody may wait a second, so that many changes are one step.
        return False

    def _report_confinement(self) -> None:
        try:
            chores.report_confinement(self._house)
        except CatalogError as error:
            log.warning("children cannot be started", error=error.message)

    def _sweep_database(self) -> bool:
        chores.sweep_database(self._house)
        return False

    def _sweep_store(self) -> bool:
        chores.sweep_store_when_due(self._house)
        return False

    def _scratch_folder(self) -> Path:
        folder = self._house.settings.data.absolute() / "scratch"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder


class _Hold:
    """What the lease keeper and a job say to each other."""

    def __init__(self) -> None:
        self.progress = 0.0
        self.beaten_at = monotonic()
        self.lost = False


class _Stopping(Exception):
    """The worker is asked to end; the job is given back."""


def _dead_here(worker: str) -> bool:
    """Whether this names a worker of this machine whose process is gone."""
    host, _, pid = worker.rpartition(":")
    return host == socket.gethostname() and pid.isdigit() and not Path(f"/proc/{pid}").exists()
