"""The adjudication screen: differences by key, another answer, notes, changes meanwhile."""

from __future__ import annotations

from dataclasses import replace

import pytest

from annotator.core.annotations import Claim, Entity, Item, Stance
from annotator.core.decisions import Change, correct, reject, relabel, reopen
from annotator.core.review import Review
from annotator.store.store import Store
from annotator.tui.adjudicating.adjudication_desk import AdjudicationDesk
from annotator.tui.adjudicating.adjudication_screen import AdjudicationScreen
from annotator.tui.agreement.answer_list_screen import AnswerListScreen
from annotator.tui.queue.queue_screen import QueueScreen
from annotator.tui.review.review_screen import ReviewScreen
from tests.helpers.adjudicating import reviewed_by
from tests.helpers.building import open_, press
from tests.helpers.items import span
from tests.tui.desk import TEXT, Desk, at_desk, claim, drawn, suggestions, take_in

CLAIM = claim(TEXT, "Greyline may sell both ships", "told", "residents")
ITEMS: tuple[Item, ...] = (*suggestions(), CLAIM)
PORT, DAY, ILVA, GREYLINE, SAID, ADVERT, _ = ITEMS


def of_ben() -> list[Change]:
    """What ben answers otherwise: one difference of each type."""
    assert isinstance(ILVA, Entity)
    assert isinstance(PORT, Entity)
    assert isinstance(SAID, Claim)
    return [
        relabel(PORT, "LOC"),
        correct(ILVA, replace(ILVA, span=span(TEXT, "Ilva"))),
        reject(GREYLINE),
        correct(SAID, replace(SAID, cue=())),
        correct(CLAIM, replace(CLAIM, stance=Stance.DENIES)),
    ]


@pytest.fixture
def article(store: Store) -> str:
    """An article that ann and ben have reviewed; they differ in five of its items."""
    article = take_in(store, TEXT, ITEMS)
    reviewed_by(store, article, "ann")
    reviewed_by(store, article, "ben", *of_ben())
    return article


def at_work(desk: Desk) -> AdjudicationDesk:
    screen = desk.app.screen
    assert isinstance(screen, AdjudicationScreen)
    assert screen.desk is not None
    return screen.desk


async def opened(desk: Desk) -> AdjudicationDesk:
    """The first article to adjudicate, opened from the queue."""
    await desk.press("D")
    await desk.until(lambda: isinstance(desk.app.screen, AdjudicationScreen))
    await desk.settle()
    return at_work(desk)


def adjudicated(store: Store, article: str) -> Review:
    return store.reviews.get(article, "ada", adjudicates=True).review


async def test_five_differences_take_one_key_each(store: Store, article: str) -> None:
    async with at_desk(store, size=(120, 40)) as desk:
        await opened(desk)
        assert desk.bar("header").endswith("5 differences, 5 open  ● saved  ada ")
        rows = "\n".join(drawn(desk.app.screen.query_one("#differences")))  # type: ignore[arg-type]
        for words in ("GPE PORT ANSEL", "LOC PORT ANSEL", "no cue", "stance denies", "not marked"):
            assert words in rows
        await desk.press(*"baaab", "enter")
        await desk.until(lambda: isinstance(desk.app.screen, QueueScreen))
        assert "Nothing else is to be adjudicated." in desk.bar("status")
    done = adjudicated(store, article)
    assert done.finished
    assert {(one.label, one.span.of(TEXT)) for one in done.entities} == {
        ("LOC", "PORT ANSEL"),
        ("DATE", "March 4"),
        ("PERSON", "Ilva Marrow"),
        ("ORG", "Greyline Ferries"),
    }
    assert (done.claims[0].cue, done.claims[1].stance) == (SAID.cue, Stance.DENIES)  # type: ignore[union-attr]
    assert 1 + done.keys <= 8


