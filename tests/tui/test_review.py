"""Reviewing by key: the effect of each key on the focused item, read back from the store."""

from __future__ import annotations

from annotator.core.annotations import Entity, Verdict
from annotator.core.decisions import Kind
from annotator.core.review import Status
from annotator.store.store import Store
from tests.helpers.items import entity
from tests.tui.desk import TEXT, reviewing
from tests.tui.one_app import ONE_APP

pytestmark = ONE_APP


async def test_an_article_opens_with_the_focus_on_its_first_open_item(store: Store) -> None:
    async with reviewing(store) as desk:
        assert desk.focused() == "PORT ANSEL"


async def test_a_accepts_and_focuses_the_next_open_item(store: Store) -> None:
    async with reviewing(store) as desk:
        await desk.press("a")
        (decision,) = desk.stored(desk.review.article).decisions
        assert (decision.kind, decision.keys) == (Kind.ACCEPT, 1)
        assert desk.focused() == "March 4"


async def test_x_rejects_and_focuses_the_next_open_item(store: Store) -> None:
    async with reviewing(store) as desk:
        await desk.press("x")
        (rejected,) = desk.stored(desk.review.article).rejected
        assert rejected.span.of(TEXT) == "PORT ANSEL"
        assert desk.focused() == "March 4"


async def test_space_leaves_open_and_focuses_the_next_open_item(store: Store) -> None:
    async with reviewing(store) as desk:
        await desk.press("space")
        assert desk.decisions() == ()
        assert desk.focused() == "March 4"


async def test_a_digit_relabels_the_focused_item(store: Store) -> None:
    async with reviewing(store) as desk:
        await desk.press("2")
        (decision,) = desk.stored(desk.review.article).decisions
        assert isinstance(decision.after, Entity)
        assert (decision.kind, decision.after.label) == (Kind.CORRECT, "ORG")


async def test_the_digit_of_the_current_label_accepts(store: Store) -> None:
    async with reviewing(store) as desk:
        await desk.press("3")
        assert desk.decisions()[0].kind is Kind.ACCEPT


async def test_l_and_a_letter_set_any_label(store: Store) -> None:
    async with reviewing(store) as desk:
        await desk.press("l", "v")
        after = desk.decisions()[0].after
        assert isinstance(after, Entity)
        assert after.label == "VEHICLE"


async def test_a_label_on_a_selection_makes_an_entity(store: Store) -> None:
    async with reviewing(store) as desk:
        desk.put_caret("Tamsin")
        await desk.press("shift+right", "6")
        made = desk.stored(desk.review.article).entities[-1]
        assert (made.span.of(TEXT), made.label, made.verdict) == ("Tamsin", "LOC", Verdict.ADDED)


async def test_a_jump_and_a_digit_take_four_keys(store: Store) -> None:
    async with reviewing(store) as desk:
        await desk.jump("Ansel Post")
        await desk.press("2")
        (decision,) = desk.decisions()
        assert isinstance(decision.after, Entity)
        assert decision.after.span.of(TEXT) == "Ansel Post"
        assert decision.keys == 4


async def test_a_label_on_a_selected_entity_relabels_it(store: Store) -> None:
    async with reviewing(store) as desk:
        desk.select("Ilva Marrow")
        await desk.press("2")
        (decision,) = desk.decisions()
        assert (decision.kind, decision.target) == (Kind.CORRECT, f"e{TEXT.index('Ilva')}")


async def test_a_rejected_item_can_be_accepted_later(store: Store) -> None:
    async with reviewing(store) as desk:
        await desk.press("x", "P", "a")
        assert [d.kind for d in desk.decisions()] == [Kind.REJECT, Kind.ACCEPT]
        assert desk.stored(desk.review.article).rejected == ()


async def test_rejecting_an_added_item_removes_it(store: Store) -> None:
    async with reviewing(store) as desk:
        desk.select("Tamsin")
        await desk.press("6", "x")
        assert not any(e.span.of(TEXT) == "Tamsin" for e in desk.review.entities)
        assert desk.focused() == "PORT ANSEL"
        await desk.press("P")
        assert desk.focused() == "Advertisement"


async def test_a_label_on_a_focused_claim_marks_the_word_under_the_caret(
    store: Store,
) -> None:
    async with reviewing(store) as desk:
        await desk.focus_claim()
        await desk.press("6")
        assert desk.decisions() == ()
        desk.put_caret("Ansel Post")
        await desk.press("2")
        (decision,) = desk.decisions()
        assert desk.words(decision.target or "") == "Ansel Post"


# Edges


async def test_edges_move_by_token_and_keep_the_focus(store: Store) -> None:
    async with reviewing(store) as desk:
        await desk.press("n", "n", "n", "n")
        assert desk.focused() == "Greyline Ferries"
        await desk.press("{")
        assert desk.focused() == "Greyline"
        await desk.press("}", "}")
        assert desk.focused() == "Greyline Ferries had"
        await desk.press("{", "[")
        assert desk.focused() == "that Greyline Ferries"
        await desk.press("]")
        assert desk.focused() == "Greyline Ferries"
        assert desk.review.held[desk.focus_id or ""].item.verdict is Verdict.ACCEPTED


