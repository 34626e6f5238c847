"""Articles one after the other: opened in a thread, shown in the same screen, given up again."""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from functools import partial
from typing import TYPE_CHECKING

from textual.message import Message

from annotator.core.words import Words
from annotator.errors import AnnotatorError, StoreError
from annotator.tui.article.marks import marks_of
from annotator.tui.keys import KeyMap, Mode
from annotator.tui.modes import Modes
from annotator.tui.queue.listing import Listing
from annotator.tui.session import Session, Writer
from annotator.tui.setup import AppSetup
from annotator.tui.terminal.keyboard import Typed, now

if TYPE_CHECKING:
    from annotator.core.review import Review
    from annotator.store.values import OpenedReview

_PATIENCE = 5.0
# What keys wait for: that an article is shown, that the queue is.
_ARTICLE, _QUEUE = "article", "queue"
# What decides on a whole article is not done to one that nobody has seen yet.
_OF_THE_WHOLE = ("accept_all", "finish", "skip")


class Opening(Modes):
    """From article to article. Keys pressed while one is being opened are kept for it."""

    class Left(Message):
        """The reviewer goes back to the queue; `said` is why, if it was not their wish."""

        def __init__(self, article: str, said: str = "") -> None:
            super().__init__()
            self.article, self.said = article, said

    def __init__(
        self,
        setup: AppSetup,
        keymap: KeyMap,
        writer: Writer,
        article: str,
    ) -> None:
        super().__init__(setup, keymap)
        self.writer = writer
        self.first_article = article
        # In which order, of which outlet articles follow; what is done to the first of them.
        self.listing = Listing()
        self.first_act = ""
        self._before: list[str] = []
        self._undo_when_open = False
        # What was typed up to this moment was typed before the article could be seen.
        self._shown_at = float("-inf")
        self._anew = False

    @property
    def opening(self) -> bool:
        """Whether an article is on its way, or the reviewer back to the queue."""
        return not self.takes_keys

    def open(self, article: str) -> None:
        """Opens an article, and then takes the keys that were pressed meanwhile."""
        self.fetch(_ARTICLE, partial(self._open, article))

    def open_again(self) -> None:
        """Opens the article anew, as it is stored by now. What is pressed meanwhile was meant for
        what the screen showed before, so nothing is done for it."""
        self._anew = True
        self.close_strip()
        self.end_jump()
        if self.entry is not None:
            self.end_entry()
        self.open(self.open_session.article.id)

    def open_next_article(self) -> None:
        """Goes on to the next article that is ready, or back to the queue."""
        here = self.open_session.article.id
        self._before.append(here)
        self.leave_article()
        self.fetch(_ARTICLE, partial(self._open_next, here))

    def undo_before(self) -> None:
        """Undo at the start of an article goes back to the one before."""
        if not self._before:
            self.say("Nothing to undo in this article.")
            return
        self._undo_when_open = True
        self.leave_article()
        self.open(self._before.pop())

    def leave_article(self) -> None:
        """Gives the hold on the article up once everything decided in it is written."""
        article, reviewer = self.open_session.article.id, self.setup.reviewer
        store = self.setup.store
        self.writer.then(lambda: store.reviews.release(article, reviewer))

    def renew_hold(self) -> None:
        """Holds the article longer: reading is work too."""
        if self.session is None or self.opening or self.review.finished:
            return
        article, reviewer = self.review.article, self.review.reviewer
        store, clock = self.setup.store, self.setup.clock
        self.writer.then(lambda: store.reviews.renew(article, reviewer, now=clock.now()))

    def show_article(self, opened: OpenedReview) -> None:
        """Shows an opened review, with the focus on its first open item."""
        self.session = Session(opened, self.writer, self.setup.clock)
        self.words = Words(opened.article.text)
        self.focus_id, self.here, self.part, self.base = None, None, None, None
        self.claim_id, self.jumped, self.anchored = None, None, False
        self.warned = self.finishing = self.unfolded = self.by_confidence = False
        self.message = self.filtered = ""
        self.wanted = bool
        review = self.session.review
        marks = [mark for held in review.held.values() for mark in marks_of(held)]
        self.view.set_text(self.text, marks)
        self.reorder()
        first = self.items.step(None, +1, open_only=self.items.open_count > 0)
        self.focus_on(first)
        self.show_strip()
        if review.finished:
            self.say(f"{_finished(review)} {self.keymap.shown('reopen')} takes it up again.")
        elif opened.half_done:
            who = " and ".join(opened.half_done)
            self.say(f"Half done by {who}, who let go of it. What you decide is your own review.")
        elif opened.carried:
            from annotator.tui.review.earlier_screen import notice

            self.say(notice(opened.carried, self.keymap.shown("earlier")))
        elif not review.suggestions and opened.article.language not in (None, "en"):
            code = opened.article.language
            skip = self.keymap.shown("skip")
            self.say(f"Not in English, it seems ({code}): nothing was suggested. {skip} skips it.")
        elif not self.items.open_count:
            self.say(f"Nothing is open: {self.keymap.shown('finish')} finishes.")

    def leave_for_queue(self, article: str, said: str = "") -> None:
        """Goes back to the queue: what is pressed from here on is meant for that."""
        self.awaits(_QUEUE)
        self.post_message(self.Left(article, said))

    async def _open_next(self, here: str) -> None:
        store, setup = self.setup.store, self.setup
        try:
            following = await asyncio.to_thread(
                lambda: store.queue.next_ready(
                    setup.reviewer,
                    here,
                    outlet=self.listing.outlet,
                    order=self.listing.order,
                    reviews_per_article=setup.reviews_per_article,
                    now=setup.clock.now(),
                )
            )
        except AnnotatorError as error:
            self.complain(error)
            self.leave_for_queue(here)
            return
        if following is None:
            self.leave_for_queue(here, "Nothing else is ready.")
        else:
            await self._open(following)

    async def _open(self, article: str) -> None:
        try:
            opened = await asyncio.to_thread(self._fetch, article)
        except AnnotatorError as error:
            self._anew = False
            self.complain(error)
            self.leave_for_queue(article)
            return
        if not self.is_there:
            return
        self.show_article(opened)
        self._shown_at = now()
        if self._undo_when_open:
            self._undo_when_open = False
            self.act("undo")
        if self.first_act:
            first, self.first_act = self.first_act, ""
            self.open_session.count_key()
            self.act(first)
        if self._anew:
            self._anew = False
            self._forget_typed()

    def _forget_typed(self) -> None:
        """What was pressed up to now was meant for what the screen showed before."""
        keyboard = self.keyboard_app.keyboard
        if len(keyboard):
            self.say("Opened again as it is stored now; what was pressed meanwhile is not done.")
        keyboard.forget(self._shown_at)

    def take(self, typed: Typed) -> None:
        """Takes a key; none that decides on a whole article which nobody could see yet."""
        unseen = typed.at <= self._shown_at and self.strip is None
        if unseen and self.keymap.action(Mode.REVIEW, typed.pressed) in _OF_THE_WHOLE:
            self.keyboard_app.keyboard.forget(self._shown_at)
            self.say(f"{typed.pressed} was pressed before this article could be seen.")
        else:
            super().take(typed)

    def _fetch(self, article: str) -> OpenedReview:
        # What was decided of it a moment ago must be in the store before it is read again.
        self.writer.settle(_PATIENCE)
        if any(decision.article == article for decision, _ in self.writer.unwritten()):
            raise StoreError(
                f"What was decided of this article is not written yet: {self.writer.saved.reason}",
                hint=self.writer.saved.hint or "Try again in a moment.",
            )
        setup = self.setup
        return setup.store.reviews.open(
            article,
            setup.reviewer,
            now=setup.clock.now(),
            lease_seconds=setup.lease_seconds,
            reviews_per_article=setup.reviews_per_article,
        )

    @abstractmethod
    def act(self, action: str) -> None:
        """Does what the table of keys calls so."""


def _finished(review: Review) -> str:
    """That it is, and of how much of the text nobody decided anything."""
    if not review.unknown:
        return "Finished."
    letters = sum(map(len, review.unknown))
    return f"Finished, but for {letters:,} characters that nobody decided on when it was imported."
