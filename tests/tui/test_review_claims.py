"""Claims by key: proposed, changed in parts, pieces and attributes, accepted when hidden."""

from __future__ import annotations

from dataclasses import replace

from annotator.core.annotations import Claim, Tier, Verdict
from annotator.store.store import Store
from annotator.tui.widgets.bar import Bar
from tests.tui.desk import TEXT, claim, drawn, reviewing
from tests.tui.one_app import ONE_APP

pytestmark = ONE_APP


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
        assert desk.menu is not None
        choices = desk.menu.by_letter.values()
        letter = next(choice.letter for choice in choices if choice.words == "she")
        await desk.press(letter)
        made = next(c for c in desk.review.claims if c.content[0].of(TEXT) == "any delay")
        assert [span.of(TEXT) for span in made.source] == ["she"]
        assert not desk.view.scene.hints


async def test_a_jump_selects_the_claim_around_it_or_words_for_the_last_one(
    store: Store,
) -> None:
    async with reviewing(store) as desk:
        await desk.jump("both")
        await desk.press("c")
        made = desk.review.claims[-1]
        assert made.content[0].of(TEXT) == "Greyline may sell both ships"
        await desk.jump("Ilva")
        assert desk.focused() == "Ilva Marrow"
        await desk.press("s")
        made = desk.review.claims[-1]
        assert [piece.of(TEXT) for piece in made.source] == ["Ilva Marrow"]
        assert desk.focus_id == made.id


async def test_a_claim_can_have_no_source(store: Store) -> None:
    async with reviewing(store) as desk:
        await desk.focus_claim()
        await desk.press("S")
        (made,) = desk.stored(desk.review.article).claims
        assert (made.source, made.source_kind) == ((), "unspecified")
        assert made.verdict is Verdict.CORRECTED


async def test_tab_visits_the_parts_and_edges_move_the_focused_one(store: Store) -> None:
    async with reviewing(store) as desk:
        await desk.focus_claim()
        await desk.press("tab", "tab", "tab", "{")
        (made,) = desk.review.claims
        assert made.source[0].of(TEXT) == "Ilva Marrow, the harbour"
        assert made.content[0].of(TEXT).startswith("that Greyline")


async def test_a_piece_can_be_added_to_a_claim_and_removed(store: Store) -> None:
    async with reviewing(store) as desk:
        await desk.focus_claim()
        desk.select("on Tuesday")
        await desk.press("+")
        (made,) = desk.review.claims
        assert made.content[0].of(TEXT) == "on Tuesday"
        await desk.press("tab", "d")
        (made,) = desk.review.claims
        assert len(made.content) == 1


async def test_the_last_piece_of_content_stays(store: Store) -> None:
    async with reviewing(store) as desk:
        await desk.focus_claim()
        await desk.press("tab", "d")
        assert desk.decisions() == ()


async def test_an_attribute_takes_one_letter(store: Store) -> None:
    async with reviewing(store) as desk:
        await desk.focus_claim()
        await desk.press("t", "p", "t", "A", "t", "x", "t", "2", "t", "y")
        (made,) = desk.stored(desk.review.article).claims
        values = made.stance, made.source_kind, made.quotation, made.certainty, made.check_worthy
        assert values == ("predicts", "anonymous", "mixed", "probable", True)


async def test_chosen_attributes_stay_when_a_part_changes(store: Store) -> None:
    async with reviewing(store) as desk:
        await desk.focus_claim()
        await desk.press("t", "D")
        desk.select("The council")
        await desk.press("s")
        (made,) = desk.review.claims
        assert made.source_kind == "document"


async def test_a_source_gets_the_person_in_it_as_its_entity(store: Store) -> None:
    async with reviewing(store) as desk:
        desk.select("any delay")
        await desk.press("c")
        desk.select("Ilva Marrow")
        await desk.press("s")
        made = next(c for c in desk.review.claims if c.content[0].of(TEXT) == "any delay")
        assert made.source_entity == f"e{TEXT.index('Ilva')}"


UNSURE = replace(claim(TEXT, "any delay", "denied", "The council", score=0.4), tier=Tier.B)


async def test_claims_of_any_tier_are_listed_and_the_unsure_ones_visibly_so(store: Store) -> None:
    async with reviewing(store, items=(UNSURE,)) as desk:
        assert desk.focus_id == UNSURE.id
        assert "unsure  score 40%" in desk.bar("detail")
        assert "40%?" in drawn(desk.panel.sections[1].listed)[0]
        assert all(mark.unsure for mark in desk.view.scene.marks.of(UNSURE.id))
        await desk.press("T")
        assert "Nothing is folded" in desk.bar("detail")
        await desk.press("a")
        assert not any(mark.unsure for mark in desk.view.scene.marks.of(UNSURE.id))
        assert "unsure" not in desk.bar("detail")


async def test_folded_claims_are_shown_on_request(store: Store) -> None:
    async with reviewing(store, items=(UNSURE,), fold_below=0.5) as desk:
        assert desk.state.listed.order.open_count == 0
        assert "1 folded" in desk.panel.sections[1].query_one(Bar).plain
        await desk.press("T")
        assert "1 claim is shown" in desk.bar("detail")
        await desk.press("n", "a")
        (made,) = desk.stored(desk.review.article).claims
        assert made.verdict is Verdict.ACCEPTED


async def test_a_claim_without_a_score_is_never_folded(store: Store) -> None:
    unscored = replace(UNSURE, score=None)
    async with reviewing(store, items=(unscored,), fold_below=1.0) as desk:
        assert desk.focus_id == unscored.id


async def test_c_accepts_a_folded_claim(store: Store) -> None:
    folded = UNSURE
    async with reviewing(store, items=(folded,), fold_below=0.5) as desk:
        desk.put_caret("delay")
        await desk.press("c")
        (made,) = desk.stored(desk.review.article).claims
        assert (made.verdict, made.id) == (Verdict.ACCEPTED, folded.id)
        assert desk.focus_id == folded.id


async def test_a_claim_in_focus_is_a_claim(store: Store) -> None:
    async with reviewing(store) as desk:
        await desk.focus_claim()
        assert isinstance(desk.item, Claim)
        assert "Ilva Marrow" in desk.bar("detail")
