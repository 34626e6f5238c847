"""Who speaks in a claim: shown beside the source and in the text, set by a letter, taken back."""

from __future__ import annotations

from dataclasses import replace

from annotator.core.annotations import Claim, Entity, MadeBy
from annotator.core.decisions import Kind
from annotator.store.store import Store
from annotator.tui.review.speaker_prompt import PickSpeaker
from tests.helpers.items import entity, span
from tests.tui.desk import TEXT, Desk, claim, drawn, reviewing
from tests.tui.one_app import ONE_APP

pytestmark = ONE_APP

ILVA = entity(TEXT, "Ilva Marrow", "PERSON")
GREYLINE = entity(TEXT, "Greyline Ferries", "ORG")
PORT = entity(TEXT, "March 4", "DATE")
QUOTE = "“Nobody on this quay wants a fourth winter without a boat,”"
SAID = replace(claim(TEXT, QUOTE, "", "she"), cue=(span(TEXT, "said", 1),), source_entity=ILVA.id)
ITEMS = (ILVA, GREYLINE, PORT, SAID)


def speaker(desk: Desk) -> str | None:
    item = desk.review.held[SAID.id].item
    assert isinstance(item, Claim)
    return item.source_entity


def letter_of(desk: Desk, wanted: Entity) -> str:
    prompt = desk.screen.page.prompts.current
    assert isinstance(prompt, PickSpeaker)
    return next(letters for letters, one in prompt.targets.items() if one.id == wanted.id)


async def test_who_speaks_is_shown_in_list_detail_and_text(store: Store) -> None:
    async with reviewing(store, items=ITEMS) as desk:
        await desk.focus_claim()
        assert "claim → Ilva Marrow" in desk.bar("detail")
        assert "she → Ilva Marrow said" in drawn(desk.panel.sections[1].listed)[0]
        focus = desk.view.scene.focus
        assert focus is not None
        assert (focus.item, focus.tied) == (SAID.id, ILVA.id)
        await desk.press("tab")
        assert "→ Ilva Marrow" in desk.bar("detail")
        await desk.press("n")
        assert desk.view.scene.focus is not None
        assert desk.view.scene.focus.tied is None


async def test_a_letter_says_who_speaks_and_undo_takes_it_back(store: Store) -> None:
    async with reviewing(store, items=ITEMS) as desk:
        await desk.focus_claim()
        await desk.press(">")
        assert "who speaks, “she”" in desk.bar("prompt")
        assert desk.view.scene.hints.keys() == {ILVA.span.start, GREYLINE.span.start}
        await desk.press(letter_of(desk, GREYLINE))
        assert speaker(desk) == GREYLINE.id
        assert "→ Greyline Ferries" in desk.bar("detail")
        assert desk.view.scene.hints == {}
        made = desk.decisions()[-1]
        assert (made.kind, made.target) == (Kind.LINK, SAID.id)
        assert desk.review.held[SAID.id].status == "open"
        await desk.press("u")
        assert speaker(desk) == ILVA.id
        assert "she → Ilva Marrow" in drawn(desk.panel.sections[1].listed)[0]


async def test_nobody_speaks_on_request(store: Store) -> None:
    async with reviewing(store, items=ITEMS) as desk:
        await desk.focus_claim()
        await desk.press(">", "0")
        assert speaker(desk) is None
        assert "→ nobody" in desk.bar("detail")
        await desk.press("n", "p")
        assert "→" not in desk.bar("detail")
        await desk.press(">", "escape")
        assert len(desk.decisions()) == 1


async def test_naming_the_present_speaker_decides_nothing(store: Store) -> None:
    async with reviewing(store, items=ITEMS) as desk:
        await desk.focus_claim()
        await desk.press(">")
        await desk.press(letter_of(desk, ILVA))
        assert desk.decisions() == ()


async def test_a_speaker_out_of_view_is_shown_by_the_same_key(store: Store) -> None:
    text = TEXT + "A line of the report.\n\n" * 60 + "“We stay,” she said.\n"
    said = replace(claim(text, "“We stay,”", "", "she"), cue=(), source_entity=ILVA.id)
    said = replace(said, source=(span(text, "she", 1),), made_by=MadeBy.PIPELINE)
    async with reviewing(store, text, (ILVA, said)) as desk:
        await desk.focus_claim()
        assert not desk.view.shows_start_of(ILVA.span)
        await desk.press(">")
        assert desk.view.scene.hints == {}
        await desk.press(">")
        assert desk.view.shows_start_of(ILVA.span)
        await desk.press(letter_of(desk, ILVA))
        assert desk.decisions() == ()
        assert desk.focus_id == said.id


async def test_a_rejected_speaker_is_shown_no_longer(store: Store) -> None:
    async with reviewing(store, items=ITEMS) as desk:
        desk.work.navigation.focus_on(ILVA.id)
        await desk.press("x")
        assert "→" not in drawn(desk.panel.sections[1].listed)[0]
        await desk.press("u")
        assert "she → Ilva Marrow" in drawn(desk.panel.sections[1].listed)[0]


async def test_more_speakers_than_letters_get_two(store: Store) -> None:
    text = f"{' '.join(f'Bo{n} Marsh,' for n in range(30))} said so.\n\n“No,” they said.\n"
    people = [entity(text, f"Bo{n} Marsh", "PERSON") for n in range(30)]
    said = claim(text, "“No,”", "", "they")
    async with reviewing(store, text, (*people, said)) as desk:
        desk.work.navigation.focus_on(said.id)
        await desk.press(">")
        letters = letter_of(desk, people[0])
        assert len(letters) == 2
        await desk.press(letters[0])
        assert "…" in desk.bar("prompt")
        await desk.press(letters[1])
        item = desk.review.held[said.id].item
        assert isinstance(item, Claim)
        assert item.source_entity == people[0].id
