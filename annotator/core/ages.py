"""Durations and ages in words."""

from __future__ import annotations

from datetime import datetime


def span_of_time(seconds: float) -> str:
    """A duration in whole units of the largest unit that fits."""
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{int(seconds // size)} {unit}"
    return f"{int(seconds)} s"


def age(then: datetime, now: datetime) -> str:
    """How long ago a time was, in words."""
    seconds = (now - then).total_seconds()
    return "just now" if seconds < 5 else f"{span_of_time(seconds)} ago"
