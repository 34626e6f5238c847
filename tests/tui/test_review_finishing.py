"""From one article to the next: accepting all, finishing, skipping, reopening, undoing."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from textual import events

from annotator.core.annotations import Tier, Verdict
from annotator.core.decisions import Answer, Kind
from annotator.core.folds import Fold
from annotator.core.record import Record, SchemeId
from annotator.core.records.unknown import everything
from annotator.core.review import Review
from annotator.export.records import record_of
from annotator.store.store import Store
from annotator.tui.terminal.keyboard import now
from tests.helpers.importing import bring_in
from tests.helpers.items import entity
from tests.tui.desk import (
    OTHER,
    REVIEWER,
    TEXT,
    Desk,
    at_desk,
    claim,
    reviewing,
    suggestions,
    take_in,
)
from tests.tui.one_app import ONE_APP

pytestmark = ONE_APP


async def test_accept_all_is_one_group_and_opens_the_next_article(store: Store) -> None:
    other = take_in(store, OTHER, (entity(OTHER, "Sund", "GPE"),), minutes=60)
    async with reviewing(store) as desk:
        article = desk.review.article
        await desk.press("A")
        done = desk.stored(article)
        assert done.finished is not None
        assert all(item.verdict is Verdict.ACCEPTED for item in done.items)
        assert len({d.group for d in done.decisions}) == 1
        assert desk.review.article == other


LOW = replace(entity(TEXT, "Tamsin", "GPE"), score=0.4)


async def test_accept_all_asks_where_something_is_unsure(store: Store) -> None:
    async with reviewing(store, items=(*suggestions(), LOW)) as desk:
        article = desk.review.article
        await desk.press("A")
        assert "Accept all 7 open: 5 entities, 1 claim, 1 junk line" in desk.bar("prompt")
        assert desk.decisions() == ()
        await desk.press("A")
        assert desk.stored(article).finished is not None


async def test_accepting_the_sure_ones_leaves_the_others_open(store: Store) -> None:
    async with reviewing(store, items=(*suggestions(), LOW)) as desk:
        await desk.press("A")
        await desk.press("s")
        assert "6 decided; 1 unsure left open." in desk.bar("detail")
        assert (desk.focused(), len(desk.review.open_items())) == ("Tamsin", 1)
        assert len({d.group for d in desk.decisions()}) == 1
        await desk.press("u")
        assert len(desk.review.open_items()) == 7


async def test_unsure_items_are_shown_one_by_one(store: Store) -> None:
    unsure = replace(entity(TEXT, "Ilva Marrow", "PERSON"), score=0.3)
    items = (*(one for one in suggestions() if one.id != unsure.id), unsure, LOW)
    async with reviewing(store, items=items) as desk:
        await desk.press("A")
        await desk.press("enter")
        assert desk.focused() == "Ilva Marrow"
        await desk.press("a")
        assert desk.focused() == "Tamsin"
        await desk.press("x")
        assert "None is unsure any more: A accepts the other 5." in desk.bar("detail")
        assert not desk.state.listed.is_filtered
        article = desk.review.article
        await desk.press("A")
        assert desk.stored(article).finished is not None


LONG = TEXT + "\nNothing else was said.\n" * 60 + "\nOslo denied it.\n"


async def test_what_was_never_on_the_screen_is_not_accepted_unasked(store: Store) -> None:
    far = entity(LONG, "Oslo", "GPE")
    async with reviewing(store, LONG, (*suggestions(LONG), far)) as desk:
        article = desk.review.article
        await desk.press("A")
        assert "shows the first of 1 that were not on the screen" in desk.bar("prompt")
        await desk.press("v")
        assert "1 that were not on the screen left open" in desk.bar("detail")
        assert [item.id for item in desk.review.open_items()] == [far.id]
        assert desk.focused() == "Oslo"
        await desk.press("A")
        assert desk.stored(article).finished is not None


async def test_what_lies_between_the_two_ends_is_not_seen_by_going_from_one_to_the_other(
    store: Store,
) -> None:
    long = TEXT + "\nNothing else was said.\n" * 60
    items = (entity(TEXT, "PORT ANSEL", "GPE"), entity(TEXT, "Tamsin", "PERSON"))
    async with reviewing(store, long, items) as desk:
        await desk.press("G")
        desk.state.sight.show(None)
        assert desk.state.sight.seen(items, desk.state.listed.fold) == {one.id for one in items}
        assert desk.state.sight.seen((entity(long, "Nothing", "ORG", nth=50),), Fold()) == set()


async def test_a_filter_is_counted_and_its_rest_taken_in_only_on_request(store: Store) -> None:
    async with reviewing(store, items=(*suggestions(), LOW)) as desk:
        article = desk.review.article
        await desk.press("F", "e", "A")
        assert "A all of this filter (5)" in desk.bar("prompt")
        assert "e also what the filter hides: 1 claim, 1 junk line (7)" in desk.bar("prompt")
        await desk.press("A")
        assert "5 decided; 2 open that the filter hides (F)." in desk.bar("detail")
        await desk.press("u", "A")
        await desk.press("e")
        assert desk.stored(article).finished is not None


async def test_a_filter_is_accepted_at_once_where_all_is_sure(store: Store) -> None:
    async with reviewing(store) as desk:
        await desk.press("F", "c", "A")
        assert "1 decided; 5 open that the filter hides (F)." in desk.bar("detail")


UNSURE = replace(claim(TEXT, "any delay", "denied", "The council", score=0.4), tier=Tier.B)


def record(desk: Desk, article: str) -> Record:
    """The record of a finished review, as it is exported."""
    opened = desk.store.reviews.get(article, REVIEWER)
    return record_of(desk.store, opened, SchemeId("news", "1"))


async def test_accept_all_says_how_many_unsure_items_it_takes_in(store: Store) -> None:
    async with reviewing(store, items=(UNSURE, LOW, *suggestions()[:1])) as desk:
        article = desk.review.article
        await desk.press("A")
        assert "shows the 2 unsure one by one: below 60%" in desk.bar("prompt")
        await desk.press("A")
        assert [claim.verdict for claim in record(desk, article).claims] == [Verdict.ACCEPTED]


async def test_accept_all_leaves_folded_claims_alone(store: Store) -> None:
    items = (UNSURE, *suggestions()[:1])
    async with reviewing(store, items=items, fold_below=0.5) as desk:
        article = desk.review.article
        await desk.press("A")
        (offered,) = record(desk, article).offered
        assert (offered.id, offered.verdict) == (UNSURE.id, Verdict.PENDING)


@pytest.mark.parametrize("keys", [("T",), ("T", "T")], ids=["shown", "shown and folded again"])
async def test_what_was_looked_at_is_left_open_not_offered(
    store: Store, keys: tuple[str, ...]
) -> None:
    async with reviewing(store, items=(UNSURE,), fold_below=0.5) as desk:
        article = desk.review.article
        await desk.press(*keys, "enter")
        await desk.press("enter")
        made = record(desk, article)
        assert [claim.id for claim in made.claims] == [UNSURE.id]
        assert made.offered == ()


async def test_what_is_not_folded_is_never_only_offered(store: Store) -> None:
    async with reviewing(store, items=(UNSURE,)) as desk:
        article = desk.review.article
        await desk.press("enter")
        assert "1 undecided (1 claim)" in desk.bar("detail")
        await desk.press("enter")
        made = record(desk, article)
        assert [claim.verdict for claim in made.claims] == [Verdict.PENDING]
        assert made.offered == ()


async def test_enter_reports_open_items_and_a_second_enter_finishes(store: Store) -> None:
    async with reviewing(store) as desk:
        article = desk.review.article
        await desk.press("enter")
        assert "6 undecided" in desk.bar("detail")
        assert desk.stored(article).finished is None
        await desk.press("enter")
        assert desk.stored(article).finished is not None


async def test_skipping_an_article(store: Store) -> None:
    async with reviewing(store) as desk:
        article = desk.review.article
        await desk.press("X", "u")
        done = desk.stored(article)
        assert (done.answer, done.finished is not None) == (Answer.UNUSABLE, True)


async def test_a_finished_review_can_be_reopened(store: Store) -> None:
    async with reviewing(store) as desk:
        article = desk.review.article
        await desk.press("A")
        await desk.until(lambda: desk.app.screen is desk.queue)
        await desk.press("enter")
        await desk.until(lambda: desk.app.screen is not desk.queue)
        await desk.settle()
        await desk.press("x")
        assert "is finished" in desk.bar("detail")
        await desk.press("R", "x")
        review = desk.stored(article)
        assert review.finished is None
        assert [d.kind for d in review.decisions][-2:] == [Kind.REOPEN, Kind.REJECT]


async def test_unknown_spans_are_reported_and_known_after_finishing_again(
    store: Store, tmp_path: Path
) -> None:
    row = {"text": OTHER, "entities": [[0, 3, "PERSON"], [0, 9999, "PERSON"]]}
    (tmp_path / "a.jsonl").write_text(json.dumps(row))
    bring_in(store, tmp_path / "a.jsonl", reviewer=REVIEWER, partial=True)
    async with at_desk(store) as desk:
        await desk.press("enter")
        await desk.until(lambda: desk.app.screen is not desk.queue)
        await desk.settle()
        article = desk.review.article
        assert f"but for {len(OTHER)} characters that nobody decided on" in desk.bar("detail")
        assert desk.stored(article).unknown == everything(OTHER)
        await desk.press("R", "enter")
        again = desk.stored(article)
        assert (again.finished is not None, again.unknown) == (True, ())


# Undo


async def test_undo_and_redo_reach_both_ends(store: Store) -> None:
    async with reviewing(store) as desk:
        before = desk.review.items
        await desk.press("a", "x", "7", "tab")
        after = desk.review.items
        await desk.press("u", "u", "u")
        assert desk.review.items == before
        assert "Undone" in desk.bar("detail")
        await desk.press("ctrl+r", "ctrl+r", "ctrl+r")
        assert desk.review.items == after
        assert "Done again: " in desk.bar("detail")
        assert desk.stored(desk.review.article).items == after


async def test_undo_focuses_the_item(store: Store) -> None:
    async with reviewing(store) as desk:
        await desk.press("a", "a", "u")
        assert desk.focused() == "March 4"


async def test_undo_works_after_a_restart(store: Store) -> None:
    async with reviewing(store) as desk:
        article = desk.review.article
        await desk.press("a", "x")
        clock = desk.clock
    async with at_desk(store, clock=clock) as desk:
        await desk.press("enter")
        await desk.until(lambda: desk.app.screen is not desk.queue)
        await desk.settle()
        await desk.press("u", "u")
        review = desk.stored(article)
        assert len(review.open_items()) == 6
        assert [d.kind for d in review.decisions][-2:] == [Kind.WITHDRAW, Kind.WITHDRAW]


async def test_undo_right_after_finishing_reopens_the_previous_article(store: Store) -> None:
    take_in(store, OTHER, (), minutes=60)
    async with reviewing(store) as desk:
        article = desk.review.article
        await desk.press("A", "u")
        await desk.settle()
        assert desk.review.article == article
        assert len(desk.stored(article).open_items()) == 6


async def test_keys_typed_while_the_next_article_loads_are_not_lost(store: Store) -> None:
    other = take_in(store, OTHER, (entity(OTHER, "Sund", "GPE"),), minutes=60)
    async with reviewing(store) as desk:
        await desk.press("A", "x")
        assert desk.review.article == other
        assert len(desk.stored(other).rejected) == 1


async def test_an_article_not_shown_yet_is_not_accepted(store: Store) -> None:
    other = take_in(store, OTHER, (entity(OTHER, "Sund", "GPE"),), minutes=60)
    async with reviewing(store) as desk:
        await desk.press("A", "A")
        assert desk.review.article == other
        assert desk.decisions() == ()
        assert "pressed before the article was shown" in desk.bar("detail")


async def test_undo_names_all_decisions_of_a_key(store: Store) -> None:
    async with reviewing(store) as desk:
        desk.put_caret("PORT ANSEL")
        await desk.press("-", "u")
        told = desk.bar("detail")
        assert "Undone: add junk “PORT ANSEL" in told
        assert "reject of 5 items" in told


# Undo across articles


def take_in_other(store: Store) -> str:
    """A second article with two items."""
    items = (entity(OTHER, "Sund", "GPE"), entity(OTHER, "Monday", "DATE"))
    return take_in(store, OTHER, items, minutes=60)


@asynccontextmanager
async def opened(store: Store, article: str) -> AsyncIterator[Desk]:
    """A new session with this article open."""
    async with at_desk(store) as desk:
        desk.queue.actions.open(article)
        await desk.until(lambda: desk.app.screen is not desk.queue)
        await desk.settle()
        yield desk


async def press_timed(desk: Desk, *times: float) -> None:
    """Press undo at these times, in seconds from now."""
    start = now()
    for time in times:
        key = events.Key("u", "u")
        key.time = start + time
        desk.app.post_message(key)
        await desk.settle()


async def half_done_and_finished(store: Store) -> tuple[str, str]:
    """Two articles of an earlier session: one finished, the other with one rejection."""
    other = take_in_other(store)
    async with reviewing(store) as desk:
        first = desk.review.article
        await desk.press("A", "x")
        assert desk.review.article == other
    return first, other


def kinds(review: Review) -> list[Kind]:
    return [decision.kind for decision in review.decisions]


async def test_undo_does_not_reach_an_article_that_was_only_passed(store: Store) -> None:
    first, other = await half_done_and_finished(store)
    done = store.reviews.get(first, REVIEWER).review.decisions
    async with opened(store, first) as desk:
        await desk.press("enter")
        assert desk.review.article == other
        assert "takes it back" not in desk.bar("detail")
        await desk.press("u")
        assert kinds(desk.stored(other)) == [Kind.REJECT, Kind.WITHDRAW]
        await press_timed(desk, 1, 2)
        assert "Nothing left to undo here." in desk.bar("detail")
        assert desk.review.article == other
        assert desk.stored(first).decisions == done


async def test_the_first_undo_takes_back_a_finish_before_older_decisions(store: Store) -> None:
    first, other = await half_done_and_finished(store)
    async with opened(store, first) as desk:
        await desk.press("R", "enter")
        assert desk.review.article == other
        assert "Finished: 6 accepted in bulk; u takes it back; 1 left" in desk.bar("detail")
        await desk.press("j", "u")
        assert desk.review.article == first
        assert desk.stored(first).finished is None
        assert kinds(desk.stored(other)) == [Kind.REJECT]


async def test_undo_asks_before_it_leaves_an_article_that_was_decided_on(store: Store) -> None:
    other = take_in_other(store)
    async with reviewing(store) as desk:
        first = desk.review.article
        await desk.press("A", "x", "u")
        assert desk.review.article == other
        await press_timed(desk, 1)
        assert "Nothing left to undo here; u again returns to “Ferry" in desk.bar("detail")
        assert desk.stored(first).finished is not None
        await press_timed(desk, 2)
        assert desk.review.article == first
        assert len(desk.stored(first).open_items()) == 6


async def test_undo_held_down_stays_in_its_article(store: Store) -> None:
    other = take_in_other(store)
    async with reviewing(store) as desk:
        first = desk.review.article
        await desk.press("A", "x")
        await press_timed(desk, *(1 + n / 25 for n in range(12)))
        assert desk.review.article == other
        assert "u again returns" in desk.bar("detail")
        assert desk.stored(first).finished is not None


async def test_undo_held_down_takes_back_the_finish_and_no_more(store: Store) -> None:
    take_in_other(store)
    async with reviewing(store) as desk:
        first = desk.review.article
        await desk.press("a", "x", "enter")
        await desk.press("enter")
        await press_timed(desk, *(1 + n / 25 for n in range(12)))
        assert desk.review.article == first
        assert (desk.review.finished, len(desk.review.open_items())) == (None, 4)
        await press_timed(desk, 3)
        assert len(desk.review.open_items()) == 5


async def test_undo_takes_back_a_finish_only_once(store: Store) -> None:
    other = take_in_other(store)
    async with reviewing(store) as desk:
        first = desk.review.article
        await desk.press("X", "u", "u")
        assert desk.review.article == first
        await press_timed(desk, 1, 2)
        assert "Nothing left to undo here." in desk.bar("detail")
        await desk.press("ctrl+r", "enter")
        assert desk.review.article == other
        assert "takes it back" not in desk.bar("detail")
        await press_timed(desk, 3, 4)
        assert desk.review.article == other


async def test_undo_goes_back_article_by_article(store: Store) -> None:
    take_in_other(store)
    take_in(store, "Third one\n\nNothing here.\n", (), minutes=90)
    async with reviewing(store) as desk:
        first = desk.review.article
        await desk.press("A")
        second = desk.review.article
        await desk.press("X", "u")
        assert desk.review.article not in (first, second)
        await press_timed(desk, 1)
        assert desk.review.article == second
        await press_timed(desk, 2)
        assert "u again returns to “Ferry" in desk.bar("detail")
        await press_timed(desk, 3)
        assert desk.review.article == first


async def test_a_finish_that_is_not_the_last_decision_any_more_stays(store: Store) -> None:
    take_in_other(store)
    async with reviewing(store) as desk:
        first = desk.review.article
        await desk.press("A")
        async with opened(store, first) as elsewhere:
            await elsewhere.press("R")
        before = desk.stored(first).decisions
        await desk.press("u")
        assert desk.review.article == first
        assert desk.stored(first).decisions == before
        assert "nothing was undone" in desk.bar("detail")
