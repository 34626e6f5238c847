"""Reads and validates the fields of a record other than its items.

The rules are those of `record.schema.json`; RecordError names the first field that violates one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from annotator.core.article import Article, Origin
from annotator.core.records.codec import time_from_text
from annotator.core.records.nesting import DEEPEST, is_too_deep
from annotator.errors import RecordError

KINDS = ("review", "adjudication", "import", "none")
ORIGIN = ("name", "outlet", "url", "author", "published", "received", "part")
_LANGUAGE = re.compile(r"[a-z]{2,3}")


def article_from_dict(plain: Mapping[str, Any], text: str) -> Article:
    """The article of a record; the hash of `text` has been checked already."""
    if not text:
        raise RecordError("text: is empty")
    if "\r" in text:
        raise RecordError("text: has line ends other than LF")
    if "\0" in text:
        raise RecordError("text: the text contains a NUL character")
    language = words(plain, "language")
    if language is not None and not _LANGUAGE.fullmatch(language):
        raise RecordError(f"language: expected a code such as 'en', found {language!r:.60}")
    meta = table(plain, "meta")
    if is_too_deep(meta):
        raise RecordError(f"meta: is nested deeper than {DEEPEST} levels")
    return Article(
        text,
        title=words(plain, "title"),
        language=language,
        origin=_origin(table(plain, "origin"), "origin"),
        also_from=tuple(
            _origin(one, f"also_from[{n}]") for n, one in enumerate(rows(plain, "also_from"))
        ),
        meta=meta,
    )


def names(plain: Mapping[str, Any], where: str, fields: tuple[str, ...]) -> tuple[str, ...]:
    """The strings in these fields of `plain`; the first (a name) must not be empty."""
    values = tuple(words(plain, field, where, needed=True) or "" for field in fields)
    if not values[0]:
        raise RecordError(f"{where}.{fields[0]}: is empty")
    return values


def facts(plain: Mapping[str, Any]) -> dict[str, Any]:
    """The review of a record, as the fields of ReviewFacts."""
    kind, reviewer = plain.get("kind"), words(plain, "reviewer", "review")
    if kind not in KINDS:
        raise RecordError(f"review.kind: {kind!r:.60} is not one of {', '.join(KINDS)}")
    if reviewer == "" or (reviewer is None and kind in ("review", "adjudication")):
        raise RecordError("review.reviewer: a review needs a reviewer")
    return {
        "reviewer": reviewer,
        "kind": kind,
        "started": _time(plain, "started", "review"),
        "finished": _time(plain, "finished", "review"),
        "seconds": _number(plain, "seconds", int | float),
        "keys": _number(plain, "keys", int),
        "decisions": _number(plain, "decisions", int),
        "assisted": _truth(plain, "assisted"),
        "bulk": _number(plain, "bulk", int) if "bulk" in plain else None,
    }


def table(plain: Mapping[str, Any], field: str) -> Mapping[str, Any]:
    """The object in a field of the record."""
    value = plain.get(field)
    if not isinstance(value, Mapping):
        raise RecordError(
            f"{field}: {_missing(plain, field) or f'expected an object{_not(value)}'}"
        )
    return value


def rows(plain: Mapping[str, Any], field: str) -> list[Mapping[str, Any]]:
    """The list of objects in a field of the record."""
    value = plain.get(field)
    if not isinstance(value, list):
        raise RecordError(f"{field}: {_missing(plain, field) or f'expected a list{_not(value)}'}")
    for n, row in enumerate(value):
        if not isinstance(row, Mapping):
            raise RecordError(f"{field}[{n}]: expected an object{_not(row)}")
    return value


def words(
    plain: Mapping[str, Any], field: str, where: str = "", *, needed: bool = False
) -> str | None:
    """The string in a field, or null if allowed."""
    value = plain.get(field)
    if isinstance(value, str) or (value is None and field in plain and not needed):
        return value
    name = f"{where}.{field}" if where else field
    kind = "text" if needed else "text or null"
    raise RecordError(f"{name}: {_missing(plain, field) or f'expected {kind}{_not(value)}'}")


def _origin(plain: Mapping[str, Any], where: str) -> Origin:
    for field in plain:
        if field not in ORIGIN:
            raise RecordError(f"{where}.{field}: is not a field of an origin")
    values = {field: words(plain, field, where) for field in ORIGIN}
    if "/" in (values["name"] or ""):
        raise RecordError(f"{where}.name: expected a file name, not a path")
    _time(plain, "received", where)
    return Origin(**values)


def _time(plain: Mapping[str, Any], field: str, where: str) -> datetime | None:
    text = words(plain, field, where)
    try:
        return None if text is None else time_from_text(text)
    except RecordError as error:
        raise RecordError(f"{where}.{field}: {error.message}", hint=error.hint) from error


def _number(plain: Mapping[str, Any], field: str, kind: Any) -> Any:
    value = plain.get(field)
    if value is None and field in plain and field != "decisions":
        return None
    if isinstance(value, bool) or not isinstance(value, kind) or value < 0:
        why = _missing(plain, field) or f"expected a number that is not negative{_not(value)}"
        raise RecordError(f"review.{field}: {why}")
    return value


def _truth(plain: Mapping[str, Any], field: str) -> bool | None:
    """The boolean in a field of the review; None without the field."""
    value = plain.get(field)
    if field in plain and not isinstance(value, bool):
        raise RecordError(f"review.{field}: expected true or false{_not(value)}")
    return value


def _missing(plain: Mapping[str, Any], field: str) -> str:
    return "" if field in plain else "is missing"


def _not(value: object) -> str:
    return f", found {value!r:.60}"
