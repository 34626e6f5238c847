"""Checks through the store: slipped in unseen, offered once a block, left out of the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, select

from annotator.core.annotations import Item, Verdict
from annotator.core.assignment import ReviewPlan, Viewer, check_place
from annotator.core.decisions import accept, finish, reject, reopen
from annotator.core.record import Record, SchemeId
from annotator.core.records.review_facts import ReviewFacts
from annotator.core.states import ArticleState, QueueFilter, QueueOrder
from annotator.errors import RecordError, ReviewError
from annotator.ingest.check_intake import CheckIntake, read_check_gold
from annotator.store.sql import columns as t
from annotator.store.store import Store
from annotator.store.values import AdjudicationTerms, OpenedReview, QueueRow, QueueView
from tests.helpers.building import HOLD, NOW, article, at, press, ready, row_of, suggest, waiting
from tests.helpers.items import entity

SHARE = 0.25
PLAN = ReviewPlan(checks=SHARE)
SENTENCE = "Ada Low met Bo Marsh in Port {}."


def text_of(number: int) -> str:
    return SENTENCE.format("ABCDEFGHIJKLMNOPQRSTUVWXYZ"[number])


def gold_of(text: str, *names: str) -> Record:
    """Gold with these people; by default both."""
    people = tuple(
        replace(entity(text, name, "PERSON"), verdict=Verdict.ACCEPTED)
        for name in names or ("Ada Low", "Bo Marsh")
    )
    return Record(
        article(text),
        SchemeId("labels", "1"),
        review=ReviewFacts("gold", "review"),
        entities=people,
    )


GOLD = tuple(gold_of(f"Ada Low met Bo Marsh on day {n}.") for n in range(3))


def suggested(text: str) -> list[Item]:
    return [entity(text, name, "PERSON") for name in ("Ada Low", "Bo Marsh")]


def filled(store: Store, articles: int = 16, gold: Sequence[Record] = GOLD) -> frozenset[str]:
    """A store with so many articles and all of the gold; the ids of the checks."""
    texts = [text_of(n) for n in range(articles)]
    names = waiting(store, *texts)
    store.gold_checks.slip_in(gold, share=0.5)
    texts += [one.article.text for one in gold]
    names += [one.article.id for one in gold]
    suggest(store, {name: suggested(text) for name, text in zip(names, texts, strict=True)})
    return frozenset(one.article.id for one in gold)


def view(reviewer: str = "ada", **more: object) -> QueueView:
    return QueueView(reviewer, checks=SHARE, **more)  # type: ignore[arg-type]  # fields of a view


def review(
    store: Store, id: str, reviewer: str = "ada", *, second: float = 0, both: bool = True
) -> OpenedReview:
    """Open an article and finish it, with both people or only the first."""
    opened = store.reviews.open(id, reviewer, now=at(second), lease_seconds=HOLD, plan=PLAN)
    ada, bo = opened.review.entities
    return press(
        store, opened, accept(ada), accept(bo) if both else reject(bo), finish(), now=at(second)
    )


def work(store: Store, reviewer: str, reviews: int, **how: object) -> list[str]:
    """So many articles, one after the other as they are offered."""
    done: list[str] = []
    came_after: dict[str, str] = {}
    for number in range(reviews):
        here = done[-1] if done else None
        following = store.queue.next_ready(
            view(reviewer, **how), here, now=at(number), before=came_after.get(here or "")
        )
        assert following is not None
        if here is not None:
            came_after[following] = here
        review(store, following, reviewer, second=number)
        store.reviews.release(following, reviewer)
        done.append(following)
    return done


def test_each_block_has_one_check_at_its_place_and_goes_on_after_it_where_it_was(
    store: Store,
) -> None:
    checks = filled(store)
    done = work(store, "ada", 11, order=QueueOrder.OLDEST)
    assert [n for n, id in enumerate(done) if id in checks] == [
        4 * block + check_place("ada", block, 4) for block in range(3)
    ]
    listed = [row.id for row in store.queue.page(view(order=QueueOrder.OLDEST), offset=0, limit=99)]
    ordinary = [id for id in done if id not in checks]
    assert ordinary == [id for id in listed if id not in checks][: len(ordinary)]


def test_each_reviewer_gets_the_checks_and_ordinary_articles_when_none_is_left(
    store: Store,
) -> None:
    """Though one review of an article is enough."""
    (check,) = filled(store, gold=GOLD[:1])
    work(store, "bo", 4)
    assert work(store, "ada", 8).count(check) == 1
    assert [one.reviewer for one in store.gold_checks.outcomes()] == ["ada", "bo"]


def test_a_check_is_listed_like_any_other_article(store: Store) -> None:
    checks = filled(store)
    for id in checks:
        review(store, id, "bo")
        review(store, id, "cy")
    rows = {row.id: row for row in store.queue.page(view(), offset=0, limit=99)}
    assert {_looks(row) for row in rows.values()} == {_looks(rows[next(iter(checks))])}
    assert store.queue.size(view(state=QueueFilter.READY)) == len(rows) == 19
    counts = store.queue.counts("ada", plan=PLAN)
    assert (counts.articles, counts.ready, counts.finished) == (19, 19, 0)
    assert store.queue.size(view(state=QueueFilter.TO_ADJUDICATE)) == 0
    places = [n for n, id in enumerate(rows) if id in checks]
    assert places != [0, 1, 2]  # not all of them in one heap of the newest


def _looks(row: QueueRow) -> QueueRow:
    """What is shown of a row but what tells articles apart."""
    return replace(row, id="", title="", outlet=None, confidence=None, alike=0, place=0)


def test_ones_own_check_is_listed_as_finished(store: Store) -> None:
    (check, *_) = sorted(filled(store))
    review(store, check, "bo")
    review(store, check)
    row = next(row for row in store.queue.page(view(), offset=0, limit=99) if row.id == check)
    assert (row.state, row.finished_reviews, len(row.in_work)) == (ArticleState.FINISHED, 1, 1)
    assert store.queue.size(view(state=QueueFilter.FINISHED)) == 1
    assert store.queue.counts("ada", plan=PLAN).finished == 1


def test_nothing_of_others_is_seen_before_ones_own_is_finished(store: Store) -> None:
    (check, *_) = sorted(filled(store))
    review(store, check, "bo")
    store.sight.viewer = Viewer("ada", PLAN)
    with store.database.reading() as connection:
        assert store.sight.hidden(connection, [check]) == {check}
    review(store, check)
    with store.database.reading() as connection:
        assert store.sight.hidden(connection, [check]) == frozenset()


def test_checks_are_in_no_dataset_and_in_no_other_figure(store: Store) -> None:
    checks = filled(store)
    ordinary = ready(store, text_of(20), suggested(text_of(20)))
    for second, id in enumerate((*checks, ordinary)):
        for who in ("ada", "bo"):
            opened = store.reviews.open(
                id, who, now=at(second), lease_seconds=HOLD, plan=ReviewPlan(2)
            )
            press(store, opened, finish(), now=at(second))
    assert {one.article.id for one in store.finished.reviews()} == {ordinary}
    assert {id for id, _ in store.finished.standing()} == {ordinary}
    assert [one[0].article.id for one in store.finished.compared(("review",))] == [ordinary]
    assert [one.articles for one in store.statistics.work()] == [1, 1]
    assert store.statistics.compared(assisted=True).articles == 1
    assert set(store.statistics.overlaps()) == {(ordinary, "ada"), (ordinary, "bo")}
    counts = store.queue.counts()
    assert (counts.articles, counts.ready, counts.finished) == (17, 16, 1)
    found = [problem for one in store.checks.articles() for problem in one.problems]
    assert found == []


def test_a_check_is_never_adjudicated(store: Store) -> None:
    (check, *_) = sorted(filled(store))
    for who in ("ada", "bo"):
        review(store, check, who)
    with pytest.raises(ReviewError, match="nothing to adjudicate"):
        store.adjudications.open(check, "cy", AdjudicationTerms(NOW, HOLD))
    assert store.adjudications.next_article(view("cy")) is None


def test_the_outcome_is_that_of_the_first_finish(store: Store) -> None:
    (check, *_) = sorted(filled(store))
    opened = review(store, check, both=False)
    first = store.gold_checks.outcome(check, "ada")
    assert first is not None
    assert (first.missed, first.added, first.together.marked) == (1, 0, 3)
    opened = press(store, opened, reopen(), now=at(9))
    press(store, opened, accept(opened.review.rejected[0]), finish(), now=at(10))
    assert store.gold_checks.outcome(check, "ada") == first
    assert list(store.gold_checks.outcomes("ada")) == [first]


def test_an_ordinary_or_unfinished_article_has_no_outcome(store: Store) -> None:
    (check, *_) = sorted(filled(store))
    ordinary = ready(store, text_of(20), suggested(text_of(20)))
    review(store, ordinary)
    store.reviews.open(check, "ada", now=NOW, lease_seconds=HOLD, plan=PLAN)
    assert store.gold_checks.outcome(ordinary, "ada") is None
    assert store.gold_checks.outcome(check, "ada") is None
    assert store.gold_checks.outcome(check, "bo") is None
    assert list(store.gold_checks.outcomes()) == []


def test_a_text_that_is_here_already_stays_an_ordinary_article(store: Store) -> None:
    (known,) = waiting(store, text_of(1))
    came = store.gold_checks.slip_in([gold_of(text_of(1)), *GOLD], share=0.5)
    assert (came.ordinary, len(came.added), len(came.later)) == ((known,), 1, 2)
    assert store.gold_checks.among([known]) == frozenset()


def test_a_file_with_the_text_of_a_check_adds_nothing(store: Store) -> None:
    filled(store)
    newest = store.queue.newest()
    waiting(store, GOLD[0].article.text)
    assert store.queue.newest() == newest
    assert store.gold_checks.among([GOLD[0].article.id])


def test_the_same_gold_twice_changes_nothing_and_other_gold_replaces_it(store: Store) -> None:
    filled(store)
    check = GOLD[0].article.id
    review(store, check)
    assert store.gold_checks.slip_in(GOLD, share=0.5).added == ()
    assert store.gold_checks.outcome(check, "ada").missed == 0  # type: ignore[union-attr]  # finished
    store.gold_checks.slip_in([gold_of(GOLD[0].article.text, "Ada Low")], share=0.5)
    assert store.gold_checks.outcome(check, "ada").added == 1  # type: ignore[union-attr]  # finished


def test_purging_a_check_removes_its_gold_and_keeps_it_out(store: Store) -> None:
    filled(store)
    check = GOLD[0].article.id
    review(store, check)
    store.purge.article(check, by="ada", now=NOW)
    with store.database.reading() as connection:
        left = connection.execute(select(func.count()).select_from(t.check_gold)).scalar_one()
    assert left == 2
    assert store.gold_checks.slip_in(GOLD, share=0.5).ordinary == (check,)


def test_checks_come_as_articles_come(store: Store) -> None:
    """One at first, more when there is room: so they arrive among other articles."""
    slip_in = CheckIntake(store, GOLD, 0.1)
    slip_in()
    assert store.gold_checks.count() == 0
    waiting(store, *(text_of(n) for n in range(5)))
    for _ in range(3):
        slip_in()
        assert store.gold_checks.count() == 1
    waiting(store, *(text_of(n) for n in range(5, 25)))
    slip_in()
    assert store.gold_checks.count() == 3


def test_a_watcher_slips_in_what_reviewers_need_by_then(store: Store) -> None:
    filled(store, gold=GOLD[:1])
    check = store.gold_checks
    assert not check.is_room_for_more(SHARE, as_reviewed=True)
    assert check.slip_in(GOLD, share=SHARE, as_reviewed=True).added == ()
    work(store, "ada", 3)
    work(store, "bo", 4)
    assert check.is_room_for_more(SHARE, as_reviewed=True)
    assert len(check.slip_in(GOLD, share=SHARE, as_reviewed=True).added) == 1
    assert not check.is_room_for_more(SHARE, as_reviewed=True)


def test_every_ready_article_is_reached_in_the_end(store: Store) -> None:
    checks = filled(store, articles=5)
    assert {*work(store, "ada", 8)} >= checks
    assert store.queue.next_ready(view(), now=at(99)) is None
    assert store.queue.counts("ada", plan=PLAN).ready == 0


def test_a_bundle_carries_checks_in_the_place_of_other_articles(store: Store) -> None:
    checks = filled(store)
    listed = [row.id for row in store.queue.page(view(), offset=0, limit=99)]
    ordinary = [id for id in listed if id not in checks][:8]
    along = store.gold_checks.along("ada", ordinary, share=SHARE)
    assert [n for n, id in enumerate(along) if id in checks] == [
        4 * block + check_place("ada", block, 4) for block in range(2)
    ]
    assert store.gold_checks.along("ada", ordinary, share=0) == ordinary


def test_bad_gold_is_refused_with_what_is_wrong(tmp_path: Path) -> None:
    file = tmp_path / "gold.jsonl"
    good, skipped = GOLD[0].to_dict(), GOLD[1].to_dict()
    for rows, why in (
        ([], "holds no record"),
        ([good, good], "it is there twice"),
        ([skipped | {"answer": "skip", "entities": []}], "the answer is skip"),
        ([good | {"entities": []}], "no item is decided"),
        ([_unreviewed().to_dict()], "nobody has decided"),
        ([good | {"id": "0" * 64}], "not the SHA-256"),
    ):
        file.write_text("".join(f"{_line(row)}\n" for row in rows), encoding="utf-8")
        with pytest.raises(RecordError, match=why):
            read_check_gold(file, {"PERSON"})
    file.write_text(_line(good), encoding="utf-8")
    with pytest.raises(RecordError, match="PERSON is not in the label scheme"):
        read_check_gold(file, {"GPE"})
    assert read_check_gold(tmp_path, {"PERSON"}) == (GOLD[0],)
    with pytest.raises(RecordError, match="There is no"):
        read_check_gold(tmp_path / "none.jsonl", {"PERSON"})


def _unreviewed() -> Record:
    text = GOLD[0].article.text
    return Record.unreviewed(
        article(text),
        [entity(text, "Ada Low", "PERSON")],
        scheme=SchemeId("labels", "1"),
        pipeline=None,
    )


def _line(row: object) -> str:
    import json

    return json.dumps(row)


def test_a_row_of_the_state_before_is_shown_alike(store: Store) -> None:
    """Without the setting, checks are not offered, and are ordinary rows."""
    checks = filled(store)
    plain = QueueView("ada")
    offered = store.queue.next_ready(plain, now=NOW)
    assert offered not in checks
    assert row_of(store, next(iter(checks))).state is ArticleState.READY
