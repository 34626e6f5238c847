"""What the queue screen shows: pages of rows as the store has them, live, and the lines around.

Rows are asked from the store a page at a time and only where they are in view. New arrivals come in
above what is shown and wait there until they are asked for, so that nothing moves under the cursor.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message

from annotator.errors import AnnotatorError
from annotator.tui.keys import KeyMap, Mode, keymap
from annotator.tui.queue.filling import Filling
from annotator.tui.queue.listing import Listing
from annotator.tui.queue.poller import Poller, Seen, Wanted
from annotator.tui.queue.queue_pages import PAGE, Pages, Unseen
from annotator.tui.queue.queue_rows import columns, counts_line, queue_row, status_line, unsaved
from annotator.tui.screens.layers import KeyScreen, begin
from annotator.tui.widgets.bar import Bar, BarLine, Piece, hints
from annotator.tui.widgets.virtual_list import Row, VirtualList

if TYPE_CHECKING:
    from annotator.store.values import QueueRow
    from annotator.tui.saving.writer import Writer
    from annotator.tui.setup import AppSetup
    from annotator.tui.strips import Strip
    from annotator.tui.widgets.line_editor import Line

# While things change faster than they can be looked at, the next look waits this long.
_BETWEEN_LOOKS = 0.05
# What keys wait for, besides what they have set going: the rows of a list, a place in it.
ROWS, PLACE = "rows", "place"
_T = TypeVar("_T")


class QueueBase(KeyScreen):
    """All articles from one reviewer's point of view; what keys do stands in `QueueScreen`."""

    class Looked(Message, namespace="queue"):
        """The store was looked at; from the poller's thread."""

        def __init__(self, seen: Seen | AnnotatorError) -> None:
            super().__init__()
            self.seen = seen

    def __init__(self) -> None:
        super().__init__()
        self.setup: AppSetup | None = None
        self.keymap: KeyMap = keymap()
        self.listing = Listing()
        self.seen: Seen | None = None
        self.unseen = Unseen()
        self.told_problem = False
        # The column of outlets comes with the first article that has one, and stays.
        self.outlets = False
        self.message = ""
        self.writer: Writer | None = None
        self.strip: Strip | None = None
        self.line: Line | None = None
        self.pages = Pages()
        # Called whenever the store has changed, for a screen that lies over this one.
        self.changed: Callable[[], None] | None = None
        # Keys pressed before what they are meant for is there wait for it, from the start on.
        self.awaits(ROWS)
        self._articles: int | None = None
        self._mark: int | None = None
        self._looks = 0
        self._to_find: str | None = None
        self._rests = False
        self._filling = Filling()
        self._poller: Poller | None = None

    def compose(self) -> ComposeResult:
        yield Bar(id="counts")
        yield Bar(id="columns")
        yield VirtualList(self._row, id="queue")
        yield Bar(id="status")
        yield Bar(id="hints")
        with Vertical(id="overlay"):
            yield Bar(id="strip")

    @property
    def is_there(self) -> bool:
        """Whether the widgets are there: what comes late may find the screen being taken down."""
        return bool(self.query("#hints"))

    @property
    def listed(self) -> VirtualList:
        return self.query_one("#queue", VirtualList)

    @property
    def row(self) -> QueueRow | None:
        """The article under the cursor, as far as it is known."""
        return None if self.listed.key is None else self.pages.of(self.listed.key)

    @property
    def hidden(self) -> int:
        """How many rows are kept back until they are asked for."""
        return len(self.unseen)

    @property
    def new(self) -> int:
        """How many arrivals have not been shown yet."""
        if self.listing.in_arrival_order or self.seen is None or self._articles is None:
            return self.hidden
        return max(0, self.seen.counts.articles - self._articles)

    def on_mount(self) -> None:
        self.query_one("#overlay").display = False
        self.query_one("#counts", Bar).show(counts_line("", None))
        self.listed.focus()
        self.show_lines()

    def on_unmount(self) -> None:
        if self._poller is not None:
            self._poller.stop()

    def on_resize(self) -> None:
        self.listed.invalidate()
        self.show_lines()
        self.show_strip()

    def begin(self, setup: AppSetup, keys: KeyMap) -> None:
        """Takes over what has been loaded behind the first frame, and starts looking."""
        self.setup, self.keymap = setup, keys
        self.show_lines()
        listed = self.listed
        self._poller = Poller(
            setup,
            lambda: Wanted(self.listing, listed.key, self._mark),
            lambda seen: self.post_message(self.Looked(seen)),
        )
        self.set_interval(1.0, self._keep_lines)

    def rest(self) -> None:
        """Looks and draws no more until `look`: an article lies over the queue.

        Textual draws the screen on top anew with whatever changes below it.
        """
        self._rests = True
        if self._poller is not None:
            self._poller.rest()

    def look(self) -> None:
        """Asks the store at once instead of at the next turn."""
        self._rests = False
        if self._poller is not None:
            self._poller.look()

    def say(self, message: str) -> None:
        """Says something until the next key: below the list, or in the strip that lies there."""
        self.message = message
        self.show_lines()
        self.show_strip()

    # What the store says

    def on_queue_looked(self, event: QueueBase.Looked) -> None:
        if not self.is_there or self._rests:
            return
        if isinstance(event.seen, AnnotatorError):
            self.say(f"{event.seen.message} {event.seen.hint}")
            self.arrived(ROWS)
        elif event.seen.wanted.listing == self.listing:
            self._take_over(event.seen)
        if self.changed is not None:
            self.changed()

    def _take_over(self, seen: Seen) -> None:
        """Shows what was seen, with the row under the cursor where it was."""
        assert self.setup is not None
        self.seen = seen
        self._looks += 1
        self._filling.saw(seen.size, self.setup.clock.seconds())
        if self._articles is None or self._filling.goes_on:
            self._articles, self._mark = seen.counts.articles, seen.newest
        self._place(seen)
        self.show_lines()
        if self._to_find is not None:
            self.go_to(self._to_find)
            self._to_find = None
        if not self.listed.count:
            self.arrived(ROWS)

    def _place(self, seen: Seen) -> None:
        """Takes over how long the list is, with the row under the cursor where it was on the
        screen: what arrived above it either waits there or is scrolled past."""
        listed, before = self.listed, self.unseen
        among = seen.among if seen.wanted.mark == self._mark else before.among
        asked_for, position = seen.wanted.cursor == listed.key, seen.position
        if self._filling.goes_on:
            now, cursor, lost = Unseen(), 0, True
        elif position is None or not asked_for:
            now = Unseen(min(before.above, max(0, seen.size - len(among))), among)
            cursor, lost = listed.cursor, asked_for and listed.key is not None
            if not asked_for:
                self.look()  # the cursor has moved on since
        else:
            line = Unseen(0, among).line(position)
            above = max(0, line - listed.cursor) if self.listing.in_arrival_order else 0
            now, cursor, lost = Unseen(above, among), line - above, False
        # Until they have been read again, rows are shown as they were.
        self.pages.move(before, now, cursor - listed.cursor)
        self.unseen = now
        self.pages.grow_stale()
        if lost:
            self.pages.forget(now.place(cursor))
        listed.set_size(seen.size - len(now), cursor=cursor, lost=lost)

    def go_to(self, article: str) -> None:
        """Puts the cursor on an article, if it is listed; as soon as the list is there."""
        if self.seen is None:
            self._to_find = article
        elif self.setup is not None:
            self.fetch(PLACE, partial(self.find, self.setup, article))

    async def find(self, setup: AppSetup, article: str) -> None:
        """Puts the cursor on an article, if it is listed."""
        ask = partial(setup.store.queue.position, article, setup.reviewer)
        position = await self.from_store(partial(ask, **self.asked()))
        if position is not None and self.is_there:
            if position < self.unseen.above or position in self.unseen.among:
                self.show_top()
            if self.seen is not None and self.seen.size > self.listed.count + self.hidden:
                self.listed.set_size(self.seen.size - self.hidden)
            self.listed.move_to(self.unseen.line(position), tell=False, key=article)

    async def from_store(self, ask: Callable[[], _T]) -> _T | None:
        """What the store answers, asked in a thread; None after saying what went wrong."""
        try:
            return await asyncio.to_thread(ask)
        except AnnotatorError as error:
            self.say(f"{error.message} {error.hint}")
            return None

    def asked(self) -> dict[str, Any]:
        """What the store is told of the listing."""
        listing, room = self.listing, self.setup.reviews_per_article if self.setup else 1
        return {
            "state": listing.state,
            "outlet": listing.outlet,
            "order": listing.order,
            "reviews_per_article": room,
        }

    # Rows

    def _row(self, index: int) -> Row | None:
        setup = self.setup
        if setup is None:
            return None
        row, due = self.pages.row(self.unseen.place(index))
        if due is not None:
            begin(self, partial(self._load, setup, due), group="pages")
        if row is None:
            return None
        now, width = setup.clock.now(), self.size.width
        order, outlets = self.listing.order, self.outlets
        return queue_row(row, now=now, width=width, order=order, outlets=outlets)

    async def _load(self, setup: AppSetup, page: int) -> None:
        listing, looks = self.listing, self._looks
        ask = partial(setup.store.queue.page, setup.reviewer, offset=page * PAGE, limit=PAGE)
        rows = await self.from_store(partial(ask, **self.asked()))
        if listing != self.listing or not self.is_there:
            return  # what it was asked for is no longer shown
        self._take_page(page, rows, is_old=looks != self._looks)
        self.arrived(ROWS)

    def _take_page(self, page: int, rows: Sequence[QueueRow] | None, *, is_old: bool) -> None:
        first, end = (self.unseen.line(page * PAGE), self.unseen.line((page + 1) * PAGE))
        if rows is None or is_old:
            self.pages.fail(page)  # read before the last change: it is asked for again
        elif self._contradicts(page * PAGE, rows):
            self.pages.fail(page)
            self.set_timer(_BETWEEN_LOOKS, self.look)
            return
        else:
            self.pages.put(page, rows)
            if not self.outlets and any(row.outlet for row in rows):
                self.outlets = True
                self.listed.invalidate()
                self.show_lines()
        if rows is not None:
            self.listed.invalidate(max(0, first), max(0, end))

    def _contradicts(self, first: int, rows: Sequence[QueueRow]) -> bool:
        """Whether a page whose first row is this one has another article where the cursor's is:
        then it was read after a change that has not been looked at yet."""
        key, place = self.listed.key, self.unseen.place(self.listed.cursor) - first
        return key is not None and 0 <= place < len(rows) and rows[place].id != key

    def show_top(self) -> None:
        """Shows what has arrived above."""
        if self.seen is not None:
            self.pages.ask_again()
            # What is shown from here on was seen; the next look says up to what.
            self.unseen, self._mark = Unseen(), self.seen.newest
            self.listed.set_size(self.seen.size, cursor=0, lost=True)
            self.listed.invalidate()
            self.show_lines()

    def show_listing(self, listing: Listing) -> None:
        """Lists other articles, or the same in another order, from the top."""
        self.listing = listing
        self.awaits(ROWS)
        self.unseen = Unseen()
        self.pages.clear()
        self.seen = self._articles = self._mark = None
        self.listed.set_size(0)
        self.look()
        self.show_lines()

    def show_new(self) -> None:
        """Shows what has arrived, at the top."""
        if not self.listing.in_arrival_order:
            self.show_listing(replace(self.listing, order="newest"))
        elif self.hidden:
            self.show_top()
        self.listed.move_to(0, tell=False)

    # Lines around the list

    def _watcher_problem(self, setup: AppSetup) -> str | None:
        problem = setup.watcher_problem() if setup.watcher_problem else None
        if problem and not self.told_problem:
            self.told_problem = True  # whole, for the line below the list may cut it
            self.app.notify(problem, severity="error", markup=False, timeout=30)
        return problem

    def _keep_lines(self) -> None:
        if not self._rests:
            self.show_lines()

    def show_lines(self) -> None:
        if not self.is_there:
            return
        setup, width, seen = self.setup, self.size.width, self.seen
        counts = counts_line(setup.workspace if setup else "", seen.counts if seen else None, width)
        right: tuple[Piece, ...] = (("accent", f" {setup.reviewer} "),) if setup else ()
        if self.listing.words:
            right = (("info", f" {self.listing.words} "), *right)
        self.query_one("#counts", Bar).show(BarLine(counts.left, (*unsaved(self.writer), *right)))
        self.query_one("#columns", Bar).show(
            columns(width, self.listing.order, outlets=self.outlets)
        )
        status = BarLine((("muted", " opening the workspace …"),))
        if setup is not None and seen is not None:
            status = status_line(
                seen.heartbeat,
                seen.counts,
                now=setup.clock.now(),
                inbox=str(setup.inbox),
                new=self.new,
                key=self.keymap.shown("queue_show_new"),
                problem=self._watcher_problem(setup),
            )
        if self.message:
            status = BarLine(status.left, (("accent", f" {self.message} "),))
        self.query_one("#status", Bar).show(status)
        self.query_one("#hints", Bar).show(hints(self.keymap.hints(Mode.QUEUE), width))

    def show_strip(self) -> None:
        """Shows the strip or the line being typed, if there is one."""
        if not self.is_there:
            return
        lines = self._strip_lines()
        self.query_one("#overlay").display = bool(lines)
        if lines:
            bar = self.query_one("#strip", Bar)
            bar.styles.height = len(lines)
            bar.show(*lines)

    def _strip_lines(self) -> list[BarLine]:
        told: tuple[Piece, ...] = (("accent", f" {self.message} "),) if self.message else ()
        if self.strip is not None:
            head, *others = self.strip.lines(self.size.width)
            return [BarLine(head.left, told or head.right), *others]
        if self.line is None:
            return []
        text, at = self.line.text, self.line.at
        # Of a line too long for the screen, what is around the cursor is shown.
        first = max(0, at - self.size.width + 12)
        typed: tuple[Piece, ...] = (
            ("strong", text[first:at]),
            ("accent", "▏"),
            ("strong", text[at:]),
        )
        told = told or (("muted", "enter takes it, then the next   esc ends "),)
        head = BarLine((("accent", " search in the titles"),), told)
        return [head, BarLine((("accent", " › "), *typed))]
