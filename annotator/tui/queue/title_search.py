"""The search in the titles of the queue: what is typed, and the hit that the cursor follows."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from enum import Enum, auto
from functools import partial

from annotator.errors import AnnotatorError
from annotator.tui.queue.queue_list import QueueList
from annotator.tui.queue.queue_questions import QueueQuestions
from annotator.tui.screens.layers import KeyScreen
from annotator.tui.screens.waiting import begin
from annotator.tui.widgets.prompts import Done, LinePrompt

# So long nothing may be typed before the titles are looked through.
TYPING_RESTS = 0.15


class Hit(Enum):
    """What is known of the words that were looked for last."""

    NONE = auto()
    SHOWN = auto()
    """The cursor stands on the first title that has them."""
    TAKEN = auto()
    """That was what was meant: enter goes on to the next."""


class TitleSearch(LinePrompt):
    """One search, from the article under the cursor on; `hit` is how far it has come.

    `asking` is held while the store is asked; `shown` is called whenever there is something else to
    see.
    """

    title, keys = "search in the titles", "enter takes it, then the next   esc ends "

    def __init__(
        self,
        screen: KeyScreen,
        rows: QueueList,
        questions: QueueQuestions,
        asking: asyncio.Lock,
        shown: Callable[[], None],
    ) -> None:
        super().__init__()
        self.hit = Hit.NONE
        self._screen, self._rows, self._questions = screen, rows, questions
        self._asking, self._shown = asking, shown
        self._began_on = rows.listed.key
        self._looked_for = ""
        # The cursor was put where it is on purpose, and stays there at the end.
        self._stays = False
        self._follows = False
        self._is_over = False

    def keep(self) -> None:
        """The cursor stays where it is when the search ends."""
        self._stays = True

    def submit(self) -> Done | None:
        if self.line.text.strip():
            self.keep()
            self._screen.waiting.fetch("hit", partial(self._take_hit, self.line.text))
        return None

    def edited(self) -> None:
        self._stays = False
        if not self._follows:
            self._follows = True
            begin(self._screen, self._follow, group="search")

    def close(self) -> None:
        """Goes back to where the search began, unless the cursor is to stay."""
        self._is_over = True
        if not self._stays and self._looked_for and self._began_on is not None:
            self._rows.go_to(self._began_on)

    # Hits

    async def _follow(self) -> None:
        """Shows the first hit for what stands in the line, whenever typing rests."""
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
        """Puts the cursor on the first hit after where the search began."""
        self._looked_for, self.hit = words, Hit.NONE
        if await self._go_to_next(words, self._began_on):
            self.hit = Hit.SHOWN
        elif self._began_on is not None and not self._is_over:
            await self._rows.find(self._began_on)

    async def _take_hit(self, words: str) -> None:
        """The hit that is shown is what was meant; once it is taken, the next one is."""
        async with self._asking:
            if self._is_over:
                return
            if words != self._looked_for:
                await self._show_first(words)
            elif self.hit is Hit.TAKEN:
                await self._go_to_next(words, self._rows.listed.key)
            elif self.hit is Hit.NONE:
                self._say_no_hit(words)
            if self.hit is not Hit.NONE:
                self.hit, self._began_on = Hit.TAKEN, self._rows.listed.key

    async def _go_to_next(self, words: str, after: str | None) -> bool:
        """Puts the cursor on the next hit, unless the search is over by then; says so if there is
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
