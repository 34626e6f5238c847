"""The gold of checks: read, checked and slipped in while articles arrive."""

from __future__ import annotations

import logging
import time
from collections.abc import Collection
from pathlib import Path

from annotator.core.annotations import Entity, Verdict
from annotator.core.decisions import Answer
from annotator.core.record import Record
from annotator.errors import RecordError
from annotator.formats.jsonl import records_in
from annotator.store.store import Store

_HINT = "Correct the file, or `check_gold` in annotator.toml."
_log = logging.getLogger(__name__)


def read_check_gold(path: Path, labels: Collection[str]) -> tuple[Record, ...]:
    """The records of a file, or of all `.jsonl` files of a folder, which can serve as gold.

    Raises RecordError, naming the file and the article, for what cannot: unreadable, without a
    decided item, twice the same article, a label that is not among `labels`.
    """
    files = sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
    if not path.exists() or not files:
        what = f"The folder {path} holds no .jsonl file" if files == [] else f"There is no {path}"
        raise RecordError(f"{what}, which `check_gold` names as the gold of checks.", hint=_HINT)
    found: dict[str, Record] = {}
    for file in files:
        for record in records_in(file):
            problem = _problem(record, labels)
            if record.article.id in found:
                problem = "it is there twice"
            if problem:
                raise RecordError(
                    f"{file.name} cannot be the gold of checks: in the article "
                    f"{record.article.id[:12]} {problem}.",
                    hint=_HINT,
                )
            found[record.article.id] = record
    if not found:
        raise RecordError(f"{path.name} holds no record to check reviewers with.", hint=_HINT)
    return tuple(found.values())


def _problem(record: Record, labels: Collection[str]) -> str:
    """Why a record cannot be gold; empty if it can."""
    if record.review.kind == "none":
        return "nobody has decided anything (review.kind is none)"
    if record.answer is not Answer.ACCEPT:
        return f"the answer is {record.answer}, so there is nothing to compare"
    if all(item.verdict is Verdict.PENDING for item in record.items):
        return "no item is decided"
    used = {item.label for item in record.items if isinstance(item, Entity)}
    unknown = sorted(used.difference(labels))
    return f"the label {unknown[0]} is not in the label scheme" if unknown else ""


_EVERY = 20.0
"""Seconds between two looks of a watcher at whether there is room for further checks."""


class CheckIntake:
    """Slips gold into a store, as many checks as its articles have room for; call it again when
    more articles have come. For a watcher (`stays`) no more than reviewers need by then: few that
    are ready, and none that others have no use for."""

    def __init__(
        self, store: Store, gold: tuple[Record, ...], share: float, *, stays: bool = False
    ) -> None:
        self._store, self._gold, self._share = store, gold, share
        self._has_begun, self._stays = False, stays
        self._left = len(gold)
        self._next_look = 0.0

    def __call__(self) -> None:
        """Raises StoreError if the store fails."""
        if self._has_begun and not self._is_room():
            return
        came = self._store.gold_checks.slip_in(
            self._gold, share=self._share, as_reviewed=self._stays
        )
        if not self._has_begun and came.ordinary:
            _log.warning(
                "Of the gold of checks, %d are articles here already, and no checks: %s.",
                len(came.ordinary),
                ", ".join(id[:12] for id in came.ordinary),
            )
        self._has_begun, self._left = True, len(came.later)

    def _is_room(self) -> bool:
        now = time.monotonic()
        if self._left == 0 or (self._stays and now < self._next_look):
            return False
        self._next_look = now + _EVERY
        checks = self._store.gold_checks
        return checks.is_room_for_more(self._share, as_reviewed=self._stays)
