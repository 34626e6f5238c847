"""Processes are killed at any moment and restarted: nothing lost, nothing twice, every file
accounted for.

The long version, starting from an older database: `python -m tests.benchmarks.kills`.
"""

from __future__ import annotations

import random
import sqlite3
import sys
import time
from pathlib import Path

import pytest

from annotator.ingest.plan import WorkerPlan
from annotator.ingest.pool import Pool
from annotator.store.store import Store
from tests.e2e.crash_complaints import complaints
from tests.e2e.crash_harness import Process, kill_at_random, kill_quietly
from tests.e2e.crash_parts import url_of
from tests.helpers.ingesting import fill, save_quick_pipeline, take_in, wait_until

KILLS = 10  # each kind of victim twice
ARTICLES = 16  # each kind of file once

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="children are found where they are forked"),
    pytest.mark.usefixtures("forked"),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A workspace whose pipeline is real and quick: a ruler that knows one name."""
    (tmp_path / "inbox").mkdir()
    save_quick_pipeline(tmp_path / "model")
    return tmp_path


def test_kills_lose_nothing_and_repeat_nothing(folder: Path) -> None:
    outcome = kill_at_random(folder, kills=KILLS, articles=ARTICLES, seed=20181219)
    assert outcome.complaints == ()
    assert outcome.kills >= KILLS
    assert outcome.decisions > KILLS


def test_the_wrong_order_of_commits_is_caught(folder: Path) -> None:
    path, text = folder / "inbox" / "a.txt", "The mayor of Varnholm said no."
    path.write_text(text)
    careless = Process("watch-carelessly", folder)
    store = Store.open(url_of(folder))
    wait_until(lambda: len(store.files.known()) == 1, within=30)
    careless.kill()
    watcher = Process("watch", folder)
    wait_until(
        lambda: (beat := store.watcher.last()) is not None and beat.pid == watcher.pid, within=30
    )
    time.sleep(1.5)  # longer than a finished file waits before it is read
    store.close()
    assert watcher.end() == 0
    assert complaints(folder, {str(path)}, {text}, set())[0].startswith("lost")


def test_killed_workers_annotate_each_article_once(folder: Path) -> None:
    fill(folder / "inbox", 400)
    store = Store.open(url_of(folder))
    assert take_in(folder / "inbox", store).added == 400
    plan = WorkerPlan(url_of(folder), str(folder / "model"), batch=4, lease_seconds=2.0)
    pool = Pool(plan, store=store, workers=3)
    pool.start()
    chance = random.Random(7)
    kills, next_kill = 0, 400
    end = time.monotonic() + 120
    while (waiting := store.work.waiting()) and time.monotonic() < end:
        pool.tick(0.02)
        # Most kills strike a worker at work; a dead one is replaced by the pool.
        if pool.is_ready and kills < 6 and waiting <= next_kill:
            kill_quietly(chance.choice(pool.pids))
            kills += 1
            next_kill = waiting - chance.randint(1, 30)
    pool.stop()
    store.close()
    with sqlite3.connect(folder / "annotator.db") as database:
        sets = "SELECT count(*), count(DISTINCT article_id) FROM suggestion_set"
        assert database.execute(sets).fetchone() == (400, 400)
        ready = "SELECT count(*) FROM article WHERE stage = 'ready'"
        assert database.execute(ready).fetchone() == (400,)
    assert kills == 6
