"""The tour: a short sample with planted errors, and the keys that correct them; pure."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, replace

from annotator.core.annotations import Claim, Entity, Item, Junk, JunkKind, MadeBy, Verdict
from annotator.core.article import Article, Origin, Span
from annotator.core.labels import LabelScheme
from annotator.core.record import Record
from annotator.core.review import Review, Status

_SCORE = 0.95
# The steps speak of a place, an organisation and an event: by their digits in the shipped scheme.
_PLACE, _ORGANISATION, _EVENT = "3", "2", "8"


@dataclass(frozen=True, slots=True)
class TourStep:
    """One key that is asked for: its action, what is said (`{key}` stands for the key), when it is
    done, and the item that must be in focus or the place where the caret must be."""

    action: str
    words: str
    is_done: Callable[[Review], bool]
    item: str | None = None
    place: Span | None = None


@dataclass(frozen=True, slots=True)
class TourSample:
    """An article, what a pipeline might suggest for it, its gold, and the steps."""

    article: Article
    suggestions: tuple[Item, ...]
    gold: tuple[Item, ...]
    steps: tuple[TourStep, ...]


@dataclass(frozen=True, slots=True)
class TourResult:
    """How many gold items the review has, of how many; and how many items that are not gold."""

    same: int
    total: int
    further: int

    def __str__(self) -> str:
        further = f", {self.further} not in the gold" if self.further else ""
        return f"{self.same} of {self.total} items as in the gold{further}"


def tour_sample(record: Record, scheme: LabelScheme) -> TourSample:
    """The sample made of the beginning of a gold record, up to its first advertisement.

    The record must have there, in this order: an entity that is a place, a name behind a title of
    one word, and two claims.
    """
    end = next(one.span.end for one in record.junk if one.kind is JunkKind.AD_MARKER)
    text = record.article.text[:end] + "\n"
    items: tuple[Item, ...] = (*record.entities, *record.claims, *record.junk)
    gold = tuple(one for one in items if all(span.end <= end for span in one.spans))
    parts = _Lessons.of(text, gold, scheme)
    return TourSample(
        Article(text, record.article.title, "en", origin=Origin(name="sample")),
        tuple(_suggested(parts, gold, _label(scheme, _ORGANISATION))),
        gold,
        _steps(parts),
    )


@dataclass(frozen=True, slots=True)
class _Lessons:
    """The items that the steps are about."""

    right: Entity
    place: Entity
    named: Entity
    titled: Span
    wrong: Entity
    claim: Claim
    missing: Claim
    junk: Junk

    @classmethod
    def of(cls, text: str, gold: Iterable[Item], scheme: LabelScheme) -> _Lessons:
        entities = [one for one in gold if isinstance(one, Entity)]
        claims = [one for one in gold if isinstance(one, Claim)]
        junk = [one for one in gold if isinstance(one, Junk)]
        named = next(one for one in entities if text[: one.span.start].endswith("Sen. "))
        bogus = Span(text.index("lunch"), text.index("lunch") + len("lunch"))
        return cls(
            right=entities[0],
            place=next(one for one in entities if one.label == _label(scheme, _PLACE)),
            named=named,
            titled=Span(named.span.start - len("Sen. "), named.span.end),
            wrong=Entity(
                "tour-wrong", bogus, _label(scheme, _EVENT), made_by=MadeBy.PIPELINE, score=_SCORE
            ),
            claim=claims[0],
            missing=claims[-1],
            junk=junk[-1],
        )


def _suggested(parts: _Lessons, gold: Iterable[Item], wrong_label: str) -> Iterable[Item]:
    """The gold as a pipeline might suggest it: a label and an edge are wrong, a word is no entity,
    a claim is missing."""
    for item in (*gold, parts.wrong):
        if item.id == parts.missing.id:
            continue
        plain = replace(item, made_by=MadeBy.PIPELINE, verdict=Verdict.PENDING, score=_SCORE)
        if plain.id == parts.place.id and isinstance(plain, Entity):
            plain = replace(plain, label=wrong_label)
        if plain.id == parts.named.id and isinstance(plain, Entity):
            plain = replace(plain, span=parts.titled)
        yield plain


def _label(scheme: LabelScheme, digit: str) -> str:
    label = scheme.digit(digit)
    assert label is not None  # the shipped scheme has more than ten
    return label.name


def _steps(parts: _Lessons) -> tuple[TourStep, ...]:
    right, place, named, wrong = parts.right, parts.place, parts.named, parts.wrong
    claim, missing, junk = parts.claim, parts.missing, parts.junk
    return (
        TourStep(
            "accept",
            "The first name is in focus. Graham is a person, as suggested: {key} accepts.",
            _has(right, Status.ACCEPTED),
            right.id,
        ),
        TourStep(
            f"label_{_PLACE}",
            "Syria is a place, not an organisation: {key} gives the right label.",
            lambda review: _held(review, place.id) == place.label,
            place.id,
        ),
        TourStep(
            "reject",
            "A lunch is no event with a name: {key} rejects.",
            _has(wrong, Status.REJECTED),
            wrong.id,
        ),
        TourStep(
            "undo",
            "Every key can be taken back, all the way: {key} undoes the last one.",
            _has(wrong, Status.OPEN),
        ),
        TourStep(
            "redo",
            "It was wrong after all: {key} does it again.",
            _has(wrong, Status.REJECTED),
        ),
        TourStep(
            "left_in",
            "A title is no part of a name: {key} moves the left edge in, behind “Sen.”.",
            lambda review: _start(review, named.id) == named.span.start,
            named.id,
        ),
        TourStep(
            "accept",
            "This is a claim: who says it, the words that say so, what is said. {key} accepts.",
            _has(claim, Status.ACCEPTED),
            claim.id,
        ),
        TourStep(
            "claim",
            "Graham told reporters something, but no claim is marked: {key} makes it.",
            lambda review: any(one.made_by is MadeBy.REVIEWER for one in review.claims),
            place=missing.span,
        ),
        TourStep(
            "accept",
            "An advertisement is not part of the article, but junk: {key} accepts that.",
            _has(junk, Status.ACCEPTED),
            junk.id,
        ),
        TourStep(
            "accept_all",
            "The rest is right, have a look: {key} accepts all of it and finishes the article.",
            lambda review: review.finished is not None,
        ),
    )


def _has(item: Item, status: Status) -> Callable[[Review], bool]:
    return lambda review: review.held[item.id].status is status


def _held(review: Review, id: str) -> str | None:
    item = review.held[id].item
    return item.label if isinstance(item, Entity) else None


def _start(review: Review, id: str) -> int:
    return review.held[id].item.span.start


def compared(review: Review, gold: Iterable[Item]) -> TourResult:
    """How near a review is to the gold: label and words of entities, all parts of claims, junk
    lines."""
    wanted = {_identity(item) for item in gold}
    kept = (one for one in review.held.values() if one.status is Status.ACCEPTED)
    made = {_identity(one.item) for one in kept}
    return TourResult(len(made & wanted), len(wanted), len(made - wanted))


def _identity(item: Item) -> Hashable:
    match item:
        case Entity():
            return item.label, item.span
        case Claim():
            return item.content, item.cue, item.source
        case Junk():
            return "junk", item.span
