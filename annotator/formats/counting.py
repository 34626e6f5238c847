"""How the offsets of one file are read: as was asked for, else as the words beside them prove.

What is found out is noted; what cannot be, though it matters, is a Misfit that says how to ask.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from annotator.core.article import Span
from annotator.errors import RecordError
from annotator.formats.base import Notes
from annotator.formats.external_text import ForeignText, Misfit
from annotator.formats.proving import Proof, Told, proved, supposed, told_of
from annotator.formats.readings import PLAIN, Reading, reading_named

Row = tuple[Any, Any, Any]
"""Offsets of a file, and the words that it says stand there; None if it says none."""


@dataclass(frozen=True, slots=True)
class Spans:
    """The spans of one text, counted in the way that is known to be its own."""

    text: ForeignText
    reading: Reading = PLAIN

    def at(self, start: Any, end: Any, words: Any = None) -> Span:
        """Where `[start, end)` lies in our text; Misfit if nowhere, or where other words stand."""
        return self.text.span(start, end, reading=self.reading, words=words)


@dataclass(frozen=True, slots=True)
class Counting:
    """What is known of a file's offsets before its texts are looked at.

    `of_the_file` gives all its texts with the words told of them, should one text prove too little.
    """

    file: str
    asked: Reading | None = None
    notes: Notes | None = None
    of_the_file: Callable[[], Iterable[tuple[str, Sequence[Row]]]] | None = None

    def spans(
        self,
        text: ForeignText,
        rows: Iterable[Row],
        *,
        doubted: Collection[str] = (),
        ours: bool = False,
    ) -> Spans:
        """The spans of a text, of which the file says these rows; `ours` are plain.

        `doubted` are the units between which nothing is known where it says no words at all: such
        files are no one's who says what is counted. Misfit where it matters and has to be asked.
        """
        asked = PLAIN if ours else self.asked
        known = list(rows)
        told = told_of(known)
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
                f"no one way of counting fits all its words: {proof.reading.words} are counted "
                "(--offsets for another way), and words that do not stand so are refused",
            )
        return Spans(text, proof.reading)

    def _whole_file(self) -> Callable[[], Iterable[tuple[str, Sequence[Told]]]] | None:
        every = self.of_the_file
        return every and (lambda: ((raw, told_of(rows)) for raw, rows in every()))

    def _note(self, reading: Reading) -> None:
        if self.notes is not None:
            self.notes.add(
                self.file,
                f"offsets count {reading.words}: only so do all words stand where it says "
                f"(--offsets {reading.name})",
            )

    def _ask(self, text: ForeignText, one: Reading, other: Reading, rows: Iterable[Row]) -> None:
        for start, end, words in rows:
            here, there = (_tried(text, start, end, words, each) for each in (one, other))
            if here != there:
                raise Misfit(
                    f"what its offsets count is not clear: [{start}, {end}) is "
                    f"{_shown(text, here)} if it is {one.words}, but {_shown(text, there)} if it "
                    f"is {other.words}; say which with "
                    f"--offsets {other.name} or --offsets {one.name}",
                    "text whose offsets may be counted in two ways",
                )


def counting(
    path: Path,
    offsets: str | None = None,
    notes: Notes | None = None,
    of_the_file: Callable[[], Iterable[tuple[str, Sequence[Row]]]] | None = None,
) -> Counting:
    """How to read a file whose offsets were said to count this; RecordError if it is nothing that
    can be counted."""
    try:
        asked = reading_named(offsets) if offsets is not None else None
    except ValueError as error:
        raise RecordError(
            f"What the offsets count cannot be {offsets!r}.", hint=f"{error}."
        ) from error
    return Counting(path.name, asked, notes, of_the_file)


def _are_offsets(start: object, end: object) -> bool:
    return type(start) is int and type(end) is int


def _tried(
    text: ForeignText, start: int, end: int, words: str | None, reading: Reading
) -> Span | None:
    try:
        return text.span(start, end, reading=reading, words=words)
    except Misfit:
        return None


def _shown(text: ForeignText, span: Span | None) -> str:
    if span is None:
        return "nothing"
    return f"{span.of(text.text)!r:.40} at [{span.start}, {span.end})"
