"""What a record says in the terms of the log: the suggestions and the changes that lead to it.

So a review that was made elsewhere becomes one like any other: the fold of its decisions over its
suggestions gives the record back. What was accepted, rejected, left open or never unfolded had been
suggested; what was added is added. What was corrected comes as a correction without `before`: the
record does not say what the suggestion was.

Not in the log, hence not given back: how many decisions the review took and of which kind it was
(it is an import now); what a rejected claim said beside its words; items of an article that was
skipped or unusable, and claims offered beside open claims of tier B, which become the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from annotator.core.annotations import Claim, Entity, Item, Junk, MadeBy, Tier, Verdict, decided_as
from annotator.core.decisions import (
    Answer,
    Change,
    Kind,
    accept,
    add,
    finish,
    reject,
    skip,
)
from annotator.core.record import Record
from annotator.core.review import is_folded
from annotator.errors import RecordError


@dataclass(frozen=True, slots=True)
class ReviewSteps:
    """How a review comes to say what a record says: what was suggested, what was then done."""

    suggestions: tuple[Item, ...]
    changes: tuple[Change, ...]
    finish: Change


def steps_to(record: Record) -> ReviewSteps:
    """The steps of a finished review; RecordError if two items have one id."""
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
    suggested += [_as_suggested(replace(claim, tier=Tier.B)) for claim in record.offered]
    changes += [Change(Kind.NOTE, after=note) for note in record.notes]
    if record.answer is not Answer.ACCEPT:
        changes.append(skip(record.answer))
    unfolded = not record.offered and any(is_folded(claim) for claim in record.claims)
    unknown = record.unknown if record.answer is Answer.ACCEPT else ()
    finished = finish(unfolded=unfolded, unknown=unknown)
    return ReviewSteps(tuple(suggested), tuple(changes), finished)


def suggestions_in(record: Record) -> tuple[Item, ...]:
    """Everything a record says, as suggestions still to be confirmed; RecordError if two items
    have one id. What a pipeline made is still its own only where nobody has reviewed it: else it is
    people who suggest it."""
    _check_ids(record)
    return tuple(
        decided_as(item, Verdict.PENDING, _maker(item, record), item.score)
        for item in (*record.items, *record.offered)
    )


def is_undecided(record: Record) -> bool:
    """Whether nobody has looked at the article: as a pipeline left it."""
    return record.review.kind == "none" and not record.rejected and record.answer is Answer.ACCEPT


def labels_of(record: Record) -> Iterator[str]:
    """Every label that the record uses, that of turned down entities too; some several times."""
    for items in (record.entities, record.rejected):
        for item in items:
            if isinstance(item, Entity):
                yield item.label


def with_labels(record: Record, names: dict[str, str]) -> Record:
    """The record with other names for its labels; those that `names` lacks stay as they are."""
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
    )


def _as_suggested(item: Item) -> Item:
    if item.verdict is Verdict.PENDING:
        return item
    return decided_as(item, Verdict.PENDING, item.made_by, item.score)


def _named(rejected: Iterable[Item], record: Record) -> Iterator[Item]:
    """What was turned down, with ids of its own: records do not keep those it had."""
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
        raise RecordError(f"Two items have the id {twice!r}.", hint="Give each an id of its own.")
