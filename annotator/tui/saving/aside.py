"""Decisions that the database does not have, in files until it does.

`unsaved-ARTICLE-….jsonl` holds one decision a line, as the contract writes it. A file comes into
being whole, under a name of its own, and never grows: what is decided later makes another one. So
whoever reads it never meets half of it, and may remove it once the database has what it holds.
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
"""How the names of files begin that are being written; killed, their writer leaves them."""

Unwritten = tuple[Decision, str]
"""A decision that the database does not have, and its article's text."""

_OWNER_ONLY = 0o600
_FEW = 8
_PATIENCE = 1.0


@dataclass(frozen=True, slots=True)
class PutAside:
    """Where decisions are that the database does not have: in these `files`; `nowhere` are those
    that no folder takes, and `problem` says why."""

    files: tuple[Path, ...] = ()
    nowhere: tuple[Unwritten, ...] = ()
    problem: str = ""


@dataclass(frozen=True, slots=True)
class _File:
    article: str
    ids: frozenset[str]


class Aside:
    """The files of one writer. Any thread may ask at any time; no other lock is ever waited for.

    Where `folder` takes no file, as on a full disk, the home folder does, or else one for temporary
    files.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: dict[Path, _File] = {}
        self._lock = Lock()

    def keep(self, unwritten: Iterable[Unwritten]) -> PutAside:
        """Sees to it that each of these is in a file on a disk; says in which."""
        wanted = tuple(unwritten)
        with self._mine():
            kept = self._ids_in_files()
            missing: dict[str, list[Unwritten]] = defaultdict(list)
            for one in wanted:
                if one[0].id not in kept:
                    missing[one[0].article].append(one)
            nowhere: list[Unwritten] = []
            problem = ""
            for article, some in missing.items():
                try:
                    self._add(article, some, wanted)
                except Exception as error:
                    # Whatever it was: what is not in a file is given back, and never dropped.
                    nowhere += some
                    problem = str(error) or type(error).__name__
        files = self.files_of(decision.id for decision, _ in wanted)
        return PutAside(files, tuple(nowhere), problem)

    def files_of(self, ids: Iterable[str]) -> tuple[Path, ...]:
        """The files that are there and hold any of these decisions."""
        wanted = frozenset(ids)
        return tuple(
            path for path, file in self._files.copy().items() if file.ids & wanted and path.exists()
        )

    def keep_only(self, ids: Iterable[str]) -> None:
        """Removes the files that hold none of these decisions: the database has what they hold."""
        if not self._files:
            return
        with self._mine():
            still = frozenset(ids)
            self._remove([path for path, file in self._files.items() if not file.ids & still])

    def _add(self, article: str, missing: Sequence[Unwritten], wanted: Sequence[Unwritten]) -> None:
        """Makes one more file; in place of many, one that holds all there is."""
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
        """What is in a file that is still there."""
        for path in [path for path in self._files if not path.exists()]:
            del self._files[path]
        return {id for file in self._files.values() for id in file.ids}

    def _remove(self, paths: Iterable[Path]) -> None:
        for path in paths:
            # Where it cannot be removed it holds what is stored, which the next start sees.
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)
            del self._files[path]

    @contextlib.contextmanager
    def _mine(self) -> Iterator[None]:
        # A thread that hangs at a dead disk must not keep the others from trying.
        taken = self._lock.acquire(timeout=_PATIENCE)
        try:
            yield
        finally:
            if taken:
                self._lock.release()


def put_aside(unwritten: Iterable[Unwritten], folder: Path) -> tuple[Path, ...]:
    """Writes decisions to one file for each article and names these.

    Where `folder` takes no file another one does, see `Aside`; OSError if none of them does.
    """
    by_article: dict[str, list[str]] = defaultdict(list)
    for decision, text in unwritten:
        by_article[decision.article].append(as_line(decision, text))
    return tuple(_put(article, lines, folder) for article, lines in by_article.items())


def anything_waits(folder: Path) -> bool:
    """Whether there is a file to be brought back, or one that a killed writer left."""
    return any(any(folder.glob(each)) for each in (FILES, f"{UNFINISHED}*"))


def where_it_is(number: int, aside: PutAside) -> str:
    """What to say of so many decisions that came too late to be saved."""
    if aside.nowhere:
        return (
            f"What came too late ({number}) could be put into no file: {aside.problem}. "
            "It is kept, and printed when the screens end."
        )
    files = " and ".join(map(str, aside.files))
    return f"What came too late ({number}) is in {files}; the next start saves what fits."


def as_line(decision: Decision, text: str) -> str:
    """A decision as it stands in a file."""
    # In ASCII, which takes whatever a terminal may have put into a note.
    return json.dumps(decision_to_dict(decision, text))


def write_lines(path: Path, lines: Iterable[str]) -> None:
    """Makes `path` hold these lines, at once and on the disk, readable by its owner alone; or
    leaves it as it was and raises OSError. Killed meanwhile, it leaves a file that the next
    start takes up."""
    with (
        replacing_file(path, prefix=f".{path.name}.", mode=_OWNER_ONLY) as beside,
        beside.open("w", encoding="utf-8", errors="surrogateescape", newline="\n") as file,
    ):
        file.writelines(f"{line}\n" for line in lines)


def new_path(folder: Path, article: str) -> Path:
    """A name in a folder that no file of an article's decisions has yet."""
    return folder / f"unsaved-{article[:12]}-{uuid4().hex[:8]}.jsonl"


def _put(article: str, lines: Sequence[str], folder: Path) -> Path:
    problem = OSError("no folder takes a file")
    # Looked for one after the other: what a place is may itself fail to be found out.
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
        lambda: Path("/var/tmp"),  # no fixed name in it
        Path.cwd,
    )
