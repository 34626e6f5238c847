"""Projects decisions from the review of an earlier text onto its revision.

Decisions on words in unchanged sentences are made again on the same words of the new text. If the
pipeline suggests the same item, it is accepted or rejected as before; if it suggests another item
at that place, this is corrected; if it suggests nothing, the item is added. Items in changed
sentences, and items never decided, stay open.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from typing import TypeAlias

from annotator.core.annotations import (
    Claim,
    Entity,
    Item,
    Junk,
    MadeBy,
    Verdict,
    in_text_order,
    problems,
)
from annotator.core.article import Span
from annotator.core.decisions import Change, Kind, accept, add, correct, link, note, reject, relate
from annotator.core.item_matching import content_key, is_remarked, overlap, rejection_key
from annotator.core.review import Review, ReviewItem, Status
from annotator.core.text.sentence_alignment import SentenceAlignment, Why

GROUP = "carried:"
"""Prefix of the group of carried decisions."""


class WhyNot(StrEnum):
    """Further reasons, besides `Why`, for not carrying a decision over. The values are stored."""

    PART = "part of it stands in a changed sentence"
    ORDER = "its parts stand in another order"
    SPLIT = "a paragraph now ends within it"
    NOT_SUGGESTED = "it is not suggested again"
    OTHERWISE = "the same was decided otherwise"


Reason: TypeAlias = Why | WhyNot
_DECIDING = (Kind.ACCEPT, Kind.REJECT, Kind.CORRECT)
# A rejection that is not suggested again needs no review.
_NEEDS_NOBODY = (WhyNot.NOT_SUGGESTED, WhyNot.OTHERWISE)


@dataclass(frozen=True, slots=True)
class Carried:
    """One decided item of the earlier text and its words.

    `to` is its id in the new review; None if it was not carried over, for this `reason`.
    """

    item: Item
    words: str
    to: str | None = None
    reason: Reason | None = None

    @property
    def is_missed(self) -> bool:
        """Whether a reviewer may have to decide it again."""
        return self.to is None and self.reason not in _NEEDS_NOBODY


@dataclass(frozen=True, slots=True)
class CarryOver:
    """The changes that carry decisions over, in text order, and the outcome for each item."""

    changes: tuple[Change, ...] = ()
    items: tuple[Carried, ...] = ()


def carry_over(
    text: str, review: Review, new_text: str, suggestions: Iterable[Item], new_id: Callable[[], str]
) -> CarryOver:
    """Carry decisions of `review` (of `text`) over to `new_text` with these suggestions.

    Changes concern only words that were decided on. `new_id` returns ids for added items.
    """
    return _Carrying(text, review, new_text, suggestions, new_id).done()


def reason_from(words: str) -> Reason:
    """The reason with this text."""
    return Why(words) if words in tuple(Why) else WhyNot(words)


def was_carried(review: Review, item_id: str) -> bool:
    """Whether the decision on an item was carried over and not made again."""
    # Carried decisions come before all others.
    first, later = review.standing[:1], review.standing[1:]
    if not first or not first[0].id.startswith(GROUP) or item_id not in first[0].held:
        return False
    return not any(
        decision.target == item_id and decision.kind in _DECIDING
        for group in later
        if item_id in group.held
        for decision in group.decisions
    )


class _Carrying:
    def __init__(
        self,
        text: str,
        review: Review,
        new_text: str,
        suggestions: Iterable[Item],
        new_id: Callable[[], str],
    ) -> None:
        self.new_text = new_text
        self.review = review
        self.unchanged = SentenceAlignment(text, new_text)
        self.new_id = new_id
        self.open = _Open(suggestions)
        self.named: dict[str, str] = {}
        """Maps ids of entities in the old review to ids in the new one."""
        self.changes: list[tuple[tuple[int, int, str], list[Change]]] = []
        self.done_items: list[Carried] = []
        self.stand: dict[Item, str] = {}
        """Items that the projection placed in the new text, with their ids."""

    def done(self) -> CarryOver:
        held = sorted(self.review.held.values(), key=lambda one: in_text_order(one.item))
        for kind in (Entity, Junk, Claim):  # claims name entities
            self._carry([one for one in held if isinstance(one.item, kind)])
        self.changes.sort(key=lambda entry: entry[0])
        self.done_items.sort(key=lambda one: in_text_order(one.item))
        changes = (change for _, some in self.changes for change in some)
        return CarryOver((*changes, *self._ties()), tuple(self.done_items))

    def _ties(self) -> Iterator[Change]:
        """The ties of claims that were kept."""
        now = {one.item.id: one.to for one in self.done_items if isinstance(one.item, Claim)}
        for tie in self.review.ties:
            claim = now.get(tie.claim)
            if claim is not None and self.review.held[tie.claim].status is Status.ACCEPTED:
                yield relate(replace(tie, claim=claim))

    def _carry(self, held: Sequence[ReviewItem]) -> None:
        kept = [
            (one, placed)
            for one in held
            if one.status is Status.ACCEPTED and (placed := self._placed_or_told(one.item))
        ]
        # First match suggestions equal to a decision, so that nothing else takes them.
        left = [(one, placed) for one, placed in kept if not self._confirm(one, placed)]
        left = [(one, placed) for one, placed in left if not self._correct_again(one, placed)]
        for one in held:
            if one.status is Status.REJECTED and one.suggested is not None:
                self._reject_again(one, one.suggested)
            elif one.status is Status.OPEN:
                self._leave_open(one)
        for one, placed in left:
            self._correct_or_add(one, placed)

    # Outcomes for an item

    def _confirm(self, one: ReviewItem, placed: Item) -> bool:
        """Accept a suggestion that equals the decided item."""
        bare = content_key(placed)
        if bare in self.stand:
            self._tell(one.item, self.stand[bare])
            return True
        same = self.open.take(bare)
        if same is None:
            return False
        accepted = replace(same, verdict=Verdict.ACCEPTED)
        self._keep(one, accepted, [accept(same), *self._remarks(one, accepted)])
        return True

    def _correct_again(self, one: ReviewItem, placed: Item) -> bool:
        """Correct a suggestion that equals the earlier suggestion."""
        if one.suggested is None:
            return False
        before = self._placed(one.suggested)
        if isinstance(before, Why | WhyNot):
            return False
        same = self.open.take(content_key(before))
        if same is None:
            return False
        self._become(one, same, placed)
        return True

    def _correct_or_add(self, one: ReviewItem, placed: Item) -> None:
        """Correct another suggestion at the same place, or add the item."""
        near = ((overlap(item, placed), item) for item in self.news if item.id in self.open)
        likest, best = max(near, key=lambda pair: pair[0], default=(0.0, None))
        if best is not None and likest > 0:
            self.open.remove(best)
            self._become(one, best, placed)
            return
        added = replace(
            self._linked(one, placed, None),
            id=self.new_id(),
            made_by=MadeBy.CARRIED,
            verdict=Verdict.PENDING,
            score=None,
        )
        self._keep(one, added, [add(added)])

    def _become(self, one: ReviewItem, suggested: Item, placed: Item) -> None:
        now = replace(self._linked(one, placed, suggested), id=suggested.id)
        self._keep(one, now, [correct(suggested, now)])

    def _reject_again(self, one: ReviewItem, suggested: Item) -> None:
        placed = self._placed_or_told(suggested)
        if placed is None:
            return
        same = self.open.take_at(rejection_key(placed))
        if same is not None:
            remarks = [note(same, one.item.note)] if one.item.note else []
            self._note_down(suggested, same, [*remarks, reject(same)])
            return
        stands = any(
            rejection_key(item) == rejection_key(placed) for item in self.stand
        )  # rarely reached
        self._tell(suggested, why=WhyNot.OTHERWISE if stands else WhyNot.NOT_SUGGESTED)

    def _leave_open(self, one: ReviewItem) -> None:
        """Undecided items stay open, but their notes and links are kept."""
        placed = self._placed(one.item)
        same = None if isinstance(placed, Why | WhyNot) else self.open.find(content_key(placed))
        if same is not None and isinstance(same, Entity):
            self.named[one.item.id] = same.id
        if one.suggested is None or not is_remarked(one.item, one.suggested):
            return
        if same is None:
            why = placed if isinstance(placed, Why | WhyNot) else WhyNot.NOT_SUGGESTED
            self._tell(one.item, why=why)
        else:
            self._note_down(one.item, same, self._remarks(one, same))

    # Placing an item in the new text

    def _placed_or_told(self, item: Item) -> Item | None:
        """The item in the new text; if it cannot be placed, the reason is recorded and None
        returned."""
        placed = self._placed(item)
        if isinstance(placed, Why | WhyNot):
            self._tell(item, why=placed)
            return None
        return placed

    def _placed(self, item: Item) -> Item | Reason:
        old = item.spans
        places = {span: self.unchanged.place_of(span) for span in old}
        found = {span: place for span, place in places.items() if isinstance(place, Span)}
        if len(found) < len(places):
            why = next(place for place in places.values() if isinstance(place, Why))
            return WhyNot.PART if found else why
        if not _keeps_order(old, [found[span] for span in old]):
            return WhyNot.ORDER
        placed = _with_spans(item, found)
        return WhyNot.SPLIT if any(problems(placed, self.new_text)) else placed

    @cached_property
    def news(self) -> tuple[Item, ...]:
        """Suggestions in unchanged sentences that are new there.

        Earlier suggestions were decided or left open on purpose.
        """
        placed = (self._placed(item) for item in self.review.suggestions)
        before = {content_key(item) for item in placed if not isinstance(item, Why | WhyNot)}
        return tuple(
            item
            for item in self.open
            if content_key(item) not in before and all(map(self.unchanged.is_old, item.spans))
        )

    # Notes and links

    def _remarks(self, one: ReviewItem, item: Item) -> Iterator[Change]:
        """The changes for links and notes of an item."""
        linked = self._linked(one, item, item)
        if linked != item:
            yield link(item, linked)
        if one.item.note and one.item.note != item.note:
            yield note(linked, one.item.note)

    def _linked(self, one: ReviewItem, item: Item, suggested: Item | None) -> Item:
        """`item` with its source entity in the new review, otherwise with the suggested one."""
        old = one.item
        match item, old:
            case Entity(), Entity():
                known = suggested.identity if isinstance(suggested, Entity) else None
                return replace(item, identity=old.identity or known)
            case Claim(), Claim():
                before = one.suggested
                if old.source_entity is None and isinstance(before, Claim) and before.source_entity:
                    return replace(item, source_entity=None)
                named = self.named.get(old.source_entity) if old.source_entity else None
                known = suggested.source_entity if isinstance(suggested, Claim) else None
                return replace(item, source_entity=named or known)
            case _:
                return item

    def _keep(self, one: ReviewItem, item: Item, changes: Sequence[Change]) -> None:
        self.stand[content_key(item)] = item.id
        if isinstance(item, Entity):
            self.named[one.item.id] = item.id
        self._note_down(one.item, item, changes)

    def _note_down(self, old: Item, item: Item, changes: Iterable[Change]) -> None:
        self.changes.append((in_text_order(item), list(changes)))
        self._tell(old, item.id)

    def _tell(self, item: Item, to: str | None = None, *, why: Reason | None = None) -> None:
        spans = item.content if isinstance(item, Claim) else item.spans
        words = " … ".join(span.of(self.unchanged.old) for span in spans)
        self.done_items.append(Carried(item, words, to, why))


class _Open:
    """Undecided suggestions for the new text, in order."""

    def __init__(self, suggestions: Iterable[Item]) -> None:
        self._items = {item.id: replace(item, verdict=Verdict.PENDING) for item in suggestions}
        self._same: dict[Item, list[str]] = defaultdict(list)
        self._at: dict[tuple[object, ...], list[str]] = defaultdict(list)
        for item in self._items.values():
            self._same[content_key(item)].append(item.id)
            self._at[rejection_key(item)].append(item.id)

    def __iter__(self) -> Iterator[Item]:
        return iter(self._items.values())

    def __contains__(self, item_id: str) -> bool:
        return item_id in self._items

    def find(self, bare: Item) -> Item | None:
        """The first suggestion with this content."""
        return next(map(self._items.get, filter(self.__contains__, self._same[bare])), None)

    def take(self, bare: Item) -> Item | None:
        """Remove and return the first suggestion with this content."""
        return self._taken(self._same[bare])

    def take_at(self, place: tuple[object, ...]) -> Item | None:
        """Remove and return the first suggestion with these words and this label."""
        return self._taken(self._at[place])

    def remove(self, item: Item) -> None:
        del self._items[item.id]

    def _taken(self, ids: Iterable[str]) -> Item | None:
        found = next((one for one in ids if one in self._items), None)
        return None if found is None else self._items.pop(found)


def _with_spans(item: Item, places: dict[Span, Span]) -> Item:
    match item:
        case Claim():
            return replace(
                item,
                content=tuple(places[span] for span in item.content),
                cue=tuple(places[span] for span in item.cue),
                source=tuple(places[span] for span in item.source),
            )
        case _:
            return replace(item, span=places[item.span])


def _keeps_order(old: Sequence[Span], new: Sequence[Span]) -> bool:
    """Whether spans keep their order in the new text, and at least their distances."""
    return all(
        (new[n].start < new[n + 1].start or old[n].start == old[n + 1].start)
        and (new[n].end <= new[n + 1].start or old[n].end > old[n + 1].start)
        for n in range(len(old) - 1)
    )
