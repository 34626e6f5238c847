"""Keys that act on one item or on the selection: accept, reject, label, junk, note."""

from __future__ import annotations

from collections.abc import Iterable

from annotator.core.annotations import Entity, Item, Junk, JunkKind
from annotator.core.article import Span
from annotator.core.decisions import note
from annotator.core.edits import at_lines, occurrences, same_surface
from annotator.core.labels import Label
from annotator.core.reviewing.commands import (
    Changes,
    Everywhere,
    Marking,
    accept_one,
    label_one,
    mark_entity,
    mark_junk,
    reject_one,
    rejected_count,
    same_everywhere,
    set_junk_kind,
)
from annotator.core.reviewing.wording import shortened
from annotator.core.text.phrases import phrase_at
from annotator.tui.app_setup import AppSetup
from annotator.tui.review.decider import Decider
from annotator.tui.review.navigation import Navigation
from annotator.tui.review.page import Page
from annotator.tui.review.repeats import Again
from annotator.tui.review.review_menus import same_menu
from annotator.tui.review.state import ReviewState
from annotator.tui.review.text_prompts import Note
from annotator.tui.screens.letter_menus import junk_menu, label_menu
from annotator.tui.widgets.letter_menu import LetterMenu


class ItemActions:
    """Decides on the focused item, and makes items of words."""

    def __init__(
        self,
        state: ReviewState,
        page: Page,
        navigation: Navigation,
        decider: Decider,
        setup: AppSetup,
    ) -> None:
        self._state, self._page, self._navigation = state, page, navigation
        self._decider = decider
        self._scheme, self._new_id = setup.config.scheme, setup.clock.new_id

    # Accept, reject

    def accept(self) -> None:
        held = self._state.held
        if held is None:
            self._say_that_nothing_is_here()
            return
        changes = accept_one(self._state.review, held)
        if self._decide(changes, Again("accept")):
            self._say_rejected(changes)

    def reject(self) -> None:
        held = self._state.held
        if held is None:
            self._say_that_nothing_is_here()
        else:
            self._decide(reject_one(held), Again("reject"))

    def _decide(self, changes: Changes, again: Again | None = None) -> bool:
        """Decide and move to the next open item; without changes, only move."""
        if not changes:
            self._navigation.next_open()
            return False
        return self._decider.decide(*changes, focus_next_open=True, again=again)

    def _say_that_nothing_is_here(self) -> None:
        next_key = self._page.shown("next_open")
        self._page.say(f"There is no item here: {next_key} goes to the next open one.")

    # Labels

    def choose_label(self) -> None:
        """Ask for a label by its letter."""
        chosen, item = self._page.view.selection, self._state.item
        if chosen is None:
            self._navigation.show_focus()
            chosen = item.span if isinstance(item, Entity) else None
        words = shortened(chosen.of(self._state.text)[:200]) if chosen is not None else ""
        menu = label_menu(self._scheme, title=f"Label of “{words}”" if words else "Label")
        self._page.open_menu(menu, lambda label: self.label(label.name))

    def label_by_digit(self, digit: str) -> None:
        label = self._scheme.digit(digit)
        if label is None:
            self._page.say(f"The scheme has no label for {digit}.")
        else:
            self.label(label.name)

    def label(self, name: str) -> None:
        """Make an entity of the selection; without one, relabel the entity under the caret or mark
        the name that starts there."""
        state, view, held = self._state, self._page.view, self._state.held
        chosen = view.selection
        if chosen is not None:
            by_character = state.habits.by_character
            self._mark(chosen if by_character else state.words.snap(chosen), name)
        elif held is not None and isinstance(held.item, Entity):
            self._decide(label_one(held, name), Again("label", name))
        elif held is not None and not state.is_free:
            self._page.say("Labels are for entities: select words, or move the caret to some.")
        else:
            self._mark_at_caret(name)

    def _mark_at_caret(self, label: str) -> None:
        words = phrase_at(self._state.words, self._page.view.caret)
        if words is not None and any(map(str.isalnum, words.of(self._state.text))):
            self._mark(words, label)
        else:
            self._page.say("There is no word here.")

    def _mark(self, span: Span, label: str) -> None:
        """Make an entity; an existing one with this span gets the label instead."""
        marked = mark_entity(self._state.review, span, label, new_id=self._new_id)
        self._made(marked, Again("label", label))

    def _made(self, marked: Marking, again: Again) -> bool:
        """Decide and focus the marked item."""
        fits = not marked.changes or self._decider.decide(*marked.changes, again=again)
        if fits:
            self._navigation.focus_on(marked.target)
        return fits

    # Equal strings

    def choose_for_same(self) -> None:
        """Ask what to do with every equal string."""
        item = self._state.item
        if not isinstance(item, Entity | Junk):
            self._page.say("Focus an entity or a junk line first.")
            return
        self._navigation.show_focus()
        self._page.open_menu(self._same_menu(item), self._decide_same)

    def _same_menu(self, item: Entity | Junk) -> LetterMenu[Everywhere | Label]:
        state = self._state
        others = same_surface(item, self._listed(), state.text)
        unmarked = occurrences(item, state.review.items, state.words)
        surface = " ".join(item.span.of(state.text).split())
        title = (
            f"“{surface[:40]}”, {len(others)} more like it, {len(unmarked)} unmarked: "
            "one key decides them all"
        )
        return same_menu(self._scheme, title=title)

    def _decide_same(self, decision: Everywhere | Label) -> None:
        state, held = self._state, self._state.held
        if held is None or not self._decider.can_be_seen(held.item):
            return
        changes = same_everywhere(
            state.review,
            held,
            decision.name if isinstance(decision, Label) else decision,
            among=self._listed(),
            words=state.words,
            new_id=self._new_id,
        )
        if not changes:
            self._navigation.next_open()
        elif self._decider.decide(*changes, focus_next_open=True, seen=True):
            undo = self._page.shown("undo")
            self._page.say(f"{len(changes)} decided at once; {undo} takes them back.")

    def _listed(self) -> Iterable[Item]:
        """All listed items regardless of the filter, including rejected ones."""
        review = self._state.review
        return [review.held[id].item for id in self._state.listed.all_items.ids]

    # Junk

    def junk(self) -> None:
        """Mark the lines of the selection, or else the caret's line, as junk; on a junk line, ask
        for its kind."""
        state, view, item = self._state, self._page.view, self._state.item
        chosen, line = view.selection, state.words.line_at(view.caret)
        is_junk = isinstance(item, Junk) and line is not None and line.overlaps(item.span)
        if chosen is None and is_junk:
            self._navigation.show_focus()
            self._page.open_menu(junk_menu(title="Junk of what kind"), self._set_junk_kind)
            return
        spans = self._lines_of(chosen) if chosen else at_lines(line, state.text) if line else ()
        marked = mark_junk(state.review, spans, state.text, new_id=self._new_id)
        if self._made(marked, Again("junk")):
            self._say_rejected(marked.changes)

    def _lines_of(self, chosen: Span) -> tuple[Span, ...]:
        words = self._state.words
        first, last = words.line_at(chosen.start), words.line_at(chosen.end - 1)
        if first is None or last is None:
            return ()
        return at_lines(Span(first.start, last.end), self._state.text)

    def _set_junk_kind(self, kind: JunkKind) -> None:
        item = self._state.item
        if isinstance(item, Junk):
            changes = set_junk_kind(self._state.review, item, kind)
            if self._decider.decide(*changes, focus_next_open=True):
                self._say_rejected(changes)

    def _say_rejected(self, changes: Changes) -> None:
        """Report the items that a junk line rejected with it."""
        count = rejected_count(changes)
        if count:
            things = "1 item in this line is" if count == 1 else f"{count} items in it are"
            self._page.say(f"Junk: {things} rejected; {self._page.shown('undo')} takes it back.")

    # Notes

    def note(self) -> bool:
        """Open the note on the focused item; returns whether there is one."""
        item = self._state.item
        if item is None:
            return False
        self._navigation.show_focus()
        id = item.id
        self._page.prompts.open(
            Note("note on this item", item.note or "", lambda words: self._write(id, words))
        )
        return True

    def _write(self, id: str, words: str) -> None:
        held = self._state.review.held.get(id)
        is_new = held is not None and words != (held.item.note or "")
        if held is not None and is_new and self._decider.decide(note(held.item, words)):
            self._page.say("Noted on the item.")
