"""What `add` and `watch` share: settings of the workers, and stopping by signals."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from annotator.inbox.reading import ReadingRules
    from annotator.ingest.plan import WorkerPlan
    from annotator.ingest.stopping import Stop
    from annotator.settings import Settings

ENDING = "Stopping after the current batch; press ctrl+c again to stop at once."
"""Message after the first signal, while the current batch is finished."""


def plan_for(chosen: Settings) -> WorkerPlan:
    """Configuration of the worker processes."""
    from annotator.ingest.plan import WorkerPlan
    from annotator.settings import load_scheme

    labels = tuple(label.name for label in load_scheme(chosen))
    return WorkerPlan(database=chosen.database, model=chosen.model, labels=labels)


def rules_for(chosen: Settings) -> ReadingRules:
    """Rules for reading files, from the settings."""
    from annotator.inbox.reading import ReadingRules

    return ReadingRules(max_size=chosen.max_size, encodings=chosen.encodings, inbox=chosen.inbox)


def workers_for(chosen: Settings) -> int:
    """The number of worker processes."""
    from annotator.ingest.plan import default_workers

    return chosen.workers or default_workers(os.cpu_count())


@contextmanager
def stopped_by_signals(stop: Stop, *, saying: str = "") -> Iterator[None]:
    """The first SIGINT or SIGTERM stops after the current batch, the second at once.

    `saying` is printed at the first signal, since finishing the batch can take long.
    """

    def ask(*_: object) -> None:
        if saying and not stop.asked.is_set():
            # Not through the buffer: the signal may have interrupted a write to it.
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
