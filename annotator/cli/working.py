"""What `add` and `watch` share: how waiting articles are worked through, how it is stopped."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from annotator.ingest.plan import WorkerPlan
    from annotator.ingest.stopping import Stop
    from annotator.ingest.takein import ReadingRules
    from annotator.settings import Settings


def plan_for(chosen: Settings) -> WorkerPlan:
    """What the worker processes need to know."""
    from annotator.ingest.plan import WorkerPlan
    from annotator.settings import load_scheme

    labels = tuple(label.name for label in load_scheme(chosen))
    return WorkerPlan(database=chosen.database, model=chosen.model, labels=labels)


def rules_for(chosen: Settings) -> ReadingRules:
    """How files are read, as the settings say."""
    from annotator.ingest.takein import ReadingRules

    return ReadingRules(max_size=chosen.max_size, encodings=chosen.encodings, inbox=chosen.inbox)


def workers_for(chosen: Settings) -> int:
    """How many worker processes there are to be."""
    from annotator.ingest.plan import default_workers

    return chosen.workers or default_workers(os.cpu_count())


@contextmanager
def stopped_by_signals(stop: Stop) -> Iterator[None]:
    """The first SIGINT or SIGTERM asks for a good end, the second for one at once."""
    numbers = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(number, lambda *_: stop.ask()) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)
