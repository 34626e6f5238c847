"""Reads WebAnno TSV 3.0 to 3.3, as INCEpTION and WebAnno export it: one article a file.

The text is put together of its sentences as INCEpTION does, and every row must have the words of
its place. Named entities, our own layers, and layers that the scheme knows are read as from UIMA
CAS; everything else is refused, grouped by layer.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from annotator.core.record import Record
from annotator.errors import RecordError
from annotator.formats.base import Format, FormatReader, Option, ReadOptions, Refused, counted
from annotator.formats.counting import Counting
from annotator.formats.external_text import InvalidAnnotation, decoded
from annotator.formats.marks.read_marks import read_marks
from annotator.formats.marks.shown_marks import MarkedText
from annotator.formats.plain_files import content_of
from annotator.formats.refusals import RefusedPiece, kept_beside
from annotator.formats.signs import Sign, Signs, Strength
from annotator.formats.uima.layer_marks import LayerMarks, with_links
from annotator.formats.webanno_tsv.tsv_annotations import Annotations
from annotator.formats.webanno_tsv.tsv_header import header_of
from annotator.formats.webanno_tsv.tsv_text import TextMaker, sentences_in

_NOT_UTF8 = "file that is not UTF-8"


def read(path: Path, options: ReadOptions) -> Iterator[Record | Refused]:
    """The record of a file, after its refused parts; Refused if it is not WebAnno TSV 3. Raises
    RecordError if the file cannot be read."""
    try:
        content = content_of(path, (path.resolve().parent,))
        lines = decoded(content).removeprefix("\ufeff").split("\n")
        yield from _read_lines([line.removesuffix("\r") for line in lines], path, options)
    except InvalidAnnotation as invalid:
        yield Refused(path.name, None, str(invalid), kind=invalid.kind)
    except UnicodeDecodeError as error:
        reason = f"not UTF-8 text: byte {error.start + 1:,} is invalid"
        yield Refused(path.name, None, reason, kind=_NOT_UTF8)
    except OSError as error:
        raise RecordError(
            f"{path} cannot be read: {error.strerror or error}.", hint="Check the file's name."
        ) from error


def _read_lines(lines: list[str], path: Path, options: ReadOptions) -> Iterator[Record | Refused]:
    if not any(lines):
        return
    header = header_of(lines)
    lost: list[RefusedPiece] = []
    body = TextMaker(header.minor, header.width, lost)
    rows = Annotations(header, lost)
    for sentence in sentences_in(enumerate(lines, start=1), lost):
        for unit in body.add(sentence):
            rows.take(unit)
    for note in (*body.notes, *rows.notes):
        options.notes.add(path.name, note)
    layers = LayerMarks(options.means, lost=lost)
    rows.mark(layers)
    text = body.text
    told = MarkedText(
        text,
        tuple(layers.marks),
        tuple(layers.links),
        meta=kept_beside({}, "features", layers.beside),
    )
    how = Counting(path.name)
    refused = tuple(_in_our_text(one, text) for one in layers.refusals())
    for one in read_marks(told, how, options.means, 1, refused):
        yield with_links(one) if isinstance(one, Record) else one


def _in_our_text(one: RefusedPiece, text: str) -> RefusedPiece:
    """A refused part with its spans in our text; unknown ones where its line ends are others."""
    is_moved = "\r" in text or text.startswith("\ufeff")
    return replace(one, spans=None) if one.spans and is_moved else one


FORMAT = Format(
    "webanno-tsv",
    ".tsv",
    reader=FormatReader(counted(read), takes=frozenset({Option.MEANS})),
    signs=Signs(
        heads=(
            Sign(
                "WebAnno's TSV, as INCEpTION exports it",
                head=r"\A#FORMAT=WebAnno TSV 3\b",
                strength=Strength.CERTAIN,
            ),
        )
    ),
)
