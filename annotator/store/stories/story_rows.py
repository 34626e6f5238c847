"""Decisions on stories as rows of the database, and back."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, select

from annotator.core.across.shared_log import SharedLog
from annotator.core.across.story_log import StoryDecision, StoryKind
from annotator.core.records.log_lines import told_from_dict, told_to_dict
from annotator.store.sql import columns as t

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
        "before": told_to_dict(decision.before),
        "after": told_to_dict(decision.after),
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
        told_from_dict(row.before, row.target),
        told_from_dict(row.after, row.target),
    )


def read_story_log(connection: Connection) -> tuple[SharedLog[StoryDecision], dict[str, int]]:
    """The whole log of stories, folded in the order of time, since decisions of bundles come later
    than they were made; and the number of each decision by its id."""
    wanted = select(t.story_decision).order_by(t.story_decision.c.number)
    rows = connection.execute(wanted).fetchall()
    log = SharedLog.in_time(map(story_decision_from_row, rows), lambda one: one.at)
    return log, {row.id: row.number for row in rows}
