"""Reviewing by key: what each key makes of the item in focus, read back from the store."""

from __future__ import annotations

from dataclasses import replace

from annotator.core.annotations import Claim, Entity, Tier, Verdict
from annotator.core.decisions import Answer, Kind
from annotator.core.review import Status
from annotator.store.store import Store
from tests.tui.desk import (
    OTHER,
    TEXT,
    Desk,
    at_desk,
    claim,
    entity,
    reviewing,
    suggestions,
    take_in,
)


async def test_an_article_opens_with_the_focus_on_its_first_open_item(store: Store) -> None:
    async with reviewing(store) as desk:
        assert desk.focused() == "PORT ANSEL"


async def test_a_accepts_and_goes_on(store: Store) -> None:
    async with reviewing(store) as desk:
        await desk.press("a")
        (decision,) = desk.stored(desk.review.article).decisions
        assert (decision.kind, decision.keys) == (Kind.ACCEPT, 1)
        assert desk.focused() == "March 4"


async def test_x_rejects_and_goes_on(store: Store) -> None:
    async with reviewing(store) as desk:
        await desk.press("x")
        (rejected,) = desk.stored(desk.review.article).rejected
        assert rejected.span.of(TEXT) == "PORT ANSEL"
        assert desk.focused() == "March 4"


async def test_space_leaves_open_and_goes_on(store: Store) -> None:
    async with reviewing(store) as desk:
        await desk.press("space")
        assert desk.decisions() == ()
        assert desk.focused() == "March 4"


async def test_a_digit_relabels_what_is_in_focus(store: Store) -> None:
    async with reviewing(store) as desk:
        await desk.press("2")
        (decision,) = desk.stored(desk.review.article).decisions
        assert isinstance(decision.after, Entity)
        assert (decision.kind, decision.after.label) == (Kind.CORRECT, "ORG")


async def test_the_digit_of_the_label_it_has_accepts(store: Store) -> None:
    async with reviewing(store) as desk:
        await desk.press("3")
        assert desk.decisions()[0].kind is Kind.ACCEPT


async def test_l_and_a_letter_give_any_label(store: Store) -> None:
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


async def test_a_jump_and_a_digit_are_four_keys(store: Store) -> None:
    async with reviewing(store) as desk:
        await _jump(desk, "Ansel Post")
        await desk.press("2")
        (decision,) = desk.decisions()
        assert isinstance(decision.after, Entity)
        assert decision.after.span.of(TEXT) == "Ansel Post"
        assert decision.keys == 4


async def test_a_label_on_a_selection_that_is_an_entity_already_relabels_it(store: Store) -> None:
    async with reviewing(store) as desk:
        desk.select("Ilva Marrow")
        await desk.press("2")
        (decision,) = desk.decisions()
        assert (decision.kind, decision.target) == (Kind.CORRECT, f"e{TEXT.index('Ilva')}")


async def test_what_was_rejected_can_be_accepted_after_all(store: Store) -> None:
    async with reviewing(store) as desk:
        await desk.press("x", "P", "a")
        assert [d.kind for d in desk.decisions()] == [Kind.REJECT, Kind.ACCEPT]
        assert desk.stored(desk.review.article).rejected == ()


async def test_rejecting_what_one_added_takes_it_away(store: Store) -> None:
    async with reviewing(store) as desk:
        desk.select("Tamsin")
        await desk.press("6", "x")
        assert not any(e.span.of(TEXT) == "Tamsin" for e in desk.review.entities)
        assert desk.focused() == "PORT ANSEL"
        await desk.press("P")
        assert desk.focused() == "Advertisement"


async def test_a_label_with_the_focus_on_a_claim_marks_only_where_the_caret_was_put(
    store: Store,
) -> None:
    async with reviewing(store) as desk:
        await _focus_claim(desk)
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
        assert desk.review.held[desk.screen.focus_id or ""].item.verdict is Verdict.ACCEPTED


async def test_edges_move_by_character_where_that_is_asked_for(store: Store) -> None:
    async with reviewing(store) as desk:
        await desk.press(",", "]", ",")
        assert desk.focused() == "ORT ANSEL"


async def test_an_edge_does_not_leave_its_line(store: Store) -> None:
    async with reviewing(store) as desk:
        await desk.press("[")
        assert desk.decisions() == ()
        assert "does not fit" in desk.bar("detail")


