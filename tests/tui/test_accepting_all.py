"""Accepting all that is open, and what is left out of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from annotator.core.annotations import Tier, Verdict
from annotator.core.folds import Fold
from annotator.core.record import Record, SchemeId
from annotator.export.records import record_of
from annotator.store.store import Store
from tests.helpers.items import entity
from tests.tui.desk import (
    OTHER,
    REVIEWER,
    TEXT,
    Desk,
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
