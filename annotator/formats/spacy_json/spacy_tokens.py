"""The tokens of a paragraph in spaCy 2's JSON: their places in its text, and their BILUO tags."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from annotator.core.article import Span
from annotator.formats.conll import conll_tags as tags
from annotator.formats.external_text import NO_OBJECT, InvalidAnnotation
from annotator.formats.refusals import RefusedPiece

_APART = "tokens that differ from the text"
_NER = "ner"


@dataclass(frozen=True, slots=True)
class Token:
    """A word, the blank after it (None: not said), and the value of `ner` (None: missing)."""

    word: str
    blank: str | None
    ner: Any
    is_tagged: bool


@dataclass(frozen=True, slots=True)
class TaggedRun:
    """The tokens `[first, stop)` of an entity with this label."""

    first: int
    stop: int
    label: str


def tokens_in(paragraph: Mapping[str, Any]) -> list[Token]:
    """The tokens of all sentences; raises InvalidAnnotation if one has no word."""
    sentences = paragraph.get("sentences")
    if sentences is None:
        return []
    if not isinstance(sentences, list):
        raise InvalidAnnotation(f"sentences: expected a list, found {sentences!r:.60}", NO_OBJECT)
    return [token for n, one in enumerate(sentences) for token in _of_sentence(one, n)]


def _of_sentence(sentence: Any, number: int) -> Iterator[Token]:
    rows = sentence.get("tokens") if isinstance(sentence, dict) else None
    if not isinstance(rows, list):
        raise InvalidAnnotation(
            f"sentences[{number}]: expected an object with a list of tokens, "
            f"found {sentence!r:.60}",
            NO_OBJECT,
        )
    for place, row in enumerate(rows):
        word = row.get("orth") if isinstance(row, dict) else None
        if not isinstance(word, str):
            raise InvalidAnnotation(
                f"sentences[{number}].tokens[{place}]: there is no `orth` in {row!r:.60}",
                NO_OBJECT,
            )
        yield Token(word, _blank(row.get("space")), row.get(_NER), _NER in row)


def _blank(value: Any) -> str | None:
    """The blank after a token; None if the file does not say it."""
    if isinstance(value, bool):
        return " " * value
    return value if isinstance(value, str) and not value.strip() else None


def joined(tokens: Sequence[Token]) -> str:
    """The text of tokens without `raw`, as spaCy makes it: one blank after each word that does not
    say otherwise, none at the end."""
    text = "".join(one.word + (" " if one.blank is None else one.blank) for one in tokens)
    return text.removesuffix(" ") if tokens and tokens[-1].blank is None else text


def places(tokens: Iterable[Token], raw: str) -> list[tuple[int, int]]:
    """The range of each token in `raw`; raises InvalidAnnotation if these are not its words.

    As in spaCy, blanks may be tokens or stand between tokens.
    """
    found: list[tuple[int, int]] = []
    place = 0
    for number, token in enumerate(tokens, start=1):
        word = token.word
        if word.strip():
            place = _next_word(raw, place)
        elif not raw.startswith(word, place):
            word = ""
        if not raw.startswith(word, place):
            there = raw[place : place + max(len(word), 1)]
            raise InvalidAnnotation(
                f"token {number}, {word!r:.40}, reads {there!r:.40} in the text at {place}", _APART
            )
        found.append((place, place + len(word)))
        place += len(word)
    if raw[place:].strip():
        raise InvalidAnnotation(
            f"the text goes on after its last token with {raw[place:].strip()!r:.40}", _APART
        )
    return found


def worded(tokens: Sequence[Token], raw: str) -> list[tuple[Token, tuple[int, int]]]:
    """The tokens with their ranges in `raw`, without blanks in which no entity begins."""
    return [
        (token, place)
        for token, place in zip(tokens, places(tokens, raw), strict=True)
        if place[0] < place[1] and (token.word.strip() or str(token.ner)[:1] in "BSU")
    ]


def _next_word(raw: str, place: int) -> int:
    """The next place that holds no blank."""
    while place < len(raw) and raw[place].isspace():
        place += 1
    return place


def known_tags(
    tokens: Sequence[Token], spans: Sequence[Span], lost: list[RefusedPiece]
) -> list[str | None]:
    """The tag of each token, None where nobody judged; invalid ones are added to `lost`, and the
    entity that may continue in one is unknown too."""
    told: list[str | None] = []
    bad: list[int] = []
    for place, token in enumerate(tokens):
        is_tag = isinstance(token.ner, str) and tags.is_tag(token.ner)
        told.append(token.ner if is_tag else None)
        if not is_tag and token.ner is not None and token.ner not in ("", "-"):
            bad.append(place)
            reason = f"token {place + 1}, {token.word!r:.40}: {token.ner!r:.40} is not a BILUO tag"
            lost.append(RefusedPiece(reason, "invalid tag", (spans[place],)))
    return tags.resolved(told, bad)


def runs_of(told: Iterable[str | None]) -> list[TaggedRun]:
    """The entities of these tags."""
    found: list[TaggedRun] = []
    open_label = None
    for place, tag in enumerate(told):
        prefix, _, label = (tag or tags.OUTSIDE).partition("-")
        if prefix in tags.CONTINUING and label == open_label:
            found[-1] = TaggedRun(found[-1].first, place + 1, label)
        elif prefix != tags.OUTSIDE:
            found.append(TaggedRun(place, place + 1, label))
        open_label = label if prefix in "BIM" else None
    return found


def is_tagged(span: Span, told: Sequence[str | None], spans: Sequence[Span]) -> bool:
    """Whether any token in this span has a tag; the tokens are in text order."""
    first = bisect_right(spans, span.start, key=lambda one: one.end)
    stop = bisect_left(spans, span.end, key=lambda one: one.start)
    return any(tag is not None for tag in told[first:stop])


def untold(told: Sequence[str | None], spans: Sequence[Span]) -> Iterator[Span]:
    """The stretches of words without a tag."""
    for is_unknown, run in groupby(zip(told, spans, strict=True), key=lambda one: one[0] is None):
        if is_unknown:
            words = [span for _, span in run]
            yield Span(words[0].start, words[-1].end)
