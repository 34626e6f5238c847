"""A review: the fold of one reviewer's decisions over the suggestions it was opened with.

All else (open items, undo) is computed from suggestions and decisions, or a cache.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from types import MappingProxyType

from annotator.core.annotations import (
    Claim,
    Entity,
    Item,
    Junk,
    Verdict,
    in_text_order,
    is_known_wrong,
)
from annotator.core.article import Spans
from annotator.core.claim_ties import Tie, with_tie
from annotator.core.decisions import (
    Answer,
    ArticleNote,
    Change,
    Decision,
    Kind,
    pressed,
    restore,
    withdraw,
)
from annotator.core.folds import Fold, hidden_before_folds
from annotator.core.review_item import ReviewItem as ReviewItem
from annotator.core.review_item import Status as Status
from annotator.core.review_item import decided_item, opened_item, put_item
from annotator.core.whole_review import WholeReview, whole_after
from annotator.errors import ReviewError

_NO_FOLD = Fold()


def _nothing_held() -> MappingProxyType[str, ReviewItem]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class _Group:
    """The standing decisions of one key press, and the states they replaced."""

    id: str
    decisions: tuple[Decision, ...]
    held: Mapping[str, ReviewItem | None]
    whole: WholeReview


@dataclass(slots=True)
class _Growing:
    """The last group, to which more decisions may be added; grows in place, since it may hold
    hundreds."""

    id: str
    decisions: list[Decision]
    held: dict[str, ReviewItem | None]
    whole: WholeReview


@dataclass(frozen=True)
class Review:
    """One reviewer's review of an article; immutable, a decision returns a new one.

    An adjudication is a review whose suggestions are the answers of finished reviews
    (`core.adjudicating`).
    """

    article: str
    reviewer: str
    suggestions: tuple[Item, ...] = ()
    decisions: tuple[Decision, ...] = ()
    held: MappingProxyType[str, ReviewItem] = field(default_factory=_nothing_held)
    whole: WholeReview = field(default_factory=WholeReview)
    standing: tuple[_Group, ...] = ()
    withdrawn: tuple[_Group, ...] = ()
    adjudicates: bool = False
    settled: Mapping[str, Status] | None = field(default=None, compare=False)
    lines: tuple[str, ...] = field(default=(), compare=False)
    """The ids of the items that are or were junk lines: few, and looked at with each decision."""

    @classmethod
    def of(
        cls,
        article: str,
        reviewer: str,
        suggestions: Iterable[Item],
        decisions: Iterable[Decision] = (),
        *,
        settled: Mapping[str, Status] | None = None,
    ) -> Review:
        """The fold of `decisions`, in order of `seq`; raises ReviewError if one does not fit.

        `settled` makes it an adjudication: the suggestions that stand as accepted or rejected
        before any decision, because the reviewers agree on them.
        """
        opened = tuple(
            item if item.verdict is Verdict.PENDING else replace(item, verdict=Verdict.PENDING)
            for item in suggestions
        )
        agreed = settled or {}
        held = {item.id: opened_item(item, agreed.get(item.id, Status.OPEN)) for item in opened}
        start = cls(
            article,
            reviewer,
            opened,
            held=MappingProxyType(held),
            adjudicates=settled is not None,
            settled=settled,
            lines=tuple(item.id for item in opened if isinstance(item, Junk)),
        )
        return start.decide(*sorted(decisions, key=lambda decision: decision.seq))

    def begun(self) -> Review:
        """The review as it was before any decision."""
        return Review.of(self.article, self.reviewer, self.suggestions, settled=self.settled)

    def decide(self, *decisions: Decision) -> Review:
        """The review after these decisions; a repeated decision has no effect."""
        fold = _Fold(self)
        for decision in decisions:
            # Only one that is numbered like those before it may be one of them.
            if decision.seq > fold.seq or not fold.knows(decision.id):
                fold.take(decision)
        return fold.result()

    # What stands

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """All open and accepted items, in text order."""
        kept = (h.item for h in self.held.values() if h.status is not Status.REJECTED)
        return tuple(sorted(kept, key=in_text_order))

    @cached_property
    def entities(self) -> tuple[Entity, ...]:
        return tuple(item for item in self.items if isinstance(item, Entity))

    @cached_property
    def claims(self) -> tuple[Claim, ...]:
        return tuple(item for item in self.items if isinstance(item, Claim))

    @cached_property
    def junk(self) -> tuple[Junk, ...]:
        return tuple(item for item in self.items if isinstance(item, Junk))

    @cached_property
    def rejected(self) -> tuple[Item, ...]:
        """Rejected suggestions, as suggested, in text order."""
        down = (h.suggested for h in self.held.values() if h.status is Status.REJECTED)
        return tuple(sorted(filter(None, down), key=_in_order_of_rejected))

    def open_items(self, fold: Fold = _NO_FOLD) -> tuple[Item, ...]:
        """Open items in text order, without what `fold` hides; known wrong ones never."""
        return tuple(
            item
            for item in self.items
            if self.held[item.id].status is Status.OPEN
            and not (is_known_wrong(item) or fold.hides(item))
        )

    @property
    def answer(self) -> Answer:
        return self.whole.answer

    @property
    def notes(self) -> tuple[ArticleNote, ...]:
        return self.whole.notes

    @property
    def ties(self) -> tuple[Tie, ...]:
        """The ties of its claims to others, in the order in which they were made first."""
        return self.whole.ties

    @property
    def finished(self) -> datetime | None:
        """The time when the review was finished (UTC); None if it is not."""
        return self.whole.finished

    @property
    def showed_speakers(self) -> bool:
        """Whether the finished review showed who speaks in each claim."""
        return self.whole.told.showed_speakers

    @property
    def never_shown(self) -> frozenset[str]:
        """The ids of the items that the finished review folded away and never showed."""
        told = self.whole.told
        if told.folded is not None:
            return frozenset(told.folded)
        return frozenset() if told.showed_low_confidence else hidden_before_folds(self.items)

    @property
    def unknown(self) -> Spans:
        """The spans about which the finished review says nothing."""
        return self.whole.told.unknown

    # Undo and redo

    @property
    def undoable(self) -> tuple[Decision, ...]:
        """The decisions that undo would withdraw."""
        return self.standing[-1].decisions if self.standing else ()

    @property
    def redoable(self) -> tuple[Decision, ...]:
        """The decisions that redo would restore: the group withdrawn last."""
        return self.withdrawn[-1].decisions if self.withdrawn else ()

    def undo(self) -> Change | None:
        """The change that withdraws the last standing group; None if there is none."""
        return withdraw(self.standing[-1].id) if self.standing else None

    def redo(self) -> Change | None:
        """The change that restores the group withdrawn last; None if there is none."""
        return restore(self.withdrawn[-1].id) if self.withdrawn else None

    # Figures

    @property
    def next_seq(self) -> int:
        """The `seq` of the next decision, from 1."""
        return self.decisions[-1].seq + 1 if self.decisions else 1

    @property
    def keys(self) -> int:
        """The total number of keys pressed."""
        return sum(decision.keys for decision in self.decisions)

    @property
    def seconds(self) -> float:
        """The total time in seconds, without long pauses."""
        return sum(decision.seconds for decision in self.decisions)


def _in_order_of_rejected(item: Item) -> tuple[int, int, str]:
    """Sort key of what records keep of a rejected item: without the attributes of a claim."""
    start, end, name = in_text_order(item)
    return start, end, "" if isinstance(item, Claim) else name


class _Fold:
    """Applies decisions to a mutable copy of a review."""

    def __init__(self, review: Review) -> None:
        self.review = review
        # Many times as fast as `dict` of a view, and done with each key.
        self.held = review.held.copy()
        self.lines = review.lines
        self.whole = review.whole
        self.standing = list(review.standing)
        self.withdrawn = list(review.withdrawn)
        self.decisions = list(review.decisions)
        self.seq = review.next_seq - 1
        self.growing: _Growing | None = None

    def result(self) -> Review:
        self._settle()
        return replace(
            self.review,
            decisions=tuple(self.decisions),
            held=MappingProxyType(self.held),
            whole=self.whole,
            standing=tuple(self.standing),
            withdrawn=tuple(self.withdrawn),
            lines=self.lines,
        )

    def knows(self, id: str) -> bool:
        """Whether a decision was taken before."""
        return any(decision.id == id for decision in self.decisions)

    def take(self, decision: Decision) -> None:
        review = self.review
        if (decision.article, decision.reviewer, decision.adjudicates) != (
            review.article,
            review.reviewer,
            review.adjudicates,
        ):
            raise ReviewError("This decision belongs to another review.")
        if decision.seq <= self.seq:
            raise ReviewError(
                f"Decision {decision.seq} comes after {self.seq}.",
                hint="Open the article again: decisions were made elsewhere in the meantime.",
            )
        if decision.kind is Kind.WITHDRAW:
            self._withdraw(decision)
        elif decision.kind is Kind.RESTORE:
            self._restore(decision)
        else:
            self._do(decision)
            self.withdrawn.clear()
        self.decisions.append(decision)
        self.seq = decision.seq

    def _withdraw(self, decision: Decision) -> None:
        self._settle()
        if not self.standing or pressed(self.standing[-1].id) != pressed(decision.target):
            raise ReviewError("Only the last standing decision can be undone.")
        group = self.standing.pop()
        for target, before in group.held.items():
            if before is None:
                del self.held[target]
            else:
                self.held[target] = before
        self.whole = group.whole
        self.withdrawn.append(group)

    def _restore(self, decision: Decision) -> None:
        if not self.withdrawn or pressed(self.withdrawn[-1].id) != pressed(decision.target):
            raise ReviewError("Only the decision undone last can be redone.")
        for old in self.withdrawn.pop().decisions:
            self._do(old)

    def _do(self, decision: Decision) -> None:
        whole, target = self.whole, decision.target
        if whole.finished and decision.kind not in _OF_FINISHED:
            raise ReviewError("This review is finished.", hint="Reopen it first.")
        if decision.kind is Kind.RELATE:
            self.whole = replace(whole, ties=with_tie(whole.ties, self._tie(decision)))
            self._growing_group(decision.group, whole).decisions.append(decision)
            return
        if target is None:
            self.whole = whole_after(whole, decision)
            self._growing_group(decision.group, whole).decisions.append(decision)
            return
        before = self.held.get(target)
        held = put_item(decision) if before is None else decided_item(before, decision)
        self.held[target] = held
        if isinstance(held.item, Junk) and target not in self.lines:
            self.lines = (*self.lines, target)
        growing = self._growing_group(decision.group, whole)
        growing.held.setdefault(target, before)
        growing.decisions.append(decision)

    def _tie(self, decision: Decision) -> Tie:
        """The tie of a decision, if it is one of a claim of this review."""
        tie, held = decision.after, self.held.get(decision.target or "")
        if not isinstance(tie, Tie) or tie.claim != decision.target:
            raise ReviewError("A relate decision needs the tie of its target in `after`.")
        if held is None or not isinstance(held.item, Claim):
            raise ReviewError(f"The review has no claim {tie.claim!r}.")
        return tie

    def _growing_group(self, group: str, whole: WholeReview) -> _Growing:
        """The group of this decision: the last one, or a new one."""
        if self.growing is None or self.growing.id != group:
            self._settle()
            if self.standing and self.standing[-1].id == group:
                last = self.standing.pop()
                self.growing = _Growing(group, list(last.decisions), dict(last.held), last.whole)
            else:
                self.growing = _Growing(group, [], {}, whole)
        return self.growing

    def _settle(self) -> None:
        """Move the growing group to the standing ones."""
        if self.growing is not None:
            group = self.growing
            self.standing.append(_Group(group.id, tuple(group.decisions), group.held, group.whole))
            self.growing = None


_OF_FINISHED = (Kind.REOPEN, Kind.RELATE)
"""What a finished review still takes: its claims are tied when other articles are there."""
