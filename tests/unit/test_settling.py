"""When a file counts as finished: examples, and properties for all ways in which files grow."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from annotator.inbox.settling import Settling

QUIET, UNWRITTEN = 2.0, 0.5


def answer(is_being_written: bool | None) -> Callable[[str], bool | None]:
    """What says the same of every file."""
    return lambda _path: is_being_written


nobody, somebody, untold = answer(False), answer(True), answer(None)


def settling() -> Settling:
    return Settling(quiet=QUIET, quiet_unwritten=UNWRITTEN)


def test_a_file_seen_for_the_first_time_is_not_finished() -> None:
    assert not settling().has_settled("a", 1, now=100.0, is_being_written=nobody)


def test_half_a_second_is_enough_if_the_system_reports_no_writer() -> None:
    files = settling()
    files.has_settled("a", 1, now=0.0, is_being_written=nobody)
    assert not files.has_settled("a", 1, now=0.4, is_being_written=nobody)
    assert files.has_settled("a", 1, now=0.5, is_being_written=nobody)


def test_without_that_report_the_full_time_is_needed() -> None:
    files = settling()
    files.has_settled("a", 1, now=0.0, is_being_written=untold)
    assert not files.has_settled("a", 1, now=1.9, is_being_written=untold)
    assert files.has_settled("a", 1, now=2.0, is_being_written=untold)


def test_a_file_open_for_writing_is_never_finished() -> None:
    files = settling()
    files.has_settled("a", 1, now=0.0, is_being_written=somebody)
    assert not files.has_settled("a", 1, now=1e6, is_being_written=somebody)
    assert files.has_settled("a", 1, now=1e6, is_being_written=nobody)


def test_a_file_that_has_rested_is_finished_at_first_sight_if_nobody_writes_it() -> None:
    assert settling().has_settled("a", 1, now=9.0, is_being_written=nobody, rested=QUIET)
    assert not settling().has_settled("a", 1, now=9.0, is_being_written=nobody, rested=QUIET - 0.1)
    for other in (somebody, untold):
        assert not settling().has_settled("a", 1, now=9.0, is_being_written=other, rested=1e6)


def test_a_file_changed_after_first_sight_starts_again_however_long_it_had_rested() -> None:
    files = settling()
    files.has_settled("a", 1, now=0.0, is_being_written=somebody, rested=1e6)
    assert not files.has_settled("a", 2, now=9.0, is_being_written=nobody, rested=1e6)


def test_a_file_changed_while_being_read_starts_again() -> None:
    files = settling()
    files.has_settled("a", 1, now=0.0, is_being_written=nobody)
    files.expect("a", now=1.0)
    assert not files.has_settled("a", 1, now=5.0, is_being_written=nobody)
    assert files.has_settled("a", 1, now=5.5, is_being_written=nobody)


def test_files_do_not_wait_for_one_another() -> None:
    files = settling()
    files.has_settled("a", 1, now=0.0, is_being_written=nobody)
    files.has_settled("b", 1, now=0.4, is_being_written=nobody)
    assert files.has_settled("a", 1, now=0.6, is_being_written=nobody)
    assert not files.has_settled("b", 1, now=0.6, is_being_written=nobody)


@given(
    looks=st.lists(
        st.tuples(
            st.floats(0.01, 3.0),  # seconds since the look before
            st.booleans(),  # whether it has grown meanwhile
            st.sampled_from([True, False, None]),  # whether somebody writes
        ),
        max_size=40,
    )
)
def test_no_growing_file_is_released(
    looks: list[tuple[float, bool, bool | None]],
) -> None:
    files = settling()
    now, size, still_since = 0.0, 0, 0.0
    files.has_settled("a", size, now=now, is_being_written=untold)
    for pause, grown, written in looks:
        now += pause
        if grown:
            size += 1
        released = files.has_settled("a", size, now=now, is_being_written=answer(written))
        if grown:
            still_since = now
        needed = UNWRITTEN if written is False else QUIET
        assert released == (not grown and written is not True and now - still_since >= needed)
