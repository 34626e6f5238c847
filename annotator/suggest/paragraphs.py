"""Component: line ends end sentences; and `paragraph_spans`, which says where paragraphs lie.

Text that was hard-wrapped (mail, old wires) is recognised by its line lengths; there only blank
lines end a paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from spacy.language import Language
from spacy.tokens import Doc

from annotator.core.article import Span, Spans

_LINE = re.compile(r"[^\n]+")
_BLANK_LINES = re.compile(r"\n[^\S\n]*\n\s*")
_NARROWEST, _WIDEST = 40, 100
_LINES_AT_LEAST = 3
_MOST = 0.7
# People wrap by hand as well, and programs differ in what still fits.
_SLACK = 6


def paragraph_spans(text: str) -> Spans:
    """Where the paragraphs of `text` lie, in order, without blanks at either end.

    A paragraph is a line; in hard-wrapped text it is what stands between blank lines.
    """
    return tuple(_trimmed(text, start, end) for start, end in _pieces(text))


def is_hard_wrapped(text: str) -> bool:
    """Whether the line ends of `text` only keep its lines short.

    They do if most lines inside a block are full: the next line's first word would not have fitted.
    """
    lines = text.split("\n")
    # A line without blanks is an address, which no program wraps.
    width = max((len(line.rstrip()) for line in lines if " " in line.strip()), default=0)
    if not _NARROWEST <= width <= _WIDEST:
        return False
    inner = [
        len(line.rstrip()) + 1 + len(after.split(maxsplit=1)[0]) > width - _SLACK
        for line, after in pairwise(lines)
        if line.strip() and after.strip()
    ]
    return len(inner) >= _LINES_AT_LEAST and sum(inner) >= _MOST * len(inner)


class Paragraphs:
    """The component: a sentence begins after every paragraph end, and the parser keeps to it."""

    def __call__(self, doc: Doc) -> Doc:
        text = doc.text
        if "\n" in text:
            ends = 2 if is_hard_wrapped(text) else 1
            # Setting one token at a time looks through the whole Doc each time.
            starts = doc.to_array("SENT_START")
            for token in doc[:-1]:
                if token.is_space and token.text.count("\n") >= ends:
                    starts[token.i + 1] = 1
            doc.from_array(["SENT_START"], starts)
        return doc


@Language.factory("annotator_paragraphs", assigns=["token.is_sent_start"])  # type: ignore[untyped-decorator]
def make_paragraphs(nlp: Language, name: str) -> Paragraphs:  # noqa: ARG001  (spaCy names both)
    """The component; it has no settings and nothing to train."""
    return Paragraphs()


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    pieces = [line.span() for line in _LINE.finditer(text)]
    if is_hard_wrapped(text):
        gaps = [gap.span() for gap in _BLANK_LINES.finditer(text)]
        starts = [0, *(end for _, end in gaps)]
        pieces = list(zip(starts, [*(start for start, _ in gaps), len(text)], strict=True))
    for start, end in pieces:
        if text[start:end].strip():
            yield start, end


def _trimmed(text: str, start: int, end: int) -> Span:
    piece = text[start:end]
    return Span(start + len(piece) - len(piece.lstrip()), end - len(piece) + len(piece.rstrip()))
