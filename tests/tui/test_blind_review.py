"""What the screens show of a colleague's answers before one has finished, and without help."""

from __future__ import annotations

from annotator.core.annotations import Entity, MadeBy
from annotator.core.assignment import ReviewPlan
from annotator.core.decisions import add, finish, note_article
from annotator.store.store import Store
from annotator.tui.review.review_screen import ReviewScreen
from annotator.tui.search.search_screen import SearchScreen
from tests.helpers.building import press
from tests.helpers.items import span
from tests.tui.desk import TEXT, Desk, at_desk, suggestions, take_in
from tests.tui.held_clock import NOON

MARK = "ODDITY"
"""A label that only bea gives."""


def answered_by_bea(store: Store) -> str:
    """An article that bea has finished, with a mark and a note that nobody else would make."""
    article = take_in(store, TEXT, suggestions())
    opened = store.reviews.open(article, "bea", now=NOON, lease_seconds=600, plan=ReviewPlan(2))
    own = Entity("own", span(TEXT, "harbour master"), MARK, made_by=MadeBy.REVIEWER)
    said = note_article("bea", NOON, f"An {MARK}?")
    press(store, opened, add(own), said, finish(), now=NOON)
    return article


def on_screen(desk: Desk) -> str:
    """All characters on the screen."""
    lines = desk.app.screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in line) for line in lines)


async def opened(desk: Desk) -> None:
    await desk.press("enter")
    await desk.until(lambda: isinstance(desk.app.screen, ReviewScreen))
    await desk.settle()


async def test_the_screens_show_nothing_of_an_answer_before_ones_own_is_finished(
    store: Store,
) -> None:
    answered_by_bea(store)
    async with at_desk(store, reviews_per_article=2, size=(120, 40)) as desk:
        assert " ready" in on_screen(desk)
        await opened(desk)
        for _ in desk.review.items:
            assert MARK not in on_screen(desk)
            await desk.press("n")
        await desk.press("q")
        await desk.press("f", *"master")
        screen = desk.app.screen
        assert isinstance(screen, SearchScreen)
        await desk.until(lambda: not screen.search.is_busy and screen.takes_keys)
        await desk.settle()
        assert "master" in on_screen(desk)
        assert MARK not in on_screen(desk)


async def test_a_review_without_suggestions_says_so_before_the_first_key(store: Store) -> None:
    take_in(store, TEXT, suggestions())
    async with at_desk(store, unassisted=1.0, size=(80, 24)) as desk:
        await opened(desk)
        assert desk.review.items == ()
        assert "Opened without suggestions" in desk.bar("detail")
        assert "unassisted" in desk.drawn("hints")
        desk.put_caret("Ilva")
        await desk.press("1")
        await desk.until(lambda: len(desk.review.entities) == 1)
        assert "unassisted" in desk.drawn("hints")
        assert desk.screen.page.lines.seen_before.of(desk.state) is None
        desk.put_caret("said")
        await desk.press("c")
        assert len(desk.review.claims) == 1
        assert [one.label for one in desk.stored(desk.review.article).entities] != []
