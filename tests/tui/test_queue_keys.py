"""The keys of the queue: filter, order, search, retry, skip, copy."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from annotator.core.decisions import Answer
from annotator.core.states import QueueFilter
from annotator.store.sql import columns as t
from annotator.store.store import Store
from annotator.store.values import QueueView
from annotator.tui.keys import KEYS, Mode
from annotator.tui.review.review_screen import ReviewScreen
from annotator.tui.screens.palette_prompt import PalettePrompt
from tests.helpers.items import entity
from tests.helpers.stores import empty_store, without_syncing
from tests.tui.desk import NOON, OTHER, REVIEWER, TEXT, Desk, at_desk, drawn, fresh, take_in

TITLES = ("Bridge shut", "Council meets", "Dam repaired", "Elm felled")


def text(title: str) -> str:
    return f"{title}\n\nNobody in Sund was hurt by it, {title}.\n"


@pytest.fixture
def four(store: Store) -> dict[str, str]:
    """Four articles that are ready, the first of them the oldest; ids by title. Their scores fall,
    the third has no suggestions at all."""
    made = {}
    for n, title in enumerate(TITLES):
        found = (entity(text(title), "Sund", "GPE", score=0.9 - n / 10),) if n != 2 else ()
        made[title] = take_in(store, text(title), found, minutes=60 - n)
    return made


def titles(desk: Desk) -> list[str]:
    """The titles in the list from its top."""
    lines = drawn(desk.queue.rows.listed)
    return [title for line in lines for title in TITLES if title in line]


def failed(store: Store, body: str = TEXT) -> str:
    """An article that the pipeline could not annotate."""
    article = take_in(store, body, None)
    store.work.lease("worker", limit=9, seconds=60, now=NOON)
    store.work.fail("worker", article, "The pipeline stopped 3 times at this text.", now=NOON)
    return article


async def test_orders_of_the_queue(store: Store, four: dict[str, str]) -> None:
    async with at_desk(store) as desk:
        assert titles(desk) == ["Elm felled", "Dam repaired", "Council meets", "Bridge shut"]
        await desk.press("o", "o")
        await desk.until(lambda: titles(desk) == list(TITLES))
        assert "oldest first" in desk.bar("counts")
        await desk.press("o", "l")
        sure = ["Elm felled", "Council meets", "Bridge shut", "Dam repaired"]
        await desk.until(lambda: titles(desk) == sure)
        assert "CONF" in desk.bar("columns")
        assert "60 %" in drawn(desk.queue.rows.listed)[0]
        await desk.press("o", "c")
        await desk.until(lambda: titles(desk) == list(TITLES)[::-1])
        await desk.press("o", "n")
        await desk.until(lambda: "first" not in desk.bar("counts"))
        assert len(four) == 4


async def test_filters_of_own_and_open_articles(store: Store, four: dict[str, str]) -> None:
    store.reviews.open(four["Dam repaired"], REVIEWER, now=NOON, lease_seconds=600)
    store.reviews.open(four["Elm felled"], "bo", now=NOON, lease_seconds=600)
    async with at_desk(store) as desk:
        await desk.press("F", "m")
        await desk.until(lambda: titles(desk) == ["Dam repaired"])
        assert "only mine" in desk.bar("counts")
        await desk.press("F", "o")
        await desk.until(lambda: titles(desk) == list(TITLES)[::-1])
        await desk.press("F", "r")
        await desk.until(lambda: titles(desk) == ["Council meets", "Bridge shut"])
        await desk.press("F", "*")
        await desk.until(lambda: len(titles(desk)) == 4)


async def test_a_filter_lists_articles_of_one_outlet(store: Store, four: dict[str, str]) -> None:
    rename(store, four["Council meets"], "The Bay Post")
    async with at_desk(store) as desk:
        await desk.press("F", "l")
        await desk.until(lambda: "Ansel Post 3" in desk.bar("prompt"))
        assert "The Bay Post 1" in desk.bar("prompt")
        await desk.press("b")
        await desk.until(lambda: titles(desk) == ["Council meets"])
        assert "only The Bay Post" in desk.bar("counts")
        await desk.press("F", "f")
        await desk.until(
            lambda: desk.queue.rows.seen is not None and desk.queue.rows.listed.count == 0
        )
        assert "only finished, The Bay Post" in desk.bar("counts")
        await desk.press("escape")
        await desk.until(lambda: len(titles(desk)) == 4)


async def test_the_outlet_menu_offers_the_current_outlet(
    store: Store, four: dict[str, str]
) -> None:
    rename(store, four["Elm felled"], "The Bay Post")
    async with at_desk(store) as desk:
        await desk.press("F", "l")
        await desk.until(lambda: "this one's: The Bay Post" in desk.bar("prompt"))
        await desk.press(".")
        await desk.until(lambda: titles(desk) == ["Elm felled"])


async def test_leaving_a_filter_stays_on_the_article(store: Store, four: dict[str, str]) -> None:
    store.reviews.open(four["Council meets"], REVIEWER, now=NOON, lease_seconds=600)
    async with at_desk(store) as desk:
        await desk.press("F", "i")
        await desk.until(lambda: titles(desk) == ["Council meets"])
        await desk.press("escape")
        await desk.until(lambda: desk.queue.rows.listed.key == four["Council meets"])
        assert desk.queue.rows.listed.count == 4


async def test_an_unassigned_letter_keeps_the_menu(store: Store) -> None:
    async with at_desk(store) as desk:
        await desk.press("F", "ü")
        assert "No option ü" in desk.bar("prompt")
        assert desk.queue.prompts.is_open
        await desk.press("escape")
        assert not desk.queue.prompts.is_open


async def test_n_follows_the_order_and_the_outlet(store: Store, four: dict[str, str]) -> None:
    rename(store, four["Council meets"], "The Bay Post")
    rename(store, four["Bridge shut"], "The Bay Post")
    async with at_desk(store) as desk:
        await desk.press("F", "l", "b")
        await desk.until(lambda: len(titles(desk)) == 2)
        await desk.press("o", "l")
        await desk.until(lambda: titles(desk)[0] == "Council meets")
        await desk.press("n")
        await desk.until(lambda: isinstance(desk.app.screen, ReviewScreen))
        await desk.settle()
        assert desk.text == text("Council meets")
        await desk.press("A")
        await desk.until(lambda: desk.text == text("Bridge shut"))


async def test_a_search_visits_matching_titles(store: Store, four: dict[str, str]) -> None:
    async with at_desk(store) as desk:
        await desk.press("/", *"ed")
        assert "search in the titles" in desk.bar("prompt")
        await desk.press("enter")
        await desk.until(lambda: desk.queue.rows.listed.key == four["Dam repaired"])
        assert "search in the titles: 2 articles" in desk.bar("prompt")
        await desk.press("down")
        await desk.until(lambda: desk.queue.rows.listed.key == four["Elm felled"])
        await desk.press("backspace", "backspace", *"BRIDGE", "enter")
        await desk.until(lambda: desk.queue.rows.listed.key == four["Bridge shut"])
        await desk.press(*"x", "enter")
        await desk.until(lambda: "No other title holds “BRIDGEx”." in desk.bar("prompt"))
        await desk.press("escape", "k")
        await desk.until(lambda: desk.queue.rows.listed.key == four["Council meets"])


async def test_the_hit_of_a_search_is_opened_by_a_second_enter(
    store: Store, four: dict[str, str]
) -> None:
    async with at_desk(store) as desk:
        await desk.press("/", *"bridge", "enter")
        await desk.until(lambda: desk.queue.rows.listed.key == four["Bridge shut"])
        await desk.pilot.pause(0.15)  # two at once open nothing: a text that is pasted has them
        await desk.press("enter")
        await desk.until(lambda: desk.text == text("Bridge shut"))
        assert not desk.queue.prompts.is_open


async def test_a_search_shows_the_first_hit_while_typing(
    store: Store, four: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("annotator.tui.queue.title_search.TYPING_RESTS", 0.5)
    asked: list[str] = []
    ask = store.queue.next_titled

    def noted(view: QueueView, words: str, after: str | None) -> str | None:
        asked.append(words)
        return ask(view, words, after)

    monkeypatch.setattr(store.queue, "next_titled", noted)
    async with at_desk(store) as desk:
        await desk.press("j", "/", *"meets")
        await desk.until(lambda: desk.queue.rows.listed.key == four["Council meets"])
        # However fast it is typed, the store is asked once it rests.
        assert asked == ["meets"]
        await desk.press(*" x")
        await desk.until(lambda: "No other title holds “meets x”." in desk.bar("prompt"))
        await desk.until(lambda: desk.queue.rows.listed.key == four["Dam repaired"])
        await desk.press("backspace", "backspace")
        await desk.until(lambda: desk.queue.rows.listed.key == four["Council meets"])


async def test_esc_returns_to_the_start_unless_a_hit_was_accepted(
    store: Store, four: dict[str, str]
) -> None:
    async with at_desk(store) as desk:
        await desk.press("/", *"bridge")
        await desk.until(lambda: desk.queue.rows.listed.key == four["Bridge shut"])
        await desk.press("escape")
        await desk.until(lambda: desk.queue.rows.listed.key == four["Elm felled"])
        assert not desk.queue.prompts.is_open
        await desk.press("/", *"bridge")
        await desk.until(lambda: desk.queue.rows.listed.key == four["Bridge shut"])
        await desk.press("enter", "escape")
        await desk.pilot.pause(0.3)
        assert desk.queue.rows.listed.key == four["Bridge shut"]


async def test_a_hit_found_after_the_search_has_ended_moves_nothing(
    store: Store, four: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, answers = threading.Event(), threading.Event()
    ask = store.queue.next_titled

    def late(view: QueueView, words: str, after: str | None) -> str | None:
        begun.set()
        answers.wait(20)
        return ask(view, words, after)

    monkeypatch.setattr(store.queue, "next_titled", late)
    async with at_desk(store) as desk:
        await desk.press("/", *"bridge")
        await desk.until(begun.is_set)
        await desk.press("escape")
        answers.set()
        searches = [one for one in desk.app.workers if one.group == "search"]
        await desk.until(lambda: all(one.is_finished for one in searches))
        await desk.pilot.pause()
        assert len(searches) == 1
        assert desk.queue.rows.listed.key == four["Elm felled"]


async def test_a_failed_article_is_retried(store: Store) -> None:
    article = failed(store)
    async with at_desk(store) as desk:
        await desk.press("enter")
        assert "The pipeline stopped 3 times at this text. t tries again." in desk.bar("status")
        await desk.press("t")
        await desk.until(lambda: "Tried again." in desk.bar("status"))
        await desk.until(lambda: "waiting" in drawn(desk.queue.rows.listed)[0])
        assert [
            one.id
            for one in store.queue.page(
                QueueView("ada", state=QueueFilter.WAITING), offset=0, limit=9
            )
        ] == [article]


async def test_only_failed_articles_are_retried(store: Store, four: dict[str, str]) -> None:
    async with at_desk(store) as desk:
        await desk.press("t")
        assert "Only what failed is tried again; s has new suggestions made" in desk.bar("status")
        assert store.queue.counts().ready == len(four)


async def test_new_suggestions_for_articles_without_decisions(
    store: Store, four: dict[str, str]
) -> None:
    store.reviews.open(four["Elm felled"], "bo", now=NOON, lease_seconds=600)
    async with at_desk(store) as desk:
        await desk.press("s")
        await desk.until(lambda: "its suggestions stay" in desk.bar("status"))
        await desk.press("j", "s")
        await desk.until(lambda: "New suggestions are being made" in desk.bar("status"))
        await desk.until(lambda: "waiting" in drawn(desk.queue.rows.listed)[1])
        await desk.until(
            lambda: desk.queue.rows.row is not None and desk.queue.rows.row.state == "waiting"
        )
        await desk.press("s")
        assert "has no suggestions yet" in desk.bar("status")


async def test_an_article_can_be_marked_unusable_from_the_queue(
    store: Store, four: dict[str, str]
) -> None:
    async with at_desk(store) as desk:
        await desk.press("X")
        await desk.until(lambda: isinstance(desk.app.screen, ReviewScreen))
        await desk.settle()
        assert desk.text == text("Elm felled")
        await desk.press("u")
        await desk.until(lambda: desk.text == text("Dam repaired"))
        await desk.settle()
        review = desk.stored(four["Elm felled"])
        assert review.answer is Answer.UNUSABLE
        assert review.keys == 2


async def test_y_copies_the_articles_id(store: Store, four: dict[str, str]) -> None:
    async with at_desk(store) as desk:
        await desk.press("y")
        assert desk.app.clipboard == four["Elm felled"]
        assert four["Elm felled"][:12] in desk.bar("status")


async def test_the_palette_lists_every_action_that_can_be_done(store: Store) -> None:
    async with at_desk(store) as desk:
        await desk.press("ctrl+p")
        palette = desk.queue.prompts.prompts.current
        assert isinstance(palette, PalettePrompt)
        listed = {offer.name for offer in palette.offers}
        # Without an article, these have nothing to act on.
        of_a_row = {"open", "copy", "skip", "again", "suggest", "show_new", "close", "palette"}
        actions = {key.action for key in KEYS if key.mode is Mode.QUEUE}
        assert listed & actions == actions - {f"queue_{name}" for name in of_a_row}
        await desk.press(*"no such words")
        assert "none holds these words" in desk.bar("prompt")
        await desk.press("enter")
        assert desk.queue.prompts.prompts.current is None
        assert desk.app.screen is desk.queue


async def test_the_palette_filters_the_queue(store: Store, four: dict[str, str]) -> None:
    async with at_desk(store) as desk:
        await desk.press("ctrl+p", *"filter waiting", "enter")
        assert desk.queue.rows.listing.state is QueueFilter.WAITING
        await desk.press("ctrl+p", *"show all", "enter")
        assert not desk.queue.rows.listing.is_filtered
        assert len(four) == 4


async def test_q_ends_the_app(store: Store, four: dict[str, str]) -> None:
    async with at_desk(store) as desk:
        await desk.press("q")
        await desk.until(lambda: not desk.app.is_running)
        assert desk.app.return_code in (None, 0)
    assert len(four) == 4


async def test_keys_that_move_in_the_list(store: Store, four: dict[str, str]) -> None:
    async with at_desk(store) as desk:
        places = []
        for key in ("j", "down", "k", "up", "G", "g", "end", "home", "pagedown", "pageup"):
            await desk.press(key)
            places.append(desk.queue.rows.listed.cursor)
        assert places == [1, 2, 1, 0, 3, 0, 3, 0, 3, 0]
        assert len(four) == 4


async def test_arrivals_are_counted_in_every_order(store: Store, four: dict[str, str]) -> None:
    async with at_desk(store) as desk:
        await desk.press("o", "l", "j")
        await desk.until(lambda: desk.queue.rows.listed.key == four["Council meets"])
        row = drawn(desk.queue.rows.listed)[1]
        take_in(store, OTHER, (entity(OTHER, "Sund", "GPE", score=0.1),))
        await desk.until(lambda: "1 new arrival" in desk.bar("status"))
        listed = desk.queue.rows.listed
        await desk.until(lambda: listed.cursor == 2 and listed.key == four["Council meets"])
        assert drawn(listed)[listed.cursor - listed.scroll_offset.y] == row
        await desk.press(".")
        await desk.until(lambda: "Glass works" in drawn(listed)[0])
        await desk.until(lambda: "new arrival" not in desk.bar("status"))


@pytest.fixture(scope="module")
def forty_articles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a database of forty articles, whose scores rise; for tests to copy."""
    file = tmp_path_factory.mktemp("forty") / "forty.db"
    store = without_syncing(empty_store(file))
    for n in range(40):
        body = text(f"Story {n}")
        take_in(store, body, (entity(body, "Sund", "GPE", score=0.5 + n / 150),), minutes=90)
    store.close()
    return file


