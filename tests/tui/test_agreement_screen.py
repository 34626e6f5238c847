"""Agreement on the screen: figures, the matrix, its places, an article and the way back."""

from __future__ import annotations

import pytest

from annotator.core.annotations import Entity
from annotator.core.decisions import Change, accept, finish, relabel
from annotator.store.store import Store
from annotator.tui.agreement.agreement_reading import AgreementReading
from annotator.tui.agreement.agreement_screen import AgreementScreen
from annotator.tui.agreement.confusion_screen import ConfusionScreen
from annotator.tui.app_setup import AppSetup
from annotator.tui.queue.queue_screen import QueueScreen
from annotator.tui.review.review_screen import ReviewScreen
from tests.helpers.building import open_, press, ready
from tests.helpers.items import entity
from tests.tui.desk import Desk, at_desk, config_of, drawn

TEXT = "Ada Low met Bo Marsh in Port Ellis.\n\nShe said nothing.\n"


def article(store: Store, number: int) -> str:
    text = TEXT.replace("nothing", f"nothing {number}")
    names = (("Ada Low", "PERSON"), ("Bo Marsh", "PERSON"), ("Port Ellis", "GPE"))
    return ready(store, text, [entity(text, words, label) for words, label in names])


def review(store: Store, article: str, reviewer: str, place: str = "GPE") -> None:
    """A finished review, in which Port Ellis has this label."""
    opened = open_(store, article, reviewer, reviews_per_article=3)
    changes: list[Change] = []
    for item in opened.review.items:
        if isinstance(item, Entity) and item.label == "GPE" != place:
            changes.append(relabel(item, place))
        else:
            changes.append(accept(item))
    press(store, opened, *changes, finish())


def twelve_articles(store: Store) -> None:
    """Two reviewers differ on the place in three of twelve articles."""
    for number in range(12):
        one = article(store, number)
        review(store, one, "ada")
        review(store, one, "bo", "ORG" if number < 3 else "GPE")


async def agreement(desk: Desk) -> AgreementScreen:
    await desk.press("K")
    await desk.until(lambda: isinstance(desk.app.screen, AgreementScreen))
    screen = desk.app.screen
    assert isinstance(screen, AgreementScreen)
    await desk.until(lambda: not screen.is_reading)
    await desk.settle()
    return screen


async def matrix(desk: Desk) -> ConfusionScreen:
    await desk.press("enter")
    await desk.until(lambda: isinstance(desk.app.screen, ConfusionScreen))
    screen = desk.app.screen
    assert isinstance(screen, ConfusionScreen)
    await desk.until(lambda: screen.places.is_read)
    await desk.settle()
    return screen


async def test_from_the_figures_to_the_article_and_back(store: Store) -> None:
    twelve_articles(store)
    async with at_desk(store) as desk:
        figures = await agreement(desk)
        assert "12 articles with two finished reviews or more" in desk.bar("counts")
        lines = drawn(figures.listed)
        assert lines[0].split()[:2] == ["▌entities", ".917"]
        assert any("ORG" in line and "not enough" in line for line in lines)
        await desk.press("p")
        await desk.until(
            lambda: figures.figures and figures.figures[0].measures[0].pair is not None
        )
        assert "ada and bo" in desk.bar("counts")
        cells = await matrix(desk)
        assert cells.view.met == ("GPE", "ORG")
        assert "ada GPE, bo ORG  3 times" in desk.bar("told")
        assert "Port Ellis" in drawn(cells.places.listed)[0]
        await desk.press("enter", "j", "enter")
        await desk.until(lambda: isinstance(desk.app.screen, ReviewScreen))
        await desk.settle()
        assert desk.review.reviewer == "ada"
        assert desk.view.caret == TEXT.index("Port Ellis")
        assert desk.words(desk.focus_id or "") == "Port Ellis"
        await desk.press("R", "2", "enter")
        await desk.until(lambda: desk.app.screen is cells)
        await desk.until(
            lambda: cells.places.is_read and cells.view.matrix.counts["GPE", "ORG"] == 2
        )
        await desk.press("escape", "escape")
        await desk.until(lambda: isinstance(desk.app.screen, AgreementScreen))
        await desk.press("q")
        await desk.until(lambda: isinstance(desk.app.screen, QueueScreen))


