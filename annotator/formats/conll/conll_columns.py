"""Detects the columns of words and tags in a file from the values of all columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from operator import eq

from annotator.formats.conll import conll_tags as tags

PREFIXED, PLAIN, BRACKETS, RESPELLED = "prefixed", "plain", "brackets", "respelled"
AT_ONCE = 10_000
"""The number of rows examined together."""
_MOST_VALUES = 50_000  # different values counted in a column
_CLOSED = 80  # a column with no more different values contains tags of some kind
_MOST_COLUMNS = 80
_LIKE_MOST = 0.9
LAST = -1


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of word, tag and running number, counted from 1; the tag's from the end if
    negative. `field` is the key of the tag within its column, `style` the notation of tags."""

    word: int
    tag: int
    number: int | None = None
    field: str | None = None
    style: str = PREFIXED

    def tag_in(self, cells: Sequence[str]) -> str | None:
        """The tag of a row; None if it has no such column, empty if the column has no tag."""
        place = self.tag - 1 if self.tag > 0 else self.tag + len(cells)
        if not 0 <= place < len(cells):
            return None
        if self.field is None:
            return cells[place]
        found = tags.field_in(cells[place])
        return found[1] if found else ""


class Column:
    """Statistics of one column: the frequency of values and of sequences."""

    def __init__(self) -> None:
        self.rows = 0
        self.values: Counter[str] = Counter()
        self.is_open = False  # too many different values to be tags, so these are words
        self.same = 0
        self.in_order = 0
        self.steps = 0
        self._before: str | None = None

    def take(self, cells: Sequence[str]) -> None:
        """Count the cells of several rows."""
        self.rows += len(cells)
        self.same += sum(map(eq, cells, (self._before, *cells[:-1])))
        if not self.is_open:
            self.values.update(cells)
            self.is_open = len(self.values) > _MOST_VALUES
        if cells[0][:1].isdigit() or self.steps:
            self._count_numbers(cells)
        self._before = cells[-1]

    def _count_numbers(self, cells: Iterable[str]) -> None:
        """Count the cells that continue a numbering or restart it."""
        before = tags.number_in(self._before or "")
        for cell in cells:
            number = tags.number_in(cell)
            if number is None:
                self.in_order += tags.is_no_word_of_its_own(cell)
                continue
            is_next = before is not None and number == before + 1
            self.steps += is_next
            self.in_order += is_next or number in (0, 1)
            before = number

    @cached_property
    def outside(self) -> int:
        return self.values[tags.OUTSIDE]

    @cached_property
    def nothing(self) -> int:
        return sum(self.values[cell] for cell in tags.UNKNOWN)

    @cached_property
    def prefixed(self) -> Counter[str]:
        """The frequency of each label with a prefix."""
        return self._counted(tags.label_of)

    @cached_property
    def opened(self) -> Counter[str]:
        """The frequency of each label that opens a bracket."""
        return self._counted(tags.bracket_label)

    @cached_property
    def fields(self) -> Counter[str]:
        """The frequency of cells with a tag in a field, by the field's key."""
        return self._counted(_field_with_tag)

    def _counted(self, name: Callable[[str], str | None]) -> Counter[str]:
        found: Counter[str] = Counter()
        for cell, count in self.values.items():
            if (called := name(cell)) is not None:
                found[called] += count
        return found

    @cached_property
    def are_numbers(self) -> bool:
        """Whether every cell is a number."""
        return all(tags.number_in(cell) is not None for cell in self.values)

    def knows(self, cell: str) -> bool:
        """Whether a cell has a value seen before, or is a number in a column of numbers."""
        return cell in self.values or (self.are_numbers and tags.number_in(cell) is not None)

    @property
    def share_of_tags(self) -> float:
        """The share of rows with a prefixed tag, O, or nothing."""
        told = 0 if self.is_open else self.prefixed.total() + self.outside
        return (told + self.nothing) / self.rows if told else 0.0

    @property
    def share_of_brackets(self) -> float:
        if self.is_open or not self.opened or tags.are_roles(self.opened):
            return 0.0
        return self._share(tags.is_bracket)

    def _share(self, holds: Callable[[str], bool]) -> float:
        return sum(count for cell, count in self.values.items() if holds(cell)) / self.rows

    @property
    def is_numbered(self) -> bool:
        return self.steps > 0 and self.in_order >= 0.95 * self.rows

    @property
    def starts_sentences(self) -> bool:
        """Whether most cells are empty and the others contain a number, such as `Sentence: 7` where
        a sentence begins."""
        own = sum(1 for cell in self.values if any(letter.isdigit() for letter in cell))
        return 0.5 * self.rows <= self.values[""] < self.rows and own >= len(self.values) - 2

    @property
    def is_closed(self) -> bool:
        """Whether it has too few different values to contain words."""
        return len(self.values) <= _CLOSED

    @property
    def stays(self) -> bool:
        """Whether values nearly always repeat the previous row's, like the name of a document."""
        return self.rows > 2 and self.same >= 0.8 * (self.rows - 1)

    @property
    def is_respelled(self) -> bool:
        """Whether it has only O and tags in another spelling, such as B_PERSON."""
        if not self.outside or self.prefixed or not self.is_closed:
            return False
        others = [cell for cell in self.values if cell not in (tags.OUTSIDE, *tags.UNKNOWN)]
        found = [tags.respelled(cell) for cell in others]
        return bool(found) and all(found) and any((one or "")[0] in "BUSW" for one in found)

    @property
    def has_plain_labels(self) -> bool:
        """Whether it has O and a few labels without a prefix."""
        if self.is_respelled:
            return True
        if not self.outside or len(self.values) > _CLOSED // 2 or self.prefixed:
            return False
        others = self.rows - self.outside - self.nothing
        return others <= 3 * self.outside and all(
            tags.is_plain_label(cell) or cell in tags.UNKNOWN for cell in self.values
        )


