"""What every format is: records written for another program to read, and read back from it.

A format is one value, `FORMAT`, of the module that `annotator.formats.FORMATS` names: a `Format`,
which says how it is written, how it is read (a `FormatReader`), and by what its files are
recognised. It is a dataclass of functions rather than a `Protocol` that modules keep to: a module
is found by name when it is needed, and mypy knows nothing of what is found so, while it checks the
functions that are handed to `Format(...)` where each format is defined. Modules of formats load no
large library when they are imported; functions do when they are called.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

from annotator.core.labels import LabelScheme
from annotator.core.record import Record
from annotator.errors import ExportError, RecordError
from annotator.formats.signs import Signs


@dataclass(frozen=True, slots=True)
class Loss:
    """One thing that a format cannot hold: of which record (its id), which item (its id; None: the
    record itself), what kind of loss (one short phrase, always the same), and the details."""

    record: str
    item: str | None
    kind: str
    detail: str = ""


@dataclass(slots=True)
class Losses:
    """Counts what is lost, and keeps each loss where somebody asked for it item by item."""

    keep: bool = False
    counts: Counter[str] = field(default_factory=Counter)
    each: list[Loss] = field(default_factory=list)

    def add(self, record: str, item: str | None, kind: str, detail: str = "") -> None:
        """Counts one thing of a record that the format cannot hold; `item` is its id, if any."""
        self.counts[kind] += 1
        if self.keep:
            self.each.append(Loss(record, item, kind, detail))

    def __bool__(self) -> bool:
        return bool(self.counts)


@dataclass(slots=True)
class Notes:
    """What is said of files that are read: how they were understood, where that was found out."""

    files: dict[str, dict[str, None]] = field(default_factory=dict)

    def add(self, file: str, note: str) -> None:
        """Notes something of a file; the same again is nothing new."""
        self.files.setdefault(note, {})[file] = None

    def lines(self) -> list[str]:
        """One line for each thing noted, with the file, or the first of them and how many more."""
        return [
            f"{first}{f' and {len(more):,} more' if more else ''}: {note}"
            for note, (first, *more) in self.files.items()
        ]


@dataclass(frozen=True, slots=True)
class Refused:
    """What could not be read: in which file, on which line or at which item (from 1), and why.

    `article` is the id of the article of which it was a piece, where that article comes all the
    same: what was refused of it is yielded before its record, whose `unknown` covers the words that
    it was about, or the whole text where these cannot be said. None: the line or article is gone as
    a whole. `kind` is one short phrase, the same for all that is alike, by which they are grouped.
    """

    file: str
    line: int | None
    reason: str
    article: str | None = None
    kind: str = ""


Means = Callable[[str], bool]
"""Whether a label has a meaning here, by the scheme or a map; then it is no piece of a claim."""


def nothing(_label: str) -> bool:
    """That no label has a meaning."""
    return False


class Option(StrEnum):
    """What formats can be told of the files that are read, each those that it takes."""

    OFFSETS = "offsets"
    COLUMNS = "columns"
    SENTENCES = "sentences"
    MEANS = "means"


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What is told of the files that are read: what their offsets count, which columns they have,
    how many sentences make an article (None: not said), and which labels mean something.

    `notes` is told what was found out of that.
    """

    offsets: str | None = None
    columns: str | None = None
    sentences: int | None = None
    means: Means = nothing
    notes: Notes = field(default_factory=Notes)


Writer = Callable[[Iterable[Record], BinaryIO, Losses], int]
"""Writes records to an open binary stream, front to back, and returns how many were written. What
the format cannot hold goes to the losses."""
FolderWriter = Callable[[Iterable[Record], Path, Losses, Sequence[str]], int]
"""The same into an empty folder. The last argument has the names of the scheme's labels, in its
order; records may hold others."""
NumberedRecords = Iterator[tuple[int, Record | Refused]]
"""What a file holds, each with the number of its line or item (from 1)."""


@dataclass(frozen=True, slots=True)
class FormatReader:
    """How files of a format are read.

    - `numbered`: what a file (or folder) holds, one after the other; what does not fit is Refused
      and the rest still comes. RecordError only where nothing of it can be read.
    - `expected`: what reading a record back must give, which is the record without what the format
      cannot hold; None where the format leaves the whole record out (which writing counts as a
      loss, and not as written).
    - `takes`: the options that mean something to it. One that takes MEANS puts pieces of claims
      together itself.
    - `is_whole`: its records are taken as they stand, nothing is completed or left out.
    """

    numbered: Callable[[Path, ReadOptions], NumberedRecords]
    expected: Callable[[Record], Record | None]
    takes: frozenset[Option] = frozenset()
    is_whole: bool = False

    def read(self, path: Path, options: ReadOptions | None = None) -> Iterator[Record | Refused]:
        """What `numbered` gives, without the numbers."""
        return (one for _, one in self.numbered(path, options or ReadOptions()))


@dataclass(frozen=True, slots=True, eq=False)
class Format:
    """One format: the name that `--format` takes, the ending of its files' names ("" if it is a
    folder alone), and what it can do.

    With both writers a target is a file where its name ends in `suffix`, else a folder. Without
    `reader` it can be written only. `companions` are files that must stand beside a target: endings
    of names, which follow the target's name, and what is in them. `signs` say by what its files are
    recognised.
    """

    name: str
    suffix: str
    writer: Writer | None = None
    folder_writer: FolderWriter | None = None
    reader: FormatReader | None = None
    companions: Callable[[LabelScheme], Mapping[str, bytes]] | None = None
    signs: Signs = field(default_factory=Signs)

    def write(self, records: Iterable[Record], target: BinaryIO, losses: Losses) -> int:
        """Writes records to a stream and returns how many; ExportError for what is a folder."""
        if self.writer is None:
            raise ExportError(
                "This format is a folder, and cannot go there.", hint="Name a folder by --output."
            )
        return self.writer(records, target, losses)

    def write_folder(
        self, records: Iterable[Record], target: Path, losses: Losses, labels: Sequence[str] = ()
    ) -> int:
        """Writes records into an empty folder and returns how many; ExportError for what is one
        file."""
        if self.folder_writer is None:
            raise ExportError(
                "This format is one file, no folder.", hint="Name a file by --output."
            )
        return self.folder_writer(records, target, losses, labels)

    def reading(self) -> FormatReader:
        """How it is read; RecordError if it is written only."""
        if self.reader is None:
            raise RecordError(
                f"The format {self.name} can be written, not read.", hint="Export to another one."
            )
        return self.reader

    def expected(self, record: Record) -> Record | None:
        """What reading a record back must give; RecordError if it is written only."""
        return self.reading().expected(record)

    def read(self, path: Path, options: ReadOptions | None = None) -> Iterator[Record | Refused]:
        """What a file holds; RecordError if nothing of it can be read."""
        return self.reading().read(path, options)


def counted(
    read: Callable[[Path, ReadOptions], Iterator[Record | Refused]],
) -> Callable[[Path, ReadOptions], NumberedRecords]:
    """A reader of files without lines or items as one that numbers: the records are counted."""

    def numbered(path: Path, options: ReadOptions) -> NumberedRecords:
        number = 0
        for one in read(path, options):
            number += isinstance(one, Record)
            yield number, one

    return numbered
