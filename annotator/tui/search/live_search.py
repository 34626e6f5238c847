"""A search that follows what is typed, page by page."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from annotator.errors import AnnotatorError
from annotator.tui.screens.waiting import begin
from annotator.tui.search.found_rows import FoundRows
from annotator.tui.search.search_line import SearchLine

if TYPE_CHECKING:
    from annotator.store.searching.search import FoundArticle, FoundPage
    from annotator.store.store import Store
    from annotator.tui.screens.layers import KeyScreen

TYPING_RESTS = 0.15
"""The pause in typing, in seconds, after which the store is searched."""
# Hits that are shown at first, and that are looked for at once.
_FIRST, _AT_LEAST = 20, 60
_FOUND = "found"
"""What keys wait for: the hits of what is typed."""


@dataclass(frozen=True)
class Listeners:
    """Called when other hits are shown (`shown`, with whether the list begins anew), and with
    errors (`say`); `is_near_end` tells whether further hits are needed."""

    shown: Callable[[bool], None]
    say: Callable[[str], None]
    is_near_end: Callable[[], bool]


class LiveSearch:
    """The typed line, the hits found for it, and the one search at a time that looks for more."""

    def __init__(self, screen: KeyScreen, store: Store, listeners: Listeners) -> None:
        self.line = SearchLine()
        self.found = FoundRows()
        self.searched: SearchLine | None = None
        """The line that the hits are for; None before the first search."""
        self._screen, self._store, self._to = screen, store, listeners
        self._before: int | None = None
        self._follows = False
        self._asking = asyncio.Lock()

    @property
    def is_found(self) -> bool:
        """Whether the hits are those of what is typed."""
        return self.searched is not None and self.line.asks_the_same(self.searched)

    @property
    def is_busy(self) -> bool:
        """Whether the store is being searched, or soon will be."""
        return self._follows or self._asking.locked()

    @property
    def has_more(self) -> bool:
        """Whether there may be further hits."""
        return self._before is not None

    def change(self, line: SearchLine) -> None:
        """Take over what is typed now; it is searched for when typing pauses."""
        changed, self.line = not line.asks_the_same(self.line), line
        if changed and not self._follows:
            self._follows = True
            begin(self._screen, self._follow, group="follow")

    def when_found(self, act: Callable[[], object]) -> None:
        """Act on the hits of what is typed; keys wait until they are there."""
        if self.is_found or not self.line.text.strip():
            act()
        else:
            self._screen.waiting.fetch(_FOUND, partial(self._search_and, act))

    def read_on(self) -> None:
        """Look for further hits, if the end of the list is near."""
        if self.has_more and self._to.is_near_end():
            begin(self._screen, self._read_on, group="more")

    def look_again(self, article: str, saved: Callable[[], object]) -> None:
        """Show the hits in an article as they are now, after the call `saved` has returned, which
        waits for decisions."""
        begin(self._screen, partial(self._look_again, article, saved), group="again")

    async def search_again(self) -> None:
        """Look anew for what was looked for last."""
        async with self._asking:
            if (line := self.searched) is not None:
                self.found, self._before = FoundRows(), None
                await self._read(line, begins=True)

    async def look_again_at(self, articles: Iterable[str]) -> None:
        """Show the hits in these articles as they are now."""
        for article in articles:
            await self._look_again(article, lambda: None)

    async def _look_again(self, article: str, saved: Callable[[], object]) -> None:
        await asyncio.to_thread(saved)
        async with self._asking:
            known = self.found.article(article)
            if self.searched is None or known is None:
                return
            try:
                now = await asyncio.to_thread(self._anew, self.searched, known)
            except AnnotatorError:
                return  # what was found stays
            self.found.put(article, now)
            if self._screen.is_attached:
                self._to.shown(False)

    async def _follow(self) -> None:
        """Search whenever typing pauses, until what is typed has been looked for."""
        try:
            while not self.is_found:
                line = self.line
                await asyncio.sleep(TYPING_RESTS)
                if line is self.line:
                    await self._search()
        finally:
            self._follows = False

    async def _search_and(self, act: Callable[[], object]) -> None:
        await self._search()
        if self._screen.is_attached:
            act()

    async def _search(self) -> None:
        """Find the first hits of what is typed."""
        async with self._asking:
            if not self.is_found:
                self.searched, self.found, self._before = self.line, FoundRows(), None
                await self._read(self.line, begins=True)

    async def _read_on(self) -> None:
        async with self._asking:
            if self.searched is not None and self.has_more and self._to.is_near_end():
                await self._read(self.searched, begins=False)

    async def _read(self, line: SearchLine, *, begins: bool) -> None:
        """Read pages until there are enough hits, or no further ones, or other words are typed."""
        wanted = self.found.hits + _AT_LEAST
        while True:
            try:
                hits = _FIRST if begins else _AT_LEAST
                page = await asyncio.to_thread(self._page, line, hits)
            except AnnotatorError as error:
                self._to.say(f"{error.message} {error.hint}")
                return
            if not self._screen.is_attached:
                return
            self.found.add(page.articles)
            self._before = page.before
            self._to.shown(begins)
            begins = False
            if page.before is None or self.found.hits >= wanted or not self.is_found:
                return

    def _anew(self, line: SearchLine, article: FoundArticle) -> FoundArticle | None:
        return self._store.search.anew(line.sought, article, damaged=lambda _: None)

    def _page(self, line: SearchLine, hits: int) -> FoundPage:
        # An article that cannot be read is left out here; exports and `find` name it.
        return self._store.search.page(
            line.sought, before=self._before, hits=hits, damaged=lambda _: None
        )
