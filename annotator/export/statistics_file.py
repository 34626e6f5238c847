"""The figures of a dataset as JSON, for programs; its card has them in words."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from annotator.export.figures import Figures
from annotator.export.quality_figures import HowDecided

NAME = "statistics.json"
FORMAT = "annotator.statistics/1"


def statistics_json(
    figures: Figures,
    *,
    agreement: Iterable[Mapping[str, Any]],
    anchoring: Mapping[str, Any],
    checks: Mapping[str, Any],
) -> str:
    """The figures as indented JSON; `agreement`, `anchoring` and `checks` are JSON values already.
    The same dataset gives the same text."""
    quality = figures.quality
    plain = {
        "format": FORMAT,
        "records": figures.records,
        "articles": figures.articles,
        "splits": dict(sorted(figures.splits.items())),
        "words": figures.words,
        "characters": figures.characters,
        "reviewed": dict(sorted(quality.articles.items())),
        "help": dict(sorted(quality.help.items())),
        "items": decided_to_dict(quality.decided),
        "reviewers": {
            name: decided_to_dict(own) for name, own in sorted(quality.reviewers.items())
        },
        "agreement": list(agreement),
        "anchoring": anchoring,
        **({"checks": checks} if checks else {}),
        "labels": [
            {"kind": kind, "label": label, **dict(sorted(counts.items()))}
            for (kind, label), counts in sorted(figures.verdicts.items())
        ],
    }
    return json.dumps(plain, ensure_ascii=False, indent=1) + "\n"


def decided_to_dict(of: HowDecided) -> dict[str, Any]:
    """How items were decided, as JSON values."""
    hourly, share = of.items_per_hour, of.bulk_share
    return {
        "records": of.records,
        "accepted_one_by_one": of.one_by_one,
        "accepted_in_bulk": of.in_bulk,
        "accepted_unknown": of.accepted_unknown,
        "accepted_in_adjudication": of.settled,
        "corrected": of.corrected,
        "added": of.added,
        "rejected": of.rejected,
        "left_open": of.left_open,
        "bulk_share": None if share is None else round(share, 4),
        "hours": round(of.seconds / 3600, 4),
        "items_per_hour": None if hourly is None else round(hourly, 1),
    }
