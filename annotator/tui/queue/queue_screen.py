"""The queue: every article, live; choose one to review. What its keys do."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from textual.message import Message

from annotator.tui.keys import Mode, means_nothing
from annotator.tui.queue.listing import Listing
from annotator.tui.queue.queue_base import PLACE, ROWS, QueueBase
from annotator.tui.screens.layers import begin
from annotator.tui.terminal.keyboard import Typed
from annotator.tui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from annotator.tui.setup import AppSetup
    from annotator.tui.strips import Strip
    from annotator.tui.widgets.line_editor import Line

# So long nothing may be typed before the titles are looked through.
_TYPING_RESTS = 0.15
# What keys wait for: the next article, that one is shown, that all is written.
_OPEN, _OPENED, _QUIT = "next", "article", "quit"


class QueueScreen(QueueBase):
    """All articles from one reviewer's point of view."""

    class Opened(Message):
        """An article is to be reviewed; `then` is the action to begin with, if any."""

        def __init__(self, article: str, then: str = "") -> None:
            super().__init__()
            self.article, self.then = article, then

    def __init__(self) -> None:
        super().__init__()
        # Of the search in titles: where it began, which words have been looked for, whether there
        # is a hit, whether it has been taken or is going to be, and whether the line is followed.
        self._from: str | None = None
        self._shown_for = ""
        self._has_hit = False
        self._is_taken = False
        self._is_wanted = False
        self._follows = False
        self._searching = asyncio.Lock()

    def come_back(self, article: str, said: str) -> None:
        """The reviewer is back from `article`; the cursor goes there before any key does
        anything."""
        if said:
            self.say(said)
        self._filling.end()
        self.look()
        self.go_to(article)

    # Keys

    def press(self, pressed: str, character: str | None) -> None:
        """Takes one key."""
        if self.strip is not None:
            self._press_in_strip(pressed)
        elif self.line is not None:
            self._press_in_line(self.line, pressed, character)
        else:
            self._filling.end()
            self.message = ""
            action = self.keymap.action(Mode.QUEUE, pressed)
            if action is not None:
                self.act(action)
            elif not self.listed.press(pressed):
                self.say(means_nothing(pressed, self.keymap, Mode.QUEUE))
            self.show_lines()

    def takes_at_once(self, typed: Typed) -> bool:
        """Leaving need not wait for what there is to see."""
        is_free = self.setup is None or self.awaited <= {ROWS, PLACE, _QUIT}
        return is_free and self.leaves(typed) and typed.at > self.uncovered_at

    def tell_of_waiting(self) -> None:
        """Says that keys wait, but for the workspace: that is said until it is there."""
        if self.setup is not None:
            super().tell_of_waiting()

    def leaves(self, typed: Typed) -> bool:
        """Whether a key leaves the screen, as it is now."""
        is_plain = self.strip is None and self.line is None
        return is_plain and self.keymap.action(Mode.QUEUE, typed.pressed) == "queue_quit"

    def insert(self, words: str) -> bool:
        """Puts what was pasted into the line that is being typed; whether there is one."""
        if self.line is not None:
            self._type(self.line.insert(words))
        return self.line is not None

    def begins_a_search(self, typed: Typed) -> bool:
        """Whether what comes in one piece with this key, after it, is looked for and not done."""
        is_plain = self.strip is None and self.line is None
        searches = ("queue_search", "queue_palette")
        return is_plain and self.keymap.action(Mode.QUEUE, typed.pressed) in searches

    def on_mouse_down(self) -> None:
        self._filling.end()
        self._is_wanted = True  # a cursor put somewhere by hand stays there

    def act(self, action: str) -> None:
        """Does one action of the table of keys."""
        getattr(self, f"do_{action}")()

    def do_queue_open(self) -> None:
        if self.listed.key is not None:
            self.open(self.listed.key)

    def do_queue_next(self) -> None:
        if self.setup is not None:
            self.fetch(_OPEN, partial(self._open_next, self.setup))

    def do_queue_skip(self) -> None:
        if self.listed.key is not None:
            self.open(self.listed.key, then="skip")

    def do_queue_show_new(self) -> None:
        self.show_new()

    def do_queue_rejected(self) -> None:
        if self.setup is not None:
            from annotator.tui.queue.rejected_screen import RejectedScreen

            screen = RejectedScreen(self.setup)
            self.changed = screen.load
            self.show_over(screen)

    def on_screen_resume(self) -> None:
        self.changed = None

    def do_queue_again(self) -> None:
        row = self.row
        if row is None:
            return
        if row.state == "failed":
            self._suggest(row.id, "Tried again.")
        else:
            key = self.keymap.shown("queue_suggest")
            self.say(f"Only what failed is tried again; {key} has new suggestions made.")

    def do_queue_suggest(self) -> None:
        row = self.row
        if row is None:
            return
        if row.state == "waiting":
            self.say("This article still waits for its suggestions.")
        else:
            self._suggest(row.id, "New suggestions are being made.")

    def do_queue_copy(self) -> None:
        if self.listed.key is not None:
            self.app.copy_to_clipboard(self.listed.key)
            self.say(f"Copied: {self.listed.key[:12]}…, the article's id.")

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
        article = self.listed.key
        if self.listing.is_filtered:
            self.show_listing(Listing(order=self.listing.order))
            if article is not None:
                self.go_to(article)

    def do_queue_help(self) -> None:
        if self.setup is not None:
            from annotator.tui.screens.help_screen import HelpScreen

            self.show_over(HelpScreen(self.setup, self.keymap, Mode.QUEUE))

    def do_queue_palette(self) -> None:
        from annotator.tui.screens.palette_screen import PaletteScreen

        self.show_over(PaletteScreen(self.keymap, Mode.QUEUE, self.act))

    def do_queue_quit(self) -> None:
        self.fetch(_QUIT, self.app.action_quit)

    def on_virtual_list_chosen(self, event: VirtualList.Chosen) -> None:
        event.stop()
        if self.takes_keys:
            self.open(event.key)

    # Opening

    def open(self, article: str, *, then: str = "") -> None:
        """Asks for an article to be reviewed, if it can be, beginning with the action `then`."""
        row = self.pages.of(article)
        if row is not None and row.state == "waiting":
            self.say("This article still waits for its suggestions.")
        elif row is not None and row.state == "failed":
            again = self.keymap.shown("queue_again")
            why = row.problem or "The log says why."
            self.say(f"No suggestions could be made: {why} {again} tries again.")
        else:
            self._send(article, then)

    def _send(self, article: str, then: str = "") -> None:
        self.awaits(_OPENED)
        self.post_message(self.Opened(article, then))

    def opened(self) -> None:
        """The article that was asked for lies over the queue, or never will."""
        self.arrived(_OPENED)

    async def _open_next(self, setup: AppSetup) -> None:
        ask = partial(
            setup.store.queue.next_ready,
            setup.reviewer,
            None,
            outlet=self.listing.outlet,
            order=self.listing.order,
            reviews_per_article=setup.reviews_per_article,
            now=setup.clock.now(),
        )
        article = await self.from_store(ask)
        if article is not None:
            self._send(article)
        elif not self.message:
            self.say("Nothing is ready.")

    # New suggestions

    def _suggest(self, article: str, done: str) -> None:
        if self.setup is not None:
            self.fetch("suggestions", partial(self._suggest_again, self.setup, article, done))

    async def _suggest_again(self, setup: AppSetup, article: str, done: str) -> None:
        changed = await self.from_store(partial(setup.store.work.suggest_again, (article,)))
        if changed == 0:
            self.say("Somebody has this article open or has decided on it: its suggestions stay.")
        elif changed:
            self.say(done)
            self.look()

    # Filter and order

    def do_queue_filter(self) -> None:
        from annotator.tui.strips import queue_filter_strip

        self._open_strip(queue_filter_strip())

    def do_queue_order(self) -> None:
        from annotator.tui.strips import queue_order_strip

        self._open_strip(queue_order_strip())

    def _open_strip(self, strip: Strip | None) -> None:
        self.strip = strip
        self.show_strip()

    def _press_in_strip(self, pressed: str) -> None:
        assert self.strip is not None
        choice = self.strip.by_letter.get(pressed)
        if choice is None and pressed != "escape":
            self.say(f"{pressed} stands for nothing here; esc closes.")
            return
        self.message = ""
        self._open_strip(None)
        if choice is None:
            self.show_lines()
        elif choice.value == ("ask", "outlet"):
            if self.setup is not None:
                self.fetch("outlets", partial(self._ask_outlet, self.setup))
        else:
            self.show_listing(self.listing.chosen(choice.value))

    async def _ask_outlet(self, setup: AppSetup) -> None:
        from annotator.tui.strips import outlet_strip

        outlets = await self.from_store(setup.store.queue.outlets)
        if outlets:
            self._open_strip(outlet_strip(outlets, self.row.outlet if self.row else None))
        elif outlets is not None:
            self.say("No article says which outlet it is from.")

    # Searching in the titles

    def do_queue_search(self) -> None:
        from annotator.tui.widgets.line_editor import Line

        self._from, self._shown_for = self.listed.key, ""
        self._has_hit = self._is_taken = self._is_wanted = False
        self._type(Line())

    def _type(self, line: Line | None) -> None:
        if line is not None and self.line is not None and line.text != self.line.text:
            self._is_wanted = False
        self.line = line
        self.show_strip()
        if line is not None and self.setup is not None and not self._follows:
            self._follows = True
            begin(self, partial(self._follow, self.setup), group="search")

    def _press_in_line(self, line: Line, pressed: str, character: str | None) -> None:
        self.message = ""
        if pressed == "escape":
            self._type(None)
            if not self._is_wanted and self._shown_for and self._from is not None:
                self.go_to(self._from)
        elif pressed == "enter":
            if self.setup is not None and line.text.strip():
                self._is_wanted = True
                self.show_strip()
                self.fetch("hit", partial(self._take_hit, self.setup, line.text))
        else:
            typed = character if character and character.isprintable() else None
            self._type(line.insert(typed) if typed else line.press(pressed))
        self.show_lines()

    async def _follow(self, setup: AppSetup) -> None:
        """Shows the first hit for what stands in the line, whenever typing rests.

        One question at a time, whatever is typed: among 100,000 titles one takes a moment.
        """
        try:
            while self.line is not None and self.line.text != self._shown_for:
                words = self.line.text
                await asyncio.sleep(_TYPING_RESTS)
                async with self._searching:
                    if self.line is not None and self.line.text == words != self._shown_for:
                        await self._show_first(setup, words)
        finally:
            self._follows = False

    async def _show_first(self, setup: AppSetup, words: str) -> None:
        """Puts the cursor on the first hit after where the search began."""
        self._shown_for, self._is_taken = words, False
        self._has_hit = await self._go_to_next(setup, words, self._from)
        if not self._has_hit and self._from is not None:
            await self.find(setup, self._from)

    async def _take_hit(self, setup: AppSetup, words: str) -> None:
        """The hit that is shown is what was meant; once it is taken, the next one is."""
        async with self._searching:
            if words != self._shown_for:
                await self._show_first(setup, words)
            elif self._is_taken:
                await self._go_to_next(setup, words, self.listed.key)
            elif not self._has_hit:
                self._say_no_hit(words)
            if self._has_hit:
                self._is_taken, self._from = True, self.listed.key

    async def _go_to_next(self, setup: AppSetup, words: str, after: str | None) -> bool:
        """Puts the cursor on the next hit; says so if there is none."""
        if not words.strip():
            return False
        ask = partial(setup.store.queue.next_titled, words, setup.reviewer, after)
        article = await self.from_store(partial(ask, **self.asked()))
        if article is not None:
            await self.find(setup, article)
        elif not self.message:
            self._say_no_hit(words)
        return article is not None

    def _say_no_hit(self, words: str) -> None:
        self.say(f"No other title holds “{words.strip()}”.")
