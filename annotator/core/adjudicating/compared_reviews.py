"""What several finished reviews of one article have in common, and on what they differ.

`compare` makes the suggestions of an adjudication: items on which the reviews agree stand as
accepted, what nobody kept as rejected, and each answer to what they see differently is one open
suggestion, a `Variant`. Items that a reviewer left open are unknown, as is what lies in spans about
which a review says nothing: there its silence is no answer.

Which identity an entity names and which entity speaks in a claim is taken from whoever said so; if
reviewers name different identities, none is named; if they name different speakers, that is a
difference. Notes on the same item are joined.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from annotator.core.adjudicating.matching_answers import Match, matched
from annotator.core.annotations import (
    Claim,
    Entity,
    Item,
    Verdict,
    called,
    in_text_order,
    unattributed,
)
from annotator.core.article import Span, Spans
from annotator.core.claim_ties import Tie, with_tie
from annotator.core.decisions import Answer, ArticleNote
from annotator.core.item_matching import content_key, rejection_key
from annotator.core.review import Review, Status

_BETWEEN = "; "


@dataclass(frozen=True, slots=True)
class ReviewedBy:
    """A finished review as it was compared: up to its decision number `seq`."""

    reviewer: str
    seq: int


@dataclass(frozen=True, slots=True)
class Variant:
    """One of several answers: the id of its suggestion, and the reviewers who gave it."""

    id: str
    by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Contested:
    """An item that reviewers see differently: their variants, those of most reviewers first, and
    the reviewers who have no such item (`absent`)."""

    variants: tuple[Variant, ...]
    absent: tuple[str, ...] = ()

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the variants."""
        return tuple(variant.id for variant in self.variants)


@dataclass(frozen=True, slots=True)
class Beside:
    """What reviews say beside their items: notes on the article, ties of claims, spans about which
    none says anything, items that were folded away in all of them, whether each showed who speaks
    in its claims, and whether any of them was opened with suggestions, None if nobody knows."""

    notes: tuple[ArticleNote, ...] = ()
    ties: tuple[Tie, ...] = ()
    unknown: Spans = ()
    hidden: tuple[str, ...] = ()
    showed_speakers: bool = True
    assisted: bool | None = True


@dataclass(frozen=True)
class ComparedReviews:
    """Finished reviews of one article, compared.

    `items` are the suggestions of the adjudication; `settled` says which of them stand as accepted
    or rejected from the start. `answers` are the answers on the whole article by reviewer.
    """

    reviews: tuple[ReviewedBy, ...]
    answers: Mapping[str, Answer]
    items: tuple[Item, ...] = ()
    settled: Mapping[str, Status] = field(default_factory=dict)
    contested: tuple[Contested, ...] = ()
    beside: Beside = Beside()

    @property
    def reviewers(self) -> tuple[str, ...]:
        return tuple(one.reviewer for one in self.reviews)

    @property
    def answer(self) -> Answer | None:
        """The answer on the whole article; None if the reviewers differ."""
        said = set(self.answers.values())
        return said.pop() if len(said) == 1 else None


@dataclass(frozen=True, slots=True)
class _Answer:
    """The item of one reviewer in a match, or that they have none (None)."""

    reviewer: str
    item: Item | None


def compare(
    reviews: Iterable[Review], *, imported: Iterable[str] = (), unassisted: Iterable[str] = ()
) -> ComparedReviews:
    """The comparison of finished reviews by different reviewers; the order of the reviews has no
    effect. `imported` names the reviewers whose reviews were made elsewhere, `unassisted` those who
    saw no suggestions."""
    ordered = sorted(reviews, key=lambda review: review.reviewer)
    said = [one for one in ordered if one.answer is Answer.ACCEPT]
    found, shown = _Comparing(said), frozenset(imported)
    return ComparedReviews(
        tuple(ReviewedBy(one.reviewer, one.next_seq - 1) for one in ordered),
        {one.reviewer: one.answer for one in ordered},
        tuple(sorted(found.items, key=in_text_order)),
        found.settled,
        tuple(found.contested),
        Beside(
            tuple(dict.fromkeys(note for one in ordered for note in one.notes)),
            found.ties(),
            _unknown_to_all(said),
            tuple(found.hidden),
            all(one.showed_speakers or one.reviewer in shown for one in said),
            _had_help([one.reviewer for one in ordered], shown, frozenset(unassisted)),
        ),
    )


def _had_help(
    reviewers: Sequence[str], imported: frozenset[str], unassisted: frozenset[str]
) -> bool | None:
    """Whether any reviewer saw suggestions; None if only those may have whose reviews were made
    elsewhere."""
    helped = [one for one in reviewers if one not in unassisted]
    if helped and imported.issuperset(helped):
        return None
    return bool(helped)


