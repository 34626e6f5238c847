"""The work and speed of reviewers, in the store and in `report`."""

from __future__ import annotations

from dataclasses import replace

import pytest

from annotator.cli.report_figures import report_figures
from annotator.cli.report_lines import report_lines
from annotator.core.decisions import Change, accept, finish, reject
from annotator.core.reviewing.projection import GROUP
from annotator.core.watcher_status import Heartbeat, WatcherStatus
from annotator.store.sql import columns as t
from annotator.store.store import Store
from annotator.store.values import OpenedReview, QueueView, Work
from tests.helpers.building import NOW, TEXT, arrival, at, open_, ready
from tests.helpers.strategies import stamped


def press(
    store: Store, opened: OpenedReview, *changes: Change, keys: int, seconds: float
) -> OpenedReview:
    """One key press that took so many keys and seconds."""
    made = [
        replace(one, keys=keys if n == 0 else 0, seconds=seconds if n == 0 else 0.0)
        for n, one in enumerate(stamped(changes, opened.review, at=NOW))
    ]
    store.reviews.append(made, text=opened.article.text)
    return replace(opened, review=opened.review.decide(*made))


@pytest.fixture
def worked(store: Store) -> Store:
    """Ada decided five items of two articles in 100 s with 7 keys, two of them one by one; Bo one
    in 20 s with 1."""
    first = open_(store, ready(store))
    ada, bo, place = first.review.items
    first = press(store, first, accept(ada), keys=1, seconds=30.0)
    first = press(store, first, reject(bo), keys=1, seconds=30.0)
    first = press(store, first, accept(place), finish(), keys=2, seconds=10.0)
    second = open_(store, ready(store, f"{TEXT}Again.\n"))
    press(store, second, *map(accept, second.review.items[:2]), keys=3, seconds=30.0)
    third = open_(store, ready(store, f"{TEXT}Once more.\n"), "bo")
    press(store, third, accept(third.review.items[0]), keys=1, seconds=20.0)
    open_(store, ready(store, f"{TEXT}Never touched.\n"), "cy")
    return store


def test_items_keys_and_seconds_of_each_reviewer(worked: Store) -> None:
    ada, bo = worked.statistics.work()
    assert ada == Work(
        "ada", articles=2, one_by_one=2, in_bulk=3, keys=7, seconds=100.0, finished=1
    )
    assert ada.items == 5
    assert ada.items_per_hour == pytest.approx(72)
    assert ada.keys_per_item == pytest.approx(1.4)
    assert bo == Work("bo", articles=1, one_by_one=1, in_bulk=0, keys=1, seconds=20.0)


def test_accepting_all_is_no_speed(store: Store) -> None:
    for text in (TEXT, f"{TEXT}Again.\n"):
        opened = open_(store, ready(store, text))
        press(store, opened, *map(accept, opened.review.items), finish(), keys=1, seconds=0.1)
    (ada,) = store.statistics.work()
    assert (ada.one_by_one, ada.in_bulk, ada.items_per_hour) == (0, 6, None)


def test_imported_reviews_are_not_counted(worked: Store) -> None:
    with worked.database.writing() as connection:
        connection.execute(
            t.review.update().where(t.review.c.reviewer == "bo").values(kind="import")
        )
    assert [one.reviewer for one in worked.statistics.work()] == ["ada"]


def test_carried_items_are_not_counted_until_somebody_decides_them(store: Store) -> None:
    opened = open_(store, ready(store))
    carried = [
        replace(one, group=f"{GROUP}1")
        for one in stamped([*map(accept, opened.review.items)], opened.review)
    ]
    store.reviews.append(carried, text=opened.article.text)
    (ada,) = store.statistics.work()
    assert (ada.one_by_one, ada.in_bulk) == (0, 0)
    opened = open_(store, opened.article.id)
    press(store, opened, reject(opened.review.items[0]), keys=1, seconds=1.0)
    (ada,) = store.statistics.work()
    assert (ada.one_by_one, ada.in_bulk) == (1, 0)


def test_a_reviewer_without_decisions_has_no_rate(store: Store) -> None:
    press(store, open_(store, ready(store)), finish(), keys=1, seconds=0.0)
    (ada,) = store.statistics.work()
    assert (ada.items, ada.items_per_hour, ada.keys_per_item) == (0, None, None)
    assert any("–" in line for line in report_lines(report_figures(store, NOW)))


def test_the_report_has_a_row_per_reviewer_and_a_total(worked: Store) -> None:
    result = report_figures(worked, NOW)
    assert result["reviewers"][0] == {
        "reviewer": "ada",
        "articles": 2,
        "finished": 1,
        "items": 5,
        "one_by_one": 2,
        "in_bulk": 3,
        "keys": 7,
        "seconds": 100.0,
        "items_per_hour": 72.0,
        "articles_per_hour": 36.0,
        "keys_per_item": 1.4,
    }
    assert result["together"]["items"] == 6
    assert result["together"]["items_per_hour"] == 90.0
    table = "\n".join(report_lines(result))
    lines = table.splitlines()
    first = lines.index(next(line for line in lines if line.startswith("reviewer")))
    assert lines[first : first + 3] == [
        "reviewer  articles  one by one  in bulk   hours  one by one/hour  keys/item",
        "ada              2           2        3     0.0               72       1.40",
        "bo               1           1        0     0.0              180       1.00",
    ]
    assert "together         3           3        3     0.0               90       1.33" in table


def test_the_report_says_whether_a_watcher_runs(store: Store) -> None:
    def last_line(seconds: float) -> str:
        return list(report_lines(report_figures(store, at(seconds))))[-1]

    assert last_line(0) == "watcher: never started"
    said = WatcherStatus(waiting=12, scanned_seconds_ago=2.0)
    store.watcher.beat(Heartbeat(NOW, 41, NOW, said))
    assert last_line(2) == "watcher: process 41, last scan 4 s ago, 12 waiting"
    assert report_figures(store, at(2))["watcher"]["alive"] is True
    assert last_line(60).startswith(
        "watcher: not running; its last heartbeat was at 2018-12-19 09:00"
    )
    assert report_figures(store, at(60))["watcher"]["alive"] is False
    store.watcher.beat(Heartbeat(at(70.5), 41, NOW, WatcherStatus(waiting=12, has_ended=True)))
    assert last_line(71) == "watcher: not running; it ended at 2018-12-19 09:01"
    assert report_figures(store, at(71))["watcher"]["alive"] is False


def test_the_report_names_what_failed_and_what_was_rejected(store: Store) -> None:
    store.files.take_in([arrival("/inbox/long.txt", "Too long a text.\n")])
    store.work.lease("w", limit=1, seconds=60, now=NOW)
    article = store.queue.page(QueueView("ada"), offset=0, limit=1)[0].id
    store.work.fail("w", article, "The pipeline stopped 3 times at this text.", now=NOW)
    result = report_figures(store, NOW)
    assert result["failed_articles"] == [
        {
            "id": article,
            "title": "Too long a text.",
            "reason": "The pipeline stopped 3 times at this text.",
        }
    ]
    lines = list(report_lines(result))
    place = lines.index("    Too long a text.: The pipeline stopped 3 times at this text.")
    assert "annotator add --again" in lines[place + 1]
