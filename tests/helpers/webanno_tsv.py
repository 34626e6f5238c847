"""Writes WebAnno TSV 3.3 of marks, as INCEpTION exports it, for tests of its reader."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from annotator.core.article import Span
from annotator.core.record import Record
from annotator.formats.marks.shown_marks import (
    IDENTITY,
    SOURCE_ENTITY,
    MarkedText,
    MarkKind,
    SpanMark,
    shown,
)
from annotator.formats.uima import uima_types as types

ATTRIBUTES = ("certainty", "check_worthy", "quotation", "source_kind", "stance")
HEADER = f"""#FORMAT=WebAnno TSV 3.3
#T_SP={types.ENTITY}|identifier|value
#T_SP={types.PART}|{"|".join(ATTRIBUTES)}|ROLE_{types.PART}:entity_{types.SPEAKER}|{types.ENTITY}|role
#T_SP={types.JUNK}|kind
#T_RL={types.LINK}|label|BT_{types.PART}

"""
_SIGNS = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "->": "\\->"}
_RESERVED = re.compile(r"->|[\\\[\]|_;\t\n*]")
_IN_TEXT = {"\\": "\\\\", "\t": "\\t", "\f": "\\f", "\r": "\\r", "\b": "\\b"}


def escaped(value: str | None) -> str:
    """A value of a cell; `*` for none."""
    if value is None:
        return "*"
    return _RESERVED.sub(lambda found: _SIGNS.get(found[0], "\\" + found[0]), value)


def escaped_text(line: str) -> str:
    """A line of a text."""
    return "".join(_IN_TEXT.get(letter, letter) for letter in line)


def tsv_of(record: Record) -> str:
    """A file of one sentence with the decided items of a record."""
    return tsv_of_marks(shown(record))


def tsv_of_marks(told: MarkedText) -> str:
    """A file of one sentence with these marks, whose ends are at words."""
    rows = _MarkRows(told)
    lines = "".join(f"#Text={escaped_text(line)}\n" for line in str(told.text).split("\n"))
    return f"{HEADER}\n{lines}{''.join(rows.lines())}"


def fits(one: SpanMark, text: str) -> bool:
    """Whether a mark begins and ends at words, as TSV demands."""
    words = text[one.start : one.end]
    return bool(words.strip()) and words == words.strip()


@dataclass
class _MarkRows:
    told: MarkedText

    def lines(self) -> Iterator[str]:
        text = str(self.told.text)
        tokens = list(_tokens(text, self.told.marks))
        wide = [n for n, letter in enumerate(text) if letter > "\uffff"]
        numbers = {mark.name: n for n, mark in enumerate(self.told.marks, start=1)}
        ids = {
            mark.name: next(
                f"1-{n}" for n, token in enumerate(tokens, start=1) if token.start >= mark.start
            )
            for mark in self.told.marks
        }
        for n, token in enumerate(tokens, start=1):
            first, last = (place + bisect_left(wide, place) for place in (token.start, token.end))
            here = [m for m in self.told.marks if m.start < token.end and token.start < m.end]
            cells = [*self._cells(here, numbers, ids), *self._relations(f"1-{n}", numbers, ids)]
            row = "\t".join(cells)
            yield f"1-{n}\t{first}-{last}\t{token.of(text)}\t{row}\t\n"

    def _cells(
        self, here: Sequence[SpanMark], numbers: Mapping[str, int], ids: Mapping[str, str]
    ) -> Iterator[str]:
        def column(marks: Sequence[SpanMark], values: Sequence[str]) -> str:
            both = zip(marks, values, strict=True)
            return "|".join(f"{value}[{numbers[mark.name]}]" for mark, value in both) or "_"

        entities = [one for one in here if one.kind is MarkKind.ENTITY]
        junk = [one for one in here if one.kind is MarkKind.JUNK]
        parts = [one for one in here if one not in entities and one not in junk]
        yield column(entities, [escaped(one.said.get(IDENTITY)) for one in entities])
        yield column(entities, [escaped(one.label) for one in entities])
        for name in ATTRIBUTES:
            yield column(parts, [escaped(one.said.get(name)) for one in parts])
        speakers = {link.one: link.other for link in self.told.links if link.label == SOURCE_ENTITY}
        yield column(parts, ["source" if one.name in speakers else "_" for one in parts])
        slots = (
            f"{ids[speakers[one.name]]}[{numbers[speakers[one.name]]}]"
            if one.name in speakers
            else "*"
            for one in parts
        )
        yield "|".join(slots) or "_"
        yield column(parts, [escaped(one.label) for one in parts])
        yield column(junk, [escaped(one.label) for one in junk])

    def _relations(
        self, unit: str, numbers: Mapping[str, int], ids: Mapping[str, str]
    ) -> Iterator[str]:
        own = [
            link
            for link in self.told.links
            if link.label != SOURCE_ENTITY and ids[link.one] == unit
        ]
        yield "|".join(escaped(link.label) for link in own) or "_"
        yield (
            "|".join(
                f"{ids[link.other]}[{numbers[link.other]}_{numbers[link.one]}]" for link in own
            )
            or "_"
        )


def _tokens(text: str, marks: Sequence[SpanMark]) -> Iterator[Span]:
    """The words of a text, divided where marks begin and end."""
    edges = sorted({edge for mark in marks for edge in (mark.start, mark.end)})
    for found in re.finditer(r"\S+", text):
        inside = [edge for edge in edges if found.start() < edge < found.end()]
        yield from (
            Span(*pair)
            for pair in zip((found.start(), *inside), (*inside, found.end()), strict=True)
        )
