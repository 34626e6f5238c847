"""What `add` and `watch` share: how waiting articles are worked through, how it is stopped."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from annotator.ingest.intake import ReadingRules
    from annotator.ingest.plan import WorkerPlan
    from annotator.ingest.stopping import Stop
    from annotator.settings import Settings

ENDING = "Stopping when the batch in hand is done; ctrl+c again stops at once."
"""What is said of the first signal where the batch in hand is finished."""


def plan_for(chosen: Settings) -> WorkerPlan:
    """What the worker processes need to know."""
    from annotator.ingest.plan import WorkerPlan
    from annotator.settings import load_scheme

    labels = tuple(label.name for label in load_scheme(chosen))
    return WorkerPlan(database=chosen.database, model=chosen.model, labels=labels)


def rules_for(chosen: Settings) -> ReadingRules:
    """How files are read, as the settings say."""
    from annotator.ingest.intake import ReadingRules

    return ReadingRules(max_size=chosen.max_size, encodings=chosen.encodings, inbox=chosen.inbox)


def workers_for(chosen: Settings) -> int:
    """How many worker processes there are to be."""
    from annotator.ingest.plan import default_workers

    return chosen.workers or default_workers(os.cpu_count())


@contextmanager
def stopped_by_signals(stop: Stop, *, saying: str = "") -> Iterator[None]:
    """The first SIGINT or SIGTERM asks for a good end, the second for one at once.

    `saying` is told on standard error as soon as the first comes: the good end may be far.
    """

    def ask(*_: object) -> None:
        if saying and not stop.asked.is_set():
            # Not through the buffer, in the middle of whose use the signal may have come.
            with suppress(OSError):
                os.write(sys.stderr.fileno(), f"\n{saying}\n".encode())
        stop.ask()

    numbers = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(number, ask) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)
