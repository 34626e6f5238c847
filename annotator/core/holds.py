"""How long a hold on an article counts: until it runs out, and never longer than it was taken for.

Whoever took it may have had a clock that went ahead. A hold that ends later than any could that is
taken now, give or take a little, was taken by such a clock, and does not count.
"""

from __future__ import annotations

from datetime import datetime, timedelta

SLACK_SECONDS = 120.0
"""By how much the clocks of those who work together may differ."""


def counts(until: datetime | None, now: datetime, seconds: float) -> bool:
    """Whether a hold that was taken for `seconds` and ends then is one now."""
    return until is not None and now < until <= latest(now, seconds)


def latest(now: datetime, seconds: float) -> datetime:
    """The latest time at which a hold ends that somebody takes now for `seconds`."""
    return now + timedelta(seconds=seconds + SLACK_SECONDS)


def extended(until: datetime, at: datetime, seconds: float, *, now: datetime) -> datetime:
    """When a hold ends that was to end at `until` and of which use was made at `at`, which may be
    long ago."""
    new = at + timedelta(seconds=seconds)
    return new if until > latest(max(at, now), seconds) else max(until, new)
