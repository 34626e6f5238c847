"""Pairs of brat files for tests, read by our reader."""

from __future__ import annotations

from pathlib import Path

from annotator.core.record import Record
from annotator.formats.base import Refused
from annotator.formats.brat import brat_out


def read_pair(folder: Path, text: str, *lines: str) -> list[Record | Refused]:
    (folder / "a.txt").write_bytes(text.encode())
    (folder / "a.ann").write_bytes("".join(f"{line}\n" for line in lines).encode())
    return list(brat_out.FORMAT.read(folder))


def the_record(found: list[Record | Refused]) -> Record:
    (one,) = (each for each in found if isinstance(each, Record))
    return one


def refused(found: list[Record | Refused]) -> list[tuple[int | None, str]]:
    return [(one.line, one.reason) for one in found if isinstance(one, Refused)]
