"""Reads and validates the records of files."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from annotator.core.across.identity_log import Identity
from annotator.core.annotations import Item, first_problem
from annotator.core.article import Origin, normalise, title_line
from annotator.core.record import Record
from annotator.core.records.codec import time_to_text
from annotator.core.records.extent import AT_LEAST, TIMES, beyond_bounds
from annotator.core.records.unknown import stretches
from annotator.errors import RecordError
from annotator.formats import format_named
from annotator.formats.base import FormatReader, Means, Notes, Option, ReadOptions, Refused, nothing
from annotator.formats.decided_items import with_their_claims
from annotator.formats.plain_files import OUTSIDE, leads_out, refuse_holes
from annotator.formats.quotation_spans import with_claims
from annotator.formats.refusals import refused_then_record
from annotator.importing.detecting import files_in, format_of
from annotator.importing.refusal_groups import Refusal

_MOST_KEYS = 2**31 - 1
_ID = re.compile(r"[^\s\0]{1,200}")


_OVER = "too many words in all items of the article"


@dataclass(frozen=True, slots=True)
class Found:
    """A record of a file, with its place for messages.

    `source` is the named file or folder; `file` contains the record. `refused` is the number of
    refused parts, whose words are unknown.
    """

    record: Record
    file: str
    line: int | None
    format: str
    source: str
    refused: int = 0


@dataclass(frozen=True)
class Sources:
    """Files to read, in a format (None: detect it), with options: the offset unit, the columns, the
    number of sentences per article, and a test for known labels (`Source` may be one; otherwise it
    is a part of a claim). What was detected is added to `notes`.

    Among several files, or in a folder, an unreadable file is skipped; a single one is an error.
    """

    paths: tuple[Path, ...]
    format: str | None = None
    offsets: str | None = None
    received: datetime | None = None
    means: Means = nothing
    notes: Notes = field(default_factory=Notes)
    columns: str | None = None
    sentences: int | None = None

    def files(self) -> list[tuple[Path, str]]:
        """All files with their formats, "" if not supported; raises RecordError if one is missing,
        or a single one cannot be read."""
        found = []
        for path in self.paths:
            for file in files_in(path, self.format):
                name = self.format or self._format_of(file)
                if name:
                    self._check(format_named(name).reading(), name)
                found.append((file, name))
        return found

    def _format_of(self, file: Path) -> str:
        try:
            refuse_holes(file)
            return format_of(file)
        except RecordError:
            if self._is_alone(file):
                raise
            return ""

    def _is_alone(self, file: Path) -> bool:
        return self.paths == (file,)

    def read(self, file: Path, name: str) -> Iterator[Found | Refusal]:
        """The records of a file, with a Refusal for each invalid part."""
        try:
            if self._leads_out(file):
                raise RecordError(OUTSIDE)
            refuse_holes(file)
            yield from self._read(file, name or format_of(file))
        except RecordError as error:
            if self._is_alone(file):
                raise
            reason = f"{error.message} {error.hint or ''}".strip()
            yield Refusal(file.name, None, reason, "unreadable files")

    def _leads_out(self, file: Path) -> bool:
        """Whether this is a link out of the named folder. (A folder that is one dataset is checked
        by its reader.)"""
        folders = [path.resolve() for path in self.paths if path.is_dir()]
        return file not in self.paths and leads_out(file, folders)

    def _read(self, file: Path, name: str) -> Iterator[Found | Refusal]:
        refused: Counter[str] = Counter()
        is_folder, is_whole = file.is_dir(), format_named(name).reading().is_whole
        for number, one in self._numbered(file, name):
            if isinstance(one, Refused):
                refused.update([one.article] if one.article else ())
                yield Refusal.of(one)
                continue
            # In a folder, the file after which the article is named.
            within = one.article.origin.name if is_folder else None
            where, line = (within, None) if within else (file.name, number)
            kept, dropped = (one, ()) if is_whole else _without_invalid_items(one)
            article = one.article.id
            yield from (Refusal(where, line, reason, kind, article) for reason, kind in dropped)
            pieces = refused.pop(article, 0) + len(dropped)
            if reason := why_unusable(kept):
                yield Refusal(where, line, reason, "unsupported articles")
                continue
            if not is_whole:
                kept = self._placed(kept, file, number)
            yield Found(kept, where, line, name, file.name, pieces)

    def _numbered(self, file: Path, name: str) -> Iterator[tuple[int, Record | Refused]]:
        """The contents of a file, each with the number of its line, item or record. Claims are
        assembled here for formats without the option MEANS, which have no links."""
        reader = format_named(name).reading()
        is_joined = reader.is_whole or Option.MEANS in reader.takes
        for number, one in reader.numbered(file, self._options()):
            if is_joined or isinstance(one, Refused):
                yield number, one
            else:
                record, lost = with_claims(one, self.means)
                where = one.article.origin.name if file.is_dir() else None
                for told in refused_then_record(record, lost, where or file.name, number):
                    yield number, told

    def _options(self) -> ReadOptions:
        return ReadOptions(self.offsets, self.columns, self.sentences, self.means, self.notes)

    def _check(self, reader: FormatReader, name: str) -> None:
        if self.offsets not in (None, "codepoints") and Option.OFFSETS not in reader.takes:
            raise RecordError(
                f"Offsets in the format {name} are always code points.", hint="Omit --offsets."
            )
        for option, asked in ((Option.COLUMNS, self.columns), (Option.SENTENCES, self.sentences)):
            if asked is not None and option not in reader.takes:
                raise RecordError(
                    f"The format {name} has no option {option}.", hint=f"Omit --{option}."
                )

    def _placed(self, record: Record, file: Path, number: int) -> Record:
        """The record with an origin and a title for its article, if the file has none."""
        article = record.article
        if article.origin == Origin():
            at = time_to_text(self.received) if self.received else None
            origin = Origin(name=file.name, part=str(number), received=at)
            article = replace(article, origin=origin)
        if article.title is None:
            article = replace(article, title=title_line(article.text))
        return record if article is record.article else replace(record, article=article)


def why_unusable(record: Record) -> str | None:
    """Why a record's article or review cannot be stored; None if it can."""
    article, facts = record.article, record.review
    if not article.text.strip():
        return "the text is empty"
    if "\0" in article.text:
        return "the text contains a NUL character"
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
    beyond = (record.story, *(word for one in record.identities for word in _words_of(one)))
    if any("\0" in word for word in beyond if word):
        return "its story or the name of an identity contains a NUL character"
    # Either may be null: not measured.
    keys, seconds = facts.keys or 0, facts.seconds or 0.0
    fits = isinstance(keys, int) and 0 <= keys <= _MOST_KEYS
    if not fits or not isinstance(seconds, int | float) or not seconds >= 0:
        return (
            f"its keys and seconds must be numbers, found {facts.keys!r:.40}, {facts.seconds!r:.40}"
        )
    return None


