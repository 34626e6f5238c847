"""The union of two logs of one review: one person decided on two machines, neither knowing of the
other.

Every decision of both logs is in the joined log, under its id, each decision made once. What holds
is what the same person would have said on one machine, in the order of time: of two decisions on
one item the later one holds. So it does not matter which log comes first, or how often.

A log only grows. Where the other log does not go on from this one, groups are withdrawn until the
state is that in which the next decisions of the other log were made; then they are appended as they
are. At the end the standing groups of both are replayed in the order of time. What is withdrawn and
replayed so belongs to groups that begin with `joined:`: nobody made these decisions, no key and no
second is counted twice, and joining again leaves them out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from itertools import groupby
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from annotator.core.annotations import Claim, Entity, Item, Junk, same_content
from annotator.core.claim_ties import Tie
from annotator.core.decisions import JOINED, Decision, Kind, is_joined, pressed
from annotator.core.review import Review, ReviewItem, Status
from annotator.errors import ReviewError

_UNDOING = (Kind.WITHDRAW, Kind.RESTORE)
_BESIDE = ("identity", "source_entity", "note")
"""What is said of an item beside its content: a later decision on the content leaves it."""


@dataclass(frozen=True, slots=True)
class Clash:
    """An item that both logs decide on since they parted, with different outcomes; without an item
    the article as a whole. The later decision holds."""

    item: str | None
    here: ReviewItem | None = None
    there: ReviewItem | None = None


@dataclass(frozen=True, slots=True)
class Joined:
    """The joined review, the decisions that it has in addition, how many decisions of the other
    log it had, and where the two clash."""

    review: Review
    new: tuple[Decision, ...] = ()
    known: int = 0
    clashes: tuple[Clash, ...] = ()

    @property
    def added(self) -> int:
        """How many decisions were added that somebody made."""
        return sum(not is_joined(decision) for decision in self.new)


def join(stored: Review, log: Iterable[Decision], *, at: datetime) -> Joined:
    """Join the whole log of another copy of a review, opened with the same suggestions, to it.

    `at` is the time of joining (UTC). Raises ReviewError if the log does not fit its suggestions.
    """
    theirs = tuple(sorted(log, key=lambda decision: decision.seq))
    here = {decision.id for decision in stored.decisions}
    new = [one for one in theirs if one.id not in here and not is_joined(one)]
    known = sum(one.id in here for one in theirs)
    if not new:
        return Joined(stored, known=known)
    goes_on = theirs[: len(stored.decisions)]
    if [one.id for one in goes_on] == [one.id for one in stored.decisions]:
        tail = theirs[len(stored.decisions) :]
        return Joined(stored.decide(*tail), tail, known)
    joining = _Joining(stored, theirs, new, at)
    return replace(joining.result(), known=known)


def standing_in_time(review: Review) -> Review:
    """What holds by the decisions of a log in the order of time, as a review of its own."""
    return _in_time(review, _originals(review.decisions))[1]


def _originals(decisions: Iterable[Decision]) -> list[Decision]:
    return [decision for decision in decisions if not is_joined(decision)]


@dataclass(frozen=True, slots=True)
class _WantedPress:
    """The decisions of one key press that are to stand."""

    group: str
    decisions: tuple[Decision, ...]

    def says_the_same(self, group: str, decisions: Sequence[Decision]) -> bool:
        """Whether a standing group replays this one, or is it."""
        return self.group == pressed(group) and _said(self.decisions) == _said(decisions)


def _said(decisions: Sequence[Decision]) -> list[tuple[Any, ...]]:
    return [(one.kind, one.target, one.before, one.after, one.at) for one in decisions]


class _Joining:
    """Joins one log to a review."""

    def __init__(
        self, stored: Review, theirs: Sequence[Decision], new: Sequence[Decision], at: datetime
    ) -> None:
        self.stored, self.theirs, self.new = stored, theirs, new
        self.log = _GrowingLog(stored, [one.id for one in new], at)

    def result(self) -> Joined:
        there = self._append_theirs()
        every = _originals(self.log.review.decisions)
        wanted, _ = _in_time(self.stored, every)
        self.log.go_to(wanted)
        after = self.log.review
        return Joined(after, tuple(self.log.new), clashes=tuple(self._clashes(there, after)))

    def _append_theirs(self) -> Review:
        """Append their decisions, each press on the state on which it was made; returns their
        review."""
        new = {one.id for one in self.new}
        there = self.stored.begun()
        for _, some in groupby(self.theirs, key=lambda one: one.group):
            press = tuple(some)
            if own := [one for one in press if one.id in new]:
                self._go_where(there, own[0])
                self.log.append(own)
            there = there.decide(*press)
        return there

    def _go_where(self, there: Review, first: Decision) -> None:
        """Go to the state in which they made a press that begins with this decision."""
        standing = _standing(there)
        if first.kind is not Kind.RESTORE:
            self.log.go_to(standing)
            return
        undone = _WantedPress(pressed(first.target), there.redoable)
        last = self.log.review.withdrawn[-1:]
        if not (
            self.log.is_at(standing)
            and last
            and undone.says_the_same(last[0].id, last[0].decisions)
        ):
            self.log.go_to([*standing, undone])
            self.log.undo()

    def _clashes(self, there: Review, after: Review) -> Iterator[Clash]:
        theirs = {one.id for one in self.theirs}
        ours = [one for one in _originals(self.stored.decisions) if one.id not in theirs]
        groups = _by_group([*self.stored.decisions, *self.theirs])
        for item in sorted(_concerned(ours, groups) & _concerned(self.new, groups)):
            one, other = self.stored.held.get(item), there.held.get(item)
            if _outcome(one) != _outcome(other):
                yield Clash(item, one, other)
        if self.stored.finished and not after.finished:
            yield Clash(None)


class _GrowingLog:
    """A log that is appended to."""

    def __init__(self, review: Review, ids: Iterable[str], at: datetime) -> None:
        every = (review.article, review.reviewer, *(one.id for one in review.decisions), "", *ids)
        self.review, self.at = review, at
        self.name = sha256("\n".join(every).encode()).hexdigest()[:24]
        self.new: list[Decision] = []
        self.made = 0

    def append(self, decisions: Iterable[Decision]) -> None:
        """Append decisions, renumbered."""
        first = self.review.next_seq
        numbered = [replace(one, seq=first + n, upon=None) for n, one in enumerate(decisions)]
        self.review = self.review.decide(*numbered)
        self.new += numbered

    def is_at(self, wanted: Sequence[_WantedPress]) -> bool:
        """Whether just these groups stand."""
        standing = self.review.standing
        return len(standing) == len(wanted) == self._common(wanted)

    def go_to(self, wanted: Sequence[_WantedPress]) -> None:
        """Withdraw and replay groups until just these stand, in this order."""
        common = self._common(wanted)
        back = [self._withdrawal(one.id) for one in reversed(self.review.standing[common:])]
        again = [copy for press in wanted[common:] for copy in self._copies(press)]
        self.append([*back, *again])

    def undo(self) -> None:
        """Withdraw the last standing group."""
        self.append([self._withdrawal(self.review.standing[-1].id)])

    def _common(self, wanted: Sequence[_WantedPress]) -> int:
        common = 0
        for group, press in zip(self.review.standing, wanted, strict=False):
            if not press.says_the_same(group.id, group.decisions):
                break
            common += 1
        return common

    def _withdrawal(self, group: str) -> Decision:
        review = self.review
        return Decision(
            self._id(), review.article, review.reviewer, self.at, 0, self._group(""),
            Kind.WITHDRAW, group, adjudicates=review.adjudicates,
        )  # fmt: skip

    def _copies(self, press: _WantedPress) -> Iterator[Decision]:
        group = self._group(press.group)
        for one in press.decisions:
            yield replace(one, id=self._id(), group=group, keys=0, seconds=0.0)

    def _id(self) -> str:
        self.made += 1
        return str(uuid5(NAMESPACE_OID, f"{self.name} {self.made}"))

    def _group(self, group: str) -> str:
        return f"{JOINED}{self.name}-{self.made}:{group}"


def _standing(review: Review) -> list[_WantedPress]:
    return [_WantedPress(pressed(group.id), group.decisions) for group in review.standing]


def _in_time(review: Review, decisions: Sequence[Decision]) -> tuple[list[_WantedPress], Review]:
    """The groups that stand by all these decisions in the order of time, each as it fits what
    holds then; and the review that they lead to."""
    replay = _ReplayInTime(review.begun())
    groups = _by_group(decisions)
    undone = _undone(decisions)
    in_time = sorted(groups.items(), key=lambda pair: (pair[1][0].at, pair[1][0].seq, pair[0]))
    fitted = [
        replay.take(_WantedPress(group, tuple(own)))
        for group, own in in_time
        if group not in undone
    ]
    return [press for press in fitted if press.decisions], replay.review


def _by_group(decisions: Iterable[Decision]) -> dict[str, list[Decision]]:
    """The decisions on items and articles, by key press."""
    groups: dict[str, list[Decision]] = defaultdict(list)
    for one in decisions:
        if one.kind not in _UNDOING and not is_joined(one):
            groups[one.group].append(one)
    return groups


def _undone(decisions: Iterable[Decision]) -> set[str]:
    """The groups whose last undo or redo is an undo."""
    last: dict[str, Decision] = {}
    for one in decisions:
        if one.kind in _UNDOING:
            group = pressed(one.target)
            before = last.get(group)
            if before is None or (one.at, one.seq) > (before.at, before.seq):
                last[group] = one
    return {group for group, one in last.items() if one.kind is Kind.WITHDRAW}


def _concerned(decisions: Iterable[Decision], groups: dict[str, list[Decision]]) -> set[str]:
    """The items that decisions concern, also by undoing others."""
    found: set[str] = set()
    for one in decisions:
        own = groups.get(pressed(one.target), []) if one.kind in _UNDOING else [one]
        found |= {each.target for each in own if each.target and not isinstance(each.after, Tie)}
    return found


def _outcome(held: ReviewItem | None) -> object:
    """What was said of an item, apart from who made it and how sure that is."""
    if held is None or held.status is not Status.ACCEPTED:
        return None if held is None else held.status
    item = held.item
    return replace(item, made_by=held.item.made_by, score=None), held.status


class _ReplayInTime:
    """Replays groups on a review; what was made on another state is fitted to the present one."""

    def __init__(self, review: Review) -> None:
        self.review = review
        self.same_as: dict[str, str] = {}

    def take(self, press: _WantedPress) -> _WantedPress:
        """The press as it fits, perhaps without decisions; it then stands."""
        made: list[Decision] = []
        for decision in press.decisions:
            for one in self._fitted(decision):
                numbered = replace(one, seq=self.review.next_seq)
                try:
                    self.review = self.review.decide(numbered)
                except ReviewError:
                    continue  # it has no meaning where this state has been reached
                made.append(one)
        return _WantedPress(press.group, tuple(made))

    def _fitted(self, decision: Decision) -> list[Decision]:
        review = self.review
        if decision.kind is Kind.REOPEN:
            return [decision] if review.finished else []
        fitted = self._of_item(decision) if decision.target is not None else decision
        if fitted is None:
            return []
        if review.finished and fitted.kind is not Kind.RELATE:
            name = f"{decision.id}:{Kind.REOPEN}"
            again = replace(decision, id=name, kind=Kind.REOPEN, target=None)
            return [replace(again, before=None, after=None), fitted]
        return [fitted]

    def _of_item(self, decision: Decision) -> Decision | None:
        target = self.same_as.get(decision.target or "", decision.target or "")
        held, after = self.review.held.get(target), decision.after
        own = replace(decision, target=target)
        if isinstance(after, Tie):
            return replace(own, after=replace(after, claim=target))
        if isinstance(after, Entity | Claim | Junk):
            own = replace(own, after=self._renamed(after, target))
        if decision.kind is Kind.ADD:
            return None if held is not None or self._is_there(own) else own
        if held is None:
            return own if decision.kind is Kind.CORRECT and decision.before is None else None
        return _onto(held.item, own)

    def _renamed(self, item: Item, id: str) -> Item:
        """The item under the id that it has here, and so the entity that speaks in a claim."""
        if isinstance(item, Claim):
            speaker = self.same_as.get(item.source_entity or "", item.source_entity)
            return replace(item, id=id, source_entity=speaker)
        return item if item.id == id else replace(item, id=id)

    def _is_there(self, decision: Decision) -> bool:
        """Whether an item like the added one was added already; it then stands for both."""
        item = decision.after
        for held in self.review.held.values():
            if (
                held.suggested is None
                and held.status is Status.ACCEPTED
                and type(held.item) is type(item)
                and same_content(held.item, item)
            ):
                self.same_as[decision.target or ""] = held.item.id
                return True
        return False


def _onto(item: Item, decision: Decision) -> Decision | None:
    """A decision on an item as it is made on `item`, which others may have changed."""
    before, after = decision.before, decision.after
    if decision.kind is Kind.ACCEPT:
        if before is None or type(before) is not type(item):
            return decision
        seen = _beside_of(item, replace(before, id=item.id))
        if same_content(seen, item):
            return decision
        return replace(decision, kind=Kind.CORRECT, before=item, after=seen)
    if not isinstance(after, Entity | Claim | Junk):
        return decision
    if type(after) is not type(item):
        return None
    if decision.kind is Kind.CORRECT:
        return replace(decision, after=_beside_of(item, after, but=_changed(before, after)))
    changed = {name: getattr(after, name) for name in _changed(before, after)}
    return replace(decision, after=replace(item, **changed))


def _beside_of(item: Item, content: Item, but: Iterable[str] = ()) -> Item:
    """`content` with what is said of `item` beside its content, except for some of it."""
    kept = {
        name: getattr(item, name) for name in _BESIDE if name not in but and hasattr(item, name)
    }
    return replace(content, **kept)


def _changed(before: Item | None, after: Item) -> tuple[str, ...]:
    """What a decision changes beside the content of an item; all of it if that is not known."""
    named = tuple(name for name in _BESIDE if hasattr(after, name))
    if before is None or type(before) is not type(after):
        return named
    return tuple(name for name in named if getattr(before, name) != getattr(after, name))
