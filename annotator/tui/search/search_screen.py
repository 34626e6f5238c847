"""Search in all articles: type words, see them in context, open an article at a hit."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial

from textual.app import ComposeResult
from textual.message import Message

from annotator.core.article import Span
from annotator.errors import AnnotatorError
from annotator.store.values import Stage
from annotator.tui.screens.layers import KeyScreen, Meaning
from annotator.tui.screens.waiting import begin
from annotator.tui.search.found_rows import FoundRows
from annotator.tui.search.search_line import Scope, SearchLine
from annotator.tui.setup import AppSetup
from annotator.tui.terminal.keyboard import Typed
from annotator.tui.widgets.bar import Bar, BarLine, Piece, hints
from annotator.tui.widgets.virtual_list import Row, VirtualList

TYPING_RESTS = 0.15
"""The pause in typing, in seconds, after which the store is searched."""
_AT_LEAST = 60  # hits that are looked for at once
_HINTS = (
    ("enter", "open there"),
    ("esc", "back"),
    ("tab", "sources, cues, names"),
    ("one + other", "in one paragraph"),
    ("↑ ↓", "move"),
    ("begin*", "words that begin so"),
)
# What keys wait for: the hits of what is typed, an article to be shown.
_FOUND, OPENED = "found", "article"


class HitChosen(Message, namespace="search"):
    """An article is to be opened at a hit."""

    def __init__(self, article: str, span: Span) -> None:
        super().__init__()
        self.article, self.span = article, span


class SearchScreen(KeyScreen):
    """A line to type, and below it the hits of all articles, the newest article first.

    Whenever typing pauses, the store is searched, one search at a time; further hits are read when
    the cursor comes near the end of the list.
    """

    LEAVING_PASSES = frozenset((_FOUND,))

    def __init__(self, setup: AppSetup) -> None:
        super().__init__()
        self.setup = setup
        self.line = SearchLine()
        self.found = FoundRows()
        self._searched: SearchLine | None = None
        self._before: int | None = None
        self._message = ""
        self._follows = False
        # One search at a time, however much is typed.
        self._asking = asyncio.Lock()

    def compose(self) -> ComposeResult:
        yield Bar(id="counts")
        yield Bar(id="typed")
        yield VirtualList(self._row, find=lambda key: self.found.place(key), id="hits",
                          colors=self.setup.config.label_colors)  # fmt: skip
        yield Bar(id="hints")

    def on_mount(self) -> None:
        self.listed.focus()
        self._show_lines()

    def on_resize(self) -> None:
        self._show_lines()

    @property
    def listed(self) -> VirtualList:
        """The list of hits, once the screen is shown."""
        return self.query_one(VirtualList)

    # Keys

    def press(self, pressed: str, character: str | None) -> None:
        """Type, move in the list, open the hit under the cursor, or go back."""
        self._message = ""
        if pressed == "escape":
            self.close()
        elif pressed in ("tab", "shift+tab"):
            self._change(self.line.in_next_scope(1 if pressed == "tab" else -1))
        elif pressed in ("up", "down", "pageup", "pagedown"):
            self._when_found(lambda: self.listed.press(pressed))
        elif pressed == "enter":
            self._when_found(self._open)
        elif character and character.isprintable():
            self._change(self.line.insert(character))
        else:
            self._change(self.line.press(pressed))

    def insert(self, words: str) -> bool:
        """Insert pasted text into the line being typed."""
        self._change(self.line.insert(words))
        return True

    def meaning(self, typed: Typed) -> Meaning:
        return Meaning.LEAVES if typed.pressed == "escape" else Meaning.SEARCHES

    def say(self, message: str) -> None:
        self._message = message
        self._show_lines()

    def on_virtual_list_chosen(self, event: VirtualList.Chosen) -> None:
        event.stop()
        if self.takes_keys:
            self._open()

    def on_virtual_list_highlighted(self, event: VirtualList.Highlighted) -> None:
        event.stop()
        if self._is_near_end:
            begin(self, self._read_on, group="more")

    def _open(self) -> None:
        found = self.found.hit(self.listed.key)
        if found is None:
            self.say("There is nothing to open." if self.line.text.strip() else "Type words first.")
        elif found.article.stage is not Stage.READY:
            self.say("This article has no suggestions yet.")
        else:
            self.waiting.awaits(OPENED)
            self.post_message(HitChosen(found.article.id, found.hit.span))

    # Searching

    def _change(self, line: SearchLine) -> None:
        changed, self.line = not line.asks_the_same(self.line), line
        self._show_lines()
        if changed and not self._follows:
            self._follows = True
            begin(self, self._follow, group="follow")

    async def _follow(self) -> None:
        """Search whenever typing pauses, until what is typed has been looked for."""
        try:
            while not self._is_found:
                line = self.line
                await asyncio.sleep(TYPING_RESTS)
                if line is self.line:
                    await self._search()
        finally:
            self._follows = False

    @property
    def _is_found(self) -> bool:
        """Whether the list shows what is typed."""
        return self._searched is not None and self.line.asks_the_same(self._searched)

    @property
    def _is_near_end(self) -> bool:
        """Whether the cursor is near the last hit, and there are further ones."""
        is_near = self.listed.cursor + self.listed.size.height >= len(self.found)
        return is_near and self._before is not None

    def _when_found(self, act: Callable[[], object]) -> None:
        """Act on the hits of what is typed; keys wait until they are there."""
        if self._is_found or not self.line.text.strip():
            act()
        else:
            self.waiting.fetch(_FOUND, partial(self._search_and, act))

    async def _search_and(self, act: Callable[[], object]) -> None:
        await self._search()
        if self.is_attached:
            act()

    async def _search(self) -> None:
        """Show the first hits of what is typed."""
        async with self._asking:
            if self._is_found:
                return
            line, self.found, self._before = self.line, FoundRows(), None
            self._searched = line
            await self._read(line, from_top=True)

    async def _read_on(self) -> None:
        """Add further hits at the end."""
        async with self._asking:
            if self._searched is not None and self._is_near_end:
                await self._read(self._searched, from_top=False)

    async def _read(self, line: SearchLine, *, from_top: bool) -> None:
        """Read pages until there are enough hits, or no further ones, or other words are typed."""
        wanted = self.found.hits + _AT_LEAST
        sought, search = line.sought, self.setup.store.search
        while True:
            try:
                page = await asyncio.to_thread(
                    search.page, sought, before=self._before, hits=_AT_LEAST, damaged=self._damaged
                )
            except AnnotatorError as error:
                self.say(f"{error.message} {error.hint}")
                return
            if not self.query(VirtualList):
                return  # closed meanwhile
            self.found.add(page.articles)
            self._before = page.before
            self._show_found(from_top=from_top)
            from_top = False
            if page.before is None or self.found.hits >= wanted or line is not self._searched:
                return

    def _damaged(self, error: AnnotatorError) -> None:
        """An article that cannot be read is left out; from the thread that searches."""
        self._message = error.message

    # Drawing

    def _row(self, index: int) -> Row | None:
        line = self._searched or self.line
        width = self.listed.scrollable_content_region.width - 1
        return self.found.row(index, width, of_entities=line.scope is Scope.NAMES)

    def _show_found(self, *, from_top: bool) -> None:
        if from_top:
            self.listed.set_size(len(self.found), cursor=0, lost=True)
        else:
            self.listed.set_size(len(self.found))
        self._show_lines()

    def _show_lines(self) -> None:
        if not self.query("#typed"):
            return
        width = self.size.width
        right: tuple[Piece, ...] = ()
        if self._message:
            right = (("accent", f" {self._message} "),)
        elif self._searched is not None and self._searched.text.strip():
            right = (("muted", self._counted()),)
        title = (("strong", " Find "), ("info", f" {self.line.scope.words} "))
        self.query_one("#counts", Bar).show(BarLine(title, right))
        before, after = self.line.around_cursor(width)
        typed = (("accent", " › "), ("strong", before), ("accent", "▏"), ("strong", after))
        self.query_one("#typed", Bar).show(BarLine(typed))
        self.query_one("#hints", Bar).show(hints(_HINTS, width))

    def _counted(self) -> str:
        if not self._is_found:
            return "searching … "
        hits, articles = self.found.hits, self.found.articles
        if not hits:
            return "nothing found " if self._before is None else "searching … "
        more = " so far" if self._before is not None else ""
        one = "hit" if hits == 1 else "hits"
        return f"{hits:,} {one} in {articles:,} article{'s' * (articles != 1)}{more} "
