"""A check on the screens: like any other article until it is finished, and told afterwards."""

from __future__ import annotations

from dataclasses import replace

from annotator.core.annotations import Verdict
from annotator.core.article import Article, Origin, title_line
from annotator.core.record import PipelineId, Record, SchemeId
from annotator.core.records.review_facts import ReviewFacts
from annotator.store.store import Store
from annotator.store.values import Suggested
from annotator.tui.agreement.answer_list_screen import AnswerListScreen
from annotator.tui.queue.queue_screen import QueueScreen
from annotator.tui.review.review_screen import ReviewScreen
from tests.helpers.items import entity
from tests.tui.desk import OTHER, TEXT, Desk, at_desk, drawn, take_in
from tests.tui.held_clock import NOON
from tests.tui.test_blind_review import on_screen

CHECK = "Bridge opened in Varnholm\n\nOda Lind, the mayor, thanked Per Sund.\n"
FOUND = entity(CHECK, "Oda Lind", "PERSON"), entity(CHECK, "Varnholm", "ORG")
GOLD = entity(CHECK, "Varnholm", "GPE"), FOUND[0], entity(CHECK, "Per Sund", "PERSON")


def with_a_check(store: Store) -> str:
    """Two ordinary articles and a check, all ready; the id of the check."""
    take_in(store, OTHER, (), minutes=5)
    take_in(store, TEXT, ())
    origin = Origin(name="bridge.txt", outlet="Ansel Post")
    article = Article(CHECK, title=title_line(CHECK), origin=origin)
    decided = tuple(replace(one, verdict=Verdict.ACCEPTED) for one in GOLD)
    gold = Record(
        article, SchemeId("labels", "1"), review=ReviewFacts("gold", "review"), entities=decided
    )
    store.gold_checks.slip_in([gold], share=0.5)
    store.work.lease("worker", limit=9, seconds=60, now=NOON)
    found = [Suggested(article.id, FOUND, "en")]
    store.work.attach("worker", found, PipelineId("annotator-en", "1", "0123"), now=NOON)
    return article.id


async def finished(desk: Desk) -> str:
    """Finish the article on the screen, whose items are accepted first; its id."""
    here = desk.review.article
    for _ in desk.review.open_items():
        await desk.press("a")
    await desk.press("enter")
    await desk.until(
        lambda: (
            isinstance(desk.app.screen, QueueScreen)
            or (isinstance(desk.app.screen, ReviewScreen) and desk.review.article != here)
        )
    )
    await desk.settle()
    return here


async def test_a_check_looks_like_any_other_article_and_its_outcome_is_told_afterwards(
    store: Store,
) -> None:
    check = with_a_check(store)
    async with at_desk(store, checks=0.5, size=(120, 30)) as desk:
        before = on_screen(desk)
        assert "Bridge opened in Varnholm" in before
        assert "3 ready" in " ".join(before.split())
        done: list[str] = []
        await desk.press("n")
        for _ in range(3):
            await desk.until(lambda: isinstance(desk.app.screen, ReviewScreen))
            await desk.settle()
            seen = on_screen(desk).casefold()
            words = seen.replace("check-worthy", "")
            told = " was a check" in words
            assert told == (done[-1:] == [check])
            assert "gold" not in words
            done.append(await finished(desk))
        assert check in done
        assert store.gold_checks.outcome(check, "ada") is not None
        await desk.press("C")
        await desk.until(lambda: isinstance(desk.app.screen, AnswerListScreen))
        await desk.until(lambda: "over 1" in on_screen(desk))
        listed = "\n".join(drawn(desk.app.screen.query_one("#checks")))  # type: ignore[arg-type]  # a list
        assert "F1 40 %, 2 missed, 1 added" in listed
        assert "ORG “Varnholm”" in listed
        assert "GPE “Varnholm”" in listed
        assert "PERSON “Per Sund”" in listed
        await desk.press("j", "enter")
        await desk.until(lambda: isinstance(desk.app.screen, ReviewScreen))
        await desk.settle()
        assert desk.review.article == check
