"""Signs by which files of a format are recognised, as data.

A sign of a supported format must match one of a file's first values; the reader refuses other
values of a mixed file line by line. A sign of an unsupported format must match all of them, and has
a hint.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import Any

LINES = 'one line {"text": ..., "entities": [[start, end, label], ...]} for each text'
WRITE = f"Write {LINES}."
ADD = "To import only the texts: annotator add FILE"


class Strength(IntEnum):
    """How specific a sign is: the first match decides, and the most specific are tried first.

    Among equals, signs of unsupported formats come first, then each format's in order of `FORMATS`.
    """

    CERTAIN = 0
    """Certain, whatever else the value has."""
    MARK = 1
    """Written by one tool only."""
    SHAPE = 2
    """Keys, or a beginning, that other tools might use too."""
    TEXTS = 3
    """A text with further keys, as in many tools."""
    REST = 4
    """Used only if no other sign matches."""


@dataclass(frozen=True, slots=True)
class Sign:
    """`name` names the format and its tool; `shape` is the shape of a JSON value (see `shapes`),
    `head` a regular expression for the beginning of other files.

    `out` is the hint for an unsupported file, with `FILE` for its name. A sign without `out` is one
    of files that the format reads.
    """

    name: str
    shape: Any = None
    head: str = ""
    out: str = ""
    strength: Strength = Strength.MARK


def _accept(_path: Path, _word: str) -> None:
    """Accepts every file; the default for `Signs.check`."""


@dataclass(frozen=True, slots=True)
class Signs:
    """The signs of one format.

    - `endings`: suffixes of files in this format. If other tools use the suffix too, `line` is a
      regular expression that a line of the file must match (an empty file is accepted), and
      `example` such a line.
    - `is_folder`: a folder of such files is one dataset.
    - `texts`: suffixes of files that belong to a file of the same name with one of `endings`.
    - `opening`: the bytes that every JSON file of this format begins with, if any.
    - `values`, `heads`: signs for JSON values, and for the beginning of other files, including
      unsupported files of the same tool.
    - `check`: raises RecordError, with a hint, if a file recognised by its values has a layout that
      cannot be read. It takes the path, and the file's name quoted for a shell.
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