async def test_e_gives_the_item_the_selection_as_its_edges(store: Store) -> None:
    async with reviewing(store) as desk:
        desk.select("March")
        await desk.press("n", "e")
        desk.select("March")
        await desk.press("e")
        assert desk.focused() == "March"


# Claims


async def test_c_proposes_the_claim_around_the_caret_with_source_and_cue(store: Store) -> None:
    async with reviewing(store) as desk:
        desk.put_caret("ships")
        await desk.press("c")
        made = desk.stored(desk.review.article).claims[-1]
        assert made.content[0].of(TEXT) == "Greyline may sell both ships"
        assert [span.of(TEXT) for span in made.cue] == ["told"]
        assert [span.of(TEXT) for span in made.source] == ["residents"]
        assert (made.source_kind, made.certainty) == ("collective", "possible")


async def test_c_takes_a_selection_as_content(store: Store) -> None:
    async with reviewing(store) as desk:
        desk.select("any delay")
        await desk.press("c")
        made = desk.review.claims[-1]
        assert made.content[0].of(TEXT) == "any delay"
        assert (made.cue[0].of(TEXT), made.stance) == ("denied", "denies")


async def test_s_and_r_take_a_selection_as_source_and_cue(store: Store) -> None:
    async with reviewing(store) as desk:
        desk.select("Tamsin is quiet")
        await desk.press("c")
        desk.select("residents")
        await desk.press("s")
        desk.select("told")
        await desk.press("r")
        made = desk.stored(desk.review.article).claims[-1]
        assert [span.of(TEXT) for span in (*made.source, *made.cue)] == ["residents", "told"]


async def test_s_without_a_selection_offers_likely_spans_by_letter(store: Store) -> None:
    async with reviewing(store) as desk:
        desk.select("any delay")
        await desk.press("c", "s")
        assert desk.screen.strip is not None
        choices = desk.screen.strip.by_letter.values()
        letter = next(choice.letter for choice in choices if choice.words == "she")
        await desk.press(letter)
        made = next(c for c in desk.review.claims if c.content[0].of(TEXT) == "any delay")
        assert [span.of(TEXT) for span in made.source] == ["she"]
        assert not desk.screen.view.hints


async def test_a_jump_leads_to_the_claim_around_it_or_to_what_belongs_to_the_last_one(
    store: Store,
) -> None:
    async with reviewing(store) as desk:
        await _jump(desk, "both")
        await desk.press("c")
        made = desk.review.claims[-1]
        assert made.content[0].of(TEXT) == "Greyline may sell both ships"
        await _jump(desk, "Ilva")
        assert desk.focused() == "Ilva Marrow"
        await desk.press("s")
        made = desk.review.claims[-1]
        assert [piece.of(TEXT) for piece in made.source] == ["Ilva Marrow"]
        assert desk.screen.focus_id == made.id


async def test_a_claim_that_names_no_source(store: Store) -> None:
    async with reviewing(store) as desk:
        await _focus_claim(desk)
        await desk.press("S")
        (made,) = desk.stored(desk.review.article).claims
        assert (made.source, made.source_kind) == ((), "unspecified")
        assert made.verdict is Verdict.CORRECTED


async def test_tab_goes_through_the_parts_and_edges_act_on_the_one_in_focus(store: Store) -> None:
    async with reviewing(store) as desk:
        await _focus_claim(desk)
        await desk.press("tab", "tab", "tab", "{")
        (made,) = desk.review.claims
        assert made.source[0].of(TEXT) == "Ilva Marrow, the harbour"
        assert made.content[0].of(TEXT).startswith("that Greyline")


async def test_a_claim_gets_and_loses_a_further_piece(store: Store) -> None:
    async with reviewing(store) as desk:
        await _focus_claim(desk)
        desk.select("on Tuesday")
        await desk.press("+")
        (made,) = desk.review.claims
        assert made.content[0].of(TEXT) == "on Tuesday"
        await desk.press("tab", "d")
        (made,) = desk.review.claims
        assert len(made.content) == 1


async def test_the_last_piece_of_content_stays(store: Store) -> None:
    async with reviewing(store) as desk:
        await _focus_claim(desk)
        await desk.press("tab", "d")
        assert desk.decisions() == ()


