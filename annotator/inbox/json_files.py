"""Reads articles from JSON: one object, a list, or one object per line.

The article is in `text`; `title` and the origin (`url`, `outlet`, `author`, `published`, in the
object or in its `origin`) are read, and all other keys are kept in `meta`. Input of Prodigy and
doccano is read in this way; its labels and spans are kept but not suggested. From our own records,
text, title, origins and meta are read, but not the review.
"""

from __future__ import annotations

import json
import re
import shlex
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from math import isinf
from pathlib import PurePath
from typing import Any

from annotator.core.article import Article, Origin, normalise, title_line
from annotator.errors import Command, FileError, Hint, ReadError
from annotator.inbox.decoding import checked, decoded
from annotator.inbox.encoding_hints import utf16_side
from annotator.inbox.files import shell_word

_ORIGIN = ("outlet", "url", "author", "published")
_RECORD = "annotator.record/"
_NOT_BLANK = re.compile(rb"\S")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_SHOWN = 3
# Give up a file whose first lines are all invalid.
_HOPELESS = 1000
# Deeper nesting fails in readers of our datasets.
_DEEPEST = 100
_LARGEST = 2**64
# Shorter strings are probably titles, names or dates, not articles.
_SHORTEST_TEXT = 100
_LONGEST_NAME = 50
_KINDS = {list: "a list", str: "a text", bool: "true or false", int: "a number", float: "a number"}

_Plain = dict[str, Any]
_Part = tuple[str, bytes | object]


class _Unusable(Exception):
    """Why something is not an article, as the predicate of a sentence: `is a list, not ...`."""


def read_json(raw: bytes, name: str, *, encodings: Sequence[str] = ()) -> Iterator[Article]:
    """The articles of a `.json` or `.jsonl` file, in order, each with its line or item as `part`.

    Raises ReadError at the end if parts were invalid; earlier articles stay valid.
    """
    raw = _in_utf8(raw, name, encodings)
    if not _NOT_BLANK.search(raw):
        raise FileError("is empty", hint="Save the articles in it.")
    if _has_lines(raw, name):
        yield from _articles("line", _lines(raw), name, encodings, whole=raw)
        return
    whole = _whole(raw, name, encodings)
    if isinstance(whole, list):
        items = ((str(n), item) for n, item in enumerate(whole, start=1))
        yield from _articles("item", items, name, encodings)
        return
    try:
        yield _article(whole, Origin(name=name))
    except _Unusable as error:
        raise ReadError(f"The JSON {error}.", hint=_hint(whole, name)) from error


def _in_utf8(raw: bytes, name: str, encodings: Sequence[str]) -> bytes:
    """`raw` without byte order mark; UTF-16 is converted to UTF-8, since its line ends have two
    bytes."""
    if raw.startswith(_UTF16) or utf16_side(raw):
        text = decoded(raw, name, encodings)
        if "\0" in text:
            checked(text, name, raw)
        return text.encode("utf-8")
    return raw.removeprefix(b"\xef\xbb\xbf")


def _has_lines(raw: bytes, name: str) -> bool:
    """Whether each line is a JSON value, by the first line, since suffixes are often wrong."""
    start = _first(raw)
    end = raw.find(b"\n", start)
    first = raw[start : end if end >= 0 else len(raw)].strip()
    if PurePath(name).suffix.lower() == ".jsonl":
        return first != b"{" and not first.startswith(b"[")
    if end < 0 or not _NOT_BLANK.search(raw, end):
        return False
    try:
        return isinstance(json.loads(first), dict)
    except (ValueError, RecursionError):
        return False


def _first(raw: bytes) -> int:
    found = _NOT_BLANK.search(raw)
    return found.start() if found else 0


def _lines(raw: bytes) -> Iterator[_Part]:
    """Yields each non-blank line with its number."""
    start = number = 0
    while start < len(raw):
        end = raw.find(b"\n", start)
        end = end if end >= 0 else len(raw)
        number += 1
        if line := raw[start:end].strip():
            yield str(number), line
        start = end + 1


def _whole(raw: bytes, name: str, encodings: Sequence[str]) -> object:
    try:
        return _value(decoded(raw, name, encodings))
    except _Unusable as error:
        raise FileError(
            f"{error}",
            hint="Save it again as JSON; a file with one article per line ends in .jsonl.",
        ) from error


