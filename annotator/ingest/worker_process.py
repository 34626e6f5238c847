"""Worker processes, which may be started before the store is open."""

from __future__ import annotations

import contextlib
import os
import queue
import subprocess
import sys
import threading
import uuid
from types import TracebackType
from typing import IO, TYPE_CHECKING, TypeAlias

from annotator.ingest.plan import WorkerPlan

if TYPE_CHECKING:
    from annotator.errors import AnnotatorError

_LIBRARIES = ("OMP", "OPENBLAS", "MKL", "BLIS", "NUMEXPR")
ONE_THREAD = {f"{library}_NUM_THREADS": "1" for library in _LIBRARIES}
ONE_THREAD["VECLIB_MAXIMUM_THREADS"] = "1"
# The next batch reuses freed memory: returning it to the system and getting it cleared again costs
# up to a tenth of the speed (glibc; other systems ignore these variables).
KEEP_MEMORY = {"MALLOC_TRIM_THRESHOLD_": "2000000000", "MALLOC_MMAP_THRESHOLD_": "33554432"}
_NICE = 5
Heard: TypeAlias = "queue.Queue[tuple[WorkerProcess, bytes | None]]"
"""Lines of workers, each with its process; None at the end of its output."""


class WorkerProcess:
    """One worker process and its name at the store.

    It loads its pipeline, and opens the store when it gets a line.
    """

    def __init__(self, plan: WorkerPlan, heard: Heard) -> None:
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
        # Here, because it would compete with the first frame of the screens before it is told.
        with contextlib.suppress(AttributeError, OSError):
            least = os.getpriority(os.PRIO_PROCESS, 0) + _NICE
            os.setpriority(os.PRIO_PROCESS, self.process.pid, least)
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

    def kill(self) -> None:
        """Kill it, if it runs, and wait for its end."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.end()

    def _listen(self, heard: Heard) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            heard.put((self, line))
        self.process.wait()
        heard.put((self, None))


class WorkersAhead:
    """Worker processes that load their pipelines while the store is opened: loading takes seconds,
    and so may an upgrade. A pool takes them over; until then, leaving the context kills them.
    """

    def __init__(self, plan: WorkerPlan, workers: int) -> None:
        self.plan = plan
        self.heard: Heard = queue.Queue()
        self.processes = [WorkerProcess(plan, self.heard) for _ in range(workers)]

    def __enter__(self) -> WorkersAhead:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for process in self.processes:
            process.kill()
