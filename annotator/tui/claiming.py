"""Shaping: edges, pieces and parts of items, claims with source and cue, attributes."""

from __future__ import annotations

from annotator.core.annotations import Claim, Item
from annotator.core.article import Span, Spans
from annotator.core.claim_commands import (
    likely_parts,
    proposed_claim,
    selection_with_edge_moved,
    with_attribute,
    with_edge_moved,
    with_edges,
    with_parts_at,
)
from annotator.core.decisions import accept, add
from annotator.core.edits import (
    Edge,
    Part,
    PartName,
    at_paragraphs,
    edge_of,
    parts_of,
    pieces,
    with_part,
    with_piece,
    without,
)
from annotator.core.review import Status, is_folded
from annotator.core.speakers import Speakers
from annotator.tui.deciding import Deciding
from annotator.tui.strips import Choice, attribute_strip, span_strip

_LETTERS = "asdfghjklqwertyuiopzxcvbnm"


class Claiming(Deciding):
    """What changes where an item stands, and what a claim says of who said what."""

    # Edges

    def do_left_out(self) -> None:
        self._move_edge(Edge.LEFT, -1)

    def do_left_in(self) -> None:
        self._move_edge(Edge.LEFT, +1)

    def do_right_in(self) -> None:
        self._move_edge(Edge.RIGHT, -1)

    def do_right_out(self) -> None:
        self._move_edge(Edge.RIGHT, +1)

    def do_edges(self) -> None:
        """The selection becomes where the item, or the part in focus, stands."""
        item, chosen = self.item, self._chosen_span()
        if item is None or chosen is None:
            self.say("Select words first, with an item in focus.")
            return
        part = self._part_in_focus(item)
        if self.correct_to(with_edges(self.speakers, item, part, chosen, self.text)):
            self.unselect()

    def _move_edge(self, edge: Edge, by: int) -> None:
        """Moves an edge of the selection where there is one, else of the item or part in focus."""
        if self.view.selection is not None:
            self._reshape_selection(edge, by)
            return
        item = self.item
        if item is None:
            self.say("Focus an item, or select words.")
            return
        part = self._part_in_focus(item)
        changed = with_edge_moved(
            self.speakers, item, part, edge, by=by, words=self.words, characters=self.characters
        )
        if self.correct_to(changed, at=edge_of(item, part, edge)):
            self._show_edge(part, edge)

    def _show_edge(self, part: Part, edge: Edge) -> None:
        if self.item is not None:
            self.view.scroll_to_span(edge_of(self.item, part, edge))

    def _reshape_selection(self, edge: Edge, by: int) -> None:
        chosen = self.view.selection
        assert chosen is not None
        moved = selection_with_edge_moved(
            chosen, edge, by=by, words=self.words, characters=self.characters
        )
        if moved is not None:
            self.select(moved)
        else:
            self.say("That does not fit here.")

    def _part_in_focus(self, item: Item) -> Part:
        if self.part in parts_of(item) and self.part is not None:
            return self.part
        return parts_of(item)[0]

    def _chosen_span(self) -> Span | None:
        """The selection, as whole tokens unless characters were asked for."""
        chosen = self.view.selection
        if chosen is None or self.characters:
            return chosen
        return self.words.snap(chosen)

    # Claims

    @property
    def speakers(self) -> Speakers:
        """Who of the review can be the source of a claim, by the label scheme."""
        return Speakers(self.review, self.setup.scheme.roles)

    def do_claim(self) -> None:
        """A claim from the selection, else the one that seems to stand around the caret."""
        claim = proposed_claim(
            self.speakers,
            self.words,
            id=self.new_id(),
            caret=self.view.caret,
            # A jump selects a name at most; the claim meant is the one that stands around it.
            selection=None if self.jumped is not None else self._chosen_span(),
        )
        if claim is None:
            self.say("There are no words here.")
            return
        if claim.id in self.review.held:
            self._take_up(claim)
        elif self.decide(add(claim), again=self.do_claim):
            self.focus_on(claim.id)

    def _take_up(self, there: Claim) -> None:
        """The claim is there already; one that was folded is accepted, as it would be made anew."""
        self.unselect()
        folded = is_folded(there) and there.id not in self.everything
        if folded and not self.decide(accept(there)):
            return
        self.focus_on(there.id)
        self.say("It was there, folded." if folded else "This claim is there already.")

    def do_source(self) -> None:
        self._set_part(PartName.SOURCE)

    def do_cue(self) -> None:
        self._set_part(PartName.CUE)

    def do_no_source(self) -> None:
        claim = self.claim
        if claim is not None:
            bare = with_part(claim, PartName.SOURCE, (), self.text)
            if self.correct_to(bare):
                self.say("It names no source.")

    def do_further_piece(self) -> None:
        """The selection becomes a further piece of the part in focus, of the content if none is."""
        chosen, claim = self._chosen_span() or self.jumped, self.claim
        if claim is None:
            return
        if chosen is None:
            self.say("Select the words of the further piece first.")
            return
        name = self._part_in_focus(claim).name
        if self.correct_to(with_piece(claim, name, chosen, self.text)):
            self.unselect()

    def do_drop_part(self) -> None:
        claim = self.claim
        if claim is None:
            return
        if self.part not in parts_of(claim) or self.part is None:
            self.say(f"{self.keymap.shown('next_part')} puts the focus on a part first.")
            return
        name = self.part.name
        if self.correct_to(without(claim, self.part, self.text)):
            left = Part(name) if pieces(self.item or claim, name) else None
            self.focus_on(claim.id, part=left)

    def _set_part(self, name: PartName) -> None:
        """The selection becomes the source or cue; without one, likely spans get letters."""
        chosen, claim = self._chosen_span() or self.jumped, self.claim
        if claim is None:
            return
        if chosen is not None:
            if self._put_part(claim, name, at_paragraphs(chosen, self.text)):
                self.unselect()
            return
        spans = self.likely(claim, name)
        if not spans:
            self.say(f"No likely {name.value} stands near: select the words first.")
            return
        lettered = dict(zip(_LETTERS, spans, strict=False))
        self.view.scroll_to_span(claim.span)
        hints: dict[int, str] = {}
        for letter, span in lettered.items():
            hints.setdefault(span.start, letter)
        self.view.show_hints(hints)
        listed = [(letter, span.of(self.text)[:60]) for letter, span in lettered.items()]
        strip = span_strip(listed, name=name.value, title=f"The {name.value} is")
        self.open_strip(
            strip,
            lambda choice: self._pick(name, lettered[str(choice.value[1])]),
        )

    def _pick(self, name: PartName, span: Span) -> None:
        claim = self.claim
        if claim is not None:
            self._put_part(claim, name, (span,))

    def _put_part(self, claim: Claim, name: PartName, spans: Spans) -> bool:
        return self.correct_to(with_parts_at(self.speakers, claim, name, spans, self.text))

    def likely(self, claim: Claim, name: PartName) -> Spans:
        """What may be the cue or the source, the nearest to the content first; one a letter."""
        return likely_parts(self.speakers, self.words, claim, name, most=len(_LETTERS))

    # Attributes

    def do_attributes(self) -> None:
        claim = self.claim
        if claim is not None:
            said = f"{claim.quotation}, {claim.source_kind}, {claim.stance}"
            self.show_focus()
            self.open_strip(attribute_strip(title=f"The claim is {said}"), self._set_attribute)

    def _set_attribute(self, choice: Choice) -> None:
        name, value = choice.value

        def again() -> None:
            self._set_attribute(choice)

        claim, held = self.claim, self.held
        if claim is None or held is None:
            return
        changed = with_attribute(claim, name, value)
        if changed == claim and held.status is Status.OPEN:
            self.say("That is what it says; a accepts it.")
        else:
            self.correct_to(changed, again=again)
