"""Deciding: accept, reject, label, the same everywhere, undo, finish."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from annotator.core.annotations import Claim, Entity, Item, Junk, JunkKind, MadeBy, Verdict
from annotator.core.article import Span
from annotator.core.decisions import (
    Answer,
    Change,
    Decision,
    Kind,
    accept,
    add,
    correct,
    finish,
    reject,
    relabel,
    reopen,
    skip,
)
from annotator.core.edits import alike, at_lines, junk_kind_of, occurrences
from annotator.core.phrases import phrase_at
from annotator.core.review import Held, Status
from annotator.tui.keys import KeyMap
from annotator.tui.moving import Moving
from annotator.tui.review_base import named
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
        self.repeatable = self.do_accept
        if held.status is Status.KEPT:
            self.go_on()
            return
        self.decide(accept(held.item), *self._rejected_within(held.item), go_on=True)

    def do_reject(self) -> None:
        held = self.held
        if held is None:
            self.go_on()
            return
        self.repeatable = self.do_reject
        if held.status is Status.DROPPED:
            self.go_on()
            return
        self.decide(reject(held.item), go_on=True)

    def do_label(self) -> None:
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
        self.repeatable = lambda: self.label(name)
        chosen, held = self.view.selection, self.held
        if chosen is not None:
            self._mark(self.words.snap(chosen) if not self.characters else chosen, name)
        elif held is not None and isinstance(held.item, Entity):
            if held.status is Status.KEPT and held.item.label == name:
                self.go_on()
            else:
                self.decide(relabel(held.item, name), go_on=True)
        elif held is not None and self.view.caret == held.item.span.start:
            self.say("Labels are for entities: select words, or move the caret to some.")
        else:
            words = phrase_at(self.words, self.view.caret)
            if words is not None:
                self._mark(words, name)

    def _mark(self, span: Span, label: str) -> None:
        """Makes an entity; one that has this span already gets the label instead."""
        there = self._entity_at(span)
        if there is not None:
            change = relabel(there.item, label) if isinstance(there.item, Entity) else None
            target = there.item.id
            kept = there.status is Status.KEPT and getattr(there.item, "label", None) == label
            fitted = kept or (change is not None and self.decide(change))
        else:
            item = Entity(self.new_id(), span, label)
            target = item.id
            fitted = self.decide(add(item))
        if fitted:
            self.focus_on(target)

    def _entity_at(self, span: Span) -> Held | None:
        for mark in self.review.held.values():
            if isinstance(mark.item, Entity) and mark.item.span == span:
                if mark.status is Status.DROPPED and mark.suggested is None:
                    continue
                return mark
        return None

    def do_repeat(self) -> None:
        if self.repeatable is None:
            self.say("Nothing was decided yet.")
        else:
            self.repeatable()

    # Every equal string

    def do_same(self) -> None:
        item = self.item
        if not isinstance(item, Entity | Junk):
            self.say("Focus an entity or a junk line first.")
            return
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
        if held is None:
            return
        label = str(value) if kind == "label" else getattr(held.item, "label", None)
        if kind == "same" and value == "reject":
            rejecting = True
        else:
            rejecting = value == "as it stands" and held.status is Status.DROPPED
        changes = list(self._same_changes(held.item, label, rejecting=rejecting))
        if self.decide(*changes, go_on=True):
            self.say(
                f"{len(changes)} decided at once; {self.keymap.shown('undo')} takes them back."
            )
        elif not changes:
            self.go_on()

    def _same_changes(self, item: Item, label: str | None, *, rejecting: bool) -> Iterable[Change]:
        for one in (item, *alike(item, self._standing_or_rejected(), self.text)):
            held = self.review.held[one.id]
            if rejecting:
                if held.status is not Status.DROPPED:
                    yield reject(one)
            elif isinstance(one, Entity) and label is not None and one.label != label:
                yield relabel(one, label)
            elif held.status is not Status.KEPT:
                yield accept(one)
        if not rejecting and isinstance(item, Entity | Junk):
            for span in occurrences(item, self._standing(), self.words):
                new = replace(item, id=self.new_id(), span=span, note=None, score=None)
                new = replace(new, identity=None) if isinstance(new, Entity) else new
                if isinstance(new, Entity) and label is not None:
                    new = replace(new, label=label)
                yield add(_by_reviewer(new))

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
                self.open_strip(junk_strip(title="Junk of what kind"), self._set_junk_kind)
                return
        self.repeatable = self.do_junk
        chosen = self.view.selection
        line = self.words.line_at(self.view.caret)
        spans = self._lines_of(chosen) if chosen else at_lines(line, self.text) if line else ()
        self._mark_junk(spans)

    def _mark_junk(self, spans: Iterable[Span]) -> None:
        standing = list(self.review.junk)
        changes: list[Change] = []
        first: str | None = None
        for span in spans:
            there = next((item for item in standing if item.span.overlaps(span)), None)
            if there is not None:
                first = first or there.id
                if self.review.held[there.id].status is Status.OPEN:
                    changes += [accept(there), *self._rejected_within(there)]
                continue
            new = Junk(self.new_id(), span, junk_kind_of(span.of(self.text)))
            first = first or new.id
            changes += [add(new), *self._rejected_within(new)]
        if not changes or self.decide(*_once(changes)):
            self.focus_on(first)

    def _lines_of(self, chosen: Span) -> tuple[Span, ...]:
        first, last = self.words.line_at(chosen.start), self.words.line_at(chosen.end - 1)
        if first is None or last is None:
            return ()
        return at_lines(Span(first.start, last.end), self.text)

    def _set_junk_kind(self, choice: Choice) -> None:
        item = self.item
        if isinstance(item, Junk):
            kind = JunkKind(str(choice.value[1]))
            change = accept(item) if kind is item.kind else correct(item, replace(item, kind=kind))
            self.decide(change, *self._rejected_within(item), go_on=True)

    def _rejected_within(self, item: Item) -> list[Change]:
        """Nothing is marked inside junk: what is open in such a line goes with it."""
        if not isinstance(item, Junk):
            return []
        return [
            reject(held.item)
            for held in self.review.held.values()
            if held.status is Status.OPEN
            and not isinstance(held.item, Junk)
            and all(item.span.contains(span) for span in held.item.spans)
        ]

    # The article

    def do_accept_all(self) -> None:
        """Accepts what is open, finishes, goes on; first it shows what is less than sure."""
        open_items = self.review.open_items(unfolded=self.unfolded)
        low = [item for item in open_items if _is_under(item, self.setup.confidence)]
        if low and not self.warned:
            self.warned = True
            self.focus_on(low[0].id)
            under, again = f"{self.setup.confidence:.0%}", self.keymap.shown("accept_all")
            self.say(
                f"{len(low)} of {len(open_items)} are under {under}, this first; "
                f"{again} again accepts all."
            )
            return
        if self.review.finished:
            self.open_next_article()
            return
        accepted = [accept(item) for item in open_items]
        if self.decide(*accepted, finish(unfolded=self.unfolded)):
            self.open_next_article()

    def do_finish(self) -> None:
        open_count = self.everything.open_count
        if self.review.finished:
            self.open_next_article()
        elif open_count and not self.finishing:
            self.finishing = True
            again = self.keymap.shown("finish")
            self.say(
                f"{open_count} open: {again} again finishes all the same, and leaves them open."
            )
        elif self.decide(finish(unfolded=self.unfolded)):
            self.open_next_article()

    def do_skip(self) -> None:
        self.open_strip(skip_strip(), self._skip)

    def _skip(self, choice: Choice) -> None:
        answer = Answer(str(choice.value[1]))
        if self.decide(skip(answer), finish()):
            self.open_next_article()

    def do_reopen(self) -> None:
        if not self.review.finished:
            self.say("This review is not finished.")
        elif self.decide(reopen()):
            self.say("Taken up again.")

    # Undo

    def do_undo(self) -> None:
        if not self.review.undoable:
            self.undo_before()
            return
        undone = self.open_session.undo()
        self._show_changed(undone)
        self.say(f"Undone: {told(undone, self.text)}")

    def do_redo(self) -> None:
        redone = self.open_session.redo()
        if not redone:
            self.say("Nothing to redo.")
            return
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


def told(decisions: tuple[Decision, ...], text: str) -> str:
    """Decisions of one key press in a few words."""
    kinds = dict.fromkeys(decision.kind for decision in decisions)
    parts: list[str] = []
    for kind in kinds:
        of_kind = [one for one in decisions if one.target and one.kind is kind]
        if len(of_kind) == 1:
            seen = of_kind[0].before if of_kind[0].after is None else of_kind[0].after
            item = seen if isinstance(seen, Entity | Claim | Junk) else None
            parts.append(f"{kind.value} {named(item, text)}")
        elif of_kind:
            parts.append(f"{kind.value} of {len(of_kind)} items")
    parts += [kind.value for kind in (Kind.SKIP, Kind.FINISH, Kind.REOPEN) if kind in kinds]
    return ", ".join(parts) or "note on the article"


def _is_under(item: Item, confidence: float) -> bool:
    return item.score is not None and item.score < confidence


def _once(changes: Iterable[Change]) -> list[Change]:
    """One change an item: the first."""
    return list({change.target: change for change in reversed(list(changes))}.values())[::-1]


def _by_reviewer(item: Item) -> Item:
    return replace(item, made_by=MadeBy.REVIEWER, verdict=Verdict.PENDING)
