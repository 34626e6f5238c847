"""The search in all articles: words typed, hits in context, an article opened at a hit."""

from __future__ import annotations

from annotator.store.store import Store
from annotator.tui.queue.queue_screen import QueueScreen
from annotator.tui.review.review_screen import ReviewScreen
from annotator.tui.search.search_screen import SearchScreen
from tests.tui.desk import OTHER, TEXT, Desk, at_desk, drawn, suggestions, take_in
from tests.tui.held_clock import NOON

SPAN = "Ansel Post"


async def searching(desk: Desk, *keys: str) -> SearchScreen:
    """The search, opened by its key, with these keys pressed and everything found."""
    await desk.press("f")
    await desk.until(lambda: isinstance(desk.app.screen, SearchScreen))
    screen = desk.app.screen
    assert isinstance(screen, SearchScreen)
    await desk.press(*keys)
    await found(desk, screen)
    return screen


async def found(desk: Desk, screen: SearchScreen) -> None:
    await desk.until(lambda: not screen.search.is_busy and screen.takes_keys)
    await desk.settle()


def lines(screen: SearchScreen) -> list[str]:
    return [line for line in drawn(screen.listed) if line]


def two(store: Store) -> tuple[str, str]:
    older = take_in(store, TEXT, suggestions(), minutes=9)
    return older, take_in(store, OTHER, minutes=1)


async def test_hits_stand_below_their_articles_the_newest_first(store: Store) -> None:
    two(store)
    async with at_desk(store, size=(80, 20)) as desk:
        screen = await searching(desk, *"said")
        first, late, second, *said = lines(screen)
        assert " ".join(first.split()) == "Glass works fire put out 1 hit"
        assert " ".join(second.split()) == "Ferry vote slips to spring 2 hits"
        assert late.startswith("▌")
        assert late.endswith("the mayor said on Monday.")
        assert said[0].endswith("said on Tuesday that Greyline Ferries had asked for…")
        assert said[1].endswith("a boat,” she said. The council denied any delay.")
        # Hits stand in a column.
        assert len({line.rindex("said") for line in (late, *said)}) == 1
        assert "3 hits in 2 articles" in desk.bar("counts")


async def test_an_article_opens_at_the_hit_and_leaving_it_goes_back_to_the_hits(
    store: Store,
) -> None:
    two(store)
    async with at_desk(store) as desk:
        screen = await searching(desk, *"ansel post", "enter")
        await desk.until(lambda: isinstance(desk.app.screen, ReviewScreen))
        await desk.settle()
        at = TEXT.index(SPAN)
        assert desk.view.caret == at
        assert [span.of(TEXT) for span in desk.view.scene.hits] == [SPAN]
        assert desk.view.selection is None
        await desk.press("q")
        await desk.until(lambda: desk.app.screen is screen)
        assert screen.listed.key is not None
        await desk.press("escape")
        assert isinstance(desk.app.screen, QueueScreen)
        assert not desk.queue.rows.rests


async def test_keys_typed_ahead_act_on_the_hits_of_what_was_typed(store: Store) -> None:
    two(store)
    async with at_desk(store) as desk:
        await desk.press("f", *"greyline", "down", "enter")
        await desk.until(lambda: isinstance(desk.app.screen, ReviewScreen))
        await desk.settle()
        assert desk.view.caret == TEXT.index("Greyline may sell")


async def test_an_item_under_the_hit_is_in_focus_and_can_be_decided(store: Store) -> None:
    article, _ = two(store)
    async with at_desk(store) as desk:
        await searching(desk, *"ilva marrow", "enter")
        await desk.until(lambda: isinstance(desk.app.screen, ReviewScreen))
        await desk.settle()
        assert desk.focused() == "Ilva Marrow"
        await desk.press("x", "q")
    assert [item.span.of(TEXT) for item in desk.stored(article).rejected] == ["Ilva Marrow"]


async def test_finishing_an_article_goes_back_to_the_hits(store: Store) -> None:
    two(store)
    async with at_desk(store) as desk:
        screen = await searching(desk, *"mayor", "enter")
        await desk.until(lambda: isinstance(desk.app.screen, ReviewScreen))
        await desk.settle()
        await desk.press("enter")
        await desk.until(lambda: desk.app.screen is screen)
        await desk.press("escape")
        await desk.until(lambda: isinstance(desk.app.screen, QueueScreen))


