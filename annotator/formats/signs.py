"""By what files of a format are recognised: signs, as data.

A sign of a format that is read needs one of a file's first values: what a mixed file holds besides
is refused line by line by whoever reads it. A sign of what is not read must fit all of them, and
has the way out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import Any

LINES = 'one line {"text": ..., "entities": [[start, end, label], ...]} for each text'
WRITE = f"Write {LINES}."
ADD = "The texts alone are taken in by: annotator add FILE"
BRAT_OR_CONLL = "Export from there as brat or as CoNLL 2003 (2002), which are read"


class Strength(IntEnum):
    """How much a sign says: the first that fits decides, and those that say more are tried first.

    Of equals, those of what is not read come first, then each format's, in the order of `FORMATS`.
    """

    CERTAIN = 0
    """What is nothing else, whatever stands beside it."""
    MARK = 1
    """What one tool alone writes."""
    SHAPE = 2
    """Keys, or words at the beginning, that a tool has and others may have."""
    TEXTS = 3
    """A text with something beside it, as many tools have it."""
    REST = 4
    """What is something else wherever another sign fits."""


@dataclass(frozen=True, slots=True)
class Sign:
    """`name` is the format's with its tool; `shape` what a JSON value of such a file looks like, as
    `shapes` has it, `head` a regular expression for its beginning, where it is no JSON.

    `out` is what to do instead where such a file is not read, `FILE` standing for the file. A
    format's sign without it is one of files that the format reads.
    """

    name: str
    shape: Any = None
    head: str = ""
    out: str = ""
    strength: Strength = Strength.MARK


def _accept(_path: Path, _word: str) -> None:
    """Nothing is wrong with the file."""


@dataclass(frozen=True, slots=True)
class Signs:
    """By what files of one format are recognised.

    - `endings`: a file whose name ends so is in this format. Where other tools have files of that
      ending, `line` is a regular expression for a line that one of this format has (an empty file
      has none and is one), and `example` such a line.
    - `is_folder`: a folder with such files is one dataset.
    - `texts`: the endings of files that belong to one of the same name with one of `endings`.
    - `opening`: the bytes that a JSON file of this format begins with, if all do.
    - `values`, `heads`: signs of JSON, and of other files whose names say nothing. Among them are
      those of the same tool that are not read.
    - `check`: RecordError, with what to do, where a file recognised by its values cannot be read as
      it is laid out. It is given the path, and the file's name as a shell takes it.
    """

    endings: tuple[str, ...] = ()
    line: str = ""
    example: str = ""
    is_folder: bool = False
    texts: tuple[str, ...] = ()
    opening: bytes = b""
    values: tuple[Sign, ...] = ()
    heads: tuple[Sign, ...] = ()
    check: Callable[[Path, str], None] = _accept
