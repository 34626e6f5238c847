"""The processes that the crash test kills: a watcher with its workers, and a reviewer's writer.

`crash_parts.py watch FOLDER` and `crash_parts.py review FOLDER`; FOLDER holds inbox, database and
model. The reviewer prints the id of each decision once the store has taken it. `watch-carelessly`
commits that a file was seen before its article: a mistake that the test must be able to catch.
"""

from __future__ import annotations

import signal
import sys
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from annotator.core.annotations import Entity
from annotator.core.arrival import Arrival
from annotator.core.article import Span
from annotator.core.assignment import ReviewPlan
from annotator.core.decisions import DecisionGroup, accept, add, to_decisions
from annotator.core.record import SchemeId
from annotator.errors import LeaseLost
from annotator.export import FinishedWriter
from annotator.ingest.lock import watching_alone
from annotator.ingest.plan import WorkerPlan
from annotator.ingest.stopping import Stop
from annotator.ingest.watching import watch
from annotator.store.source_files import Files
from annotator.store.store import Store
from annotator.store.values import OpenedReview, QueueView, TakenIn

LEASE = 2.0
REVIEWER = "ana"


def url_of(folder: Path) -> str:
    return f"sqlite:///{folder / 'annotator.db'}"


class CarelessFiles(Files):
    """Believes what it has only begun to keep."""

    def take_in(
        self, arrivals: Sequence[Arrival], *, is_gone: Callable[[str], bool] | None = None
    ) -> TakenIn:
        super().take_in([replace(arrival, articles=()) for arrival in arrivals])
        time.sleep(0.5)
        return super().take_in(arrivals, is_gone=is_gone)


def watch_folder(folder: Path, kind: type[Files] = Files) -> None:
    stop = Stop()
    signal.signal(signal.SIGTERM, lambda *_: stop.ask())
    store = Store.open(url_of(folder))
    store.files = kind(store.database)
    # Kills strike at random: three may meet a long text, which is to blame for none of them.
    plan = WorkerPlan(
        url_of(folder), str(folder / "model"), batch=4, lease_seconds=LEASE, max_tries=99
    )
    with watching_alone(folder / "lock"):
        watch(
            folder / "inbox",
            store=store,
            plan=plan,
            workers=2,
            settle_seconds=0.3,
            stop=stop,
            chores=(FinishedWriter(store, folder / "records", scheme=SchemeId("test", "1")),),
        )
    store.close()


def review(folder: Path) -> None:
    store = Store.open(url_of(folder))
    while True:
        article = store.queue.next_ready(QueueView(REVIEWER), None)
        if article is None:
            time.sleep(0.02)
            continue
        opened = store.reviews.open(
            article, REVIEWER, now=datetime.now(UTC), lease_seconds=600, plan=ReviewPlan(9)
        )
        for _ in range(20):
            opened = decide(store, opened)


def decide(store: Store, opened: OpenedReview) -> OpenedReview:
    """Takes the last decision back one time in three, else decides something; says so."""
    now = opened.review
    if len(now.decisions) % 3 == 2 and (undo := now.undo()):
        changes = (undo,)
    elif now.open_items():
        changes = (accept(now.open_items()[0]),)
    else:
        changes = (add(Entity(uuid.uuid4().hex, Span(0, 3), "ORG")),)
    (decision,) = to_decisions(
        changes,
        DecisionGroup(
            id=uuid.uuid4().hex,
            article=now.article,
            reviewer=REVIEWER,
            at=datetime.now(UTC),
            first_seq=now.next_seq,
        ),
        ids=(uuid.uuid4().hex,),
    )
    try:
        store.reviews.append((decision,), text=opened.article.text)
    except LeaseLost:
        return store.reviews.open(
            now.article, REVIEWER, now=datetime.now(UTC), lease_seconds=600, plan=ReviewPlan(9)
        )
    print(now.article, decision.id, flush=True)
    return OpenedReview(opened.article, now.decide(decision), opened.pipeline, opened.started)


if __name__ == "__main__":
    parts = {
        "watch": watch_folder,
        "watch-carelessly": lambda folder: watch_folder(folder, CarelessFiles),
        "review": review,
    }
    parts[sys.argv[1]](Path(sys.argv[2]))
