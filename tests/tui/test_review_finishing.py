"""Finishing, skipping and reopening a review, and undo within it."""

from __future__ import annotations

import json
from pathlib import Path

from annotator.core.decisions import Answer, Kind
from annotator.core.records.unknown import everything
from annotator.store.store import Store
from tests.helpers.importing import bring_in
from tests.helpers.items import entity
from tests.tui.desk import (
    OTHER,
    REVIEWER,
    at_desk,
    reviewing,
    take_in,
)
from tests.tui.one_app import ONE_APP

pytestmark = ONE_APP


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
