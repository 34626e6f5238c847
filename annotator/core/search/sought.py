"""One search: of words in texts, or in what is marked there; and its hits in one article."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from annotator.core.annotations import Claim, Entity, Item, is_known_wrong
from annotator.core.article import Span, Spans
from annotator.core.search.query import Query
from annotator.core.text.paragraph_bounds import paragraph_spans

AROUND = 80
"""The most characters of context on each side of a hit."""


@dataclass(frozen=True, slots=True)
class SearchHit:
    """A place that was found; `what` says what is marked there, in words: a label, a source."""

    span: Span
    what: str = ""


@dataclass(frozen=True, slots=True)
class HitInContext:
    """A hit with its own words, and those to the left and right of it, exactly as in the text."""

    span: Span
    left: str
    text: str
    right: str
    what: str = ""


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for: `words` in the text; in the content of claims of a `source`; in cues; in
    entities of a `label`, or of any with `in_entities`.

    `words` may be empty if there is a source or a label.
    """

    words: Query = field(default_factory=Query)
    source: Query | None = None
    in_cues: bool = False
    label: str | None = None
    in_entities: bool = False

    @property
    def needs_items(self) -> bool:
        """Whether what is marked in an article decides, not the text alone."""
        return self.source is not None or self.in_cues or self.of_entities

    @property
    def of_entities(self) -> bool:
        """Whether entities are looked for."""
        return self.label is not None or self.in_entities

    @property
    def in_text(self) -> tuple[Query, ...]:
        """What the text of every article with a hit holds."""
        return tuple(query for query in (self.words, self.source) if query)

    @property
    def is_possible(self) -> bool:
        """Whether there is anything to look for."""
        if self.source is not None and not self.source:
            return False
        return bool(self.words or self.source or self.label)

    def hits(self, text: str, items: Iterable[Item] = ()) -> tuple[SearchHit, ...]:
        """The hits in an article with this text and these items, in text order."""
        if not self.is_possible:
            return ()
        if not self.needs_items:
            return tuple(map(SearchHit, self.words.spans_in(text)))
        found = self._entities(text, items) if self.of_entities else self._claims(text, items)
        # Several reviewers may have marked the same.
        return tuple(sorted(dict.fromkeys(found), key=lambda hit: (hit.span, hit.what)))

    def _entities(self, text: str, items: Iterable[Item]) -> Iterator[SearchHit]:
        for item in items:
            if not isinstance(item, Entity) or is_known_wrong(item):
                continue
            if self.label in (None, item.label) and self._wants(item.spans, text):
                yield SearchHit(item.span, item.label)

    def _claims(self, text: str, items: Iterable[Item]) -> Iterator[SearchHit]:
        items = tuple(items)
        names = {item.id: item for item in items if isinstance(item, Entity)}
        for item in items:
            if isinstance(item, Claim) and self._speaks(item, names, text):
                for span in self._marked(item, text):
                    yield SearchHit(span, _speaker(item, text))

    def _speaks(self, claim: Claim, names: Mapping[str, Entity], text: str) -> bool:
        """Whether the source of a claim is the one that is looked for, or stands for it."""
        if self.source is None:
            return True
        entity = names.get(claim.source_entity or "")
        return self.source.is_in(_words(claim.source, text)) or (
            entity is not None and self.source.is_in(entity.span.of(text))
        )

    def _marked(self, claim: Claim, text: str) -> Iterator[Span]:
        if not self.in_cues:
            if self._wants(claim.content, text):
                yield claim.span
        elif claim.cue and self._wants(claim.cue, text):
            yield Span(claim.cue[0].start, claim.cue[-1].end)

    def _wants(self, spans: Spans, text: str) -> bool:
        return not self.words or self.words.is_in(_words(spans, text))


def in_context(text: str, hits: Sequence[SearchHit]) -> Iterator[HitInContext]:
    """The hits with the text around them within their paragraphs, from the start of a word to the
    end of one; at most `AROUND` characters on each side."""
    paragraphs = paragraph_spans(text) if hits else ()
    starts = [one.start for one in paragraphs]
    for hit in hits:
        start, end = hit.span.start, hit.span.end
        first = paragraphs[bisect_right(starts, start) - 1]
        last = paragraphs[bisect_right(starts, end - 1) - 1]
        left = min(max(start - AROUND, first.start), start)
        right = max(min(end + AROUND, last.end), end)
        before = text[_word_start(text, left, start) : start]
        after = text[end : _word_end(text, end, right)]
        yield HitInContext(hit.span, before, hit.span.of(text), after, hit.what)


def _word_start(text: str, at: int, end: int) -> int:
    """The first start of a word from `at` on; `at` itself if there is none before `end`."""
    if at == 0 or text[at - 1].isspace():
        return at
    return next((n + 1 for n in range(at, end) if text[n].isspace()), at)


def _word_end(text: str, start: int, at: int) -> int:
    """The last end of a word up to `at`; `at` itself if there is none after `start`."""
    if at == len(text) or text[at].isspace():
        return at
    return next((n for n in range(at - 1, start, -1) if text[n].isspace()), at)


def _words(spans: Spans, text: str) -> str:
    return " ".join(span.of(text) for span in spans)


def _speaker(claim: Claim, text: str) -> str:
    return _words(claim.source, text) if claim.source else "no source"
