"""Decisions: what a person did, one by one, for ever.

A `Change` says what is to happen to a review; stamped with who, when and how it is a `Decision`.
The functions here make the changes; whether one fits a review is for `Review.decide` to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from annotator.core.annotations import Entity, Item
from annotator.core.article import Spans


class Kind(StrEnum):
    """What was done, in the words of the log."""

    ACCEPT = "accept"
    REJECT = "reject"
    CORRECT = "correct"
    ADD = "add"
    NOTE = "note"
    LINK = "link"
    SKIP = "skip"
    FINISH = "finish"
    REOPEN = "reopen"
    WITHDRAW = "withdraw"
    RESTORE = "restore"


class Answer(StrEnum):
    """What a reviewer says of a whole article."""

    ACCEPT = "accept"
    SKIP = "skip"
    UNUSABLE = "unusable"


@dataclass(frozen=True, slots=True)
class ArticleNote:
    """A remark on the article as a whole: by whom, when (UTC), what."""

    reviewer: str
    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Finished:
    """What is to be known of a finish: whether the folded claims (tier B) had been unfolded; of
    which stretches of the text nobody says anything, as where a part of an import was refused."""

    unfolded: bool = False
    unknown: Spans = ()


Outcome: TypeAlias = Item | ArticleNote | Answer | Finished


@dataclass(frozen=True, slots=True)
class Change:
    """What is to happen. `target` is an item's id; of withdraw and restore, a group's."""

    kind: Kind
    target: str | None = None
    before: Item | None = None
    after: Outcome | None = None


@dataclass(frozen=True, slots=True)
class Basis:
    """What was known of a review when a decision was made: `log` stands for all that had been
    decided, `newest` names for each item the decision is about the last one on it (None: none).
    Undo and redo are about a key press as well, which stands among the items."""

    log: str
    newest: Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Decision:
    """A change as it was made. One key press is one `group`; `seq` orders a review, from 1.

    `at` is UTC; `keys` and `seconds` count since the decision before, no pause over a minute.
    `upon` is what it was made upon, as long as it is not in the log: there its place says so.
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


def accept(item: Item) -> Change:
    """The item is right as it stands."""
    return Change(Kind.ACCEPT, item.id, item)


def reject(item: Item) -> Change:
    """The item is wrong and goes."""
    return Change(Kind.REJECT, item.id, item)


def correct(item: Item, now: Item) -> Change:
    """`item` becomes `now`; it keeps its id."""
    return Change(Kind.CORRECT, item.id, item, replace(now, id=item.id))


def relabel(entity: Entity, label: str) -> Change:
    """Another label; the label it has already means that it is right."""
    if entity.label == label:
        return accept(entity)
    return correct(entity, replace(entity, label=label))


def add(item: Item) -> Change:
    """An item that nobody suggested."""
    return Change(Kind.ADD, item.id, None, item)


def note(item: Item, text: str) -> Change:
    """A remark on an item; an empty text takes it away."""
    return Change(Kind.NOTE, item.id, item, replace(item, note=text or None))


def note_article(reviewer: str, at: datetime, text: str) -> Change:
    """A remark on the article as a whole; `at` in UTC."""
    return Change(Kind.NOTE, None, None, ArticleNote(reviewer, at, text))


def link(item: Item, now: Item) -> Change:
    """Who or what an item stands for (`identity`, `source_entity`); its verdict stays as it is."""
    return Change(Kind.LINK, item.id, item, replace(now, id=item.id))


def skip(answer: Answer) -> Change:
    """This is said of the whole article; unless it is `accept`, its record has no items."""
    return Change(Kind.SKIP, after=answer)


def finish(*, unfolded: bool = False, unknown: Spans = ()) -> Change:
    """The review is done; `unfolded` if the claims of tier B were shown. Of the words in `unknown`
    nothing is known: whoever reviews on the screen has seen them all, and leaves none."""
    return Change(Kind.FINISH, after=Finished(unfolded, unknown))


def reopen() -> Change:
    """A finished review is taken up again."""
    return Change(Kind.REOPEN)


def withdraw(group: str) -> Change:
    """Undo: the decisions of this group, the last that stands, count no longer."""
    return Change(Kind.WITHDRAW, group)


def restore(group: str) -> Change:
    """Redo: the decisions of this group, the last withdrawn, count again."""
    return Change(Kind.RESTORE, group)


def stamp(
    changes: Iterable[Change],
    *,
    article: str,
    reviewer: str,
    at: datetime,
    first_seq: int,
    group: str,
    ids: Iterable[str],
    keys: int = 0,
    seconds: float = 0.0,
) -> tuple[Decision, ...]:
    """The changes of one key press as decisions. The first carries the keys and the seconds."""
    stamped = []
    for seq, (change, name) in enumerate(zip(changes, ids, strict=False), start=first_seq):
        stamped.append(
            Decision(
                id=name,
                article=article,
                reviewer=reviewer,
                at=at,
                seq=seq,
                group=group,
                kind=change.kind,
                target=change.target,
                before=change.before,
                after=change.after,
                keys=keys,
                seconds=seconds,
            )
        )
        keys, seconds = 0, 0.0
    return tuple(stamped)
