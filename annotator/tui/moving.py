"""Moving and selecting: the keys that decide nothing."""

from __future__ import annotations

from annotator.core.annotations import Claim
from annotator.core.article import Span
from annotator.core.edits import parts_of
from annotator.core.item_filter import item_filter
from annotator.tui.order import ItemOrder
from annotator.tui.review_base import ReviewBase
from annotator.tui.strips import Choice, filter_strip, label_strip


class Moving(ReviewBase):
    """Caret, selection and focus by key."""

    filtered = ""

    # From item to item

    def do_next_open(self) -> None:
        self.go_on()

    def do_leave(self) -> None:
        self.go_on()

    def do_previous_open(self) -> None:
        self._step(-1, open_only=True)

    def do_next_item(self) -> None:
        self._step(+1, open_only=False)

    def do_previous_item(self) -> None:
        self._step(-1, open_only=False)

    def do_next_part(self) -> None:
        self._step_part(+1)

    def do_previous_part(self) -> None:
        self._step_part(-1)

    def do_order(self) -> None:
        self.by_confidence = not self.by_confidence
        self.reorder()
        self.say(
            "The least confident first." if self.by_confidence else "In the order of the text."
        )

    def do_unfold(self) -> None:
        self.unfolded = not self.unfolded
        self.reorder()
        for id, held in self.review.held.items():
            if isinstance(held.item, Claim):
                self.draw_marks(id)
        self.say("Less certain claims are shown." if self.unfolded else "They are folded again.")

    def do_filter(self) -> None:
        self.open_strip(filter_strip(), self._filter)

    def _filter(self, choice: Choice) -> None:
        value = str(choice.value[1])
        if value == "label":
            strip = label_strip(self.setup.scheme, title="Only this label")
            self.open_strip(strip, self._filter)
            return
        self.filtered = "" if value == "all" else value
        self.wanted = item_filter(value, self.setup.confidence)
        self.reorder()
        if self.focus_id is not None and self.focus_id not in self.items:
            self.focus_on(self.items.step(self.here, +1, open_only=False))
        if self.filtered:
            self.say(f"Only {value}: {len(self.items)} of {len(self.everything)}.")

    def reorder(self) -> None:
        """Puts the items in order anew: folded or not, filtered or not."""
        self.whole = self.order = ItemOrder(self.review, unfolded=self.unfolded)
        if self.by_confidence or self.wanted is not bool:
            self.order = ItemOrder(
                self.review,
                self.wanted,
                unfolded=self.unfolded,
                least_confident_first=self.by_confidence,
            )
        self.panel.show_review(
            self.review, self.text, self.wanted, unfolded=self.unfolded, like=self.whole
        )
        self.panel.focus_on(self.focus_id)
        self.show_header()

    def _step(self, by: int, *, open_only: bool) -> None:
        found = self.items.step(self.here, by, open_only=open_only)
        if found is None:
            self.say("Nothing is open." if open_only else "There are no items.")
        else:
            self.focus_on(found)

    def _step_part(self, by: int) -> None:
        item = self.item
        if not isinstance(item, Claim):
            self._step(by, open_only=False)
            return
        parts = parts_of(item)
        if self.part in parts:
            part = parts[(parts.index(self.part) + by) % len(parts)]
        else:
            part = parts[0 if by > 0 else -1]
        self.focus_on(item.id, part=part)

    # The caret

    def do_token_right(self) -> None:
        self._go(self._unit_beyond(+1))

    def do_token_left(self) -> None:
        self._go(self._unit_beyond(-1))

    def do_character_right(self) -> None:
        self._go(self.words.next_character(self.view.caret))

    def do_character_left(self) -> None:
        self._go(self.words.previous_character(self.view.caret))

    def do_line_down(self) -> None:
        self._go(self.view.offset_in_line_below(self.view.caret))

    def do_line_up(self) -> None:
        self._go(self.view.offset_in_line_above(self.view.caret))

    def do_page_down(self) -> None:
        self._go(self.view.offset_in_line_below(self.view.caret, self.view.page_size))

    def do_page_up(self) -> None:
        self._go(self.view.offset_in_line_above(self.view.caret, self.view.page_size))

    def do_sentence_right(self) -> None:
        self._go_to(self.words.next_sentence(self.view.caret))

    def do_sentence_left(self) -> None:
        self._go_to(self.words.previous_sentence(self.view.caret))

    def do_top(self) -> None:
        self._go(0)

    def do_bottom(self) -> None:
        self._go_to(self.words.token_at(len(self.text)))

    def do_characters(self) -> None:
        self.characters = not self.characters
        self.say("Arrows and edges by character." if self.characters else "Arrows by word.")

    def _go_to(self, span: Span | None) -> None:
        if span is not None:
            self._go(span.start)

    def _go(self, offset: int) -> None:
        if self.anchored:
            self._extend(offset)
            return
        self.base = None
        self.view.select(None, caret=offset)
        if self.message:
            self.say("")

    # The selection

    def do_select_right(self) -> None:
        self._extend(self.view.caret if self.base is None else self._unit_beyond(+1))

    def do_select_left(self) -> None:
        self._extend(self.view.caret if self.base is None else self._unit_beyond(-1))

    def do_select_down(self) -> None:
        self._extend(self.view.offset_in_line_below(self.view.caret))

    def do_select_up(self) -> None:
        self._extend(self.view.offset_in_line_above(self.view.caret))

    def do_anchor(self) -> None:
        self.anchored = not self.anchored
        if self.anchored:
            self.base = None
            self._extend(self.view.caret)
        self.say("Moves select now." if self.anchored else "The selection stays.")

    def do_select_sentence(self) -> None:
        here = self.words.sentence_at(self.view.caret)
        if here is not None and self.view.selection is not None:
            # Pressed again, it takes the next sentence in too.
            if self.view.selection.contains(here):
                here = self.words.next_sentence(self.view.caret) or here
            here = _hull(self.view.selection, here)
        if here is not None:
            last = self.words.sentence_at(here.end - 1) or here
            self.select(here, caret=last.start)

    def do_copy(self) -> None:
        chosen = self.view.selection or (self.item.span if self.item else None)
        if chosen is None:
            self.say("Nothing is selected.")
            return
        self.app.copy_to_clipboard(chosen.of(self.text))
        self.say(f"{len(chosen)} characters copied.")

    def select(self, span: Span | None, *, caret: int | None = None) -> None:
        """Selects a range as if by key: what follows can make it larger or smaller."""
        self.base = self._unit_at(span.start) if span else None
        self.view.select(span, caret=caret)
        self.show_detail()

    def unselect(self) -> None:
        self.base, self.anchored = None, False
        if self.view.selection is not None:
            self.view.select(None)
        self.show_detail()

    def extend_to(self, offset: int) -> None:
        """Lets the selection reach to the unit at `offset`."""
        self._extend(offset)

    def _extend(self, offset: int) -> None:
        if self.base is None:
            self.base = self._unit_at(self.view.caret)
        there = self._unit_at(offset)
        if self.base is None or there is None:
            return
        self.view.select(_hull(self.base, there), caret=offset)
        self.show_detail()

    def _unit_at(self, offset: int) -> Span | None:
        """The token at an offset, or in character mode the character."""
        if not self.characters:
            return self.words.token_at(offset)
        end = self.words.next_character(offset)
        return Span(offset, end) if offset < end else None

    def _unit_beyond(self, by: int) -> int:
        """Where the next or previous token (or character) starts; the caret at the text's ends."""
        caret = self.view.caret
        if self.characters:
            step = self.words.next_character if by > 0 else self.words.previous_character
            return step(caret)
        found = self.words.next_token(caret) if by > 0 else self.words.previous_token(caret)
        return found.start if found else caret


def _hull(one: Span, other: Span) -> Span:
    return Span(min(one.start, other.start), max(one.end, other.end))
