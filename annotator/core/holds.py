"""When a lease on an article is valid.

A lease is valid until it expires, and never longer than its duration. A machine may have a clock
that runs ahead: a lease that ends later than one taken now could, with some tolerance, is invalid.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

SLACK_SECONDS = 120.0
"""Tolerated difference between the clocks of machines that work together."""


@dataclass(frozen=True, slots=True)
class Hold:
    """Which worker leases articles, from now on for how many seconds; with `taken_over` also those
    that another worker holds."""

    worker: str
    seconds: float
    now: datetime
    taken_over: bool = False


def counts(until: datetime | None, now: datetime, seconds: float) -> bool:
    """Whether a lease taken for `seconds` that ends at `until` is valid now."""
    return until is not None and now < until <= latest(now, seconds)


def latest(now: datetime, seconds: float) -> datetime:
    """The latest valid end of a lease taken now for `seconds`."""
    return now + timedelta(seconds=seconds + SLACK_SECONDS)


def extended(until: datetime, at: datetime, seconds: float, *, now: datetime) -> datetime:
    """The new end of a lease that was to end at `until` and was used at `at`, which may be long
    ago."""
    new = at + timedelta(seconds=seconds)
    return new if until > latest(max(at, now), seconds) else max(until, new)
