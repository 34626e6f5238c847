"""What is remembered, at the screen: why something is suggested, and what is folded away."""

from __future__ import annotations

from dataclasses import replace

import pytest

from annotator.core.annotations import Entity, MadeBy, Tier, Verdict
from annotator.core.decisions import reject, relabel
from annotator.store.store import Store
from annotator.tui.widgets.bar import Bar
from tests.helpers.building import open_, press
from tests.helpers.items import entity
from tests.tui.desk import TEXT, reviewing, take_in
from tests.tui.held_clock import NOON
from tests.tui.one_app import ONE_APP

pytestmark = ONE_APP
TAMSIN = replace(entity(TEXT, "Tamsin", "PERSON", id="e9"), tier=Tier.B)
HEADING = "#entities Bar"


def learnt(store: Store, *labels: str | None) -> None:
    """Articles in which Tamsin was relabelled, or rejected for None."""
    for n, label in enumerate(labels):
        text = f"Tamsin is back, for the {n}. time.\n"
        article = take_in(store, text, [entity(text, "Tamsin", "PERSON", id="e1")])
        opened = open_(store, article, "ra", now=NOON)
        item = opened.review.entities[0]
        press(store, opened, reject(item) if label is None else relabel(item, label), now=NOON)
        store.reviews.release(article, "ra")


async def test_the_detail_line_says_why(store: Store) -> None:
    learnt(store, "GPE", "GPE", None)
    plain = replace(TAMSIN, tier=Tier.A)
    async with reviewing(store, items=(plain,)) as desk:
        assert isinstance(desk.item, Entity)
        assert (desk.item.label, desk.item.made_by) == ("GPE", MadeBy.MEMORY)
        told = "memory: accepted twice as GPE, rejected once, last by ra"
        await desk.until(lambda: told in desk.bar("detail"))


async def test_accepting_all_stops_at_what_the_memory_changed(store: Store) -> None:
    learnt(store, *["GPE"] * 3)
    async with reviewing(store, items=(replace(TAMSIN, tier=Tier.A),)) as desk:
        article = desk.review.article
        await desk.press("A")
        assert "shows the 1 unsure one by one: from memory" in desk.bar("prompt")
        assert not desk.stored(article).finished
        await desk.press("A")
        assert desk.stored(article).finished


async def test_known_wrong_names_are_folded_with_their_count(store: Store) -> None:
    async with reviewing(store, items=(TAMSIN,)) as desk:
        assert desk.state.listed.order.open_count == 0
        assert "1 known wrong" in desk.screen.query_one(HEADING, Bar).plain
        await desk.press("T")
        assert "known wrong" not in desk.screen.query_one(HEADING, Bar).plain


async def test_a_known_wrong_name_is_brought_back_by_a_key(store: Store) -> None:
    async with reviewing(store, items=(TAMSIN,)) as desk:
        await desk.press("T", "n", "a")
        (made,) = desk.stored(desk.review.article).entities
        assert (made.verdict, made.id) == (Verdict.ACCEPTED, TAMSIN.id)


async def test_a_label_on_a_known_wrong_name_brings_it_back(store: Store) -> None:
    async with reviewing(store, items=(TAMSIN,)) as desk:
        desk.select("Tamsin")
        await desk.press("1")
        (made,) = desk.stored(desk.review.article).entities
        assert (made.verdict, made.id) == (Verdict.ACCEPTED, TAMSIN.id)


@pytest.mark.parametrize("keys", [["A"], ["T", "A"]])
async def test_accepting_all_leaves_known_wrong_names(store: Store, keys: list[str]) -> None:
    async with reviewing(store, items=(TAMSIN,)) as desk:
        article = desk.review.article
        await desk.press(*keys)
        review = desk.stored(article)
        assert review.finished
        assert [item.verdict for item in review.entities] == [Verdict.PENDING]


async def test_the_queue_says_how_many_pending_articles_are_changed(store: Store) -> None:
    for n in range(2):
        text = f"Tamsin waits, for the {n}. time.\n"
        take_in(store, text, [entity(text, "Tamsin", "ORG", id="e1")], minutes=9)
    async with reviewing(store, items=(replace(TAMSIN, tier=Tier.A),)) as desk:
        desk.select("Tamsin")
        await desk.press("3", "q")
        told = "Your decisions change the suggestions for 2 pending articles."
        await desk.until(lambda: told in desk.bar("status"))