def _articles(
    kind: str,
    parts: Iterator[_Part],
    name: str,
    encodings: Sequence[str],
    *,
    whole: bytes = b"",
) -> Iterator[Article]:
    """Yields the valid articles; then raises ReadError if some parts were invalid."""
    good, bad = 0, 0
    reasons: list[str] = []
    hint = Hint(
        f"Fix each {kind} named",
        more="Articles already taken in are recognised.",
        retries_by_itself=True,
        subject="the file",
    )
    for number, part in parts:
        plain: object = None
        try:
            plain = _value(decoded(part, name, encodings)) if isinstance(part, bytes) else part
            article = _article(plain, Origin(name=name, part=number))
        except (_Unusable, ReadError) as error:
            bad += 1
            if bad == 1:  # probably the problem of all
                hint = (
                    _recoding(whole, name, encodings) or error.advice
                    if isinstance(error, ReadError)
                    else _renaming(plain, name, kind) or hint
                )
            if bad <= _SHOWN:
                why = f"({_sentence(error)})" if isinstance(error, ReadError) else str(error)
                reasons.append(f"{kind} {number} {why}")
            if bad == _HOPELESS and not good:
                reasons.append(f"and so on to {kind} {number}, where reading was given up")
                break
        else:
            good += 1
            yield article
    if bad > _SHOWN and (good or bad < _HOPELESS):
        reasons.append(f"and {bad - _SHOWN:,} more")
    if bad:
        raise ReadError(
            f"{bad:,} of {good + bad:,} {kind}s could not be taken in: {'; '.join(reasons)}.",
            hint=hint,
        )
    if not good:
        raise ReadError("The list of articles is empty.", hint="Save the articles in it.")


def _recoding(whole: bytes, name: str, encodings: Sequence[str]) -> Hint | None:
    """A hint on the encoding of the whole file, which one line does not show; None if it fits."""
    try:
        decoded(whole, name, encodings)
    except ReadError as error:
        return error.advice
    return None


def _sentence(error: ReadError) -> str:
    """The message of an error as part of a sentence."""
    said = error.message.removesuffix(".")
    return said[0].lower() + said[1:]


def _article(plain: object, origin: Origin) -> Article:
    if not isinstance(plain, dict):
        raise _Unusable(f"is {_kind(plain)}, not an object")
    text = _text(plain)
    _check_values(plain)
    rest = dict(plain)
    rest.pop("text")
    is_record = str(rest.get("format", "")).startswith(_RECORD)
    title = _taken(rest, "title")
    further = dict(rest.pop("origin")) if isinstance(rest.get("origin"), dict) else {}
    stated = {key: _taken(further, key) or _taken(rest, key) for key in _ORIGIN}
    first = Origin(name=origin.name, part=origin.part, **stated)
    if is_record:
        return Article(
            text,
            title=title or title_line(text),
            origin=first,
            also_from=_also_from(plain, first),
            meta=plain["meta"] if isinstance(plain.get("meta"), dict) else {},
        )
    if further:
        rest["origin"] = further
    return Article(text, title=title or title_line(text), origin=first, meta=_meta(rest))


def _text(plain: Mapping[str, object]) -> str:
    if "text" not in plain:
        keys = ", ".join(f'"{key}"' for key in list(plain)[:5]) or "nothing"
        raise _Unusable(f'has no "text", only {keys}'[:200])
    text = plain["text"]
    if not isinstance(text, str):
        raise _Unusable(f'has {_kind(text)} as its "text"')
    try:
        return checked(normalise(text), "", what="The text")
    except ReadError as error:
        raise _Unusable(f"is not an article ({_sentence(error)})") from error


def _taken(plain: _Plain, key: str) -> str | None:
    """Remove and return the string at `key`; other values stay in `plain`."""
    value = plain.get(key)
    if value is None:
        plain.pop(key, None)
        return None
    if not isinstance(value, str) or "\0" in value:
        return None
    plain.pop(key)
    return " ".join(value.split()) or None


def _meta(rest: _Plain) -> _Plain:
    """The `meta` of the input, with all other keys."""
    inner = rest.pop("meta", {})
    meta: _Plain = dict(inner) if isinstance(inner, dict) else {"meta": inner}
    for key, value in rest.items():
        while key in meta:
            key = f"_{key}"
        meta[key] = value
    return meta


