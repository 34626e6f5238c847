"""How near reviewers come to the gold of checks, with intervals."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from annotator.core.check_outcome import CheckOutcome
from annotator.core.comparison.subjects import CLAIMS, ENTITIES
from annotator.core.text.counted import many
from annotator.measures.bootstrap import Interval, interval
from annotator.measures.pipeline_agreement import f1_drawn, interval_to_dict

Plain = dict[str, Any]
_TOGETHER = "together"


def check_figures(outcomes: Iterable[CheckOutcome]) -> dict[str, Plain]:
    """The figures of each reviewer, by name, as JSON values: how many checks they finished and
    skipped, how many items they missed and added, and F1 of entities, claims and all items
    `together`, with interval and number of units (items on both sides)."""
    by_name: dict[str, list[CheckOutcome]] = {}
    for one in outcomes:
        by_name.setdefault(one.reviewer, []).append(one)
    return {name: _figures(name, by_name[name]) for name in sorted(by_name)}


def _figures(name: str, outcomes: Sequence[CheckOutcome]) -> Plain:
    done = [one for one in outcomes if one.skipped is None]
    subjects = {
        _TOGETHER: [one.together for one in done],
        ENTITIES: [one.entities for one in done],
        CLAIMS: [one.claims for one in done],
    }
    figures: Plain = {
        "checks": len(done),
        "skipped": len(outcomes) - len(done),
        "missed": sum(one.missed for one in done),
        "added": sum(one.added for one in done),
    }
    for subject, overlaps in subjects.items():
        bearing, units, values = f1_drawn(overlaps, f"{subject} checks {name}")
        enough = len(values) > 1
        found = interval(values, bearing) if enough else Interval()
        figures[subject] = {"units": units, "enough": enough, **interval_to_dict(found)}
    return figures


def check_lines(found: Mapping[str, Plain]) -> Iterator[str]:
    """What `check_figures` gave, one line for each reviewer."""
    for name, own in found.items():
        skipped = f", {own['skipped']:,} skipped" if own["skipped"] else ""
        yield (
            f"{name}: {own['checks']:,} finished{skipped}; {in_words(own[_TOGETHER])}; "
            f"{own['missed']:,} missed, {own['added']:,} added"
        )


def in_words(figure: Mapping[str, Any]) -> str:
    """F1 with its interval and its units; *not enough* without one."""
    units = many(figure["units"], "unit")
    if not figure["enough"]:
        return f"F1 not enough ({units})"
    said = f"F1 {figure['value'] * 100:.1f}"
    if figure["low"] is not None:
        said += f" (95 %: {figure['low'] * 100:.1f} to {figure['high'] * 100:.1f})"
    return f"{said}, {units}"
