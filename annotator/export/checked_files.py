"""Compares the files of finished reviews with the store."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import orjson

from annotator.core.journal.journal_problems import Problem, ProblemKind
from annotator.core.record import Record, SchemeId
from annotator.core.text.counted import many
from annotator.errors import AnnotatorError
from annotator.export.finished import OURS, file_name, name_before
from annotator.export.records import record_of
from annotator.export.verify import unlike
from annotator.formats.external_text import InvalidAnnotation
from annotator.formats.jsonl import line_of
from annotator.formats.jsonl import record_of as record_of_line
from annotator.formats.plain_files import content_of
from annotator.store.store import Store
from annotator.store.values import OpenedReview

_MEANWHILE = timedelta(seconds=10)
_HINT = "`annotator watch` writes it"


class CheckedFiles:
    """The files in the folder `records`, each against the review it is of.

    A folder that is not there is not checked: no watcher has run. A file that the watcher may just
    be about to write is no problem.
    """

    def __init__(self, store: Store, folder: Path, scheme: SchemeId, now: datetime) -> None:
        self.store, self.folder, self.scheme, self.now = store, folder, scheme, now
        self.is_there = folder.is_dir()
        self.stories = store.stories.of_articles() if self.is_there else {}
        self.checked = 0

    def of(self, article: str, finished: Iterable[OpenedReview]) -> Iterator[Problem]:
        """What is wrong with the files of the finished reviews of an article that stand."""
        if not self.is_there:
            return
        stands = self.store.finished.standing(article)
        for opened in finished:
            review = opened.review
            _, kind = stands.get((article, review.reviewer), (0, ""))
            if kind != opened.kind or self.now - review.decisions[-1].at < _MEANWHILE:
                continue
            self.checked += 1
            told = self._compared(opened)
            if told is not None:
                yield Problem(ProblemKind.EXPORTS, told, article, review.reviewer)

    def strangers(self) -> Iterator[Problem]:
        """Files of reviews that the store does not have, or not as finished, or that an
        adjudication supersedes."""
        if not self.is_there:
            return
        with os.scandir(self.folder) as entries:
            names = (entry.name for entry in entries)
            for match in filter(None, map(OURS.fullmatch, names)):
                article = match["article"]
                stands = [reviewer for _, reviewer in self.store.finished.standing(article)]
                ours = {make(article, one) for one in stands for make in (file_name, name_before)}
                if match[0] not in ours:
                    told = f"{match[0]} is of no finished review that stands in the store."
                    yield Problem(ProblemKind.EXPORTS, told, article)

    def _compared(self, opened: OpenedReview) -> str | None:
        key = opened.article.id, opened.review.reviewer
        paths = [self.folder / make(*key) for make in (file_name, name_before)]
        path = next((one for one in paths if one.exists()), None)
        if path is None:
            return f"{paths[0].name} is missing ({_HINT})."
        story = self.stories.get(opened.article.id)
        expected = record_of(self.store, opened, self.scheme, story)
        try:
            content = content_of(path, (self.folder.resolve(),))
            found = record_of_line(content)
        except (AnnotatorError, InvalidAnnotation, OSError, ValueError):
            return f"{path.name} cannot be read."
        return _difference(path.name, expected, found)


def _difference(name: str, expected: Record, found: Record) -> str | None:
    # A scheme that was changed since does not change what was decided.
    wanted, there = line_of(replace(expected, scheme=found.scheme)), line_of(found)
    if wanted == there:
        return None
    if found.review.decisions < expected.review.decisions:
        made = f"{found.review.decisions} of {many(expected.review.decisions, 'decision')}"
        return f"{name} is stale: it was written after {made} ({_HINT})."
    first = next(unlike(orjson.loads(wanted), orjson.loads(there), ""), "its order")
    where = first.partition(":")[0]
    return f"{name} differs from the store in {where}."
