"""The live rows of the queue.

Rows are loaded from the store page by page, only if they are in view. New arrivals are listed above
and stay hidden until requested, so that nothing moves under the cursor.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from annotator.core.states import QueueOrder
from annotator.errors import AnnotatorError
from annotator.tui.queue.initial_load import InitialLoad
from annotator.tui.queue.listing import Listing
from annotator.tui.queue.poller import Poller, PollRequest, PollResult
from annotator.tui.queue.queue_columns import Filled
from annotator.tui.queue.queue_pages import PAGE, QueuePages, Unseen
from annotator.tui.queue.queue_questions import QueueQuestions
from annotator.tui.queue.queue_rows import RowPlace, group_heading, queue_row
from annotator.tui.screens.layers import KeyScreen
from annotator.tui.screens.waiting import begin
from annotator.tui.widgets.virtual_list import Row, VirtualList

if TYPE_CHECKING:
    from annotator.store.values import QueueRow

# If changes come faster than looks, the next look waits this long.
_BETWEEN_LOOKS = 0.05
# The orders in which a group stands together.
BY_ARRIVAL = (QueueOrder.NEWEST, QueueOrder.OLDEST)
# What keys wait for besides their own work: the rows of a list, a position in it.
ROWS, PLACE = "rows", "place"


class QueueList:
    """The list of the queue screen; `shown` is called whenever the lines around it must change.

    `listed` is its widget, `seen` the last result of the store, None before the first; `opened` are
    the articles opened from it since the list was last looked at.
    """

    def __init__(
        self, screen: KeyScreen, questions: QueueQuestions, shown: Callable[[], None]
    ) -> None:
        self.listed = VirtualList(self._row, id="queue")
        self.listing = Listing()
        self.seen: PollResult | None = None
        self.unseen = Unseen()
        self.pages = QueuePages()
        self.initial_load = InitialLoad()
        self.filled = Filled()
        self.rests = False
        self.opened: list[str] = []
        self._screen, self._questions, self._shown = screen, questions, shown
        self._poller: Poller | None = None
        self._articles: int | None = None
        self._mark: int | None = None
        self._looks = 0
        self._sought: tuple[str, ...] = ()
        self._to_find: str | None = None

    @property
    def row(self) -> QueueRow | None:
        """The article under the cursor, if it is loaded."""
        return None if self.listed.key is None else self.pages.of(self.listed.key)

    @property
    def hidden(self) -> int:
        """The number of rows hidden until they are requested."""
        return len(self.unseen)

    @property
    def new(self) -> int:
        """The number of arrivals not shown yet."""
        if self.listing.in_arrival_order or self.seen is None or self._articles is None:
            return self.hidden
        return max(0, self.seen.counts.articles - self._articles)

    # Polling the store

    def begin(self, tell: Callable[[PollResult | AnnotatorError], object]) -> None:
        """Start polling the store; `tell` is called from another thread."""
        assert self._questions.setup is not None
        self._poller = Poller(
            self._questions.setup,
            lambda: PollRequest(self.listing, self.listed.key, self._mark),
            tell,
        )

    def end(self) -> None:
        """Stop polling for good."""
        if self._poller is not None:
            self._poller.stop()

    def rest(self) -> None:
        """Pause polling until `look`: an article covers the queue.

        Textual redraws the top screen whenever something below it changes.
        """
        self.rests = True
        if self._poller is not None:
            self._poller.rest()

    def look(self) -> None:
        """Query the store at once instead of at the next turn."""
        self.rests = False
        if self._poller is not None:
            self._poller.look()

    def take_over(self, seen: PollResult, now: float) -> None:
        """Update the list to what was seen at a time (seconds), keeping the row under the cursor in
        place."""
        if seen.wanted.listing != self.listing:
            return
        self.seen = seen
        self._looks += 1
        self.initial_load.saw(seen.size, now)
        if self._articles is None or self.initial_load.is_running:
            self._articles, self._mark = seen.counts.articles, seen.newest
        self._place(seen)
        self._shown()
        if self._to_find is not None:
            self.go_to(self._to_find)
            self._to_find = None
        if not self.listed.count:
            self._screen.waiting.arrived(ROWS)

    def _place(self, seen: PollResult) -> None:
        """Set the length of the list, keeping the row under the cursor in place.

        Only what arrived since the mark is hidden. Other rows that come to stand above the cursor
        (texts found to be alike, another state under a filter) were shown, and are scrolled past.
        """
        listed, before = self.listed, self.unseen
        is_current = seen.wanted.mark == self._mark
        above, among = (seen.above, seen.among) if is_current else (before.above, before.among)
        headings = tuple(group.place + n for n, group in enumerate(seen.groups))
        asked_for, position = seen.wanted.cursor == listed.key, seen.position
        if self.initial_load.is_running:
            now, cursor, lost = Unseen(headings=headings), 0, True
        elif position is None or not asked_for:
            now = Unseen(min(above, max(0, seen.size - len(among))), among, headings)
            cursor, lost = listed.cursor, asked_for and listed.key is not None
            if not asked_for:
                self.look()  # the cursor has moved meanwhile
        else:
            line = Unseen(0, among, headings).line(position)
            above = min(above, line)
            now, cursor, lost = Unseen(above, among, headings), line - above, False
        # Until they are reloaded, rows are shown unchanged.
        self.pages.move(before, now, cursor - listed.cursor)
        self.unseen = now
        self.pages.grow_stale()
        if lost:
            self.pages.forget(now.place(cursor))
        listed.set_size(now.lines(seen.size), cursor=cursor, lost=lost)

    def mark(self, sought: Sequence[str]) -> None:
        """Mark these words in the titles."""
        if tuple(sought) != self._sought:
            self._sought = tuple(sought)
            self.listed.invalidate()

    def keep_opened(self) -> None:
        """Keep what was opened from here where it is: a filter may no longer fit it. It stays until
        another listing is shown, or this one anew."""
        listing, self.opened = self.listing.with_staying(self.opened), []
        if listing != self.listing:
            self.listing = listing
            self.pages.ask_again()

    # Moving to an article or to another listing

    def go_to(self, article: str) -> None:
        """Move the cursor to an article, if it is listed, as soon as the list is loaded."""
        if self.seen is None:
            self._to_find = article
        else:
            self._screen.waiting.fetch(PLACE, partial(self.find, article))

    async def find(self, article: str) -> None:
        """Move the cursor to an article, if it is listed."""
        position = await self._questions.position(self.listing, article)
        if position is not None and self.listed.is_attached:
            if position < self.unseen.above or position in self.unseen.among:
                self._show_top()
            if self.seen is not None and self.unseen.lines(self.seen.size) > self.listed.count:
                self.listed.set_size(self.unseen.lines(self.seen.size))
            self.listed.move_to(self.unseen.line(position), tell=False, key=article)

    def show_listing(self, listing: Listing) -> None:
        """List other articles, or the same in another order, from the top."""
        self.listing = replace(listing, staying=())
        self._screen.waiting.awaits(ROWS)
        self.unseen = Unseen()
        self.pages.clear()
        self.seen = self._articles = self._mark = None
        self.listed.set_size(0)
        self.look()
        self._shown()

    def show_new(self) -> None:
        """Show arrivals, from the top."""
        if self.listing.staying or not self.listing.in_arrival_order:
            self.show_listing(replace(self.listing, order=QueueOrder.NEWEST))
        elif self.hidden:
            self._show_top()
        self.listed.move_to(0, tell=False)

    def _show_top(self) -> None:
        """Show the arrivals above."""
        if self.seen is not None:
            self.pages.ask_again()
            # Everything shown from here on counts as seen; the next look sets the mark.
            self.unseen, self._mark = Unseen(), self.seen.newest
            self.listed.set_size(self.seen.size, cursor=0, lost=True)
            self.listed.invalidate()
            self._shown()

    # Rows

    def _row(self, index: int) -> Row | None:
        setup = self._questions.setup
        if setup is None:
            return None
        heading = self.unseen.heading(index)
        if heading is not None and self.seen is not None:
            return group_heading(self.seen.groups[heading])
        row, due = self.pages.row(self.unseen.place(index))
        if due is not None:
            begin(self._screen, partial(self._load, due), group="pages")
        if row is None:
            return None
        at = RowPlace(
            self._screen.size.width,
            self.listing.order,
            self.filled,
            self._is_below(index, row),
            self._sought,
            row.id in self.listing.staying and not self.listing.fits(row.state),
        )
        return queue_row(row, at, setup.clock.now())

    def _is_below(self, index: int, row: QueueRow) -> bool:
        """Whether the line above has an article of the same group: revisions and near-duplicates
        share their place in the order of arrival."""
        if not index:
            return False
        if self.listing.order is QueueOrder.BY_STORY:
            return row.story is not None
        if self.listing.order not in BY_ARRIVAL:
            return False
        above = self.pages.rows.get(self.unseen.place(index - 1))
        return above is not None and above.place == row.place

    def _is_marked_below(self, index: int) -> bool:
        """Whether this line, if its row is loaded, tells that it is below another of its group."""
        row = self.pages.rows.get(self.unseen.place(index))
        return row is not None and self._is_below(index, row)

    async def _load(self, page: int) -> None:
        listing, looks = self.listing, self._looks
        rows: Sequence[QueueRow] | None = None
        try:
            rows = await self._questions.page(listing, page)
        except AnnotatorError as error:
            self._screen.say(f"{error.message} {error.hint}")
        if listing != self.listing or not self.listed.is_attached:
            return  # that row is no longer shown
        if rows is None:
            self.pages.fail(page)
        else:
            self._take_page(page, rows, is_old=looks != self._looks)
        self._screen.waiting.arrived(ROWS)

    def _take_page(self, page: int, rows: Sequence[QueueRow], *, is_old: bool) -> None:
        first, end = (self.unseen.line(page * PAGE), self.unseen.line((page + 1) * PAGE))
        was_below = self._is_marked_below(end)
        if is_old:
            self.pages.fail(page)  # loaded before the last change: load it again
        elif self._contradicts(page * PAGE, rows):
            self.pages.fail(page)
            self._screen.set_timer(_BETWEEN_LOOKS, self.look)
            return
        else:
            self.pages.put(page, rows)
            filled = self.filled.after(rows)
            if filled != self.filled:
                self.filled = filled
                self.listed.invalidate()
                self._shown()
        # The line after the page tells whether it is below another of its group: it is drawn again
        # only if it tells something else now, as it may have been drawn since its page was loaded.
        end += self._is_marked_below(end) != was_below
        self.listed.invalidate(max(0, first), max(0, end))

    def _contradicts(self, first: int, rows: Sequence[QueueRow]) -> bool:
        """Whether a page with this first row has another article at the cursor's position: then it
        was loaded after a change that the poller has not seen yet."""
        key, place = self.listed.key, self.unseen.place(self.listed.cursor) - first
        return key is not None and 0 <= place < len(rows) and rows[place].id != key