async def test_attributes_are_one_letter_each(store: Store) -> None:
    async with reviewing(store) as desk:
        await _focus_claim(desk)
        await desk.press("t", "p", "t", "A", "t", "x", "t", "2", "t", "y")
        (made,) = desk.stored(desk.review.article).claims
        values = made.stance, made.source_kind, made.quotation, made.certainty, made.check_worthy
        assert values == ("predicts", "anonymous", "mixed", "probable", True)


async def test_attributes_that_were_chosen_stay_when_a_part_changes(store: Store) -> None:
    async with reviewing(store) as desk:
        await _focus_claim(desk)
        await desk.press("t", "D")
        desk.select("The council")
        await desk.press("s")
        (made,) = desk.review.claims
        assert made.source_kind == "document"


async def test_a_source_is_tied_to_the_person_in_it(store: Store) -> None:
    async with reviewing(store) as desk:
        desk.select("any delay")
        await desk.press("c")
        desk.select("Ilva Marrow")
        await desk.press("s")
        made = next(c for c in desk.review.claims if c.content[0].of(TEXT) == "any delay")
        assert made.source_entity == f"e{TEXT.index('Ilva')}"


async def test_folded_claims_come_up_when_they_are_asked_for(store: Store) -> None:
    folded = replace(claim(TEXT, "any delay", "denied", "The council"), tier=Tier.B)
    async with reviewing(store, items=(folded,)) as desk:
        assert desk.screen.items.open_count == 0
        await desk.press("T", "n", "a")
        (made,) = desk.stored(desk.review.article).claims
        assert made.verdict is Verdict.ACCEPTED


async def test_c_takes_up_a_folded_claim(store: Store) -> None:
    folded = replace(claim(TEXT, "any delay", "denied", "The council"), tier=Tier.B)
    async with reviewing(store, items=(folded,)) as desk:
        desk.put_caret("delay")
        await desk.press("c")
        (made,) = desk.stored(desk.review.article).claims
        assert (made.verdict, made.id) == (Verdict.ACCEPTED, folded.id)
        assert desk.screen.focus_id == folded.id


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
        assert desk.screen.items.open_count == 2


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


async def test_minus_marks_the_line_as_junk_with_what_is_open_in_it_rejected(store: Store) -> None:
    text = "A title\n\nRead more: Turkey in brief\n"
    async with reviewing(store, text, (entity(text, "Turkey", "GPE"),)) as desk:
        await desk.press("-")
        review = desk.stored(desk.review.article)
        assert [line.span.of(text) for line in review.junk] == ["Read more: Turkey in brief"]
        assert len(review.rejected) == 1
        assert len({d.group for d in review.decisions}) == 1


async def test_minus_on_a_junk_line_asks_of_what_kind(store: Store) -> None:
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


async def test_a_note_can_be_left_alone(store: Store) -> None:
    async with reviewing(store) as desk:
        await desk.press(";", "o", "escape", "a")
        assert [d.kind for d in desk.decisions()] == [Kind.ACCEPT]


# The article


async def test_accept_all_is_one_group_that_finishes_and_goes_on(store: Store) -> None:
    other = take_in(store, OTHER, (entity(OTHER, "Sund", "GPE"),), minutes=60)
    async with reviewing(store) as desk:
        article = desk.review.article
        await desk.press("A")
        done = desk.stored(article)
        assert done.finished is not None
        assert all(item.verdict is Verdict.ACCEPTED for item in done.items)
        assert len({d.group for d in done.decisions}) == 1
        assert desk.review.article == other


async def test_accept_all_stops_once_where_confidence_is_low(store: Store) -> None:
    low = replace(entity(TEXT, "Tamsin", "GPE"), score=0.4)
    async with reviewing(store, items=(*suggestions(), low)) as desk:
        article = desk.review.article
        await desk.press("A")
        assert desk.focused() == "Tamsin"
        assert desk.decisions() == ()
        await desk.press("A")
        assert desk.stored(article).finished is not None


async def test_accept_all_leaves_folded_claims_alone(store: Store) -> None:
    folded = replace(claim(TEXT, "any delay", "denied", "The council"), tier=Tier.B)
    async with reviewing(store, items=(folded, *suggestions()[:1])) as desk:
        article = desk.review.article
        await desk.press("A")
        (left,) = desk.stored(article).claims
        assert left.verdict is Verdict.PENDING


async def test_enter_says_what_is_open_and_again_finishes(store: Store) -> None:
    async with reviewing(store) as desk:
        article = desk.review.article
        await desk.press("enter")
        assert "6 open" in desk.bar("detail")
        assert desk.stored(article).finished is None
        await desk.press("enter")
        assert desk.stored(article).finished is not None


