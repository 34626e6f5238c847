"""Derives entries on surface forms from the decisions of one review.

An entry records the outcome for one item: its form was accepted under a label, rejected, or
replaced by another form. Entries are derived from standing decisions only, so undone ones do not
count, and redone ones count again.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from functools import partial

from annotator.core.annotations import Claim, Entity, Junk, MadeBy
from annotator.core.decisions import Decision, Kind
from annotator.core.review import Review, ReviewItem, Status
from annotator.core.reviewing.projection import GROUP
from annotator.core.text.invisible import INVISIBLE

LONGEST = 200
"""Characters of the longest form that is remembered; longer strings are not names."""
_UNSEEN = re.compile(f"[{INVISIBLE}]")
_QUOTES = str.maketrans("’‘“”", "''\"\"")
_DECIDING = (Kind.ACCEPT, Kind.REJECT, Kind.CORRECT, Kind.ADD)


class Subject(StrEnum):
    """The kind of item that a form belongs to."""

    ENTITY = "entity"
    CUE = "cue"


class Outcome(StrEnum):
    """The outcome for an item: its form was accepted as suggested, added, or the result of a
    correction; or it was rejected, or replaced by another form."""

    ACCEPTED = "accepted"
    ADDED = "added"
    CORRECTED = "corrected"
    REJECTED = "rejected"
    REPLACED = "replaced"


class Way(StrEnum):
    """The way of deciding: one form (of one item or of all equal ones), many items with one key
    such as accepting all, or one form in an adjudication."""

    SINGLE = "single"
    TOGETHER = "together"
    ADJUDICATED = "adjudicated"


@dataclass(frozen=True, slots=True)
class Replacement:
    """The form that replaces another, and by how many characters its edges are further right."""

    form: str
    left: int
    right: int


@dataclass(frozen=True, slots=True)
class Entry:
    """The outcome of one item in a review for its form; `label` is empty for cues. `press` is the
    id of the group of decisions made with one key, which counts once."""

    item: str
    subject: Subject
    form: str
    label: str
    outcome: Outcome
    way: Way
    reviewer: str
    at: datetime
    press: str
    instead: Replacement | None = None

    @property
    def stands(self) -> bool:
        """Whether the form was accepted under this label."""
        return self.outcome not in (Outcome.REJECTED, Outcome.REPLACED)


def form_of(words: str) -> str:
    """The form under which `words` are remembered: without invisible characters, with normalised
    blanks and quotation marks, case-sensitive. Empty if they are not remembered."""
    if not words.isascii():
        words = unicodedata.normalize("NFC", _UNSEEN.sub("", words)).translate(_QUOTES)
    form = " ".join(words.split())
    return form if len(form) <= LONGEST else ""


def cue_of(claim: Claim, text: str) -> str:
    """The form under which a claim's cue is remembered: in lower case; empty without a cue."""
    return form_of(" ".join(span.of(text) for span in claim.cue)).casefold()


def entries_of(
    review: Review, ids: Iterable[str], text: str, *, adjudicates: bool = False
) -> tuple[Entry, ...]:
    """The entries from the standing decisions of `review` on the items `ids`.

    Open items give none; nor do decisions carried over from an earlier text, which count there,
    items rejected only because they are in a junk line, and suggestions of the memory accepted
    together with others: nobody may have read them.
    """
    found: list[Entry] = []
    for id, press in _decided_by(review, ids, text).items():
        if not press.group.startswith(GROUP):
            if adjudicates and press.way is Way.SINGLE:
                press = replace(press, way=Way.ADJUDICATED)
            found += _entries(review.held[id], press, review.reviewer, text)
    return tuple(entry for entry in found if entry.form)


@dataclass(frozen=True, slots=True)
class _Press:
    """The key press that last decided an item; `rejects` if it only rejected items."""

    group: str
    at: datetime
    way: Way
    rejects: bool


def _decided_by(review: Review, ids: Iterable[str], text: str) -> dict[str, _Press]:
    """The last standing key press that decided each of these items, without open items."""
    held = review.held
    wanted = {id for id in ids if id in held and held[id].status is not Status.OPEN}
    found: dict[str, _Press] = {}
    for group in reversed(review.standing):
        if not wanted:
            break
        if wanted.isdisjoint(group.held):
            continue
        deciding = {d.target: d for d in group.decisions if d.kind in _DECIDING and d.target}
        here = wanted.intersection(deciding)
        if here:
            finishes = any(decision.kind is Kind.FINISH for decision in group.decisions)
            press = _press(group.id, tuple(deciding.values()), text, finishes=finishes)
            found |= dict.fromkeys(here, press)
            wanted -= here
    return found


def _press(group: str, deciding: tuple[Decision, ...], text: str, *, finishes: bool) -> _Press:
    """Only accepting all accepts several forms, or accepts and finishes, with one key."""
    accepted = {
        _named(d.before, text)[1:] if isinstance(d.before, Entity | Claim) else ()
        for d in deciding
        if d.kind is Kind.ACCEPT
    }
    together = len(accepted) > 1 or (finishes and bool(accepted))
    way = Way.TOGETHER if together else Way.SINGLE
    return _Press(group, deciding[-1].at, way, all(d.kind is Kind.REJECT for d in deciding))


def _named(item: Entity | Claim, text: str) -> tuple[Subject, str, str]:
    """The subject, form and label under which an item is remembered."""
    if isinstance(item, Entity):
        return Subject.ENTITY, form_of(item.span.of(text)), item.label
    return Subject.CUE, cue_of(item, text), ""


def _entries(held: ReviewItem, press: _Press, reviewer: str, text: str) -> Iterator[Entry]:
    """At most two entries: for the accepted form, and for the suggested form if different."""
    item, suggested = held.item, held.suggested
    if isinstance(item, Junk) or isinstance(suggested, Junk):
        return
    now = _named(item, text)
    before = None if suggested is None else _named(suggested, text)
    made = partial(Entry, way=press.way, reviewer=reviewer, at=press.at, press=press.group)
    if held.status is Status.REJECTED:
        if before is not None and press.rejects:
            yield made(item.id, *before, Outcome.REJECTED)
        return
    if suggested is None or before is None:
        yield made(item.id, *now, Outcome.ADDED)
    elif before == now:
        if suggested.made_by is not MadeBy.MEMORY or press.way is not Way.TOGETHER:
            yield made(item.id, *now, Outcome.ACCEPTED)
    else:
        yield made(item.id, *now, Outcome.CORRECTED)
        instead = Replacement(now[1], *_moved(suggested, item))
        yield made(item.id, *before, Outcome.REPLACED, instead=instead)


def _moved(suggested: Entity | Claim | None, item: Entity | Claim) -> tuple[int, int]:
    """The number of characters by which each edge of an entity was moved to the right."""
    if not isinstance(suggested, Entity) or not isinstance(item, Entity):
        return 0, 0
    return item.span.start - suggested.span.start, item.span.end - suggested.span.end
