"""The board as rows: which columns are shown, and what stands in a cell, in any script."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from annotator.core.across.board import Board, story_claims
from annotator.core.across.proposals import Annotated
from annotator.core.annotations import Claim
from annotator.core.article import Article, Origin, Span
from annotator.tui.stories.board_table import BoardTable, BoardWindow, column_of, row_with, wrapped
from annotator.tui.terminal.cells import shown, width_of


def board(*texts: str) -> Board:
    """One article for each text, all of it a claim."""
    return story_claims(
        Annotated(
            Article(text, title=text, origin=Origin(outlet=f"Outlet {n}")),
            (),
            (Claim("c1", (Span(0, len(text)),)),),
        )
        for n, text in enumerate(texts)
    ).arranged()


@given(st.text(max_size=60), st.integers(4, 30))
def test_wrapping_keeps_every_character_and_the_width(words: str, room: int) -> None:
    safe = shown(words)
    lines = wrapped(safe, room)
    assert "".join(lines).replace(" ", "") == safe.replace(" ", "")
    assert all(width_of(line) <= room for line in lines)


def test_words_without_blanks_are_broken_by_their_cells() -> None:
    assert wrapped("总统说他会离开", 6) == ["总统说", "他会离", "开"]


@given(st.integers(0, 11), st.integers(0, 11), st.integers(1, 400))
def test_the_window_shows_the_column_of_the_cursor(column: int, first: int, width: int) -> None:
    window = BoardWindow.around(column, of=12, first=first, width=width)
    assert 0 <= window.first <= column < window.first + window.count <= 12


def test_a_window_that_fits_does_not_move() -> None:
    assert BoardWindow.around(2, of=5, first=1, width=100).first == 1


def test_every_row_has_a_cell_for_each_column_shown() -> None:
    made = board("the ferry burned off the coast", "taxes rise", "it rained")
    window = BoardWindow.around(0, of=3, first=0, width=100)
    table = BoardTable(made, window, cursor=made.propositions[0].accounts[0].place)
    for index in range(len(made.propositions)):
        row = table.row(index)
        assert row is not None
        assert [len(line) for line in row.lines[1:4]] == [3, 3, 3]
    assert table.row(len(made.propositions)) is None


def test_a_claim_is_found_by_row_and_column() -> None:
    made = board("taxes rise", "it rained")
    for n, row in enumerate(made.propositions):
        place = row.accounts[0].place
        assert row_with(made, place) == n
        assert made.columns[column_of(made, place)].article == place[0]
