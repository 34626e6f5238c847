"""Reads Prodigy's JSONL: tasks as it exports them, tasks made by hand, and tasks that we wrote.

All tasks of a text by one annotator become one record, wherever in the file they stand: the last
task of each kind counts (entities, claims, junk), and every binary answer. A binary task that was
rejected says that its entity is none; any other that was rejected, that the article is unusable.
Offsets are code points; a span without them stands at its tokens, `token_end` being its last one.
"""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from annotator.core.annotations import Entity, Item, Verdict
from annotator.core.article import Article
from annotator.core.decisions import Answer
from annotator.core.record import Record, ReviewFacts
from annotator.errors import RecordError
from annotator.formats import heads
from annotator.formats.base import Refused
from annotator.formats.foreign import ForeignText, Misfit, imported
from annotator.formats.json_values import value_of, values_in
from annotator.formats.prodigy_tasks import Task

_TEXT_FIRST = re.compile(rb'\s*\{\s*"text"\s*:\s*("(?:[^"\\]|\\.)*")')
_NO_SPANS = frozenset({"classification", "choice", "image", "image_manual", "html", "audio"})
_MANY = 1 << 40
_MARK = b"\xef\xbb\xbf"
_LOOK = 4096


def read(path: Path) -> Iterator[Record | Refused]:
    """One record for each text and annotator; Refused names the line of a task, or of a span."""
    for _, one in numbered(path):
        yield one


def numbered(path: Path) -> Iterator[tuple[int, Record | Refused]]:
    """What `read` gives, each with the number of its (first) line or item (from 1).

    RecordError if the file cannot be read.
    """
    try:
        with path.open("rb") as stream:
            first, _, _ = stream.read(_LOOK).removeprefix(_MARK).lstrip().partition(b"\n")
            if first.startswith(b"[") or first.rstrip() == b"{":
                with tempfile.TemporaryFile() as lines:
                    yield from _as_lines(path, lines)
                    yield from _read(lines, path.name)
            else:
                yield from _read(stream, path.name)
    except OSError as error:
        raise RecordError(
            f"{path} cannot be read: {error.strerror or error}.", hint="Check the file's name."
        ) from error


def _as_lines(path: Path, lines: BinaryIO) -> Iterator[tuple[int, Refused]]:
    """Writes values one a line that are laid out otherwise, to be read in any order."""
    for found in values_in(path):
        if isinstance(found, Refused):
            yield found.line or 0, found
            lines.write(b"\n")
        else:
            lines.write(orjson.dumps(found.value, option=orjson.OPT_APPEND_NEWLINE))


def _read(stream: BinaryIO, name: str) -> Iterator[tuple[int, Record | Refused]]:
    for runs in _runs_by_text(stream).values():
        tasks: list[Task] = []
        for number, line in _lines_of(stream, (runs,) if isinstance(runs, int) else runs):
            try:
                tasks.append(_task(number, line))
            except Misfit as misfit:
                yield number, Refused(name, number, str(misfit))
        for of_one in _by_review(tasks):
            problems: list[tuple[int, str]] = []
            try:
                found = [_record(of_one, problems)]
            except RecordError as error:
                found, problems = [], [(of_one[0].number, error.message)]
            for number, reason in problems:
                yield number, Refused(name, number, reason)
            for record in found:
                yield of_one[0].number, record


def _by_review(tasks: Iterable[Task]) -> list[list[Task]]:
    """The tasks of each annotator; those that we wrote of two reviews by one are kept apart."""
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
    """Where the tasks of each text stand, by a hash of it: one number for each run of lines.

    A number holds the place of a run's first line in the file, and which line that is. Only this
    is kept of a file, so that memory stays small; the tasks of a text are read when it is due.
    """
    runs: dict[bytes, int | list[int]] = {}
    before, number = None, 0
    stream.seek(0)
    place = 0
    for number, line in enumerate(stream, start=1):
        key = _key(line)
        if key is not None and key != before:
            run, known = place * _MANY + number, runs.get(key)
            if known is None:
                runs[key] = run
            else:
                runs[key] = [*([known] if isinstance(known, int) else known), run]
        before = key or before
        place += len(line)
    return runs


