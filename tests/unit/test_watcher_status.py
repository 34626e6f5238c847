"""The watcher's status: to JSON and back, and in words."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.ages import age
from annotator.core.watcher_status import Heartbeat, WatcherStatus

NOON = datetime(2021, 3, 4, 12, tzinfo=UTC)
counts = st.integers(0, 10**6)
statuses = st.builds(
    WatcherStatus,
    waiting=counts,
    unsettled=counts,
    workers=counts,
    restarts=counts,
    scanned_seconds_ago=st.none() | st.floats(0, 1e6),
    problem=st.text(max_size=20),
)


def doing(status: WatcherStatus, *, waiting: int = 0, after: float = 0.0) -> list[str]:
    beat = Heartbeat(NOON, 1, NOON, status)
    return [*beat.doing(NOON + timedelta(seconds=after), waiting)]


@given(statuses)
def test_a_status_survives_a_round_trip(status: WatcherStatus) -> None:
    assert WatcherStatus.from_json(status.to_json()) == status


def test_a_status_of_another_version_is_read_as_far_as_possible() -> None:
    said = {"waiting": 2, "last": "a.txt", "unsettled": "many", "scanned_seconds_ago": "long"}
    assert WatcherStatus.from_json(said) == WatcherStatus(waiting=2)
    assert WatcherStatus.from_json({}) == WatcherStatus()
    assert WatcherStatus.from_json({"ready": 0, "ended": 1}) == WatcherStatus(
        is_ready=False, has_ended=True
    )


def test_empty_fields_are_left_out() -> None:
    names = ["waiting", "unsettled", "workers", "ready", "restarts"]
    assert [*WatcherStatus().to_json()] == names


def test_a_watcher_is_alive_until_it_is_silent_or_has_ended() -> None:
    there = Heartbeat(NOON, 1, NOON, WatcherStatus())
    assert there.is_recent(NOON + timedelta(seconds=10))
    assert not there.is_recent(NOON + timedelta(seconds=11))
    assert there.end == "its last heartbeat was"
    ended = Heartbeat(NOON, 1, NOON, WatcherStatus(has_ended=True))
    assert not ended.is_recent(NOON)
    assert ended.end == "it ended"


def test_a_status_in_words() -> None:
    assert doing(WatcherStatus()) == []
    assert doing(WatcherStatus(scanned_seconds_ago=2.0), after=3) == ["last scan 5 s ago"]
    loading = WatcherStatus(is_ready=False, unsettled=1)
    assert doing(loading, waiting=1200) == [
        "1,200 waiting",
        "pipeline loading",
        "1 file still being written",
    ]
    assert doing(loading) == ["1 file still being written"]


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(4, "just now"), (5, "5 s ago"), (60, "1 min ago"), (7200, "2 h ago"), (200_000, "2 d ago")],
)
def test_an_age_is_given_in_the_largest_fitting_unit(seconds: float, told: str) -> None:
    assert age(NOON, NOON + timedelta(seconds=seconds)) == told
