"""The interface of a format: writers, a reader, and signs by which its files are recognised.

Each module in `annotator.formats.FORMATS` defines one `Format`, called `FORMAT`. It is a dataclass
of functions rather than a `Protocol` for modules: modules are imported by name, so mypy could not
check them against a protocol, but it checks the functions passed to `Format(...)`. Importing a
format module loads no large library; calling its functions does.
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
    """One thing that a format cannot represent: the id of the record, the id of the item (None: the
    record itself), the kind of loss (a fixed short phrase), and details."""

    record: str
    item: str | None
    kind: str
    detail: str = ""


@dataclass(slots=True)
class Losses:
    """Counts losses by kind; with `keep`, also lists each of them."""

    keep: bool = False
    counts: Counter[str] = field(default_factory=Counter)
    each: list[Loss] = field(default_factory=list)

    def add(self, record: str, item: str | None, kind: str, detail: str = "") -> None:
        """Count one loss; `item` is the id of the item, None for the record itself."""
        self.counts[kind] += 1
        if self.keep:
            self.each.append(Loss(record, item, kind, detail))

    def __bool__(self) -> bool:
        return bool(self.counts)


@dataclass(slots=True)
class Notes:
    """Notes for the user on how files were interpreted, by note and file."""

    files: dict[str, dict[str, None]] = field(default_factory=dict)

    def add(self, file: str, note: str) -> None:
        """Add a note on a file; a repeated note is ignored."""
        self.files.setdefault(note, {})[file] = None

    def lines(self) -> list[str]:
        """One line for each note, with its first file and the number of further files."""
        return [
            f"{first}{f' and {len(more):,} more' if more else ''}: {note}"
            for note, (first, *more) in self.files.items()
        ]


@dataclass(frozen=True, slots=True)
class Refused:
    """Something that could not be read: the file, the line or item (from 1), and the reason.

    `article` is the id of the article if only a part of it was refused. It is then yielded before
    its record, whose `unknown` covers the words concerned, or the whole text if these are not
    known. None: the whole line or article was refused. `kind` is a fixed short phrase, used to
    group refusals.
    """

    file: str
    line: int | None
    reason: str
    article: str | None = None
    kind: str = ""


Means = Callable[[str], bool]
"""Tests whether a label is in the scheme or in a label map; then it is not a part of a claim."""


def nothing(_label: str) -> bool:
    """Treats no label as known; the default for `Means`."""
    return False


class Option(StrEnum):
    """Options for reading; each format supports some of them."""

    OFFSETS = "offsets"
    COLUMNS = "columns"
    SENTENCES = "sentences"
    MEANS = "means"


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """Options for reading: the offset unit, the columns, the number of sentences per article (None:
    detect each), and a test for known labels.

    What was detected is added to `notes`.
    """

    offsets: str | None = None
    columns: str | None = None
    sentences: int | None = None
    means: Means = nothing
    notes: Notes = field(default_factory=Notes)


Writer = Callable[[Iterable[Record], BinaryIO, Losses], int]
"""Writes records to an open binary stream, without seeking, and returns how many were written.
Adds to the losses what the format cannot represent."""
FolderWriter = Callable[[Iterable[Record], Path, Losses, Sequence[str]], int]
"""The same into an empty folder. The last argument lists the labels of the scheme in its order;
records may have others."""
NumberedRecords = Iterator[tuple[int, Record | Refused]]
"""The contents of a file, each with the number of its line or item (from 1)."""


@dataclass(frozen=True, slots=True)
class FormatReader:
    """Reads files of a format.

    - `numbered`: iterates over a file (or folder); yields Refused for invalid parts and continues.
      Raises RecordError only if nothing can be read.
    - `expected`: the result of reading a written record back: the record without what the format
      cannot represent; None if the format omits the whole record (which writing counts as a loss
      and not as written). A format that is only read has no such function.
    - `takes`: the options it supports. A format that takes MEANS assembles claims itself.
    - `is_whole`: its records are imported unchanged; nothing is completed or omitted.
    """

    numbered: Callable[[Path, ReadOptions], NumberedRecords]
    expected: Callable[[Record], Record | None] | None = None
    takes: frozenset[Option] = frozenset()
    is_whole: bool = False

    def read(self, path: Path, options: ReadOptions | None = None) -> Iterator[Record | Refused]:
        """Like `numbered`, without the numbers."""
        return (one for _, one in self.numbered(path, options or ReadOptions()))


@dataclass(frozen=True, slots=True, eq=False)
class Format:
    """One format: its name for `--format`, the suffix of its files ("" if it is always a folder),
    and its functions.

    With both writers, a target is a file if its name ends in `suffix`, otherwise a folder. Without
    `reader` it is write-only, without writers read-only. `companions` gives the contents of files
    required beside a target, by the suffix that is appended to the target's name. `signs` are used
    to recognise its files.
    """

    name: str
    suffix: str
    writer: Writer | None = None
    folder_writer: FolderWriter | None = None
    reader: FormatReader | None = None
    companions: Callable[[LabelScheme], Mapping[str, bytes]] | None = None
    signs: Signs = field(default_factory=Signs)

    @property
    def is_written(self) -> bool:
        """Whether records can be written in this format."""
        return self.writer is not None or self.folder_writer is not None

    def check_written(self) -> None:
        """Raises ExportError if the format is read-only."""
        if not self.is_written:
            raise ExportError(
                f"The format {self.name} can be read, not written.", hint="Export to another one."
            )

    def write(self, records: Iterable[Record], target: BinaryIO, losses: Losses) -> int:
        """Write records to a stream and return how many; raises ExportError for a folder format."""
        self.check_written()
        if self.writer is None:
            raise ExportError(
                "This format is a folder and cannot be written there.",
                hint="Name a folder with --output.",
            )
        return self.writer(records, target, losses)

    def write_folder(
        self, records: Iterable[Record], target: Path, losses: Losses, labels: Sequence[str] = ()
    ) -> int:
        """Write records into an empty folder and return how many; raises ExportError for a
        single-file format."""
        self.check_written()
        if self.folder_writer is None:
            raise ExportError(
                "This format is a single file, not a folder.", hint="Name a file with --output."
            )
        return self.folder_writer(records, target, losses, labels)

    def reading(self) -> FormatReader:
        """The reader; raises RecordError if the format is write-only."""
        if self.reader is None:
            raise RecordError(
                f"The format {self.name} can be written, not read.", hint="Export to another one."
            )
        return self.reader

    def expected(self, record: Record) -> Record | None:
        """The result of reading a written record back; raises RecordError if the format is
        write-only, ExportError if it is read-only."""
        self.check_written()
        expected = self.reading().expected
        assert expected is not None, f"{self.name} is read and written"
        return expected(record)

    def read(self, path: Path, options: ReadOptions | None = None) -> Iterator[Record | Refused]:
        """The contents of a file; raises RecordError if nothing can be read."""
        return self.reading().read(path, options)


def counted(
    read: Callable[[Path, ReadOptions], Iterator[Record | Refused]],
) -> Callable[[Path, ReadOptions], NumberedRecords]:
    """Numbers the records of a reader whose files have no lines or items."""

    def numbered(path: Path, options: ReadOptions) -> NumberedRecords:
        number = 0
        for one in read(path, options):
            number += isinstance(one, Record)
            yield number, one

    return numbered
