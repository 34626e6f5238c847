"""Converts a record into suggestions and changes that lead to it.

An imported review thus becomes a review like any other: folding its decisions over its suggestions
gives the record back. Accepted, rejected, open and offered items were suggested; added ones
are added. A corrected item becomes a correction without `before`, since the record does not contain
the suggestion.

Not preserved: the number of decisions and the kind of the review (it is an import now); attributes
of rejected claims; items of a skipped or unusable article; and the story and the names of
identities, which stand in logs of their own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from annotator.core.annotations import Claim, Entity, Item, Junk, MadeBy, Verdict, decided_as
from annotator.core.decisions import (
    Answer,
    Change,
    Kind,
    accept,
    add,
    finish,
    reject,
    relate,
    skip,
)
from annotator.core.record import Record
from annotator.errors import RecordError


@dataclass(frozen=True, slots=True)
class ReviewSteps:
    """The suggestions and changes that lead to a record."""

    suggestions: tuple[Item, ...]
    changes: tuple[Change, ...]
    finish: Change


def review_steps(record: Record) -> ReviewSteps:
    """The steps of a finished review; raises RecordError if two items have the same id."""
    _check_ids(record)
    suggested: list[Item] = []
    changes: list[Change] = []
    for item in record.items:
        if item.verdict is Verdict.ADDED:
            changes.append(add(item))
        elif item.verdict is Verdict.CORRECTED:
            changes.append(Change(Kind.CORRECT, item.id, None, item))
        else:
            opened = _as_suggested(item)
            suggested.append(opened)
            if item.verdict is Verdict.ACCEPTED:
                changes.append(accept(opened))
    for item in _named(record.rejected, record):
        suggested.append(item)
        changes.append(reject(item))
    suggested += map(_as_suggested, record.offered)
    changes += [relate(tie) for tie in record.ties]
    changes += [Change(Kind.NOTE, after=note) for note in record.notes]
    if record.answer is not Answer.ACCEPT:
        changes.append(skip(record.answer))
    unknown = record.unknown if record.answer is Answer.ACCEPT else ()
    finished = finish(unknown=unknown, folded=(claim.id for claim in record.offered))
    return ReviewSteps(tuple(suggested), tuple(changes), finished)


def suggestions_in(record: Record) -> tuple[Item, ...]:
    """All items of a record as suggestions to be confirmed; raises RecordError if two items have
    the same id. Items keep the pipeline as maker only if nobody reviewed the record; otherwise
    people suggested them."""
    _check_ids(record)
    return tuple(
        decided_as(item, Verdict.PENDING, _maker(item, record), item.score)
        for item in (*record.items, *record.offered)
    )


def is_undecided(record: Record) -> bool:
    """Whether nobody has reviewed the record."""
    return record.review.kind == "none" and not record.rejected and record.answer is Answer.ACCEPT


def labels_of(record: Record) -> Iterator[str]:
    """All labels used in the record, including rejected entities; may repeat."""
    for items in (record.entities, record.rejected):
        for item in items:
            if isinstance(item, Entity):
                yield item.label


def with_labels(record: Record, names: dict[str, str]) -> Record:
    """The record with renamed labels, also as types of identities; those not in `names` stay."""
    if not any(label in names for label in labels_of(record)):
        return record

    def renamed(item: Item) -> Item:
        if isinstance(item, Entity) and item.label in names:
            return replace(item, label=names[item.label])
        return item

    return replace(
        record,
        entities=tuple(
            replace(one, label=names.get(one.label, one.label)) for one in record.entities
        ),
        rejected=tuple(map(renamed, record.rejected)),
        identities=tuple(
            replace(one, type=names.get(one.type, one.type)) for one in record.identities
        ),
    )


def _as_suggested(item: Item) -> Item:
    if item.verdict is Verdict.PENDING:
        return item
    return decided_as(item, Verdict.PENDING, item.made_by, item.score)


def _named(rejected: Iterable[Item], record: Record) -> Iterator[Item]:
    """The rejected items with new ids, since records do not keep theirs."""
    taken = {item.id for item in (*record.items, *record.offered)}
    number = 0
    for item in rejected:
        number += 1
        while f"rejected-{number}" in taken:
            number += 1
        yield replace(item, id=f"rejected-{number}", verdict=Verdict.PENDING)


def _maker(item: Item, record: Record) -> MadeBy:
    untouched = record.pipeline is not None and is_undecided(record)
    own = untouched and item.made_by is MadeBy.PIPELINE
    return MadeBy.PIPELINE if own else MadeBy.IMPORT


def _check_ids(record: Record) -> None:
    items: tuple[Entity | Claim | Junk, ...] = (*record.items, *record.offered)
    counts = Counter(item.id for item in items)
    if len(counts) < len(items):
        twice = next(name for name, count in counts.items() if count > 1)
        raise RecordError(f"Two items have the id {twice!r}.", hint="Give each item a unique id.")
