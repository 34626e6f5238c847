"""The actions of the queue: one method per action of the table of keys."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from textual.message import Message
from textual.signal import Signal

from annotator.core.states import ArticleState
from annotator.tui.keys import KeyMap, Mode, keymap
from annotator.tui.queue.listing import Listing, reversed_order
from annotator.tui.queue.queue_doors import QueueDoors
from annotator.tui.queue.queue_list import QueueList
from annotator.tui.queue.queue_preview import QueuePreview
from annotator.tui.queue.queue_prompts import QueuePrompts
from annotator.tui.queue.queue_questions import QueueQuestions
from annotator.tui.screens.layers import KeyScreen

if TYPE_CHECKING:
    from annotator.tui.queue.queue_columns import Head

# What keys wait for: the next article, an article to be shown, everything to be written.
_NEXT, OPENED, QUIT = "next", "article", "quit"


class Opened(Message, namespace="queue"):
    """An article is to be reviewed; `then` is the first action, if any."""

    def __init__(self, article: str, then: str = "") -> None:
        super().__init__()
        self.article, self.then = article, then


class ToAdjudicate(Message, namespace="queue"):
    """The finished reviews of an article are to be adjudicated."""

    def __init__(self, article: str) -> None:
        super().__init__()
        self.article = article


@dataclass(frozen=True)
class QueueParts:
    """The parts that the actions of the queue use: its list, the preview below it, its prompts,
    its questions."""

    rows: QueueList
    preview: QueuePreview
    prompts: QueuePrompts
    questions: QueueQuestions


class TourWanted(Message, namespace="queue"):
    """The tour is to be opened."""


class QueueActions:
    """The actions; `changed` tells a screen over the queue that the store has changed."""

    def __init__(self, screen: KeyScreen, parts: QueueParts, changed: Signal[None]) -> None:
        self.keymap: KeyMap = keymap()
        self._screen = screen
        self._doors = QueueDoors(screen, parts.rows, parts.questions, changed)
        self._preview = parts.preview
        # The article that was finished last, if nothing else was ready.
        self.just_done: str | None = None
        parts.prompts.opens = self.open
        self._rows, self._prompts, self._questions = parts.rows, parts.prompts, parts.questions

    def use(self, keys: KeyMap) -> None:
        """Set the keys that messages name."""
        self.keymap = self._doors.keymap = keys

    def meant(self, pressed: str) -> str | None:
        """The current action of a key; None if a prompt takes what is typed."""
        if self._prompts.is_open:
            return None
        return self.keymap.action(Mode.QUEUE, pressed)

    def act(self, action: str) -> None:
        """Run one action of the table of keys."""
        name = f"do_{action}"
        getattr(self if hasattr(self, name) else self._doors, name)()

    def can(self, action: str) -> bool:
        """Whether an action can do anything now."""
        row, listing = self._rows.row, self._rows.listing
        match action:
            case "queue_open" | "queue_copy" | "queue_skip":
                return row is not None
            case "queue_again":
                return row is not None and row.state is ArticleState.FAILED
            case "queue_suggest":
                return row is not None and row.state is not ArticleState.WAITING
            case "queue_show_new":
                return self._rows.new > 0
            case "queue_close":
                return listing.is_filtered
        return True

    def open(self, article: str, *, then: str = "") -> None:
        """Request the review of an article, if possible, starting with the action `then`."""
        row = self._rows.pages.of(article)
        if row is not None and row.state is ArticleState.WAITING:
            ready = self.keymap.shown("queue_next")
            self._screen.say(f"This article has no suggestions yet; {ready} opens one that has.")
        elif row is not None and row.state is ArticleState.FAILED:
            again = self.keymap.shown("queue_again")
            why = row.problem or "The log says why."
            self._screen.say(f"No suggestions could be made: {why} {again} tries again.")
        else:
            self._send(article, then)

    def _send(self, article: str, then: str = "") -> None:
        self._screen.waiting.awaits(OPENED)
        self._screen.post_message(Opened(article, then))

    # Articles

    def do_queue_open(self) -> None:
        if self._rows.listed.key is not None:
            self.open(self._rows.listed.key)

    def do_queue_next(self) -> None:
        self._screen.waiting.fetch(_NEXT, self._open_next)

    def do_queue_skip(self) -> None:
        if self._rows.listed.key is not None:
            self.open(self._rows.listed.key, then="skip")

    def do_queue_undo(self) -> None:
        done, self.just_done = self.just_done, None
        if done is None:
            self._screen.say("Nothing was finished just now; in an article, undo goes all the way.")
        else:
            self._send(done, "undo")

    def do_queue_tour(self) -> None:
        self._screen.waiting.awaits(OPENED)
        self._screen.post_message(TourWanted())

    def do_queue_again(self) -> None:
        row = self._rows.row
        if row is None:
            return
        if row.state is ArticleState.FAILED:
            self._suggest(row.id, "Tried again.")
        else:
            key = self.keymap.shown("queue_suggest")
            self._screen.say(f"Only what failed is tried again; {key} has new suggestions made.")

    def do_queue_suggest(self) -> None:
        row = self._rows.row
        if row is None:
            return
        if row.state is ArticleState.WAITING:
            self._screen.say("This article has no suggestions yet.")
        else:
            self._suggest(row.id, "New suggestions are being made.")

    def do_queue_copy(self) -> None:
        article = self._rows.listed.key
        if article is not None:
            self._screen.app.copy_to_clipboard(article)
            self._screen.say(f"Copied: {article[:12]}…, the article's id.")

    def do_queue_address(self) -> None:
        row = self._rows.row
        if row is not None and row.url is not None:
            self._screen.app.copy_to_clipboard(row.url)
            self._screen.say(f"Copied: {row.url}")
        else:
            self._screen.say("This article has no address.")

    async def _open_next(self) -> None:
        article = await self._questions.next_ready(self._rows.listing)
        if article is not None:
            self._send(article)
        else:
            self._screen.say("Nothing is ready.")

    def _suggest(self, article: str, done: str) -> None:
        self._screen.waiting.fetch("suggestions", partial(self._suggest_again, article, done))

    async def _suggest_again(self, article: str, done: str) -> None:
        if await self._questions.suggest_again(article):
            self._screen.say(done)
            self._rows.look()
        else:
            self._screen.say(
                "Somebody has this article open or has decided on it: its suggestions stay."
            )

    # Moving in the list

    def do_queue_down(self) -> None:
        self._rows.listed.action_move(1)

    def do_queue_up(self) -> None:
        self._rows.listed.action_move(-1)

    def do_queue_page_down(self) -> None:
        self._rows.listed.action_page(1)

    def do_queue_page_up(self) -> None:
        self._rows.listed.action_page(-1)

    def do_queue_top(self) -> None:
        self._rows.listed.action_edge(-1)

    def do_queue_bottom(self) -> None:
        self._rows.listed.action_edge(1)

    def do_queue_search(self) -> None:
        self._prompts.open_search()

    # Filter and order

    def do_queue_preview(self) -> None:
        self._preview.toggle()

    def do_queue_show_new(self) -> None:
        self._rows.show_new()

    def do_queue_filter(self) -> None:
        self._prompts.open_filters()

    def do_queue_order(self) -> None:
        self._prompts.open_orders()

    def do_queue_outlet(self) -> None:
        self._prompts.open_outlets()

    def sort_by(self, head: Head) -> None:
        """What a click on the head of a column means."""
        listing = self._rows.listing
        if head.orders:
            self._rows.show_listing(replace(listing, order=head.next_order(listing.order)))
        elif head.action:
            self.act(head.action)

    def do_queue_reverse(self) -> None:
        reverse = reversed_order(self._rows.listing.order)
        if reverse is None:
            self._screen.say("Stories have one order: the newest first.")
        else:
            self._rows.show_listing(replace(self._rows.listing, order=reverse))

    def do_queue_close(self) -> None:
        article, listing = self._rows.listed.key, self._rows.listing
        if listing.is_filtered:
            self._rows.show_listing(Listing(order=listing.order))
            if article is not None:
                self._rows.go_to(article)

    # Adjudication

    def do_queue_adjudicate(self) -> None:
        row = self._rows.row
        if row is None:
            return
        if row.finished_reviews > 1:
            self._adjudicate(row.id)
        else:
            self._screen.waiting.fetch(_NEXT, self._adjudicate_next)

    def _adjudicate(self, article: str) -> None:
        self._screen.waiting.awaits(OPENED)
        self._screen.post_message(ToAdjudicate(article))

    async def _adjudicate_next(self) -> None:
        article = await self._questions.next_to_adjudicate(self._rows.listing)
        if article is not None:
            self._adjudicate(article)
        else:
            self._screen.say("Nothing is to be adjudicated by you.")

    # The palette, and the end

    def do_queue_palette(self) -> None:
        from annotator.tui.screens.offers import Below
        from annotator.tui.screens.palette_prompt import open_palette

        prompts = self._prompts.prompts
        open_palette(Below(self._screen, Mode.QUEUE, self.keymap, prompts, self.act, self.can))

    def do_queue_quit(self) -> None:
        self._screen.waiting.fetch(QUIT, self._screen.app.action_quit)
