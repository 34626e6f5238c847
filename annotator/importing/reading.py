"""What files hold, one article after the other, checked before anything is done with it."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import Any

from annotator.core.annotations import Item, problems
from annotator.core.article import Origin, normalise, title_line
from annotator.core.codec import time_to_text
from annotator.core.record import Record
from annotator.errors import RecordError
from annotator.formats import format_named
from annotator.formats.base import Notes, Refused
from annotator.formats.jsonl import numbered
from annotator.formats.quotations import Means, nothing
from annotator.importing.detecting import files_in, format_of

_MOST_KEYS = 2**31 - 1
_ID = re.compile(r"[^\s\0]{1,200}")


@dataclass(frozen=True, slots=True)
class Refusal:
    """What was not taken: in which file, on which line or as which of its articles, and why."""

    file: str
    line: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class Found:
    """A record of a file, with what will be told of it should it not be taken.

    `source` is the file or folder that was named; `file` where in it the record stands.
    """

    record: Record
    file: str
    line: int | None
    format: str
    source: str


@dataclass(frozen=True)
class Sources:
    """Files to be read, in a format (None: by content), with what is known of how to read them:
    what their offsets count, and which of their labels mean something: `Source` may be one, else it
    is a piece of a claim. `notes` is told what was found out of that."""

    paths: tuple[Path, ...]
    format: str | None = None
    offsets: str | None = None
    received: datetime | None = None
    means: Means = nothing
    notes: Notes = field(default_factory=Notes)

    def files(self) -> list[tuple[Path, str]]:
        """Every file with its format; RecordError if one is missing or cannot be read."""
        found = []
        for path in self.paths:
            for file in files_in(path) if self.format is None else [_existing(path)]:
                name = self.format or format_of(file)
                self._check(format_named(name), name)
                found.append((file, name))
        return found

    def read(self, file: Path, name: str) -> Iterator[Found | Refusal]:
        """What a file holds; what does not fit is a Refusal, and the rest still comes."""
        if name == "jsonl":
            yield from _own(file)
            return
        for number, one in self._numbered(file, name):
            if isinstance(one, Refused):
                yield Refusal(one.file, one.line, one.reason)
                continue
            # Of a folder's files, the one whose name the article has.
            within = one.article.origin.name if file.is_dir() else None
            where, line = (within, None) if within else (file.name, number)
            kept, dropped = _without_misfits(one)
            yield from (Refusal(where, line, reason) for reason in dropped)
            reason = why_unusable(kept)
            if reason:
                yield Refusal(where, line, reason)
            else:
                yield Found(self._placed(kept, file, number), where, line, name, file.name)

    def _numbered(self, file: Path, name: str) -> Iterator[tuple[int, Record | Refused]]:
        """What a file holds, with the number of its line or item; where a format has none, of the
        record among those of the file."""
        module = format_named(name)
        told = {"offsets": self.offsets, "means": self.means, "notes": self.notes}
        given: dict[str, Any] = {name: one for name, one in told.items() if _takes(module, name)}
        if hasattr(module, "numbered"):
            yield from module.numbered(file, **given)
            return
        number = 0
        for one in module.read(file, **given):
            number += isinstance(one, Record)
            yield number, one

    def _check(self, module: ModuleType, name: str) -> None:
        if not hasattr(module, "read"):
            raise RecordError(
                f"The format {name} can be written, not read.", hint="Export to another one."
            )
        if self.offsets not in (None, "codepoints") and not _has_units(module):
            raise RecordError(
                f"Offsets in the format {name} are always code points.", hint="Omit --offsets."
            )

    def _placed(self, record: Record, file: Path, number: int) -> Record:
        """The record with an origin and a title for its article where the file gives none."""
        article = record.article
        if article.origin == Origin():
            at = time_to_text(self.received) if self.received else None
            origin = Origin(name=file.name, part=str(number), received=at)
            article = replace(article, origin=origin)
        if article.title is None:
            article = replace(article, title=title_line(article.text))
        return record if article is record.article else replace(record, article=article)


def why_unusable(record: Record) -> str | None:
    """What keeps a record's article or review from being stored; None if nothing does."""
    article, facts = record.article, record.review
    if not article.text.strip():
        return "the text is empty"
    if "\0" in article.text:
        return "the text holds a NUL character"
    if normalise(article.text) != article.text:
        return "the text has a byte order mark or line ends other than LF, hence another id here"
    origins = (article.origin, *article.also_from)
    words = (article.title, article.language, *(text for one in origins for text in _texts(one)))
    for text in words:
        if text is not None and (not isinstance(text, str) or "\0" in text):
            return f"its title, language and origin must be text, found {text!r:.60}"
    if not isinstance(article.meta, Mapping):
        return f"meta must be an object, found {article.meta!r:.60}"
    for item in (*record.items, *record.offered):
        if not _ID.fullmatch(item.id):
            return f"an item's id has 1 to 200 characters and no blanks, found {item.id!r:.60}"
    # Either may be null: not measured.
    keys, seconds = facts.keys or 0, facts.seconds or 0.0
    fits = isinstance(keys, int) and 0 <= keys <= _MOST_KEYS
    if not fits or not isinstance(seconds, int | float) or not seconds >= 0:
        return (
            f"its keys and seconds must be numbers, found {facts.keys!r:.40}, {facts.seconds!r:.40}"
        )
    return None


def _own(file: Path) -> Iterator[Found | Refusal]:
    for line, one in numbered(file):
        if isinstance(one, Refused):
            yield Refusal(one.file, one.line, one.reason)
        elif reason := why_unusable(one):
            yield Refusal(file.name, line, reason)
        else:
            yield Found(one, file.name, line, "jsonl", file.name)


def _without_misfits(record: Record) -> tuple[Record, list[str]]:
    """The record without items that its text cannot hold, and what was wrong with each."""
    text, wrong = record.article.text, {}
    for item in (*record.items, *record.offered, *record.rejected):
        reason = next(problems(item, text), None)
        if reason:
            wrong[id(item)] = f"{item.id or 'a rejected item'}: {reason}"
    if not wrong:
        return record, []

    def fits(item: Item) -> bool:
        return id(item) not in wrong

    kept = replace(
        record,
        entities=tuple(filter(fits, record.entities)),
        claims=tuple(filter(fits, record.claims)),
        junk=tuple(filter(fits, record.junk)),
        rejected=tuple(filter(fits, record.rejected)),
        offered=tuple(filter(fits, record.offered)),
    )
    return kept, list(wrong.values())


def _texts(origin: Origin) -> tuple[object, ...]:
    return (
        origin.name,
        origin.outlet,
        origin.url,
        origin.author,
        origin.published,
        origin.received,
        origin.part,
    )


def _has_units(module: ModuleType) -> bool:
    """Whether a format has files whose offsets may count something else than code points."""
    return _takes(module, "offsets")


def _takes(module: ModuleType, name: str) -> bool:
    return name in inspect.signature(module.read).parameters


def _existing(path: Path) -> Path:
    if not path.exists():
        raise RecordError(f"There is no file or folder {path}.", hint="Check how it is spelt.")
    return path
