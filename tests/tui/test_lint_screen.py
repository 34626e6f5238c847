"""Findings in one's own finished reviews: listed, opened at their place, looked at anew."""

from __future__ import annotations

from annotator.core.annotations import Entity
from annotator.store.store import Store
from annotator.tui.lint.lint_screen import LintScreen
from annotator.tui.review.review_screen import ReviewScreen
from tests.helpers.items import entity
from tests.tui.desk import REVIEWER, Desk, at_desk, drawn, take_in

ONE = "Dora Lind spoke first.\n\nThen Dora Lind left, and Dora Lind wrote.\n"


def under_two_labels() -> list[Entity]:
    """The same name three times, the last one under another label."""
    labels = ("PERSON", "PERSON", "ORG")
    return [entity(ONE, "Dora Lind", label, nth=n) for n, label in enumerate(labels)]


async def finished(desk: Desk) -> None:
    """Everything in the first article accepted, and back in the queue."""
    await desk.press("enter")
    await desk.until(lambda: isinstance(desk.app.screen, ReviewScreen))
    await desk.settle()
    await desk.press("A")
    await desk.until(lambda: not isinstance(desk.app.screen, ReviewScreen))
    await desk.settle()


async def linting(desk: Desk) -> LintScreen:
    await desk.press("L")
    await desk.until(lambda: isinstance(desk.app.screen, LintScreen))
    screen = desk.app.screen
    assert isinstance(screen, LintScreen)
    await desk.until(lambda: not screen.is_looking and screen.takes_keys)
    await desk.settle()
    return screen


async def test_a_finding_is_opened_at_its_place_and_is_gone_when_it_is_mended(
    store: Store,
) -> None:
    take_in(store, ONE, under_two_labels())
    async with at_desk(store) as desk:
        await finished(desk)
        screen = await linting(desk)
        assert [one for one in drawn(screen.listed) if "two-labels" in one]
        assert "“Dora Lind” is ORG here, PERSON 2 times" in desk.bar("told")
        assert "l another label" in desk.bar("told")
        assert "1 finding in 1 article" in desk.bar("counts")
        await desk.press("enter")
        await desk.until(lambda: isinstance(desk.app.screen, ReviewScreen))
        await desk.settle()
        assert desk.view.caret == ONE.rindex("Dora Lind")
        await desk.press("R", "1", "enter")
        await desk.until(lambda: desk.app.screen is screen)
        await desk.until(lambda: not screen.is_looking)
        await desk.settle()
        assert "nothing found" in desk.bar("counts")
        assert not len(screen.found)


async def test_findings_in_the_reviews_of_others_are_not_shown(store: Store) -> None:
    take_in(store, ONE, under_two_labels())
    async with at_desk(store, reviewer="another") as desk:
        await finished(desk)
    async with at_desk(store, reviewer=REVIEWER) as desk:
        screen = await linting(desk)
        assert not len(screen.found)
        assert "nothing found in your finished reviews" in desk.bar("counts")


async def test_tab_shows_one_kind_after_the_other(store: Store) -> None:
    quoted = ONE + "\n“We waited for hours and nobody came to tell us,” she said.\n"
    take_in(store, quoted, under_two_labels())
    async with at_desk(store) as desk:
        await finished(desk)
        screen = await linting(desk)
        assert "2 findings" in desk.bar("counts")
        shown = []
        for _ in range(3):
            await desk.press("tab")
            await desk.settle()
            shown.append((str(screen.found.kind), desk.bar("counts").split()[-2:]))
        assert shown[0] == ("two-labels", ["1", "finding"])
        assert shown[1] == ("quotation", ["1", "finding"])
        assert screen.found.kind is None


async def test_leaving_while_it_still_looks(store: Store) -> None:
    take_in(store, ONE, under_two_labels())
    async with at_desk(store) as desk:
        await desk.press("L", "escape")
        await desk.settle()
        assert desk.app.screen is desk.queue
