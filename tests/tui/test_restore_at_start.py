"""Starts of the screens with rescue files: newer decisions win, and open sessions continue."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from annotator.core.decisions import Change, Decision, accept, correct, finish, reject
from annotator.core.review import Review, Status
from annotator.core.reviewing.basis import KnownDecisions
from annotator.errors import ArticlePurged, LeaseLost, StoreError
from annotator.store.store import Store
from annotator.store.values import QueueView
from annotator.tui.saving import restore as restoring
from annotator.tui.saving.rescue_files import rescue
from annotator.tui.saving.restore import Restored, restore, told
from tests.helpers.items import as_entity
from tests.helpers.strategies import stamped
from tests.tui.desk import REVIEWER, TEXT, suggestions, take_in
from tests.tui.held_clock import NOON

LEASE = 600.0
DECIDED = "The same was decided on elsewhere in the meantime."


def open_(store: Store, article: str, reviewer: str = REVIEWER) -> Review:
    return store.reviews.open(article, reviewer, now=NOON, lease_seconds=LEASE).review


def back(store: Store, folder: Path, *, later: float = 0.0) -> Restored:
    now = NOON + timedelta(seconds=later)
    return restore(store, folder, now=now, lease_seconds=LEASE)


def press(review: Review, *changes: Change, name: str) -> tuple[Decision, ...]:
    """One key press as a session makes it, with ids that nobody else has."""
    made = [
        replace(d, id=f"{name}-{d.id}", group=f"{name}-{d.group}")
        for d in stamped(changes, review, at=NOON)
    ]
    return KnownDecisions(review.decisions).made(made)


def as_before(decisions: Sequence[Decision]) -> list[tuple[Decision, str]]:
    """As earlier versions wrote them: they do not say what they were made upon."""
    return [(replace(decision, upon=None), TEXT) for decision in decisions]


def log(store: Store, article: str) -> tuple[Decision, ...]:
    return store.reviews.get(article, REVIEWER).review.decisions


def status(store: Store, article: str, item: str) -> Status:
    return store.reviews.get(article, REVIEWER).review.held[item].status


@pytest.fixture
def article(store: Store) -> str:
    return take_in(store, TEXT, suggestions())


@pytest.fixture
def contested(store: Store, article: str) -> tuple[Decision, ...]:
    """Three decisions that could not be saved; the same reviewer turned the second item down at
    another screen, which is saved."""
    review = open_(store, article)
    one, two, three, *_ = review.open_items()
    made = list(press(review, accept(two), name="late"))
    for item in (one, three):
        made += press(review.decide(*made), accept(item), name="late")
    store.reviews.append(press(review, reject(one), name="newer"), text=TEXT)
    store.reviews.release(article, REVIEWER)
    return tuple(made)


@pytest.mark.parametrize("earlier", [False, True])
@pytest.mark.parametrize("files", ["one", "one each"])
def test_newer_decisions_win_at_every_start(
    store: Store,
    article: str,
    tmp_path: Path,
    contested: tuple[Decision, ...],
    earlier: bool,
    files: str,
) -> None:
    lines = as_before(contested) if earlier else [(d, TEXT) for d in contested]
    for some in [lines] if files == "one" else [[line] for line in lines]:
        rescue(some, tmp_path)
    item = contested[1].target or ""
    first = back(store, tmp_path)
    assert (first.decisions, [one.why for one in first.left]) == (2, [DECIDED])
    for _ in range(3):
        again = back(store, tmp_path)
        assert (again.decisions, [one.why for one in again.left]) == (0, [DECIDED])
        assert status(store, article, item) is Status.REJECTED


@pytest.mark.parametrize("earlier", [False, True])
def test_newer_decisions_win_after_a_killed_start(
    store: Store,
    article: str,
    tmp_path: Path,
    contested: tuple[Decision, ...],
    earlier: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rescue(as_before(contested) if earlier else [(d, TEXT) for d in contested], tmp_path)
    monkeypatch.setattr(restoring, "_keep_only_what_is_left", lambda _lines: None)
    back(store, tmp_path)
    monkeypatch.undo()
    for _ in range(2):
        assert [one.why for one in back(store, tmp_path).left] == [DECIDED]
    assert status(store, article, contested[1].target or "") is Status.REJECTED


def test_a_half_restored_file_of_an_earlier_version_is_judged_by_time(
    store: Store, article: str, tmp_path: Path, contested: tuple[Decision, ...]
) -> None:
    # It stored the first as number 2 and left the second, number 2 as well, in the file.
    late, moved = contested[1], replace(contested[0], seq=2, upon=None)
    open_(store, article)
    store.reviews.append([replace(moved, at=NOON + timedelta(hours=2))], text=TEXT)
    rescue(as_before([replace(late, at=NOON)]), tmp_path)
    assert [one.why for one in back(store, tmp_path).left] == [DECIDED]
    assert status(store, article, late.target or "") is Status.REJECTED


def test_the_last_of_several_rescued_decisions_wins(
    store: Store, article: str, tmp_path: Path
) -> None:
    review = open_(store, article)
    item = review.open_items()[0]
    first, last = press(review, accept(item), name="a"), press(review, reject(item), name="b")
    last = tuple(replace(decision, at=NOON + timedelta(hours=1)) for decision in last)
    rescue([(d, TEXT) for d in first], tmp_path)
    rescue([(d, TEXT) for d in last], tmp_path)
    for _ in range(2):
        assert len(back(store, tmp_path).left) == 1
        assert log(store, article) == last


def test_a_late_finish_is_not_applied_over_newer_decisions(
    store: Store, article: str, tmp_path: Path
) -> None:
    review = open_(store, article)
    one, two, *_ = review.open_items()
    made = press(review, accept(one), name="late")
    made += press(review.decide(*made), finish(), name="late")
    store.reviews.append(
        press(review, correct(two, replace(two, note="seen?")), name="new"), text=TEXT
    )
    rescue([(d, TEXT) for d in made], tmp_path)
    for _ in range(3):
        assert len(back(store, tmp_path).left) == 1
        assert not store.reviews.get(article, REVIEWER).review.finished


# Holds


@pytest.mark.parametrize("what", ["contested", "fits", "no decision"])
def test_restoring_does_not_change_holds(
    store: Store, article: str, tmp_path: Path, contested: tuple[Decision, ...], what: str
) -> None:
    some = {"contested": contested[1:2], "fits": contested[:1], "no decision": ()}[what]
    rescue([(d, TEXT) for d in some], tmp_path)
    (tmp_path / "unsaved-x.jsonl").write_text("torn\n")
    open_(store, article)
    before = store.queue.next_ready(QueueView("bo"), now=NOON + timedelta(seconds=LEASE - 1))
    back(store, tmp_path, later=LEASE / 2)
    assert (
        store.queue.next_ready(QueueView("bo"), now=NOON + timedelta(seconds=LEASE - 1))
        == before
        is None
    )
    assert (
        store.queue.next_ready(QueueView("bo"), now=NOON + timedelta(seconds=LEASE + 1)) == article
    )
    if what != "fits":
        # Whoever has it open goes on as if nothing had been.
        review = store.reviews.get(article, REVIEWER).review
        store.reviews.append(press(review, accept(review.open_items()[0]), name="on"), text=TEXT)


def test_without_valid_decisions_nothing_changes(
    store: Store, article: str, tmp_path: Path
) -> None:
    review = open_(store, article)
    item = replace(as_entity(review.open_items()[0]), note="another")
    made = press(review, reject(item), name="late")
    made = tuple(replace(d, before=replace(item, label="LAW")) for d in made)
    store.reviews.release(article, REVIEWER)
    rescue([(d, TEXT) for d in made], tmp_path)
    assert len(back(store, tmp_path).left) == 1
    assert store.queue.page(QueueView("bo"), offset=0, limit=9)[0].state == "ready"
    with pytest.raises(StoreError, match="no review"):
        store.reviews.get(article, REVIEWER)


def test_valid_decisions_are_stored_without_a_hold(
    store: Store, article: str, tmp_path: Path
) -> None:
    review = open_(store, article)
    made = press(review, reject(review.open_items()[0]), name="late")
    store.reviews.release(article, REVIEWER)
    rescue([(d, TEXT) for d in made], tmp_path)
    assert back(store, tmp_path) == Restored(1, 1)
    assert log(store, article) == made
    assert store.queue.next_ready(QueueView("bo"), now=NOON) == article


def test_an_open_review_is_stale_after_restored_decisions(
    store: Store, article: str, tmp_path: Path, contested: tuple[Decision, ...]
) -> None:
    review = open_(store, article)
    rescue([(d, TEXT) for d in contested[:1]], tmp_path)
    assert back(store, tmp_path).decisions == 1
    with pytest.raises(LeaseLost, match="decided on elsewhere"):
        store.reviews.append(press(review, accept(review.open_items()[2]), name="on"), text=TEXT)


# Purged


def test_a_key_on_a_purged_article_is_reported(store: Store, article: str) -> None:
    review = open_(store, article)
    store.purge.article(article, by="bo", now=NOON)
    made = press(review, accept(review.open_items()[0]), name="on")
    with pytest.raises(ArticlePurged, match="purged on 2019-01-14 by bo"):
        store.reviews.append(made, text=TEXT)
    with pytest.raises(ArticlePurged):
        open_(store, article)


# Files


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no such files there")
def test_only_regular_files_are_read(store: Store, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "unsaved-pipe.jsonl")
    (tmp_path / "unsaved-zero.jsonl").symlink_to("/dev/zero")
    (tmp_path / "unsaved-folder.jsonl").mkdir()
    assert back(store, tmp_path) == Restored()
    assert restoring.waiting(tmp_path) == {}


@pytest.mark.parametrize("upon", ["[]", '{"log": 1}', '{"log": "a", "newest": {"e": 1}}', '"x"'])
def test_a_line_with_an_invalid_basis_stays(
    store: Store, tmp_path: Path, contested: tuple[Decision, ...], upon: str
) -> None:
    (path,) = rescue([(contested[0], TEXT)], tmp_path)
    line = json.loads(path.read_text()) | {"upon": json.loads(upon)}
    path.write_text(json.dumps(line) + "\n")
    brought = back(store, tmp_path)
    assert [one.why for one in brought.left] == ["Line 1 is no decision."]
    assert "Line 1 is no decision." in told(brought)[1]
