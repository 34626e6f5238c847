"""The keys of the default map with which the simulated reviewer reaches a place or an item.

Of several ways, the one with the fewest keys is taken.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from annotator.core.annotations import Claim, Entity, Item, Junk
from annotator.core.article import Span, Spans
from annotator.core.edits import PartName, pieces
from annotator.core.record import Record
from annotator.core.review import Review
from annotator.core.reviewing.seen_text import SHOWN_SECONDS
from annotator.core.text.words import Words
from annotator.tui.article.article_view import ArticleView
from annotator.tui.review.actions import Workbench
from annotator.tui.review.jump_prompt import Jump
from annotator.tui.review.review_screen import ReviewScreen
from annotator.tui.review.state import ReviewState
from tests.tui.held_clock import HeldClock

ATTRIBUTES = ("quotation", "source_kind", "stance")
PARTS = (PartName.CONTENT, PartName.CUE, PartName.SOURCE)
FAR = 10_000
_WAYS = (("n", 1, True), ("p", -1, True), ("N", 1, False), ("P", -1, False))


@dataclass(frozen=True)
class Gold:
    """What the review is to hold, each item as a key that says what is compared."""

    record: Record
    words: Words

    def items(self) -> list[Item]:
        return list(self.record.items)

    def key(self, item: Item) -> tuple[object, ...]:
        """What two items must share to be the same: span and label, tokens and attributes."""
        match item:
            case Entity():
                return "entity", item.span, item.label
            case Junk():
                return "junk", self.tokens((item.span,))
            case Claim():
                parts = (self.tokens(pieces(item, name)) for name in PARTS)
                return "claim", *parts, *(getattr(item, name) for name in ATTRIBUTES)

    def tokens(self, spans: Spans) -> tuple[int, ...]:
        """Where the words of some spans begin; punctuation does not count."""
        text = self.words.text
        found = {t.start for s in spans for t in self.words.tokens_in(s) if t.of(text)[0].isalnum()}
        return tuple(sorted(found))


@dataclass
class SimulatedKeys:
    """At work on one open article; `keys` counts every key pressed. Each comes long enough after
    the one before for what is drawn to be seen, on a clock that is held."""

    screen: ReviewScreen
    gold: Gold
    keys: int = 0

    @property
    def bench(self) -> Workbench:
        work = self.screen.work
        assert work is not None
        return work

    @property
    def state(self) -> ReviewState:
        return self.bench.state

    @property
    def view(self) -> ArticleView:
        return self.screen.page.view

    @property
    def review(self) -> Review:
        return self.state.review

    @property
    def text(self) -> str:
        return self.state.text

    async def press(self, *keys: str) -> None:
        for key in keys:
            self.keys += 1
            clock = self.screen.setup.clock
            assert isinstance(clock, HeldClock)
            clock.elapsed += SHOWN_SECONDS
            self.screen.press(key, " " if key == "space" else key if len(key) == 1 else None)
            await asyncio.sleep(0)

    async def focus(self, id: str) -> None:
        """Puts the focus on an item with as few keys as there are ways to it."""
        for _ in range(200):
            if self.state.focus.id == id:
                return
            cost, key = self._steps(None, id)
            item = self.review.held[id].item
            jump = 3 if isinstance(item, Entity) and self._in_view(item.span.start) else FAR
            if jump < cost and await self.jump(item.span.start):
                if self.state.focus.id != id:
                    await self.press(self._steps(None, id)[1])
                continue
            near = self._entity_near(id) if cost > 4 else None
            if near is not None and await self.jump(near.span.start):
                cost, key = self._steps(None, id)
            await self.press(*[key] * cost)

    def _steps(self, here: str | None, id: str) -> tuple[int, str]:
        """How many presses of which key lead from one item (None: from here) to another."""
        order, navigation = self.state.listed.order, self.bench.navigation
        ways = [(1, "tab")] if here is None and self._widens_to(id) else []
        for key, by, open_only in _WAYS:
            at, count = here, 0
            while count < 400:
                if at is None:
                    at = navigation.target(by, open_only=open_only)
                else:
                    at = order.step(at, by, open_only=open_only)
                count += 1
                if at == id:
                    ways.append((count, key))
                    break
                if at is None:
                    break
        return min(ways, default=(1, "N"))

    def _widens_to(self, id: str) -> bool:
        """Whether `tab` leads from the item in focus to one around it."""
        item = self.state.item
        is_whole = item is not None and not isinstance(item, Claim)
        return is_whole and item is not None and self.bench.navigation.around(item) == id

    def _entity_near(self, id: str) -> Entity | None:
        """The entity in view from which it is nearest, if jumping there saves keys."""
        best, cost = None, self._steps(None, id)[0]
        for other in self.review.entities:
            if self._in_view(other.span.start):
                steps = 3 + self._steps(other.id, id)[0]
                if steps < cost:
                    best, cost = other, steps
        return best

    def _in_view(self, offset: int) -> bool:
        shown = self.view.visible_range()
        return shown.start <= offset < shown.end

    async def see(self, offset: int) -> None:
        """Brings an offset into view by pages."""
        for _ in range(60):
            shown = self.view.visible_range()
            if shown.start <= offset < shown.end:
                return
            await self.press("pagedown" if offset >= shown.end else "pageup")
            if self.view.visible_range() == shown:
                await self.press("j" if offset >= shown.end else "k")

    async def jump(self, offset: int) -> bool:
        """Jumps to the token that begins at `offset`; whether that worked."""
        await self.see(offset)
        await self.press("f")
        prompt = self.screen.page.prompts.current
        assert isinstance(prompt, Jump)
        target = next((one for one in prompt.targets if one.start == offset), None)
        if target is None:
            await self.press("escape")
            return False
        for letter in self._capital_where_it_helps(prompt, target):
            await self.press(letter)
            hint = prompt.hint_of(target)
            if hint and self._jumps():
                await self.press(*hint)
            if not self._jumps():
                return True
        await self.press("escape")
        return False

    def _jumps(self) -> bool:
        return isinstance(self.screen.page.prompts.current, Jump)

    def _capital_where_it_helps(self, prompt: Jump, target: Span) -> str:
        """The letters of a word as they are typed: in lower case, but for a first letter that
        fewer words share as a capital."""
        word = target.of(self.text)
        letter = word[0]
        alike = [one.of(self.text)[0] for one in prompt.targets]
        fewer = letter.isupper() and sum(one.lower() == letter.lower() for one in alike) > 1
        return (letter if fewer else letter.lower()) + word[1:].lower()

    async def select(self, span: Span) -> bool:
        """Selects the whole tokens of a span; whether the selection is that now."""
        tokens = self.gold.words.tokens_in(span)
        first = next((t for t in tokens if t.of(self.text)[0].isalnum()), None)
        if first is None or not await self.jump(first.start):
            return False
        view = self.view
        if view.selection is None:
            await self.press("W")
        for _ in range(80):
            chosen = view.selection
            if chosen is None or chosen.end == tokens[-1].end:
                break
            await self.press(self._towards(tokens[-1]))
        for _ in range(12):
            chosen = view.selection
            if chosen is None or chosen.start == tokens[0].start:
                break
            await self.press("[" if chosen.start > tokens[0].start else "]")
        return view.selection is not None and view.selection == self.gold.words.snap(span)

    def _towards(self, last: Span) -> str:
        """The key that brings the selection's head nearest to its last token: line or token."""
        view = self.view
        best, key = self._apart(view.caret, last) - 1, "W" if view.caret < last.start else "B"
        for step, line in (("J", view.offset_in_line_below), ("K", view.offset_in_line_above)):
            left = self._apart(line(view.caret), last)
            if left < best:
                best, key = left, step
        return key

    def _apart(self, offset: int, last: Span) -> int:
        """How many tokens lie between an offset and a token."""
        token = self.gold.words.token_at(offset)
        start, end = sorted((token.start if token else offset, last.start))
        return len(self.gold.words.tokens_in(Span(start, end))) if start < end else 0
