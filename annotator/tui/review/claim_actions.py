"""Keys that change the edges of items, and the parts and attributes of claims."""

from __future__ import annotations

from annotator.core.annotations import Claim, Item
from annotator.core.article import Span, Spans
from annotator.core.decisions import accept, add
from annotator.core.edits import (
    Edge,
    EdgeStep,
    Part,
    PartName,
    at_paragraphs,
    edge_of,
    parts_of,
    piece_at,
    pieces,
    span_of,
    with_edge_at,
    with_piece,
    without,
    without_source,
)
from annotator.core.records.fields import CLAIM_ATTRIBUTES, AttributeValue
from annotator.core.review import Status
from annotator.core.reviewing.claim_commands import (
    likely_parts,
    proposed_claim,
    selection_with_edge_moved,
    with_attribute,
    with_edge_moved,
    with_edges,
    with_parts_at,
)
from annotator.tui.review.caret import Caret
from annotator.tui.review.decider import Decider
from annotator.tui.review.navigation import Navigation
from annotator.tui.review.page import Page
from annotator.tui.review.repeats import Again
from annotator.tui.review.review_menus import span_menu
from annotator.tui.review.state import InFocus, ReviewState
from annotator.tui.screens.letter_menus import attribute_menu

_LETTERS = "asdfghjklqwertyuiopzxcvbnm"


class EdgeActions:
    """Moves the edges of the selection, or else of the focused item or part."""

    def __init__(
        self,
        state: ReviewState,
        page: Page,
        navigation: Navigation,
        caret: Caret,
        decider: Decider,
    ) -> None:
        self._state, self._page, self._navigation = state, page, navigation
        self._caret, self._decider = caret, decider

    def move(self, edge: Edge, by: int) -> None:
        """Move an edge a token (or character) to the right (`by` 1) or left (-1)."""
        if self._page.view.selection is not None:
            self._reshape_selection(edge, by)
            return
        state, item = self._state, self._state.item
        if item is None:
            self._page.say("Focus an item, or select words.")
            return
        part, step = part_in_focus(state, item), self._step(edge, by)
        changed = with_edge_moved(state.speakers, item, part, step, state.words)
        moved = self._decider.correct_to(item, changed, at=edge_of(item, part, edge))
        if moved and state.item is not None:
            self._page.view.scroll_to_span(edge_of(state.item, part, edge))

    def put(self, edge: Edge, target: Span) -> None:
        """Move an edge of the selection, or else of the focused item or part, to a word."""
        state, view, item = self._state, self._page.view, self._state.item
        if view.selection is not None:
            self._select(with_edge_at(view.selection, edge, target))
            return
        if item is None:
            self._page.say("Focus an item, or select words.")
            return
        part = part_in_focus(state, item)
        wanted = with_edge_at(span_of(item, part), edge, target)
        changed = None
        if wanted is not None:
            changed = with_edges(state.speakers, item, part, wanted, state.text)
        here = edge_of(item, part, edge)
        if view.shows_some_of(item.span) and not view.shows_start_of(here):
            here = target  # the other end is in view, and so is where the edge goes
        if self._decider.correct_to(item, changed, at=here) and state.item is not None:
            view.scroll_to_span(edge_of(state.item, part_in_focus(state, state.item), edge))

    def take_selection(self) -> None:
        """Make the selection the span of the focused item or part."""
        state, chosen = self._state, self._caret.chosen()
        meant = self._navigation.meant_by(chosen) if chosen is not None else None
        held = state.review.held.get(meant or "")
        if held is None or chosen is None:
            self._page.say("Select words first, with an item in focus.")
            return
        part = part_in_focus(state, held.item)
        changed = with_edges(state.speakers, held.item, part, chosen, state.text)
        if self._decider.correct_to(held.item, changed):
            self._navigation.focus_on(held.item.id, part=state.focus.part)

    def _reshape_selection(self, edge: Edge, by: int) -> None:
        chosen = self._page.view.selection
        assert chosen is not None
        self._select(selection_with_edge_moved(chosen, self._step(edge, by), self._state.words))

    def _select(self, moved: Span | None) -> None:
        if moved is not None:
            self._caret.select(moved)
        else:
            self._page.say("Not possible with these edges.")

    def _step(self, edge: Edge, by: int) -> EdgeStep:
        return EdgeStep(edge, by, self._state.habits.by_character)


