"""A pool of long-lived worker processes: started, woken, replaced when they die, ended cleanly."""

from __future__ import annotations

import contextlib
import logging
import queue
import signal
import subprocess
import time
from collections.abc import Mapping
from typing import Any

from annotator import errors
from annotator.errors import AnnotatorError, ModelError
from annotator.ingest.log_throttle import LogThrottle
from annotator.ingest.plan import MODEL_ERROR, WorkerEvent, WorkerPlan, event_from
from annotator.ingest.worker_process import WorkerProcess, WorkersAhead
from annotator.store.jobs import job_queue
from annotator.store.store import Store

END_WITHIN = 60.0
# A batch that takes longer than this hangs: seconds, plus seconds per character, many times what
# the pipeline needs.
_HUNG_AFTER = 120.0
_HUNG_PER_CHARACTER = 0.002
# Give up after so many workers died before they were ready: no text is to blame.
_FALSE_STARTS = 5

_log = logging.getLogger(__name__)


class Pool:
    """Worker processes on one store. All methods are for one thread."""

    def __init__(
        self, plan: WorkerPlan, *, store: Store, workers: int, ahead: WorkersAhead | None = None
    ) -> None:
        """`ahead` are workers that were started before the store was open."""
        self.plan = plan
        self.size = max(1, workers)
        self.restarts = 0
        self.failed = 0
        """The number of articles failed since the start."""
        self._store = store
        ahead = ahead or WorkersAhead(plan, 0)
        self._heard = ahead.heard
        self._processes = ahead.processes
        self.wake()  # the store is open
        self._false_starts = 0
        self._next_renewal = 0.0
        self._ending = False
        self._troubles = LogThrottle()

    def __len__(self) -> int:
        return len(self._processes)

    @property
    def is_ready(self) -> bool:
        """Whether any worker has its pipeline loaded."""
        return any(process.is_ready for process in self._processes)

    @property
    def pids(self) -> tuple[int, ...]:
        """The ids of the worker processes that run."""
        return tuple(process.process.pid for process in self._processes)

    def start(self, workers: int | None = None) -> None:
        """Start processes up to `workers` (default and maximum: its size)."""
        wanted = min(self.size, self.size if workers is None else max(1, workers))
        while len(self._processes) < wanted:
            self._add()

    def _add(self) -> None:
        process = WorkerProcess(self.plan, self._heard)
        process.send(b"\n")  # the store is open
        self._processes.append(process)

    def wake(self) -> None:
        """Wake the workers."""
        for process in self._processes:
            process.send(b"\n")

    def tick(self, timeout: float = 0.0) -> tuple[Mapping[str, Any], ...]:
        """The events of workers, waiting up to `timeout` seconds.

        Dead workers are replaced and their leases released. Raises ModelError or the like if the
        pipeline cannot be loaded.
        """
        self._see_to_leases()
        said: list[Mapping[str, Any]] = []
        deadline = time.monotonic() + timeout
        while True:
            try:
                left = deadline - time.monotonic()
                process, line = (
                    self._heard.get_nowait() if said or left <= 0 else self._heard.get(timeout=left)
                )
            except queue.Empty:
                return tuple(said)
            if line is None:
                self._bury(process)
            else:
                said.append(self._note(process, event_from(line)))

    def ask_to_end(self) -> None:
        """Ask all workers to end after the current batch; `tick` notices when they have."""
        self._ending = True
        for process in self._processes:
            process.end()

    def stop(self, *, within: float = END_WITHIN) -> None:
        """Stop all workers after their current batch; those that take too long are killed."""
        self.ask_to_end()
        deadline = time.monotonic() + within
        for process in self._processes:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.process.wait(max(0.0, deadline - time.monotonic()))
        self.kill()

    def kill(self) -> None:
        """Kill all workers and release their leases."""
        self._ending = True
        processes, self._processes = self._processes, []
        for process in processes:
            process.kill()
            self._release(process, tried=False)

    def _note(self, process: WorkerProcess, said: Mapping[str, Any]) -> Mapping[str, Any]:
        match said["event"]:
            case WorkerEvent.READY:
                process.is_ready = True
                self._false_starts = 0
                _log.info("A worker is ready (%s %s).", said["pipeline"], said["version"])
            case WorkerEvent.SEATED:
                process.seat = said["seat"]
            case WorkerEvent.BEGUN:
                allowed = _HUNG_AFTER + said["characters"] * _HUNG_PER_CHARACTER
                process.hung_at = time.monotonic() + allowed
            case WorkerEvent.DONE:
                process.hung_at = None
            case WorkerEvent.FAILED:
                self.failed += 1
                _log.warning("Article %s was given up: %s", said["article"], said["reason"])
            case WorkerEvent.TROUBLE:
                process.hung_at = None
                self._warn("A worker reports an error", said["message"])
            case WorkerEvent.ERROR:
                kind = getattr(errors, str(said["error"]), AnnotatorError)
                process.error = kind(said["message"], hint=said["hint"])
        return said

    def _see_to_leases(self) -> None:
        """Renew the leases of workers, and kill those that hang."""
        now = time.monotonic()
        if now < self._next_renewal:
            return
        self._next_renewal = now + self.plan.lease_seconds / 3
        for process in self._processes:
            if process.hung_at is None:
                continue
            if now > process.hung_at:
                _log.warning("A worker hangs in a batch and is killed.")
                process.process.kill()
                continue
            try:
                seconds = self.plan.lease_seconds
                self._store.work.renew(process.name, seconds=seconds, now=self._store.now())
                if process.seat is not None:
                    job_queue.beat(self._store.database, process.seat)
            except AnnotatorError as error:  # if this persists, another worker repeats the work
                self._warn("Leases could not be renewed", error.message)

    def _bury(self, process: WorkerProcess) -> None:
        """Release the leases of a dead worker and start another."""
        if process not in self._processes:
            return
        self._processes.remove(process)
        status = process.process.returncode
        process.end()
        self._release(process, tried=True)
        if status == MODEL_ERROR and process.error is not None:
            raise process.error
        if self._ending:
            return
        _log.warning("A worker ended unexpectedly (%s) and is replaced.", _how(status))
        self.restarts += 1
        self._false_starts += not process.is_ready
        if self._false_starts >= _FALSE_STARTS:
            raise ModelError(
                f"Worker processes crash on start ({_how(status)}).",
                hint="See their output above; if they were killed, free some memory.",
            )
        self._add()
        self.give_up_exhausted()

    def give_up_exhausted(self) -> None:
        """Mark articles as failed that have killed their worker too often."""
        try:
            self.failed += self._store.work.fail_exhausted(self.plan.max_tries, self._store.now())
        except AnnotatorError as error:  # tried again after the next death
            _log.warning("Articles could not be given up yet: %s", error.message)

    def _release(self, process: WorkerProcess, *, tried: bool) -> None:
        try:
            self._store.work.release(process.name, tried=tried)
            if process.seat is not None:
                job_queue.give_up(self._store.database, process.seat)
        except AnnotatorError as error:  # the leases expire by themselves
            self._warn("A worker's leases could not be released yet", error.message)

    def _warn(self, what: str, why: str) -> None:
        if self._troubles.is_news(f"{what}: {why}", now=time.monotonic()):
            _log.warning("%s: %s", what, why)


def _how(status: int) -> str:
    if status >= 0:
        return f"exit status {status}"
    with contextlib.suppress(ValueError):
        return signal.Signals(-status).name
    return f"signal {-status}"
