"""Reviewers on a real store, in any order: its caches agree with its log."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from annotator.core.annotations import Item
from annotator.core.arrival import Arrival, FileState
from annotator.core.article import Article
from annotator.core.assignment import ReviewPlan
from annotator.core.decisions import Change, finish, reopen
from annotator.core.states import QueueFilter
from annotator.errors import LeaseLost
from annotator.store.store import Store
from annotator.store.values import OpenedReview, QueueView, Suggested
from tests.helpers.building import NOW, PIPELINE
from tests.helpers.examples import examples
from tests.helpers.items import entity_at, record_of
from tests.helpers.store_caches import assert_caches_are_right
from tests.helpers.stores import empty_database, without_syncing
from tests.helpers.strategies import articles, changes, stamped, suggestions

PEOPLE = ("ada", "bo", "cy")
SHOWN = (QueueFilter.READY, QueueFilter.IN_REVIEW, QueueFilter.FINISHED)
PLANS_OF_ONE = ((1, 0.0), (1, 0.5), (1, 1.0))
PLANS = (*PLANS_OF_ONE, (2, 0.0))
"""Numbers of reviews per article, with the share that wants two."""
CHECK = record_of("A check that nobody knows.", entity_at(0, 1, "PERSON"))


class Work(RuleBasedStateMachine):
    """Three people, up to three articles, two reviews for each, and a check; holds run out."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="annotator-test-"))
        self.url = empty_database(self.folder / "annotator.db")
        self.store = without_syncing(Store.open(self.url))
        self.watching = sqlite3.connect(self.folder / "annotator.db")
        self.checked: int | None = None
        self.now = NOW
        self.opened: dict[tuple[str, str], OpenedReview] = {}
        self.logs: dict[tuple[str, str], list[str]] = {}

    def teardown(self) -> None:
        self.watching.close()
        self.store.close()
        shutil.rmtree(self.folder)

    @initialize(data=st.data(), some=st.lists(articles(), min_size=1, max_size=3))
    def take_in(self, data: st.DataObject, some: Iterable[Article]) -> None:
        files = [
            Arrival(f"/inbox/{n}", FileState(n, n, n, n), NOW, (one,)) for n, one in enumerate(some)
        ]
        self.store.files.take_in(files)
        self.store.gold_checks.slip_in([CHECK], share=0.5)
        self.checks = self.store.gold_checks.among([CHECK.article.id])
        self.ids = sorted({file.articles[0].id for file in files} | self.checks)
        leased = self.store.work.lease("w", limit=9, seconds=9, now=NOW)
        results = [
            Suggested(one.id, _distinct(data.draw(suggestions(one.text)), n), "en")
            for n, one in enumerate(leased)
        ]
        self.store.work.attach("w", results, PIPELINE, now=NOW)

    @rule(data=st.data())
    def open(self, data: st.DataObject) -> None:
        key = data.draw(st.tuples(st.sampled_from(self.ids), st.sampled_from(PEOPLE)))
        try:
            opened = self.store.reviews.open(
                *key, now=self.now, lease_seconds=60, plan=ReviewPlan(2)
            )
        except LeaseLost:
            others = {one for article, one in self.logs if article == key[0]} | {
                one for article, one in self.opened if article == key[0]
            }
            assert len(others - {key[1]}) >= 2
            assert key[0] not in self.checks
            return
        assert [d.id for d in opened.review.decisions] == self.logs.get(key, [])
        self.opened[key] = opened

    @rule(data=st.data())
    def press(self, data: st.DataObject) -> None:
        if not self.opened:
            return
        key = data.draw(st.sampled_from(sorted(self.opened)))
        opened = self.opened[key]
        self.store_press(key, *data.draw(changes(opened.review, opened.article.text)))

    def store_press(self, key: tuple[str, str], *made_by_it: Change) -> None:
        opened = self.opened[key]
        made = stamped(made_by_it, opened.review, at=self.now)
        try:
            self.store.reviews.append(made, text=opened.article.text)
        except LeaseLost:
            del self.opened[key]
            return
        self.logs.setdefault(key, []).extend(d.id for d in made)
        self.opened[key] = replace(opened, review=opened.review.decide(*made))

    @rule(data=st.data())
    def finish_or_take_up_again(self, data: st.DataObject) -> None:
        if self.opened:
            key = data.draw(st.sampled_from(sorted(self.opened)))
            finished = self.opened[key].review.finished
            self.store_press(key, reopen() if finished else finish())

    @rule(data=st.data())
    def release(self, data: st.DataObject) -> None:
        if self.opened:
            key = data.draw(st.sampled_from(sorted(self.opened)))
            self.store.reviews.release(*key)
            del self.opened[key]

    @rule(seconds=st.integers(1, 100))
    def wait(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @rule()
    def start_again(self) -> None:
        self.store.close()
        self.store = without_syncing(Store.open(self.url))

    @invariant()
    def what_is_kept_is_what_the_log_says(self) -> None:
        if self._writes() != self.checked:  # to rebuild all takes most of the time of this test
            assert_caches_are_right(self.store)
            self.checked = self._writes()
        for key, log in self.logs.items():
            review = self.store.reviews.get(*key).review
            assert [d.id for d in review.decisions] == log
            if key in self.opened:
                assert review == self.opened[key].review

    def _writes(self) -> int:
        """A number that changes whenever the store has been written."""
        (version,) = self.watching.execute("PRAGMA data_version").fetchone()
        return int(version)

    @rule()
    def every_article_is_in_one_state(self) -> None:
        for reviewer in (None, *PEOPLE):
            for room, overlap in PLANS:
                counts = self.store.queue.counts(
                    reviewer, plan=ReviewPlan(room, overlap, checks=0.5)
                )
                assert counts.articles == counts.ready + counts.in_review + counts.finished
        for reviewer in PEOPLE:
            listed = [
                [self.store.queue.size(view(reviewer, plan, state)) for state in SHOWN]
                for plan in PLANS
            ]
            whole = self.store.queue.size(QueueView(reviewer, checks=0.5))
            assert [sum(sizes) for sizes in listed] == [whole] * len(PLANS)

    @rule(reviewer=st.sampled_from(PEOPLE), plan=st.sampled_from(PLANS_OF_ONE))
    def counts_say_what_rows_say(self, reviewer: str, plan: tuple[int, float]) -> None:
        counts = self.store.queue.counts(reviewer, plan=ReviewPlan(1, plan[1], checks=0.5))
        rows = Counter(
            row.state for row in self.store.queue.page(view(reviewer, plan), offset=0, limit=9)
        )
        assert rows == Counter(
            {"ready": counts.ready, "in review": counts.in_review, "finished": counts.finished}
        )

    @rule(plan=st.sampled_from(PLANS))
    def filters_say_what_rows_say(self, plan: tuple[int, float]) -> None:
        rows = self.store.queue.page(view("ada", plan), offset=0, limit=9)
        for state in SHOWN:
            listed = self.store.queue.page(view("ada", plan, state), offset=0, limit=9)
            assert self.store.queue.size(view("ada", plan, state)) == len(listed)
            assert listed == tuple(row for row in rows if row.state.value == state.value)


def view(reviewer: str, plan: tuple[int, float], state: QueueFilter | None = None) -> QueueView:
    return QueueView(reviewer, state, reviews_per_article=plan[0], overlap=plan[1], checks=0.5)


def _distinct(items: tuple[Item, ...], n: int) -> tuple[Item, ...]:
    """Ids that no other article's items have."""
    return tuple(replace(item, id=f"{n}-{item.id}") for item in items)


TestWork = Work.TestCase
TestWork.settings = settings(examples(12), stateful_step_count=15)
