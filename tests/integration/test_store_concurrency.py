"""Concurrent threads and processes, and processes that are killed."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest

from annotator.core.article import identity_of
from annotator.core.decisions import accept, finish, reject
from annotator.core.review import Review
from annotator.errors import LeaseLost
from annotator.store.store import Store
from annotator.store.values import Suggested
from tests.helpers.building import (
    NOW,
    PIPELINE,
    TEXT,
    arrival,
    ids,
    open_,
    press,
    ready,
    suggest,
    waiting,
)
from tests.helpers.store_caches import assert_caches_are_right
from tests.helpers.strategies import stamped

ROOT = Path(__file__).parents[2]
_T = TypeVar("_T")
_R = TypeVar("_R")


def at_once(do: Callable[[_T], _R], given: Iterable[_T]) -> list[_R]:
    """Runs `do` in one thread for each; fails if one of them does."""
    given = list(given)
    with ThreadPoolExecutor(len(given)) as pool:
        return list(pool.map(do, given))


def test_several_workers_never_get_the_same_article(store: Store) -> None:
    articles = waiting(store, *(f"Article {n}.\n" for n in range(120)))

    def work(worker: str) -> list[str]:
        mine: list[str] = []
        while leased := store.work.lease(worker, limit=7, seconds=60, now=NOW):
            results = [Suggested(one.id, (), "en") for one in leased]
            assert store.work.attach(worker, results, PIPELINE, now=NOW) == len(leased)
            mine += ids(leased)
        return mine

    done = [one for mine in at_once(work, ["w1", "w2", "w3", "w4"]) for one in mine]
    assert sorted(done) == sorted(articles)
    assert store.queue.counts().ready == 120


def test_reviewers_decide_while_files_arrive_and_workers_suggest(store: Store) -> None:
    articles = [ready(store, f"{TEXT}{n}\n") for n in range(6)]

    def review(n: int) -> Review:
        opened = open_(store, articles[n], f"reviewer {n}")
        for turn in range(15):
            verb = accept if turn % 2 else reject
            opened = press(
                store, opened, *(verb(held.item) for held in opened.review.held.values())
            )
        return press(store, opened, finish()).review

    def take_in(n: int) -> None:
        for turn in range(15):
            store.files.take_in([arrival(f"/inbox/new{turn}.txt", f"New {turn}.\n")])
            for one in store.work.lease(f"w{n}", limit=3, seconds=60, now=NOW):
                store.work.attach(f"w{n}", [Suggested(one.id, (), "en")], PIPELINE, now=NOW)

    with ThreadPoolExecutor(8) as pool:
        arriving = [pool.submit(take_in, n) for n in range(2)]
        reviews = list(pool.map(review, range(6)))
        for one in arriving:
            one.result()
    suggest(store, {})
    for n, review_ in enumerate(reviews):
        assert store.reviews.get(articles[n], f"reviewer {n}").review == review_
    assert (store.queue.counts().finished, store.queue.counts().ready) == (6, 15)
    assert_caches_are_right(store)


def test_one_of_two_conflicting_appends_fails(store: Store) -> None:
    opened = open_(store, ready(store))
    items = opened.review.items

    def decide(n: int) -> bool:
        made = stamped([accept(items[0])], opened.review)
        try:
            store.reviews.append([replace(d, id=f"{n}") for d in made], text=TEXT)
        except LeaseLost:
            return False
        return True

    assert sorted(at_once(decide, range(4))) == [False, False, False, True]
    assert len(store.reviews.get(opened.article.id, "ada").review.decisions) == 1


def test_one_of_two_who_open_an_article_gets_it(store: Store) -> None:
    article_id = ready(store)

    def take(reviewer: str) -> bool:
        try:
            open_(store, article_id, reviewer)
        except LeaseLost:
            return False
        return True

    assert sorted(at_once(take, "abcd")) == [False, False, False, True]
    assert_caches_are_right(store)


def test_two_ingesters_take_each_file_in_once(store: Store) -> None:
    files = [arrival(f"/inbox/{n}.txt", f"Article {n % 30}.\n") for n in range(60)]

    def take_in(seed: int) -> int:
        mine = random.Random(seed).sample(files, len(files))
        return sum(store.files.take_in(mine[n : n + 8]).added for n in range(0, len(mine), 8))

    assert sum(at_once(take_in, range(3))) == 30
    assert store.queue.counts().articles == 30
    assert len(store.files.known()) == 60
    for n in range(30):
        names = {f"{n}.txt", f"{n + 30}.txt"}
        found = store.articles.get(identity_of(f"Article {n}.\n"))
        assert {found.origin.name, *(origin.name for origin in found.also_from)} == names


@pytest.mark.usefixtures("forked")
def test_no_acknowledged_decision_is_lost_when_a_reviewer_is_killed(
    store: Store, database_url: str
) -> None:
    article_id = ready(store)
    acknowledged: list[str] = []
    random.seed(20181219)
    for _ in range(8):
        acknowledged += _killed_while_appending(database_url, article_id)
        stored = {d.id for d in store.reviews.get(article_id, "ada").review.decisions}
        assert set(acknowledged) <= stored
    assert acknowledged  # how many there are is a matter of the machine
    review = store.reviews.get(article_id, "ada").review
    while (undo := review.undo()) is not None:
        opened = open_(store, article_id, "ada", now=review.decisions[-1].at)
        review = press(store, opened, undo, now=review.decisions[-1].at).review
        if len(review.standing) % 40:
            continue
        assert store.reviews.get(article_id, "ada").review == review
    assert review.open_items() == Review.of(article_id, "ada", review.suggestions).open_items()
    assert_caches_are_right(store)


def _killed_while_appending(url: str, article_id: str) -> list[str]:
    """Decisions that a process had acknowledged before it was killed."""
    command = [sys.executable, "-m", "tests.helpers.keep_appending", url, article_id, "ada"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert process.stdout is not None
    assert process.stdout.readline().startswith("open")
    time.sleep(random.uniform(0.01, 0.25))
    process.send_signal(signal.SIGKILL)
    said, _ = process.communicate()
    lines = said.splitlines(keepends=True)
    # A last line cut short was not said.
    return [name for line in lines if line.endswith("\n") for name in line.split()]
