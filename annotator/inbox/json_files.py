"""Articles in JSON: one object, a list of them, or one a line.

Of each object `text` is the article; `title` and what says where it came from (`url`, `outlet`,
`author`, `published`, in the object itself or in its `origin`) go where they belong, and whatever
else there is stays in `meta`, untouched. So what Prodigy and doccano read is read as it is; labels
and spans in it are kept but not suggested. Of our own records text, title, origins and meta are
read; what was reviewed in them is left out.
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
from annotator.errors import ReadError
from annotator.inbox.decoding import checked, decoded
from annotator.inbox.files import shell_word
from annotator.inbox.guessing import utf16_side

_ORIGIN = ("outlet", "url", "author", "published")
_RECORD = "annotator.record/"
_NOT_BLANK = re.compile(rb"\S")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_SHOWN = 3
# A file whose first lines are all wrong is not what its name says.
_HOPELESS = 1000
# Deeper than any reader of our datasets would follow.
_DEEPEST = 100
_LARGEST = 2**64
# Words shorter than this are rather a title, a name or a date than an article.
_SHORTEST_TEXT = 100
_LONGEST_NAME = 50
_KINDS = {list: "a list", str: "a text", bool: "true or false", int: "a number", float: "a number"}

_Plain = dict[str, Any]
_Part = tuple[str, bytes | object]


class _Unusable(Exception):
    """Why something is no article, as the rest of a sentence that begins with where it stands."""


def read_json(raw: bytes, name: str, *, encodings: Sequence[str] = ()) -> Iterator[Article]:
    """The articles of a `.json` or `.jsonl` file, in order, each with its line or item as `part`.

    ReadError at the end says what in the file was none; what was given before stands.
    """
    raw = _in_utf8(raw, name, encodings)
    if not _NOT_BLANK.search(raw):
        raise ReadError("The file is empty.", hint="Save the articles in it.")
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
        raise ReadError(f"The JSON in this file {error}.", hint=_hint(whole, name)) from error


def _in_utf8(raw: bytes, name: str, encodings: Sequence[str]) -> bytes:
    """`raw` without its mark; UTF-16 is turned to UTF-8, for its line ends are two bytes each."""
    if raw.startswith(_UTF16) or utf16_side(raw):
        text = decoded(raw, name, encodings)
        if "\0" in text:
            checked(text, name, raw)
        return text.encode("utf-8")
    return raw.removeprefix(b"\xef\xbb\xbf")


def _has_lines(raw: bytes, name: str) -> bool:
    """Whether each line stands by itself: told by the first one, for suffixes are mixed up."""
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
    """Each line that is not blank, with its number; never all of them at once."""
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
        raise ReadError(
            f"The file {error}.", hint="Save it again as JSON; articles one a line are .jsonl."
        ) from error


def _articles(
    kind: str,
    parts: Iterator[_Part],
    name: str,
    encodings: Sequence[str],
    *,
    whole: bytes = b"",
) -> Iterator[Article]:
    """The articles among the parts; then ReadError, if not all of them were."""
    good, bad = 0, 0
    reasons: list[str] = []
    hint = (
        f"Mend each {kind} named; the file is then read again by itself. What was taken in "
        "already is not taken in twice."
    )
    for number, part in parts:
        plain: object = None
        try:
            plain = _value(decoded(part, name, encodings)) if isinstance(part, bytes) else part
            article = _article(plain, Origin(name=name, part=number))
        except (_Unusable, ReadError) as error:
            bad += 1
            if bad == 1:  # most likely what is wrong with all
                hint = (
                    _recoding(whole, name, encodings) or error.hint
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
        raise ReadError("The list in this file is empty.", hint="Save the articles in it.")


def _recoding(whole: bytes, name: str, encodings: Sequence[str]) -> str | None:
    """What to do about the encoding of all lines, which one line alone does not tell."""
    try:
        decoded(whole, name, encodings)
    except ReadError as error:
        return error.hint
    return None


def _sentence(error: ReadError) -> str:
    """What the error says, to stand within a sentence of ours."""
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
        raise _Unusable(f"is no article ({_sentence(error)})") from error


def _taken(plain: _Plain, key: str) -> str | None:
    """The words at `key`, taken out of `plain`; what is no plain text stays there."""
    value = plain.get(key)
    if value is None:
        plain.pop(key, None)
        return None
    if not isinstance(value, str) or "\0" in value:
        return None
    plain.pop(key)
    return " ".join(value.split()) or None


def _meta(rest: _Plain) -> _Plain:
    """`meta` as it came, and beside it whatever else there was."""
    inner = rest.pop("meta", {})
    meta: _Plain = dict(inner) if isinstance(inner, dict) else {"meta": inner}
    for key, value in rest.items():
        while key in meta:
            key = f"_{key}"
        meta[key] = value
    return meta


def _also_from(record: _Plain, first: Origin) -> tuple[Origin, ...]:
    """Where the record's text had come from, as far as the record says so in our form."""
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
    """What the JSON in `text` says; _Unusable where two programs could read it in two ways."""
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
    raise _Unusable(f"holds {word}, which JSON does not know")


def _whole_number(digits: str) -> int:
    if len(digits) > 20 or not -(_LARGEST // 2) <= (number := int(digits)) < _LARGEST:
        raise _Unusable(f"holds a number of {len(digits)} digits; put it in quotes")
    return number


def _fraction(digits: str) -> float:
    number = float(digits)
    if isinf(number):
        raise _Unusable("holds a number that is too large; put it in quotes")
    return number


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object,
    parse_constant=_constant,
    parse_int=_whole_number,
    parse_float=_fraction,
)


def _check_values(plain: object) -> None:
    """_Unusable if something in it could not be written out again."""
    left = [(plain, 0)]
    while left:
        value, depth = left.pop()
        if depth > _DEEPEST:
            raise _Unusable("is nested too deeply")
        if isinstance(value, str):
            if not value.isascii() and any("\ud800" <= letter <= "\udfff" for letter in value):
                raise _Unusable("holds half a character (a lone surrogate)")
        elif isinstance(value, dict):
            left.extend((key, depth) for key in value)
            left.extend((inner, depth + 1) for inner in value.values())
        elif isinstance(value, list):
            left.extend((inner, depth + 1) for inner in value)


def _kind(value: object) -> str:
    return "null" if value is None else _KINDS.get(type(value), "an object")


def _renaming(plain: object, name: str, kind: str = "object") -> str | None:
    """What calls that "text" which is most likely the text of `plain` and its like.

    None if there is a text already, or nothing that could be one.
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
    command = f"jq {option}{shlex.quote(change)} {shell_word(name)}"
    return f'Give the text the name "text": {command} > {shell_word(f"{stem}.text.{suffix}")}'


def _hint(whole: object, name: str) -> str:
    """What to do about a JSON file that is no article and no list of them."""
    if not isinstance(whole, dict):
        return 'Save each article as an object with a "text".'
    if "text" in whole:
        return "Mend that; the file is then read again by itself."
    if (renaming := _renaming(whole, name)) is not None:
        return renaming
    for key, value in whole.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            wanted = shlex.quote(f".{json.dumps(key)}")
            return f"Save its list alone: jq {wanted} {shell_word(name)} > articles.json"
    return 'Give the article\'s text the name "text".'
