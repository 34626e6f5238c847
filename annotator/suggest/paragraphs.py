"""Component: line ends end sentences, and `paragraph_spans`, which says where paragraphs lie.

Text that was hard-wrapped (mail, old wires) is recognised by its line lengths; there only blank
lines end a paragraph.
"""

from __future__ import annotations

import re

from spacy.language import Language
from spacy.tokens import Doc

from annotator.core.article import Span, Spans

_LINE = re.compile(r"[^\n]+")
_BLANK = re.compile(r"\n[^\S\n]*\n\s*")
# A hard-wrapped text has one width that nearly all its lines come close to without passing it.
_WIDTH_AT_LEAST, _WIDTH_AT_MOST = 50, 100
_LINES_AT_LEAST = 4
_SHARE_OF_FULL_LINES = 0.7
_FULL = 0.75


def paragraph_spans(text: str) -> Spans:
    """Where the paragraphs of `text` lie, in order, without blanks at either end.

    A paragraph is a line; in hard-wrapped text what stands between blank lines.
    """
    return tuple(_trimmed(text, start, end) for start, end in _pieces(text))


def is_hard_wrapped(text: str) -> bool:
    """Whether the line ends of `text` were put in to keep lines short, and do not mean anything."""
    wrapped = full = 0
    for block in _BLANK.split(text):
        lines = [line.rstrip() for line in block.strip("\n").split("\n")]
        if len(lines) < 2:
            # One long line shows that nobody wrapped this text.
            if len(lines[0]) > _WIDTH_AT_MOST:
                return False
            continue
        if max(map(len, lines)) > _WIDTH_AT_MOST:
            return False
        # The last line of a paragraph may be of any length.
        body = lines[:-1]
        wrapped += len(body)
        width = max(_WIDTH_AT_LEAST, max(map(len, lines)))
        full += sum(
            len(line) >= _FULL * width and _goes_on(line, after)
            for line, after in zip(body, lines[1:], strict=True)
        )
    return wrapped >= _LINES_AT_LEAST - 1 and full >= _SHARE_OF_FULL_LINES * wrapped


@Language.component("annotator_paragraphs", assigns=["token.is_sent_start"])
def paragraphs(doc: Doc) -> Doc:
    """Start a sentence after every end of a paragraph; the parser keeps to it."""
    text = doc.text
    if "\n" not in text:
        return doc
    wrapped = is_hard_wrapped(text)
    ends = doc.vocab.strings
    del ends
    for token in doc[:-1]:
        if token.is_space and token.text.count("\n") > wrapped:
            doc[token.i + 1].is_sent_start = True
    return doc


def _pieces(text: str) -> list[tuple[int, int]]:
    if not is_hard_wrapped(text):
        return [line.span() for line in _LINE.finditer(text) if not line.group().isspace()]
    pieces, start = [], 0
    for gap in _BLANK.finditer(text):
        pieces.append((start, gap.start()))
        start = gap.end()
    pieces.append((start, len(text)))
    return [(start, end) for start, end in pieces if text[start:end].strip()]


def _trimmed(text: str, start: int, end: int) -> Span:
    piece = text[start:end]
    return Span(start + len(piece) - len(piece.lstrip()), end - len(piece) + len(piece.rstrip()))


def _goes_on(line: str, after: str) -> bool:
    """Whether the next line's first word would not have fitted on this one, or goes on in small letters."""
    return bool(after[:1]) and not (line.endswith((".", "!", "?")) and len(line) < _WIDTH_AT_LEAST)
