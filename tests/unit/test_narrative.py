"""Key presses of all reviews of an article, told in order."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given

from annotator.core.article import Article
from annotator.core.decisions import Change, accept, finish, reject, relabel, withdraw
from annotator.core.journal.narrative import presses_in_order, told_in_order
from annotator.core.review import Review
from tests.helpers.items import entity
from tests.helpers.strategies import EPOCH, reviewed_articles, stamped

TEXT = "Oslo met Bo.\n"
OSLO, BO = entity(TEXT, "Oslo", "GPE"), entity(TEXT, "Bo")


def review(reviewer: str, *presses: list[Change] | None, minutes: int = 0) -> Review:
    """A review with these key presses; None undoes the last one that stands."""
    found = Review.of("a" * 64, reviewer, (OSLO, BO))
    for number, changes in enumerate(presses):
        at = EPOCH + timedelta(minutes=minutes + number)
        back = [withdraw(found.standing[-1].id)] if changes is None else changes
        found = found.decide(*stamped(back, found, at=at))
    return found


def test_a_key_press_is_one_line_that_says_how_far_back_it_is() -> None:
    mine = review("ada", [relabel(BO, "ORG")], None, [accept(OSLO), accept(BO), finish()])
    told = [(one.words, one.undoes, one.is_undone) for one in presses_in_order([mine], TEXT)]
    assert told == [
        ("corrected PERSON “Bo” to ORG “Bo”", None, True),
        ("undone: corrected ORG “Bo”", None, False),
        ("accepted 2 items, finished", 1, False),
    ]


def test_reviews_are_told_by_time() -> None:
    mine = review("ada", [accept(OSLO)], [reject(BO)], minutes=0)
    other = review("bo", [reject(OSLO)], minutes=0)
    later = review("cy", [accept(BO)], minutes=9)
    told = [(one.reviewer, one.undoes) for one in presses_in_order([later, other, mine], TEXT)]
    assert told == [("bo", 1), ("ada", 2), ("ada", 1), ("cy", 1)]


@given(reviewed_articles())
def test_undoing_back_to_a_line_leaves_what_was_before_it(drawn: tuple[Article, Review]) -> None:
    article, whole = drawn
    for press in presses_in_order([whole], article.text):
        if press.undoes is None:
            continue
        after = whole
        for _ in range(press.undoes):
            back = after.undo()
            assert back is not None
            after = after.decide(*stamped([back], after))
        assert len(after.decisions) == len(whole.decisions) + press.undoes
        assert press.group not in {group.id for group in after.standing}
        assert len(after.standing) == len(whole.standing) - press.undoes


@given(reviewed_articles())
def test_every_decision_is_in_one_key_press(drawn: tuple[Article, Review]) -> None:
    article, whole = drawn
    groups = [one.decision.group for one in told_in_order([whole], article.text)]
    assert list(dict.fromkeys(groups)) == list(
        dict.fromkeys(one.group for one in presses_in_order([whole], article.text))
    )
