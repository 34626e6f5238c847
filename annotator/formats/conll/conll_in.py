"""Reads columns of words and tags; other columns are ignored.

A file is read twice: first to detect its columns, then row by row. No word is outside unless its
tag says so: a word without a valid tag is unknown, and so is an entity that may continue in it; a
sentence with a missing word is omitted.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import islice
from pathlib import Path

from annotator.core.record import Record
from annotator.errors import RecordError
from annotator.formats.base import NumberedRecords, ReadOptions, Refused
from annotator.formats.conll import conll_tags as tags
from annotator.formats.conll.conll_columns import (
    AT_ONCE,
    BRACKETS,
    PLAIN,
    RESPELLED,
    Columns,
    ColumnSurvey,
    recognised,
)
from annotator.formats.conll.conll_lines import Boundary, cells_of, lines_of, name_in, part_of
from annotator.formats.conll.conll_named import as_named, described
from annotator.formats.conll.conll_text import Row, record_of

_MANY_SENTENCES = 200
_CUT = "Its rows have one column; cut them into columns by tabs or blanks."
_HEADERS = frozenset({"token", "tokens", "word", "words", "form", "text", "surface"})
_SAID = re.compile(r"#\s*[\w.:-]+\s*=")
_DOCUMENT = re.compile(
    r"#+\s*(?:begin document|(?:[\w-]*:)?"
    r"(?:newdoc(?:\s+id)?|file(?:name)?|doc(?:ument)?[ _-]?(?:id)?))\b\s*[:=]?\s*(?P<name>.*)",
    re.IGNORECASE,
)
_NAMES = re.compile(r"#\s*global\.columns\s*=\s*(?P<names>.*)")


def numbered(path: Path, options: ReadOptions) -> NumberedRecords:
    """The articles of a file, each with the number of its first line; yields Refused for invalid
    rows, whose words are unknown.

    `columns` names the columns (`word=2,tag=4`), otherwise they are detected; `sentences` is the
    maximum number in an article. What was detected is added to `notes`. Raises RecordError if the
    file cannot be read, is not text, or has no columns of words and tags.
    """
    survey = _survey(path)
    if survey is None:  # an empty file
        how = _How(path.name, Columns(1, 2), ColumnSurvey(), options.sentences)
    else:
        how = _How(path.name, _columns(path, options.columns, survey), survey, options.sentences)
        options.notes.add(path.name, described(how.columns, survey))
    with lines_of(path) as lines:
        reading = _Reading(how)
        for number, line in enumerate(lines, start=1):
            cells = cells_of(line)
            if not reading.goes_on(line, cells):
                yield from reading.take(number, line, cells)
        yield from reading.end()
    if reading.whole > _MANY_SENTENCES and not reading.marks and not options.sentences:
        options.notes.add(
            path.name,
            f"no documents are marked, so its {reading.whole:,} sentences are one article; "
            "--sentences N makes an article of every N",
        )
    for note in reading.notes:
        options.notes.add(path.name, note)


def _survey(path: Path) -> ColumnSurvey | None:
    """Statistics of the rows, including possible comments only if there are no other rows; None for
    a file with nothing but document marks."""
    survey, doubtful = ColumnSurvey(), ColumnSurvey()
    is_empty = True
    with lines_of(path) as lines:
        while some := list(islice(lines, AT_ONCE)):
            rows = list(zip(some, map(cells_of, some), strict=True))
            rows = [one for one in rows if one[1] and part_of(*one) is None]
            is_empty = is_empty and not rows
            survey.look([cells for line, cells in rows if line[0] != "#"])
            comments = [one for one in rows if one[0][0] == "#"]
            doubtful.look([cells for _, cells in comments if _may_be_row(cells)])
            for found in filter(None, (_NAMES.match(line) for line, _ in comments)):
                survey.named = tuple(found["names"].split())
    if is_empty:
        return None
    return survey if survey.rows else doubtful


def _may_be_row(cells: Sequence[str]) -> bool:
    return len(cells) > 1 and tags.is_tag(cells[-1])


def _columns(path: Path, named: str | None, survey: ColumnSurvey) -> Columns:
    if not survey.rows:
        raise RecordError(
            f"{path.name} holds no words with tags.", hint="Each row needs a word and its tag."
        )
    if named is not None:
        try:
            return as_named(named, survey)
        except ValueError as error:
            raise RecordError(
                f"{path.name} does not have the columns {named}: {error}.",
                hint=f"Most of its rows have {survey.width}, counted from 1.",
            ) from error
    found = recognised(survey)
    if found is None:
        raise RecordError(
            f"No column of {path.name} holds tags such as B-PERSON, I-PERSON and O beside words.",
            hint=_CUT if survey.width == 1 else "Name the columns: --columns word=1,tag=4",
        )
    return found


@dataclass(frozen=True)
class _How:
    file: str
    columns: Columns
    survey: ColumnSurvey
    sentences: int | None = None
    known: dict[str, str | None] = field(default_factory=dict)

    @cached_property
    def width(self) -> int:
        """The number of columns in most rows."""
        return self.survey.width

    @cached_property
    def places(self) -> tuple[int, int] | None:
        """The indices of word and tag (from 0) if nothing else in a row is needed; else None."""
        columns = self.columns
        if columns.number is not None or columns.field is not None or columns.tag < 0:
            return None
        if columns.style == BRACKETS:
            return None
        return columns.word - 1, columns.tag - 1

    @cached_property
    def most(self) -> int:
        """The maximum number of columns separated by blanks; more mean a word with blanks."""
        return self.width if self.survey.is_even else sys.maxsize

    def is_row(self, line: str, cells: Sequence[str]) -> bool:
        """Whether a line that begins with `#` is a row, not a comment."""
        if len(cells) != self.width or _SAID.match(line):
            return False
        tag = self.columns.tag_in(cells)
        if tag is None or not (tags.is_tag(tag) or self.survey.knows(cells, self.columns)):
            return False
        # A comment may end with something like a tag: `# we saw the S-400`.
        return "\t" in line or cells[0] != "#" or self.survey.knows(cells, self.columns)

    def tag_of(self, tag: str) -> str | None:
        """The tag with a prefix, or brackets unchanged; None if it is invalid."""
        if tag not in self.known:
            self.known[tag] = self._tag_of(tag)
        return self.known[tag]

    def _tag_of(self, tag: str) -> str | None:
        style = self.columns.style
        if style == BRACKETS:
            return tag if tags.is_bracket(tag) else None
        if tags.is_tag(tag):
            return tag
        if style == RESPELLED:
            return tags.respelled(tag)
        # Without prefixes, adjacent words with one label are one entity.
        return f"I-{tag}" if style == PLAIN and tags.is_plain_label(tag) else None


@dataclass(slots=True)
class _Sentence:
    """The rows of the current sentence; `bad` are the indices of those with invalid tags."""

    words: list[str] = field(default_factory=list)
    tags: list[str | None] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)  # of words with brackets
    bad: list[int] = field(default_factory=list)
    broken: bool = False
    number: int | None = None

    def add(self, word: str, tag: str | None, line: int) -> None:
        self.words.append(word)
        self.tags.append(tag)
        self.lines.append(line)

    @property
    def is_open(self) -> bool:
        """Whether an entity may continue in the last word, whatever its tag."""
        before = self.tags[-2] if len(self.tags) > 1 else None
        return before is not None and tags.may_go_on(before)

    def rows(self, style: str) -> list[Row]:
        """Its words with their tags; empty if a word is missing."""
        if self.broken:
            return []
        told = list(tags.from_brackets(self.tags)) if style == BRACKETS else self.tags
        return list(zip(self.words, tags.resolved(told, self.bad), strict=True))


@dataclass(slots=True)
class _Article:
    line: int | None = None
    name: str = ""
    sentences: list[list[Row]] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)


class _Reading:
    """Makes the rows of a file into articles."""

    def __init__(self, how: _How) -> None:
        self.how = how
        self.places, self.width = how.places, how.width
        self.article = _Article()
        self.sentence = _Sentence()
        self.marks = 0
        self.whole = 0  # the largest number of sentences in an article
        self.rows = 0
        self.notes: dict[str, None] = {}

    def goes_on(self, line: str, cells: Sequence[str]) -> bool:
        """Take an ordinary row that continues a sentence; returns whether it was one. Other lines
        go to `take`."""
        sentence, places = self.sentence, self.places
        if places is None or len(cells) != self.width or line[0] in "#-<" or not sentence.words:
            return False
        word, tag = cells[places[0]], self.how.known.get(cells[places[1]])
        if tag is None or not word:
            return False
        sentence.words.append(word)
        sentence.tags.append(tag)
        return True

    def take(
        self, number: int, line: str, cells: Sequence[str]
    ) -> Iterator[tuple[int, Record | Refused]]:
        """Read one line; yields the article that it ends, if any."""
        if not cells:
            self._end_sentence()
            yield from self._if_full()
        elif part := part_of(line, cells):
            yield from self._part(number, line, part)
        elif line.startswith("#") and not self.how.is_row(line, cells):
            if (found := _DOCUMENT.match(line)) and self._is_another(found["name"].strip()):
                yield from self._begin(number, found["name"].strip())
        else:
            self._row(number, line, cells)

    def _part(
        self, number: int, line: str, part: Boundary
    ) -> Iterator[tuple[int, Record | Refused]]:
        if part is Boundary.BREAK:
            self._end_sentence()
            yield from self._if_full()
        elif part is Boundary.ENDS:
            yield from self.end()
        else:
            yield from self._begin(number, name_in(line))

    def end(self) -> Iterator[tuple[int, Record | Refused]]:
        """End and yield the current article."""
        self._end_sentence()
        article, self.article = self.article, _Article()
        self.whole = max(self.whole, len(article.sentences))
        record = record_of(article.sentences) if article.sentences else None
        if record is not None and article.name:
            kept = replace(record.article, meta={"document": article.name})
            record = replace(record, article=kept)
        name = record.article.id if record else None
        for one in article.refused:
            yield one.line or 0, replace(one, article=name)
        if record is not None:
            yield article.line or 1, record
        elif article.line is not None and not article.refused and not article.name:
            reason = "an article without words"
            yield article.line, Refused(self.how.file, article.line, reason, kind=reason)

    def _begin(self, number: int, name: str) -> Iterator[tuple[int, Record | Refused]]:
        yield from self.end()
        self.marks += 1
        self.article = _Article(number, name)

    def _is_another(self, name: str) -> bool:
        """Whether a name begins a new document; some files repeat it before each sentence."""
        return not name or name != self.article.name

    def _if_full(self) -> Iterator[tuple[int, Record | Refused]]:
        most = self.how.sentences
        if most is not None and len(self.article.sentences) >= most:
            name = self.article.name
            yield from self.end()
            self.article = _Article(None, name)

    def _row(self, number: int, line: str, cells: Sequence[str]) -> None:
        columns = self.how.columns
        self.rows += 1
        if columns.number is not None and columns.number <= len(cells):
            own = cells[columns.number - 1]
            if tags.is_no_word_of_its_own(own):
                return
            self._number(own)
        if self.article.line is None and not self.article.sentences and not self.sentence.words:
            self.article.line = number if self.rows > 1 else None
        word = cells[columns.word - 1] if columns.word <= len(cells) else ""
        if not word or (len(cells) > self.how.most and "\t" not in line):
            kind = "row without a word" if not word else "row with too many columns"
            self._refuse(number, f"{kind}; its sentence is left out", kind)
            self.sentence.broken = True
            return
        said = columns.tag_in(cells)
        self._tag(number, line, word, said)

    def _tag(self, number: int, line: str, word: str, said: str | None) -> None:
        sentence = self.sentence
        tag = None if said is None else self.how.tag_of(said)
        if tag is None and self.rows == 1 and word.casefold() in _HEADERS:
            return
        sentence.add(word, tag, number)
        if tag is not None:
            return
        if said in tags.UNKNOWN or (said is None and "\t" in line):
            self._note_unknown(said or "")
            return
        sentence.bad.append(len(sentence.words) - 1)
        gone = (
            "the word and the entity that ends before it are unknown"
            if sentence.is_open
            else ("the word is unknown")
        )
        if said is None:
            self._refuse(number, f"no word with a tag; {gone}", "row without a tag")
        else:
            self._refuse(number, f"{said!r:.60} is not a tag; {gone}", "invalid tag")

    def _number(self, own: str) -> None:
        """Begin a sentence where the running number restarts, for files without blank lines."""
        number = tags.number_in(own)
        if number is None and own not in tags.UNKNOWN:
            self._end_sentence()
            return
        before = self.sentence.number
        if number is not None and before is not None and number <= before and number in (0, 1):
            self._end_sentence()
        self.sentence.number = number

    def _note_unknown(self, said: str) -> None:
        shown = f"`{said}`" if said else "nothing"
        held = self.how.survey.column(self.how.columns.tag)
        never = "" if held.outside else ", and no word has O: use --columns if these are not tags"
        self.notes[f"words with {shown} for a tag are unknown, not outside{never}"] = None

    def _refuse(self, number: int, why: str, kind: str) -> None:
        self.article.refused.append(Refused(self.how.file, number, why, kind=kind))

    def _end_sentence(self) -> None:
        if self.how.columns.style == BRACKETS and not self.sentence.broken:
            for one in tags.tangled(self.sentence.tags):
                line = self.sentence.lines[one.start]
                self._refuse(
                    line, f"{one.why}; its words are unknown", "brackets that do not match"
                )
        if rows := self.sentence.rows(self.how.columns.style):
            self.article.sentences.append(rows)
        self.sentence = _Sentence()