async def test_edges_move_by_character_in_character_mode(store: Store) -> None:
    async with reviewing(store) as desk:
        await desk.press(",", "]", ",")
        assert desk.focused() == "ORT ANSEL"


async def test_an_edge_stays_in_its_line(store: Store) -> None:
    async with reviewing(store) as desk:
        await desk.press("[")
        assert desk.decisions() == ()
        assert "Not possible with these edges." in desk.bar("detail")


async def test_e_sets_the_edges_to_the_selection(store: Store) -> None:
    async with reviewing(store) as desk:
        desk.select("March")
        await desk.press("n", "e")
        desk.select("March")
        await desk.press("e")
        assert desk.focused() == "March"


# Everywhere, again, junk


async def test_star_and_a_label_decide_every_equal_string_in_one_group(store: Store) -> None:
    text = "Turkey said so.\n\nTurkey left. Turkey came.\n"
    first, second = entity(text, "Turkey", "ORG"), entity(text, "Turkey", "ORG", nth=1)
    async with reviewing(store, text, (first, second)) as desk:
        await desk.press("*", "3")
        review = desk.stored(desk.review.article)
        assert [(e.label, e.verdict) for e in review.entities] == [
            ("GPE", Verdict.CORRECTED),
            ("GPE", Verdict.CORRECTED),
            ("GPE", Verdict.ADDED),
        ]
        assert len({d.group for d in review.decisions}) == 1
        await desk.press("u")
        assert desk.state.listed.order.open_count == 2


async def test_star_and_x_reject_every_equal_string(store: Store) -> None:
    text = "Turkey said so.\n\nTurkey left.\n"
    items = (entity(text, "Turkey", "ORG"), entity(text, "Turkey", "ORG", nth=1))
    async with reviewing(store, text, items) as desk:
        await desk.press("*", "x")
        assert len(desk.stored(desk.review.article).rejected) == 2


async def test_dot_repeats_the_last_decision(store: Store) -> None:
    async with reviewing(store) as desk:
        await desk.press("7", ".")
        assert [e.label for e in desk.review.entities][:2] == ["FAC", "FAC"]


async def test_minus_marks_a_junk_line_and_rejects_open_items_in_it(store: Store) -> None:
    text = "A title\n\nRead more: Turkey in brief\n"
    async with reviewing(store, text, (entity(text, "Turkey", "GPE"),)) as desk:
        await desk.press("-")
        review = desk.stored(desk.review.article)
        assert [line.span.of(text) for line in review.junk] == ["Read more: Turkey in brief"]
        assert len(review.rejected) == 1
        assert len({d.group for d in review.decisions}) == 1


async def test_minus_on_a_junk_line_asks_for_its_kind(store: Store) -> None:
    async with reviewing(store) as desk:
        await desk.press("P", "-", "f")
        (line,) = desk.stored(desk.review.article).junk
        assert (line.kind, line.verdict) == ("comment-form", Verdict.CORRECTED)


# Notes


async def test_a_note_on_an_item(store: Store) -> None:
    async with reviewing(store) as desk:
        await desk.press(";", *"spelt so", "enter")
        held = desk.stored(desk.review.article).held[f"e{TEXT.index('PORT')}"]
        assert (held.item.note, held.status) == ("spelt so", Status.OPEN)


async def test_a_note_on_the_article(store: Store) -> None:
    async with reviewing(store, items=()) as desk:
        await desk.press(";", *"odd", "enter")
        (note,) = desk.stored(desk.review.article).notes
        assert (note.text, note.reviewer) == ("odd", "ada")


async def test_a_note_can_be_cancelled(store: Store) -> None:
    async with reviewing(store) as desk:
        await desk.press(";", "o", "escape", "a")
        assert [d.kind for d in desk.decisions()] == [Kind.ACCEPT]


# What a step says when it finds nothing


async def test_open_items_hidden_by_a_filter_are_counted(store: Store) -> None:
    async with reviewing(store) as desk:
        await desk.press("F", "x", "n")
        assert "6 open that the filter hides (F)" in desk.bar("detail")
        await desk.press("p")
        assert "6 open that the filter hides (F)" in desk.bar("detail")
        await desk.press("N")
        assert "The filter hides all 6 (F)" in desk.bar("detail")


async def test_the_only_open_item_is_not_reported_as_none(store: Store) -> None:
    async with reviewing(store, items=(entity(TEXT, "March 4", "DATE"),)) as desk:
        desk.put_caret("4 –")
        await desk.press("n")
        assert "Nothing is open" not in desk.bar("detail")
        assert "No other item is open." in desk.bar("detail")
        await desk.press("a", "n")
        assert "Nothing is open: enter finishes." in desk.bar("detail")
