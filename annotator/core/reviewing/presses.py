"""How each item of a review was decided: one by one, or in bulk.

This is the one definition of *in bulk*; the record's `bulk`, speeds, cards and the memory use it.
The decisions of one key press are one group. A press decides in bulk

- all that it keeps (accepts, corrects or adds), if that is more than one item, as accepting all and
  *the same everywhere* do, or if it also finishes the review: nobody can tell which of the items
  the reviewer has read;
- what it rejects beside something else, as the items in a line that becomes junk.

In an adjudication a press settles one difference, whatever number of answers that concerns: all
that it decides is one by one. What reviewers agreed on was not decided there.

Only standing decisions count, and of those on an item the last that accepted, rejected, corrected
or added it: an item that is corrected or accepted by itself later was decided one by one. Notes,
links and ties decide nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from annotator.core.annotations import Verdict
from annotator.core.decisions import Answer, Decision, Kind, pressed
from annotator.core.review import Review, Status
from annotator.core.reviewing.projection import GROUP

_DECIDING = frozenset((Kind.ACCEPT, Kind.REJECT, Kind.CORRECT, Kind.ADD))


class How(StrEnum):
    """How an item was decided: by itself, together with others by one key, or carried over from the
    review of an earlier text without any key."""

    ONE_BY_ONE = "one by one"
    IN_BULK = "in bulk"
    CARRIED = "carried over"


@dataclass(frozen=True, slots=True)
class DecidingPress:
    """One key press: the id of its group, its last decision on each item that it decided, how many
    of them it kept, whether it finished the review, and whether that is an adjudication."""

    group: str
    decided: Mapping[str, Decision]
    kept: int
    finishes: bool
    settles: bool = False

    @property
    def is_carried(self) -> bool:
        """Whether no key was pressed: it carried decisions over from an earlier text."""
        return _is_carried(self.group)

    def how(self, item: str) -> How:
        """How it decided one of its items."""
        if self.is_carried:
            return How.CARRIED
        if self.settles:
            return How.ONE_BY_ONE
        if self.decided[item].kind is not Kind.REJECT:
            alone = self.kept == 1 and not self.finishes
        else:
            alone = len(self.decided) == 1
        return How.ONE_BY_ONE if alone else How.IN_BULK


def deciding_presses(review: Review, ids: Iterable[str]) -> dict[str, DecidingPress]:
    """The standing press that last decided each of these items, without those that are open or
    unknown."""
    held = review.held
    wanted = {id for id in ids if id in held and held[id].status is not Status.OPEN}
    found: dict[str, DecidingPress] = {}
    for group in reversed(review.standing):
        if not wanted:
            break
        if wanted.isdisjoint(group.held):
            continue
        press = _press(group.id, group.decisions, settles=review.adjudicates)
        here = wanted.intersection(press.decided)
        found |= dict.fromkeys(here, press)
        wanted -= here
    return found


def decided_how(review: Review, ids: Iterable[str]) -> Counter[How]:
    """How many of these items were decided in each way; open items are not counted."""
    return Counter(press.how(id) for id, press in deciding_presses(review, ids).items())


def changed_items(before: Review, after: Review) -> set[str]:
    """The items that differ in two states of one review, `after` being the later one, or were
    decided in another way: a key press may be stored in parts, and become one in bulk."""
    was, now = before.held, after.held
    changed = {id for id, held in now.items() if was.get(id) is not held}
    if len(was) + sum(id not in was for id in changed) != len(now):
        changed |= was.keys() - now.keys()
    last = before.standing[-1] if before.standing else None
    made = after.decisions[len(before.decisions) :]
    if last is not None and any(decision.group == last.id for decision in made):
        changed |= last.held.keys()
    return changed


def is_looked_at(review: Review, item: str) -> bool:
    """Whether an item was last decided one by one; False if it is open."""
    press = deciding_presses(review, (item,)).get(item)
    return press is not None and press.how(item) is How.ONE_BY_ONE


def accepted_in_bulk(review: Review) -> int:
    """How many items stand as they were suggested without a decision on them alone in this review:
    accepted in bulk, or carried over from the review of an earlier text. None of a skipped article
    stands."""
    if review.answer is not Answer.ACCEPT:
        return 0
    wanted = {
        id
        for id, held in review.held.items()
        if held.status is Status.ACCEPTED and held.item.verdict is Verdict.ACCEPTED
    }
    count = 0
    for group in reversed(review.standing):  # as deciding_presses, faster: every export needs it
        if not wanted:
            break
        decisions = group.decisions
        if len(decisions) == 1:
            one = decisions[0]
            if one.target in wanted and one.kind in _DECIDING:
                wanted.discard(one.target)
                count += _is_carried(group.id)
        elif not wanted.isdisjoint(group.held):
            press = _press(group.id, decisions, settles=review.adjudicates)
            here = wanted.intersection(press.decided)
            if here and press.how(next(iter(here))) is not How.ONE_BY_ONE:
                count += len(here)
            wanted -= here
    return count


def _is_carried(group: str) -> bool:
    return pressed(group).startswith(GROUP)


def _press(group: str, decisions: Iterable[Decision], *, settles: bool) -> DecidingPress:
    decided: dict[str, Decision] = {}
    finishes = False
    for decision in decisions:
        if decision.target is not None and decision.kind in _DECIDING:
            decided[decision.target] = decision
        finishes = finishes or decision.kind is Kind.FINISH
    kept = sum(1 for decision in decided.values() if decision.kind is not Kind.REJECT)
    return DecidingPress(group, decided, kept, finishes, settles)
