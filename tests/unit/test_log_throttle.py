"""Repeated warnings do not fill the log."""

from __future__ import annotations

from annotator.ingest.log_throttle import SAY_AGAIN, LogThrottle


def test_the_same_warning_is_logged_once_a_minute() -> None:
    troubles = LogThrottle()
    every_two_seconds = [n * 2.0 for n in range(int(3 * SAY_AGAIN / 2))]
    said = [now for now in every_two_seconds if troubles.is_news("full", now=now)]
    assert said == [0.0, SAY_AGAIN, 2 * SAY_AGAIN]


def test_a_different_warning_is_logged_at_once() -> None:
    troubles = LogThrottle()
    assert troubles.is_news("full", now=5.0)
    assert troubles.is_news("locked", now=5.0)
    assert not troubles.is_news("full", now=6.0)
