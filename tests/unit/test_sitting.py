"""What was done at the screens, counted and told."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import cast

from annotator.core.annotations import Item
from annotator.core.decisions import (
    Answer,
    Change,
    DecisionGroup,
    accept,
    add,
    correct,
    finish,
    reject,
    reopen,
    skip,
    to_decisions,
)
from annotator.core.review import Review
from annotator.core.reviewing.sitting import (
    ArticleResult,
    Sitting,
    result_of,
    summed,
    told_items,
    told_result,
    told_sitting,
)
from tests.helpers.items import entity

NOON = datetime(2019, 1, 14, 12, tzinfo=UTC)
TEXT = "Ilva Marrow met Tamsin and Osk in Sund on Monday."
ITEMS = tuple(entity(TEXT, word, "PERSON") for word in ("Ilva Marrow", "Tamsin", "Osk", "Sund"))


def review(article: str = "a", items: tuple[Item, ...] = ITEMS) -> Review:
    return Review.of(article, "ada", items)


def after(before: Review, *changes: Change) -> Review:
    """The review after one key press."""
    number = before.next_seq
    press = DecisionGroup(f"g{number}", before.article, "ada", NOON, number)
    ids = [f"{before.article}-{number}-{n}" for n in range(len(changes))]
    return before.decide(*to_decisions(changes, press, ids=ids))


def test_items_accepted_in_bulk_are_counted_apart() -> None:
    done = after(review(), accept(ITEMS[0]))
    done = after(done, *map(accept, ITEMS[1:3]), finish())
    assert result_of(done) == ArticleResult(accepted=1, in_bulk=2, left_open=1)
    told = told_result(result_of(done), "u", 8)
    assert told == "Finished: 1 accepted, 2 more in bulk, 1 left open; u takes it back; 8 left"


def test_corrections_additions_and_rejections_are_counted() -> None:
    label = correct(ITEMS[0], entity(TEXT, "Ilva Marrow", "ORG"))
    done = review()
    for change in (label, reject(ITEMS[1]), add(entity(TEXT, "Monday", "DATE")), finish()):
        done = after(done, change)
    assert told_items(result_of(done)) == "1 corrected, 1 added, 1 rejected, 2 left open"


def test_skipped_and_unusable_articles_are_told_in_their_own_words() -> None:
    for answer, words in ((Answer.SKIP, "Skipped"), (Answer.UNUSABLE, "Marked unusable")):
        done = after(review(), skip(answer), finish())
        assert told_result(result_of(done), "u", 0) == f"{words}; u takes it back; none left"


def test_an_article_without_items_is_finished_all_the_same() -> None:
    done = after(review(items=()), finish())
    assert told_result(result_of(done), "u") == "Finished, without any item; u takes it back"


def test_a_sitting_counts_each_article_once_in_its_present_state() -> None:
    sitting, one, other = Sitting(), review("a"), review("b")
    steps = [(one, (accept(ITEMS[0]),)), (other, (skip(Answer.SKIP), finish()))]
    for before, changes in steps:
        sitting.changed(before, after(before, *changes))
    assert (
        told_sitting(sitting.results.values()) == "1 article skipped, 1 half done, 1 item decided"
    )
    begun = after(one, accept(ITEMS[0]))
    done = after(begun, *map(accept, ITEMS[1:]), finish())
    sitting.changed(begun, done)
    assert (
        told_sitting(sitting.results.values()) == "1 article finished, 1 skipped, 4 items decided"
    )
    sitting.changed(done, after(done, reopen()))
    assert told_sitting(sitting.results.values()).endswith("1 half done, 4 items decided")


def test_the_items_of_an_article_are_counted_at_its_first_key_alone() -> None:
    sitting, one = Sitting(), review("a")
    begun = after(one, accept(ITEMS[0]))
    sitting.changed(one, begun)
    uncounted = cast(Review, None)
    sitting.changed(uncounted, after(begun, accept(ITEMS[1])))
    assert sitting.results["a"].decided == 2


def test_only_what_was_decided_in_this_sitting_counts() -> None:
    sitting, begun = Sitting(), after(review(), *map(accept, ITEMS[:3]))
    sitting.changed(begun, after(begun, accept(ITEMS[3]), finish()))
    (result,) = sitting.results.values()
    assert result.decided == 1


def test_without_a_decision_nothing_is_told() -> None:
    assert told_sitting(Sitting().results.values()) == ""


def test_several_articles_are_in_the_plural_and_their_items_summed() -> None:
    results = [ArticleResult(accepted=2, decided=2), ArticleResult(in_bulk=3, decided=3)]
    assert told_sitting(results) == "2 articles finished, 5 items decided"
    assert told_items(summed(results)) == "2 accepted, 3 more in bulk"