def _without_invalid_items(record: Record) -> tuple[Record, Sequence[tuple[str, str]]]:
    """The record without invalid items, whose words become unknown; and the reason and kind for
    each of these."""
    text, wrong = record.article.text, {}
    every = (*record.items, *record.offered, *record.rejected)
    for item in every:
        if reason := first_problem(item, text):
            wrong[id(item)] = (f"{item.id or 'a rejected item'}: {reason}", "invalid items")
    for item in beyond_bounds((one for one in every if id(one) not in wrong), text):
        wrong[id(item)] = (_too_much(item, text), _OVER)
    if not wrong:
        return record, ()

    def fits(item: Item) -> bool:
        return id(item) not in wrong

    lost = (span for item in every if id(item) in wrong for span in item.spans)
    kept = replace(
        record,
        entities=tuple(filter(fits, record.entities)),
        claims=tuple(filter(fits, record.claims)),
        junk=tuple(filter(fits, record.junk)),
        rejected=tuple(filter(fits, record.rejected)),
        offered=tuple(filter(fits, record.offered)),
        ties=with_their_claims(record, filter(fits, record.claims)),
        unknown=stretches((*record.unknown, *lost), text),
    )
    return kept, tuple(wrong.values())


def _too_much(item: Item, text: str) -> str:
    first, last = item.spans[0].start, max(span.end for span in item.spans)
    most = max(TIMES * len(text), AT_LEAST)
    return (
        f"[{first}, {last}) is left out: the items of an article of {len(text):,} characters hold "
        f"at most {most:,} together, and this is one of the longest"
    )


def _words_of(identity: Identity) -> tuple[str | None, ...]:
    return identity.id, identity.name, identity.type, identity.link


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