async def test_three_reviewers_take_as_many_keys_and_the_next_article_follows(
    store: Store, article: str
) -> None:
    reviewed_by(store, article, "cat", *of_ben()[:2])
    other = take_in(store, "Ada Low met Bo Marsh.\n", (), minutes=9)
    for who in ("ann", "ben"):
        reviewed_by(store, other, who)
    async with at_desk(store, size=(80, 24)) as desk:
        assert (await opened(desk)).review.article == other
        assert "agree in everything" in desk.bar("given")
        await desk.press("enter")
        await desk.settle()
        assert "ben, cat  LOC PORT ANSEL" in desk.bar("given")
        assert "2 of 3, most" in desk.bar("given")
        assert len(at_work(desk).open) == 5
        await desk.press(*"aaaaa", "enter")
        await desk.until(lambda: isinstance(desk.app.screen, QueueScreen))
    assert {(one.label, one.span.of(TEXT)) for one in adjudicated(store, article).entities} >= {
        ("LOC", "PORT ANSEL"),
        ("PERSON", "Ilva"),
        ("ORG", "Greyline Ferries"),
    }
    assert store.statistics.adjudicated() == {"ada": 2}


async def test_another_answer_and_a_note_that_is_found(store: Store, article: str) -> None:
    async with at_desk(store, size=(120, 40)) as desk:
        await opened(desk)
        await desk.press("7", "up", ";", *"why", "enter")
        assert "note  why" in desk.bar("given")
        await desk.press("n", "o")
        await desk.until(lambda: isinstance(desk.app.screen, ReviewScreen))
        await desk.settle()
        assert desk.focused() == "Ilva"
        for key in ("A", "enter", "X"):
            await desk.press(key)
            assert "Finish an adjudication on its own screen: q goes back there." in desk.bar(
                "detail"
            )
        desk.select("harbour master")
        await desk.press("2", "q")
        await desk.until(lambda: isinstance(desk.app.screen, AdjudicationScreen))
        await desk.settle()
        assert len(at_work(desk).open) == 4
        await desk.press("enter")
        assert "4 differences are open and would stay unknown" in desk.bar("given")
        await desk.press("B", "u", "B", "enter")
        await desk.until(lambda: isinstance(desk.app.screen, QueueScreen))
    marked = {(one.label, one.span.of(TEXT)) for one in adjudicated(store, article).entities}
    assert {("FAC", "PORT ANSEL"), ("ORG", "harbour master"), ("PERSON", "Ilva")} <= marked
    async with at_desk(store, size=(120, 40), reviewer="ann") as desk:
        await desk.press("d")
        await desk.until(lambda: isinstance(desk.app.screen, AnswerListScreen))
        await desk.until(lambda: desk.app.screen.takes_keys)  # type: ignore[attr-defined]
        await desk.settle()
        rows = "\n".join(drawn(desk.app.screen.query_one("#overruled")))  # type: ignore[arg-type]
        assert "GPE PORT ANSEL" in rows
        assert desk.bar("told") == " ada: why"


async def test_a_review_finished_anew_meanwhile_is_said_and_nothing_is_lost(
    store: Store, article: str
) -> None:
    async with at_desk(store, size=(120, 40)) as desk:
        await opened(desk)
        await desk.press(*"babab")
        again = press(store, open_(store, article, "ann", reviews_per_article=9), reopen())
        reviewed_by(store, article, "ann", relabel(again.review.entities[1], "EVENT"))
        await desk.press("enter")
        await desk.settle()
        assert "ann has finished the review anew. N looks at that" in desk.bar("given")
        assert len(at_work(desk).open) == 0
        await desk.press("N")
        await desk.settle()
        assert [one.type for one in at_work(desk).open] == ["label"]
        await desk.press("b", "enter")
        await desk.until(lambda: isinstance(desk.app.screen, QueueScreen))
    assert ("EVENT", "March 4") not in {
        (one.label, one.span.of(TEXT)) for one in adjudicated(store, article).entities
    }
    assert len([*store.adjudications.finished()]) == 1


async def test_who_may_not_is_told_in_the_queue(store: Store, article: str) -> None:
    async with at_desk(store, size=(120, 40), adjudicators=("meg",)) as desk:
        await desk.press("D")
        await desk.until(lambda: "not among the adjudicators" in desk.bar("status"))
        assert isinstance(desk.app.screen, QueueScreen)
        await desk.press("F", "d")
        await desk.until(lambda: desk.queue.rows.listed.key == article)
