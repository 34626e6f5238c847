"""The search in the titles of the queue, and the hit that the cursor follows."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from enum import Enum, auto
from functools import partial
from typing import Any

from annotator.core.text.counted import many
from annotator.errors import AnnotatorError
from annotator.tui.queue.queue_list import QueueList
from annotator.tui.queue.queue_questions import QueueQuestions
from annotator.tui.screens.layers import KeyScreen
from annotator.tui.screens.waiting import begin
from annotator.tui.widgets.prompts import Done, LinePrompt

# The pause in typing, in seconds, after which titles are searched.
TYPING_RESTS = 0.15
# No person presses enter twice within this time, in seconds.
_PASTED_WITHIN = 0.12


class Hit(Enum):
    """The result for the last searched words."""

    NONE = auto()
    SHOWN = auto()
    """The cursor is on the first matching title."""
    TAKEN = auto()
    """The hit was accepted: the cursor stays there, and enter opens it."""


@dataclass(frozen=True, slots=True)
class SearchCalls:
    """What a search calls: `shown` whenever the screen must change, `opens` with the article that
    is chosen."""

    shown: Callable[[], None]
    opens: Callable[[str], None]


class TitleSearch(LinePrompt):
    """One search, starting at the article under the cursor; `hit` is its progress, `found` the
    number of titles for the last searched words (None while it is not known).

    `asking` is held during a query of the store.
    """

    keys = "enter takes it, again opens it   ↓ the next   esc ends "

    def __init__(
        self,
        screen: KeyScreen,
        rows: QueueList,
        questions: QueueQuestions,
        asking: asyncio.Lock,
        calls: SearchCalls,
    ) -> None:
        super().__init__()
        self.hit = Hit.NONE
        self._taken = 0.0
        self.found: int | None = None
        self._screen, self._rows, self._questions = screen, rows, questions
        self._asking, self._shown, self._opens = asking, calls.shown, calls.opens
        self._began_on = rows.listed.key
        self._looked_for = ""
        # The cursor was moved on purpose, and stays there at the end.
        self._stays = False
        self._follows = False
        self._is_over = False

    def keep(self) -> None:
        """Leave the cursor where it is when the search ends."""
        self._stays = True

    @property
    def title(self) -> str:  # type: ignore[override]  # others have a fixed one
        """What is being typed, and how many titles have it."""
        if self.found is None or not self.line.text.strip():
            return "search in the titles"
        return f"search in the titles: {many(self.found, 'article')}"

    def press(self, pressed: str, character: str | None) -> Done | None:
        if pressed == "down":
            self._ask(self._go_on)
            return None
        return super().press(pressed, character)

    def submit(self) -> Done | None:
        self._ask(self._open)
        return None

    def edited(self) -> None:
        self._stays, self.found = False, None
        self._rows.mark(self.line.text.split())
        if not self._follows:
            self._follows = True
            begin(self._screen, self._follow, group="search")

    def close(self) -> None:
        """Move the cursor back to its start, unless it is to stay."""
        self._is_over = True
        self._rows.mark(())
        if not self._stays and self._looked_for and self._began_on is not None:
            self._rows.go_to(self._began_on)

    # Hits

    async def _follow(self) -> None:
        """Show the first hit for the typed words, whenever typing pauses."""
        try:
            while not self._is_over and self.line.text != self._looked_for:
                words = self.line.text
                await asyncio.sleep(TYPING_RESTS)
                async with self._asking:
                    await self._show_first_if_typed(words)
        finally:
            self._follows = False

    async def _show_first_if_typed(self, words: str) -> None:
        if not self._is_over and self.line.text == words != self._looked_for:
            try:
                await self._show_first(words)
            except AnnotatorError as error:
                self._screen.say(f"{error.message} {error.hint}")

    async def _show_first(self, words: str) -> None:
        """Move the cursor to the first hit after the start."""
        self._looked_for, self.hit = words, Hit.NONE
        if await self._go_to_next(words, self._began_on):
            self.hit = Hit.SHOWN
            self.found = await self._questions.count_titled(self._rows.listing, words)
            self._shown()
        elif self._began_on is not None and not self._is_over:
            await self._rows.find(self._began_on)

    def _ask(self, then: Callable[[str], Coroutine[Any, Any, None]]) -> None:
        """Do something with the hit for the typed words, when it is known."""
        if self.line.text.strip():
            self.keep()
            self._screen.waiting.fetch("hit", partial(self._with_hit, self.line.text, then))

    async def _with_hit(self, words: str, then: Callable[[str], Coroutine[Any, Any, None]]) -> None:
        async with self._asking:
            if self._is_over:
                return
            was_taken = self.hit is Hit.TAKEN and words == self._looked_for
            if words != self._looked_for:
                await self._show_first(words)
            elif self.hit is Hit.NONE:
                self._say_no_hit(words)
            elif was_taken or then == self._go_on:
                await then(words)
            if self.hit is not Hit.NONE:
                self.hit, self._began_on = Hit.TAKEN, self._rows.listed.key
            if not was_taken:
                self._taken = asyncio.get_running_loop().time()

    async def _go_on(self, words: str) -> None:
        """Go to the next hit."""
        await self._go_to_next(words, self._rows.listed.key)

    async def _open(self, _words: str) -> None:
        """Open the hit, unless enter comes as fast as in a text that is pasted."""
        article, now = self._rows.listed.key, asyncio.get_running_loop().time()
        if article is not None and now - self._taken > _PASTED_WITHIN:
            self._opens(article)

    async def _go_to_next(self, words: str, after: str | None) -> bool:
        """Move the cursor to the next hit, unless the search is over by then; says so if there is
        none."""
        if not words.strip():
            return False
        article = await self._questions.next_titled(self._rows.listing, words, after)
        if self._is_over:
            return False
        if article is None:
            self._say_no_hit(words)
        else:
            await self._rows.find(article)
        return article is not None

    def _say_no_hit(self, words: str) -> None:
        self._screen.say(f"No other title holds “{words.strip()}”.")
