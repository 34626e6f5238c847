"""Two reviewers of one article compared item by item."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from annotator.core.annotations import Claim, Entity, Item, Junk
from annotator.core.article import Span
from annotator.core.comparison.judgement import Judgement
from annotator.core.comparison.matching import Pair, matched
from annotator.core.comparison.subjects import (
    ATTRIBUTES,
    CLAIMS,
    CONTENT,
    ENTITIES,
    JUNK,
    PARTS,
    category_of,
    is_same,
)
from annotator.core.comparison.tallies import Tally, TallyKey, TallyOf, new_tally
from annotator.core.comparison.token_labels import NONE

_Some = TypeVar("_Some", Entity, Claim, Junk)
_Pair = tuple[Item | None, Item | None]


@dataclass(frozen=True, slots=True)
class Difference:
    """A place where two reviewers differ in `subject`: the values that each gave, `none` where one
    has no item, and the spans. Equal values with other spans differ in their edges."""

    subject: str
    values: tuple[str, str]
    spans: tuple[Span | None, Span | None]

    @property
    def span(self) -> Span:
        """From the first character that either marked to the last."""
        there = [span for span in self.spans if span is not None]
        return Span(min(one.start for one in there), max(one.end for one in there))


@dataclass(slots=True)
class PairComparison:
    """The items of two reviewers: their sums, how often which values met, and the differences."""

    tally: Tally = field(default_factory=new_tally)
    met: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    """How often (subject, value of the first, value of the second) met, equal ones included."""
    differences: list[Difference] = field(default_factory=list)
    claims: list[tuple[Claim, Claim]] = field(default_factory=list)
    """The claims that both have."""

    @classmethod
    def of(cls, left: Judgement, right: Judgement) -> PairComparison:
        """Compare what both judged."""
        compared = cls()
        for subject, (one, other) in _matched_items(left, right):
            compared._take(subject, one, other)
        return compared

    def _take(self, subject: str, one: Item | None, other: Item | None) -> None:
        values = (category_of(one) if one else NONE, category_of(other) if other else NONE)
        for value in values:
            if value != NONE:
                self._count(subject, value, TallyOf.ITEMS)
        is_equal = one is not None and other is not None and is_same(one, other)
        if values[0] == values[1]:
            self._count(subject, values[0], TallyOf.NEAR)
            self._count(subject, values[0], TallyOf.SAME, int(is_equal))
        self._meet(subject, values, (one, other), is_equal=is_equal)
        if isinstance(one, Claim) and isinstance(other, Claim):
            self._take_claims(one, other)
        elif subject == CLAIMS:
            self._count(CONTENT, CONTENT, TallyOf.ITEMS)

    def _take_claims(self, one: Claim, other: Claim) -> None:
        self.claims.append((one, other))
        for part, pieces in PARTS.items():
            ours, theirs = pieces(one), pieces(other)
            near = any(piece.overlaps(their) for piece in ours for their in theirs)
            self._count(part, part, TallyOf.ITEMS, bool(ours) + bool(theirs))
            self._count(part, part, TallyOf.NEAR, int(near))
            self._count(part, part, TallyOf.SAME, int(bool(ours) and ours == theirs))
        for attribute, value_of in ATTRIBUTES.items():
            values = value_of(one), value_of(other)
            self._meet(attribute, values, (one, other), is_equal=values[0] == values[1])

    def _meet(self, subject: str, values: tuple[str, str], items: _Pair, *, is_equal: bool) -> None:
        self.met[(subject, *values)] += 1
        if not is_equal:
            spans = tuple(item.span if item else None for item in items)
            self.differences.append(Difference(subject, values, (spans[0], spans[1])))

    def _count(self, subject: str, category: str, quantity: TallyOf, count: int = 1) -> None:
        if count:
            self.tally[TallyKey(subject, category, quantity)] += count


def _matched_items(left: Judgement, right: Judgement) -> Iterator[tuple[str, _Pair]]:
    """The items of which both reviewers say something, in pairs, with the kind of each."""

    def both(ours: Sequence[_Some], theirs: Sequence[_Some]) -> tuple[Pair[_Some], ...]:
        known = [one for one in ours if right.knows(one)]
        return matched(known, [one for one in theirs if left.knows(one)])

    for entities in both(left.entities, right.entities):
        yield ENTITIES, entities
    for claims in both(left.claims, right.claims):
        yield CLAIMS, claims
    for junk in both(left.junk, right.junk):
        yield JUNK, junk
