"""Totals as plain values for JSON; report, page and screens show no other figures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from annotator.core.statistics.fates import Fates
from annotator.core.statistics.standing_notes import StandingNote
from annotator.core.statistics.totals import FEW, Totals, changed_share, seconds_per_item
from annotator.core.statistics.work_done import DoneReview, Period, Unit, Work

Plain = dict[str, Any]


def work_to_dict(work: Work) -> Plain:
    """Counts and rates; a rate is null if it cannot be computed."""
    return {
        "reviewer": work.reviewer,
        "articles": work.articles,
        "finished": work.finished,
        "items": work.items,
        "one_by_one": work.one_by_one,
        "in_bulk": work.in_bulk,
        "keys": work.keys,
        "seconds": round(work.seconds, 1),
        "items_per_hour": _rounded(work.items_per_hour, 1),
        "articles_per_hour": _rounded(work.articles_per_hour, 1),
        "keys_per_item": _rounded(work.keys_per_item, 3),
    }


def statistics_to_dict(totals: Totals, names: Mapping[str, str]) -> Plain:
    """Speed over time, what became of suggestions, and the hardest articles with their names."""
    return {
        "periods": {f"{unit}s": _periods(totals, unit) for unit in Unit},
        "suggestions": {
            "seen": fates_to_dict(totals, seen=True),
            "unseen": fates_to_dict(totals, seen=False),
        },
        "hardest": {
            "changed": [_hard(one, names[one.article]) for one in totals.most_changed()],
            "slow": [_hard(one, names[one.article]) for one in totals.slowest()],
        },
    }


def notes_to_list(notes: Iterable[StandingNote]) -> list[Plain]:
    """Notes, in their order."""
    return [
        {
            "article": one.article,
            "title": one.title,
            "about": one.about,
            "reviewer": one.reviewer,
            "at": _time(one.at),
            "text": one.text,
        }
        for one in notes
    ]


def _periods(totals: Totals, unit: Unit) -> list[Plain]:
    """The work of all together (reviewer empty), then of each where there are several."""
    names: Sequence[str | None] = (None, *totals.reviewers)
    names = names if len(names) > 2 else names[:1]
    return [
        _period(one, name or "") for name in names for one in totals.periods(unit, name or None)
    ]


def _period(period: Period, name: str) -> Plain:
    plain = work_to_dict(period.work) | {"reviewer": name}
    return {"from": period.begins.isoformat(), **plain}


def fates_to_dict(totals: Totals, *, seen: bool) -> Plain:
    """What became of suggestions by label, and by score for all kinds together and each."""
    return {
        "labels": [
            {"kind": one.kind, "label": one.label, **_fates(one.fates)}
            for one in totals.by_label(seen=seen)
        ],
        "scores": [
            {
                "kind": kind or "",
                "from": one.low,
                "mean_score": _rounded(one.fates.mean_score, 3),
                **_fates(one.fates),
            }
            for kind in (None, "entity", "claim", "junk")
            for one in totals.by_score(seen=seen, kind=kind)
        ],
    }


def _fates(fates: Fates) -> Plain:
    low, high = fates.interval or (None, None)
    return {
        "kept": fates.kept,
        "in_bulk": fates.in_bulk,
        "corrected": fates.corrected,
        "rejected": fates.rejected,
        "open": fates.open,
        "missed": fates.missed,
        "units": fates.decided,
        "right": _rounded(fates.right, 4),
        "low": _rounded(low, 4),
        "high": _rounded(high, 4),
        "enough": fates.decided >= FEW,
    }


def _hard(one: DoneReview, name: str) -> Plain:
    return {
        "article": one.article,
        "title": name,
        "reviewer": one.work.reviewer,
        "items": one.work.items,
        "changed": one.changed,
        "changed_share": _rounded(changed_share(one), 4),
        "seconds": round(one.work.seconds, 1),
        "seconds_per_item": _rounded(seconds_per_item(one), 2),
    }


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)


def _time(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