class ClaimActions:
    """Makes claims, and sets their parts and attributes."""

    def __init__(
        self,
        state: ReviewState,
        page: Page,
        navigation: Navigation,
        caret: Caret,
        decider: Decider,
    ) -> None:
        self._state, self._page, self._navigation = state, page, navigation
        self._caret, self._decider = caret, decider

    def claim(self, id: str) -> None:
        """Make a claim of the selection, or else of the likely claim around the caret; `id` is for
        a new one."""
        state, caret = self._state, self._page.view.caret
        claim = proposed_claim(
            state.speakers,
            state.words,
            id=id,
            caret=caret,
            # A jump selects at most a name; the claim around it is meant.
            selection=None if state.jumped is not None else self._caret.chosen(),
        )
        if claim is None:
            self._page.say("There are no words here.")
        elif claim.id in state.review.held:
            self._take_up(claim)
        elif self._decider.decide(add(claim), again=Again("claim")):
            state.came_from[claim.id] = caret
            self._navigation.focus_on(claim.id)

    def _take_up(self, there: Claim) -> None:
        """The claim exists already; a folded one is accepted."""
        self._caret.unselect()
        hidden = there.id not in self._state.listed.all_items
        if hidden and not self._decider.decide(accept(there)):
            return
        self._navigation.focus_on(there.id)
        self._page.say("Existing claim accepted." if hidden else "This claim is there already.")

    # Parts

    def no_source(self) -> None:
        claim = self._claim()
        if claim is not None:
            bare = without_source(claim, self._state.text)
            if self._decider.correct_to(claim, bare):
                self._page.say("It names no source.")

    def further_piece(self) -> None:
        """Add the selection as a piece to the focused part, or else to the content."""
        state, claim = self._state, self._claim_meant()
        chosen = self._caret.chosen() or state.jumped
        if claim is None:
            return
        if chosen is None:
            self._page.say("Select words to add first.")
            return
        focus = state.focus if state.focus.id == claim.id else state.last_claim
        name = focus.part.name if focus.part and focus.part in parts_of(claim) else PartName.CONTENT
        if self._decider.correct_to(claim, with_piece(claim, name, chosen, state.text)):
            changed = state.review.held[claim.id].item
            self._navigation.focus_on(claim.id, part=piece_at(changed, name, chosen))

    def drop_part(self) -> None:
        claim, part = self._claim(), self._state.focus.part
        if claim is None:
            return
        if part not in parts_of(claim) or part is None:
            self._page.say(f"Focus a part first ({self._page.shown('next_part')}).")
            return
        if self._decider.correct_to(claim, without(claim, part, self._state.text)):
            left = Part(part.name) if pieces(self._state.item or claim, part.name) else None
            self._navigation.focus_on(claim.id, part=left)

    def set_part(self, name: PartName) -> None:
        """Make the selection the source or cue; without a selection, likely spans get letters."""
        chosen, claim = self._caret.chosen() or self._state.jumped, self._claim_meant()
        if claim is None:
            return
        if chosen is None:
            self._offer(claim, name)
        elif self._put_part(claim, name, at_paragraphs(chosen, self._state.text)):
            self._navigation.focus_on(claim.id)

    def likely(self, claim: Claim, name: PartName) -> Spans:
        """Likely spans for the cue or the source, nearest to the content first, at most one per
        letter."""
        state = self._state
        return likely_parts(state.speakers, state.words, claim, name, most=len(_LETTERS))

    def _offer(self, claim: Claim, name: PartName) -> None:
        """Ask which of the likely spans is the part."""
        spans, view, text = self.likely(claim, name), self._page.view, self._state.text
        if not spans:
            self._page.say(f"No likely {name.value} nearby: select the words first.")
            return
        lettered = [*zip(_LETTERS, spans, strict=False)]
        view.scroll_to_span(claim.span)
        hints: dict[int, str] = {}
        for letter, span in lettered:
            hints.setdefault(span.start, letter)
        view.show_hints(hints)
        menu = span_menu(lettered, text, name=name.value, title=f"The {name.value} is")
        self._page.open_menu(menu, lambda span: self._pick(name, span), has_hints=True)

    def _pick(self, name: PartName, span: Span) -> None:
        claim = self._claim()
        if claim is not None:
            self._put_part(claim, name, (span,))

    def _put_part(self, claim: Claim, name: PartName, spans: Spans) -> bool:
        changed = with_parts_at(self._state.speakers, claim, name, spans, self._state.text)
        return self._decider.correct_to(claim, changed)

    # Attributes

    def choose_attribute(self) -> None:
        """Ask for the value of an attribute."""
        claim = self._claim()
        if claim is not None:
            phrases = (attribute.phrase(claim) for attribute in CLAIM_ATTRIBUTES)
            said = ", ".join(phrase for phrase in phrases if phrase)
            self._navigation.show_focus()
            menu = attribute_menu(title=f"The claim is {said}")
            self._page.open_menu(menu, self.set_attribute)

    def set_attribute(self, chosen: AttributeValue) -> None:
        """Set an attribute of the focused claim."""
        claim, held = self._claim(), self._state.held
        if claim is None or held is None:
            return
        changed = with_attribute(claim, chosen)
        if changed == claim and held.status is Status.OPEN:
            self._page.say("It has this value already; a accepts it.")
        else:
            self._decider.correct_to(claim, changed, again=Again("attributes", chosen))

    def _claim(self) -> Claim | None:
        """The focused claim; shows a message if there is none."""
        return self._standing(self._state.focus)

    def _claim_meant(self) -> Claim | None:
        """The claim that selected words are meant for; shows a message if there is none.

        If the focus left the claim on the way to the words, it is the claim chosen last.
        """
        on_the_way = self._page.view.selection is not None or self._state.jumped is not None
        if on_the_way and not isinstance(self._state.item, Claim):
            return self._standing(self._state.last_claim)
        return self._claim()

    def _standing(self, focus: InFocus) -> Claim | None:
        held = self._state.review.held.get(focus.id) if focus.id else None
        if held and isinstance(held.item, Claim) and held.status is not Status.REJECTED:
            return held.item
        self._page.say("Focus a claim first: c makes one, n and p go to one.")
        return None


def part_in_focus(state: ReviewState, item: Item) -> Part:
    """The focused part; the first part of an item without a focused one."""
    parts, part = parts_of(item), state.focus.part
    return part if part is not None and part in parts else parts[0]
