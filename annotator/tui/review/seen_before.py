"""How the same words were decided on in other articles: asked for where the reviewer rests."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from textual.dom import DOMNode
from textual.timer import Timer

from annotator.core.annotations import Entity
from annotator.errors import AnnotatorError
from annotator.tui.review.state import ReviewState
from annotator.tui.screens.waiting import begin

if TYPE_CHECKING:
    from annotator.store.store import Store

_PAUSE = 0.15
_MOST_KEPT = 200
_Asked = tuple[str, str, int]
"""Some words, the item whose they are, and how many decisions had been made by then."""


class SeenBefore:
    """Labels and how often words had them; `on_found` is called when an answer has come."""

    def __init__(self, node: DOMNode, store: Store, on_found: Callable[[], None]) -> None:
        self._node, self._store, self._on_found = node, store, on_found
        self.found: dict[_Asked, Mapping[str, int]] = {}
        self._timer: Timer | None = None

    def of(self, state: ReviewState) -> Mapping[str, int] | None:
        """What is known of the item in focus; None while that is being asked for."""
        item = state.item
        if not isinstance(item, Entity):
            return None
        # A decision may be about these very words.
        asked = (item.span.of(state.text), item.id, len(state.review.decisions))
        if asked in self.found:
            return self.found[asked]
        # Asked for only where the reviewer rests, so that going through items costs nothing.
        if self._timer is not None:
            self._timer.stop()
        ask = partial(self._ask, asked, state.review.article)
        self._timer = self._node.set_timer(_PAUSE, ask)
        return None

    def _ask(self, asked: _Asked, article: str) -> None:
        work = partial(self._fetch, asked, article)
        begin(self._node, work, group="history", exclusive=True)

    async def _fetch(self, asked: _Asked, article: str) -> None:
        words, item, _ = asked
        try:
            found = await asyncio.to_thread(
                self._store.statistics.history, words, besides=(article, item)
            )
        except AnnotatorError:
            # The database's trouble is told by the mark of the writer; this is only a courtesy.
            return
        if len(self.found) >= _MOST_KEPT:
            self.found.clear()
        self.found[asked] = found
        if found and self._node.is_attached:
            self._on_found()
