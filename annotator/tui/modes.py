"""Jumping, searching and notes: the modes that take what is typed."""

from __future__ import annotations

import re
from enum import StrEnum
from itertools import product

from annotator.core.annotations import Entity
from annotator.core.article import Span
from annotator.core.decisions import note, note_article
from annotator.core.phrases import phrase_at
from annotator.tui.claiming import Claiming
from annotator.tui.keys import KeyMap
from annotator.tui.setup import AppSetup
from annotator.tui.widgets.bar import BarLine
from annotator.tui.widgets.line_editor import Line

# The letters nearest to the fingers first, so that they come up most.
_LETTERS = "fjdkslaghrueiwoqptyvbncmxz"
_MOST_HITS = 5000


class Entry(StrEnum):
    """What a line of typing is for."""

    SEARCH = "search"
    NOTE = "note"


class Modes(Claiming):
    """What is typed goes to a jump, a search or a note until it is done or closed."""

    def __init__(self, setup: AppSetup, keymap: KeyMap) -> None:
        super().__init__(setup, keymap)
        self.jumps: dict[str, int] = {}
        self.jump_typed = ""
        self.entry: Entry | None = None
        self.line = Line()
        self.hits: list[Span] = []
        self.hit = -1
        self._note_for: str | None = None

    # Jump: two letters drawn over every word in view

    def do_jump(self) -> None:
        targets = [
            token
            for token in self.words.tokens_in(self.view.visible_range())
            if token.of(self.text)[0].isalnum() or token.of(self.text)[0] in "$€£"
        ]
        pairs = ("".join(pair) for pair in product(_LETTERS, repeat=2))
        self.jumps = {pair: token.start for pair, token in zip(pairs, targets, strict=False)}
        self.jump_typed = ""
        self.view.show_hints({offset: pair for pair, offset in self.jumps.items()})
        self.show_strip()

    def take_jump_letter(self, letter: str) -> None:
        """One letter of two; the second goes there and selects what begins there."""
        typed = self.jump_typed + letter
        left = {pair: offset for pair, offset in self.jumps.items() if pair.startswith(typed)}
        if not left:
            self.say(f"{typed} stands nowhere; esc closes.")
            return
        self.jump_typed = typed
        if typed not in left:
            self.view.show_hints({offset: pair for pair, offset in left.items()})
            self.show_strip()
            return
        self.end_jump()
        self._land(left[typed])

    def _land(self, offset: int) -> None:
        """Puts focus and caret on the entity that begins there; where none does, selects a name."""
        there = [
            held.item
            for held in self.review.held.values()
            if isinstance(held.item, Entity) and held.item.span.start == offset
        ]
        known = [item for item in there if item.id in self.everything]
        if known:
            self.focus_on(known[0].id)
            self.jumped = known[0].span
            return
        phrase = phrase_at(self.words, offset)
        if phrase is not None:
            last = self.words.token_at(phrase.end - 1) or phrase
            self.select(phrase, caret=last.start)
            self.jumped = phrase

    def end_jump(self) -> None:
        self.jumps, self.jump_typed = {}, ""
        self.view.clear_hints()
        self.show_strip()

    # Typing a line

    def do_search(self) -> None:
        self._begin(Entry.SEARCH, "")

    def do_note(self) -> None:
        item = self.item
        self._note_for = item.id if item is not None else None
        self.show_focus()
        self._begin(Entry.NOTE, (item.note or "") if item is not None else "")

    def _begin(self, entry: Entry, value: str) -> None:
        self.entry, self.line = entry, Line.of(value)
        self.show_strip()

    def take_typed(self, pressed: str, character: str | None) -> None:
        """One key for the line being typed."""
        if pressed == "escape":
            self.end_entry()
        elif pressed == "enter":
            self._submit()
        else:
            typed = character if character and character.isprintable() else None
            self._edit(self.line.insert(typed) if typed else self.line.press(pressed))

    def take_pasted(self, words: str) -> None:
        """Text pasted into the line being typed."""
        self._edit(self.line.insert(words))

    def end_entry(self) -> None:
        """Closes the line of typing; what a search found stays selected."""
        if self.entry is Entry.SEARCH:
            self.hits, self.hit = [], -1
            self.view.set_hits(())
        self.entry = None
        self.show_strip()
        self.show_detail()

    def _edit(self, line: Line) -> None:
        changed, self.line = line.text != self.line.text, line
        if changed and self.entry is Entry.SEARCH:
            self._find(line.text)
        self.show_strip()

    def _submit(self) -> None:
        if self.entry is Entry.SEARCH:
            self._next_hit()
        else:
            self._write_note(self.line.text.strip())
            self.end_entry()

    def _find(self, wanted: str) -> None:
        found = re.finditer(re.escape(wanted), self.text, re.IGNORECASE) if wanted else ()
        self.hits = [Span(*hit.span()) for hit, _ in zip(found, range(_MOST_HITS), strict=False)]
        self.view.set_hits(self.hits)
        here = self.view.caret if self.view.selection is None else self.view.selection.start
        after = (n for n, hit in enumerate(self.hits) if hit.start >= here)
        self.hit = next(after, 0) - 1
        if self.hits:
            self._next_hit()
        else:
            self.view.select(None)
            self.show_strip()

    def _next_hit(self) -> None:
        if not self.hits:
            return
        self.hit = (self.hit + 1) % len(self.hits)
        hit = self.hits[self.hit]
        self.select(self.words.snap(hit), caret=hit.start)
        self.view.scroll_to_span(hit)
        self.show_strip()

    def _write_note(self, words: str) -> None:
        target = self._note_for
        held = self.review.held.get(target) if target else None
        if held is not None:
            if words != (held.item.note or "") and self.decide(note(held.item, words)):
                self.say("Noted on the item.")
        elif words:
            now = self.setup.clock.now()
            if self.decide(note_article(self.review.reviewer, now, words)):
                self.say("Noted on the article.")

    def entry_lines(self) -> list[BarLine]:
        """The line that is being typed, and what its keys do."""
        assert self.entry is not None
        if self.entry is Entry.SEARCH:
            found = f"{self.hit + 1} of {len(self.hits)}" if self.hits else "nothing found"
            told = f"search  {found}" if self.line.text else "search, capitals or not"
            keys = "enter next   esc ends "
        else:
            told = "note on this item" if self._note_for else "note on the article"
            keys = "enter keeps it   esc leaves it as it was "
        typed, at = self.line.text, self.line.at
        # Of a line too long for the screen, what is around the cursor is shown.
        shown_from = max(0, at - self.size.width + 12)
        before, after = typed[shown_from:at], typed[at:]
        return [
            BarLine((("accent", f" {told}"),), (("muted", keys),)),
            BarLine((("accent", " › "), ("strong", before), ("accent", "▏"), ("strong", after))),
        ]
