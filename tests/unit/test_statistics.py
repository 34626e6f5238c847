"""What was done, how fast, and what became of suggestions, worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.anchoring import compared
from annotator.core.annotations import Item
from annotator.core.article import Article
from annotator.core.decisions import accept, add, correct, note, note_article, reject
from annotator.core.review import Review
from annotator.core.statistics.fates import (
    FateKey,
    Fates,
    fates_from_rows,
    fates_of,
    fates_to_rows,
)
from annotator.core.statistics.standing_notes import notes_of
from annotator.core.statistics.text_plots import bar, on_scale, sparkline
from annotator.core.statistics.totals import HARDEST, Totals
from annotator.core.statistics.work_done import DoneReview, Unit, Work
from tests.helpers.items import entity, span
from tests.helpers.strategies import reviewed_articles, stamped

TEXT = "Ada Low met Bo Marsh in Port Ellis.\n\nShe said nothing.\n"
ADA = entity(TEXT, "Ada Low", score=0.95)
BO = entity(TEXT, "Bo Marsh", score=0.91)
PORT = entity(TEXT, "Port Ellis", "ORG", score=0.42)
SUGGESTED: tuple[Item, ...] = (ADA, BO, PORT)
NOON = datetime(2031, 5, 7, 12, tzinfo=UTC)  # a Wednesday


def reviewed() -> Review:
    """Ada is kept, Bo rejected, the place relabelled, a name added that nobody suggested."""
    review = Review.of("a", "ada", SUGGESTED)
    met = replace(entity(TEXT, "met", "ORG"), id="new", score=None)
    for change in (
        accept(ADA),
        reject(BO),
        correct(PORT, replace(PORT, label="GPE")),
        add(met),
    ):
        review = review.decide(*stamped([change], review))
    return review


def test_fates_by_label_and_tenth_of_the_score() -> None:
    assert fates_of(reviewed(), SUGGESTED) == {
        FateKey("entity", "PERSON", 9): Fates(kept=1, rejected=1, scores=1860),
        FateKey("entity", "ORG", 4): Fates(corrected=1, scores=420),
        FateKey("entity", "ORG", None): Fates(missed=1),
    }


def test_items_accepted_by_one_key_count_in_bulk_and_open_ones_not_at_all() -> None:
    review = Review.of("a", "ada", SUGGESTED)
    review = review.decide(*stamped([accept(ADA), accept(BO)], review))
    assert fates_of(review, SUGGESTED) == {
        FateKey("entity", "PERSON", 9): Fates(kept=2, in_bulk=2, scores=1860),
        FateKey("entity", "ORG", 4): Fates(open=1),
    }


@given(reviewed_articles())
def test_common_items_are_kept(drawn: tuple[Article, Review]) -> None:
    """The figures of anchoring and these are one comparison."""
    _, review = drawn
    fates = fates_of(review, review.suggestions)
    overlap = compared(review, review.suggestions)
    for kind, same in (("entity", overlap.entities.same), ("claim", overlap.claims.same)):
        assert sum(one.kept for key, one in fates.items() if key.kind == kind) == same
    assert fates_from_rows(fates_to_rows(fates)) == fates


def test_the_interval_is_wilsons() -> None:
    low, high = Fates(kept=4, rejected=2).interval or (0, 0)
    assert (low, high) == pytest.approx((0.2999, 0.9033), abs=1e-4)
    assert Fates(kept=10).interval == pytest.approx((0.7225, 1.0), abs=1e-4)
    assert Fates(open=3).interval is None


def done(day: int, work: Work, **more: object) -> DoneReview:
    at = NOON + timedelta(days=day)
    made = DoneReview(f"a{day}", at, work)
    return replace(made, **more)  # type: ignore[arg-type]  # fields of the review


def test_work_by_day_and_week() -> None:
    totals = Totals()
    ada = Work("ada", 1, one_by_one=6, in_bulk=4, keys=20, seconds=120.0, finished=1)
    totals.take([done(0, ada), done(0, ada), done(4, ada)])
    totals.take([done(5, Work("bo", 1, one_by_one=2, keys=3, seconds=60.0))])
    days = totals.periods(Unit.DAY)
    assert [one.begins for one in days] == [date(2031, 5, d) for d in (7, 11, 12)]
    assert (days[0].work.articles, days[0].work.one_by_one) == (2, 12)
    assert days[0].work.items_per_hour == pytest.approx(180)
    assert days[0].work.articles_per_hour == pytest.approx(30)
    assert days[0].work.keys_per_item == pytest.approx(2)
    weeks = totals.periods(Unit.WEEK)
    assert [(one.begins, one.work.articles) for one in weeks] == [
        (date(2031, 5, 5), 3),  # Sunday belongs to it
        (date(2031, 5, 12), 1),
    ]
    assert totals.reviewers == ("ada", "bo")
    assert totals.work("bo") == Work("bo", 1, one_by_one=2, keys=3, seconds=60.0)
    assert totals.work().seconds == 420.0
    assert [one.work.articles for one in totals.periods(Unit.WEEK, "bo")] == [1]


def test_seen_and_unseen_suggestions_are_kept_apart() -> None:
    totals = Totals()
    fates = fates_of(reviewed(), SUGGESTED)
    work = Work("ada", 1)
    totals.take([done(0, work, fates=fates), done(1, work, fates=fates, assisted=False)])
    totals.take([done(2, work, fates={FateKey("claim", "", None): Fates(kept=1)})])
    labels = [(one.kind, one.label, one.fates.decided) for one in totals.by_label()]
    assert labels == [
        ("entity", "", 3),
        ("entity", "PERSON", 2),
        ("entity", "ORG", 1),
        ("claim", "", 1),
    ]
    scores = [(one.low, one.fates.decided, one.fates.mean_score) for one in totals.by_score()]
    assert scores == [(0.4, 1, 0.42), (0.9, 2, 0.93)]
    assert sum(one.fates.decided for one in totals.by_score(seen=False)) == 3
    assert totals.by_score("bo") == []


def test_the_hardest_articles_are_few_and_have_enough_items() -> None:
    totals = Totals()
    key = FateKey("entity", "GPE", 9)
    for day in range(3 * HARDEST):
        work = Work("ada", 1, one_by_one=10, seconds=float(day))
        totals.take([done(day, work, fates={key: Fates(kept=90 - day, rejected=day)})])
    totals.take([done(99, Work("ada", 1, one_by_one=9, seconds=999.0), fates={key: Fates(9)})])
    last = 3 * HARDEST - 1
    assert [one.article for one in totals.most_changed()][:2] == [f"a{last}", f"a{last - 1}"]
    assert [one.article for one in totals.slowest()][:2] == [f"a{last}", f"a{last - 1}"]
    assert len(totals.most_changed()) == len(totals.slowest()) == HARDEST
    hidden = done(100, Work("bo", 1, one_by_one=50, seconds=9e9), is_hidden=True)
    totals.take([hidden])
    assert hidden not in totals.slowest()


def test_the_notes_that_stand() -> None:
    article = Article(TEXT, title="Port Ellis")
    review = Review.of(article.id, "ada", SUGGESTED)
    review = review.decide(*stamped([note_article("ada", NOON, "Check it.")], review))
    review = review.decide(*stamped([note(ADA, "Is she?")], review))
    review = review.decide(*stamped([note(BO, "Gone again.")], review))
    back = review.undo()
    assert back is not None
    review = review.decide(*stamped([back], review))
    found = {(one.about, one.text) for one in notes_of(article, review)}
    assert found == {("the article", "Check it."), ("PERSON “Ada Low”", "Is she?")}
    assert {one.span for one in notes_of(article, review)} >= {span(TEXT, "Ada Low")}


@given(st.floats(0, 1), st.integers(2, 40))
def test_a_bar_has_its_width_and_is_full_for_the_whole_alone(share: float, width: int) -> None:
    drawn = bar(share, width)
    assert len(drawn) == width
    assert ("─" in drawn) == (share < 1)
    assert ("━" in drawn) == (share > 0)


def test_lines_of_columns_and_scales() -> None:
    assert sparkline([0.0, 1.0, None, 4.0, 8.0]) == "▁▂ ▅█"
    assert sparkline([]) == ""
    assert on_scale(0.5, 0.25, 0.75, 8) == "  ╌╌●╌╌ "
