"""Decisions on identities and stories to and from plain dicts, as in tables and files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from annotator.core.across.identity_log import Identity, IdentityDecision, IdentityKind, Meant
from annotator.core.across.story_log import Story, StoryDecision, StoryKind, Told
from annotator.core.records.codec import time_from_text, time_to_text

Plain = dict[str, Any]
_FIELDS = ("name", "type", "link", "note")


def meant_to_dict(meant: Meant | None) -> Plain | None:
    """An identity with its fields, or the id or form of an operand."""
    if meant is None:
        return None
    if isinstance(meant, str):
        return {"operand": meant}
    return {"id": meant.id} | {name: getattr(meant, name) for name in _FIELDS}


def meant_from_dict(plain: Mapping[str, Any] | None) -> Meant | None:
    """The inverse; raises KeyError or TypeError."""
    if plain is None:
        return None
    return str(plain["operand"]) if "operand" in plain else Identity(**plain)


def told_to_dict(told: Told | None) -> Plain | None:
    """What a decision on stories says."""
    match told:
        case None:
            return None
        case Story():
            return {"title": told.title, "articles": list(told.articles)}
        case str():
            return {"title": told}
        case tuple():
            return {"articles": list(told)}


def told_from_dict(plain: Mapping[str, Any] | None, target: str) -> Told | None:
    """The inverse; raises KeyError or TypeError."""
    if plain is None:
        return None
    if "title" not in plain:
        return tuple(map(str, plain["articles"]))
    title = str(plain["title"])
    if "articles" not in plain:
        return title
    return Story(target, title, tuple(map(str, plain["articles"])))


def identity_decision_to_dict(decision: IdentityDecision) -> Plain:
    """A decision on identities with the fields of the contract, its group and its article."""
    return {
        **_common(decision),
        "before": meant_to_dict(decision.before),
        "after": meant_to_dict(decision.after),
        "article": decision.article,
    }


def identity_decision_from_dict(plain: Mapping[str, Any]) -> IdentityDecision:
    """The inverse; raises KeyError, TypeError, ValueError or RecordError."""
    before, after = (meant_from_dict(plain[name]) for name in ("before", "after"))
    for meant in (before, after):
        if isinstance(meant, Identity):
            _text(meant.id), _text(meant.name), _text(meant.type)
            _text_or_none(meant.link), _text_or_none(meant.note)
    return IdentityDecision(
        _text(plain["id"]),
        _text(plain["reviewer"]),
        time_from_text(_text(plain["at"])),
        _text(plain["group"]),
        IdentityKind(plain["kind"]),
        _text(plain["target"]),
        before,
        after,
        _text_or_none(plain["article"]),
    )


def story_decision_to_dict(decision: StoryDecision) -> Plain:
    """A decision on stories with the fields of the contract and its group."""
    return {
        **_common(decision),
        "before": told_to_dict(decision.before),
        "after": told_to_dict(decision.after),
    }


def story_decision_from_dict(plain: Mapping[str, Any]) -> StoryDecision:
    """The inverse; raises KeyError, TypeError, ValueError or RecordError."""
    target = plain["target"]
    return StoryDecision(
        _text(plain["id"]),
        _text(plain["reviewer"]),
        time_from_text(_text(plain["at"])),
        _text(plain["group"]),
        StoryKind(plain["kind"]),
        target if target == "" else _text(target),
        told_from_dict(plain["before"], target),
        told_from_dict(plain["after"], target),
    )


def _common(decision: IdentityDecision | StoryDecision) -> Plain:
    return {
        "id": decision.id,
        "reviewer": decision.reviewer,
        "at": time_to_text(decision.at),
        "group": decision.group,
        "kind": decision.kind.value,
        "target": decision.target,
    }


def _text(value: Any) -> str:
    if isinstance(value, str) and value and "\0" not in value:
        return value
    raise TypeError("expected text")


def _text_or_none(value: Any) -> str | None:
    return None if value is None else _text(value)
