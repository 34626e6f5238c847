"""How near a reviewer came to the gold of a check, an article with a known answer.

The outcome is told after the review was finished, so only what stood then counts: whoever takes the
review up again knows the answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from annotator.core.agreement import substance
from annotator.core.anchoring import Overlap
from annotator.core.annotations import Claim, Entity, Item, Junk, Verdict, in_text_order
from annotator.core.article import Article, Span
from annotator.core.decisions import Answer, Kind
from annotator.core.item_matching import overlap
from annotator.core.record import Record
from annotator.core.review import Review


@dataclass(frozen=True, slots=True)
class GoldDifference:
    """Where a review differs from the gold: what the reviewer has (None: it was missed), and what
    the gold has (None: it was added). Both are there where they lie on the same words."""

    answered: Item | None
    gold: Item | None

    @property
    def place(self) -> Span:
        """Where it is in the text."""
        item = self.gold or self.answered
        assert item is not None  # one of them is there
        return item.span


_NOTHING = Overlap()


@dataclass(frozen=True, slots=True)
class CheckOutcome:
    """A reviewer's first finish of a check, compared with its gold: entities by span and label,
    claims by content and source, junk lines by span and kind.

    `skipped` is the answer of a reviewer who did not annotate it; then nothing is compared.
    """

    article: Article
    reviewer: str
    at: datetime
    entities: Overlap = _NOTHING
    claims: Overlap = _NOTHING
    junk: Overlap = _NOTHING
    differences: tuple[GoldDifference, ...] = ()
    skipped: Answer | None = None

    @property
    def together(self) -> Overlap:
        """All kinds of items."""
        return self.entities + self.claims + self.junk

    @property
    def missed(self) -> int:
        """How many items of the gold the reviewer does not have."""
        return sum(one.gold is not None for one in self.differences)

    @property
    def added(self) -> int:
        """How many items the reviewer has that the gold does not have."""
        return sum(one.answered is not None for one in self.differences)


def check_outcome(article: Article, review: Review, gold: Record) -> CheckOutcome | None:
    """The outcome of a review of a check; None if it was never finished.

    What the reviewer left open, or the gold does not decide, counts on neither side.
    """
    first = _first_finish(review)
    if first is None or first.finished is None:
        return None
    if first.answer is not Answer.ACCEPT:
        skipped = first.answer
        return CheckOutcome(article, review.reviewer, first.finished, skipped=skipped)
    left_open = {substance(item) for item in _open(first.items)} | {
        substance(item) for item in (*_open(gold.items), *gold.offered)
    }
    answered = [item for item in _decided(first.items, left_open) if not _is_unknown(item, gold)]
    wanted = list(_decided(gold.items, left_open))
    return CheckOutcome(
        article,
        review.reviewer,
        first.finished,
        entities=_overlap(answered, wanted, Entity),
        claims=_overlap(answered, wanted, Claim),
        junk=_overlap(answered, wanted, Junk),
        differences=tuple(_differences(answered, wanted)),
    )


def outcome_in_words(outcome: CheckOutcome) -> str:
    """The outcome in one phrase: *F1 93 %, 2 missed, 1 added*."""
    if outcome.skipped is not None:
        return f"you answered: {outcome.skipped}"
    f = outcome.together.f
    if f is None:
        return "nothing to compare"
    return f"F1 {f:.0%}, {outcome.missed:,} missed, {outcome.added:,} added".replace("%", " %")


def _first_finish(review: Review) -> Review | None:
    """The review as it was when it was finished first; None if it never was."""
    log = review.decisions
    last = next((n for n, one in enumerate(log) if one.kind is Kind.FINISH), None)
    if last is None:
        return None
    group = log[last].group
    while last + 1 < len(log) and log[last + 1].group == group:
        last += 1
    if last + 1 == len(log):
        return review
    return review.begun().decide(*log[: last + 1])


def _open(items: Iterable[Item]) -> Iterator[Item]:
    return (item for item in items if item.verdict is Verdict.PENDING)


def _decided(items: Iterable[Item], left_open: set[object]) -> Iterator[Item]:
    """Each decided item once, in text order, without those that somebody left open."""
    seen: set[object] = set(left_open)
    for item in sorted(items, key=in_text_order):
        told = substance(item)
        if told not in seen:
            seen.add(told)
            yield item


def _is_unknown(item: Item, gold: Record) -> bool:
    """Whether an item lies in words of which the gold says nothing."""
    return any(one.overlaps(span) for one in gold.unknown for span in item.spans)


def _overlap(answered: Iterable[Item], wanted: Iterable[Item], kind: type[Item]) -> Overlap:
    here = {substance(item) for item in answered if isinstance(item, kind)}
    there = {substance(item) for item in wanted if isinstance(item, kind)}
    return Overlap(len(here & there), len(here) + len(there))


def _differences(answered: Iterable[Item], wanted: Iterable[Item]) -> Iterator[GoldDifference]:
    """Where the two differ, in text order; each item of one beside the nearest of the other."""
    here = {substance(item): item for item in answered}
    there = {substance(item): item for item in wanted}
    added = [item for told, item in here.items() if told not in there]
    missed = [item for told, item in there.items() if told not in here]
    ranked = sorted(
        (
            (-overlap(one, other), m, a)
            for m, one in enumerate(missed)
            for a, other in enumerate(added)
            if overlap(one, other) > 0
        ),
    )
    beside: dict[int, int] = {}
    for _, m, a in ranked:
        if m not in beside and a not in beside.values():
            beside[m] = a
    found = [
        GoldDifference(added[beside[m]] if m in beside else None, one)
        for m, one in enumerate(missed)
    ]
    alone = set(range(len(added))) - set(beside.values())
    found += [GoldDifference(added[a], None) for a in alone]
    yield from sorted(found, key=lambda one: in_text_order(one.gold or one.answered))  # type: ignore[arg-type]  # one is there
