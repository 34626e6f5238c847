"""Decisions on stories as rows of the database, and back."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row

from annotator.core.across.story_log import Story, StoryDecision, StoryKind, Told

_Row = dict[str, Any]


def story_decision_to_row(decision: StoryDecision, number: int) -> _Row:
    """A row of `story_decision`."""
    return {
        "number": number,
        "id": decision.id,
        "reviewer": decision.reviewer,
        "at": decision.at,
        "group": decision.group,
        "kind": decision.kind.value,
        "target": decision.target,
        "before": told_to_json(decision.before),
        "after": told_to_json(decision.after),
    }


def story_decision_from_row(row: Row[Any]) -> StoryDecision:
    """The inverse; raises ValueError, KeyError or TypeError for a damaged row."""
    return StoryDecision(
        row.id,
        row.reviewer,
        row.at,
        row.group,
        StoryKind(row.kind),
        row.target,
        _told(row.before, row.target),
        _told(row.after, row.target),
    )


def told_to_json(told: Told | None) -> _Row | None:
    """What a decision says, as JSON."""
    match told:
        case None:
            return None
        case Story():
            return {"title": told.title, "articles": list(told.articles)}
        case str():
            return {"title": told}
        case tuple():
            return {"articles": list(told)}


def _told(plain: _Row | None, target: str) -> Told | None:
    if plain is None:
        return None
    if "title" not in plain:
        return tuple(map(str, plain["articles"]))
    title = str(plain["title"])
    if "articles" not in plain:
        return title
    return Story(target, title, tuple(map(str, plain["articles"])))
