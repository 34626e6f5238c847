"""Jumps to a word in view by its first letters: of the caret, of a selection, of an edge."""

from __future__ import annotations

from textual import events

from annotator.core.annotations import Entity
from annotator.core.decisions import Kind
from annotator.store.store import Store
from annotator.tui.review.jump_prompt import Jump
from annotator.tui.terminal.keyboard import now
from tests.helpers.items import entity
from tests.tui.desk import TEXT, Desk, reviewing, suggestions
from tests.tui.one_app import ONE_APP

pytestmark = ONE_APP


async def type_fast(desk: Desk, letters: str, pause: float = 0.2) -> None:
    """Types letters one after the other with this pause."""
    begun = now()
    for number, letter in enumerate(letters, start=1):
        key = events.Key(letter, letter)
        key.time = begun + number * pause
        desk.app.post_message(key)
    await desk.settle()


async def test_one_word_is_jumped_to_at_once(store: Store) -> None:
    async with reviewing(store) as desk:
        await desk.press("f", "q", "u", "i")
        assert not desk.jumps()
        assert desk.view.caret == TEXT.index("quiet")


async def test_several_words_get_hints_and_all_else_is_dimmed(store: Store) -> None:
    async with reviewing(store) as desk:
        await desk.press("f", "t")
        scene = desk.view.scene
        assert "10 words" in desk.bar("prompt")
        assert {TEXT[at] for at in scene.hints} <= {"t", "T"}
        assert "left" not in desk.bar("prompt")
        await desk.press("escape")
        assert (scene.hints, scene.sought) == ({}, None)


async def test_hints_stand_before_the_words_and_cover_none(store: Store) -> None:
    async with reviewing(store) as desk:
        await desk.press("f", "s")
        line = desk.view.scene.layout.line_of(TEXT.index("said"))
        drawn = desk.view.render_line(line - desk.view.scroll_offset.y).text
        assert "said" in drawn


async def test_no_letter_typed_on_after_the_jump_is_a_key(store: Store) -> None:
    async with reviewing(store) as desk:
        await type_fast(desk, "filva")
        assert desk.focused() == "Ilva Marrow"
        assert (desk.decisions(), desk.state.selecting.is_extending) == ((), False)
        await type_fast(desk, "fportx")
        assert [decision.kind for decision in desk.decisions()] == [Kind.REJECT]


async def test_after_a_pause_a_letter_is_a_key(store: Store) -> None:
    async with reviewing(store) as desk:
        await type_fast(desk, "fil")
        await type_fast(desk, "v", pause=2.0)
        assert desk.state.selecting.is_extending


async def test_backspace_and_wrong_letters(store: Store) -> None:
    async with reviewing(store) as desk:
        await desk.press("f", "t", "backspace", "Q")
        assert desk.jumps()
        assert "No word in view begins with Q" in desk.bar("detail")
        await desk.press("escape")


async def test_an_anchored_selection_grows_to_the_target(store: Store) -> None:
    async with reviewing(store) as desk:
        desk.put_caret("Nobody")
        await desk.press("v")
        await desk.jump("without")
        chosen = desk.view.selection
        assert chosen is not None
        assert chosen.of(TEXT) == "Nobody on this quay wants a fourth winter without"
        assert desk.state.selecting.is_extending


async def test_an_edge_key_sends_the_edge_to_the_target(store: Store) -> None:
    async with reviewing(store) as desk:
        desk.put_caret("Greyline Ferries")
        await desk.press("f", "}", "h", "a", "d")
        assert desk.focused() == "Greyline Ferries had"
        await desk.press("f", "[", "t", "h")
        await desk.press(*hint(desk, TEXT.index("that")))
        assert desk.focused() == "that Greyline Ferries had"
        assert [decision.kind for decision in desk.decisions()] == [Kind.CORRECT] * 2
        await desk.press("u", "u")
        assert desk.focused() == "Greyline Ferries"


def hint(desk: Desk, offset: int) -> str:
    """The hint on the word at this place."""
    jump = desk.screen.page.prompts.current
    assert isinstance(jump, Jump)
    return next(hint for hint, one in jump.hints.items() if one.start == offset)


async def test_an_edge_does_not_pass_the_other_one(store: Store) -> None:
    async with reviewing(store) as desk:
        desk.put_caret("Greyline Ferries")
        await desk.press("f", "]", "q", "u", "i")
        assert "Not possible with these edges." in desk.bar("detail")
        assert desk.decisions() == ()


async def test_an_edge_of_a_selection_goes_to_the_target(store: Store) -> None:
    async with reviewing(store) as desk:
        desk.select("on this quay")
        await desk.press("f", "}", "w", "i", "n")
        chosen = desk.view.selection
        assert chosen is not None
        assert chosen.of(TEXT) == "on this quay wants a fourth winter"


async def test_an_edge_out_of_view_is_moved_from_the_other_end(store: Store) -> None:
    long = TEXT + "\nNothing else was said.\n" * 40
    content = long.index("Nothing else")
    item = Entity("e1", entity(long, "Nothing else was said").span, "EVENT")
    async with reviewing(store, long, (*suggestions(long)[:1], item)) as desk:
        desk.work.caret.put(content)
        await desk.press("f", "{", "e")
        await desk.press(*hint(desk, content + 8))
        assert desk.focused() == "Nothing else"
