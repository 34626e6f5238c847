"""The queries of the queue; each runs in a thread."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from annotator.tui.queue.listing import Listing, view_of
from annotator.tui.queue.queue_pages import PAGE

if TYPE_CHECKING:
    from annotator.store.values import PendingChanges, Preview, QueueRow
    from annotator.tui.app_setup import AppSetup

_T = TypeVar("_T")


class QueueQuestions:
    """The queries; each raises AnnotatorError if the store cannot answer.

    No query may run before `setup` is set: keys wait for it.
    """

    def __init__(self) -> None:
        self.setup: AppSetup | None = None

    async def page(self, listing: Listing, page: int) -> tuple[QueueRow, ...]:
        """One page of the listing's rows, with the titles of their stories."""
        return await self._ask(lambda to: _page(to, listing, page))

    async def preview(self, article: str) -> Preview | None:
        """The preview of an article; None if it is not there any longer."""
        return await self._ask(lambda to: _preview(to, article))

    async def position(self, listing: Listing, article: str) -> int | None:
        """The number of articles listed before this one; None if it is not listed."""
        return await self._ask(lambda to: to.store.queue.position(view_of(to, listing), article))

    async def next_titled(self, listing: Listing, words: str, after: str | None) -> str | None:
        """The next listed article with these words in its title; None if no other has them."""
        return await self._ask(
            lambda to: to.store.queue.next_titled(view_of(to, listing), words, after)
        )

    async def count_titled(self, listing: Listing, words: str) -> int:
        """How many listed articles have these words in their titles."""
        return await self._ask(lambda to: to.store.queue.count_titled(view_of(to, listing), words))

    async def next_ready(self, listing: Listing) -> str | None:
        """The first article that the reviewer can take, in any listed state."""
        return await self._ask(
            lambda to: to.store.queue.next_ready(view_of(to, listing), now=to.clock.now())
        )

    async def next_to_adjudicate(self, listing: Listing) -> str | None:
        """The first article that the reviewer can adjudicate, in any listed state."""
        return await self._ask(
            lambda to: to.store.adjudications.next_article(
                view_of(to, listing), appointed=to.config.adjudicators
            )
        )

    async def suggest_again(self, article: str) -> bool:
        """Request new suggestions, unless somebody has the article open or decided on it; returns
        whether they will be made."""
        return bool(await self._ask(lambda to: to.store.work.suggest_again((article,))))

    async def corrected_by(self, article: str) -> PendingChanges:
        """The number of pending articles whose suggestions the decisions on this article change."""
        return await self._ask(lambda to: to.store.forms.corrected_by(article, to.config.reviewer))

    async def outlets(self) -> tuple[tuple[str, int], ...]:
        """Every outlet with the number of its articles, the most first."""
        return await self._ask(lambda to: to.store.queue.outlets())

    async def _ask(self, question: Callable[[AppSetup], _T]) -> _T:
        assert self.setup is not None
        return await asyncio.to_thread(question, self.setup)


def _preview(to: AppSetup, article: str) -> Preview | None:
    from annotator.core.folds import Fold  # the first frame loads no items

    config = to.config
    fold = Fold(config.fold_below)
    return to.store.previews.of(article, config.reviewer, confidence=config.confidence, fold=fold)


def _page(to: AppSetup, listing: Listing, page: int) -> tuple[QueueRow, ...]:
    rows = to.store.queue.page(view_of(to, listing), offset=page * PAGE, limit=PAGE)
    titles = to.store.stories.titles(row.id for row in rows)
    return tuple(
        row if row.id not in titles else replace(row, story=titles[row.id]) for row in rows
    )
