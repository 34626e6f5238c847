"""Caret and focus are one: keys decide only on the item under the caret."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from annotator.core.annotations import Claim
from annotator.core.edits import PartName
from annotator.store.store import Store
from annotator.tui.article.article_view import ArticleView
from annotator.tui.review.status import StatusLines
from tests.helpers.items import entity, span
from tests.tui.desk import TEXT, Desk, claim, reviewing, suggestions
from tests.tui.one_app import ONE_APP

pytestmark = ONE_APP

GREYLINE = f"e{TEXT.index('Greyline Ferries')}"
SAID = f"c{TEXT.index('that Greyline')}"


def assert_one_here(desk: Desk) -> None:
    """Unless words are selected, the item in focus is one under the caret, or there is none."""
    caret = desk.view.caret
    if desk.view.selection is not None:
        return
    under = {mark.item for mark in desk.view.scene.marks.within(caret, caret + 1)}
    assert (desk.focus_id in under) if under else desk.focus_id is None


async def test_the_focus_follows_the_caret(store: Store) -> None:
    async with reviewing(store) as desk:
        for words, focused in (
            ("Ferries had", GREYLINE),
            ("had asked", SAID),
            ("Marrow", f"e{TEXT.index('Ilva')}"),
            ("harbour", SAID),
            ("Tamsin", None),
            ("Advertisement", f"j{TEXT.index('Advert')}"),
        ):
            desk.put_caret(words)
            assert (words, desk.focus_id) == (words, focused)
            assert_one_here(desk)


async def test_on_plain_text_keys_report_that_there_is_no_item(store: Store) -> None:
    async with reviewing(store) as desk:
        desk.put_caret("quiet")
        assert "no item here  “quiet”" in desk.bar("detail")
        for key in ("a", "x", "*", "[", "}", "t", "S", "d", "s"):
            await desk.press(key)
            assert (key, desk.decisions()) == (key, ())
            assert desk.view.caret == TEXT.index("quiet")
        await desk.press("a")
        assert "no item here" in desk.bar("detail")


async def test_tab_widens_to_the_claim_and_visits_its_parts(store: Store) -> None:
    async with reviewing(store) as desk:
        desk.put_caret("Greyline Ferries")
        assert desk.focus_id == GREYLINE
        await desk.press("tab")
        assert (desk.focus_id, desk.state.focus.part) == (SAID, None)
        assert desk.view.caret == TEXT.index("Greyline Ferries")
        names = []
        for _ in range(4):
            await desk.press("tab")
            part = desk.state.focus.part
            assert part is not None
            names.append(part.name)
            assert_one_here(desk)
        assert names == [PartName.CONTENT, PartName.CUE, PartName.SOURCE, PartName.CONTENT]


async def test_tab_widens_from_a_claim_to_the_one_around_it(store: Store) -> None:
    text = "Ada said that Bo said that it rained all day.\n"
    outer = claim(text, "that Bo said that it rained all day", "said", "Ada")
    inner = Claim("inner", (span(text, "it rained"),), (span(text, "said", 1),))
    async with reviewing(store, text, (outer, inner)) as desk:
        desk.put_caret("rained")
        assert desk.focus_id == "inner"
        await desk.press("tab", "tab", "tab")
        assert desk.focus_id == outer.id
        assert_one_here(desk)


async def test_n_and_p_count_from_the_caret(store: Store) -> None:
    async with reviewing(store) as desk:
        for words, key, there in (
            ("Nobody", "n", "Advertisement"),
            ("Nobody", "p", "Greyline Ferries"),
            ("March", "n", "Ilva Marrow"),
            ("4 –", "p", "PORT ANSEL"),
            ("had asked", "n", "Advertisement"),
            ("had asked", "p", "Greyline Ferries"),
            ("Tamsin", "n", "PORT ANSEL"),
            ("Ferry", "p", "Advertisement"),
        ):
            desk.put_caret(words)
            await desk.press(key)
            assert (words, key, desk.focused()) == (words, key, there)
            assert_one_here(desk)


async def test_keys_for_items_are_refused_with_a_selection(
    store: Store,
) -> None:
    async with reviewing(store) as desk:
        for key in ("a", "x", "*", "t", "S", "d", ";"):
            desk.put_caret("Ilva")
            await desk.press("W", "W", key)
            assert (key, desk.decisions(), desk.menu) == (key, (), None)
            assert "Words are selected: esc" in desk.bar("detail")
        await desk.press("escape", "a")
        assert [d.target for d in desk.decisions()] == [f"e{TEXT.index('Ilva')}"]


async def test_selected_words_go_to_the_claim_chosen_last(
    store: Store,
) -> None:
    async with reviewing(store) as desk:
        await desk.focus_claim()
        desk.put_caret("residents")
        await desk.press("W")
        assert "parts of claim “that Greyline" in desk.bar("detail")
        await desk.press("s")
        (made,) = desk.review.claims
        assert [piece.of(TEXT) for piece in made.source] == ["residents"]
        assert desk.focus_id == made.id
        assert_one_here(desk)


async def test_a_click_on_plain_text_clears_the_focus(store: Store) -> None:
    async with reviewing(store) as desk:
        view = desk.view
        line = next(y for y in range(40) if "quiet" in view.render_line(y).text)
        above = view.content_region.y - view.region.y
        at = view.render_line(line).text.index("quiet")
        await desk.pilot.click(view, offset=(at, above + line))
        await desk.press("x")
        assert (desk.focus_id, desk.decisions()) == (None, ())


async def test_a_click_closes_a_menu_about_another_item(store: Store) -> None:
    async with reviewing(store) as desk:
        await desk.press("l")
        assert desk.menu is not None
        desk.view.post_message(ArticleView.Clicked(TEXT.index("Marrow"), 1, shift=False))
        await desk.settle()
        assert desk.menu is None
        assert desk.focused() == "Ilva Marrow"
        assert desk.decisions() == ()


async def test_a_search_without_hits_keeps_the_focus(store: Store) -> None:
    async with reviewing(store) as desk:
        await desk.press("/", *"marrowx", "escape")
        assert desk.view.selection is None
        assert desk.focused() == "Ilva Marrow"
        assert_one_here(desk)


async def test_a_key_does_not_remove_a_distant_new_item(store: Store) -> None:
    long = TEXT + "\nNothing else was said.\n" * 60
    async with reviewing(store, long, ()) as desk:
        desk.select("Tamsin")
        await desk.press("6", "G", "x")
        assert [e.span.of(long) for e in desk.review.entities] == ["Tamsin"]
        await desk.press("pageup", "x", "l", "escape", "x")
        assert len(desk.review.entities) == 1


async def test_moving_an_edge_keeps_caret_and_focus_together(store: Store) -> None:
    async with reviewing(store) as desk:
        desk.put_caret("Greyline Ferries")
        for key in ("]", "[", "[", "{", "}", "}"):
            await desk.press(key)
            assert desk.focus_id == GREYLINE
            assert_one_here(desk)


# What was done last


async def test_the_last_action_is_shown_in_the_bottom_line(store: Store) -> None:
    async with reviewing(store) as desk:
        assert "undoes" not in desk.bar("detail")
        await desk.press("a")
        assert "accepted GPE “PORT ANSEL”, u undoes" in desk.bar("detail")
        await desk.press("w", "w")
        assert "accepted GPE “PORT ANSEL”, u undoes" in desk.bar("detail")
        await desk.press("n", "x")
        assert "rejected" in desk.bar("detail")
        await desk.press("u", "w")
        assert "accepted GPE “PORT ANSEL”, u undoes" in desk.bar("detail")
        await desk.press("u", "w")
        assert "undoes" not in desk.bar("detail")


# Whatever is pressed

_MOVES = "w b j k ) ( g G pagedown pageup n p N P tab shift+tab o F T escape v W B J K V"
_ACTS = "a x 1 6 l t - s r c + e d S [ ] { } u ctrl+r * . , f / ;"
MOVES, ACTS = _MOVES.split(), _ACTS.split()


@pytest.mark.parametrize("seed", range(3))
async def test_any_keys_keep_caret_and_focus_together(store: Store, seed: int) -> None:
    dice = random.Random(seed)
    low = replace(entity(TEXT, "Tamsin", "GPE"), score=0.3)
    async with reviewing(store, items=(*suggestions(), low), size=(100, 12)) as desk:
        for _ in range(60):
            if desk.screen.page.prompts.current is not None and dice.random() < 0.5:
                await desk.press("escape")
            key = dice.choice(MOVES if dice.random() < 0.6 else ACTS)
            before, here, chosen = desk.decisions(), desk.focus_id, desk.view.selection
            is_plain = desk.screen.page.prompts.current is None
            await desk.press(key)
            assert_one_here(desk)
            if is_plain and key in ("a", "x") and len(desk.decisions()) > len(before):
                made = desk.decisions()[len(before)]
                assert (made.target, chosen) == (here, None)


async def test_a_decision_draws_its_line_once_and_undo_twice(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = list[str]()
    draw = StatusLines.show_detail

    def counting(self: StatusLines) -> None:
        drawn.append("")
        draw(self)

    async with reviewing(store) as desk:
        desk.put_caret("Ferries had")
        monkeypatch.setattr(StatusLines, "show_detail", counting)
        before = desk.bar("detail")
        await desk.press("a")
        assert (len(drawn), desk.bar("detail") != before) == (1, True)
        drawn.clear()
        await desk.press("u")
        # With the focus, then with the message.
        assert (len(drawn), "Undone" in desk.bar("detail")) == (2, True)
