"""Workers that hang or die: their articles are done by others, or fail alone."""

from __future__ import annotations

import os
import signal
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from annotator.ingest.adding import Added, add
from annotator.ingest.plan import WorkerPlan
from annotator.ingest.pool import Pool
from annotator.ingest.worker_process import WorkersAhead
from annotator.store.store import Store
from annotator.store.values import QueueView, Stage
from tests.helpers.ingesting import fill, take_in, wait_until

_KILLER = """
import os, signal, time
import spacy
from spacy.language import Language

@Language.component("tests_killer")
def killer(doc):
    if "deadly" in doc.text:
        os.kill(os.getpid(), signal.SIGKILL)
    if "for ever" in doc.text:
        time.sleep(600)
    if "a while" in doc.text:
        time.sleep(2)
    if "unreadable" in doc.text:
        raise ValueError("no tokens")
    return doc

def load(**_):
    nlp = spacy.blank("en")
    nlp.add_pipe("tests_killer")
    return nlp
"""


@pytest.fixture
def killer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """An installed pipeline that ends its process at one word, and fails at another."""
    packages = tmp_path / "packages"
    (packages / "tests_killer_pipeline").mkdir(parents=True)
    (packages / "tests_killer_pipeline" / "__init__.py").write_text(_KILLER)
    facts = packages / "tests_killer_pipeline-1.0.dist-info"
    facts.mkdir()
    names = "Metadata-Version: 2.1\nName: tests_killer_pipeline\nVersion: 1.0\n"
    (facts / "METADATA").write_text(names)
    monkeypatch.setenv("PYTHONPATH", str(packages))
    return "tests_killer_pipeline"


def test_a_text_that_kills_workers_fails_alone(
    root: Path, store: Store, plan: WorkerPlan, killer: str
) -> None:
    fill(root, 20)
    (root / "1-deadly.txt").write_text("This text is deadly.")
    (root / "1-unreadable.txt").write_text("This text is unreadable.")
    done = add([root], store=store, plan=replace(plan, model=killer, max_tries=2))
    assert done == Added(added=22, failed=2)
    problems = {
        row.title: row.problem
        for row in store.queue.page(QueueView("ana"), offset=0, limit=99)
        if row.stage is Stage.FAILED
    }
    assert problems == {
        "This text is deadly.": "The pipeline stopped 2 times at this text.",
        "This text is unreadable.": "The pipeline failed on this text (ValueError: no tokens).",
    }


def test_a_killed_worker_is_replaced_and_its_articles_are_done(
    root: Path, store: Store, plan: WorkerPlan
) -> None:
    fill(root, 30)
    pool = Pool(replace(plan, batch=5), store=store, workers=2)
    pool.start()
    killed = pool.pids[0]
    os.kill(killed, signal.SIGKILL)
    take_in(root, store)
    pool.wake()
    assert wait_until(lambda: (pool.tick(0.1), store.queue.counts().ready == 30)[1])
    assert killed not in pool.pids
    assert pool.restarts == 1
    pool.stop()
    assert len(pool) == 0


def test_workers_started_ahead_wait_until_the_store_is_there(
    root: Path, tmp_path: Path, plan: WorkerPlan
) -> None:
    url = f"sqlite:///{tmp_path}/later.db"
    with WorkersAhead(replace(plan, database=url), 1) as ahead:
        fill(root, 3)
        with closing(Store.open(url)) as store:
            take_in(root, store)
            pool = Pool(ahead.plan, store=store, workers=1, ahead=ahead)
            assert pool.pids == (ahead.processes[0].process.pid,)
            assert wait_until(lambda: (pool.tick(0.1), store.queue.counts().ready == 3)[1])
            assert pool.restarts == 0
            pool.stop()


def test_workers_started_ahead_end_if_no_store_can_be_opened(plan: WorkerPlan) -> None:
    with WorkersAhead(plan, 1) as ahead:
        process = ahead.processes[0].process
    assert process.returncode == -signal.SIGKILL


def test_a_hanging_worker_is_killed_and_its_article_fails(
    root: Path,
    store: Store,
    plan: WorkerPlan,
    killer: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr("annotator.ingest.pool._HUNG_AFTER", 0.5)
    (root / "a.txt").write_text("This text takes for ever.")
    done = add([root], store=store, plan=replace(plan, model=killer, max_tries=1))
    assert done == Added(added=1, failed=1)
    assert "hangs in a batch" in caplog.text


def test_leases_are_renewed_during_a_long_batch(
    root: Path, store: Store, plan: WorkerPlan, killer: str
) -> None:
    (root / "a.txt").write_text("This text takes a while.")
    take_in(root, store)
    pool = Pool(replace(plan, model=killer, lease_seconds=0.6), store=store, workers=2)
    pool.start()
    events: list[str] = []

    def is_ready() -> bool:
        pool.wake()  # the other worker keeps asking for work
        events.extend(what["event"] for what in pool.tick(0.1))
        return store.queue.counts().ready == 1

    assert wait_until(is_ready)
    pool.stop()
    assert events.count("begun") == 1
