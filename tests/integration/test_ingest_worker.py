"""A worker in this process, with a real store and a tiny pipeline."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from annotator.core.annotations import Claim, Entity, Item
from annotator.core.arrival import Arrival, FileState
from annotator.core.article import Article, Origin, Span
from annotator.core.record import PipelineId
from annotator.errors import StoreError
from annotator.ingest.batch_sizes import BatchSizes
from annotator.ingest.plan import WorkerPlan, default_workers, event_from, plan_from_json
from annotator.ingest.second_opinion import Interrupted, Replies, Suggesters
from annotator.ingest.worker import Worker
from annotator.store.store import Store
from annotator.store.values import QueueView, Stage

NOW = datetime(2019, 1, 7, 9, 0, tzinfo=UTC)
FAKE = PipelineId("fake", "1", "f00d")


class FakePipeline:
    """Calls the first word an ORG; fails on texts that say so."""

    id = FAKE

    def __init__(self) -> None:
        self.batches: list[int] = []

    def suggest(self, texts: Sequence[str]) -> Iterator[tuple[Item, ...]]:
        self.batches.append(len(texts))
        for text in texts:
            if "unreadable" in text:
                raise ValueError("no tokens")
            end = text.index(" ")
            yield (
                Entity("e1", Span(0, end), "ORG", score=0.5),
                Entity("e2", Span(end + 1, end + 3), "MOOD"),
                Claim("c1", (Span(0, end),), source_entity="e2"),
            )


def put(store: Store, *texts: str) -> list[str]:
    articles = [Article(text, origin=Origin(name=f"{n}.txt")) for n, text in enumerate(texts)]
    store.files.take_in(
        [
            Arrival(f"/in/{n}.txt", FileState(n, len(article.text), 1, 1), NOW, (article,))
            for n, article in enumerate(articles)
        ]
    )
    return [article.id for article in articles]


def worker_at(
    store: Store,
    *,
    labels: Sequence[str] = (),
    detect: Callable[[str], str | None] = lambda text: "en",  # noqa: ARG005
    batch: int = 32,
) -> tuple[Worker, FakePipeline, list[dict[str, Any]]]:
    pipeline, said = FakePipeline(), []
    plan = WorkerPlan(str(store.database.url), labels=tuple(labels), batch=batch)
    worker = Worker(
        "w1",
        plan,
        store=store,
        pipeline=pipeline,
        detect=detect,
        say=lambda line: said.append(json.loads(line)),
        sizes=BatchSizes(batch, first=batch),
    )
    return worker, pipeline, said


def test_a_batch_gets_suggestions_that_are_stored(store: Store) -> None:
    put(store, "Alpha is here.", "Beta is there.")
    worker, pipeline, said = worker_at(store)
    assert worker.work_once() == 2
    assert pipeline.batches == [2]
    assert said == [
        {"event": "begun", "characters": len("Alpha is here.Beta is there.")},
        {"event": "done", "leased": 2, "attached": 2},
    ]
    suggested = {
        article.text: (items, made) for article, items, made in store.articles.unreviewed()
    }
    items, made = suggested["Alpha is here."]
    assert next(item.span for item in items if isinstance(item, Entity)) == Span(0, 5)
    assert made == FAKE
    assert worker.work_once() == 0


def test_unknown_labels_are_dropped_and_counted(store: Store) -> None:
    put(store, "Alpha is here.")
    worker, _, _ = worker_at(store, labels=("ORG",))
    worker.work_once()
    ((_, items, _),) = store.articles.unreviewed()
    assert [item.label for item in items if isinstance(item, Entity)] == ["ORG"]
    (claim,) = (item for item in items if isinstance(item, Claim))
    assert claim.source_entity is None


def test_another_language_is_marked_and_not_annotated(store: Store) -> None:
    put(store, "Der Rat sagte nein.", "The council said no.")
    worker, pipeline, _ = worker_at(store, detect=lambda text: "de" if "Rat" in text else "en")
    assert worker.work_once() == 2
    assert pipeline.batches == [1]
    languages = {article.language: len(items) for article, items, _ in store.articles.unreviewed()}
    assert languages == {"de": 0, "en": 3}


def test_an_article_of_uncertain_language_is_annotated(store: Store) -> None:
    put(store, "Hm hm.")
    worker, _, _ = worker_at(store, detect=lambda text: None)  # noqa: ARG005
    worker.work_once()
    ((article, items, _),) = store.articles.unreviewed()
    assert article.language is None
    assert items


def test_a_failing_text_does_not_affect_the_others(store: Store) -> None:
    put(store, "Alpha is here.", "An unreadable text.", "Beta is there.")
    worker, pipeline, said = worker_at(store)
    assert worker.work_once() == 3
    assert pipeline.batches == [3, 1, 1, 1]
    counts = store.queue.counts()
    assert (counts.ready, counts.failed, counts.waiting) == (2, 1, 0)
    (failed,) = (
        row
        for row in store.queue.page(QueueView("ana"), offset=0, limit=9)
        if row.stage is Stage.FAILED
    )
    assert failed.problem == "The pipeline failed on this text (ValueError: no tokens)."
    assert [what["event"] for what in said] == ["begun", "failed", "done"]


def test_an_unstored_batch_does_not_count_as_tried(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(store, "Mayor said no.", "Council said yes.")
    worker, *_ = worker_at(store)

    def full(*_: object, **__: object) -> int:
        raise StoreError("There is no room left on the disk.", hint="Make room.")

    with monkeypatch.context() as patch:
        patch.setattr(store.work, "attach", full)
        for _ in range(4):
            with pytest.raises(StoreError, match="no room"):
                worker.work_once()
    assert store.work.fail_exhausted(3, NOW) == 0
    assert worker.work_once() == 2
    assert store.queue.counts().ready == 2


def test_a_batch_that_a_stop_interrupts_is_left_for_the_next_time(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    (article,) = put(store, "Alpha is here.")
    worker, _, said = worker_at(store)

    @contextmanager
    def interrupted(*_: object) -> Iterator[Replies]:
        yield Replies()
        raise Interrupted

    monkeypatch.setattr(Suggesters, "asked", interrupted)
    assert worker.work_once() == 0
    assert [event["event"] for event in said] == ["begun"]
    monkeypatch.undo()
    (again,) = store.work.lease("w2", limit=9, seconds=60, now=NOW)
    assert (again.id, again.tries) == (article, 1)


def test_articles_taken_over_by_another_worker_are_not_stored_twice(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(store, "Alpha is here.")
    worker, pipeline, _ = worker_at(store)
    suggest = pipeline.suggest

    def slow(texts: Sequence[str]) -> Iterator[tuple[Item, ...]]:
        later = datetime.now(UTC) + timedelta(hours=1)
        assert store.work.lease("w2", limit=9, seconds=60, now=later)
        return suggest(texts)

    # This worker is slower than its lease.
    monkeypatch.setattr(pipeline, "suggest", slow)
    assert worker.work_once() == 1
    assert store.queue.counts().waiting == 1


def test_leases_are_renewed_while_work_lasts(store: Store) -> None:
    put(store, "Alpha is here.")
    assert store.work.lease("w1", limit=9, seconds=30, now=NOW)
    assert store.work.renew("w1", seconds=30, now=NOW + timedelta(seconds=20)) == 1
    assert not store.work.lease("w2", limit=9, seconds=30, now=NOW + timedelta(seconds=40))
    assert store.work.lease("w2", limit=9, seconds=30, now=NOW + timedelta(seconds=51))
    assert store.work.renew("w1", seconds=30, now=NOW + timedelta(seconds=52)) == 0


def test_a_plan_survives_the_transfer_to_a_worker(tmp_path: Path) -> None:
    plan = WorkerPlan(f"sqlite:///{tmp_path}/a.db", "en_core", "numpy", ("ORG", "GPE"), 8, 5.0, 2)
    assert plan_from_json(plan.to_json("w9")) == ("w9", plan)


@pytest.mark.parametrize(
    "line", [b"", b"Traceback ...\n", b"3\n", b"{}\n", b"\xff\n", b'{"event": "rain"}\n']
)
def test_other_output_of_a_worker_is_ignored(line: bytes) -> None:
    assert event_from(line) == {"event": "noise"}


@pytest.mark.parametrize(("cores", "workers"), [(None, 1), (1, 1), (2, 1), (4, 3), (64, 4)])
def test_one_core_is_left_for_the_reviewer(cores: int | None, workers: int) -> None:
    assert default_workers(cores) == workers
