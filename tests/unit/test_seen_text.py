"""What counts as seen: what was on the screen long enough, without a break."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from annotator.core.annotations import Claim, Entity
from annotator.core.article import Span
from annotator.core.reviewing.seen_text import SHOWN_SECONDS, SeenText, seen_among

LENGTH = 30
VIEWS = st.none() | st.tuples(st.integers(0, LENGTH - 1), st.integers(1, LENGTH)).map(
    lambda pair: Span(pair[0], min(LENGTH, pair[0] + pair[1]))
)


def test_a_page_that_was_turned_at_once_is_not_seen() -> None:
    text = SeenText().showing(Span(0, 10), 0.0).showing(Span(10, 20), 0.05)
    assert not text.has_shown([Span(0, 5)], 9.0)
    assert text.has_shown([Span(10, 20)], 9.0)


def test_text_that_scrolling_keeps_in_view_stays_seen() -> None:
    text = SeenText()
    for line in range(5):
        text = text.showing(Span(line, line + 10), line * 0.2)
    assert text.has_shown([Span(4, 10)], 0.8)
    assert not text.has_shown([Span(0, 1)], 0.8)


def test_an_item_is_seen_with_all_its_pieces() -> None:
    claim = Claim("c", (Span(0, 3), Span(12, 15)))
    entity = Entity("e", Span(1, 2), "GPE")
    first = SeenText().showing(Span(0, 10), 0.0)
    assert seen_among((claim, entity), first, 1.0) == {"e"}
    both = first.showing(Span(10, 20), 1.0)
    assert seen_among((claim, entity), both, 2.0) == {"c", "e"}


@given(st.lists(st.tuples(VIEWS, st.integers(0, 8)), max_size=12), st.integers(0, 8))
def test_each_character_is_seen_after_it_was_in_view_long_enough(
    shown: list[tuple[Span | None, int]], rest: int
) -> None:
    text, at = SeenText(), 0.0
    since: dict[int, float] = {}
    seen: set[int] = set()
    for view, eighths in [*shown, (None, rest)]:
        seen |= {offset for offset, began in since.items() if at - began >= SHOWN_SECONDS}
        inside = set() if view is None else set(range(view.start, view.end))
        since = {offset: since.get(offset, at) for offset in inside}
        text = text.showing(view, at)
        at += eighths / 8
    seen |= {offset for offset, began in since.items() if at - began >= SHOWN_SECONDS}
    for offset in range(LENGTH):
        assert text.has_shown([Span(offset, offset + 1)], at) == (offset in seen)
    spans = text.seen_by(at)
    assert all(one.end < other.start for one, other in pairwise(spans))
