"""Deciding: accept, reject, label, the same everywhere, undo, finish."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from annotator.core.annotations import Entity, Item, Junk, JunkKind
from annotator.core.article import Span
from annotator.core.commands import (
    AllAccepted,
    Everywhere,
    accept_all,
    accept_one,
    label_one,
    mark_entity,
    mark_junk,
    reject_one,
    rejected_count,
    same_everywhere,
    set_junk_kind,
)
from annotator.core.decisions import Answer, Change, Decision, finish, reopen, skip
from annotator.core.edits import alike, at_lines, occurrences
from annotator.core.phrases import phrase_at
from annotator.core.wording import told
from annotator.tui.keys import KeyMap
from annotator.tui.moving import Moving
from annotator.tui.setup import AppSetup
from annotator.tui.strips import Choice, junk_strip, label_strip, same_strip, skip_strip


class Deciding(Moving):
    """What a key makes of the item in focus, the selection, or the whole article."""

    def __init__(self, setup: AppSetup, keymap: KeyMap) -> None:
        super().__init__(setup, keymap)
        self.warned = False
        self.finishing = False

    # One item

    def do_accept(self) -> None:
        held = self.held
        if held is None:
            self.go_on()
            return
        changes = accept_one(self.review, held)
        if not changes:
            self.go_on()
        elif self.decide(*changes, go_on=True, again=self.do_accept):
            self._say_turned_down(changes)

    def do_reject(self) -> None:
        held = self.held
        if held is None:
            self.go_on()
            return
        changes = reject_one(held)
        if not changes:
            self.go_on()
            return
        self.decide(*changes, go_on=True, again=self.do_reject)

    def do_label(self) -> None:
        if self.view.selection is None:
            self.show_focus()
        strip = label_strip(self.setup.scheme, title="Label")
        self.open_strip(strip, lambda choice: self.label(str(choice.value[1])))

    def label_by_digit(self, digit: str) -> None:
        label = self.setup.scheme.digit(digit)
        if label is None:
            self.say(f"The scheme has no label for {digit}.")
        else:
            self.label(label.name)

    def label(self, name: str) -> None:
        """Makes an entity of the selection; without one relabels the entity in focus, and where
        the focus is on no entity, marks what begins at the caret.
        """
        chosen, held = self.view.selection, self.held
        if chosen is not None:
            self._mark(self.words.snap(chosen) if not self.characters else chosen, name)
        elif held is not None and isinstance(held.item, Entity):
            changes = label_one(held, name)
            if not changes:
                self.go_on()
            else:
                self.decide(*changes, go_on=True, again=self._label_again(name))
        elif held is not None and self.view.caret == held.item.span.start:
            self.say("Labels are for entities: select words, or move the caret to some.")
        else:
            words = phrase_at(self.words, self.view.caret)
            if words is not None:
                self._mark(words, name)

    def _mark(self, span: Span, label: str) -> None:
        """Makes an entity; one that has this span already gets the label instead."""
        marked = mark_entity(self.review, span, label, new_id=self.new_id)
        if not marked.changes or self.decide(*marked.changes, again=self._label_again(label)):
            self.focus_on(marked.target)

    def _label_again(self, name: str) -> Callable[[], None]:
        return lambda: self.label(name)

    def do_repeat(self) -> None:
        again = self.repeats.last()
        if again is None:
            self.say("Nothing that was decided stands to be repeated.")
        else:
            again()

    # Every equal string

    def do_same(self) -> None:
        item = self.item
        if not isinstance(item, Entity | Junk):
            self.say("Focus an entity or a junk line first.")
            return
        self.show_focus()
        others = alike(item, self._standing_or_rejected(), self.text)
        unmarked = occurrences(item, self._standing(), self.words)
        surface = " ".join(item.span.of(self.text).split())
        title = (
            f"“{surface[:40]}”, {len(others)} more like it, {len(unmarked)} unmarked: "
            "one key decides them all"
        )
        self.open_strip(same_strip(self.setup.scheme, title=title), self._decide_same)

    def _decide_same(self, choice: Choice) -> None:
        kind, value = choice.value
        if value == "label" and kind == "same":
            strip = label_strip(self.setup.scheme, title="Label for all of them")
            self.open_strip(strip, self._decide_same)
            return
        held = self.held
        if held is None or not self.can_be_seen(held.item):
            return
        changes = same_everywhere(
            self.review,
            held,
            str(value) if kind == "label" else Everywhere(str(value)),
            among=self._standing_or_rejected(),
            words=self.words,
            new_id=self.new_id,
        )
        if self.decide(*changes, go_on=True, seen=True):
            self.say(
                f"{len(changes)} decided at once; {self.keymap.shown('undo')} takes them back."
            )
        elif not changes:
            self.go_on()

    def _standing(self) -> Iterable[Item]:
        return self.review.items

    def _standing_or_rejected(self) -> Iterable[Item]:
        return [self.review.held[id].item for id in self.everything.ids]

    # Junk

    def do_junk(self) -> None:
        """The lines of the selection, else the caret's line, are junk; on junk: of what kind."""
        held = self.held
        if self.view.selection is None and held is not None and isinstance(held.item, Junk):
            here = self.words.line_at(self.view.caret)
            if here is not None and here.overlaps(held.item.span):
                self.show_focus()
                self.open_strip(junk_strip(title="Junk of what kind"), self._set_junk_kind)
                return
        chosen = self.view.selection
        line = self.words.line_at(self.view.caret)
        spans = self._lines_of(chosen) if chosen else at_lines(line, self.text) if line else ()
        self._mark_junk(spans)

    def _mark_junk(self, spans: Iterable[Span]) -> None:
        marked = mark_junk(self.review, spans, self.text, new_id=self.new_id)
        if not marked.changes or self.decide(*marked.changes, again=self.do_junk):
            self.focus_on(marked.target)
            self._say_turned_down(marked.changes)

    def _lines_of(self, chosen: Span) -> tuple[Span, ...]:
        first, last = self.words.line_at(chosen.start), self.words.line_at(chosen.end - 1)
        if first is None or last is None:
            return ()
        return at_lines(Span(first.start, last.end), self.text)

    def _set_junk_kind(self, choice: Choice) -> None:
        item = self.item
        if isinstance(item, Junk):
            changes = set_junk_kind(self.review, item, JunkKind(str(choice.value[1])))
            if self.decide(*changes, go_on=True):
                self._say_turned_down(changes)

    def _say_turned_down(self, changes: Iterable[Change]) -> None:
        """Says what a junk line took along that the reviewer had not asked for by name."""
        count = rejected_count(changes)
        if count:
            things = "1 item in this line is" if count == 1 else f"{count} items in it are"
            self.say(f"Junk: {things} rejected; {self.keymap.shown('undo')} takes it back.")

    # The article

    def do_accept_all(self) -> None:
        """Accepts what is open and finishes. What is less than sure is shown first, and what a
        filter hides is not taken along."""
        if self.review.finished:
            self.open_next_article()
            return
        together = accept_all(
            self.review, self.items, unfolded=self.unfolded, confidence=self.setup.confidence
        )
        if together.unsure and not self.warned:
            self._warn(together)
        elif not together.finishes:
            self._accept_listed(together)
        elif self.decide(*together.changes, finish(unfolded=self.unfolded), seen=True):
            self.open_next_article()

    def _warn(self, together: AllAccepted) -> None:
        self.warned = True
        self.focus_on(together.unsure[0].id)
        under, again = f"{self.setup.confidence:.0%}", self.keymap.shown("accept_all")
        self.ask(
            f"{len(together.unsure)} of {together.listed} are under {under}, this first; "
            f"{again} again accepts all."
        )

    def _accept_listed(self, together: AllAccepted) -> None:
        """Accepts what can be seen and stays in the article, since something is left open."""
        if together.changes and not self.decide(*together.changes, seen=True):
            return
        said = [f"{len(together.changes)} decided"] if together.changes else []
        if together.hidden:
            key = self.keymap.shown("filter")
            said.append(f"{together.hidden} open that the filter hides ({key})")
        if together.left_open:
            self.focus_on(together.left_open[0].id)
            count = len(together.left_open)
            lines = "this line was suggested" if count == 1 else f"{count} lines were suggested"
            said.append(f"{lines} as junk, but you marked something there: decide")
        self.say("; ".join(said) + ".")

    def do_finish(self) -> None:
        open_count = self.everything.open_count
        if self.review.finished:
            self.open_next_article()
        elif open_count and not self.finishing:
            self.finishing = True
            again = self.keymap.shown("finish")
            self.ask(
                f"{open_count} open: {again} again finishes all the same, and leaves them open."
            )
        elif self.decide(finish(unfolded=self.unfolded), seen=True):
            self.open_next_article()

    def do_skip(self) -> None:
        self.open_strip(skip_strip(), self._skip)

    def _skip(self, choice: Choice) -> None:
        answer = Answer(str(choice.value[1]))
        if self.decide(skip(answer), finish(), seen=True):
            self.open_next_article()

    def do_reopen(self) -> None:
        if not self.review.finished:
            self.say("This review is not finished.")
        elif self.decide(reopen(), seen=True):
            self.say("Taken up again.")

    # Undo

    def do_undo(self) -> None:
        if not self.review.undoable:
            self.undo_before()
            return
        undone = self.open_session.undo()
        self.repeats.undone(undone)
        self._show_changed(undone)
        self.say(f"Undone: {told(undone, self.text)}")

    def do_redo(self) -> None:
        redone = self.open_session.redo()
        if not redone:
            self.say("Nothing to redo.")
            return
        self.repeats.redone(redone)
        self._show_changed(redone)
        self.say(f"Done again: {told(redone, self.text)}")

    def undo_before(self) -> None:
        """What undo does where nothing stands in this review."""
        self.say("Nothing to undo in this article.")

    def _show_changed(self, decisions: Iterable[Decision]) -> None:
        targets = [decision.target for decision in decisions if decision.target]
        self.changed(targets)
        first = next((id for id in targets if id in self.everything), None)
        if first is None and targets:
            # What had been added is gone; the next open item after its place is as near as any.
            first = self.items.step(targets[0], +1, open_only=True)
        if first is not None:
            self.focus_on(first)
