"""One app for the tests of a module: each goes on to an article of its own in the same screen.

To start the app and to open its screens takes a second, to go on to the next article a tenth of it.
A module that says `pytestmark = ONE_APP` gets a `store` that all its tests share, emptied before
each, and `reviewing` goes on in the app of the test before. The screen makes all that belongs to an
article anew for each; what it keeps from one to the next (habits, the way back, the panel) is made
as it was at its start here. An app that a test ended, or left anywhere but at an article, is not
gone on with.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import pytest

from annotator.store.sql.database import Database
from annotator.store.store import Store
from annotator.tui.review.questions import Questions
from annotator.tui.review.review_screen import ReviewScreen
from annotator.tui.review.seen_before import SeenBefore
from annotator.tui.review.state import Habits
from tests.helpers.stores import empty_database, without_syncing

if TYPE_CHECKING:
    from tests.tui.desk import Desk

_Test = TypeVar("_Test", bound=Callable[..., object])

ONE_APP = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.usefixtures("one_app")]
"""The marks of a module whose tests share an app."""


def one_app(test: _Test) -> _Test:
    """Marks one test of a module that has others, which need no app."""
    for mark in ONE_APP:
        test = mark(test)
    return test


class SharedStore(Store):
    """A store that the tests of a module share, and the app that works on it."""

    def __init__(self, database: Database, app: OneApp) -> None:
        super().__init__(database)
        self.app = app


@dataclass
class _Running:
    """An app in a task of its own, which outlives the test that began it."""

    desk: Desk
    end: asyncio.Event
    task: asyncio.Task[None]

    @property
    def goes_on(self) -> bool:
        """Whether another article can be opened in it."""
        app = self.desk.app
        is_well = app.is_running and app._exception is None and not self.task.done()
        return is_well and len(app.screen_stack) == 2 and isinstance(app.screen, ReviewScreen)


class OneApp:
    """An empty store, and the app on it, once one runs."""

    def __init__(self, folder: Path) -> None:
        self._empty, self._file = folder / "empty.db", folder / "annotator.db"
        empty_database(self._empty)
        database = Store.open(empty_database(self._file)).database
        self._store = SharedStore(database, self)
        without_syncing(self._store)
        self._running: _Running | None = None

    def emptied(self) -> SharedStore:
        """The store, with nothing in it."""
        if self._running is not None:
            assert self._running.desk.app.writer is not None
            self._running.desk.app.writer.settle(5)
        with sqlite3.connect(self._empty) as empty, sqlite3.connect(self._file) as full:
            empty.backup(full)
        self._store.reviews.cache.clear()
        return self._store

    @asynccontextmanager
    async def reviewing(
        self, article: str, start: Callable[[], AbstractAsyncContextManager[Desk]]
    ) -> AsyncIterator[Desk]:
        """The app with this article open: the one that runs, or one that `start` starts."""
        is_new = self._running is None
        running = self._running = self._running or await _begin(start)
        try:
            with running.desk.app._context():
                if not is_new:
                    await _go_on(running.desk, article)
                yield running.desk
        finally:
            if not running.goes_on:
                await self.close()

    async def close(self) -> None:
        """Ends the app, and raises what it failed by."""
        running, self._running = self._running, None
        if running is not None:
            running.end.set()
            await running.task

    async def end(self) -> None:
        """Ends the app and closes the store."""
        await self.close()
        self._store.close()


async def _begin(start: Callable[[], AbstractAsyncContextManager[Desk]]) -> _Running:
    begun: asyncio.Future[Desk] = asyncio.get_running_loop().create_future()
    end = asyncio.Event()

    async def run() -> None:
        try:
            async with start() as desk:
                begun.set_result(desk)
                await end.wait()
        except BaseException as error:
            if begun.done():
                raise
            begun.set_exception(error)

    task = asyncio.create_task(run())
    return _Running(await begun, end, task)


async def _go_on(desk: Desk, article: str) -> None:
    """Opens an article in the screen, which is as one that has just been opened."""
    screen, lines = desk.screen, desk.screen.page.lines
    desk.clock.begin_anew()
    desk.app.clear_notifications()
    screen.remove_class("-panel-toggled")
    screen._habits, screen._questions = Habits(), Questions()
    lines.seen_before = SeenBefore(screen, desk.store, lines.show_detail)
    screen.loader._before.clear()
    screen.loader.just_done = None
    screen.loader.open(article)
    await desk.settle()
