"""Reads Prodigy's JSONL: tasks as it exports them, tasks made by hand, and tasks that we wrote.

All tasks of a text by one annotator become one record, wherever they are in the file: the last task
of each kind (entities, claims, junk) and all binary answers. A rejected binary task means that its
entity is wrong; any other rejected task, that the article is unusable. If all answers are binary,
the rest of the text is unknown. Ignored tasks have no effect. The offset unit is proved by the
words of spans and tokens; code points are preferred. A span without offsets is placed by its
tokens, of which `token_end` is the last.
"""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import BinaryIO

import orjson

from annotator.core.annotations import Item, Verdict
from annotator.core.article import Article, Span
from annotator.core.decisions import Answer
from annotator.core.record import Record, ReviewFacts
from annotator.core.records.unknown import everything, stretches
from annotator.errors import RecordError
from annotator.formats import record_envelope
from annotator.formats.across_rows import with_ties
from annotator.formats.base import Means, NumberedRecords, ReadOptions, Refused
from annotator.formats.counting import Counting, Row, counting
from annotator.formats.external_text import NO_OBJECT, ExternalText, InvalidAnnotation, imported
from annotator.formats.json_values import Numbered, kind_of, value_of, values_in
from annotator.formats.prodigy.prodigy_beside import (
    judgements_lost,
    meta_of,
    refuse_other_tasks,
    refuse_unreadable,
)
from annotator.formats.prodigy.prodigy_claims import claims_together
from annotator.formats.prodigy.prodigy_conflicts import distinct, without_contradictions
from annotator.formats.prodigy.prodigy_tasks import Task, TaskContent
from annotator.formats.prodigy.prodigy_ties import drawn_ties
from annotator.formats.refusals import (
    INVALID_RECORD,
    RefusedPiece,
    refuse_path,
    refused_then_record,
)
from annotator.formats.tie_relations import Written, settled

_TEXT_FIRST = re.compile(rb'\s*\{\s*"text"\s*:\s*("[^"\\]*+(?:\\.[^"\\]*+)*+")')
_MANY = 1 << 40
_LONGEST_RUN = 1 << 24
_MARK = b"\xef\xbb\xbf"
_LOOK = 4096


def numbered(path: Path, options: ReadOptions) -> NumberedRecords:
    """One record for each text and annotator, with the number of its first line or item (from 1);
    yields Refused for invalid tasks and spans.

    Spans labelled Content, Cue or Source are pieces of claims, unless these are known labels.
    Raises RecordError if the file cannot be read.
    """
    how = counting(path, options.offsets, options.notes, lambda: _offsets_in(path))
    try:
        with path.open("rb") as stream:
            first, _, _ = stream.read(_LOOK).removeprefix(_MARK).lstrip().partition(b"\n")
            first = first.rstrip()
            if first.startswith(b"[") or first == b"{" or b"\r" in first:
                with tempfile.TemporaryFile() as lines:
                    yield from _as_lines(path, lines)
                    yield from _read(lines, how, options.means)
            else:
                yield from _read(stream, how, options.means)
    except OSError as error:
        raise RecordError(
            f"{path} cannot be read: {error.strerror or error}.", hint="Check the file's name."
        ) from error


def _as_lines(path: Path, lines: BinaryIO) -> Iterator[tuple[int, Refused]]:
    """Write the values of a file to `lines`, one per line, so that they can be read in any order;
    yields invalid ones."""
    for found in values_in(path):
        if isinstance(found, Refused):
            yield found.line or 0, found
            lines.write(b"\n")
        else:
            lines.write(orjson.dumps(found.value, option=orjson.OPT_APPEND_NEWLINE))


def _offsets_in(path: Path) -> Iterator[tuple[str, list[Row]]]:
    """All texts of a file, with the offsets and words of their spans and tokens."""
    for found in values_in(path):
        if isinstance(found, Numbered) and isinstance(found.value, dict):
            with suppress(InvalidAnnotation):
                text = _text_of(found.value)
                yield text.raw, Task(found.number, found.value, text).offset_rows()


def _read(stream: BinaryIO, how: Counting, means: Means) -> Iterator[tuple[int, Record | Refused]]:
    name = how.file
    for runs in _runs_by_text(stream).values():
        tasks: list[Task] = []
        for number, line in _lines_of(stream, (runs,) if isinstance(runs, int) else runs):
            try:
                tasks.append(_task(number, line, how, means))
            except InvalidAnnotation as invalid:
                yield number, Refused(name, number, str(invalid), kind=invalid.kind)
        for of_one in _by_review(tasks):
            number, lost = of_one[0].number, list[RefusedPiece]()
            try:
                record = _record(of_one, lost)
            except RecordError as error:
                yield number, Refused(name, number, error.message, kind=INVALID_RECORD)
                continue
            for one in refused_then_record(record, lost, name, number):
                yield (one.line or number if isinstance(one, Refused) else number), one


def _by_review(tasks: Iterable[Task]) -> list[list[Task]]:
    """The tasks by annotator; two reviews by one annotator that we wrote are separate."""
    reviews: list[list[Task]] = []
    for task in tasks:
        for review in reviews:
            if review[0].annotator == task.annotator and _may_be_one(review, task):
                review.append(task)
                break
        else:
            reviews.append([task])
    return reviews


