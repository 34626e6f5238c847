"""What brat's files call things, and the shape in which spans stand in them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from annotator.core.annotations import Claim, JunkKind
from annotator.core.article import Span, Spans
from annotator.core.records.fields import CLAIM_ATTRIBUTES, Attribute
from annotator.core.text.paragraph_bounds import crosses_paragraphs

ATTRIBUTION, CONTENT, CUE, SOURCE, JUNK = "Attribution", "Content", "Cue", "Source", "Junk"
SOURCE_ENTITY = "SourceEntity"
ROLES = {CONTENT: "content", CUE: "cue", SOURCE: "source"}
RESERVED = frozenset({ATTRIBUTION, CONTENT, CUE, SOURCE, JUNK})
JUNK_KIND = "JunkKind"
# What true and false are called in the files.
_FLAGS = {"true": "yes", "false": "no"}
_FLAGS_READ = {written: word for word, written in _FLAGS.items()}
IDENTITY = "identity"
SETTINGS = "annotation.conf"

A_LINE = re.compile(r"^(?:[TEARMN]\d+|#\d*|\*)\t")
_NOT_IN_TYPES = re.compile(r"[^A-Za-z0-9_-]|_(?=x[0-9a-f]+_)")
_ESCAPED = re.compile(r"_x([0-9a-f]{1,6})_")
# Every letter that ends a line for brat, which reads its files in Python 2's way.
_BREAKS = r"\n\r\v\f\x1c-\x1e\x85\u2028\u2029"
_LINE_BREAKS = re.compile(f"[{_BREAKS}]")
_ONE_LINE = re.compile(f"[^{_BREAKS}]+")


def _written(attribute: Attribute) -> str:
    """The name of a claim's attribute in the files: `source_kind` is `SourceKind`."""
    return "".join(part.capitalize() for part in attribute.name.split("_"))


ATTRIBUTES: dict[str, Attribute] = {_written(one): one for one in CLAIM_ATTRIBUTES}
"""The attributes of claims by their names in the files."""


VALUES: dict[str, tuple[str, ...]] = {
    **{
        name: tuple(_FLAGS.get(word, word) for word in one.words)
        for name, one in ATTRIBUTES.items()
    },
    JUNK_KIND: tuple(JunkKind),
}
"""What each attribute in the files may be."""


def attributes_of(claim: Claim) -> Iterator[tuple[str, str]]:
    """Name and value, as written, of each attribute that `claim` says something of."""
    for name, attribute in ATTRIBUTES.items():
        word = attribute.word(claim)
        if word is not None:
            yield name, _FLAGS.get(word, word)


def attribute_read(name: str, value: str) -> dict[str, Any]:
    """An attribute of a claim or a junk line as the item's field; KeyError for an unknown name,
    ValueError for an unknown value."""
    if name == JUNK_KIND:
        return {"kind": JunkKind(value)}
    attribute = ATTRIBUTES[name]
    if attribute.choices is None:
        value = _FLAGS_READ.get(value, "")
    return {attribute.name: attribute.of_word(value)}


def are_lines(lines: Iterable[str]) -> bool:
    """Whether lines are those of a file of brat's: one of them is, or all are blank."""
    told = [line for line in lines if line.strip()]
    return not told or any(A_LINE.match(line) for line in told)


def to_type(label: str) -> str:
    """`label` in the letters that brat's types have; one that has a meaning here is marked."""
    written = _NOT_IN_TYPES.sub(lambda found: _escape(found.group()), label)
    return _escape(written[0]) + written[1:] if written in RESERVED else written


def from_type(name: str) -> str:
    """The label that `to_type` wrote as `name`; another program's type as it stands."""
    return _ESCAPED.sub(lambda found: _letter(found), name)


def one_line(words: str) -> str:
    """`words` with a blank for everything that some program takes for a line end."""
    return _LINE_BREAKS.sub(" ", words)


def surface(spans: Iterable[Span], text: str) -> str:
    """The words of the fragments as brat writes them: joined by one blank."""
    return " ".join(span.of(text) for span in spans)


def fragments(pieces: Iterable[Span], text: str) -> Spans:
    """The pieces as brat takes them: none touches the next, none holds a line end or only blanks.

    brat refuses fragments that touch and words that are not those at the offsets, letter by letter,
    and ends lines as Unicode does: no fragment can hold any of Unicode's line ends.
    """
    return tuple(part for piece in _merged(pieces) for part in _lines(piece, text))


def pieces(found: Iterable[Span], text: str, *, whole: bool = False) -> Spans:
    """The pieces that fragments stand for.

    Those that only a line end parts are one if `whole`, or if it ends no paragraph.
    """
    joined: list[Span] = []
    for span in _merged(sorted(found)):
        if joined and _is_one(joined[-1], span, text, whole=whole):
            joined[-1] = Span(joined[-1].start, span.end)
        else:
            joined.append(span)
    return tuple(joined)


def _is_one(before: Span, after: Span, text: str, *, whole: bool) -> bool:
    gap = text[before.end : after.start]
    if gap.strip() or not _LINE_BREAKS.search(gap):
        return False
    return whole or not crosses_paragraphs(Span(before.start, after.end), text)


def _merged(spans: Iterable[Span]) -> list[Span]:
    merged: list[Span] = []
    for span in spans:
        if merged and merged[-1].end == span.start:
            merged[-1] = Span(merged[-1].start, span.end)
        else:
            merged.append(span)
    return merged


def _lines(piece: Span, text: str) -> Iterator[Span]:
    for found in _ONE_LINE.finditer(text, piece.start, piece.end):
        if found.group().strip():
            yield Span(*found.span())


def _escape(letters: str) -> str:
    return "".join(f"_x{ord(letter):x}_" for letter in letters)


def _letter(found: re.Match[str]) -> str:
    number = int(found.group(1), 16)
    return chr(number) if number < 0x110000 and not 0xD800 <= number < 0xE000 else found.group()
