"""`annotator work`: workers alone, on any machine that reaches the store."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from annotator.ingest.plan import WorkerEvent, WorkerPlan
from annotator.ingest.pool import END_WITHIN, Pool
from annotator.ingest.stopping import Stop
from annotator.store.store import Store

_PAUSE = 0.25

Report = Callable[[Mapping[str, Any]], None]


def work(store: Store, plan: WorkerPlan, *, workers: int, stop: Stop, report: Report) -> None:
    """Make suggestions for waiting articles until `stop`; the batches in hand are finished.

    `report` gets one object for each batch. Raises ModelError if the pipeline cannot be loaded.
    """
    pool = Pool(plan, store=store, workers=workers)
    try:
        pool.give_up_exhausted()
        pool.start()
        while not stop.asked.is_set():
            _tell(pool, report)
        pool.ask_to_end()
        deadline = time.monotonic() + END_WITHIN
        while len(pool) and not stop.at_once.is_set() and time.monotonic() < deadline:
            _tell(pool, report)
    finally:
        pool.kill()


def _tell(pool: Pool, report: Report) -> None:
    for said in pool.tick(_PAUSE):
        if said["event"] is WorkerEvent.DONE:
            report({"event": "batch", "articles": said["leased"], "stored": said["attached"]})
