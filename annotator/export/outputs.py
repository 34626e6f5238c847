"""Writes records to a file or folder in a format, counting losses."""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from annotator.core.record import Record
from annotator.core.text.harmless import harmless
from annotator.errors import AnnotatorError, ExportError
from annotator.export.verify import Verification
from annotator.export.writing import replacing_folder
from annotator.formats import jsonl
from annotator.formats.base import Format, Losses
from annotator.replacing import remove_leftovers, replacing_file

STANDARD_OUTPUT = "-"
_BUFFER = 1 << 20
_OF_THE_SYSTEM = (("/", "dev"), ("/", "proc"))


@dataclass(frozen=True)
class Output:
    """The format of an export, and the conditions for replacing the target.

    `labels` are the names of the scheme's labels. `strict`: nothing may be lost. `verified`: the
    result is read back and compared.
    """

    form: Format
    labels: Sequence[str] = ()
    strict: bool = False
    verified: bool = False
    losses: Losses = field(default_factory=Losses)

    def write(self, rows: Iterable[Record], target: Path | str) -> int:
        """Write the records and return how many; `-` is standard output.

        Raises ExportError, without changing the target, if it cannot be written, if something is
        lost with `strict`, or if the result read back differs.
        """
        with explained(target):
            if str(target) == STANDARD_OUTPUT:
                sys.stdout.flush()
                return self._to_standard_output(rows)
            path = Path(target)
            if _is_device(path):
                # Write into a device or a pipe; never replace it.
                with path.open("wb") as stream:
                    return self._pass_on(rows, stream)
            refuse_link(path)
            if self._is_folder(path):
                with replacing_folder(path) as folder:
                    return self._fill(rows, folder)
            with replacing_file(path, self.form.suffix) as file:
                return self._fill(rows, file)

    def _is_folder(self, path: Path) -> bool:
        """Whether to write a folder; if the format supports both, the target's suffix decides."""
        if self.form.folder_writer is None or self.form.writer is None:
            return self.form.writer is None
        return path.is_dir() or path.suffix != self.form.suffix

    def _fill(self, rows: Iterable[Record], place: Path) -> int:
        """Write into an empty file or folder; raises ExportError if a condition is not met."""
        if self.verified and self.form.reader is None:
            raise ExportError(
                "This format cannot be read back.", hint="Leave out --verify, or export as jsonl."
            )
        with Verification(self.form) if self.verified else contextlib.nullcontext() as check:
            count = self._write(check.kept(rows) if check else rows, place)
            if self.strict and self.losses:
                raise LossError(self.losses.counts)
            if check:
                check.compare(place)
        return count

    def _write(self, rows: Iterable[Record], place: Path | BinaryIO) -> int:
        if not isinstance(place, Path):
            return self.form.write(rows, place, self.losses)
        if place.is_dir():
            return self.form.write_folder(rows, place, self.losses, self.labels)
        with place.open("wb", buffering=_BUFFER) as stream:
            return self.form.write(rows, stream, self.losses)

    def _to_standard_output(self, rows: Iterable[Record]) -> int:
        """Write unchanged for a program; on a terminal, control characters are made harmless."""
        if not sys.stdout.isatty():
            return self._pass_on(rows, sys.stdout.buffer)
        with tempfile.TemporaryFile() as whole:
            count = self._pass_on(rows, whole)
            whole.seek(0)
            for line in io.TextIOWrapper(whole, "utf-8", "replace", newline="\n"):
                sys.stdout.write(harmless(line))
            sys.stdout.flush()
            return count

    def _pass_on(self, rows: Iterable[Record], stream: BinaryIO) -> int:
        """Write to a stream, which cannot be undone, so conditions are checked first."""
        if self.strict or self.verified:
            with tempfile.TemporaryDirectory() as folder:
                whole = Path(folder) / f"records{self.form.suffix}"
                count = self._fill(rows, whole)
                with whole.open("rb") as written:
                    shutil.copyfileobj(written, stream)
        else:
            count = self._write(rows, stream)
        stream.flush()
        return count


class LossError(ExportError):
    """Losses in a strict export."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        total = sum(counts.values())
        super().__init__(
            f"The format cannot hold everything: {total:,} loss{'' if total == 1 else 'es'}.",
            hint="Leave out --strict, or choose another format; jsonl holds everything.",
        )


def write_jsonl(rows: Iterable[Record], target: Path | str) -> int:
    """Write one line for each record and return how many; `-` is standard output.

    Raises ExportError, without changing the target, if it cannot be written.
    """
    return Output(jsonl.FORMAT).write(rows, target)


def write_companions(companions: Mapping[str, bytes], target: Path) -> tuple[Path, ...]:
    """Write the companion files of a target, each named `TARGET` plus a suffix.

    An existing file with other contents may have been made by hand, so it is not changed, and its
    path is returned.
    """
    kept = []
    for ending, content in companions.items():
        path = target.with_name(target.name + ending)
        with explained(path):
            if not path.exists():
                with replacing_file(path) as file:
                    file.write_bytes(content)
            elif path.read_bytes() != content:
                kept.append(path)
    return tuple(kept)


def clear_way(target: Path | str) -> None:
    """Remove files that killed writers left beside a target."""
    if str(target) != STANDARD_OUTPUT:
        remove_leftovers(Path(target).absolute().parent)


def refuse_link(target: Path) -> None:
    """Raises ExportError if the target is a link, since anybody who can write to the folder may
    have created it, pointing to somebody else's file."""
    if target.is_symlink():
        raise ExportError(
            f"{target} is a link; exports are not written through links.",
            hint=f"Remove it, or name its target: {os.path.realpath(target)}",
        )


def _is_device(path: Path) -> bool:
    """Whether this is a device or a pipe, also by a name such as /dev/stdout."""
    if path.parts[:2] in _OF_THE_SYSTEM:
        return True
    return not path.is_symlink() and path.exists() and not (path.is_file() or path.is_dir())


@contextlib.contextmanager
def explained(target: Path | str) -> Iterator[None]:
    """Translates errors of the operating system into ExportError with a hint."""
    try:
        yield
    except AnnotatorError:
        raise
    except OSError as error:
        if isinstance(error, BrokenPipeError) and str(target) == STANDARD_OUTPUT:
            raise
        raise ExportError(
            f"{target} cannot be written: {error.strerror or error}.",
            hint="Check that its folder exists, is writable and has free space.",
        ) from error