def _lines_of(stream: BinaryIO, runs: Iterable[int]) -> Iterator[tuple[int, bytes]]:
    for run in runs:
        place, first = divmod(run, _MANY)
        stream.seek(place)
        key = None
        for number, line in enumerate(stream, start=first):
            found = _key(line)
            if found is None:
                continue
            if key is not None and found != key:
                break
            key = found
            yield number, line


def _key(line: bytes) -> bytes | None:
    """A hash of the text of a line's task, of the line if it has none; None for a blank line."""
    line = line.removeprefix(_MARK)
    if not line.strip():
        return None
    found = _TEXT_FIRST.match(line)
    try:
        text = orjson.loads(found.group(1)) if found else orjson.loads(line)["text"]
        content = text.encode()
    except (orjson.JSONDecodeError, KeyError, TypeError, AttributeError):
        content = b"\xff" + line
    return hashlib.blake2b(content, digest_size=12).digest()


def _task(number: int, line: bytes) -> Task:
    try:
        plain = value_of(line.removeprefix(_MARK))
    except ValueError as error:
        raise Misfit(str(error)) from error
    if not isinstance(plain, dict):
        raise Misfit(f"no task, but {plain!r:.60}")
    task = Task(number, plain, ForeignText(plain.get("text")))
    if task.view in _NO_SPANS:
        raise Misfit(f"a task of the view {task.view}, which marks no spans of a text")
    return task


def _record(tasks: list[Task], problems: list[tuple[int, str]]) -> Record:
    """The record that the tasks of one text and annotator make."""
    manual: dict[str, Task] = {task.kind: task for task in tasks if not task.is_binary}
    binary = [task for task in tasks if task.is_binary]
    base = _base(tasks)
    states = {task.state(base) for task in manual.values()} | {
        "accept" for task in binary if task.plain.get("answer") in ("accept", "reject")
    }
    answer, verdict = Answer.ACCEPT, Verdict.ACCEPTED
    if "accept" not in states:
        if "open" in states:
            verdict = Verdict.PENDING
        else:
            answer = Answer.UNUSABLE if "reject" in states else Answer.SKIP
    wanted = "accept" if "accept" in states else "open"
    items: list[Item] = []
    rejected: list[Item] = []
    for task in (*manual.values(), *binary):
        found, turned_down = task.items(verdict, problems)
        if task.is_binary and task.plain.get("answer") == "reject":
            rejected += found
        elif task.state(base) == wanted:
            items += found
            rejected += turned_down
    review = _review(tasks, base)
    if verdict is Verdict.PENDING:
        review = base.review if base.review.kind == "none" else ReviewFacts()
    made = imported(base.article, _distinct(items), rejected=rejected)
    known = {entity.id for entity in made.entities}
    return replace(
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
        # Whoever answered since has seen the whole text.
        unknown=base.unknown if review is base.review else (),
    )


def _base(tasks: list[Task]) -> Record:
    """The record of these tasks without items: ours where we wrote one of them."""
    text = tasks[0].text.text
    for task in tasks:
        if heads.KEY in task.plain:
            return heads.record_of(task.plain[heads.KEY], text)
    metas = [task.plain["meta"] for task in tasks if isinstance(task.plain.get("meta"), dict)]
    meta: dict[str, Any] = {key: value for one in metas for key, value in one.items()}
    title = meta.get("title")
    article = Article(text, title=title if isinstance(title, str) else None, meta=meta)
    return imported(article, ())


def _review(tasks: list[Task], base: Record) -> ReviewFacts:
    """Who answered, and when; the review that we wrote, if nobody answered since."""
    stamps = [task.timestamp for task in tasks if task.timestamp is not None]
    last = max(stamps, default=None)
    finished = base.review.finished
    known = None if finished is None else int(finished.timestamp())
    ours = any(heads.KEY in task.plain for task in tasks)
    if ours and tasks[0].annotator == base.review.reviewer and last == known:
        return base.review
    at = None if last is None else datetime.fromtimestamp(last, UTC)
    return ReviewFacts(tasks[0].annotator, "import", finished=at)


def _distinct(items: Iterable[Item]) -> Iterator[Item]:
    """Without entities that stand there twice and have no id to tell them apart."""
    seen: set[tuple[object, str]] = set()
    for item in items:
        if isinstance(item, Entity):
            if not item.id and (item.span, item.label) in seen:
                continue
            seen.add((item.span, item.label))
        yield item
