"""Detects the format of a file by its name or, if that is ambiguous, by its content."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from annotator.errors import RecordError
from annotator.formats.base import Format
from annotator.formats.json_values import Numbered, values_in
from annotator.formats.offset_rows import holds_spans
from annotator.formats.plain_files import is_plain, leads_out
from annotator.formats.signs import WRITE
from annotator.importing.sign_tables import Recognised, by_head, by_values, formats
from annotator.inbox.files import shell_word

# The format of an empty file, and of an empty list.
_EMPTY, _EMPTY_LIST = "jsonl", "offsets"
_JSON = (".jsonl", ".ndjson", ".json")
_OF_TEXTS = (".txt", ".md")
_XML = ".xml"  # the files of several programs end in it
_TABLE = ".tsv"  # tables of all kinds end in it; in a folder only those of a known format are read
_SCHEMA = ".schema.json"
# What datasets and the files of INCEpTION have beside their records.
_BESIDE_RECORDS = frozenset(("statistics.json", "croissant.json", "typesystem.xml"))
_FEW = 20  # the number of files of a folder, or values of a file, that are examined
# Keys for labels of the whole text; and keys that are no annotations.
_JUDGEMENTS = frozenset(("label", "labels", "category", "class", "cats", "sentiment", "answer"))
_SPANS = frozenset(("entities", "ents", "spans", "annotations", "ner"))
_BESIDE = frozenset(("meta", "metadata", "tags", "authors", "keywords", "images", "links"))
_MARK = b"\xef\xbb\xbf"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_LOOK = 4096
_LOOK_FURTHER = 65536
_TRIED = 100  # the number of invalid lines after which the file is refused


def files_in(path: Path, format: str | None = None) -> Iterator[Path]:
    """The path itself, or all readable files of a folder that is not a dataset as a whole; with
    `format` the folder is one.

    RecordError if there is nothing, or no plain file, or files of a format that is a folder and
    others.
    """
    if not path.exists():
        raise RecordError(f"{path} does not exist.", hint="Check how it is spelt.")
    if not path.is_dir():
        _check_plain(path)
    if not path.is_dir() or format is not None:
        yield path
        return
    found = sorted(file for file in path.rglob("*") if _can_be_read(file))
    if form := _folder_format(path):
        ours = {*form.signs.endings, ".json"}
        others = [file.name for file in found if file.suffix.lower() not in ours]
        if others:
            raise RecordError(
                f"{path} holds files of {form.name} and others ({others[0]}).",
                hint="Name the files and folders in it one by one.",
            )
        yield path
        return
    if not found:
        _refuse_folder(path)
    yield from found


def format_of(path: Path) -> str:
    """The name of the format of a file; raises RecordError if it is not supported."""
    if path.is_dir():
        form = _folder_format(path)
        return form.name if form else _unknown(path)
    if told := _by_ending(path):
        form, file = told
        return _checked(form, (file,)).name
    return _by_first_values(path) if path.suffix.lower() in _JSON else _by_head(path)


def _by_ending(path: Path) -> tuple[Format, Path] | None:
    """The format by the suffix, and the file with that suffix: this one, or the one that it belongs
    to."""
    suffix = path.suffix.lower()
    for form in formats():
        if suffix in form.signs.endings:
            return form, path
        for ending in form.signs.endings if suffix in form.signs.texts else ():
            if (of_it := path.with_suffix(ending)).is_file():
                return form, of_it
    return None


def _endings() -> tuple[str, ...]:
    """The suffixes of all supported files."""
    return (*(ending for form in formats() for ending in form.signs.endings), *_JSON)


def _check_plain(path: Path) -> None:
    """Raises RecordError for a pipe or a device, which cannot be read twice and may never end."""
    if not is_plain(path):
        raise RecordError(
            f"{path} is not a regular file.", hint="Save its output as a file and import that."
        )


def _can_be_read(file: Path) -> bool:
    """Whether a file may be read: not hidden files, which killed programs leave, nor schemas and
    descriptions, which datasets contain beside their records."""
    name = file.name.lower()
    is_none = name.startswith(".") or name.endswith(_SCHEMA) or name in _BESIDE_RECORDS
    if is_none or not file.is_file():
        return False
    return file.suffix.lower() in _endings() or _is_known_table(file)


def _is_known_table(file: Path) -> bool:
    found = by_head(_head(file)) if file.suffix.lower() == _TABLE else None
    return found is not None and found.form is not None


def _refuse_folder(path: Path) -> None:
    """Raises RecordError for a folder without supported files, saying what it contains if known."""
    files = sorted(file for file in path.rglob("*") if file.is_file())
    for file in islice((file for file in files if not file.name.startswith(".")), _FEW):
        found = by_head(_head(file))
        if found and not found.form:
            _told_by(found, file)
    raise RecordError(
        f"{path} holds no file that can be imported.",
        hint=f"Files end in {', '.join(sorted(_endings()))}.",
    )


def _folder_format(path: Path) -> Format | None:
    """The format in which a folder is one dataset; raises RecordError if its files have only the
    suffix."""
    for form in formats():
        for ending in form.signs.endings if form.signs.is_folder else ():
            if next(path.rglob(f"*{ending}"), None) is not None:
                shown = (one for one in path.rglob(f"*{ending}") if not one.name.startswith("."))
                within = (path.resolve(),)
                return _checked(
                    form, (one for one in shown if is_plain(one) and not leads_out(one, within))
                )
    return None


def _by_first_values(path: Path) -> str:
    """The format by the first JSON lines, or the first items of a list."""
    if known := _by_opening(path):
        return known
    broken, values = None, []
    for one in islice(values_in(path), _TRIED):
        if isinstance(one, Numbered):
            values.append(one.value)
            if len(values) == _FEW:
                break
        else:
            broken = broken or one
    if not values:
        if broken is None:
            return _EMPTY_LIST
        raise RecordError(
            f"{path.name} has no valid JSON; line {broken.line or 1}: {broken.reason}.",
            hint="Save it as UTF-8, one JSON object per line or a list of them.",
        )
    if found := by_values(values):
        return _told_by(found, path)
    _refuse_wrapped(path, values)
    if any(isinstance(row, dict) and isinstance(row.get("text"), str) for row in values):
        raise _texts_with_nothing(path, values)
    _refuse_other_name(path, values)
    return _unknown(path)


def _refuse_wrapped(path: Path, values: Sequence[Any]) -> None:
    """Raises RecordError, saying how to extract them, if one object contains all the texts."""
    if len(values) != 1 or not isinstance(values[0], dict):
        return
    for key, held in (("", values[0]), *values[0].items()):
        rows = list(islice(held.values(), _FEW)) if isinstance(held, dict) else held
        found = by_values(rows[:_FEW]) if isinstance(rows, list) and rows else None
        if found is not None and found.form:
            inside = f".[{json.dumps(key)}][]" if key else ".[]"
            where = f"in {key!r:.60}" if key else "in one object, each under its own key"
            raise RecordError(
                f"The texts of {path.name} are {where}.",
                hint="Extract them and import the result: "
                f"jq -c '{inside}' {shell_word(path.name)} > {shell_word(path.stem + '.jsonl')}",
            )


def _texts_with_nothing(path: Path, values: Iterable[Any]) -> RecordError:
    """The error for texts without annotations, or with annotations in an unknown form."""
    said = sorted(
        {
            key
            for row in values
            if isinstance(row, dict)
            for key, value in row.items()
            if _says_something(key, value)
        }
    )
    if not said:
        return RecordError(
            f"The articles of {path.name} contain no annotations.",
            hint="To import only the texts: annotator add FILE. Or name the --format.",
        )
    return RecordError(
        f"The annotations of {path.name} ({', '.join(said):.80}) are not in a supported format.",
        hint=f"{WRITE} To import only the texts: annotator add FILE",
    )


def _says_something(key: str, value: Any) -> bool:
    if key in _JUDGEMENTS or (key in _SPANS and isinstance(value, str) and value):
        return True
    return isinstance(value, list | dict) and key not in _BESIDE


def _refuse_other_name(path: Path, values: Iterable[Any]) -> None:
    """Raises RecordError, with a hint, if texts with spans are under another key."""
    for row in values:
        if not isinstance(row, dict) or not any(map(holds_spans, row.values())):
            continue
        texts = {key: value for key, value in row.items() if isinstance(value, str)}
        if "text" in row or not texts:
            continue
        key = max(texts, key=lambda one: len(texts[one]))
        raise RecordError(
            f"The texts of {path.name} are under {key!r:.60}, not `text`.",
            hint="Rename the key and import the result: jq -c "
            f"'if type == \"array\" then .[] else . end | .text = .[{json.dumps(key)}]' "
            f"{shell_word(path.name)} > texts.jsonl",
        )


def _told_by(found: Recognised, path: Path) -> str:
    """The name of the recognised format; raises RecordError with a hint if it is not supported."""
    word = shell_word(path.name)
    if found.form:
        found.form.signs.check(path, word)
        return found.form.name
    raise RecordError(
        f"{path.name} holds {found.sign.name}, which is not a supported format.",
        hint=found.sign.out.replace("FILE", word),
    )


def _by_head(path: Path) -> str:
    """The format by the beginning of a file whose suffix is ambiguous."""
    head = _head(path)
    if head.lstrip()[:1] in ("{", "["):
        return _by_first_values(path)
    if found := by_head(head):
        return _told_by(found, path)
    if path.suffix.lower() in _OF_TEXTS:
        raise RecordError(
            f"{path.name} is a text without annotations in a supported format.",
            hint="To import only the texts: annotator add FILE. Or name the --format.",
        )
    return _unknown(path)


def _checked(form: Format, files: Iterable[Path]) -> Format:
    """The format, if one of these files has a line of this format, all are empty, or the suffix is
    unambiguous; otherwise raises RecordError."""
    if not form.signs.line:
        return form
    other = None
    for file in islice(files, _FEW):
        head = _head(file, _LOOK_FURTHER)
        if re.search(form.signs.line, head, re.MULTILINE):
            return form
        if head.strip():
            other = other or (file, head)
    if other is None:
        return form
    file, head = other
    if found := by_head(head):
        if found.form and file.suffix.lower() == _XML:
            return found.form
        if not found.form:
            _told_by(found, file)
    raise RecordError(
        f"{file.name} contains no {form.name} lines.",
        hint=f"An example, with tabs: {form.signs.example}. Or name the --format.",
    )


def _head(path: Path, size: int = _LOOK) -> str:
    """The beginning of a file, decoded as text."""
    try:
        with path.open("rb") as stream:
            head = stream.read(size)
    except OSError as error:
        raise RecordError(
            f"{path} cannot be read: {error.strerror or error}.", hint="Check its permissions."
        ) from error
    if head.startswith(_UTF16):
        return head.decode("utf-16", errors="ignore")
    return head.removeprefix(_MARK).decode(errors="replace")


def _by_opening(path: Path) -> str | None:
    """The format by the first bytes of a JSON file, so that a truncated line is recognised too, or
    the format of an empty file."""
    opening = _opening(path)
    if not opening:
        return _EMPTY
    for form in formats():
        if form.signs.opening and opening.startswith(form.signs.opening):
            return form.name
    return None


def _opening(path: Path) -> bytes:
    """The first non-blank bytes of a file; empty if all are blank."""
    try:
        with path.open("rb") as stream:
            while head := stream.read(_LOOK):
                if bare := head.removeprefix(_MARK).lstrip():
                    return bare
    except OSError as error:
        raise RecordError(
            f"{path} cannot be read: {error.strerror or error}.", hint="Check its permissions."
        ) from error
    return b""


def _unknown(path: Path) -> str:
    raise RecordError(
        f"The format of {path} is unclear.",
        hint=f"If it is a supported one, use --format NAME; otherwise w{WRITE[1:]}",
    )