async def test_skipping_an_article(store: Store) -> None:
    async with reviewing(store) as desk:
        article = desk.review.article
        await desk.press("X", "u")
        done = desk.stored(article)
        assert (done.answer, done.finished is not None) == (Answer.UNUSABLE, True)


async def test_a_finished_review_is_taken_up_again(store: Store) -> None:
    async with reviewing(store) as desk:
        article = desk.review.article
        await desk.press("A")
        await desk.until(lambda: desk.app.screen is desk.queue)
        await desk.press("enter")
        await desk.until(lambda: desk.app.screen is not desk.queue)
        await desk.settle()
        await desk.press("x")
        assert "is finished" in desk.bar("detail")
        await desk.press("R", "x")
        review = desk.stored(article)
        assert review.finished is None
        assert [d.kind for d in review.decisions][-2:] == [Kind.REOPEN, Kind.REJECT]


# Undo


async def test_undo_and_redo_go_all_the_way_in_both_directions(store: Store) -> None:
    async with reviewing(store) as desk:
        before = desk.review.items
        await desk.press("a", "x", "7", "tab")
        after = desk.review.items
        await desk.press("u", "u", "u")
        assert desk.review.items == before
        assert "Undone" in desk.bar("detail")
        await desk.press("ctrl+r", "ctrl+r", "ctrl+r")
        assert desk.review.items == after
        assert desk.stored(desk.review.article).items == after


async def test_undo_goes_back_to_the_item(store: Store) -> None:
    async with reviewing(store) as desk:
        await desk.press("a", "a", "u")
        assert desk.focused() == "March 4"


async def test_undo_works_after_a_restart(store: Store) -> None:
    async with reviewing(store) as desk:
        article = desk.review.article
        await desk.press("a", "x")
        clock = desk.clock
    async with at_desk(store, clock=clock) as desk:
        await desk.press("enter")
        await desk.until(lambda: desk.app.screen is not desk.queue)
        await desk.settle()
        await desk.press("u", "u")
        review = desk.stored(article)
        assert len(review.open_items()) == 6
        assert [d.kind for d in review.decisions][-2:] == [Kind.WITHDRAW, Kind.WITHDRAW]


async def test_undo_right_after_finishing_takes_up_the_article_before(store: Store) -> None:
    take_in(store, OTHER, (), minutes=60)
    async with reviewing(store) as desk:
        article = desk.review.article
        await desk.press("A", "u")
        await desk.settle()
        assert desk.review.article == article
        assert len(desk.stored(article).open_items()) == 6


async def test_keys_typed_while_the_next_article_loads_are_not_lost(store: Store) -> None:
    other = take_in(store, OTHER, (entity(OTHER, "Sund", "GPE"),), minutes=60)
    async with reviewing(store) as desk:
        await desk.press("A", "x")
        assert desk.review.article == other
        assert len(desk.stored(other).rejected) == 1


async def test_an_article_that_nobody_saw_yet_is_not_accepted(store: Store) -> None:
    other = take_in(store, OTHER, (entity(OTHER, "Sund", "GPE"),), minutes=60)
    async with reviewing(store) as desk:
        await desk.press("A", "A")
        assert desk.review.article == other
        assert desk.decisions() == ()
        assert "before this article could be seen" in desk.bar("detail")


async def test_a_claim_in_focus_is_a_claim(store: Store) -> None:
    async with reviewing(store) as desk:
        await _focus_claim(desk)
        assert isinstance(desk.screen.item, Claim)
        assert "Ilva Marrow" in desk.bar("detail")


async def _jump(desk: Desk, words: str) -> None:
    await desk.press("f")
    pair = next(pair for pair, at in desk.screen.jumps.items() if TEXT[at:].startswith(words))
    await desk.press(*pair)


async def _focus_claim(desk: Desk) -> None:
    for _ in range(8):
        if isinstance(desk.screen.item, Claim):
            return
        await desk.press("n")
    raise AssertionError("no claim came into focus")


async def test_undo_names_all_that_a_key_had_done(store: Store) -> None:
    async with reviewing(store) as desk:
        desk.put_caret("PORT ANSEL")
        await desk.press("-", "u")
        told = desk.bar("detail")
        assert "Undone: add junk “PORT ANSEL" in told
        assert "reject of 5 items" in told
