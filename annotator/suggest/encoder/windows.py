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
    places of their first pieces. `blanks` say of each of these words whether a blank, or an end of
    the text, stands before it (2), behind it (1), on both sides (3) or on none (0). The first and
    the last piece mark the window's ends.
    """

    ids: tuple[int, ...]
    shapes: tuple[int, ...]
    places: tuple[int, ...]
    parts: tuple[int, ...]
    words: tuple[int, ...]
    firsts: tuple[int, ...]
    blanks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class TextLayout:
    """Where the lines of a text end, as numbers of blank words, and which words no window joins.

    In hard-wrapped text only paragraph ends are line ends. No window has words from both sides of a
    word in `cuts`. No blank stands before the words in `glued`, as before a closing quotation mark.
    """

    line_ends: frozenset[int]
    cuts: frozenset[int] = frozenset()
    glued: frozenset[int] = frozenset()


def lines_of(words: Sequence[str], spaces: Sequence[bool]) -> TextLayout:
    """The layout of a text that is not hard-wrapped; `spaces` say which words a space follows."""
    line_ends = frozenset(number for number, word in enumerate(words) if "\n" in word)
    return TextLayout(line_ends, glued=glued_words(words, spaces))


def glued_words(words: Sequence[str], spaces: Sequence[bool]) -> frozenset[int]:
    """The words that no blank stands before."""
    free = [number for number, space in enumerate(spaces[:-1]) if not space]
    return frozenset(
        number + 1
        for number in free
        if not words[number].isspace() and not words[number + 1].isspace()
    )


def windows_of(words: Sequence[str], pieces: WordPieces, layout: TextLayout) -> Iterator[Window]:
    """The windows of a text that have words, in order; cut at line and sentence ends where there
    are any. A sentence end is followed by a blank: what is glued to it belongs to it."""
    shapes = [shape_of(word) for word in words]
    places = places_of(words, shapes, sorted(layout.line_ends))
    text = _Text(words, [pieces.of(word) for word in words], shapes, places, layout)
    start = 0
    while start < len(words):
        end = text.end_after(start)
        if any(text.ids[start:end]):
            yield text.window(range(start, end), pieces)
        start = end


@dataclass(frozen=True, slots=True)
class _Text:
    """The words of a text, each with its pieces, shape and place."""

    words: Sequence[str]
    ids: Sequence[tuple[int, ...]]
    shapes: Sequence[Shape]
    places: Sequence[Place]
    layout: TextLayout

    def end_after(self, start: int) -> int:
        """Where the window that begins at `start` ends: at the last good place in its second
        half."""
        glued, line_ends = self.layout.glued, self.layout.line_ends
        size, end, best = 0, start, 0
        has_ended = False
        while end < len(self.words) and size + len(self.ids[end]) <= MOST_PIECES:
            if end in self.layout.cuts and end > start:
                return end
            size += len(self.ids[end])
            has_ended = self.words[end] in _ENDS or (has_ended and end in glued)
            is_good = end in line_ends or (has_ended and end + 1 not in glued)
            end += 1
            if is_good and size > MOST_PIECES // 2:
                best = end
        if end < len(self.words) and best:
            return best
        return max(end, start + 1)

    def window(self, stretch: range, pieces: WordPieces) -> Window:
        """The words of the stretch as a window."""
        rows: list[tuple[int, int, int, int]] = [(pieces.start, 0, 0, 0)]
        words, firsts, blanks = [], [], []
        glued = self.layout.glued
        for word in stretch:
            if self.ids[word]:
                words.append(word)
                firsts.append(len(rows))
                blanks.append(2 * (word not in glued) + (word + 1 not in glued))
            for part, piece in enumerate(self.ids[word]):
                rows.append((piece, self.shapes[word], self.places[word], int(part > 0)))
        rows.append((pieces.end, 0, 0, 0))
        ids, shapes, places, parts = zip(*rows, strict=True)
        return Window(ids, shapes, places, parts, tuple(words), tuple(firsts), tuple(blanks))
