"""Items out of plain dicts, the quick way: for those that are as they must be, which is nearly all.

Nothing is explained here. Whatever is unusual in any way is left to `codec`, which takes it or says
what is wrong with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from sys import intern
from typing import Any

from annotator.core.annotations import (
    Certainty,
    Claim,
    Entity,
    Item,
    Junk,
    JunkKind,
    MadeBy,
    Quotation,
    SourceKind,
    Stance,
    Tier,
    Verdict,
)
from annotator.core.article import Span, Spans

_MAKERS = {one.value: one for one in MadeBy}
_VERDICTS = {one.value: one for one in Verdict}
_QUOTATIONS = {one.value: one for one in Quotation}
_SOURCE_KINDS = {one.value: one for one in SourceKind}
_STANCES = {one.value: one for one in Stance}
_CERTAINTIES: dict[str | None, Certainty | None] = {
    None: None,
    **{one.value: one for one in Certainty},
}
_TIERS = {one.value: one for one in Tier}
_JUNK_KINDS = {one.value: one for one in JunkKind}
_WORDS = (str, type(None))


def item_of(plain: Mapping[str, Any], text: str | None) -> Item | None:
    """The item that `plain` describes in `text`; None where anything about it is unusual."""
    try:
        score, note = plain["score"], plain["note"]
        if type(plain["id"]) is not str or type(note) not in _WORDS:
            return None
        if score is not None and (type(score) is not float or not 0.0 <= score <= 1.0):
            return None
        if "content" in plain:
            return _claim(plain, text)
        if "label" in plain:
            return _entity(plain, text)
        return Junk(
            plain["id"],
            _span(plain, text),
            _JUNK_KINDS[plain["kind"]],
            _MAKERS[plain["made_by"]],
            _VERDICTS[plain["verdict"]],
            score,
            note,
        )
    except (KeyError, TypeError, ValueError):
        return None


def _entity(plain: Mapping[str, Any], text: str | None) -> Entity | None:
    label, identity = plain["label"], plain["identity"]
    if type(label) is not str or type(identity) not in _WORDS:
        return None
    return Entity(
        plain["id"],
        _span(plain, text),
        intern(label),  # thousands of entities share a few labels
        identity,
        _MAKERS[plain["made_by"]],
        _VERDICTS[plain["verdict"]],
        plain["score"],
        plain["note"],
    )


def _claim(plain: Mapping[str, Any], text: str | None) -> Claim | None:
    who, worthy = plain["source_entity"], plain["check_worthy"]
    if type(who) not in _WORDS or not (worthy is None or type(worthy) is bool):
        return None
    return Claim(
        plain["id"],
        _pieces(plain["content"], text),
        _pieces(plain["cue"], text),
        _pieces(plain["source"], text),
        _QUOTATIONS[plain["quotation"]],
        _SOURCE_KINDS[plain["source_kind"]],
        _STANCES[plain["stance"]],
        _CERTAINTIES[plain["certainty"]],
        worthy,
        who,
        _TIERS[plain["tier"]],
        _MAKERS[plain["made_by"]],
        _VERDICTS[plain["verdict"]],
        plain["score"],
        plain["note"],
    )


def _pieces(rows: Any, text: str | None) -> Spans:
    if type(rows) is not list:
        raise TypeError
    return tuple([_span(row, text) for row in rows])


def _span(plain: Mapping[str, Any], text: str | None) -> Span:
    start, end = plain["start"], plain["end"]
    if type(start) is not int or type(end) is not int:
        raise TypeError
    if text is not None and text[start:end] != plain["text"]:
        raise ValueError
    return Span(start, end)
