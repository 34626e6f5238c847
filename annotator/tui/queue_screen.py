"""The queue: every article, live; choose one to review.

Rows are asked from the store a page at a time and only where they are in view. New arrivals come in
above what is shown and wait there until they are asked for, so that nothing moves under the cursor.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.screen import Screen

from annotator.errors import AnnotatorError
from annotator.tui.bar import Bar, BarLine, Piece
from annotator.tui.keys import KeyMap, Mode, keymap, pressed_key
from annotator.tui.queue_rows import columns, counts_line, queue_row, status_line
from annotator.tui.strips import STATES, Choice, Strip, state_strip
from annotator.tui.virtual_list import Row, VirtualList

if TYPE_CHECKING:
    from annotator.store.values import Counts, Heartbeat, QueueRow
    from annotator.tui.setup import AppSetup

_PAGE = 100
_POLL_SECONDS = 0.3
_KEPT_ROWS = 2000


@dataclass(frozen=True, slots=True)
class Seen:
    """What the store said at one look: counts, the list's length, where the cursor's article is."""

    counts: Counts
    size: int
    cursor: str | None
    position: int | None
    heartbeat: Heartbeat | None


class QueueScreen(Screen[None]):
    """All articles from one reviewer's point of view."""

    class Opened(Message):
        """An article is to be reviewed."""

        def __init__(self, article: str) -> None:
            super().__init__()
            self.article = article

    class Looked(Message):
        """The store was looked at; from the polling thread."""

        def __init__(self, seen: Seen | AnnotatorError) -> None:
            super().__init__()
            self.seen = seen

    def __init__(self) -> None:
        super().__init__()
        self.setup: AppSetup | None = None
        self.keymap: KeyMap = keymap()
        self.state: str | None = None
        self.seen: Seen | None = None
        self.hidden = 0
        self.message = ""
        self.strip: Strip | None = None
        self._rows: dict[int, QueueRow] = {}
        self._stale: set[int] = set()
        self._asked: set[int] = set()
        # Until something is pressed, a list that began empty shows everything as it comes.
        self._live = False
        self._stop = threading.Event()
        self._look_now = threading.Event()

    def compose(self) -> ComposeResult:
        yield Bar(id="counts")
        yield Bar(id="columns")
        yield VirtualList(self._row, id="queue")
        yield Bar(id="status")
        yield Bar(id="hints")
        with Vertical(id="overlay"):
            yield Bar(id="strip")

    @property
    def listed(self) -> VirtualList:
        return self.query_one("#queue", VirtualList)

    def on_mount(self) -> None:
        self.query_one("#overlay").display = False
        self.query_one("#counts", Bar).show(counts_line("", None))
        self.listed.focus()
        self.show_lines()

    def on_unmount(self) -> None:
        self._stop.set()
        self._look_now.set()

    def on_resize(self) -> None:
        self.listed.invalidate()
        self.show_lines()

    def begin(self, setup: AppSetup, keys: KeyMap) -> None:
        """Takes over what has been loaded behind the first frame, and starts looking."""
        self.setup, self.keymap = setup, keys
        self.show_lines()
        threading.Thread(target=self._poll, name="annotator-poll", daemon=True).start()
        self.set_interval(1.0, self.show_lines)

    def come_back(self, article: str, said: str) -> None:
        """The reviewer is back from `article`; the cursor goes there."""
        if said:
            self.say(said)
        self._live = False
        self.look()
        if self.setup is not None:
            self.run_worker(self._find(article), group="find", exclusive=True)

    def look(self) -> None:
        """Asks the store at once instead of at the next turn."""
        self._look_now.set()

    def say(self, message: str) -> None:
        self.message = message
        self.show_lines()

    # Looking at the store, in a thread of its own

    def _poll(self) -> None:
        setup = self.setup
        assert setup is not None
        version: int | None = None
        while not self._stop.is_set():
            try:
                now = setup.store.data_version()
                if now != version or self._look_now.is_set():
                    self._look_now.clear()
                    self.post_message(self.Looked(self._look(setup)))
                    version = now
            except AnnotatorError as error:
                version = None
                self.post_message(self.Looked(error))
                self._stop.wait(2.0)
            self._look_now.wait(_POLL_SECONDS)

    def _look(self, setup: AppSetup) -> Seen:
        store, cursor = setup.store, self.listed.key
        room = setup.reviews_per_article
        return Seen(
            store.counts(setup.reviewer),
            store.queue_size(setup.reviewer, state=self.state, reviews_per_article=room),
            cursor,
            store.queue_position(cursor, setup.reviewer, state=self.state, reviews_per_article=room)
            if cursor is not None
            else None,
            store.heartbeat(),
        )

    def on_queue_screen_looked(self, event: QueueScreen.Looked) -> None:
        if isinstance(event.seen, AnnotatorError):
            self.say(f"{event.seen.message} {event.seen.hint}")
            return
        self._take_over(event.seen)

    def _take_over(self, seen: Seen) -> None:
        """Shows what was seen, with the row under the cursor where it was."""
        first = self.seen is None
        changed = first or self.seen is None or seen.counts != self.seen.counts
        if first:
            self._live = seen.size == 0
        before, self.seen = self.seen, seen
        cursor = self.listed.cursor
        if self._live or seen.cursor is None:
            hidden, at = 0, 0 if self._live else cursor
        elif seen.cursor != self.listed.key or seen.position is None:
            hidden, at = min(self.hidden, seen.size), cursor
        else:
            hidden = max(0, seen.position - cursor)
            at = seen.position - hidden
        moved = hidden - self.hidden
        if moved:
            self._rows = {place + moved: row for place, row in self._rows.items()}
            self._asked.clear()
        self.hidden = hidden
        self._stale = {place // _PAGE for place in self._rows}
        if self._live or before is None or seen.size != before.size or moved:
            self.listed.set_size(seen.size - hidden, cursor=at)
            changed = True
        if self._live and changed:
            self._rows.clear()
            self._asked.clear()
        self.listed.invalidate()
        self.show_lines()

    async def _find(self, article: str) -> None:
        setup = self.setup
        assert setup is not None
        room = setup.reviews_per_article
        try:
            position = await asyncio.to_thread(
                lambda: setup.store.queue_position(
                    article, setup.reviewer, state=self.state, reviews_per_article=room
                )
            )
        except AnnotatorError as error:
            self.say(error.message)
            return
        if position is not None:
            if position < self.hidden:
                self.show_new()
            self.listed.move_to(position - self.hidden, tell=False)

    # Rows

    def _row(self, index: int) -> Row | None:
        place = index + self.hidden
        row = self._rows.get(place)
        page = place // _PAGE
        if row is None or page in self._stale:
            self._ask(page)
        if row is None or self.setup is None:
            return None
        return queue_row(row, now=self.setup.clock.now(), width=self.size.width)

    def _ask(self, page: int) -> None:
        if page not in self._asked and self.setup is not None:
            self._asked.add(page)
            self.run_worker(self._load(self.setup, page, self.hidden), group="pages")

    async def _load(self, setup: AppSetup, page: int, hidden: int) -> None:
        state, room = self.state, setup.reviews_per_article
        try:
            rows = await asyncio.to_thread(
                lambda: setup.store.queue(
                    setup.reviewer,
                    offset=page * _PAGE,
                    limit=_PAGE,
                    state=state,
                    reviews_per_article=room,
                )
            )
        except AnnotatorError as error:
            self.say(f"{error.message} {error.hint}")
            return
        if state != self.state or hidden != self.hidden:
            return
        self._asked.discard(page)
        self._stale.discard(page)
        if len(self._rows) > _KEPT_ROWS:
            self._rows.clear()
        first = page * _PAGE
        for place in range(first, first + _PAGE):
            self._rows.pop(place, None)
        self._rows.update(enumerate(rows, start=first))
        self.listed.invalidate(max(0, first - hidden), max(0, first + _PAGE - hidden))

    # Keys

    def on_key(self, event: events.Key) -> None:
        pressed = pressed_key(event.key, event.character)
        if self.strip is not None:
            event.stop()
            event.prevent_default()
            self._press_in_strip(pressed)
            return
        action = self.keymap.action(Mode.QUEUE, pressed)
        if action is None:
            return
        event.stop()
        event.prevent_default()
        self._live = False
        self.message = ""
        self.act(action)

    def on_mouse_down(self) -> None:
        self._live = False

    def act(self, action: str) -> None:
        """Does one action of the table of keys."""
        getattr(self, f"do_{action}")()

    def do_queue_open(self) -> None:
        if self.listed.key is not None:
            self.open(self.listed.key)

    def do_queue_next(self) -> None:
        if self.setup is not None:
            self.run_worker(self._open_next(self.setup), group="open", exclusive=True)

    def do_queue_show_new(self) -> None:
        if self.hidden:
            self.show_new()
        self.listed.move_to(0, tell=False)

    def do_queue_filter(self) -> None:
        self._show_strip(state_strip())

    def do_queue_rejected(self) -> None:
        if self.setup is not None:
            from annotator.tui.rejected_screen import RejectedScreen

            self.app.push_screen(RejectedScreen(self.setup))

    def do_queue_down(self) -> None:
        self.listed.action_move(1)

    def do_queue_up(self) -> None:
        self.listed.action_move(-1)

    def do_queue_page_down(self) -> None:
        self.listed.action_page(1)

    def do_queue_page_up(self) -> None:
        self.listed.action_page(-1)

    def do_queue_top(self) -> None:
        self.listed.action_edge(-1)

    def do_queue_bottom(self) -> None:
        self.listed.action_edge(1)

    def do_queue_close(self) -> None:
        if self.state is not None:
            self._filter(None)

    def do_queue_help(self) -> None:
        if self.setup is not None:
            from annotator.tui.help_screen import HelpScreen

            self.app.push_screen(HelpScreen(self.setup, self.keymap, Mode.QUEUE))

    def do_queue_palette(self) -> None:
        self.app.action_command_palette()

    async def _quit(self) -> None:
        await self.app.action_quit()

    def do_queue_quit(self) -> None:
        self.run_worker(self._quit(), group="quit", exclusive=True)

    def on_virtual_list_chosen(self, event: VirtualList.Chosen) -> None:
        event.stop()
        self.open(event.key)

    def open(self, article: str) -> None:
        """Asks for an article to be reviewed, if it can be."""
        row = next((row for row in self._rows.values() if row.id == article), None)
        if row is not None and row.state == "waiting":
            self.say("This article still waits for its suggestions.")
        elif row is not None and row.state == "failed":
            self.say(f"No suggestions could be made: {row.problem or 'the log says why'}")
        else:
            self.post_message(self.Opened(article))

    def show_new(self) -> None:
        """Shows what has arrived above."""
        if self.seen is not None:
            self.hidden = 0
            self._asked.clear()
            self.listed.set_size(self.seen.size, cursor=0)
            self.listed.invalidate()
            self.show_lines()

    async def _open_next(self, setup: AppSetup) -> None:
        ask: Callable[[], str | None] = lambda: setup.store.next_ready(  # noqa: E731
            setup.reviewer,
            None,
            reviews_per_article=setup.reviews_per_article,
            now=setup.clock.now(),
        )
        try:
            article = await asyncio.to_thread(ask)
        except AnnotatorError as error:
            self.say(f"{error.message} {error.hint}")
            return
        if article is None:
            self.say("Nothing is ready.")
        else:
            self.post_message(self.Opened(article))

    # The filter strip

    def _press_in_strip(self, pressed: str) -> None:
        assert self.strip is not None
        choice: Choice | None = self.strip.by_letter.get(pressed)
        if pressed == "escape" or choice is not None:
            self._show_strip(None)
        if choice is not None:
            value = choice.value[1]
            self._filter(value if isinstance(value, str) else None)

    def _show_strip(self, strip: Strip | None) -> None:
        self.strip = strip
        self.query_one("#overlay").display = strip is not None
        if strip is not None:
            lines = strip.lines(self.size.width)
            bar = self.query_one("#strip", Bar)
            bar.styles.height = len(lines)
            bar.show(*lines)

    def _filter(self, state: str | None) -> None:
        self.state = state
        self.hidden = 0
        self._rows.clear()
        self._asked.clear()
        self._stale.clear()
        self.seen = None
        self.listed.set_size(0)
        self.look()

    # Lines around the list

    def show_lines(self) -> None:
        if not self.is_mounted:
            return
        setup, width = self.setup, self.size.width
        workspace = setup.workspace if setup else ""
        seen = self.seen
        state = next((words for _, words, state in STATES if state == self.state), "all")
        counts = counts_line(workspace, seen.counts if seen else None)
        right: tuple[Piece, ...] = (("accent", f" {setup.reviewer} "),) if setup else ()
        if self.state is not None:
            right = (("info", f" only {state} "), *right)
        self.query_one("#counts", Bar).show(BarLine(counts.left, right))
        self.query_one("#columns", Bar).show(columns(width))
        if setup is not None and seen is not None:
            key = self.keymap.shown("queue_show_new")
            status = status_line(
                seen.heartbeat,
                seen.counts,
                now=setup.clock.now(),
                inbox=str(setup.inbox),
                new=self.hidden,
                key=key,
            )
        else:
            status = BarLine((("muted", " opening the workspace …"),))
        if self.message:
            status = BarLine(status.left, (("accent", f" {self.message} "),))
        self.query_one("#status", Bar).show(status)
        from annotator.tui.detail import hints

        self.query_one("#hints", Bar).show(hints(self.keymap.hints(Mode.QUEUE), width))
