"""Differences as rows and lines; pure."""

from __future__ import annotations

from collections.abc import Iterator

from annotator.core.adjudicating.difference_wording import (
    label_of,
    letter_of,
    note_on,
    outcome_words,
    words_of,
)
from annotator.core.adjudicating.differences import DifferenceType, ReviewDifference, outcome
from annotator.core.review import Review
from annotator.tui.widgets.bar import BarLine, Piece
from annotator.tui.widgets.rows import Cell, Row

_TYPE = max(map(len, DifferenceType))
_CHOSEN = 7
_NAMES = 4


def difference_row(review: Review, one: ReviewDifference, text: str, width: int) -> Row:
    """One difference: what was chosen, its type, and the answers side by side."""
    chosen = outcome(review, one)
    said = outcome_words(review, one, text)
    cells = [
        Cell(f"✓ {said}" if said else "•", "good" if said else "accent", width=_CHOSEN),
        Cell(one.type, "strong", width=_TYPE),
    ]
    count = len(one.options)
    room = max(8, (width - _CHOSEN - _TYPE - 4) // count - 3)
    for number, option in enumerate(one.options):
        label = label_of(review, option)
        tone = f"label:{label}" if label is not None else "normal"
        cells.append(Cell(letter_of(number), "accent", width=1, bold=True))
        cells.append(
            Cell(
                words_of(review, one, number, text),
                tone if chosen in (None, number) else "muted",
                width=None if number == count - 1 else room,
            )
        )
    return Row.of(" ".join(one.key), *cells)


def answer_lines(review: Review, one: ReviewDifference, text: str) -> Iterator[BarLine]:
    """The answers to the difference in hand, one line each, and the note on it."""
    total = sum(len(option.by) for option in one.options)
    for number, option in enumerate(one.options):
        label = label_of(review, option)
        tone = f"label:{label}" if label is not None else "normal"
        left: tuple[Piece, ...] = (
            ("accent", f" {letter_of(number)} "),
            ("strong", f"{names(option.by)}  "),
            (tone, words_of(review, one, number, text)),
        )
        most = number == 0 and one.has_majority
        share = f"{len(option.by)} of {total}{', most' if most else ''} " if total > 2 else ""
        yield BarLine(left, (("info" if most else "muted", share),) if share else ())
    if note := note_on(review, one):
        yield BarLine((("info", f" note  {note}"),))


def names(by: tuple[str, ...]) -> str:
    """The names of the reviewers who gave an answer; of many the first few."""
    more = len(by) - _NAMES
    return ", ".join(by[:_NAMES]) + (f" and {more} more" if more > 0 else "")
