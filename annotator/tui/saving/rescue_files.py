"""Keeps decisions that the database does not have in files until it has them.

`unsaved-ARTICLE-….jsonl` holds one decision per line, in the form of the contract. A file is
created complete, under a unique name, and never grows: later decisions go into another file. So a
reader never sees a partial file, and may remove a file once the database has its decisions.
"""

from __future__ import annotations

import contextlib
import json
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from uuid import uuid4

from annotator.core.decisions import Decision
from annotator.core.records.codec import decision_to_dict
from annotator.replacing import replacing_file

FILES = "unsaved-*.jsonl"
UNFINISHED = ".unsaved-"
"""Prefix of files that are being written; a killed writer leaves one behind."""

Unwritten = tuple[Decision, str]
"""A decision that the database does not have, and its article's text."""

_OWNER_ONLY = 0o600
_FEW = 8
_PATIENCE = 1.0


@dataclass(frozen=True, slots=True)
class Rescued:
    """The rescued decisions: `files` contain them, except `not_rescued`, which no folder accepted
    because of `problem`."""

    files: tuple[Path, ...] = ()
    not_rescued: tuple[Unwritten, ...] = ()
    problem: str = ""


@dataclass(frozen=True, slots=True)
class _File:
    article: str
    ids: frozenset[str]


class RescueFiles:
    """The rescue files of one writer. Thread-safe; it never waits for another lock.

    If `folder` accepts no file, for example because its disk is full, the home folder is used, or
    else the one for temporary files.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: dict[Path, _File] = {}
        self._lock = Lock()

    def keep(self, unwritten: Iterable[Unwritten]) -> Rescued:
        """Make sure that each of these is in a file on a disk; returns the files."""
        wanted = tuple(unwritten)
        with self._mine():
            kept = self._ids_in_files()
            missing: dict[str, list[Unwritten]] = defaultdict(list)
            for one in wanted:
                if one[0].id not in kept:
                    missing[one[0].article].append(one)
            not_rescued: list[Unwritten] = []
            problem = ""
            for article, some in missing.items():
                try:
                    self._add(article, some, wanted)
                except Exception as error:
                    # Whatever the error, decisions that are in no file are returned, never dropped.
                    not_rescued += some
                    problem = str(error) or type(error).__name__
        files = self.files_of(decision.id for decision, _ in wanted)
        return Rescued(files, tuple(not_rescued), problem)

    def files_of(self, ids: Iterable[str]) -> tuple[Path, ...]:
        """The existing files with any of these decisions."""
        wanted = frozenset(ids)
        return tuple(
            path for path, file in self._files.copy().items() if file.ids & wanted and path.exists()
        )

    def keep_only(self, ids: Iterable[str]) -> None:
        """Remove the files with none of these decisions; the database has theirs."""
        if not self._files:
            return
        with self._mine():
            still = frozenset(ids)
            self._remove([path for path, file in self._files.items() if not file.ids & still])

    def _add(self, article: str, missing: Sequence[Unwritten], wanted: Sequence[Unwritten]) -> None:
        """Write one more file; one complete file if there are many already."""
        before = [path for path, file in self._files.items() if file.article == article]
        together = len(before) >= _FEW
        if together:
            missing = [one for one in wanted if one[0].article == article]
        path = _put(article, [as_line(*one) for one in missing], self._folder)
        self._files[path] = _File(article, frozenset(decision.id for decision, _ in missing))
        if together:
            held = self._files[path].ids
            self._remove([one for one in before if self._files[one].ids <= held])

    def _ids_in_files(self) -> set[str]:
        """The ids of the decisions in files that still exist."""
        for path in [path for path in self._files if not path.exists()]:
            del self._files[path]
        return {id for file in self._files.values() for id in file.ids}

    def _remove(self, paths: Iterable[Path]) -> None:
        for path in paths:
            # If it cannot be removed, its decisions are stored anyway; the next start detects that.
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)
            del self._files[path]

    @contextlib.contextmanager
    def _mine(self) -> Iterator[None]:
        # A thread that hangs on a dead disk must not block the others.
        taken = self._lock.acquire(timeout=_PATIENCE)
        try:
            yield
        finally:
            if taken:
                self._lock.release()


def rescue(unwritten: Iterable[Unwritten], folder: Path) -> tuple[Path, ...]:
    """Write decisions to one file per article; returns the files.

    Falls back to other folders like `RescueFiles`; raises OSError if none accepts a file.
    """
    by_article: dict[str, list[str]] = defaultdict(list)
    for decision, text in unwritten:
        by_article[decision.article].append(as_line(decision, text))
    return tuple(_put(article, lines, folder) for article, lines in by_article.items())


def anything_waits(folder: Path) -> bool:
    """Whether there are files to restore, complete or left by a killed writer."""
    return any(any(folder.glob(each)) for each in (FILES, f"{UNFINISHED}*"))


def where_it_is(number: int, rescued: Rescued) -> str:
    """A sentence on where so many late decisions are."""
    late = "1 late decision is" if number == 1 else f"{number} late decisions are"
    if rescued.not_rescued:
        return f"{late} not in any file: {rescued.problem}. The screens print them when they end."
    files = " and ".join(map(str, rescued.files))
    return f"{late} in {files}; the next start saves what still applies."


def as_line(decision: Decision, text: str) -> str:
    """A decision as a line of a file."""
    # ASCII also covers whatever a terminal put into a note.
    return json.dumps(decision_to_dict(decision, text))


def write_lines(path: Path, lines: Iterable[str]) -> None:
    """Write these lines to `path` durably and atomically, readable only by its owner; raises
    OSError and leaves `path` unchanged on failure. If the process is killed meanwhile, the next
    start takes up the partial file."""
    with (
        replacing_file(path, prefix=f".{path.name}.", mode=_OWNER_ONLY) as beside,
        beside.open("w", encoding="utf-8", errors="surrogateescape", newline="\n") as file,
    ):
        file.writelines(f"{line}\n" for line in lines)


def new_path(folder: Path, article: str) -> Path:
    """An unused name in a folder for a file of an article's decisions."""
    return folder / f"unsaved-{article[:12]}-{uuid4().hex[:8]}.jsonl"


def _put(article: str, lines: Sequence[str], folder: Path) -> Path:
    problem = OSError("no folder takes a file")
    # Evaluated one by one, because finding a folder can fail too.
    for number, find in enumerate(_places(folder)):
        try:
            path = new_path(find(), article)
            write_lines(path, lines)
        except (OSError, RuntimeError, LookupError, ValueError) as error:
            if number == 0:
                problem = error if isinstance(error, OSError) else OSError(str(error))
        else:
            return path
    raise problem


def _places(folder: Path) -> tuple[Callable[[], Path], ...]:
    return (
        lambda: folder,
        Path.home,
        lambda: Path(tempfile.gettempdir()),
        lambda: Path("/var/tmp"),  # safe: names are random
        Path.cwd,
    )
