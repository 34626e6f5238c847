"""How long the first articles will take: measured, or not said."""

from hypothesis import given
from hypothesis import strategies as st

from annotator.core.reading_progress import Progress, ReadingProgress


def test_loading_before_the_first_article_is_not_counted_as_speed() -> None:
    reading = ReadingProgress()
    reading.saw(Progress(0, 9), 0.0)
    reading.saw(Progress(1, 9), 30.0)
    assert reading.seconds_left() is None
    reading.saw(Progress(3, 9), 32.0)
    assert reading.seconds_left() == 6.0


def test_nothing_is_estimated_from_less_than_a_second() -> None:
    reading = ReadingProgress()
    reading.saw(Progress(1, 9), 0.0)
    reading.saw(Progress(2, 9), 0.5)
    assert reading.seconds_left() is None


def test_files_that_arrive_meanwhile_take_time_too() -> None:
    reading = ReadingProgress()
    reading.saw(Progress(1, 9), 0.0)
    reading.saw(Progress(5, 9), 4.0)
    reading.saw(Progress(5, 19), 5.0)
    assert reading.seconds_left() == 14.0


def test_when_all_is_read_nothing_is_left() -> None:
    reading = ReadingProgress()
    reading.saw(Progress(1, 2), 0.0)
    reading.saw(Progress(2, 2), 2.0)
    assert reading.seconds_left() is None


@given(st.lists(st.tuples(st.integers(0, 50), st.floats(0, 10)), max_size=20))
def test_an_estimate_is_never_negative(steps: list[tuple[int, float]]) -> None:
    reading, done, now = ReadingProgress(), 0, 0.0
    for more, seconds in steps:
        done, now = done + more, now + seconds
        reading.saw(Progress(done, done + 5), now)
    left = reading.seconds_left()
    assert left is None or left > 0
