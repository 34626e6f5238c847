"""Rules on one finished review: what in it contradicts the guidelines or itself."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence

from annotator.core.annotations import Claim, Entity, Quotation, SourceKind
from annotator.core.article import Span
from annotator.core.claims.claim_defaults import quotations_in, with_guesses
from annotator.core.lint.lint_finding import FindingKind, LintFinding, quoted
from annotator.core.record import Record
from annotator.core.reviewing.wording import shortened
from annotator.core.text.paragraph_bounds import paragraph_spans
from annotator.lexicon.label_roles import FIGURES, NUMBERS, PERSON, WITH_ARTICLES
from annotator.lexicon.word_lists import HEDGES, TITLES, TITLES_IN_FULL

_SHORTEST_QUOTATION = 5  # words; shorter ones are names, titles and scare quotes
_ARTICLE = re.compile(r"(?:the|an?)\s+(?=\S)")
_FIRST = re.compile(r"(\w+)\.?\s+(?=\S)")
_HEDGE = re.compile(rf"(?:{'|'.join(HEDGES)})\s+(?=\S)", re.IGNORECASE)
_AROUND = '"“”‘«»„()[]*,;:'
_ENDS = ("'s", "’s")
_UNNAMED = (SourceKind.UNSPECIFIED, SourceKind.AUTHOR)


def findings_in(record: Record) -> Iterator[LintFinding]:
    """What contradicts the guidelines in one review, in the order of the rules."""
    for kind, rule in _RULES:
        for span, message in rule(record):
            yield LintFinding.in_(record, kind, span, message)


Places = Iterator[tuple[Span, str]]


def _edges(record: Record) -> Places:
    """Entities with an article, a title, a hedge, a mark or a possessive ending at their edge."""
    text = record.article.text
    for entity in record.entities:
        words = entity.span.of(text)
        for part, bare in (*_before(entity, words), *_after(words)):
            if bare.strip():
                message = f"{entity.label} {quoted(entity.span, text)} includes {part}"
                yield entity.span, f"{message}; the guidelines mark “{shortened(bare)}”"
                break


def _before(entity: Entity, words: str) -> Iterator[tuple[str, str]]:
    found = _ARTICLE.match(words)
    if found and entity.label not in WITH_ARTICLES:
        yield f"the article “{found[0].strip()}”", words[found.end() :]
    first = _FIRST.match(words)
    if first and entity.label == PERSON and first[1].casefold() in TITLES | TITLES_IN_FULL:
        yield f"the title “{first[0].strip()}”", words[first.end() :]
    hedge = _HEDGE.match(words)
    if hedge and entity.label in NUMBERS:
        yield f"the hedge “{hedge[0].strip()}”", words[hedge.end() :]


def _after(words: str) -> Iterator[tuple[str, str]]:
    if words.endswith(_ENDS) and len(words) > 2:
        yield "the possessive ending", words[:-2]
    bare = words.strip(_AROUND)
    if bare != words and not _holds_a_pair(words):
        yield "a mark that is not part of the name", bare


def _holds_a_pair(words: str) -> bool:
    """Whether a mark at one edge alone has its partner inside, as in *Jones (Jr)*."""
    for opening, closing in ("()", "[]", "“”", "«»", '""'):
        begins, ends = words.startswith(opening), words.endswith(closing)
        if begins != ends and (opening if ends else closing) in words[1:-1]:
            return True
    return False


def _overlap(record: Record) -> Places:
    """Entities that share words with the one before."""
    text = record.article.text
    last: Entity | None = None
    for entity in record.entities:
        if last is not None and entity.span.overlaps(last.span):
            other = f"{last.label} {quoted(last.span, text)}"
            yield entity.span, f"{entity.label} {quoted(entity.span, text)} overlaps {other}"
        if last is None or entity.span.end > last.span.end:
            last = entity


def _in_junk(record: Record) -> Places:
    """Entities and parts of claims inside junk lines."""
    text, lines = record.article.text, record.junk
    items: tuple[Entity | Claim, ...] = (*record.entities, *record.claims)
    for item in items if lines else ():
        for span in item.spans:
            junk = next((line for line in lines if line.span.overlaps(span)), None)
            if junk is not None:
                what = item.label if isinstance(item, Entity) else "part of a claim"
                yield span, f"{what} {quoted(span, text)} is in a junk line ({junk.kind})"
                break


def _quotations(record: Record) -> Places:
    """Quotations outside every claim, junk line and name."""
    text = record.article.text
    marked = [piece for claim in record.claims for piece in claim.content]
    marked += [line.span for line in record.junk]
    marked += [entity.span for entity in record.entities]
    marked += record.unknown
    known = _Covered(marked)
    for paragraph in paragraph_spans(text):
        for start, end in quotations_in(paragraph.of(text)):
            span = Span(start, end).shift(paragraph.start)
            if len(span.of(text).split()) >= _SHORTEST_QUOTATION and not known.half_of(span):
                yield span, f"The quotation {quoted(span, text)} is in no claim"


class _Covered:
    """Spans, asked how much of others they cover."""

    def __init__(self, spans: Sequence[Span]) -> None:
        self._spans = sorted(spans)
        self._longest = max(map(len, spans), default=0)

    def half_of(self, span: Span) -> bool:
        """Whether they cover at least half of `span`."""
        first = bisect_left(self._spans, (span.start - self._longest,), key=lambda s: (s.start,))
        covered: set[int] = set()
        for one in self._spans[first:]:
            if one.start >= span.end:
                break
            covered.update(range(max(one.start, span.start), min(one.end, span.end)))
        return 2 * len(covered) >= len(span)


def _numbers(record: Record) -> Places:
    """Figures in claims that name no source."""
    text = record.article.text
    for claim in record.claims:
        if claim.source or claim.source_kind is SourceKind.AUTHOR:
            continue
        figures = (one for one in record.entities if one.label in FIGURES and _is_in(one, claim))
        figure = next(figures, None)
        if figure is not None and not any(
            other.source and _is_in(figure, other) for other in record.claims
        ):
            yield figure.span, f"{quoted(figure.span, text)} is claimed, but by no source"


def _is_in(entity: Entity, claim: Claim) -> bool:
    return any(piece.contains(entity.span) for piece in claim.content)


def _attributes(record: Record) -> Places:
    """Claims whose attributes contradict their parts."""
    text = record.article.text
    for claim in record.claims:
        if claim.source and claim.source_kind is SourceKind.UNSPECIFIED:
            yield (
                claim.span,
                f"The claim has a source, {_source(claim, text)}, but no kind of source",
            )
        elif not claim.source and claim.source_kind not in _UNNAMED:
            yield claim.span, f"The claim has no source, but one that is {claim.source_kind}"
        marks = with_guesses(claim, text).quotation
        if {marks, claim.quotation} == {Quotation.DIRECT, Quotation.INDIRECT}:
            how = "all" if marks is Quotation.DIRECT else "nothing"
            yield (
                claim.span,
                f"The claim is {claim.quotation}, but {how} of it is in quotation marks",
            )


def _source(claim: Claim, text: str) -> str:
    return quoted(claim.source[0], text)


_RULES: tuple[tuple[FindingKind, Callable[[Record], Places]], ...] = (
    (FindingKind.EDGES, _edges),
    (FindingKind.OVERLAP, _overlap),
    (FindingKind.IN_JUNK, _in_junk),
    (FindingKind.QUOTATION, _quotations),
    (FindingKind.NUMBER, _numbers),
    (FindingKind.ATTRIBUTES, _attributes),
)
