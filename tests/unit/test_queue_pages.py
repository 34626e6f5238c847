"""Arrivals are hidden wherever they are in the order; all other rows keep their line."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from annotator.tui.queue.queue_pages import QueuePages, Unseen


@st.composite
def arrivals(draw: st.DrawFn) -> tuple[list[str], list[str]]:
    """Rows as they were listed, and with new ones anywhere."""
    before = [f"old {n}" for n in range(draw(st.integers(0, 12)))]
    now = list(before)
    for n in range(draw(st.integers(0, 6))):
        now.insert(draw(st.integers(0, len(now))), f"new {n}")
    return before, now


def unseen_of(now: list[str]) -> Unseen:
    """What is kept back: the new rows above all others, and those among them."""
    places = [place for place, row in enumerate(now) if row.startswith("new")]
    above = next((n for n, row in enumerate(now) if row.startswith("old")), len(now))
    return Unseen(above, tuple(place for place in places if place >= above))


@given(arrivals())
def test_every_listed_row_keeps_its_line(rows: tuple[list[str], list[str]]) -> None:
    before, now = rows
    unseen = unseen_of(now)
    assert [now[unseen.place(line)] for line in range(len(before))] == before
    assert [unseen.line(now.index(row)) for row in before] == list(range(len(before)))
    assert len(unseen) == len(now) - len(before)


@given(arrivals())
def test_a_loaded_page_is_shown_until_it_is_reloaded(
    rows: tuple[list[str], list[str]],
) -> None:
    before, now = rows
    pages: Any = QueuePages()
    pages.rows = dict(enumerate(before))
    unseen = unseen_of(now)
    pages.move(Unseen(), unseen)
    assert [pages.rows[unseen.place(line)] for line in range(len(before))] == before
    pages.move(unseen, Unseen(), 2)
    assert [pages.rows[line + 2] for line in range(len(before))] == before
