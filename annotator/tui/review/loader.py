"""Articles one after the other: opened in a thread, shown in the same screen, given up again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from textual.message import Message

from annotator.errors import AnnotatorError, StoreError
from annotator.tui.review.review_source import ReviewSource, ReviewStart
from annotator.tui.review.session import Session
from annotator.tui.saving.writer import Writer
from annotator.tui.screens.layers import KeyScreen, keyboard_app
from annotator.tui.terminal.keyboard import Typed, now

if TYPE_CHECKING:
    from annotator.store.values import OpenedReview

_PATIENCE = 5.0
# What keys wait for: that an article is shown, that the queue is.
_ARTICLE, _QUEUE = "article", "queue"
# What decides on a whole article is not done to one that nobody has seen yet.
_OF_THE_WHOLE = ("accept_all", "finish", "skip")


class ArticleLeft(Message, namespace="review"):
    """The reviewer goes back to the queue; `said` is why, if it was not their wish."""

    def __init__(self, article: str, said: str = "") -> None:
        super().__init__()
        self.article, self.said = article, said


class Loader:
    """From article to article. Keys pressed while one is being opened are kept for it.

    `source` has the articles. `show` shows one that was opened and returns the session on it, `act`
    does an action on it. `done_before` is the name of the article that was just left as done.
    """

    def __init__(
        self,
        screen: KeyScreen,
        source: ReviewSource,
        writer: Writer,
        show: Callable[[OpenedReview], Session],
        act: Callable[[str], None],
    ) -> None:
        self._screen, self._source, self._writer = screen, source, writer
        self._show, self._act = show, act
        self.session: Session | None = None
        self.done_before = ""
        self._first_act = ""
        self._before: list[str] = []
        self._undo_when_open = False
        # What was typed up to this moment was typed before the article could be seen.
        self._shown_at = float("-inf")
        self._anew = False

    # What the app asks of an article in hand

    @property
    def article(self) -> str | None:
        """The id of the article in hand."""
        return self.session.article.id if self.session is not None else None

    @property
    def held(self) -> Mapping[str, Callable[[], None]]:
        """The article in hand, and how its hold is given up."""
        article = self.article
        return {} if article is None else {article: partial(self._source.release, article)}

    @property
    def refused(self) -> bool:
        """Whether a decision on it was not taken: then it has to be opened again."""
        return self.session is not None and self.session.refused

    def open_again(self) -> None:
        """Opens the article anew, as it is stored by now. What is pressed meanwhile was meant for
        what the screen showed before, so nothing is done for it."""
        if self.session is not None:
            self._anew = True
            self.open(self.session.article.id)

    # From one to the next

    def begin(self, entry: ReviewStart) -> None:
        """Opens the first article."""
        self._first_act = entry.first_act
        self.open(entry.article)

    def open(self, article: str) -> None:
        """Opens an article, and then takes the keys that were pressed meanwhile."""
        self._screen.waiting.fetch(_ARTICLE, partial(self._open, article))

    def open_next(self) -> None:
        """Goes on to the next article that is ready, or back to the queue."""
        here = self._release()
        self._before.append(here)
        self.done_before = self.session.article.name if self.session is not None else ""
        self._screen.waiting.fetch(_ARTICLE, partial(self._open_next, here))

    def open_before(self) -> bool:
        """Goes back to the article before, to undo there; whether there is one."""
        if not self._before:
            return False
        self._undo_when_open, self.done_before = True, ""
        self._release()
        self.open(self._before.pop())
        return True

    def leave(self) -> None:
        """Goes back to the queue."""
        self._leave_for_queue(self._release())

    def renew_hold(self) -> None:
        """Holds the article longer: reading is work too."""
        session = self.session
        if session is None or not self._screen.takes_keys or session.review.finished:
            return
        self._writer.then(partial(self._source.renew, session.article.id))

    def comes_too_early(self, typed: Typed, action: str | None) -> bool:
        """Whether a key, by its `action`, decides on a whole article that nobody could see when it
        was pressed.

        Then all that was typed with it is forgotten.
        """
        unseen = typed.at <= self._shown_at
        if unseen and action in _OF_THE_WHOLE:
            keyboard_app(self._screen).keyboard.forget(self._shown_at)
            return True
        return False

    def _release(self) -> str:
        """Gives the hold on the article up once everything decided in it is written; its id."""
        assert self.session is not None  # keys come only to an article that is there
        article = self.session.article.id
        self._writer.then(partial(self._source.release, article))
        return article

    def _leave_for_queue(self, article: str, said: str = "") -> None:
        """Goes back to the queue: what is pressed from here on is meant for that."""
        self._screen.waiting.awaits(_QUEUE)
        self._screen.post_message(ArticleLeft(article, said))

    # Opening

    async def _open_next(self, here: str) -> None:
        try:
            following = await asyncio.to_thread(self._source.next_after, here)
        except AnnotatorError as error:
            self._complain(error)
            self._leave_for_queue(here)
            return
        if following is None:
            self._leave_for_queue(here, "Nothing else is ready.")
        else:
            await self._open(following)

    async def _open(self, article: str) -> None:
        try:
            opened = await asyncio.to_thread(self._fetch, article)
        except AnnotatorError as error:
            self._anew = False
            self._complain(error)
            self._leave_for_queue(article)
            return
        if not self._screen.is_attached:
            return
        self.session = self._show(opened)
        self._shown_at = now()
        if self._undo_when_open:
            self._undo_when_open = False
            self._act("undo")
        if self._first_act:
            first, self._first_act = self._first_act, ""
            self.session.count_key()
            self._act(first)
        if self._anew:
            self._anew = False
            self._forget_typed()

    def _forget_typed(self) -> None:
        """What was pressed up to now was meant for what the screen showed before."""
        keyboard = keyboard_app(self._screen).keyboard
        if len(keyboard):
            self._screen.say(
                "Opened again as it is stored now; what was pressed meanwhile is not done."
            )
        keyboard.forget(self._shown_at)

    def _fetch(self, article: str) -> OpenedReview:
        # What was decided of it a moment ago must be in the store before it is read again.
        self._writer.settle(_PATIENCE)
        if any(decision.article == article for decision, _ in self._writer.unwritten()):
            saved = self._writer.saved
            raise StoreError(
                f"What was decided of this article is not written yet: {saved.reason}",
                hint=saved.hint or "Try again in a moment.",
            )
        return self._source.open(article)

    def _complain(self, error: AnnotatorError) -> None:
        """Shows what went wrong and what to do."""
        words = f"{error.message}\n{error.hint}" if error.hint else error.message
        self._screen.app.notify(words, severity="error", markup=False, timeout=10)