@pytest.mark.parametrize(
    ("reviewer", "wanted", "seen", "hidden"),
    [
        ("ada", 3, 2, 1),  # she finished one of the two
        ("di", 2, 3, 0),  # nobody else may review them
        ("di", 3, 2, 1),
        ("di", 4, 0, 3),
    ],
)
def test_others_answers_are_hidden_until_one_has_finished_the_article(
    store: Store, reviewer: str, wanted: int, seen: int, hidden: int
) -> None:
    for number in range(2):
        one = article(store, number)
        review(store, one, "bo")
        review(store, one, "cy", "ORG")
    review(store, one, "ada")
    config = config_of(store, reviewer=reviewer, reviews_per_article=wanted)
    reading = AgreementReading(AppSetup(store, config))
    assert reading.begin()
    while reading.read_some():
        pass
    cells = reading.confusions.places(None, "entities", ("GPE", "ORG"))
    assert (len(cells.shown), cells.hidden) == (seen, hidden)


def test_while_a_pass_is_under_way_the_last_whole_one_is_shown(store: Store) -> None:
    one = article(store, 1)
    review(store, one, "bo")
    review(store, one, "cy", "ORG")
    reading = AgreementReading(AppSetup(store, config_of(store, reviews_per_article=2)))
    assert reading.begin()
    while reading.read_some():
        pass
    assert reading.figures(None)
    whole = reading.confusions
    assert not reading.begin()
    other = article(store, 2)
    review(store, other, "bo")
    review(store, other, "cy", "ORG")
    assert reading.begin()
    assert reading.begin()  # by another screen; the first pass is given up
    assert not reading.is_over
    assert reading.confusions is whole
    while reading.read_some():
        pass
    assert reading.articles(None) == 2
    assert reading.confusions.matrix(None, "entities").counts["GPE", "ORG"] == 2


async def test_the_screen_says_that_answers_are_hidden(store: Store) -> None:
    one = article(store, 1)
    review(store, one, "bo")
    review(store, one, "cy", "ORG")
    async with at_desk(store, reviews_per_article=3) as desk:
        await agreement(desk)
        cells = await matrix(desk)
        assert "1 in articles you have not finished" in desk.bar("told")
        assert not cells.places.found
        await desk.press("enter")
        assert "Finish these articles first" in desk.bar("counts")
        assert desk.app.screen is cells


async def test_an_article_with_all_its_reviews_is_not_opened_and_the_matrix_stays(
    store: Store,
) -> None:
    one = article(store, 1)
    review(store, one, "bo")
    review(store, one, "cy", "ORG")
    async with at_desk(store, reviewer="di", reviews_per_article=2) as desk:
        await agreement(desk)
        cells = await matrix(desk)
        await desk.press("enter", "enter")
        await desk.until(lambda: desk.app.screen is cells and cells.takes_keys)
        await desk.press("escape", "escape")
        await desk.until(lambda: isinstance(desk.app.screen, AgreementScreen))


async def test_articles_are_read_again_only_after_a_change(store: Store) -> None:
    twelve_articles(store)
    async with at_desk(store) as desk:
        figures = await agreement(desk)
        found = figures.reading.confusions
        await desk.press("q")
        again = await agreement(desk)
        assert again.reading.confusions is found
        await desk.press("q")
        other = article(store, 99)
        review(store, other, "ada")
        review(store, other, "bo")
        changed = await agreement(desk)
        assert changed.reading.confusions is not found
        assert "13 articles" in desk.bar("counts")


async def test_without_second_reviews_the_screen_says_so(store: Store) -> None:
    review(store, article(store, 1), "ada")
    async with at_desk(store) as desk:
        await agreement(desk)
        assert "no article has two finished reviews" in desk.bar("counts")
        await desk.press("enter", "p")
        assert isinstance(desk.app.screen, AgreementScreen)


async def test_the_keys_of_the_figures_can_be_changed(store: Store) -> None:
    twelve_articles(store)
    keys = {"figures_next_pair": "n", "figures_close": "q", "figures_open": "space"}
    async with at_desk(store, keys=keys) as desk:
        figures = await agreement(desk)
        assert "n P a pair" in " ".join(desk.bar("hints").split())
        await desk.press("n")
        await desk.until(lambda: figures.pair is not None)
        await desk.press("space")
        await desk.until(lambda: isinstance(desk.app.screen, ConfusionScreen))
        await desk.press("escape")
        assert isinstance(desk.app.screen, ConfusionScreen)
        await desk.press("q")
        await desk.until(lambda: isinstance(desk.app.screen, AgreementScreen))
