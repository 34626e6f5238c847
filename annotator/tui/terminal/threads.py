"""Threads for the store that the end of the program does not wait for."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from queue import SimpleQueue
from typing import Any

_Task = tuple["Future[Any]", Callable[[], Any]]


class StoreThreads(ThreadPoolExecutor):
    """Runs calls in at most `many` threads, as a loop's default executor does.

    The loop and the interpreter wait for threads of the standard library when they end, which may
    take forever if a database hangs.
    """

    def __init__(self, many: int) -> None:
        super().__init__(max_workers=many)  # none of which is ever started
        self._many = many
        self._tasks: SimpleQueue[_Task | None] = SimpleQueue()
        self._started = self._unfinished = 0
        self._over = False
        self._counting = threading.Lock()

    @property
    def unfinished(self) -> int:
        """How many calls wait or run; one that ends is counted until its result is handed on."""
        return self._unfinished

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        with self._counting:
            if self._over:
                raise RuntimeError("these threads have ended")
            self._tasks.put((future, lambda: fn(*args, **kwargs)))
            self._unfinished += 1
            if self._started < min(self._many, self._unfinished):
                self._started += 1
                name = f"annotator-store-{self._started}"
                threading.Thread(target=self._work, name=name, daemon=True).start()
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: ARG002
        """Start nothing more; running calls are left alone."""
        with self._counting:
            self._over = True
            for _ in range(self._started):
                self._tasks.put(None)

    def _work(self) -> None:
        while (task := self._tasks.get()) is not None:
            future, call = task
            if future.set_running_or_notify_cancel():
                try:
                    future.set_result(call())
                except BaseException as error:
                    future.set_exception(error)
            del task, future, call
            with self._counting:
                self._unfinished -= 1