def _also_from(record: _Plain, first: Origin) -> tuple[Origin, ...]:
    """Further origins of one of our records."""
    others = record.get("also_from")
    found = []
    for plain in (record.get("origin"), *(others if isinstance(others, list) else ())):
        known = plain if isinstance(plain, dict) else {}
        values = {key: known.get(key) for key in Origin.__dataclass_fields__}
        name = values["name"]
        if not all(value is None or isinstance(value, str) for value in values.values()):
            continue
        if name is not None and "/" not in name and name != first.name:
            received = values["received"]
            if received is not None and not _TIME.fullmatch(received):
                values["received"] = None
            found.append(Origin(**values))
    return tuple(found)


def _value(text: str) -> object:
    """The value of JSON `text`; raises _Unusable if it is ambiguous between programs."""
    try:
        return _DECODER.decode(text)
    except RecursionError:
        raise _Unusable("is nested too deeply") from None
    except json.JSONDecodeError as error:
        said = error.msg[0].lower() + error.msg[1:]
        raise _Unusable(f"is not JSON ({said}, at character {error.pos + 1})") from error


def _object(pairs: list[tuple[str, Any]]) -> _Plain:
    plain = dict(pairs)
    if len(plain) < len(pairs):
        counts = Counter(key for key, _ in pairs)
        raise _Unusable(f'has "{counts.most_common(1)[0][0][:50]}" twice')
    return plain


def _constant(word: str) -> None:
    raise _Unusable(f"contains {word}, which is not JSON")


def _whole_number(digits: str) -> int:
    if len(digits) > 20 or not -(_LARGEST // 2) <= (number := int(digits)) < _LARGEST:
        raise _Unusable(f"contains a number of {len(digits)} digits; put it in quotes")
    return number


def _fraction(digits: str) -> float:
    number = float(digits)
    if isinf(number):
        raise _Unusable("contains a number that is too large; put it in quotes")
    return number


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object,
    parse_constant=_constant,
    parse_int=_whole_number,
    parse_float=_fraction,
)


def _check_values(plain: object) -> None:
    """Raises _Unusable if a value could not be exported again."""
    left = [(plain, 0)]
    while left:
        value, depth = left.pop()
        if depth > _DEEPEST:
            raise _Unusable("is nested too deeply")
        if isinstance(value, str):
            if not value.isascii() and any("\ud800" <= letter <= "\udfff" for letter in value):
                raise _Unusable("contains an unpaired surrogate")
        elif isinstance(value, dict):
            left.extend((key, depth) for key in value)
            left.extend((inner, depth + 1) for inner in value.values())
        elif isinstance(value, list):
            left.extend((inner, depth + 1) for inner in value)


def _kind(value: object) -> str:
    return "null" if value is None else _KINDS.get(type(value), "an object")


def _renaming(plain: object, name: str, kind: str = "object") -> Hint | None:
    """A jq command that renames the probable text field to "text".

    None if there is one already, or no candidate.
    """
    if not isinstance(plain, dict) or "text" in plain:
        return None
    sizes = {key: len(value) for key, value in plain.items() if isinstance(value, str)}
    longest = max(sizes, key=sizes.__getitem__, default="")
    if sizes.get(longest, 0) < _SHORTEST_TEXT or len(longest) > _LONGEST_NAME:
        return None
    change = f".text = .{json.dumps(longest)}"
    change = f"map({change})" if kind == "item" else change
    option = "-c " if kind == "line" else ""
    stem, _, suffix = name.rpartition(".")
    jq = f"jq {option}{shlex.quote(change)}"
    line = f"{jq} {shell_word(name)} > {shell_word(f'{stem}.text.{suffix}')}"
    return Hint('Give the text the name "text"', Command(line, jq))


def _hint(whole: object, name: str) -> Hint:
    """A hint for a JSON file that is neither an article nor a list of articles."""
    if not isinstance(whole, dict):
        return Hint('Save each article as an object with a "text".')
    if "text" in whole:
        return Hint("Fix that", retries_by_itself=True, subject="the file")
    if (renaming := _renaming(whole, name)) is not None:
        return renaming
    for key, value in whole.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            jq = f"jq {shlex.quote(f'.{json.dumps(key)}')}"
            command = Command(f"{jq} {shell_word(name)} > articles.json", jq)
            return Hint("Save its list alone", command)
    return Hint('Give the article\'s text the name "text".')
