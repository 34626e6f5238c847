"""The search in the titles of the queue: what is typed, and the hit that the cursor follows."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum, auto
from functools import partial

from annotator.errors import AnnotatorError
from annotator.tui.queue.queue_list import QueueList
from annotator.tui.queue.queue_questions import QueueQuestions
from annotator.tui.screens.layers import KeyScreen, begin
from annotator.tui.widgets.bar import BarLine, Piece
from annotator.tui.widgets.line_editor import Line

# So long nothing may be typed before the titles are looked through.
TYPING_RESTS = 0.15


class Hit(Enum):
    """What is known of the words that were looked for last."""

    NONE = auto()
    SHOWN = auto()
    """The cursor stands on the first title that has them."""
    TAKEN = auto()
    """That was what was meant: enter goes on to the next."""


@dataclass(frozen=True, slots=True)
class Search:
    """A search as far as it has come: what is typed, the article it began on, the words that were
    looked for last. `stays`: the cursor was put where it is on purpose, and stays at the end."""

    line: Line
    began_on: str | None
    looked_for: str = ""
    hit: Hit = Hit.NONE
    stays: bool = False


class TitleSearch:
    """The search of the queue screen; `shown` is called whenever there is something else to see.

    `search` is None while nothing is searched.
    """

    def __init__(
        self,
        screen: KeyScreen,
        rows: QueueList,
        questions: QueueQuestions,
        shown: Callable[[], None],
    ) -> None:
        self.search: Search | None = None
        self._screen, self._rows, self._questions = screen, rows, questions
        self._shown = shown
        # One question at a time, whatever is typed: among 100,000 titles one takes a moment.
        self._asking = asyncio.Lock()
        self._follows = False

    @property
    def is_open(self) -> bool:
        """Whether something is being searched."""
        return self.search is not None

    def lines(self, width: int, told: tuple[Piece, ...]) -> list[BarLine]:
        """The line being typed as it is drawn in `width` cells, beside what there is to say."""
        if self.search is None:
            return []
        text, at = self.search.line.text, self.search.line.at
        # Of a line too long for the screen, what is around the cursor is shown.
        first = max(0, at - width + 12)
        typed: tuple[Piece, ...] = (
            ("strong", text[first:at]),
            ("accent", "▏"),
            ("strong", text[at:]),
        )
        told = told or (("muted", "enter takes it, then the next   esc ends "),)
        head = BarLine((("accent", " search in the titles"),), told)
        return [head, BarLine((("accent", " › "), *typed))]

    # Typing

    def begin(self) -> None:
        """Begins with no words at the cursor."""
        self.search = Search(Line(), began_on=self._rows.listed.key)
        self._shown()

    def press(self, pressed: str, character: str | None) -> None:
        """Takes a key while something is searched."""
        if self.search is None:
            return
        line = self.search.line
        if pressed == "escape":
            self._end(self.search)
        elif pressed == "enter":
            if line.text.strip():
                self.keep()
                self._screen.fetch("hit", partial(self._take_hit, line.text))
        else:
            typed = character if character and character.isprintable() else None
            self._type(line.insert(typed) if typed else line.press(pressed))
        self._shown()

    def insert(self, words: str) -> bool:
        """Puts what was pasted into the line; whether there is one."""
        if self.search is not None:
            self._type(self.search.line.insert(words))
            self._shown()
        return self.is_open

    def keep(self) -> None:
        """The cursor stays where it is when the search ends."""
        if self.search is not None:
            self.search = replace(self.search, stays=True)

    def _type(self, line: Line) -> None:
        if self.search is None:
            return
        stays = self.search.stays and line.text == self.search.line.text
        self.search = replace(self.search, line=line, stays=stays)
        if not self._follows:
            self._follows = True
            begin(self._screen, self._follow, group="search")

    def _end(self, search: Search) -> None:
        self.search = None
        if not search.stays and search.looked_for and search.began_on is not None:
            self._rows.go_to(search.began_on)

    # Hits

    async def _follow(self) -> None:
        """Shows the first hit for what stands in the line, whenever typing rests."""
        try:
            while (search := self.search) is not None and search.line.text != search.looked_for:
                words = search.line.text
                await asyncio.sleep(TYPING_RESTS)
                async with self._asking:
                    await self._show_first_if_typed(words)
        finally:
            self._follows = False

    async def _show_first_if_typed(self, words: str) -> None:
        search = self.search
        if search is not None and search.line.text == words != search.looked_for:
            try:
                await self._show_first(search, words)
            except AnnotatorError as error:
                self._screen.say(f"{error.message} {error.hint}")

    async def _show_first(self, search: Search, words: str) -> None:
        """Puts the cursor on the first hit after where the search began."""
        self._note(looked_for=words, hit=Hit.NONE)
        if await self._go_to_next(words, search.began_on):
            self._note(hit=Hit.SHOWN)
        elif search.began_on is not None:
            await self._rows.find(search.began_on)

    async def _take_hit(self, words: str) -> None:
        """The hit that is shown is what was meant; once it is taken, the next one is."""
        async with self._asking:
            search = self.search
            if search is None:
                return
            if words != search.looked_for:
                await self._show_first(search, words)
            elif search.hit is Hit.TAKEN:
                await self._go_to_next(words, self._rows.listed.key)
            elif search.hit is Hit.NONE:
                self._say_no_hit(words)
            if self.search is not None and self.search.hit is not Hit.NONE:
                self._note(hit=Hit.TAKEN, began_on=self._rows.listed.key)

    def _note(self, **known: object) -> None:
        """Takes note of what is known now, unless the search is over."""
        if self.search is not None:
            self.search = replace(self.search, **known)  # type: ignore[arg-type]  # its fields

    async def _go_to_next(self, words: str, after: str | None) -> bool:
        """Puts the cursor on the next hit; says so if there is none."""
        if not words.strip():
            return False
        article = await self._questions.next_titled(self._rows.listing, words, after)
        if article is None:
            self._say_no_hit(words)
        else:
            await self._rows.find(article)
        return article is not None

    def _say_no_hit(self, words: str) -> None:
        self._screen.say(f"No other title holds “{words.strip()}”.")
