"""Threads for the store: how many calls are left, and that all threads are used."""

from __future__ import annotations

import threading
from concurrent.futures import wait

from hypothesis import given
from hypothesis import strategies as st

from annotator.tui.terminal.threads import StoreThreads


@given(st.integers(1, 4), st.lists(st.integers(1, 9), min_size=1, max_size=4))
def test_calls_are_counted_until_they_have_ended_and_run_side_by_side(
    many: int, rounds: list[int]
) -> None:
    threads = StoreThreads(many)
    for calls in rounds:
        side_by_side = min(many, calls)
        met, go = threading.Barrier(side_by_side + 1), threading.Event()

        def call(at: int, met: threading.Barrier, go: threading.Event) -> None:
            if at < met.parties - 1:
                met.wait(5)
            go.wait(5)

        futures = [threads.submit(call, at, met, go) for at in range(calls)]
        met.wait(5)  # broken, and so red, unless as many run at once as there are threads
        assert threads.unfinished == calls
        go.set()
        wait(futures)
        ended = threading.Event()
        while threads.unfinished:  # a thread counts a call as ended after its result is known
            ended.wait(0.001)
    threads.shutdown()
