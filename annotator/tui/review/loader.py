"""Opens articles one after the other: in a thread, in the same screen."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from textual.message import Message

from annotator.errors import AnnotatorError, StoreError
from annotator.tui.review.article_actions import FinishedArticle
from annotator.tui.review.opening_words import words_on_finished
from annotator.tui.review.review_source import ReviewSource, ReviewStart
from annotator.tui.review.session import Session
from annotator.tui.saving.writer import Writer
from annotator.tui.screens.layers import KeyScreen, keyboard_app
from annotator.tui.terminal.keyboard import Typed, now

if TYPE_CHECKING:
    from annotator.store.values import OpenedReview

_PATIENCE = 5.0
# What keys wait for: an article to be shown, the queue to be shown.
_ARTICLE, _QUEUE = "article", "queue"
# Actions on a whole article are not applied to one that was not visible yet.
_OF_THE_WHOLE = ("accept_all", "finish", "skip")


class ArticleLeft(Message, namespace="review"):
    """The reviewer returns to the queue; `said` is the reason, if it was not a key, or what became
    of the article, if a key has just finished it (`is_done`) and no other was ready. `then` is an
    action of the queue that follows."""

    def __init__(
        self, article: str, said: str = "", *, is_done: bool = False, then: str = ""
    ) -> None:
        super().__init__()
        self.article, self.said, self.is_done, self.then = article, said, is_done, then


class Loader:
    """Moves from article to article. Keys pressed while one is opened wait for it.

    `source` opens articles. `show` shows an opened one and returns its session, `act` runs an
    action on it. `just_done` is the article that a key finished right before this one was opened,
    None once this one is opened again.
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
        self.just_done: FinishedArticle | None = None
        self._first_act = ""
        self._before: list[FinishedArticle] = []
        self._undo_when_open = ""
        # Keys typed before this time were typed before the article was visible.
        self._shown_at = float("-inf")
        self._anew = False

    # What the app needs to know of the current article

    @property
    def article(self) -> str | None:
        """The id of the current article."""
        return self.session.article.id if self.session is not None else None

    @property
    def held(self) -> Mapping[str, Callable[[], None]]:
        """The current article, and the call that releases it."""
        article = self.article
        return {} if article is None else {article: partial(self._source.release, article)}

    @property
    def refused(self) -> bool:
        """Whether one of its decisions was refused; it must then be reopened."""
        return self.session is not None and self.session.refused

    def open_again(self) -> None:
        """Reopen the article as it is stored now. Keys pressed meanwhile were meant for the old
        state and are dropped."""
        if self.session is not None:
            self._anew, self.just_done = True, None
            self.open(self.session.article.id)

    # From article to article

    def begin(self, entry: ReviewStart) -> None:
        """Open the first article."""
        self._first_act = entry.first_act
        self.open(entry.article)

    def open(self, article: str) -> None:
        """Open an article, and then handle the keys that were pressed meanwhile."""
        self._screen.waiting.fetch(_ARTICLE, partial(self._open, article))

    @property
    def done_before(self) -> FinishedArticle | None:
        """The article that a key finished right before this one was opened; None if none was."""
        return self._before[-1] if self._before else None

    def open_next(self, done: FinishedArticle | None = None) -> None:
        """Open the next ready article, or return to the queue; `done` is the one that a key has
        just finished. Without one, undo does not go back from there."""
        here = self._release()
        self._before = [*self._before, done] if done is not None else []
        self.just_done = done
        self._screen.waiting.fetch(_ARTICLE, partial(self._open_next, here))

    def open_before(self) -> None:
        """Open `done_before`, and undo its finish."""
        done, self.just_done = self._before.pop(), None
        self._undo_when_open = done.group
        self._release()
        self.open(done.article)

    def leave(self, then: str = "") -> None:
        """Return to the queue, and do an action there."""
        self._leave_for_queue(self._release(), then=then)

    def renew_hold(self) -> None:
        """Hold the article longer, because reading is work too."""
        session = self.session
        if session is None or not self._screen.takes_keys or session.review.finished:
            return
        self._writer.then(partial(self._source.renew, session.article.id))

    def comes_too_early(self, typed: Typed, action: str | None) -> bool:
        """Whether the `action` of a key concerns a whole article that was not visible when the key
        was pressed.

        If so, everything typed with it is dropped.
        """
        unseen = typed.at <= self._shown_at
        if unseen and action in _OF_THE_WHOLE:
            keyboard_app(self._screen).keyboard.forget(self._shown_at)
            return True
        return False

    def _release(self) -> str:
        """Release the article after all its decisions are written; returns its id."""
        assert self.session is not None  # keys are only handled while an article is shown
        article = self.session.article.id
        self._writer.then(partial(self._source.release, article))
        return article

    def _leave_for_queue(
        self, article: str, said: str = "", *, is_done: bool = False, then: str = ""
    ) -> None:
        """Return to the queue; keys pressed from here on are meant for it."""
        self._screen.waiting.awaits(_QUEUE)
        self._screen.post_message(ArticleLeft(article, said, is_done=is_done, then=then))

    # Opening

    async def _open_next(self, here: str) -> None:
        done = self.just_done
        try:
            following, done = await asyncio.to_thread(self._following, here, done)
        except AnnotatorError as error:
            self._complain(error)
            self._leave_for_queue(here)
            return
        if done is not None:
            self.just_done = self._before[-1] = done
        if following is not None:
            await self._open(following)
        elif done is not None:
            self._leave_for_queue(here, words_on_finished(done), is_done=True)
        else:
            self._leave_for_queue(here, "Nothing else is ready.")

    def _following(
        self, here: str, done: FinishedArticle | None
    ) -> tuple[str | None, FinishedArticle | None]:
        """The next article, and the one that was just finished with what is to be told of it."""
        # What comes next may depend on what was finished, so that must be stored before.
        self._writer.settle(_PATIENCE)
        following = self._source.next_after(here)
        if done is not None:
            told = self._source.told_of(done.article)
            done = replace(done, told=told, left=self._source.left())
        return following, done

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
            self._undo_finish()
        if self._first_act:
            first, self._first_act = self._first_act, ""
            self.session.count_key()
            self._act(first)
        if self._anew:
            self._anew = False
            self._forget_typed()

    def _undo_finish(self) -> None:
        """Undo the finish of the opened article, unless it was decided on elsewhere since."""
        group, self._undo_when_open = self._undo_when_open, ""
        assert self.session is not None  # it was just opened
        undoable = self.session.review.undoable
        if undoable and undoable[0].group == group:
            self._act("undo")
        else:
            self._screen.say("Its finish is not the last decision any more: nothing was undone.")

    def _forget_typed(self) -> None:
        """Drop the keys pressed so far: they were meant for the old state."""
        keyboard = keyboard_app(self._screen).keyboard
        if len(keyboard):
            self._screen.say(
                "Reopened with the latest decisions; keys pressed meanwhile were ignored."
            )
        keyboard.forget(self._shown_at)

    def _fetch(self, article: str) -> OpenedReview:
        # The last decisions must be stored before the article is read again.
        self._writer.settle(_PATIENCE)
        if any(decision.article == article for decision, _ in self._writer.unwritten()):
            saved = self._writer.saved
            raise StoreError(
                f"Decisions on this article are not saved yet: {saved.reason}",
                hint=saved.hint or "Try again in a moment.",
            )
        return self._source.open(article)

    def _complain(self, error: AnnotatorError) -> None:
        """Show what went wrong and what to do."""
        words = f"{error.message}\n{error.hint}" if error.hint else error.message
        self._screen.app.notify(words, severity="error", markup=False, timeout=10)
