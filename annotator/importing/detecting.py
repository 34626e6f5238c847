"""Which format a file is in, by its content where its name leaves a choice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from annotator.core.record import FORMAT
from annotator.errors import RecordError
from annotator.formats.json_values import Numbered, values_in

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
_SCHEMA = ".schema.json"
_READ = (*_BY_SUFFIX, *_LINES, ".json")
_OF_PRODIGY = frozenset(("_input_hash", "_task_hash", "_view_id", "_session_id", "tokens", "spans"))
_OF_OFFSETS = frozenset(("entities", "label", "labels"))
_OURS = b'{"format":"annotator.record/'
_MARK = b"\xef\xbb\xbf"
_LOOK = 4096
_TRIED = 100  # so many lines may be broken before it is said that the file is


def files_in(path: Path) -> Iterator[Path]:
    """The path itself, or in a folder that is no dataset by itself every file that can be read.

    RecordError if there is nothing, or files of a format that is a folder and others.
    """
    if not path.exists():
        raise RecordError(f"There is no file or folder {path}.", hint="Check how it is spelt.")
    if not path.is_dir():
        yield path
        return
    found = sorted(file for file in path.rglob("*") if _can_be_read(file))
    if form := _folder_format(path):
        ours = {suffix for suffix, name in _BY_SUFFIX.items() if name == form} | {".json"}
        others = [file.name for file in found if file.suffix.lower() not in ours]
        if others:
            raise RecordError(
                f"{path} holds files of {form} and others ({others[0]}).",
                hint="Name the files and folders in it one by one.",
            )
        yield path
        return
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
    if suffix in (*_LINES, ".json"):
        return _by_first_value(path)
    return _unknown(path)


def _can_be_read(file: Path) -> bool:
    """Hidden files are none: they are what killed programs leave. Nor are schemas, which stand in
    datasets beside their records."""
    is_none = file.name.startswith(".") or file.name.lower().endswith(_SCHEMA)
    return file.suffix.lower() in _READ and not is_none and file.is_file()


def _folder_format(path: Path) -> str | None:
    if next(path.rglob("*.ann"), None) is not None:
        return "brat"
    return "hf" if next(path.rglob("*.parquet"), None) is not None else None


def _by_first_value(path: Path) -> str:
    """By the first line, or the first item of a list, that is JSON."""
    if _starts_as_ours(path):
        return "jsonl"
    broken = None
    for one in islice(values_in(path), _TRIED):
        if isinstance(one, Numbered):
            row = one.value
            break
        broken = broken or one
    else:
        if broken is None:
            return "offsets"  # an empty list, which is one of nothing
        where = f"line {broken.line or 1}"
        raise RecordError(
            f"Nothing in {path.name} can be read as JSON; {where}: {broken.reason}.",
            hint="Save it as UTF-8, one JSON object a line or a list of them.",
        )
    if isinstance(row, list) and len(row) == 2 and isinstance(row[1], dict):
        return "offsets"  # spaCy's pair of a text and what is marked in it
    if not isinstance(row, dict):
        return _unknown(path)
    if str(row.get("format", "")).startswith(_FAMILY):
        return _ours(path)
    if isinstance(row.get("data"), dict) or _is_short_form(row):
        return "label-studio"
    # spaCy's `Doc.to_json()` has tokens too, and its spans by group.
    if "ents" in row or isinstance(row.get("spans"), dict):
        return "offsets"
    if _OF_PRODIGY & row.keys():
        return "prodigy"
    if {"text", "data"} & row.keys() and _OF_OFFSETS & row.keys():
        return "offsets"
    if "relations" in row:  # doccano has them too, but beside entities
        return "prodigy"
    if "text" in row:
        raise RecordError(
            f"The first article of {path.name} has a text, but nothing that was said of it.",
            hint="Texts alone are taken in by: annotator add FILE. Or name the --format.",
        )
    return _unknown(path)


def _is_short_form(row: Mapping[str, Any]) -> bool:
    """Whether this is a task of Label Studio's short form: results stand beside the text."""
    regions = (one for value in row.values() if isinstance(value, list) for one in value[:1])
    return "annotation_id" in row or any(
        isinstance(one, dict) and isinstance(one.get("labels"), list) for one in regions
    )


def _starts_as_ours(path: Path) -> bool:
    """Whether there is nothing at all, which is a file of no records, or the beginning of a record:
    a line that was cut is still ours."""
    try:
        with path.open("rb") as stream:
            while head := stream.read(_LOOK):
                if bare := head.removeprefix(_MARK).lstrip():
                    return bare.startswith(_OURS)
    except OSError as error:
        raise RecordError(
            f"{path} cannot be read: {error.strerror or error}.", hint="Check its permissions."
        ) from error
    return True


def _ours(path: Path) -> str:
    """Records one a line; RecordError where they are laid out in another way."""
    with path.open("rb") as stream:
        line = next((line for line in stream if line.strip()), b"")
    if line.removeprefix(_MARK).strip()[:2] in (b"{", b"[", b"[{"):
        raise RecordError(
            f"{path.name} holds records, but not one a line.",
            hint=f"Write them so: jq -c 'if type == \"array\" then .[] else . end' {path.name}",
        )
    return "jsonl"


def _unknown(path: Path) -> str:
    raise RecordError(
        f"It is not clear in which format {path} is.", hint="Say so with --format NAME."
    )
