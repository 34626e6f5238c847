"""What every format is: records written for another program to read, and read back from it.

A format is a module with these names, listed in `annotator.formats.FORMATS`:

- `KIND`: `stream` (one file, written front to back), `folder` (several files, made in an empty
  folder), or `either`: a file where the target's name ends in SUFFIX, else a folder; `write` is
  given a stream or a path accordingly.
- `SUFFIX`: the ending of its file's name; a folder's is empty.
- `write(records, target, losses) -> int`: how many records were written. `target` is an open binary
  stream, or the path of an empty folder. What the format cannot hold goes to `losses`.
- `read(path) -> Iterator[Record | Refused]`, where the format can be read: what a file (or folder)
  holds, one after the other; what does not fit is Refused and the rest still comes. RecordError
  only where nothing of it can be read.
- `read(path, offsets=..., columns=..., notes=...)`, where it can be told how to read a file: what
  its offsets count, which columns it has; `notes` is told what was found out of that.
- `numbered(path)`, where a file has lines or items: what `read` gives, each with its number.
- `expected(record) -> Record | None`, where the format can be read: what reading back must give,
  which is the record without what the format cannot hold; None where the format leaves the whole
  record out (which `write` counts as a loss, and not as written).
- `companions(scheme) -> Mapping[str, bytes]`, if files must stand beside it: endings of names,
  which follow the target's name, and what is in them. `scheme` is the LabelScheme in force.
- `write(records, target, losses, labels=...)`, where it must know the labels before the first
  record: a sequence with the names of the scheme's labels, in its order. Records may hold others.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


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