def _may_be_one(review: list[Task], task: Task) -> bool:
    head = task.head
    return head is None or all(one.head in (None, head) for one in review)


def _runs_by_text(stream: BinaryIO) -> dict[bytes, int | list[int]]:
    """The lines with tasks of each text, by a hash of the text: one number for each run of lines.

    A number encodes the offset of a run's first line in the file, its line number, and the length
    of the run. Only this is kept in memory; the tasks of a text are read later.
    """
    runs: dict[bytes, int | list[int]] = {}
    before, run, count = None, 0, 0
    stream.seek(0)
    place = 0
    for number, line in enumerate(stream, start=1):
        key = _key(line)
        if key is None or (key == before and count < _LONGEST_RUN):
            count += 1
        else:
            _remember(runs, before, run * _LONGEST_RUN + count - 1)
            before, run, count = key, place * _MANY + number, 1
        place += len(line)
    _remember(runs, before, run * _LONGEST_RUN + count - 1)
    return runs


def _remember(runs: dict[bytes, int | list[int]], key: bytes | None, run: int) -> None:
    if key is None:
        return
    known = runs.get(key)
    if known is None:
        runs[key] = run
    elif isinstance(known, int):
        runs[key] = [known, run]
    else:
        known.append(run)


def _lines_of(stream: BinaryIO, runs: Iterable[int]) -> Iterator[tuple[int, bytes]]:
    for run in runs:
        where, more = divmod(run, _LONGEST_RUN)
        place, first = divmod(where, _MANY)
        stream.seek(place)
        for number, line in enumerate(islice(stream, more + 1), start=first):
            if not _is_blank(line):
                yield number, line


def _is_blank(line: bytes) -> bool:
    return not line.removeprefix(_MARK).strip()


def _key(line: bytes) -> bytes | None:
    """A hash of the text of a line's task, or of the line if it has none; None for a blank line."""
    if _is_blank(line):
        return None
    line = line.removeprefix(_MARK)
    found = _TEXT_FIRST.match(line)
    try:
        text = orjson.loads(found.group(1)) if found else orjson.loads(line)["text"]
        content = text.encode()
    except (orjson.JSONDecodeError, KeyError, TypeError, AttributeError):
        content = b"\xff" + line
    return hashlib.blake2b(content, digest_size=12).digest()


def _text_of(plain: dict[str, object]) -> ExternalText:
    return ExternalText(plain.get("text"), keeps_mark=record_envelope.KEY in plain)


def _task(number: int, line: bytes, how: Counting, means: Means) -> Task:
    try:
        plain = value_of(line.removeprefix(_MARK))
    except ValueError as error:
        raise InvalidAnnotation(str(error), kind_of(error)) from error
    if not isinstance(plain, dict):
        raise InvalidAnnotation(f"expected a task, found {plain!r:.60}", NO_OBJECT)
    task = Task(number, plain, _text_of(plain), means, how)
    if not task.is_ours:
        refuse_path(task.text.text)
        refuse_unreadable(task)
    refuse_other_tasks(task)
    _ = task.offsets  # raises InvalidAnnotation if the offset unit is unclear
    return task


def _record(tasks: list[Task], lost: list[RefusedPiece]) -> Record:
    """The record made from the tasks of one text and annotator."""
    base = _base(tasks, lost)
    standing = _standing(tasks, base, lost)
    states = {task.state(base) for task in standing}
    verdict = Verdict.ACCEPTED if "accept" in states else Verdict.PENDING
    answer = _answer(standing, base)
    items: list[tuple[Item, int]] = []
    rejected: list[tuple[Item, int]] = []
    unsaid: list[Span] = []
    told: dict[str, list[tuple[TaskContent, int]]] = {"accept": [], "open": []}
    written: list[Written] = []
    for task in standing:
        state = task.state(base)
        if state in ("accept", "open"):
            said = task.content(verdict if state == "accept" else Verdict.PENDING, lost)
            told[state].append((said, task.number))
            written += record_envelope.ties_in(task.plain.get(record_envelope.KEY), lost)
            items += [(item, task.number) for item in said.items]
            rejected += [(item, task.number) for item in said.turned_down]
            unsaid += said.unsaid if state == "accept" else ()
        elif state == "reject" and answer is Answer.ACCEPT:
            reason = "was rejected as a whole, so it is unknown which of its spans is wrong"
            lost.append(RefusedPiece(reason, "task rejected as a whole", None, task.number))
    for state, rows in told.items():
        became = verdict if state == "accept" else Verdict.PENDING
        claims = claims_together(rows, base.article.text, became, lost)
        items += [(claim, rows[0][1]) for claim in claims]
    lost += judgements_lost(standing)
    items, rejected = without_contradictions(items, rejected, lost)
    review = _review(tasks, base)
    if verdict is Verdict.PENDING and answer is Answer.ACCEPT:
        review = base.review if base.review.kind == "none" else ReviewFacts()
    text = base.article.text
    complete = any(not task.is_binary and task.state(base) == "accept" for task in standing)
    if verdict is Verdict.ACCEPTED and not complete:
        unsaid = [*everything(text)]
    made = imported(
        base.article,
        distinct(item for item, _ in items),
        rejected=distinct(item for item, _ in rejected),
    )
    known = {entity.id for entity in made.entities}
    tied = [one for rows in told.values() for said, _ in rows for one in said.tied]
    drawn = drawn_ties(tied, made.claims, lost)
    record = replace(
        base,
        answer=answer,
        review=review,
        entities=made.entities,
        claims=tuple(
            claim if claim.source_entity in known else replace(claim, source_entity=None)
            for claim in made.claims
        ),
        junk=made.junk,
        rejected=made.rejected,
        # Anybody who answered later has seen the whole text.
        unknown=base.unknown if review is base.review else stretches(unsaid, text),
    )
    return with_ties(record, settled(written, drawn, base.article.id), lost)


