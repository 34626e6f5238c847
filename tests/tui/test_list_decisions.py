"""Names found in several articles are decided as one list, and taken back as one."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from annotator.core.annotations import Entity
from annotator.core.decisions import Kind
from annotator.core.review import Review, Status
from annotator.core.reviewing.listed_names import on_listed
from annotator.errors import StoreError
from annotator.store.store import Store
from annotator.tui.review.review_screen import ReviewScreen
from annotator.tui.search.search_screen import SearchScreen
from tests.helpers.items import entity
from tests.helpers.strategies import entities
from tests.tui.desk import REVIEWER, Desk, at_desk, take_in
from tests.tui.held_clock import NOON
from tests.tui.test_search_screen import found, searching

FIRST = "Dora Lind spoke. Then Ana Ruz left.\n"
SECOND = "Nobody but Dora Lind came, said Dora Lind.\n"


def two(store: Store) -> tuple[str, str]:
    older = take_in(store, FIRST, [entity(FIRST, "Dora Lind"), entity(FIRST, "Ana Ruz")], minutes=9)
    names = [entity(SECOND, "Dora Lind"), entity(SECOND, "Dora Lind", nth=1)]
    return older, take_in(store, SECOND, names, minutes=1)


async def asked(desk: Desk, *keys: str) -> SearchScreen:
    """The names with these words, all shown, and the question about them."""
    screen = await searching(desk, "tab", "tab", "tab", *keys)
    await desk.press("ctrl+l")
    await found(desk, screen)
    return screen


async def answered(desk: Desk, screen: SearchScreen, letter: str) -> None:
    await desk.press(letter)
    await found(desk, screen)


def states(store: Store, article: str) -> list[Status]:
    return [one.status for one in store.reviews.get(article, REVIEWER).review.held.values()]


async def test_all_open_names_of_the_list_are_accepted_and_others_stay(store: Store) -> None:
    older, newer = two(store)
    async with at_desk(store) as desk:
        screen = await asked(desk, *"dora")
        assert "The 3 names shown, where still open" in desk.bar("prompt")
        assert "a accept them" in desk.bar("prompt")
        assert desk.app.screen.query_one("#prompt").size.height == 2
        await answered(desk, screen, "a")
        assert "Accepted 3 names in 2 articles" in desk.bar("counts")
    assert states(store, older) == [Status.ACCEPTED, Status.OPEN]
    assert states(store, newer) == [Status.ACCEPTED, Status.ACCEPTED]
    groups = {
        decision.group
        for article in (older, newer)
        for decision in store.reviews.get(article, REVIEWER).review.decisions
    }
    assert len(groups) == 1


async def test_one_undo_takes_the_list_back(store: Store) -> None:
    older, newer = two(store)
    async with at_desk(store) as desk:
        screen = await asked(desk, *"dora")
        await answered(desk, screen, "x")
        assert "Rejected 3 names in 2 articles" in desk.bar("counts")
        await desk.press("ctrl+l", "u")
        await found(desk, screen)
        assert set(states(store, older)) | set(states(store, newer)) == {Status.OPEN}
        assert "Undone: 3 names in 2 articles" in desk.bar("counts")
        assert screen.search.found.hits == 3
        await desk.press("ctrl+l", "u")
        await found(desk, screen)
        assert "Nothing was decided on a list here" in desk.bar("counts")


async def test_decided_articles_and_those_held_by_others_stay(store: Store) -> None:
    older, newer = two(store)
    store.reviews.open(newer, "another", now=NOON, lease_seconds=900)
    async with at_desk(store) as desk:
        await desk.press("n")
        await desk.until(lambda: isinstance(desk.app.screen, ReviewScreen))
        await desk.settle()
        await desk.press("x", "q")
        await desk.until(lambda: desk.app.screen is desk.queue)
        screen = await asked(desk, *"dora")
        await answered(desk, screen, "a")
        assert "1 left: another is reviewing this article" in desk.bar("counts")
    assert Kind.ACCEPT not in {
        decision.kind for decision in store.reviews.get(older, REVIEWER).review.decisions
    }
    try:
        store.reviews.get(newer, REVIEWER)
    except StoreError:
        return
    raise AssertionError("a review of an article that another holds")


async def test_names_that_were_not_on_the_screen_stay(store: Store) -> None:
    text = "".join(f"On day {n} Dora Lind came.\n" for n in range(30))
    article = take_in(store, text, [entity(text, "Dora Lind", nth=n) for n in range(30)])
    async with at_desk(store, size=(100, 20)) as desk:
        screen = await asked(desk, *"dora")
        await answered(desk, screen, "a")
        held = states(store, article)
        shown = held.count(Status.ACCEPTED)
        assert 10 < shown < 20
        assert held == [Status.ACCEPTED] * shown + [Status.OPEN] * (30 - shown)
        assert "not shown yet" not in desk.bar("prompt")
        for _ in range(3):
            await desk.press("pagedown")
            await desk.settle()
        await desk.press("ctrl+l", "a")
        await found(desk, screen)
    assert set(states(store, article)) == {Status.ACCEPTED}


async def test_words_in_the_text_are_no_list_of_names(store: Store) -> None:
    two(store)
    async with at_desk(store) as desk:
        await searching(desk, *"dora", "ctrl+l")
        assert "Only names are decided as a list" in desk.bar("counts")


@given(st.lists(entities(SECOND), max_size=6), st.data())
def test_only_open_names_at_the_listed_places_are_decided(
    names: list[Entity], data: st.DataObject
) -> None:
    suggested = [Entity(f"e{n}", one.span, one.label) for n, one in enumerate(names)]
    review = Review.of("a", "ada", suggested)
    every = [(one.span, one.label) for one in suggested]
    listed = data.draw(st.sets(st.sampled_from(every)) if every else st.just(set()))
    rejecting = data.draw(st.booleans())
    changes = on_listed(review, listed, rejecting=rejecting)
    kind = Kind.REJECT if rejecting else Kind.ACCEPT
    assert {change.kind for change in changes} <= {kind}
    assert [change.target for change in changes] == [
        one.id for one in suggested if (one.span, one.label) in listed
    ]
