"""Splits a column file into lines and cells, and recognises lines that are not rows."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import Enum
from pathlib import Path
from typing import TextIO

from annotator.errors import RecordError

MARK = "-DOCSTART-"
"""The beginning of a line that starts a document."""
_END = "-DOCEND-"
_ELEMENT = re.compile(
    r"\s*<(?P<end>/?)(?:(?P<document>doc|document|text|article|file)|s|sent|sentence|p|para)"
    r"(?P<said>\s[^<>]*)?/?>\s*",
    re.IGNORECASE,
)
_NAME = re.compile(r"""\b(?:id|name|n|title|file)\s*=\s*["']?(?P<name>[^"'>]+)""", re.IGNORECASE)
_MARKS = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


class Boundary(Enum):
    """What a line that is not a row begins or ends."""

    BEGINS = "a document begins"
    ENDS = "a document ends"
    BREAK = "a sentence or a paragraph begins or ends"


def part_of(line: str, cells: Sequence[str]) -> Boundary | None:
    """The meaning of a line such as `-DOCSTART-`, `</doc>`, `<s>`; None for other lines."""
    if line[0] not in "-< ":
        return None
    if cells[0].startswith(MARK):
        return Boundary.BEGINS
    if cells[0].startswith(_END):
        return Boundary.ENDS
    found = _ELEMENT.fullmatch(line)
    if found is None:
        return None
    if not found["document"]:
        return Boundary.BREAK
    return Boundary.ENDS if found["end"] else Boundary.BEGINS


def name_in(line: str) -> str:
    """The name in a document mark such as `<doc id="7">`; empty if there is none."""
    found = _NAME.search(line) if "<" in line else None
    return found["name"].strip() if found else ""


def cells_of(line: str) -> list[str]:
    """The cells of a line, separated by tabs if it has any, otherwise by blanks; empty for a blank
    line."""
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
    """The lines of a UTF-8 or UTF-16 file with any line ends; raises RecordError if unreadable."""
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
