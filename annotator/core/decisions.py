"""Decisions: the permanent log of what a person did.

A `Change` says what to do to a review; with reviewer, time and group it becomes a `Decision`. The
functions here build changes; `Review.decide` checks whether one fits a review.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from annotator.core.annotations import Entity, Item
from annotator.core.article import Spans
from annotator.core.claim_ties import Tie


class Kind(StrEnum):
    """The kinds of decisions."""

    ACCEPT = "accept"
    REJECT = "reject"
    CORRECT = "correct"
    ADD = "add"
    NOTE = "note"
    LINK = "link"
    RELATE = "relate"
    SKIP = "skip"
    FINISH = "finish"
    REOPEN = "reopen"
    WITHDRAW = "withdraw"
    RESTORE = "restore"


class Answer(StrEnum):
    """A reviewer's answer on a whole article."""

    ACCEPT = "accept"
    SKIP = "skip"
    UNUSABLE = "unusable"


@dataclass(frozen=True, slots=True)
class ArticleNote:
    """A note on the whole article: reviewer, time (UTC), text."""

    reviewer: str
    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Finished:
    """Details of a finish.

    `folded` are the ids of the items that were folded away and never shown. None, as in reviews
    finished before folding was a setting: all of tier B, unless `showed_low_confidence`. `unknown`
    are spans about which the review says nothing, for example of items that an import refused.
    `showed_speakers` says that the screen showed who speaks in each claim.
    """

    showed_low_confidence: bool = False
    unknown: Spans = ()
    folded: tuple[str, ...] | None = None
    showed_speakers: bool = False


Outcome: TypeAlias = Item | ArticleNote | Answer | Finished | Tie
JOINED = "joined:"
"""Prefix of the groups that `core.reviewing.joined_logs` makes: `joined:N:GROUP` replays GROUP."""


def pressed(group: str | None) -> str:
    """The group of the key press that a group replays; the group itself if it replays none."""
    if group is None:
        return ""
    return group.split(":", 2)[-1] if group.startswith(JOINED) else group


@dataclass(frozen=True, slots=True)
class Change:
    """A change to a review. `target` is the id of an item; for withdraw and restore, of a group."""

    kind: Kind
    target: str | None = None
    before: Item | None = None
    after: Outcome | None = None


@dataclass(frozen=True, slots=True)
class Basis:
    """The state of the review that a decision was made on: `log` is a digest of all earlier
    decisions, `newest` maps each item concerned to the last decision on it (None: none). Undo and
    redo also concern a group, which is listed among the items."""

    log: str
    newest: Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Decision:
    """A change as it was made. One key press is one `group`; `seq` orders a review, from 1.

    `at` is UTC; `keys` and `seconds` count since the decision before, no pause over a minute.
    `upon` is its basis until it is stored: in the log, its place says so. `adjudicates` says that
    it belongs to the reviewer's adjudication of the article, not to their review.
    """

    id: str
    article: str
    reviewer: str
    at: datetime
    seq: int
    group: str
    kind: Kind
    target: str | None = None
    before: Item | None = None
    after: Outcome | None = None
    keys: int = 0
    seconds: float = 0.0
    upon: Basis | None = field(default=None, compare=False, repr=False)
    adjudicates: bool = False


def is_joined(decision: Decision) -> bool:
    """Whether joining two logs made the decision, and no person."""
    return decision.group.startswith(JOINED)


def accept(item: Item) -> Change:
    """Accept an item as it is."""
    return Change(Kind.ACCEPT, item.id, item)


def reject(item: Item) -> Change:
    """Reject an item."""
    return Change(Kind.REJECT, item.id, item)


def correct(item: Item, now: Item) -> Change:
    """Change `item` to `now`; the id stays the same."""
    return Change(Kind.CORRECT, item.id, item, replace(now, id=item.id))


def relabel(entity: Entity, label: str) -> Change:
    """Change the label; the present label accepts the entity."""
    if entity.label == label:
        return accept(entity)
    return correct(entity, replace(entity, label=label))


def add(item: Item) -> Change:
    """Add an item that was not suggested."""
    return Change(Kind.ADD, item.id, None, item)


def note(item: Item, text: str) -> Change:
    """Set the note on an item; an empty text removes it."""
    return Change(Kind.NOTE, item.id, item, replace(item, note=text or None))


def note_article(reviewer: str, at: datetime, text: str) -> Change:
    """Add a note on the whole article; `at` is in UTC."""
    return Change(Kind.NOTE, None, None, ArticleNote(reviewer, at, text))


def link(item: Item, now: Item) -> Change:
    """Set what an item refers to (`identity`, `source_entity`); its verdict does not change."""
    return Change(Kind.LINK, item.id, item, replace(now, id=item.id))


def relate(tie: Tie) -> Change:
    """Tie a claim to another; a later tie of the same two claims replaces it."""
    return Change(Kind.RELATE, tie.claim, None, tie)


def skip(answer: Answer) -> Change:
    """Set the answer on the whole article; unless it is `accept`, the record has no items."""
    return Change(Kind.SKIP, after=answer)


def finish(
    *,
    showed_low_confidence: bool = False,
    unknown: Spans = (),
    folded: Iterable[str] | None = None,
    showed_speakers: bool = False,
) -> Change:
    """Finish the review; the details are those of `Finished`. `unknown` spans occur only in
    imports: on the screen, the reviewer has seen the whole text."""
    hidden = None if folded is None else tuple(sorted(folded))
    showed = showed_low_confidence if hidden is None else not hidden
    return Change(Kind.FINISH, after=Finished(showed, unknown, hidden, showed_speakers))


def reopen() -> Change:
    """Reopen a finished review."""
    return Change(Kind.REOPEN)


def withdraw(group: str) -> Change:
    """Undo the last standing group."""
    return Change(Kind.WITHDRAW, group)


def restore(group: str) -> Change:
    """Redo the group withdrawn last."""
    return Change(Kind.RESTORE, group)


@dataclass(frozen=True, slots=True)
class DecisionGroup:
    """What the decisions of one key press share: the group's id, the review, the time, the `seq` of
    the first one, and the keys and seconds that they cost together."""

    id: str
    article: str
    reviewer: str
    at: datetime
    first_seq: int
    keys: int = 0
    seconds: float = 0.0
    adjudicates: bool = False


def to_decisions(
    changes: Iterable[Change], group: DecisionGroup, *, ids: Iterable[str]
) -> tuple[Decision, ...]:
    """The changes of one key press as decisions. The first one carries keys and seconds."""
    return tuple(
        Decision(
            id=name,
            article=group.article,
            reviewer=group.reviewer,
            at=group.at,
            seq=group.first_seq + place,
            group=group.id,
            kind=change.kind,
            target=change.target,
            before=change.before,
            after=change.after,
            keys=group.keys if place == 0 else 0,
            seconds=group.seconds if place == 0 else 0.0,
            adjudicates=group.adjudicates,
        )
        for place, (change, name) in enumerate(zip(changes, ids, strict=False))
    )
