"""Rejected files and failed articles: reads, describes and retries them. Everything here that
queries the store blocks."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from annotator.core.ages import age
from annotator.core.states import QueueFilter
from annotator.core.text.counted import many
from annotator.inbox.files import escaped
from annotator.tui.queue.listing import Listing, view_of
from annotator.tui.widgets.rows import Cell, Row

if TYPE_CHECKING:
    from annotator.store.store import Store
    from annotator.store.values import QueueRow, RejectedFile
    from annotator.tui.app_setup import AppSetup

SHOWN = 500
"""The most files, and the most articles, that are listed."""
_FILE, _ARTICLE = "file", "article"


@dataclass(frozen=True)
class Problems:
    """Rejected files and failed articles, the newest of each, and their total numbers."""

    files: tuple[RejectedFile, ...] = ()
    failed: tuple[QueueRow, ...] = ()
    file_count: int = 0
    failed_count: int = 0

    @property
    def counted(self) -> str:
        """The total numbers in words."""
        told = [
            f"{many(self.file_count, 'file')} rejected" if self.file_count else "",
            f"{many(self.failed_count, 'article')} without suggestions"
            if self.failed_count
            else "",
        ]
        return ", ".join(words for words in told if words) or "None."

    def whole(self, key: str | None) -> str:
        """The full message of the row with this key, which its line may cut off."""
        kind, _, id = (key or "").partition(" ")
        if kind == _FILE:
            return next((_why(file) for file in self.files if file.key == id), "")
        return next((_why_failed(row) for row in self.failed if row.id == id), "")

    def rows(self, inbox: str, now: datetime) -> Iterator[Row]:
        """The rows of the list: files, by their paths below `inbox`, then articles."""
        if self.files:
            words = "Files that could not be read"
            yield _heading("files", words, len(self.files), self.file_count)
        yield from (_file_row(file, inbox, now) for file in self.files)
        if self.failed:
            words = "Articles without suggestions"
            yield _heading("failed", words, len(self.failed), self.failed_count)
        yield from (_failed_row(row, now) for row in self.failed)


def read_problems(setup: AppSetup) -> Problems:
    """The current problems in the store."""
    store = setup.store
    counts = store.queue.counts(setup.config.reviewer)
    return Problems(store.files.rejected(SHOWN), _failed(setup), counts.rejected, counts.failed)


def _failed(setup: AppSetup) -> tuple[QueueRow, ...]:
    view = view_of(setup, Listing(state=QueueFilter.FAILED))
    return setup.store.queue.page(view, offset=0, limit=SHOWN)


def inbox_of(setup: AppSetup) -> str:
    """The inbox as in the paths of rejected files; empty if there is none."""
    return escaped(os.path.realpath(setup.config.inbox)) if setup.config.inbox else ""


def retry(store: Store, key: str) -> str:
    """Retry the file or article of a row; returns the result in words."""
    kind, _, id = key.partition(" ")
    if kind == _FILE:
        files = store.files.retry((id,))
        return _retried(files, 0) or "This file is to be read at the next scan already."
    return _retried(0, store.work.suggest_again((id,))) or "This article waits already."


def retry_all(setup: AppSetup) -> str:
    """Retry all files and articles; returns the result in words."""
    files, articles = setup.store.files.retry(), 0
    while failed := _failed(setup):
        changed = setup.store.work.suggest_again([row.id for row in failed])
        articles += changed
        if not changed:
            break
    if files or articles:
        return _retried(files, articles)
    again = setup.store.files.rejected(1)
    return "Everything is to be tried again already." if again else "There is nothing to try again."


def _retried(files: int, articles: int) -> str:
    told = [
        f"{many(files, 'file')} to be read at the next scan" if files else "",
        f"{many(articles, 'article')} put back to wait" if articles else "",
    ]
    return ", ".join(words for words in told if words)


def _file_row(file: RejectedFile, inbox: str, now: datetime) -> Row:
    when = "will be read again" if file.again else age(file.at, now)
    tone, room = "good" if file.again else "muted", max(12, len(when))
    head = (
        Cell(file.below(inbox), "strong"),
        Cell(f"{file.size:,} bytes", "muted", width=18, align_right=True),
        Cell(when, tone, width=room, align_right=True),
    )
    return Row(f"{_FILE} {file.key}", (head, (Cell("", width=1), Cell(_why(file), "bad"))))


def _failed_row(row: QueueRow, now: datetime) -> Row:
    head = (
        Cell(row.title, "strong"),
        Cell(row.outlet or "", "muted", width=18, align_right=True),
        Cell(age(row.received, now), "muted", width=12, align_right=True),
    )
    return Row(f"{_ARTICLE} {row.id}", (head, (Cell("", width=1), Cell(_why_failed(row), "bad"))))


def _why(file: RejectedFile) -> str:
    return f"{file.reason} {file.hint}"


def _why_failed(row: QueueRow) -> str:
    return row.problem or "The log says why."


def _heading(key: str, words: str, listed: int, total: int) -> Row:
    more = f", the newest {listed:,} of {total:,}" if total > listed else ""
    head = (Cell("", width=1), Cell(f"{words.upper()}{more}", "info", bold=True))
    return Row(key, ((), head), heading=True)
