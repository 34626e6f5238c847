"""Texts that are too long for a pipeline: read in pieces, then judged as a whole.

What looks at the words near by (tags, trees, names) is done piece by piece. What asks the article
(which lines are junk, which label a name has, who a claim's source is) is done on the pieces
joined, so that a text says the same wherever it was cut.
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
# Sentence ends are looked for in the last part of a piece alone.
_TAIL = 5_000
# About what a tokeniser makes a token of; memory goes with these, not with characters.
_TOKEN = re.compile(r"\w+|[^\w\s]|\n")


def about_how_many(text: str) -> int:
    """About how many tokens a tokeniser makes of `text`; never fewer than it has lines."""
    return sum(1 for _ in _TOKEN.finditer(text))


def annotated(nlp: Language, text: str, longest: int, most: int) -> Doc:
    """`text` as one Doc, annotated by `nlp` without its ever reading more than `longest`
    characters or about `most` tokens at once."""
    late = [name for name in nlp.pipe_names if nlp.get_pipe_meta(name).factory in _OF_THE_WHOLE]
    docs = []
    for doc in nlp.pipe(pieces(text, longest, most), batch_size=1, disable=late):
        # Of no use to what comes, and larger than all the rest.
        doc.tensor = numpy.zeros((0,), dtype="f")
        docs.append(doc)
    whole = Doc.from_docs(docs, ensure_whitespace=False, exclude=["user_data"])
    assert whole is not None  # there is at least one piece
    for name in late:
        whole = nlp.get_pipe(name)(whole)
    return whole


def pieces(text: str, longest: int, most: int = sys.maxsize) -> Iterator[str]:
    """`text` cut at paragraph ends, or at sentence ends where a paragraph is longer; where a
    sentence is, between words, and only a longer word is cut itself."""
    start = 0
    while (stop := _after(text, start, min(len(text), start + longest), most)) < len(text):
        end = _cut(text, start, stop)
        yield text[start:end]
        start = end
    yield text[start:]


def _after(text: str, start: int, stop: int, most: int) -> int:
    """Where `most` tokens from `start` on end, `stop` at the latest."""
    if stop - start <= most:
        return stop
    beyond = next(islice(_TOKEN.finditer(text, start, stop), most, None), None)
    return beyond.start() if beyond else stop


def _cut(text: str, start: int, stop: int) -> int:
    """Where the piece that begins at `start` ends, `stop` at the latest."""
    for gap in ("\n\n", "\n"):
        end = text.rfind(gap, start + 1, stop)
        if end > start:
            return end
    *_, last = sentences_in(text, Span(max(start, stop - _TAIL), stop))
    if last.start > start and last.start > stop - _TAIL:
        return last.start
    after = text.rfind(" ", start, stop) + 1
    return after if after > start else stop