@dataclass(slots=True)
class ColumnSurvey:
    """Statistics of all rows of a file, column by column."""

    rows: int = 0
    widths: Counter[int] = field(default_factory=Counter)
    columns: dict[int, Column] = field(default_factory=dict)
    named: tuple[str, ...] = ()

    def look(self, rows: Sequence[Sequence[str]]) -> None:
        """Add rows to the statistics."""
        self.rows += len(rows)
        self.widths.update(map(len, rows))
        for place, cells in enumerate(islice(_columns_of(rows), _MOST_COLUMNS), start=1):
            self.columns.setdefault(place, Column()).take(cells)
        if rows:
            self.columns.setdefault(LAST, Column()).take([row[-1] for row in rows])

    @property
    def width(self) -> int:
        """The number of columns in most rows."""
        return self.widths.most_common(1)[0][0] if self.widths else 0

    @property
    def is_even(self) -> bool:
        """Whether nearly all rows have this number of columns."""
        return self.widths[self.width] >= _LIKE_MOST * self.rows

    def column(self, place: int) -> Column:
        """The statistics of a column, numbered as in Columns."""
        if place < LAST:
            place += self.width + 1
        return self.columns.get(place, Column())

    def knows(self, cells: Sequence[str], columns: Columns) -> bool:
        """Whether the cells of a row beside its word have values seen in other rows."""
        tag = columns.tag_in(cells)
        beside = [
            place
            for place in range(1, len(cells) + 1)
            if place not in (columns.word, columns.tag, columns.number)
            and self.column(place).is_closed
        ]
        if tag is None or not all(self.column(n).knows(cells[n - 1]) for n in beside):
            return False
        held, label = self.column(columns.tag), tags.label_of(tag)
        if tag == tags.OUTSIDE or label in held.prefixed or tag in held.values:
            return True
        return bool(beside and label) and any(letter.isalpha() for letter in label or "")

    def layers(self) -> list[int]:
        """The columns with entity tags in most rows, the best first."""
        shares = {place: one.share_of_tags for place, one in self._left()}
        most = max(shares.values(), default=0.0)
        found = [place for place, share in shares.items() if share >= max(0.5, 0.9 * most)]
        names = [one for one in found if not self._are_phrases(one)]
        return sorted(names or found, key=self._by_entities)

    def _left(self) -> Iterable[tuple[int, Column]]:
        enough = 0.5 * self.rows
        return ((n, one) for n, one in self.columns.items() if n > 0 and one.rows > enough)

    def _are_phrases(self, place: int) -> bool:
        labels = self.columns[place].prefixed
        return bool(labels) and tags.are_chunks(labels)

    def _by_entities(self, place: int) -> tuple[bool, int, int]:
        held = self.columns[place].prefixed
        count = held.total()
        numbers_alone = bool(held) and not any(letter.isalpha() for one in held for letter in one)
        return numbers_alone, -count, place if count else -place