@pytest.fixture
def forty(forty_articles: Path, tmp_path: Path) -> Iterator[Store]:
    """A store of forty articles."""
    file = shutil.copy(forty_articles, tmp_path / "forty.db")
    store = without_syncing(Store.open(f"sqlite:///{file}"))
    yield store
    store.close()


@pytest.mark.parametrize("order", ["n", "o", "l", "c"])
async def test_arrivals_do_not_move_the_cursor(forty: Store, order: str) -> None:
    store = forty
    async with at_desk(store) as desk:
        listed = desk.queue.rows.listed
        await desk.press("o", order, "G", "k", "k", "k")
        await desk.until(lambda: listed.key is not None and listed.cursor == 36)
        key, on_screen = listed.key, 36 - listed.scroll_offset.y
        row = drawn(listed)[on_screen]
        for n in range(3):
            body = text(f"Arrival {n}")
            take_in(store, body, (entity(body, "Sund", "GPE", score=n / 3),), minutes=80)
            await desk.until(
                lambda n=n: desk.queue.rows.seen is not None and desk.queue.rows.seen.size == 41 + n
            )
            for _ in range(5):
                assert (listed.key, drawn(listed)[on_screen]) == (key, row)
                await desk.pilot.pause()
        await desk.until(lambda: fresh(desk))
        assert (listed.key, drawn(listed)[on_screen]) == (key, row)
        assert listed.cursor + desk.queue.rows.hidden == store.queue.position(
            QueueView(REVIEWER, order=desk.queue.rows.listing.order), str(key)
        )


