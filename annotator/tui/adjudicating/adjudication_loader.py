"""Opens articles to adjudicate one after the other, and finishes them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from annotator.errors import AnnotatorError
from annotator.tui.adjudicating.adjudication_desk import AdjudicationDesk
from annotator.tui.adjudicating.adjudication_source import AdjudicationSource
from annotator.tui.app_setup import AppSetup
from annotator.tui.keys import KeyMap
from annotator.tui.review.session import Session
from annotator.tui.saving.writer import Writer
from annotator.tui.screens.layers import KeyScreen

if TYPE_CHECKING:
    from annotator.store.values import OpenedReview

_ARTICLE, _FINISH = "adjudicated article", "finish"
_PATIENCE = 5.0


def _stay(_article: str, _said: str) -> None:
    """There is no queue to return to."""


class AdjudicationLoader:
    """Moves from article to article; `show` shows an opened one, and `desk` is the one in hand.

    `end` returns to the queue: it gets the article, and the reason if it was not a key.
    """

    def __init__(
        self,
        screen: KeyScreen,
        writer: Writer,
        source: AdjudicationSource,
        keymap: KeyMap,
        show: Callable[[], None],
    ) -> None:
        self.desk: AdjudicationDesk | None = None
        self.end: Callable[[str, str], None] = _stay
        self._screen, self._writer, self._source = screen, writer, source
        self._keymap, self._show, self._asked = keymap, show, ""

    @property
    def _setup(self) -> AppSetup:
        return self._source.setup

    @property
    def article(self) -> str | None:
        """The id of the article in hand."""
        return None if self.desk is None else self.desk.review.article

    @property
    def held(self) -> Mapping[str, Callable[[], None]]:
        """The article in hand, and the call that releases it."""
        article = self.article
        return {} if article is None else {article: partial(self._source.release, article)}

    @property
    def refused(self) -> bool:
        """Whether one of its decisions was refused; it must then be opened again."""
        return self.desk is not None and self.desk.session.refused

    def open(self, article: str, *, anew: bool = False) -> None:
        """Open an article; `anew` if reviews have changed since the adjudication was begun."""
        self._screen.waiting.fetch(_ARTICLE, partial(self._open, article, anew=anew))

    def open_again(self, *, anew: bool = False) -> None:
        """Open the article in hand as it is stored now."""
        if self.article is not None:
            self.open(self.article, anew=anew)

    def come_back(self, article: str, saved: Callable[[], object]) -> None:
        """The adjudicator is back from the article as a review, and may have finished it there."""

        async def read() -> None:
            await asyncio.to_thread(saved)
            await self._open(article)
            if self.desk is not None and self.desk.is_finished:
                await self._go_on(article)

        self._screen.waiting.fetch(_ARTICLE, read)

    def leave(self, article: str, said: str = "") -> None:
        """Return to the queue."""
        self._release()
        self._screen.waiting.awaits("queue")
        self._screen.app.call_later(self.end, article, said)

    def forget_question(self) -> None:
        """Another key was pressed than the one that finishes."""
        self._asked = ""

    def finish(self) -> None:
        """Finish, unless something is open or has changed, which is said once."""
        desk = self.desk
        if desk is None:
            return
        if desk.is_finished:
            self._screen.waiting.fetch(_ARTICLE, partial(self._go_on, desk.review.article))
        elif desk.open and self._asked != "open":
            self._asked = "open"
            many = len(desk.open)
            left = "1 difference is" if many == 1 else f"{many} differences are"
            self._screen.say(f"{left} open and would stay unknown: the same key finishes.")
        else:
            self._screen.waiting.fetch(_FINISH, partial(self._finish, desk))

    def renew_hold(self) -> None:
        """Hold the article longer, because reading is work too."""
        desk = self.desk
        if desk is not None and self._screen.takes_keys and not desk.is_finished:
            self._writer.then(partial(self._source.renew, desk.review.article))

    async def _finish(self, desk: AdjudicationDesk) -> None:
        article, reviewer = desk.review.article, self._setup.config.reviewer
        ask = self._setup.store.adjudications.changes
        changed = await asyncio.to_thread(ask, article, reviewer)
        if changed and self._asked != "changed":
            self._asked = "changed"
            anew = self._keymap.shown("adjudicate_anew")
            said = f"{anew} looks at that; the same key finishes as it is."
            self._screen.say(f"{' '.join(changed)} {said}")
        elif desk.finish():
            await self._go_on(article)

    async def _go_on(self, article: str) -> None:
        """Open the next article to adjudicate, or return to the queue."""
        self._release()
        await asyncio.to_thread(self._writer.settle, _PATIENCE)
        following = await asyncio.to_thread(self._source.next_after, article)
        if following is None:
            self.leave(article, "Nothing else is to be adjudicated.")
        else:
            await self._open(following)

    async def _open(self, article: str, *, anew: bool = False) -> None:
        await asyncio.to_thread(self._writer.settle, _PATIENCE)
        try:
            opened = await asyncio.to_thread(partial(self._source.open, article, anew=anew))
        except AnnotatorError as error:
            self.leave(article, f"{error.message} {error.hint}".strip())
            return
        if self._screen.is_attached:
            session = Session(opened, self._writer, self._setup.clock, self._setup.sitting)
            self.desk, self._asked = AdjudicationDesk(opened, session, self._screen.say), ""
            self._show()
            self._tell(opened, anew=anew)

    def _tell(self, opened: OpenedReview, *, anew: bool) -> None:
        if opened.changed:
            key = self._keymap.shown("adjudicate_anew")
            said = f"{key} begins anew and keeps what still applies."
            self._screen.say(f"{' '.join(opened.changed)} {said}")
        elif anew:
            self._screen.say("Begun anew; what was decided between the same answers is kept.")
        elif self.desk is not None and not self.desk.differences:
            key = self._keymap.shown("adjudicate_finish")
            self._screen.say(f"The reviews agree in everything; {key} finishes.")

    def _release(self) -> None:
        if self.desk is not None:
            self._writer.then(partial(self._source.release, self.desk.review.article))
            self.desk = None
