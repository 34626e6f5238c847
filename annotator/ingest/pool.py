"""A pool of long-lived worker processes: started, woken, replaced when they die, ended cleanly."""

from __future__ import annotations

import contextlib
import logging
import os
import queue
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Mapping
from typing import IO, Any

from annotator import errors
from annotator.errors import AnnotatorError, ModelError
from annotator.ingest.log_throttle import Troubles
from annotator.ingest.plan import MODEL_ERROR, WorkerEvent, WorkerPlan, event_from
from annotator.store.jobs import job_queue
from annotator.store.store import Store

END_WITHIN = 60.0
_LIBRARIES = ("OMP", "OPENBLAS", "MKL", "BLIS", "NUMEXPR")
ONE_THREAD = {f"{library}_NUM_THREADS": "1" for library in _LIBRARIES}
ONE_THREAD["VECLIB_MAXIMUM_THREADS"] = "1"
# The next batch reuses freed memory: returning it to the system and getting it cleared again costs
# up to a tenth of the speed (glibc; other systems ignore these variables).
KEEP_MEMORY = {"MALLOC_TRIM_THRESHOLD_": "2000000000", "MALLOC_MMAP_THRESHOLD_": "33554432"}
# A batch that takes longer than this hangs: seconds, plus seconds per character, many times what
# the pipeline needs.
_HUNG_AFTER = 120.0
_HUNG_PER_CHARACTER = 0.002
# Give up after so many workers died before they were ready: no text is to blame.
_FALSE_STARTS = 5

_log = logging.getLogger(__name__)


class _Process:
    """One worker process and its name at the store."""

    def __init__(self, plan: WorkerPlan, heard: queue.Queue[tuple[_Process, bytes | None]]) -> None:
        self.name = f"{os.uname().nodename if hasattr(os, 'uname') else 'host'}-{uuid.uuid4()}"
        self.is_ready = False
        self.hung_at: float | None = None
        """Deadline of the current batch (monotonic); None between batches."""
        self.error: AnnotatorError | None = None
        self.seat: int | None = None
        """Its id in the queue of jobs; None without one."""
        self.process = subprocess.Popen(
            # Without -P a file in the current folder could shadow a module.
            [sys.executable, "-P", "-m", "annotator.ingest.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=KEEP_MEMORY | os.environ | ONE_THREAD,
            # Ctrl-C goes to the whole process group, but the pool decides what to do.
            start_new_session=True,
        )
        self.send(plan.to_json(self.name))
        listener = threading.Thread(target=self._listen, args=(heard,), daemon=True)
        listener.start()

    @property
    def stdin(self) -> IO[bytes]:
        assert self.process.stdin is not None
        return self.process.stdin

    def send(self, line: bytes) -> None:
        with contextlib.suppress(OSError, ValueError):  # it died, which `tick` notices
            self.stdin.write(line)
            self.stdin.flush()

    def end(self) -> None:
        """Ask it to end after the current batch."""
        with contextlib.suppress(OSError):
            self.process.terminate()
        with contextlib.suppress(OSError, ValueError):
            self.stdin.close()

    def _listen(self, heard: queue.Queue[tuple[_Process, bytes | None]]) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            heard.put((self, line))
        self.process.wait()
        heard.put((self, None))


class Pool:
    """Worker processes on one store. All methods are for one thread."""

    def __init__(self, plan: WorkerPlan, *, store: Store, workers: int) -> None:
        self.plan = plan
        self.size = max(1, workers)
        self.restarts = 0
        self.failed = 0
        """The number of articles failed since the start."""
        self._store = store
        self._heard: queue.Queue[tuple[_Process, bytes | None]] = queue.Queue()
        self._processes: list[_Process] = []
        self._false_starts = 0
        self._next_renewal = 0.0
        self._ending = False
        self._troubles = Troubles()

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
            self._processes.append(_Process(self.plan, self._heard))

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
            if process.process.poll() is None:
                process.process.kill()
                process.process.wait()
            process.end()
            self._release(process, tried=False)

    def _note(self, process: _Process, said: Mapping[str, Any]) -> Mapping[str, Any]:
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

    def _bury(self, process: _Process) -> None:
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
        self._processes.append(_Process(self.plan, self._heard))
        self.give_up_exhausted()

    def give_up_exhausted(self) -> None:
        """Mark articles as failed that have killed their worker too often."""
        try:
            self.failed += self._store.work.fail_exhausted(self.plan.max_tries, self._store.now())
        except AnnotatorError as error:  # tried again after the next death
            _log.warning("Articles could not be given up yet: %s", error.message)

    def _release(self, process: _Process, *, tried: bool) -> None:
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
