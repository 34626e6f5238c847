"""Workers of several machines on one queue of jobs: real pools, a real server, random kills."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from annotator.cli.worker_options import shares_work
from annotator.errors import SettingsError
from annotator.ingest.plan import WorkerPlan
from annotator.ingest.pool import Pool
from annotator.settings import load_settings
from annotator.store.sql import columns as t
from annotator.store.sql.patience import AT_WORK
from annotator.store.store import Store
from tests.helpers.building import arrival, stage_of
from tests.helpers.ingesting import TEXT, wait_until
from tests.helpers.stores import fresh_database

pytest.importorskip("procrastinate")
pytestmark = pytest.mark.usefixtures("forked")
ARTICLES = 60


@pytest.fixture
def plan(own_postgresql: str, quick_model: Path) -> Iterator[WorkerPlan]:
    with fresh_database(own_postgresql) as url:
        yield WorkerPlan(
            url,
            model=str(quick_model),
            batch=5,
            lease_seconds=2.0,
            max_tries=9,
            jobs=True,
            stalled_seconds=1.5,
        )


@pytest.fixture
def store(plan: WorkerPlan) -> Iterator[Store]:
    with closing(Store.open(plan.database, patience=AT_WORK)) as one:
        one.share_work("here")
        yield one


def _take_in(store: Store, first: int, count: int) -> list[str]:
    texts = [TEXT.format(number) for number in range(first, first + count)]
    arrivals = [arrival(f"/inbox/{first + n}.txt", one) for n, one in enumerate(texts)]
    return [*store.files.take_in(arrivals).new]


def _jobs(store: Store) -> int:
    with store.database.reading() as connection:
        asked = text("SELECT count(*) FROM annotator_jobs.procrastinate_jobs")
        return int(connection.execute(asked).scalar_one())


def _sets_of_each(store: Store) -> list[int]:
    """The numbers of suggestion sets that articles have, each once."""
    counted = select(func.count()).select_from(t.suggestion_set)
    with store.database.reading() as connection:
        rows = connection.execute(counted.group_by(t.suggestion_set.c.article_id)).scalars()
        found = [*rows]
    assert len(found) == ARTICLES
    return sorted({*found})


def test_each_article_is_analysed_once_though_workers_are_killed(
    plan: WorkerPlan, store: Store
) -> None:
    chance = random.Random(15)
    pools = [Pool(plan, store=store, workers=1) for _ in range(2)]
    stored: list[int] = []

    def done() -> int:
        for pool in pools:
            stored.extend(said["attached"] for said in pool.tick(0.02) if said["event"] == "done")
        return len(stored)

    try:
        for pool in pools:
            pool.start()
        for n in range(4):
            _take_in(store, n * 15, 15)
            before = len(stored)
            assert wait_until(lambda before=before: done() > before)  # type: ignore[misc]  # bound now
            pid = chance.choice(pools).pids[0]
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        assert wait_until(lambda: done() >= 0 and store.queue.counts().ready == ARTICLES)
        assert wait_until(lambda: done() >= 0 and _jobs(store) == 0)
    finally:
        for pool in pools:
            pool.stop()
    assert _sets_of_each(store) == [1]
    assert sum(pool.restarts for pool in pools) >= 3
    assert sum(pool.failed for pool in pools) == 0


def test_the_job_of_a_dead_machine_is_taken_up(plan: WorkerPlan, store: Store) -> None:
    dead, alive = (Pool(plan, store=store, workers=1) for _ in range(2))
    dead.start()
    assert wait_until(lambda: (dead.tick(0.05), dead.is_ready)[1])
    process = dead.pids[0]
    os.kill(process, signal.SIGKILL)
    assert wait_until(lambda: not Path(f"/proc/{process}").exists())
    (article,) = _take_in(store, 0, 1)
    # A machine that has lost its power tells the store nothing.
    with store.database.writing() as connection:
        connection.execute(text("SET LOCAL search_path = annotator_jobs, public"))
        last = "(SELECT max(id) FROM procrastinate_workers)"
        begun = f"UPDATE procrastinate_jobs SET status = 'doing', worker_id = {last}"
        connection.execute(text(begun))
        until = store.now() + timedelta(hours=1)
        held = {"leased_by": "dead", "leased_until": until, "tries": 1}
        connection.execute(t.article.update().values(held))
    alive.start()
    try:
        assert wait_until(lambda: (alive.tick(0.05), stage_of(store, article) == "ready")[1])
    finally:
        alive.stop()
        dead.kill()


def test_a_job_is_in_the_queue_only_with_its_article(store: Store) -> None:
    _take_in(store, 0, 40)
    assert _jobs(store) == 2  # of 32 articles at most
    with store.database.engine.connect() as connection:
        connection.execute(text("SELECT annotator_jobs.defer_articles(ARRAY['x'])"))
        connection.rollback()
    assert _jobs(store) == 2


def test_articles_without_a_job_get_one(plan: WorkerPlan, store: Store) -> None:
    (article,) = _take_in(store, 0, 1)
    with store.database.writing() as connection:
        connection.execute(text("TRUNCATE annotator_jobs.procrastinate_jobs CASCADE"))
    pool = Pool(plan, store=store, workers=1)
    pool.start()
    try:
        assert wait_until(lambda: (pool.tick(0.05), stage_of(store, article) == "ready")[1])
    finally:
        pool.stop()


def test_a_worker_has_one_thread(plan: WorkerPlan, store: Store) -> None:
    """With a second one, even for a moment, its pipeline would be slower."""
    by_name = plan.database.replace("127.0.0.1", "localhost")
    pool = Pool(replace(plan, database=by_name), store=store, workers=1)
    pool.start()
    try:
        (article,) = _take_in(store, 0, 1)
        assert wait_until(lambda: (pool.tick(0.05), stage_of(store, article) == "ready")[1])
        assert "Threads:\t1\n" in Path(f"/proc/{pool.pids[0]}/status").read_text()
    finally:
        pool.stop()


def test_files_of_two_machines_under_one_path_are_two(plan: WorkerPlan, store: Store) -> None:
    first, second = TEXT.format(1), TEXT.format(2)
    with closing(Store.open(plan.database)) as other:
        other.share_work("there")
        store.files.take_in([arrival("/inbox/a.txt", first)])
        other.files.take_in([arrival("/inbox/a.txt", second)], is_gone=lambda _: True)
        assert store.queue.counts().waiting == 2
        assert [*store.files.known()] == [*other.files.known()] == ["/inbox/a.txt"]
        other.files.take_in([arrival("/inbox/b.txt", first)])
        assert store.files.known().keys() == {"/inbox/a.txt"}


def test_a_machine_works_until_it_is_told_to_stop(
    plan: WorkerPlan, store: Store, tmp_path: Path
) -> None:
    (tmp_path / "annotator.toml").write_text(
        f'database = "{plan.database}"\nmodel = "{plan.model}"\nqueue = "cluster"\nworkers = 1\n'
    )
    _take_in(store, 0, 3)
    words = [sys.executable, "-m", "annotator", "--workspace", str(tmp_path), "work", "--json"]
    with subprocess.Popen(words, stdout=subprocess.PIPE) as machine:
        assert machine.stdout is not None
        line = machine.stdout.readline()
        machine.send_signal(signal.SIGTERM)
        rest, _ = machine.communicate(timeout=60)
    assert line == b'{"event":"batch","articles":1,"stored":1}\n'  # the first comes at once
    # The batch in hand may have been the second.
    assert rest in (b"", b'{"event":"batch","articles":2,"stored":2}\n')
    assert machine.returncode == 0


@pytest.mark.parametrize(
    "database", ["sqlite:///annotator.db", "postgresql+pg8000://ada:secret@h/d"]
)
def test_the_queue_needs_a_server_that_it_can_use(tmp_path: Path, database: str) -> None:
    (tmp_path / "annotator.toml").write_text(f'database = "{database}"\nqueue = "cluster"\n')
    with pytest.raises(SettingsError, match="needs a PostgreSQL database") as refused:
        shares_work(load_settings(tmp_path))
    assert "secret" not in refused.value.message + refused.value.hint