async def test_an_article_that_was_purged_meanwhile_leaves_the_hits(store: Store) -> None:
    older, _ = two(store)
    async with at_desk(store) as desk:
        screen = await searching(desk, *"said", "down", "down")
        store.purge.article(older, by="bo", now=NOON)
        await desk.press("enter")
        await desk.until(lambda: screen.search.found.articles == 1)
        await found(desk, screen)
        assert "1 hit in 1 article" in desk.bar("counts")
        assert [line for line in lines(screen) if line.startswith("▌")] == lines(screen)[1:]
        await desk.press("enter")
        await desk.until(lambda: isinstance(desk.app.screen, ReviewScreen))


async def test_the_hits_in_an_article_are_those_after_what_was_decided_there(store: Store) -> None:
    two(store)
    async with at_desk(store) as desk:
        screen = await searching(desk, *"ilva marrow", "tab", "tab", "tab")
        assert "PERSON" in "".join(lines(screen))
        await desk.press("enter")
        await desk.until(lambda: isinstance(desk.app.screen, ReviewScreen))
        await desk.settle()
        await desk.press("2", "q")
        await desk.until(lambda: "ORG" in "".join(lines(screen)))
        await found(desk, screen)
        assert lines(screen)[1].startswith("▌ORG")


async def test_tab_looks_for_sources_cues_and_names(store: Store) -> None:
    two(store)
    async with at_desk(store) as desk:
        screen = await searching(desk, *"marrow", "tab")
        await found(desk, screen)
        assert "claims of a source" in desk.bar("counts")
        assert "that Greyline Ferries had asked" in "".join(lines(screen))
        await desk.press("tab", "tab")
        await found(desk, screen)
        (name,) = lines(screen)[1:]
        assert name.startswith("▌PERSON ")
        assert "Ilva Marrow, the harbour master" in name
        await desk.press("tab")
        await found(desk, screen)
        assert "words in the text" in desk.bar("counts")


async def test_the_last_word_goes_on_until_a_blank(store: Store) -> None:
    two(store)
    async with at_desk(store) as desk:
        screen = await searching(desk, *"greyl")
        assert screen.search.found.hits == 2
        await desk.press("space")
        await found(desk, screen)
        assert "nothing found" in desk.bar("counts")


async def test_nothing_typed_or_found_opens_nothing(store: Store) -> None:
    two(store)
    async with at_desk(store) as desk:
        screen = await searching(desk, "enter")
        assert "Type words first" in desk.bar("counts")
        await desk.press(*'"*** zzz', "enter")
        await found(desk, screen)
        assert "nothing to open" in desk.bar("counts")
        await desk.press("ctrl+u")
        await found(desk, screen)
        assert screen.search.found.hits == 0
        assert [line.strip() for line in lines(screen)] == [
            "Type what to look for: words in the text."
        ]


async def test_an_article_without_suggestions_is_not_opened(store: Store) -> None:
    take_in(store, OTHER, None)
    async with at_desk(store) as desk:
        await searching(desk, *"mayor", "enter")
        assert "no suggestions yet" in desk.bar("counts")


async def test_further_hits_are_read_when_the_cursor_comes_near_the_end(store: Store) -> None:
    for number in range(150):
        take_in(store, f"Story {number}\n\nThe ferry waits.\n", None, name=f"{number}.txt")
    async with at_desk(store) as desk:
        screen = await searching(desk, *"ferry")
        first = screen.search.found.hits
        assert first < 150
        assert "so far" in desk.bar("counts")
        for _ in range(12):
            await desk.press("pagedown", "pagedown", "pagedown")
            await found(desk, screen)
        assert screen.search.found.hits == 150
        assert "150 hits in 150 articles" in desk.bar("counts")


async def test_a_small_and_a_large_terminal(store: Store) -> None:
    two(store)
    for size in ((40, 8), (200, 50)):
        async with at_desk(store, size=size) as desk:
            screen = await searching(desk, *"said")
            assert all(len(line) <= size[0] for line in drawn(screen.listed))
            assert any("said" in line for line in drawn(screen.listed))


async def test_letters_typed_together_are_one_search(store: Store) -> None:
    two(store)
    async with at_desk(store) as desk:
        screen = await searching(desk, *"mayor + monday")
        assert screen.search.found.hits == 2
