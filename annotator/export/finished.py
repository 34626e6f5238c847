"""Keeps one small file for each finished review in sync with the store."""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import re
import stat
import unicodedata
from collections.abc import Mapping
from pathlib import Path

from annotator.core.record import SchemeId
from annotator.errors import (
    AnnotatorError,
    ArticleDamaged,
    ExportError,
    RecordError,
    StoreError,
)
from annotator.export.outputs import write_jsonl
from annotator.export.records import record_of
from annotator.formats.external_text import InvalidAnnotation
from annotator.formats.jsonl import record_of as record_in_line
from annotator.formats.plain_files import content_of
from annotator.replacing import TEMPORARY
from annotator.store.store import Store
from annotator.store.values import ADJUDICATION

OURS = re.compile(r"(?P<article>[0-9a-f]{64})\.(?P<reviewer>.+)\.jsonl", re.DOTALL)
"""The names of our files."""
_LONGEST_NAME = 180
_Key = tuple[str, str]  # article and reviewer
# The number of the last decision, the kind of review, and the story of the article.
_State = tuple[int, str, str | None]
_log = logging.getLogger(__name__)


def file_name(article: str, reviewer: str) -> str:
    """`ID.REVIEWER.jsonl`; characters other than letters, digits, `-` and `_` are escaped as `%xx`.

    Different reviewers never share a file, even if their names look alike.
    """
    composed = unicodedata.normalize("NFC", reviewer)
    name = "".join(
        letter if letter.isalnum() or letter in "-_" else _percent(letter) for letter in composed
    )
    if len(name.encode()) > _LONGEST_NAME or composed != reviewer:
        mark = hashlib.sha256(reviewer.encode("utf-8", "surrogatepass")).hexdigest()[:16]
        name = f"{name.encode()[: _LONGEST_NAME - 17].decode(errors='ignore')}~{mark}"
    return f"{article}.{name}.jsonl"


def name_before(article: str, reviewer: str) -> str:
    """The file name that version 0.1.0 used for a name in decomposed Unicode."""
    return file_name(article, unicodedata.normalize("NFC", reviewer))


class FinishedWriter:
    """Updates `folder` from the finished reviews each time it is called."""

    def __init__(self, store: Store, folder: Path, *, scheme: SchemeId) -> None:
        self.store = store
        self.folder = folder
        self.scheme = scheme
        self._written: dict[_Key, _State] | None = None
        self._mark: tuple[int, ...] | None = None
        self._identified = 0
        self._damaged: set[tuple[str, str]] = set()

    def __call__(self) -> int:
        """Write newly finished reviews, remove reopened and superseded ones, and return the number
        of files changed.

        Only files of reviews that the store knows as unfinished or superseded are removed, so a
        folder that outlives its database keeps its files.
        """
        mark = self.store.finished.mark()
        if mark == self._mark:
            return 0
        decided, of_article = self.store.finished.standing(), self.store.stories.of_articles()
        finished = {
            key: (seq, kind, of_article.get(key[0])) for key, (seq, kind) in decided.items()
        }
        if self._written is None:
            self._written = self._begin(finished)
        changed = 0
        touched, self._identified = self.store.identities.reviews_touched(self._identified)
        renamed = {article for article, _ in touched}
        for key, state in finished.items():
            if self._written.get(key) != state or key[0] in renamed:
                changed += self._write(key, state)
        for key in self._written.keys() - finished.keys():
            changed += self._remove(*key)
        self._mark = mark
        return changed

    def _begin(self, finished: Mapping[_Key, _State]) -> dict[_Key, _State]:
        """Read the files of earlier runs, and remove what a killed writer left."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            names = os.listdir(self.folder)
        except OSError as error:
            raise _no_folder(self.folder, error) from error
        expected = {file_name(*key): key for key in finished}
        written: dict[_Key, _State] = {}
        for name in names:
            if name.startswith(TEMPORARY):
                with contextlib.suppress(OSError):
                    (self.folder / name).unlink()
            elif OURS.fullmatch(name) and (held := self._held(name)) is not None:
                key, state = held
                if file_name(*key) != name:
                    self._rename(name, key)
                elif expected.get(name, key) == key:
                    written[key] = state
        return written

    def _rename(self, name: str, key: tuple[str, str]) -> None:
        """Rename files that an earlier version named differently."""
        with contextlib.suppress(OSError):
            os.rename(self.folder / name, self.folder / file_name(*key))

    def _held(self, name: str) -> tuple[_Key, _State] | None:
        """Review and state of a file; None if it must be rewritten."""
        if (self.folder / name).is_symlink():
            return None
        try:
            # Opening a pipe would block, and a device could be read for ever.
            held = content_of(self.folder / name, (self.folder.resolve(),))
            record = record_in_line(held.partition(b"\n")[0])
        except (RecordError, InvalidAnnotation, OSError):
            return None
        if record.review.reviewer is None:
            return None
        key = record.article.id, record.review.reviewer
        ours = name in (file_name(*key), name_before(*key))
        review = record.review
        return (key, (review.decisions, review.kind, record.story)) if ours else None

    def _write(self, key: _Key, state: _State) -> int:
        assert self._written is not None
        (article, reviewer), (_, kind, story) = key, state
        adjudicates = kind == ADJUDICATION
        try:
            opened = self.store.reviews.get(article, reviewer, adjudicates=adjudicates)
        except ArticleDamaged as error:
            if (article, reviewer) not in self._damaged:
                self._damaged.add((article, reviewer))
                _log.error("%s %s", error.message, error.hint)
            return 0
        except StoreError:
            if self.store.purge.tombstone(article) is None:
                raise
            return 0  # purged in the meantime
        if opened.review.finished is None:  # reopened in the meantime
            return 0
        path = self.folder / file_name(article, reviewer)
        _make_way(path)
        write_jsonl((record_of(self.store, opened, self.scheme, story),), path)
        self._written[key] = opened.review.next_seq - 1, kind, story
        return 1

    def _remove(self, article: str, reviewer: str) -> int:
        assert self._written is not None
        del self._written[article, reviewer]
        store, key = self.store, (article, reviewer)
        if key in store.finished.standing(article):
            return 0
        if not store.finished.knows(*key) and store.purge.tombstone(article) is None:
            return 0  # unknown to this store: not ours to remove
        with contextlib.suppress(OSError):
            (self.folder / file_name(article, reviewer)).unlink()
        return 1


def _make_way(path: Path) -> None:
    """Remove a link or pipe at the path of a record, so that it is not written through. Errors are
    ignored here; writing reports them."""
    with contextlib.suppress(OSError):
        if not stat.S_ISREG(path.lstat().st_mode):
            path.unlink()


def _percent(letter: str) -> str:
    return "".join(f"%{byte:02x}" for byte in letter.encode("utf-8", "surrogatepass"))


def _no_folder(folder: Path, error: OSError) -> AnnotatorError:
    return ExportError(
        f"Cannot write to the folder {folder}: {error.strerror or error}.",
        hint="Make it writable, or set `exports` in annotator.toml.",
    )
