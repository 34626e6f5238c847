"""Cuts a text into the windows that the encoder reads one by one.

Each window is read alone, so an answer does not depend on what else is in a batch: 8-bit
activations
are scaled by all that is read together (measured: 43 of 925 entities differed between batches and
single windows).
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

    `words` are the numbers in the text of the words that have pieces, `firsts` the places of their
    first pieces. The first and the last piece mark the window's ends.
    """

    ids: tuple[int, ...]
    shapes: tuple[int, ...]
    places: tuple[int, ...]
    parts: tuple[int, ...]
    words: tuple[int, ...]
    firsts: tuple[int, ...]


def windows_of(words: Sequence[str], pieces: WordPieces) -> Iterator[Window]:
    """The windows of a text, in order; cut at line and sentence ends where there are any."""
    shapes = [shape_of(word) for word in words]
    places = places_of(words, shapes)
    ids = [pieces.of(word) for word in words]
    start = 0
    while start < len(words):
        end = _end(words, ids, start)
        yield _window(ids, shapes, places, range(start, end), pieces)
        start = end


def _end(words: Sequence[str], ids: Sequence[tuple[int, ...]], start: int) -> int:
    """Where the window that begins at `start` ends: at the last good place in its second half."""
    size, end, best = 0, start, 0
    while end < len(words) and size + len(ids[end]) <= MOST_PIECES:
        size += len(ids[end])
        end += 1
        if size > MOST_PIECES // 2 and ("\n" in words[end - 1] or words[end - 1] in _ENDS):
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
    columns = zip(*rows, strict=True)
    piece_ids, piece_shapes, piece_places, parts = columns
    return Window(piece_ids, piece_shapes, piece_places, parts, tuple(words), tuple(firsts))
