"""Articles and their claims as what can be compared: names, words, numbers, dates, who speaks and
whether it is denied."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from annotator.core.across.mentions import Place
from annotator.core.across.moments import Moment, moments_in
from annotator.core.across.quantities import Quantity, quantities_in
from annotator.core.annotations import Claim, Entity, Stance
from annotator.core.article import Article, Span, Spans
from annotator.lexicon.stems import stem
from annotator.lexicon.word_groups import empty_words, negations

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_NOT = re.compile(r"n['’]t$")
_SET_OFF = re.compile(
    r"\b(?:no|not|never|nobody|none|nothing)\b(?=[^.;:!?]*\buntil\b)|(?<=, )not\b", re.IGNORECASE
)


class Modality(StrEnum):
    """What a claim is about."""

    FACT = "fact"
    FUTURE = "future"
    JUDGEMENT = "judgement"


_MODALITIES = {
    Stance.PREDICTS: Modality.FUTURE,
    Stance.DEMANDS: Modality.FUTURE,
    Stance.COMMITS: Modality.FUTURE,
    Stance.JUDGES: Modality.JUDGEMENT,
}


@dataclass(frozen=True, slots=True)
class ReadClaim:
    """A claim as it is compared with others.

    `words` are stems of its content with their number, `around` those of the paragraph besides,
    `manner` those of its cue and `source` those of its source; `names` and `speaker` stand for
    identities. `is_denied` says whether its source holds that the content without its negations is
    not so. `modality` says whether it is about what is, what is to be, or what is good.
    """

    place: Place
    words: Mapping[str, int]
    around: frozenset[str]
    names: frozenset[int]
    names_around: frozenset[int]
    manner: frozenset[str]
    source: frozenset[str]
    speaker: int | None
    quantities: tuple[Quantity, ...]
    moments: tuple[Moment, ...]
    is_denied: bool
    modality: Modality

    @property
    def article(self) -> str:
        return self.place[0]


def read_claims(
    article: Article,
    entities: Iterable[Entity],
    claims: Iterable[Claim],
    identities: Mapping[Place, int],
) -> tuple[ReadClaim, ...]:
    """The claims of one article; `identities` has a number for each name that is known to be one
    with others."""
    known = {
        entity.span: identities[article.id, entity.id]
        for entity in entities
        if (article.id, entity.id) in identities
    }
    spans = {entity.id: entity.span for entity in entities}
    published = published_on(article)
    return tuple(
        _read_claim(article, claim, known, spans.get(claim.source_entity or ""), published)
        for claim in claims
    )


def published_on(article: Article) -> date | None:
    """The day of publication, where it is known."""
    try:
        return date.fromisoformat((article.origin.published or "")[:10])
    except ValueError:
        return None


def stems_in(text: str, spans: Iterable[Span], names: Iterable[Span]) -> Counter[str]:
    """The stems in some spans outside names."""
    taken = tuple(names)
    found: Counter[str] = Counter()
    for span in spans:
        for match in _WORD.finditer(text, span.start, span.end):
            word = match[0].casefold()
            if word not in empty_words() and not any(
                name.start <= match.start() < name.end for name in taken
            ):
                found[stem(word.split("'")[0].split("’")[0])] += 1
    return found


def _read_claim(
    article: Article,
    claim: Claim,
    known: Mapping[Span, int],
    speaking: Span | None,
    published: date | None,
) -> ReadClaim:
    text = article.text
    paragraph = _paragraph(text, claim.content)
    inside = [span for span in known if any(piece.contains(span) for piece in claim.content)]
    beside = [span for span in known if paragraph.contains(span) and span not in inside]
    words = stems_in(text, claim.content, inside)
    content = " ".join(piece.of(text) for piece in claim.content)
    return ReadClaim(
        (article.id, claim.id),
        words,
        frozenset(stems_in(text, (paragraph,), (*inside, *beside))) - set(words),
        frozenset(known[span] for span in inside),
        frozenset(known[span] for span in beside),
        frozenset(stems_in(text, claim.cue, ())),
        frozenset(stems_in(text, claim.source, known)),
        known.get(speaking) if speaking else None,
        quantities_in(content),
        moments_in(content, published),
        is_denied(content) != (claim.stance is Stance.DENIES),
        _MODALITIES.get(claim.stance, Modality.FACT),
    )


def is_denied(content: str) -> bool:
    """Whether the negations of a text leave it negated: an odd number of them.

    What was *not* so *until* something was so, and *in a lorry, not in the ship* only sets off what
    is held against something else.
    """
    words = (match[0].casefold() for match in _WORD.finditer(_SET_OFF.sub(" ", content)))
    return bool(sum(word in negations() or bool(_NOT.search(word)) for word in words) % 2)


def _paragraph(text: str, pieces: Spans) -> Span:
    """The lines that the pieces are in."""
    start = text.rfind("\n", 0, pieces[0].start) + 1
    end = text.find("\n", pieces[-1].end)
    return Span(start, end if end >= 0 else len(text))
