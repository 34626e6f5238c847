"""Files into the store, a batch in one transaction; nothing before all labels are known."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import blake2b
from itertools import count
from pathlib import Path
from typing import Protocol

import orjson

from annotator.core.decisions import Decision, stamp
from annotator.core.imported import ReviewSteps, is_undecided, steps_to, suggestions_in
from annotator.core.record import PipelineId, Record
from annotator.errors import RecordError
from annotator.importing.naming import Naming
from annotator.importing.reading import Found, Refusal, Sources
from annotator.store.store import Store
from annotator.store.values import Fate, ImportedReview, ImportedSuggestions

BATCH = 100
_BATCH_CHARACTERS = 4_000_000
# So many records are kept from looking at the labels to storing; of more, each is read twice.
_KEPT = 2_000
_COLLECT_EVERY = 20  # batches
_KEPT_CHARACTERS = 16_000_000

Progress = Callable[[int, int], None]


@dataclass
class Imported:
    """What became of what the files held: counts of articles, what was not taken and why."""

    imported: int = 0
    known: int = 0
    refused: list[Refusal] = field(default_factory=list)
    interrupted: bool = False


class Ask(Protocol):
    """Whether somebody has asked for an end."""

    def is_set(self) -> bool: ...


def import_files(
    sources: Sources,
    *,
    store: Store,
    naming: Naming,
    reviewer: str | None,
    now: datetime,
    asked: Ask | None = None,
    progress: Progress | None = None,
) -> Imported:
    """Takes in what the files hold: as finished reviews of `reviewer`, or (None) as suggestions.

    What is not taken is listed, and the rest comes in; the same again changes nothing. `progress`
    is told how many of how many records are done; once `asked` is set, the batch in hand is the
    last. SchemeError with every label that means nothing here, RecordError where a file cannot be
    read: in both cases nothing was stored.
    """
    sources = replace(sources, means=naming.means)
    files = sources.files()
    survey = _survey(sources, files, naming, asked)
    done = Imported(interrupted=asked is not None and asked.is_set())
    if done.interrupted:
        return done
    held = survey.held if survey.held is not None else _all(sources, files)
    seen = 0
    for number, batch in enumerate(_batches(held), 1):
        found = [one for one in batch if isinstance(one, Found)]
        _take(batch, _stored(store, found, naming, reviewer, now), done)
        seen += len(found)
        if number % _COLLECT_EVERY == 0:
            # What the database's layer leaves behind holds whole batches, and each other.
            gc.collect()
        if progress is not None:
            progress(seen, survey.records)
        if asked is not None and asked.is_set() and seen < survey.records:
            done.interrupted = True
            break
    return done


@dataclass
class _Survey:
    """How many records there are; what the files hold, where it is not too much to keep."""

    records: int = 0
    held: list[Found | Refusal] | None = field(default_factory=list)


def _survey(
    sources: Sources, files: Sequence[tuple[Path, str]], naming: Naming, asked: Ask | None
) -> _Survey:
    """Looks at everything before anything is stored; SchemeError where labels are unknown."""
    survey, unknown, characters = _Survey(), Counter[str](), 0
    for one in _all(sources, files):
        if isinstance(one, Found):
            if asked is not None and asked.is_set():
                return survey
            survey.records += 1
            characters += len(one.record.article.text)
            unknown += naming.unknown_in((one.record,))
        if survey.held is not None:
            survey.held.append(one)
            if survey.records > _KEPT or characters > _KEPT_CHARACTERS:
                survey.held = None
    naming.refuse(unknown)
    return survey


def _all(sources: Sources, files: Iterable[tuple[Path, str]]) -> Iterator[Found | Refusal]:
    for file, name in files:
        yield from sources.read(file, name)


def _batches(held: Iterable[Found | Refusal]) -> Iterator[list[Found | Refusal]]:
    """What was found, in order, cut so that one transaction holds neither many nor much of it."""
    batch: list[Found | Refusal] = []
    characters = 0
    for one in held:
        batch.append(one)
        characters += len(one.record.article.text) if isinstance(one, Found) else 0
        if len(batch) >= BATCH or characters >= _BATCH_CHARACTERS:
            yield batch
            batch, characters = [], 0
    if batch:
        yield batch


def _stored(
    store: Store, found: Sequence[Found], naming: Naming, reviewer: str | None, now: datetime
) -> Iterator[Fate]:
    """What becomes of each record, in order."""
    reviews: list[ImportedReview] = []
    suggestions: list[ImportedSuggestions] = []
    early: list[Fate | None] = []
    for one in found:
        # Files may change between being looked at and being read again.
        fate = _unknown_now(naming, one.record)
        if fate is None:
            try:
                record = naming.renamed(one.record)
                if reviewer is None:
                    suggestions.append(_suggestions(record, one))
                else:
                    reviews.append(_review(record, reviewer, now))
            except RecordError as error:
                fate = Fate("refused", error.message)
        early.append(fate)
    fates = iter(
        (
            *store.import_reviews(reviews, now=now),
            *store.import_suggestions(suggestions, now=now),
        )
    )
    return (fate or next(fates) for fate in early)


def _unknown_now(naming: Naming, record: Record) -> Fate | None:
    unknown = naming.unknown_in((record,))
    return Fate("refused", f"unknown labels: {', '.join(sorted(unknown))}") if unknown else None


def _take(batch: Sequence[Found | Refusal], fates: Iterator[Fate], done: Imported) -> None:
    """Counts a batch, with its refusals in the order of the file."""
    for one in batch:
        if isinstance(one, Refusal):
            done.refused.append(one)
            continue
        fate = next(fates)
        if fate.name == "imported":
            done.imported += 1
        elif fate.name == "known":
            done.known += 1
        else:
            done.refused.append(Refusal(one.file, one.line, fate.reason))


def _suggestions(record: Record, found: Found) -> ImportedSuggestions:
    pipeline = record.pipeline or PipelineId(
        "import", found.format, _hash(found.source.encode())[:8]
    )
    return ImportedSuggestions(record.article, suggestions_in(record), pipeline)


def _review(record: Record, reviewer: str, now: datetime) -> ImportedReview:
    if is_undecided(record):
        raise RecordError("nobody has reviewed this; it can be imported --as suggestions")
    steps = steps_to(record)
    at = record.review.finished or now
    started = record.review.started or at
    return ImportedReview(
        record.article,
        steps.suggestions,
        record.pipeline,
        _decisions(record, steps, reviewer, at),
        started,
    )


def _decisions(
    record: Record, steps: ReviewSteps, reviewer: str, at: datetime
) -> tuple[Decision, ...]:
    """The decisions of the review, finished in a key press of its own; their ids are made of what
    the record says, so that the same record twice is the same decisions."""
    facts = record.review
    said = (
        (record.article.id, reviewer, record.answer, facts.started, facts.finished, facts.keys),
        (record.items, record.rejected, record.offered, record.notes),
    )
    mark = _hash(_plain(said))
    ids = (
        f"{mark[:8]}-{mark[8:12]}-8{mark[12:15]}-b{mark[15:18]}-{number:012x}"
        for number in count(1)
    )
    made: tuple[Decision, ...] = ()
    for changes in (steps.changes, (steps.finish,)):
        # The first decision carries what the whole review took.
        first = not made and bool(changes)
        made += stamp(
            changes,
            article=record.article.id,
            reviewer=reviewer,
            at=at,
            first_seq=len(made) + 1,
            group=next(ids),
            ids=ids,
            keys=(facts.keys or 0) if first else 0,
            seconds=float(facts.seconds or 0.0) if first else 0.0,
        )
    return made


def _plain(said: object) -> bytes:
    try:
        return orjson.dumps(said)
    except TypeError as error:
        # Half a character cannot be written as UTF-8.
        raise RecordError(f"it cannot be stored ({error})") from error


def _hash(said: bytes) -> str:
    return blake2b(said, digest_size=16).hexdigest()
