"""Holds use one clock, and a wrong clock holds nothing for hours."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.decisions import accept, reject
from annotator.core.holds import SLACK_SECONDS, counts, extended, latest
from annotator.errors import LeaseLost
from annotator.store.sql.patience import ServerClock
from annotator.store.store import Store
from annotator.store.values import QueueView
from annotator.tui.clock import Clock
from tests.helpers.building import NOW, at, ids, open_, press, ready, waiting

HOURS = 5 * 3600.0
HOLD = 600.0
moments = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))
seconds = st.floats(1, 86_400)


def test_a_worker_with_a_fast_clock_does_not_hold_articles_for_hours(store: Store) -> None:
    one, two = waiting(store, "One.\n", "Two.\n")
    ahead = store.work.lease("killed", limit=9, seconds=60, now=at(HOURS))
    assert set(ids(ahead)) == {one, two}
    assert ids(store.work.lease("w2", limit=1, seconds=60, now=at(0))) == [one]


def test_a_lease_of_a_slightly_fast_clock_is_valid(store: Store) -> None:
    waiting(store, "One.\n")
    store.work.lease("w1", limit=9, seconds=60, now=at(SLACK_SECONDS - 1))
    assert store.work.lease("w2", limit=9, seconds=60, now=at(0)) == ()


def test_an_exhausted_article_fails_under_any_clock(
    store: Store,
) -> None:
    waiting(store, "One.\n")
    store.work.lease("killed", limit=9, seconds=60, now=at(HOURS))
    assert store.work.fail_exhausted(1, at(0)) == 1


def test_an_article_opened_with_a_fast_clock_is_free_for_others(store: Store) -> None:
    article = ready(store)
    opened = open_(store, article, "ada", now=at(HOURS))
    press(store, opened, accept(opened.review.suggestions[0]), now=at(HOURS))
    assert store.queue.next_ready(QueueView("bo"), now=at(0)) == article
    (row,) = store.queue.page(QueueView("bo"), offset=0, limit=9)
    assert not row.is_in_hand(at(0))
    open_(store, article, "bo", now=at(0))


def test_a_reviewer_with_the_right_time_keeps_the_article(store: Store) -> None:
    article = ready(store)
    opened = open_(store, article, "ada", now=at(HOURS))
    # Her clock is set right; she goes on.
    opened = press(store, opened, accept(opened.review.suggestions[0]), now=at(1))
    store.reviews.renew(article, "ada", now=at(2))
    with pytest.raises(LeaseLost):
        open_(store, article, "bo", now=at(3))
    (row,) = store.queue.page(QueueView("bo"), offset=0, limit=9)
    assert row.is_in_hand(at(3))
    assert not row.is_in_hand(at(3 + HOLD))


def test_late_decisions_do_not_take_a_hold(store: Store) -> None:
    article = ready(store)
    opened = open_(store, article, "ada", now=at(HOURS))
    press(store, opened, accept(opened.review.suggestions[0]), now=at(0))
    with pytest.raises(LeaseLost):
        open_(store, article, "bo", now=at(HOURS + 1))


@given(moments, seconds, st.floats(0.001, 1))
def test_a_hold_is_valid_until_it_expires(now: datetime, long: float, part: float) -> None:
    assert counts(now + timedelta(seconds=long), now, long)
    assert not counts(now + timedelta(seconds=long), now + timedelta(seconds=long), long)
    assert counts(latest(now, long), now, long)
    assert not counts(latest(now, long) + timedelta(seconds=part), now, long)


@given(moments, seconds, st.floats(-86_400, 86_400), st.floats(-86_400, 86_400))
def test_a_used_hold_is_never_shortened(
    now: datetime, long: float, until: float, at: float
) -> None:
    end, used = now + timedelta(seconds=until), now + timedelta(seconds=at)
    new = extended(end, used, long, now=now)
    assert new >= used + timedelta(seconds=long)
    assert new >= end or end > latest(max(used, now), long)


# Whose clock


def test_a_server_provides_the_time(store: Store) -> None:
    if store.database.is_sqlite:
        assert abs(store.now() - datetime.now(UTC)) < timedelta(seconds=60)
        return
    with store.database.reading() as connection:
        there = connection.exec_driver_sql("SELECT clock_timestamp()").scalar_one()
    assert abs(store.now() - there) < timedelta(seconds=1)


def test_the_time_continues_from_the_servers(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = ServerClock()
    clock.set(NOW.timestamp())
    # This machine's own clock is wrong, and jumps.
    monkeypatch.setattr(time, "time", lambda: 0.0)
    assert NOW <= clock.now() < NOW + timedelta(seconds=60)
    assert clock.now() <= clock.now()
    assert NOW <= Clock(clock.now).now() < NOW + timedelta(seconds=60)


def test_holds_do_not_depend_on_the_order_of_keys(store: Store) -> None:
    article = ready(store)
    opened = open_(store, article, "ada", now=at(0))
    opened = press(store, opened, accept(opened.review.suggestions[0]), now=at(1))
    opened = press(store, opened, reject(opened.review.suggestions[1]), now=at(2))
    with pytest.raises(LeaseLost):
        open_(store, article, "bo", now=at(2 + HOLD - 1))
    open_(store, article, "bo", now=at(2 + HOLD + 10))
