"""Makes an article from words and tags: one sentence per line, one blank between words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from annotator.core.article import Article, Span
from annotator.core.record import Record
from annotator.core.records.unknown import stretches
from annotator.formats.conll.conll_tags import CONTINUING, OUTSIDE
from annotator.formats.imported_items import IMPORTED, NO_SCHEME, entity_read
from annotator.formats.label_escaping import from_name

Row = tuple[str, str | None]
"""A word and its prefixed tag; None if the tag is unknown."""

_LONGEST = 300  # words; longer sentences are divided at full stops
_ENDS = frozenset(".!?…")


def record_of(sentences: Iterable[Sequence[Row]]) -> Record:
    """Words and their tags as an article with its entities, `e1`, `e2` … in text order."""
    parts: list[str] = []
    found: list[tuple[int, int, str]] = []
    unknown: list[tuple[int, int]] = []
    offset = 0
    for sentence in (line for one in sentences for line in _divided(one)):
        open_label = None
        for place, (word, tag) in enumerate(sentence):
            if place:
                offset += 1
            prefix, _, name = (tag or OUTSIDE).partition("-")
            if prefix in CONTINUING and name == open_label:
                found[-1] = (found[-1][0], offset + len(word), name)
            elif prefix != OUTSIDE:
                found.append((offset, offset + len(word), name))
            if tag is None:
                unknown.append((offset, offset + len(word)))
            open_label = name if prefix in "BIM" else None
            offset += len(word)
        parts.append(" ".join(word for word, _ in sentence))
        offset += 1
    return _without_mark("\n".join(parts), found, _joined(unknown))


def _without_mark(
    text: str, found: Iterable[tuple[int, int, str]], unknown: Iterable[tuple[int, int]]
) -> Record:
    # A byte order mark before the first word would now be taken for the file's.
    marks = len(text) - len(text.lstrip("\ufeff") or text)
    entities = (
        entity_read(f"e{number}", Span(max(start - marks, 0), end - marks), from_name(name))
        for number, (start, end, name) in enumerate(found, start=1)
        if end > marks
    )
    article = Article(text[marks:])
    left = (Span(max(start - marks, 0), end - marks) for start, end in unknown if end > marks)
    return Record(
        article,
        NO_SCHEME,
        review=IMPORTED,
        entities=tuple(entities),
        unknown=stretches(left, article.text),
    )


def _joined(unknown: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Adjacent ranges joined, including the blank between them."""
    joined: list[tuple[int, int]] = []
    for start, end in unknown:
        if joined and start == joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def _divided(sentence: Sequence[Row]) -> Iterator[Sequence[Row]]:
    """The sentence; a very long one is divided at full stops."""
    if len(sentence) <= _LONGEST:
        yield sentence
        return
    begin = 0
    for place, (word, tag) in enumerate(sentence[:-1], start=1):
        after = sentence[place][1] or OUTSIDE
        if word in _ENDS and tag in (OUTSIDE, None) and after[0] not in CONTINUING:
            yield sentence[begin:place]
            begin = place
    yield sentence[begin:]
