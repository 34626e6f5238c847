"""Determines the offset unit of a file: as requested, otherwise as proved by words in the file.

The result is noted for the user; if it is unclear and matters, an InvalidAnnotation names the
option to use.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from annotator.core.article import Span
from annotator.errors import RecordError
from annotator.formats.base import Notes
from annotator.formats.external_text import ExternalText, InvalidAnnotation
from annotator.formats.proving import Proof, WordsAt, checkable, proved, supposed
from annotator.formats.readings import PLAIN, Reading, reading_named

Row = tuple[Any, Any, Any]
"""Offsets in a file, and the words that it has for them; None if it has none."""


@dataclass(frozen=True, slots=True)
class Spans:
    """Converts offsets of one text, in its reading."""

    text: ExternalText
    reading: Reading = PLAIN

    def at(self, start: Any, end: Any, words: Any = None) -> Span:
        """`[start, end)` as a span of our text; raises InvalidAnnotation if it is invalid, or its
        words differ."""
        return self.text.span(start, end, reading=self.reading, words=words)


@dataclass(frozen=True, slots=True)
class Counting:
    """The options for the offsets of a file.

    `of_the_file` gives all its texts with offsets and words, for when one text proves too little.
    """

    file: str
    asked: Reading | None = None
    notes: Notes | None = None
    of_the_file: Callable[[], Iterable[tuple[str, Sequence[Row]]]] | None = None

    def spans(
        self,
        text: ExternalText,
        rows: Iterable[Row],
        *,
        doubted: Collection[str] = (),
        ours: bool = False,
    ) -> Spans:
        """The converter for a text with these rows; plain if we wrote the file (`ours`).

        `doubted` are the units that the tool may use, for rows without words. Raises
        InvalidAnnotation if the unit is unclear and matters.
        """
        asked = PLAIN if ours else self.asked
        known = list(rows)
        told = checkable(known)
        untold = [(row[0], row[1]) for row in known if row[2] is None and _are_offsets(*row[:2])]
        if told:
            proof = proved(text.reader, told, untold, asked=asked, of_the_file=self._whole_file())
        elif untold and doubted and asked is None:
            proof = supposed(text.reader, untold, doubted)
        else:
            proof = Proof(asked or PLAIN)
        for other in proof.others:
            self._ask(text, proof.reading, other, [*told, *((*one, None) for one in untold)])
        if told and proof.reading not in (PLAIN, asked):
            self._note(proof.reading)
        if proof.is_torn and self.notes is not None:
            self.notes.add(
                self.file,
                f"no single offset unit fits all its words: {proof.reading.words} are used "
                "(choose with --offsets), and words that do not fit are refused",
            )
        return Spans(text, proof.reading)

    def _whole_file(self) -> Callable[[], Iterable[tuple[str, Sequence[WordsAt]]]] | None:
        every = self.of_the_file
        return every and (lambda: ((raw, checkable(rows)) for raw, rows in every()))

    def _note(self, reading: Reading) -> None:
        if self.notes is not None:
            self.notes.add(
                self.file,
                f"offsets count {reading.words}: only these fit all words "
                f"(--offsets {reading.name})",
            )

    def _ask(self, text: ExternalText, one: Reading, other: Reading, rows: Iterable[Row]) -> None:
        for start, end, words in rows:
            here, there = (_tried(text, start, end, words, each) for each in (one, other))
            if here != there:
                raise InvalidAnnotation(
                    f"its offset unit is unclear: [{start}, {end}) is {_shown(text, here)} in "
                    f"{one.words}, but {_shown(text, there)} in {other.words}; choose with "
                    f"--offsets {other.name} or --offsets {one.name}",
                    "ambiguous offset unit",
                )


def counting(
    path: Path,
    offsets: str | None = None,
    notes: Notes | None = None,
    of_the_file: Callable[[], Iterable[tuple[str, Sequence[Row]]]] | None = None,
) -> Counting:
    """The options for the offsets of a file, with the requested unit; raises RecordError if that is
    unknown."""
    try:
        asked = reading_named(offsets) if offsets is not None else None
    except ValueError as error:
        raise RecordError(f"Unknown offset unit {offsets!r}.", hint=f"{error}.") from error
    return Counting(path.name, asked, notes, of_the_file)


def _are_offsets(start: object, end: object) -> bool:
    return type(start) is int and type(end) is int


def _tried(
    text: ExternalText, start: int, end: int, words: str | None, reading: Reading
) -> Span | None:
    try:
        return text.span(start, end, reading=reading, words=words)
    except InvalidAnnotation:
        return None


def _shown(text: ExternalText, span: Span | None) -> str:
    if span is None:
        return "nothing"
    return f"{span.of(text.text)!r:.40} at [{span.start}, {span.end})"
