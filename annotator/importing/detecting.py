"""Which format a file is in, by its content where its name leaves a choice."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import orjson

from annotator.core.record import FORMAT
from annotator.errors import RecordError

_FAMILY = FORMAT.partition("/")[0]
_BY_SUFFIX = {
    ".spacy": "spacy",
    ".conll": "conll",
    ".conll03": "conll",
    ".conll2003": "conll",
    ".iob": "conll",
    ".iob2": "conll",
    ".bio": "conll",
    ".ann": "brat",
    ".parquet": "hf",
}
_LINES = (".jsonl", ".ndjson")
_READ = (*_BY_SUFFIX, *_LINES, ".json")
_OF_PRODIGY = frozenset(
    ("_input_hash", "_task_hash", "_view_id", "_session_id", "tokens", "spans", "relations")
)
_OF_OFFSETS = frozenset(("entities", "label", "labels"))
_OURS = b'{"format":"annotator.record/'
_ENOUGH = 1 << 20  # bytes: a task with its tokens is seldom a tenth of that


def files_in(path: Path) -> Iterator[Path]:
    """The path itself, or in a folder that is no dataset by itself every file that can be read.

    RecordError if there is nothing.
    """
    if not path.exists():
        raise RecordError(f"There is no file or folder {path}.", hint="Check how it is spelt.")
    if not path.is_dir() or _folder_format(path):
        yield path
        return
    found = sorted(file for file in path.rglob("*") if file.suffix in _READ and file.is_file())
    if not found:
        raise RecordError(
            f"{path} holds no file that can be imported.",
            hint=f"Files end in {', '.join(sorted(_READ))}.",
        )
    yield from found


def format_of(path: Path) -> str:
    """The name of the format; RecordError if it is none that can be read."""
    if path.is_dir():
        return _folder_format(path) or _unknown(path)
    suffix = path.suffix.lower()
    if suffix in _BY_SUFFIX:
        return _BY_SUFFIX[suffix]
    if suffix == ".txt" and path.with_suffix(".ann").is_file():
        return "brat"
    if suffix in _LINES:
        return _by_first_line(path)
    if suffix == ".json":
        return "label-studio" if _starts_with(path, b"[") else _by_first_line(path)
    return _unknown(path)


def _folder_format(path: Path) -> str | None:
    if next(path.rglob("*.ann"), None) is not None:
        return "brat"
    return "hf" if next(path.rglob("*.parquet"), None) is not None else None


def _by_first_line(path: Path) -> str:
    row = _first_object(path)
    if not isinstance(row, dict):
        return _unknown(path)
    if str(row.get("format", "")).startswith(_FAMILY):
        return "jsonl"
    if _OF_PRODIGY & row.keys():
        return "prodigy"
    if "text" in row and _OF_OFFSETS & row.keys():
        return "offsets"
    if "text" in row:
        raise RecordError(
            f"The first line of {path.name} holds a text, but nothing that was said of it.",
            hint="Texts alone are taken in by: annotator add FILE. Or name the --format.",
        )
    return _unknown(path)


def _first_object(path: Path) -> Any:
    """The first line that is not empty, decoded; None if it is no JSON."""
    try:
        with path.open("rb") as stream:
            line = next(
                (line for line in iter(partial(stream.readline, _ENOUGH), b"") if line.strip()),
                None,
            )
    except OSError as error:
        raise _unreadable(path, error) from error
    # Nothing at all is a file of no records; of a line that was cut the beginning is enough if it
    # is ours.
    if line is None or line.startswith(_OURS):
        return {"format": FORMAT}
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError:
        return None


def _starts_with(path: Path, mark: bytes) -> bool:
    try:
        with path.open("rb") as stream:
            return stream.read(4096).removeprefix(b"\xef\xbb\xbf").lstrip().startswith(mark)
    except OSError as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: OSError) -> RecordError:
    return RecordError(
        f"{path} cannot be read: {error.strerror or error}.", hint="Check its permissions."
    )


def _unknown(path: Path) -> str:
    raise RecordError(
        f"It is not clear in which format {path} is.", hint="Say so with --format NAME."
    )
