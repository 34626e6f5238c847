"""Finished reviews to records to files: the one sorted file, and one small file for each review.

A file is written beside its target and renamed, so that a reader finds the old one or the new one
whenever the writer is killed.
"""

from __future__ import annotations

import contextlib
import hashlib
import heapq
import logging
import os
import re
import sys
import tempfile
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import BinaryIO

from annotator.core.record import Record, SchemeId
from annotator.errors import AnnotatorError, ExportError, RecordError, StoreError
from annotator.formats.jsonl import line_of, records_in
from annotator.store.store import Store
from annotator.store.values import OpenedReview

_TEMPORARY = ".writing-"
_OURS = re.compile(r"(?P<article>[0-9a-f]{64})\.(?P<reviewer>.+)\.jsonl", re.DOTALL)
_LONGEST_NAME = 180

_log = logging.getLogger(__name__)


def records(
    store: Store,
    *,
    scheme: SchemeId,
    reviewer: str | None = None,
    since: datetime | None = None,
    pending: bool = False,
) -> Iterator[Record]:
    """Finished reviews as records, ordered by article id, then reviewer.

    `pending` adds the articles that nobody has reviewed, as the pipeline left them.
    """
    finished = (
        _record_of(opened, scheme) for opened in store.finished(reviewer=reviewer, since=since)
    )
    untouched = (
        Record.unreviewed(article, items, scheme=scheme, pipeline=pipeline)
        for article, items, pipeline in (store.unreviewed() if pending else ())
    )
    merged = heapq.merge(finished, untouched, key=lambda record: record.article.id)
    for _, same in groupby(merged, key=lambda record: record.article.id):
        # Databases differ in how they order names; a dataset must not.
        yield from sorted(same, key=lambda record: record.review.reviewer or "")


def write_jsonl(rows: Iterable[Record], target: Path | str) -> int:
    """Writes one line for each record and returns how many; `-` is standard output.

    ExportError if the target cannot be written; what stood there before then still does.
    """
    if str(target) == "-":
        sys.stdout.flush()
        return _write_lines(rows, sys.stdout.buffer)
    path = Path(os.path.realpath(target))
    try:
        if path.exists() and not path.is_file():
            # A device or a pipe is written to, never replaced.
            with path.open("wb") as stream:
                return _write_lines(rows, stream)
        with _replacing(path) as stream:
            return _write_lines(rows, stream)
    except OSError as error:
        raise ExportError(
            f"{target} cannot be written: {error.strerror or error}.",
            hint="Check that its folder exists, is writable and has room.",
        ) from error


def file_name(article: str, reviewer: str) -> str:
    """`ID.REVIEWER.jsonl`: what is no letter, digit, `-` or `_` in a name stands as `%xx`."""
    name = "".join(
        letter if letter.isalnum() or letter in "-_" else _percent(letter)
        for letter in unicodedata.normalize("NFC", reviewer)
    )
    if len(name.encode()) > _LONGEST_NAME:
        mark = hashlib.sha256(reviewer.encode()).hexdigest()[:16]
        name = f"{name.encode()[: _LONGEST_NAME - 17].decode(errors='ignore')}~{mark}"
    return f"{article}.{name}.jsonl"


class FinishedWriter:
    """Keeps `folder` in step with the reviews that are finished; called again and again."""

    def __init__(self, store: Store, folder: Path, *, scheme: SchemeId) -> None:
        self.store = store
        self.folder = folder
        self.scheme = scheme
        self._written: dict[tuple[str, str], int] | None = None

    def __call__(self) -> int:
        """Writes what was finished and removes what was taken up again; returns how many files.

        Only reviews are removed that the store holds as unfinished: a folder that outlives its
        database keeps what it has.
        """
        finished = self.store.finished_keys()
        if self._written is None:
            self._written = self._begin(finished)
        changed = 0
        for key, seq in finished.items():
            if self._written.get(key) != seq:
                changed += self._write(*key)
        for key in self._written.keys() - finished.keys():
            changed += self._remove(*key)
        return changed

    def _begin(self, finished: dict[tuple[str, str], int]) -> dict[tuple[str, str], int]:
        """What the folder holds from earlier; cleans up after a writer that was killed."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            names = os.listdir(self.folder)
        except OSError as error:
            raise _no_folder(self.folder, error) from error
        expected = {file_name(*key): key for key in finished}
        written: dict[tuple[str, str], int] = {}
        for name in names:
            if name.startswith(_TEMPORARY):
                with contextlib.suppress(OSError):
                    (self.folder / name).unlink()
            elif _OURS.fullmatch(name) and (held := self._held(name)) is not None:
                key, seq = held
                if expected.get(name, key) == key:
                    written[key] = seq
        return written

    def _held(self, name: str) -> tuple[tuple[str, str], int] | None:
        """Whose review a file holds, up to which decision; None if it is to be written anew."""
        try:
            record = next(records_in(self.folder / name), None)
        except RecordError:
            return None
        if record is None or record.review.reviewer is None:
            return None
        key = record.article.id, record.review.reviewer
        return (key, record.review.decisions) if file_name(*key) == name else None

    def _write(self, article: str, reviewer: str) -> int:
        assert self._written is not None
        opened = self.store.review(article, reviewer)
        if opened.review.finished is None:  # taken up again this very moment
            return 0
        write_jsonl((_record_of(opened, self.scheme),), self.folder / file_name(article, reviewer))
        self._written[article, reviewer] = opened.review.next_seq - 1
        return 1

    def _remove(self, article: str, reviewer: str) -> int:
        assert self._written is not None
        del self._written[article, reviewer]
        try:
            if self.store.review(article, reviewer).review.finished is not None:
                return 0
        except StoreError:  # not in this store: then it is not ours to remove
            return 0
        with contextlib.suppress(OSError):
            (self.folder / file_name(article, reviewer)).unlink()
        return 1


def _record_of(opened: OpenedReview, scheme: SchemeId) -> Record:
    return Record.of(
        opened.article,
        opened.review,
        scheme=scheme,
        pipeline=opened.pipeline,
        started=opened.started,
    )


def _write_lines(rows: Iterable[Record], stream: BinaryIO) -> int:
    count = 0
    for count, record in enumerate(rows, start=1):  # noqa: B007  # the count is the result
        stream.write(line_of(record))
    stream.flush()
    return count


@contextlib.contextmanager
def _replacing(path: Path) -> Iterator[BinaryIO]:
    """A file beside `path` that takes its place once it is whole and on the disk."""
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=_TEMPORARY)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(temporary, _mode_for(path))
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise
    _sync_folder(path.parent)


def _mode_for(path: Path) -> int:
    """The permissions of the file that is replaced, else those of any new file."""
    with contextlib.suppress(OSError):
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _sync_folder(folder: Path) -> None:
    """The new name on the disk too, where the system lets a folder be synchronised."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _percent(letter: str) -> str:
    return "".join(f"%{byte:02x}" for byte in letter.encode("utf-8", "surrogatepass"))


def _no_folder(folder: Path, error: OSError) -> AnnotatorError:
    return ExportError(
        f"The folder {folder} cannot be used: {error.strerror or error}.",
        hint="Make it writable, or set `exports` in annotator.toml.",
    )