class _Comparing:
    """Compares the items of reviews; entities first, because claims refer to them."""

    def __init__(self, reviews: Sequence[Review]) -> None:
        self.reviews = reviews
        self.items: list[Item] = []
        self.settled: dict[str, Status] = {}
        self.contested: list[Contested] = []
        self.hidden: list[str] = []
        self._names: dict[tuple[str, str], str] = {}  # (reviewer, id there) -> id here
        self._taken: set[str] = set()
        # The match of each entity, the same for all who have it, and the suggestion that stands
        # for it wherever it speaks.
        self._matches: dict[tuple[str, str], int] = {}
        self._speakers: dict[int, str] = {}
        entities = matched([review.entities for review in reviews])
        for number, match in enumerate(entities):
            for at, item in match.items():
                self._matches[reviews[at].reviewer, item.id] = number
        for match in entities:
            self._take(match)
        for items in ([one.claims for one in reviews], [one.junk for one in reviews]):
            for match in matched(items):
                self._take(match)
        self._take_rejected()

    def ties(self) -> tuple[Tie, ...]:
        """The ties of all reviews, without pairs on which they differ."""
        made: tuple[Tie, ...] = ()
        relations: dict[tuple[str, str, str], set[str]] = defaultdict(set)
        for review in self.reviews:
            for tie in review.ties:
                if (claim := self._names.get((review.reviewer, tie.claim))) is not None:
                    made = with_tie(made, replace(tie, claim=claim))
                    relations[claim, tie.article, tie.other].add(tie.relation)
        return tuple(tie for tie in made if len(relations[tie.pair]) == 1)

    def _take(self, match: Match) -> None:
        """Put the items of a match among the suggestions."""
        given = tuple(self._given(match))
        if not given:
            self._leave_open(match)
            return
        answers = [one for one in given if one.item is not None]
        variants = self._variants(answers)
        absent = tuple(one.reviewer for one in given if one.item is None)
        if not variants:
            return
        ids = [self._put(variant) for variant in variants]
        if len(variants) == 1 and not absent:
            self.settled[ids[0]] = Status.ACCEPTED
            return
        by = [tuple(one.reviewer for one in variant) for variant in variants]
        found = [Variant(id, who) for id, who in zip(ids, by, strict=True)]
        self.contested.append(Contested(tuple(found), absent))

    def _given(self, match: Match) -> Iterator[_Answer]:
        """The answers of those reviewers who gave one."""
        spans = [span for item in match.values() for span in item.spans]
        for number, review in enumerate(self.reviews):
            item = match.get(number)
            if item is not None and review.held[item.id].status is Status.OPEN:
                continue
            if item is None and _touches(review.unknown, spans):
                continue
            yield _Answer(review.reviewer, item)

    def _variants(self, answers: Sequence[_Answer]) -> list[list[_Answer]]:
        """The answers with the same content together, those of most reviewers first."""
        alike: dict[tuple[Item, int | None], list[_Answer]] = defaultdict(list)
        speakers: dict[Item, set[int]] = defaultdict(set)
        for one in answers:
            assert one.item is not None
            speaker = self._speaker(one)
            if speaker is not None:
                speakers[content_key(one.item)].add(speaker)
        for one in answers:
            assert one.item is not None
            content, speaker = content_key(one.item), self._speaker(one)
            if speaker is None:  # who names no speaker takes the one that others name
                speaker = min(speakers[content], default=None)
            alike[content, speaker].append(one)
        return sorted(alike.values(), key=lambda same: -len(same))

    def _speaker(self, one: _Answer) -> int | None:
        """The entity that speaks in a claim, by the number of its match."""
        if not isinstance(one.item, Claim) or one.item.source_entity is None:
            return None
        return self._matches.get((one.reviewer, one.item.source_entity))

    def _put(self, same: Sequence[_Answer]) -> str:
        """Add a suggestion that stands for answers with the same content; returns its id."""
        items = [one.item for one in same if one.item is not None]
        name = self._free(items[0].id)
        item = replace(called(items[0], name), verdict=Verdict.PENDING, note=_joined_notes(items))
        if isinstance(item, Entity):
            named = {one.identity for one in items if isinstance(one, Entity)} - {None}
            item = replace(unattributed(item), identity=named.pop() if len(named) == 1 else None)
        elif isinstance(item, Claim):
            item = replace(item, source_entity=self._speaker_here(same))
        self.items.append(item)
        for one in same:
            assert one.item is not None
            self._names[one.reviewer, one.item.id] = name
            if (match := self._matches.get((one.reviewer, one.item.id))) is not None:
                self._speakers.setdefault(match, name)
        return name

    def _speaker_here(self, same: Sequence[_Answer]) -> str | None:
        """The id of the suggestion that speaks in a claim."""
        said = (self._speaker(one) for one in same)
        return next((self._speakers[one] for one in said if one in self._speakers), None)

    def _leave_open(self, match: Match) -> None:
        """Keep an item of which nobody said anything as it is."""
        name = self._put([_Answer(self.reviews[at].reviewer, match[at]) for at in sorted(match)])
        if all(item.id in self.reviews[at].never_shown for at, item in match.items()):
            self.hidden.append(name)

    def _take_rejected(self) -> None:
        """Keep what reviewers turned down and nobody kept."""
        kept = {rejection_key(item) for item in self.items}
        for review in self.reviews:
            for item in review.rejected:
                if rejection_key(item) in kept:
                    continue
                kept.add(rejection_key(item))
                name = self._put([_Answer(review.reviewer, item)])
                self.settled[name] = Status.REJECTED

    def _free(self, name: str) -> str:
        """The id, with a number if another suggestion has it."""
        free, number = name, 1
        while free in self._taken:
            number += 1
            free = f"{name[:190]}.{number}"
        self._taken.add(free)
        return free


def _touches(unknown: Spans, spans: Iterable[Span]) -> bool:
    return any(one.overlaps(span) for span in spans for one in unknown)


def _joined_notes(items: Iterable[Item]) -> str | None:
    """The notes on items, each once."""
    return _BETWEEN.join(dict.fromkeys(item.note for item in items if item.note)) or None


def _unknown_to_all(reviews: Sequence[Review]) -> Spans:
    """The spans about which no review says anything."""
    if not reviews:
        return ()
    common = list(reviews[0].unknown)
    for review in reviews[1:]:
        both = (
            (max(one.start, other.start), min(one.end, other.end))
            for one in common
            for other in review.unknown
        )
        common = [Span(start, end) for start, end in both if start < end]
    return tuple(sorted(common))
