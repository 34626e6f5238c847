"""The preview of an article in lines; pure."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING

from annotator.core.text.counted import many
from annotator.tui.terminal.cells import width_of
from annotator.tui.widgets.bar import BarLine, Piece, in_a_row

if TYPE_CHECKING:
    from annotator.core.reviewing.preview_counts import ItemNumbers
    from annotator.store.queue_values import Preview, QueueRow

LINES = 5
_OF_TEXT = 2
_EDGE: Piece = ("muted", "│")
_MORE: list[Piece] = [("muted", "…")]
BLANK = (BarLine((_EDGE,)),) * LINES


def preview_lines(
    preview: Preview, row: QueueRow, width: int, confidence: float
) -> tuple[BarLine, ...]:
    """LINES lines: how the text begins, its items, its notes, where it is from."""
    text = wrap(preview.lead, max(20, width - 4))[: _OF_TEXT + 1]
    if len(text) > _OF_TEXT:
        text = [*text[: _OF_TEXT - 1], f"{text[_OF_TEXT - 1]} …"]
    told: list[BarLine] = [BarLine((_EDGE, ("normal", f" {line}"))) for line in text]
    room = width - 1
    told += [
        BarLine((_EDGE, *in_a_row(groups, room, cut=True).left))
        for groups in (
            _items(preview.numbers, confidence, room),
            _notes(preview),
            _origin(preview, row),
        )
        if groups
    ]
    return (*told, *BLANK)[:LINES]


def _items(numbers: ItemNumbers | None, confidence: float, room: int) -> list[list[Piece]]:
    if numbers is None:
        return [[("muted", "opens without suggestions: its items are not told")]]
    others = _other_items(numbers, confidence)
    labels: list[list[Piece]] = [
        [(f"label:{label}", label), ("normal", f" {number:,}")] for label, number in numbers.labels
    ]
    while len(labels) > 1 and _cells([*labels, _MORE, *others]) > room:
        labels.pop()
    more = [_MORE] if len(labels) < len(numbers.labels) else []
    return [*labels, *more, *others] or [[("muted", "no items")]]


def _cells(groups: list[list[Piece]]) -> int:
    """The cells that groups take in a row."""
    return sum(2 + sum(width_of(piece[1]) for piece in group) for group in groups)


def _other_items(numbers: ItemNumbers, confidence: float) -> list[list[Piece]]:
    groups = list[list[Piece]]()
    if numbers.claims:
        groups.append([("claim", many(numbers.claims, "claim"))])
    if numbers.folded:
        groups.append([("muted", f"{numbers.folded:,} folded")])
    if numbers.junk:
        groups.append([("muted", many(numbers.junk, "junk line"))])
    if numbers.unsure:
        groups.append([("accent", f"{numbers.unsure:,} unsure (under {100 * confidence:.0f} %)")])
    return groups


def _notes(preview: Preview) -> list[list[Piece]]:
    groups: list[list[Piece]] = [
        [("info", "✎ "), ("normal", f"“{note}”")] for note in preview.notes
    ]
    if preview.item_notes:
        notes = many(len(preview.item_notes), "note")
        groups.append([("info", f"✎ {notes} on items: "), ("normal", f"“{preview.item_notes[0]}”")])
    return groups


def _origin(preview: Preview, row: QueueRow) -> list[list[Piece]]:
    origin = preview.origin
    told = [
        _version(row),
        f"{row.words:,} words",
        origin.author,
        f"published {origin.published}" if origin.published else None,
        origin.name,
        origin.url,
    ]
    return [[("muted", words)] for words in told if words]


def _version(row: QueueRow) -> str | None:
    """What is told of a text that replaces another, or is replaced."""
    if row.replaces:
        come = "decided items" if row.replaces > 1 else "decided item"
        return f"⟳ new version: {row.replaces:,} {come} of yours come along where the words stand"
    if row.replaces is not None:
        return "⟳ new version of an earlier text"
    return "⟳ a newer text has come" if row.has_newer else None
