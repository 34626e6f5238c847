"""Annotates texts that are too long for a pipeline: in pieces, then as a whole.

Components with local context (tags, trees, names) run on each piece. Components that need the whole
article (junk lines, consistent labels, sources of claims) run on the joined pieces, so that the
result does not depend on where the text was divided.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from itertools import islice

import numpy
from spacy.language import Language
from spacy.tokens import Doc

from annotator.core.article import Span
from annotator.core.text.words import sentences_in

_OF_THE_WHOLE = frozenset(
    f"annotator_{name}" for name in ("junk", "numbers", "consistency", "scores", "claims")
)
# Sentence ends are searched for only in the last part of a piece.
_TAIL = 5_000
# Approximate tokens; memory depends on their number, not on characters.
_TOKEN = re.compile(r"\w+|[^\w\s]|\n")


def about_how_many(text: str) -> int:
    """The approximate number of tokens in `text`; at least the number of its lines."""
    return sum(1 for _ in _TOKEN.finditer(text))


def annotated(nlp: Language, text: str, longest: int, most: int) -> Doc:
    """`text` as one Doc, annotated by `nlp` in pieces of at most `longest` characters and about
    `most` tokens."""
    late = [name for name in nlp.pipe_names if nlp.get_pipe_meta(name).factory in _OF_THE_WHOLE]
    docs = []
    for doc in nlp.pipe(pieces(text, longest, most), batch_size=1, disable=late):
        # Not needed any more, and larger than everything else.
        doc.tensor = numpy.zeros((0,), dtype="f")
        docs.append(doc)
    whole = Doc.from_docs(docs, ensure_whitespace=False, exclude=["user_data"])
    assert whole is not None  # there is at least one piece
    for name in late:
        whole = nlp.get_pipe(name)(whole)
    return whole


def pieces(text: str, longest: int, most: int = sys.maxsize) -> Iterator[str]:
    """`text` divided at paragraph ends; longer paragraphs at sentence ends, longer sentences
    between words, and only longer words within."""
    start = 0
    while (stop := _after(text, start, min(len(text), start + longest), most)) < len(text):
        end = _cut(text, start, stop)
        yield text[start:end]
        start = end
    yield text[start:]


def _after(text: str, start: int, stop: int, most: int) -> int:
    """The end of `most` tokens from `start`, at most `stop`."""
    if stop - start <= most:
        return stop
    beyond = next(islice(_TOKEN.finditer(text, start, stop), most, None), None)
    return beyond.start() if beyond else stop


def _cut(text: str, start: int, stop: int) -> int:
    """The end of the piece that begins at `start`, at most `stop`."""
    for gap in ("\n\n", "\n"):
        end = text.rfind(gap, start + 1, stop)
        if end > start:
            return end
    *_, last = sentences_in(text, Span(max(start, stop - _TAIL), stop))
    if last.start > start and last.start > stop - _TAIL:
        return last.start
    after = text.rfind(" ", start, stop) + 1
    return after if after > start else stop