def recognised(survey: ColumnSurvey) -> Columns | None:
    """The columns of a file; None if no column contains tags, or no other one words."""
    for find in (_by_names, _by_prefixes, _by_fields, _by_brackets, _by_plain_labels, _by_last):
        found = find(survey)
        if found is not None:
            tag, inner, style = found
            columns = _with_word(survey, tag, inner, style)
            if columns is not None:
                return columns
    return None


def _columns_of(rows: Sequence[Sequence[str]]) -> Iterator[Sequence[str]]:
    """The cells of each column; rows may lack the last columns."""
    widths = set(map(len, rows))
    if len(widths) == 1:
        yield from zip(*rows, strict=True)
        return
    for place in range(max(widths, default=0)):
        yield [row[place] for row in rows if len(row) > place]


def _field_with_tag(cell: str) -> str | None:
    found = tags.field_in(cell) if "=" in cell else None
    return found[0] if found and tags.is_tag(found[1]) else None


_Tag = tuple[int, str | None, str]


def _by_names(survey: ColumnSurvey) -> _Tag | None:
    """Find the tags by the column names in the file (CoNLL-U Plus)."""
    for place, name in enumerate(survey.named, start=1):
        field = name.rpartition(":")[2].upper()
        if field in ("NER", "NE", "ENTITY", "NER_TAG", "NE_TAG"):
            return place, None, style_of(survey.column(place))
    return None


def _by_prefixes(survey: ColumnSurvey) -> _Tag | None:
    layers = survey.layers()
    plain = _by_plain_labels(survey)
    if not layers or (plain and not survey.columns[layers[0]].prefixed):
        return None
    # If all cells of two columns could be tags, the words are in the first.
    others = [n for n, _ in survey._left() if n not in layers]  # same module
    if len(layers) > 1 and not others and not survey.columns[layers[0]].prefixed:
        return max(layers), None, PREFIXED
    return layers[0], None, PREFIXED


def _by_fields(survey: ColumnSurvey) -> _Tag | None:
    for place, one in survey.columns.items():
        if place > 0 and one.fields.total():
            return place, one.fields.most_common(1)[0][0], PREFIXED
    return None


def _by_brackets(survey: ColumnSurvey) -> _Tag | None:
    found = [n for n, one in survey.columns.items() if n > 0 and one.share_of_brackets >= 0.9]
    return (found[0], None, BRACKETS) if found else None


def _by_plain_labels(survey: ColumnSurvey) -> _Tag | None:
    found = [n for n, one in survey.columns.items() if n > 0 and one.has_plain_labels]
    found = [n for n in found if len(survey.columns[n].values) > 1]
    return (found[-1], None, style_of(survey.columns[found[-1]])) if found else None


def _by_last(survey: ColumnSurvey) -> _Tag | None:
    """Find the tags in the last column, if rows differ in their number of columns."""
    last = survey.column(LAST)
    return (LAST, None, PREFIXED) if last.share_of_tags >= _LIKE_MOST else None


def _with_word(survey: ColumnSurvey, tag: int, inner: str | None, style: str) -> Columns | None:
    """Add the column of words: the first that is not a number, a tag or a document's name."""
    taken = {tag if tag > 0 else survey.width, *survey.layers()}
    left = [n for n in sorted(survey.columns) if n > 0 and n not in taken]
    number = next((n for n in left if survey.columns[n].is_numbered), None)
    starts = next((n for n in left if survey.columns[n].starts_sentences), None)
    number = starts if number is None else number
    words = [n for n in left if survey.columns[n].nothing < survey.columns[n].rows]
    best = [n for n in words if n != number and not survey.columns[n].stays]
    best = best or [n for n in words if n != number]
    if not best:
        best, number = words or [n for n in sorted(survey.columns) if 0 < n != tag], None
    if not best:
        return None
    return Columns(_named_word(survey) or best[0], tag, number, inner, style)


def _named_word(survey: ColumnSurvey) -> int | None:
    return survey.named.index("FORM") + 1 if "FORM" in survey.named else None


def style_of(held: Column) -> str:
    if held.share_of_brackets >= 0.9:
        return BRACKETS
    if held.is_respelled:
        return RESPELLED
    return PLAIN if held.outside and not held.prefixed and held.has_plain_labels else PREFIXED