def _answer(tasks: Sequence[Task], base: Record) -> Answer:
    """Whether the article is usable, by answers that are not binary, since others do not tell."""
    states = {task.state(base) for task in tasks}
    by_hand = {task.state(base) for task in tasks if not task.is_binary}
    if states & {"accept", "open"} or not by_hand:
        return Answer.ACCEPT
    return Answer.UNUSABLE if "reject" in by_hand else Answer.SKIP


def _standing(tasks: Iterable[Task], base: Record, lost: list[RefusedPiece]) -> list[Task]:
    """The tasks that count: all binary ones, and the last of the others of each kind, together with
    earlier ones for other labels."""
    standing: list[Task] = []
    for task in tasks:
        before = [one for one in standing if one.kind == task.kind and not one.is_binary]
        state = task.state(base)
        if not task.is_binary and before:
            if state == "ignore" and any(one.state(base) != "ignore" for one in before):
                continue
            if _is_one_label_more(before, task, base):
                continue
            replaced = [one for one in before if not _stand_together(one, task, base)]
            lost += (_replaced(one, task) for one in replaced if _says_more(one, task, base))
            standing = [one for one in standing if one not in replaced]
        standing.append(task)
    return standing


def _stand_together(one: Task, other: Task, base: Record) -> bool:
    """Whether both were accepted and have different labels: a text annotated label by label."""
    if one.state(base) != "accept" or other.state(base) != "accept":
        return False
    labels, others = _labels(one), _labels(other)
    return bool(labels) and bool(others) and not labels & others


def _is_one_label_more(before: Sequence[Task], task: Task, base: Record) -> bool:
    """Whether an answer without spans leaves earlier ones valid: in a text annotated label by
    label, there was nothing to mark with one more label."""
    every = [*before, task]
    accepted = all(one.state(base) == "accept" for one in every)
    return accepted and len(before) > 1 and not task.spans


def _labels(task: Task) -> set[str]:
    return {str(one.get("label")) for one in task.spans if isinstance(one, dict)}


def _says_more(before: Task, after: Task, base: Record) -> bool:
    if before.state(base) in ("open", "ignore"):
        return False
    if before.answer == after.answer == "accept" and not before.spans:
        return False  # it had no spans to lose
    return before.answer != after.answer or before.spans != after.spans


def _replaced(before: Task, after: Task) -> RefusedPiece:
    if after.answer == "accept" and not after.spans and before.answer == "accept":
        # Deleted, or another label was asked for: it is unknown whether its words are entities.
        reason = (
            f"line {after.number} marks nothing in the same text: either these spans were deleted "
            "or another label was asked for; remove the line that is wrong"
        )
        where = _places_of(before)
        return RefusedPiece(reason, "spans that a later answer does not have", where, before.number)
    reason = f"replaced by the answer to the same text on line {after.number}"
    return RefusedPiece(reason, "answer replaced by a later one", (), before.number, whole=True)


def _places_of(task: Task) -> tuple[Span, ...] | None:
    """The spans of a task; None if any of them is invalid."""
    try:
        return tuple(task.span(row) for row in task.spans)
    except InvalidAnnotation:
        return None


def _base(tasks: list[Task], lost: list[RefusedPiece]) -> Record:
    """The record of these tasks without items; what we wrote if one of them is ours."""
    text = tasks[0].text.text
    for task in tasks:
        if task.is_ours:
            return record_envelope.record_of(task.plain[record_envelope.KEY], text, lost)
    meta = meta_of(tasks)
    title = meta.get("title")
    article = Article(text, title=title if isinstance(title, str) else None, meta=meta)
    return imported(article, ())


def _review(tasks: list[Task], base: Record) -> ReviewFacts:
    """The annotator and the time; the review that we wrote, if nobody answered later."""
    stamps = [task.timestamp for task in tasks if task.timestamp is not None]
    last = max(stamps, default=None)
    finished = base.review.finished
    known = None if finished is None else int(finished.timestamp())
    ours = any(record_envelope.KEY in task.plain for task in tasks)
    if ours and tasks[0].annotator == base.review.reviewer and last == known:
        return base.review
    at = None if last is None else datetime.fromtimestamp(last, UTC)
    return ReviewFacts(tasks[0].annotator, "import", finished=at)