async def test_near_duplicates_are_adjacent(store: Store, four: dict[str, str]) -> None:
    with store.database.writing() as connection:
        connection.execute(
            t.likeness.insert().values(
                article_id=four["Elm felled"], other_id=four["Bridge shut"], similarity=0.8
            )
        )
        place = t.article.select().where(t.article.c.id == four["Bridge shut"])
        first = connection.execute(place).one().place
        connection.execute(
            t.article.update().where(t.article.c.id == four["Elm felled"]).values(place=first)
        )
    async with at_desk(store) as desk:
        assert titles(desk) == ["Dam repaired", "Council meets", "Elm felled", "Bridge shut"]
        upper, lower = drawn(desk.queue.rows.listed)[2:4]
        assert "≈1" in upper
        assert "└ ≈ 80 % Bridge shut" in lower
        await desk.press("o", "w")
        await desk.until(lambda: "≈1" in "".join(drawn(desk.queue.rows.listed)))
        assert "└" not in "".join(drawn(desk.queue.rows.listed))


@pytest.mark.parametrize("width", [80, 60, 40])
async def test_narrow_terminals_keep_state_title_and_progress(store: Store, width: int) -> None:
    take_in(store, TEXT, ())
    async with at_desk(store, size=(width, 24)) as desk:
        (row, *_) = drawn(desk.queue.rows.listed)
        assert "ready" in row
        assert len(row) <= width
        assert "Ferry" in row
        for name in ("counts", "columns", "status", "hints"):
            assert len(desk.drawn(name)) == width
        desk.clock.time = NOON + timedelta(hours=1)
        await desk.press("F")
        assert "failed" in desk.bar("prompt")


def rename(store: Store, article: str, outlet: str) -> None:
    """As if the article came from another outlet."""
    with store.database.writing() as connection:
        connection.execute(
            t.article.update().where(t.article.c.id == article).values(outlet=outlet)
        )
        row = connection.execute(t.article.select().where(t.article.c.id == article)).one()
        connection.execute(
            t.article.update()
            .where(t.article.c.id == article)
            .values(origin={**row.origin, "outlet": outlet})
        )
