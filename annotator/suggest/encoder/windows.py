"""Cuts a text into the windows that the encoder reads one by one.

Each window is read alone, so an answer does not depend on what else is in a batch: activations of
8 bits are scaled by all that is read together (measured: 43 of 925 entities differed between
batches and single windows).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from annotator.suggest.encoder.word_features import Place, Shape, places_of, shape_of
from annotator.suggest.encoder.word_pieces import WordPieces

MOST_PIECES = 160
_ENDS = frozenset(".!?")


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of words as pieces: their ids, and shape, place and part of the word of each.

    `words` are the numbers in the text of the words that have pieces (all but blanks), `firsts` the
    places of their first pieces. The first and the last piece mark the window's ends.
    """

    ids: tuple[int, ...]
    shapes: tuple[int, ...]
    places: tuple[int, ...]
    parts: tuple[int, ...]
    words: tuple[int, ...]
    firsts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class TextLayout:
    """Where the lines of a text end, as numbers of blank words, and which words no window joins.

    In hard-wrapped text only paragraph ends are line ends. No window has words from both sides of a
    word in `cuts`.
    """

    line_ends: frozenset[int]
    cuts: frozenset[int] = frozenset()


def lines_of(words: Sequence[str]) -> TextLayout:
    """The layout of a text that is not hard-wrapped."""
    return TextLayout(frozenset(number for number, word in enumerate(words) if "\n" in word))


def windows_of(words: Sequence[str], pieces: WordPieces, layout: TextLayout) -> Iterator[Window]:
    """The windows of a text that have words, in order; cut at line and sentence ends where there
    are any."""
    shapes = [shape_of(word) for word in words]
    places = places_of(words, shapes, sorted(layout.line_ends))
    ids = [pieces.of(word) for word in words]
    start = 0
    while start < len(words):
        end = _end(words, ids, start, layout)
        if any(ids[start:end]):
            yield _window(ids, shapes, places, range(start, end), pieces)
        start = end


def _end(
    words: Sequence[str], ids: Sequence[tuple[int, ...]], start: int, layout: TextLayout
) -> int:
    """Where the window that begins at `start` ends: at the last good place in its second half."""
    size, end, best = 0, start, 0
    while end < len(words) and size + len(ids[end]) <= MOST_PIECES:
        if end in layout.cuts and end > start:
            return end
        size += len(ids[end])
        is_good = end in layout.line_ends or words[end] in _ENDS
        end += 1
        if is_good and size > MOST_PIECES // 2:
            best = end
    if end < len(words) and best:
        return best
    return max(end, start + 1)


def _window(
    ids: Sequence[tuple[int, ...]],
    shapes: Sequence[Shape],
    places: Sequence[Place],
    stretch: range,
    pieces: WordPieces,
) -> Window:
    rows: list[tuple[int, int, int, int]] = [(pieces.start, 0, 0, 0)]
    words, firsts = [], []
    for word in stretch:
        if ids[word]:
            words.append(word)
            firsts.append(len(rows))
        for part, piece in enumerate(ids[word]):
            rows.append((piece, shapes[word], places[word], int(part > 0)))
    rows.append((pieces.end, 0, 0, 0))
    piece_ids, piece_shapes, piece_places, parts = zip(*rows, strict=True)
    return Window(piece_ids, piece_shapes, piece_places, parts, tuple(words), tuple(firsts))
