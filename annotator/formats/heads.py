"""What a record says besides its text and items, to travel in the free part of another format.

Other programs keep that part, but people edit files: a head is checked field by field when read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from annotator.core.article import identity_of
from annotator.core.codec import Plain, time_from_text
from annotator.core.record import FORMAT, Record, record_from_dict
from annotator.errors import RecordError

KEY = "annotator"
_ITEMS = ("entities", "claims", "junk", "rejected", "offered")
_ELSEWHERE = frozenset({"format", "id", "text", *_ITEMS})
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_KINDS = ("review", "adjudication", "import", "none")


def head_of(record: Record) -> Plain:
    """Everything of the record but its text and its items, in the record's own form."""
    bare = replace(record, entities=(), claims=(), junk=(), rejected=(), offered=())
    return {key: value for key, value in bare.to_dict().items() if key not in _ELSEWHERE}


def record_of(head: Any, text: str) -> Record:
    """The record without items that a head and a text make; RecordError names what is off."""
    if not isinstance(head, dict):
        raise RecordError(f"{KEY}: expected an object, found {head!r:.60}")
    known = {key: value for key, value in head.items() if key not in _ELSEWHERE}
    _check(known)
    empty: Plain = {key: [] for key in _ITEMS}
    return record_from_dict(
        {**known, **empty, "format": FORMAT, "text": text, "id": identity_of(text)}
    )


def _check(head: Mapping[str, Any]) -> None:
    """RecordError if a field is missing or not what the contract says; dates are left to others."""
    _expect(head, _is_text_or_null, "title")
    _expect(
        head, lambda it: it is None or (_is_text(it) and bool(_LANGUAGE.fullmatch(it))), "language"
    )
    _expect(head, lambda it: isinstance(it, dict), "meta", "origin", "scheme", "review")
    _expect(head, lambda it: it is None or isinstance(it, dict), "pipeline")
    _expect(head, lambda it: isinstance(it, list), "also_from", "notes")
    for origin in (head["origin"], *head["also_from"]):
        if not isinstance(origin, dict):
            raise RecordError(f"{KEY}.also_from: expected objects, found {origin!r:.60}")
        _expect(origin, _is_text_or_null, "outlet", "url", "author", "published", "part")
        _expect(origin, lambda it: it is None or (_is_text(it) and "/" not in it), "name")
        _expect(origin, lambda it: it is None or _is_time(it), "received")
    _expect(head["scheme"], lambda it: _is_text(it) and bool(it), "name", "version")
    if head["pipeline"] is not None:
        _expect(head["pipeline"], lambda it: _is_text(it) and bool(it), "name")
        _expect(head["pipeline"], _is_text, "version", "hash")
    review = head["review"]
    _expect(review, lambda it: it is None or (_is_text(it) and bool(it)), "reviewer")
    _expect(review, lambda it: it in _KINDS, "kind")
    _expect(review, lambda it: it is None or _is_time(it), "started", "finished")
    _expect(review, lambda it: type(it) in (int, float) and it >= 0, "seconds")
    _expect(review, lambda it: type(it) is int and it >= 0, "keys", "decisions")


def _expect(plain: Mapping[str, Any], fits: Callable[[Any], bool], *names: str) -> None:
    for name in names:
        if name not in plain:
            raise RecordError(f"{KEY}: {name} is missing")
        if not fits(plain[name]):
            raise RecordError(f"{KEY}: {plain[name]!r:.60} is no value of {name}")


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_text_or_null(value: Any) -> bool:
    return value is None or isinstance(value, str)


def _is_time(value: Any) -> bool:
    try:
        time_from_text(value)
    except (RecordError, TypeError):
        return False
    return bool(value.endswith(("Z", "+00:00")))
