"""What is known of the form of the focused item, queried when the reviewer pauses."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from textual.dom import DOMNode
from textual.timer import Timer

from annotator.core.memory.known import Form, Known
from annotator.core.memory.recall import form_asked
from annotator.errors import AnnotatorError
from annotator.tui.review.state import ReviewState
from annotator.tui.screens.waiting import begin

if TYPE_CHECKING:
    from annotator.store.store import Store

_PAUSE = 0.15
_MOST_KEPT = 200
_Asked = tuple[Form, str, int]
"""A form, its item, and the number of decisions so far."""


class SeenBefore:
    """What is known of forms; `on_found` is called when an answer arrives."""

    def __init__(self, node: DOMNode, store: Store, on_found: Callable[[], None]) -> None:
        self._node, self._store, self._on_found = node, store, on_found
        self.found: dict[_Asked, Known] = {}
        self._timer: Timer | None = None

    def of(self, state: ReviewState) -> Known | None:
        """What is known of the form of the focused item; None until that has been read, and in a
        review without suggestions."""
        item = state.item if state.session.assisted else None
        form = None if item is None else form_asked(item, state.text)
        if item is None or form is None:
            return None
        # A new decision may concern this very form.
        asked = (form, item.id, len(state.review.decisions))
        if asked in self.found:
            return self.found[asked]
        # Queried only when the reviewer pauses, so that moving through items costs nothing.
        if self._timer is not None:
            self._timer.stop()
        ask = partial(self._ask, asked, state.review.article)
        self._timer = self._node.set_timer(_PAUSE, ask)
        return None

    def _ask(self, asked: _Asked, article: str) -> None:
        work = partial(self._fetch, asked, article)
        begin(self._node, work, group="history", exclusive=True)

    async def _fetch(self, asked: _Asked, article: str) -> None:
        form, item, _ = asked
        try:
            found = await asyncio.to_thread(self._store.forms.known, form, besides=(article, item))
        except AnnotatorError:
            # The writer reports trouble with the database; this query is only a courtesy.
            return
        if len(self.found) >= _MOST_KEPT:
            self.found.clear()
        self.found[asked] = found
        if found != Known() and self._node.is_attached:
            self._on_found()
