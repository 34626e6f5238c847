"""The lines of a file of columns, and their cells."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from annotator.errors import RecordError

MARK = "-DOCSTART-"
"""What a line begins with that begins a document."""
_MARKS = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


def cells_of(line: str) -> list[str]:
    """The cells of a line, between tabs if it has one, else between blanks; of a blank one none."""
    line = line.rstrip("\r\n")
    if "\t" in line:
        cells = line.split("\t")
        if " " in line:
            cells = [cell.strip(" ") for cell in cells]
        return cells if any(cells) else []
    cells = line.split(" ")
    return [cell for cell in cells if cell] if "" in cells else cells


@contextmanager
def lines_of(path: Path) -> Iterator[TextIO]:
    """The lines of a file, whichever line ends it has."""
    try:
        with path.open("rb") as stream:
            encoding = _MARKS.get(stream.read(2), "utf-8-sig")
        with path.open(encoding=encoding) as lines:
            yield lines
    except OSError as error:
        raise RecordError(
            f"{path} cannot be read: {error.strerror or error}.", hint="Check the file's name."
        ) from error
    except UnicodeDecodeError as error:
        raise RecordError(
            f"{path.name} is not UTF-8 text.", hint="Convert it to UTF-8 and try again."
        ) from error
