"""Derives entries on surface forms from the decisions of one review.

An entry records the outcome for one item: its form was accepted under a label, rejected, or
replaced by another form. Entries are derived from standing decisions only, so undone ones do not
count, and redone ones count again.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import partial

from annotator.core.annotations import Claim, Entity, Junk, MadeBy
from annotator.core.decisions import Kind
from annotator.core.review import Review, ReviewItem, Status
from annotator.core.reviewing.presses import DecidingPress, How, deciding_presses
from annotator.core.text.invisible import INVISIBLE

LONGEST = 200
"""Characters of the longest form that is remembered; longer strings are not names."""
_UNSEEN = re.compile(f"[{INVISIBLE}]")
_QUOTES = str.maketrans("’‘“”", "''\"\"")


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
    """The way of deciding: one form (of one item or of all equal ones), several forms in bulk
    (`core.reviewing.presses`) such as by accepting all, or one form in an adjudication."""

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
    presses = deciding_presses(review, ids)
    made = {
        press.group: _made(press, text, adjudicates=adjudicates)
        for press in {press.group: press for press in presses.values()}.values()
        if not press.is_carried
    }
    for id, press in presses.items():
        if press.group in made:
            found += _entries(review.held[id], made[press.group], review.reviewer, text)
    return tuple(entry for entry in found if entry.form)


@dataclass(frozen=True, slots=True)
class _PressMade:
    """What entries keep of a key press; `rejects` if it only rejected items."""

    group: str
    at: datetime
    way: Way
    rejects: bool


def _made(press: DecidingPress, text: str, *, adjudicates: bool) -> _PressMade:
    """Decisions in bulk on one form alone, as by *the same everywhere*, count as a decision on that
    form: it was read."""
    deciding = tuple(press.decided.values())
    accepted = [d for d in deciding if d.kind is Kind.ACCEPT]
    forms = {
        _named(d.before, text)[1:] if isinstance(d.before, Entity | Claim) else () for d in accepted
    }
    in_bulk = any(press.how(d.target) is How.IN_BULK for d in accepted if d.target)
    together = in_bulk and (len(forms) > 1 or press.finishes)
    way = Way.ADJUDICATED if adjudicates else Way.SINGLE
    return _PressMade(
        press.group,
        deciding[-1].at,
        Way.TOGETHER if together else way,
        all(d.kind is Kind.REJECT for d in deciding),
    )


def _named(item: Entity | Claim, text: str) -> tuple[Subject, str, str]:
    """The subject, form and label under which an item is remembered."""
    if isinstance(item, Entity):
        return Subject.ENTITY, form_of(item.span.of(text)), item.label
    return Subject.CUE, cue_of(item, text), ""


def _entries(held: ReviewItem, press: _PressMade, reviewer: str, text: str) -> Iterator[Entry]:
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
