"""Records to a file or a folder in one of the formats; what is lost on the way is counted."""

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
    """How records are to be written: in which format, and what must hold before they take their
    place.

    `labels` are the names of the scheme's labels. `strict`: nothing may be lost. `verified`: what
    was written has been read back and compared.
    """

    form: Format
    labels: Sequence[str] = ()
    strict: bool = False
    verified: bool = False
    losses: Losses = field(default_factory=Losses)

    def write(self, rows: Iterable[Record], target: Path | str) -> int:
        """Writes the records and returns how many; `-` is standard output.

        ExportError if the target cannot be written, if something is lost and must not be, or if
        what is read back differs; what stood there before then still does.
        """
        with explained(target):
            if str(target) == STANDARD_OUTPUT:
                sys.stdout.flush()
                return self._to_standard_output(rows)
            path = Path(target)
            if _is_device(path):
                # A device or a pipe is written to, never replaced.
                with path.open("wb") as stream:
                    return self._pass_on(rows, stream)
            refuse_link(path)
            if self._is_folder(path):
                with replacing_folder(path) as folder:
                    return self._fill(rows, folder)
            with replacing_file(path, self.form.suffix) as file:
                return self._fill(rows, file)

    def _is_folder(self, path: Path) -> bool:
        """Whether this target is to be a folder; where a format is either, its ending says so."""
        if self.form.folder_writer is None or self.form.writer is None:
            return self.form.writer is None
        return path.is_dir() or path.suffix != self.form.suffix

    def _fill(self, rows: Iterable[Record], place: Path) -> int:
        """Writes into an empty file or folder; it stays only if all is as it must be."""
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
        """As it is for a program; a terminal gets nothing that it would act on."""
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
        """Into what cannot be taken back; with conditions, only once they are known to hold."""
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
    """Something is lost where nothing may be."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        total = sum(counts.values())
        super().__init__(
            f"The format cannot hold everything: {total:,} loss{'' if total == 1 else 'es'}.",
            hint="Leave out --strict, or choose another format; jsonl holds everything.",
        )


def write_jsonl(rows: Iterable[Record], target: Path | str) -> int:
    """Writes one line for each record and returns how many; `-` is standard output.

    ExportError if the target cannot be written; what stood there before then still does.
    """
    return Output(jsonl.FORMAT).write(rows, target)


def write_companions(companions: Mapping[str, bytes], target: Path) -> tuple[Path, ...]:
    """Writes the files that stand beside a target, each `TARGET` + ending.

    One that stands there already and differs may have been made by hand: it is left as it is, and
    is among those returned.
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
    """Removes what killed writers have left beside a target."""
    if str(target) != STANDARD_OUTPUT:
        remove_leftovers(Path(target).absolute().parent)


def refuse_link(target: Path) -> None:
    """ExportError where the target is a link: what it leads to may be somebody else's, and whoever
    may write beside it may have made it."""
    if target.is_symlink():
        raise ExportError(
            f"{target} is a link, and nothing is written through links.",
            hint=f"Remove it, or name what it leads to: {os.path.realpath(target)}",
        )


def _is_device(path: Path) -> bool:
    """Whether this is a device, a pipe or the like, also by a name such as /dev/stdout."""
    if path.parts[:2] in _OF_THE_SYSTEM:
        return True
    return not path.is_symlink() and path.exists() and not (path.is_file() or path.is_dir())


@contextlib.contextmanager
def explained(target: Path | str) -> Iterator[None]:
    """The system's refusals as ExportError with a way out."""
    try:
        yield
    except AnnotatorError:
        raise
    except OSError as error:
        if isinstance(error, BrokenPipeError) and str(target) == STANDARD_OUTPUT:
            raise
        raise ExportError(
            f"{target} cannot be written: {error.strerror or error}.",
            hint="Check that its folder exists, is writable and has room.",
        ) from error
