"""The key that says who speaks in a claim."""

from __future__ import annotations

from annotator.core.annotations import Claim, Entity
from annotator.core.review import Status
from annotator.core.reviewing.wording import shortened
from annotator.core.speakers import speaker_of, with_speaker
from annotator.tui.article.marks import SPEAKS
from annotator.tui.review.decider import Decider
from annotator.tui.review.page import Page
from annotator.tui.review.speaker_prompt import PickSpeaker, Speaking
from annotator.tui.review.state import ReviewState

_NAME = 30


class SpeakerActions:
    """Asks who speaks in the focused claim, and decides."""

    def __init__(self, state: ReviewState, page: Page, decider: Decider) -> None:
        self._state, self._page, self._decider = state, page, decider

    def ask(self) -> None:
        """Put letters on the entities in view that can speak."""
        state, page, claim = self._state, self._page, self._claim()
        if claim is None:
            page.say("Focus a claim first: n and p go to one.")
            return
        near = claim.source[0] if claim.source else claim.span
        page.view.scroll_to_span(near)
        present = speaker_of(claim, state.review)
        asked = Speaking(
            shortened(" … ".join(piece.of(state.text) for piece in claim.source), _NAME),
            near,
            state.speakers.entities,
            present,
            "" if present is None else self._name(present),
        )
        prompt = PickSpeaker(page.view, asked, self._pick, page.say, page.shown("speaker"))
        page.prompts.open(prompt)

    def _pick(self, speaker: Entity | None) -> None:
        claim = self._claim()
        if claim is None:
            return
        changes = with_speaker(claim, speaker)
        if changes and self._decider.decide(*changes, seen=True):
            self._page.view.scroll_to_span(claim.source[0] if claim.source else claim.span)
        who = "nobody" if speaker is None else self._name(speaker)
        self._page.say(f"Who speaks: {SPEAKS} {who}.")

    def _name(self, speaker: Entity) -> str:
        return shortened(speaker.span.of(self._state.text), _NAME)

    def _claim(self) -> Claim | None:
        held = self._state.held
        is_there = held is not None and held.status is not Status.REJECTED
        return held.item if held and is_there and isinstance(held.item, Claim) else None
