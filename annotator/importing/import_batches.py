"""Imports files in batches of one transaction each, after checking the labels of all files."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import blake2b
from itertools import count
from typing import Protocol

import orjson

from annotator.core.decisions import Answer, Decision, DecisionGroup, to_decisions
from annotator.core.joining import told_by
from annotator.core.record import PipelineId, Record
from annotator.core.records.record_to_decisions import (
    ReviewSteps,
    is_undecided,
    review_steps,
    suggestions_in,
)
from annotator.errors import RecordError
from annotator.formats.base import Notes
from annotator.importing.annotators import Annotators, annotator_of
from annotator.importing.found_records import Found, Sources
from annotator.importing.imported_stories import StoryImport, bring_stories
from annotator.importing.label_mapping import Naming
from annotator.importing.refusal_groups import Refusal
from annotator.importing.surveying import Survey, everything_in
from annotator.store.store import Store
from annotator.store.values import IMPORT, ImportedReview, ImportedSuggestions, ImportOutcome

BATCH = 100
_BATCH_CHARACTERS = 4_000_000
_COLLECT_EVERY = 20  # batches

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Whose:
    """How records are imported: as finished reviews of `reviewer`, or of their own annotators
    (`each`), otherwise as suggestions. Records with refused parts are finished reviews only with
    `partial`, in which case the words concerned are unknown; otherwise they are suggestions."""

    reviewer: str | None = None
    each: bool = False
    partial: bool = False

    @property
    def are_reviews(self) -> bool:
        return self.each or self.reviewer is not None

    def finished(self, found: Found) -> bool:
        """Whether a record is imported as a finished review. One with nothing left never is, since
        it would mean that its article has no items."""
        record = found.record
        said = record.items or record.rejected or record.answer is not Answer.ACCEPT
        return self.are_reviews and (not found.refused or (self.partial and bool(said)))


@dataclass
class Imported:
    """The outcome of an import: numbers of articles, and the refusals.

    Among the `imported`, `by` counts the finished reviews of each reviewer, and `suggested` the
    suggestions.
    """

    imported: int = 0
    known: int = 0
    suggested: int = 0
    by: Counter[str] = field(default_factory=Counter)
    refused: list[Refusal] = field(default_factory=list)
    interrupted: bool = False


class Ask(Protocol):
    """Tells whether the user has asked to stop."""

    def is_set(self) -> bool: ...


def import_files(
    sources: Sources,
    *,
    store: Store,
    naming: Naming,
    whose: Whose,
    now: datetime,
    asked: Ask | None = None,
    progress: Progress | None = None,
) -> Imported:
    """Import the records of the files as `whose` specifies; repeating it changes nothing.

    Refused parts are listed and the rest is imported. `progress` is called with the number of
    records done and their total; once `asked` is set, the current batch is the last. Raises
    UnknownLabels with all unknown labels, and RecordError if a single file cannot be read, or the
    annotator of finished reviews is unknown; then nothing is stored.
    """
    sources = replace(sources, means=naming.means)
    files = sources.files()
    survey = Survey()
    for one in everything_in(sources, files):
        if asked is not None and asked.is_set():
            return Imported(interrupted=True)
        survey.take(one, naming)
    survey.check(naming)
    if whose.each and survey.annotators.nameless and not survey.annotators.named:
        raise RecordError(
            "The files do not say who annotated them.",
            hint="Name the annotator: --as reviewer NAME",
        )
    held = survey.held if survey.held is not None else everything_in(sources, files)
    bringing = _Bringing(store, naming, whose, survey.annotators, now, sources.notes)
    for number, batch in enumerate(_batches(held), 1):
        bringing.take(batch)
        if number % _COLLECT_EVERY == 0:
            # Reference cycles in the database layer keep whole batches in memory.
            gc.collect()
        if progress is not None:
            progress(bringing.seen, survey.records)
        if asked is not None and asked.is_set() and bringing.seen < survey.records:
            bringing.done.interrupted = True
            break
    return bringing.done


def _batches(held: Iterable[Found | Refusal]) -> Iterator[list[Found | Refusal]]:
    """The records and refusals in batches of limited number and size."""
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


@dataclass
class _Bringing:
    """Stores batches and collects their outcomes."""

    store: Store
    naming: Naming
    whose: Whose
    annotators: Annotators
    now: datetime
    notes: Notes
    done: Imported = field(default_factory=Imported)
    seen: int = 0

    def take(self, batch: Sequence[Found | Refusal]) -> None:
        """Store a batch; refusals are listed in the order of the file."""
        entries = [self._entry(one) if isinstance(one, Found) else one for one in batch]
        reviews = [one for one in entries if isinstance(one, ImportedReview)]
        suggestions = [one for one in entries if isinstance(one, ImportedSuggestions)]
        stored: list[Record] = []
        reviewed = iter(self.store.imports.reviews(reviews, now=self.now))
        suggested = iter(self.store.imports.suggestions(suggestions, now=self.now))
        for one, entry in zip(batch, entries, strict=True):
            if isinstance(entry, Refusal):
                self.done.refused.append(entry)
            else:
                assert isinstance(one, Found)  # nothing else makes an entry
                is_review = isinstance(entry, ImportedReview)
                fate = next(reviewed if is_review else suggested)
                self._count(one, entry, fate)
                if fate.name != "refused":
                    stored.append(one.record)
            self.seen += isinstance(one, Found)
        by = self.whose.reviewer or IMPORT
        bring_stories(self.store, StoryImport(tuple(stored), by, self.now))

    def _entry(self, found: Found) -> ImportedReview | ImportedSuggestions | Refusal:
        """What to store for a record, or why it is refused."""
        try:
            # A file may have changed between the survey and this reading.
            if unknown := self.naming.unknown_in((found.record,)):
                raise RecordError(f"unknown labels: {', '.join(sorted(unknown))}")
            record = self.naming.renamed(found.record)
            if self.whose.are_reviews and is_undecided(record):
                raise RecordError("it is unreviewed; import it --as suggestions")
            if self.whose.finished(found):
                reviewer = self.whose.reviewer or annotator_of(record)
                return _review(record, reviewer, self.now)
            return self._suggestions(record, found)
        except RecordError as error:
            return Refusal(found.file, found.line, error.message, "unsupported articles")

    def _suggestions(self, record: Record, found: Found) -> ImportedSuggestions:
        items = suggestions_in(record)
        for said in _no_suggestion(record):
            self.notes.add(found.file, f"{said} cannot be suggestions; use --as reviewer")
        if record.pipeline is not None and is_undecided(record):
            return ImportedSuggestions(record.article, items, record.pipeline)
        people = PipelineId(IMPORT, found.format, _hash(found.source.encode())[:8])
        who = record.review.reviewer
        if self.annotators.are_several(record):
            return ImportedSuggestions(record.article, told_by(items, who), people)
        return ImportedSuggestions(record.article, items, people, who)

    def _count(
        self, one: Found, entry: ImportedReview | ImportedSuggestions, fate: ImportOutcome
    ) -> None:
        if fate.name == "imported":
            self.done.imported += 1
            if isinstance(entry, ImportedReview):
                self.done.by[entry.decisions[0].reviewer] += 1
            else:
                self.done.suggested += 1
        elif fate.name == "known":
            self.done.known += 1
        else:
            self.done.refused.append(
                Refusal(
                    one.file,
                    one.line,
                    self._reason(one, fate),
                    fate.reason,
                )
            )

    def _reason(self, one: Found, fate: ImportOutcome) -> str:
        if one.refused and self.whose.are_reviews and not self.whose.partial:
            return (
                f"{fate.reason}, and this would come in as suggestions, since pieces of it were "
                "refused: --partial takes it in as a finished review with their words unknown"
            )
        if self.whose.reviewer is None or not self.annotators.are_several(one.record):
            return fate.reason
        if not self.annotators.named:
            return f"{fate.reason}; the file has other annotations of this text"
        who = one.record.review.reviewer or "somebody who is not named"
        return (
            f"{fate.reason}; several people annotated this text, this is the work of {who}: "
            "--as reviewer without a name takes it as theirs"
        )


def _no_suggestion(record: Record) -> Iterator[str]:
    """The contents of a record that suggestions cannot represent."""
    if record.rejected:
        yield "rejected items"
    if record.ties:
        yield "ties of claims"
    if record.identities:
        yield "names of identities"
    if record.answer is not Answer.ACCEPT:
        yield "skipped or unusable articles"


def _review(record: Record, reviewer: str, now: datetime) -> ImportedReview:
    steps = review_steps(record)
    at = record.review.finished or now
    started = record.review.started or at
    return ImportedReview(
        record.article,
        steps.suggestions,
        record.pipeline,
        _decisions(record, steps, reviewer, at),
        started,
        record.suggesters,
        record.identities,
        assisted=record.review.assisted is not False,
    )


def _decisions(
    record: Record, steps: ReviewSteps, reviewer: str, at: datetime
) -> tuple[Decision, ...]:
    """The decisions of the review, including the finish; their ids are derived from the record, so
    that importing it again gives equal decisions."""
    facts = record.review
    said = (
        (record.article.id, reviewer, record.answer, facts.started, facts.finished, facts.keys),
        (record.items, record.rejected, record.offered, record.notes),
        *([record.unknown] if record.unknown else []),
        *([record.ties] if record.ties else []),
    )
    mark = _hash(_plain(said))
    ids = (
        f"{mark[:8]}-{mark[8:12]}-8{mark[12:15]}-b{mark[15:18]}-{number:012x}"
        for number in count(1)
    )
    made: tuple[Decision, ...] = ()
    for changes in (steps.changes, (steps.finish,)):
        # The first decision has the keys and seconds of the whole review.
        first = not made and bool(changes)
        made += to_decisions(
            changes,
            DecisionGroup(
                id=next(ids),
                article=record.article.id,
                reviewer=reviewer,
                at=at,
                first_seq=len(made) + 1,
                keys=(facts.keys or 0) if first else 0,
                seconds=float(facts.seconds or 0.0) if first else 0.0,
            ),
            ids=ids,
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
