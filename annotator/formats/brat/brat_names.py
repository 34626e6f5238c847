"""The names of types and attributes in brat files, and the form of their spans."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from annotator.core.annotations import Claim, JunkKind, MadeBy, Verdict
from annotator.core.article import Span, Spans
from annotator.core.claim_ties import Tie
from annotator.core.records.fields import CLAIM_ATTRIBUTES, Attribute
from annotator.core.text.paragraph_bounds import crosses_paragraphs
from annotator.formats.tie_relations import LABELS

ATTRIBUTION, CONTENT, CUE, SOURCE, JUNK = "Attribution", "Content", "Cue", "Source", "Junk"
SOURCE_ENTITY = "SourceEntity"
ROLES = {CONTENT: "content", CUE: "cue", SOURCE: "source"}
RESERVED = frozenset({ATTRIBUTION, CONTENT, CUE, SOURCE, JUNK})
JUNK_KIND = "JunkKind"
# True and false in the files.
_FLAGS = {"true": "yes", "false": "no"}
_FLAGS_READ = {written: word for word, written in _FLAGS.items()}
IDENTITY = "identity"
TIES = {label: relation for relation, label in LABELS.items()}
"""The relations that tie claims, by their names in brat."""
_LINK = re.compile(rf"(?!{IDENTITY}:)[^\s:\0]+:[^\s\0]+")
SETTINGS = "annotation.conf"

A_LINE = re.compile(r"^(?:[TEARMN]\d+|#\d*|\*)\t")
_NOT_IN_TYPES = re.compile(r"[^A-Za-z0-9_-]|_(?=x[0-9a-f]+_)")
_ESCAPED = re.compile(r"_x([0-9a-f]{1,6})_")
# All characters that end a line for brat, which reads its files as Python 2 does.
_BREAKS = r"\n\r\v\f\x1c-\x1e\x85\u2028\u2029"
_LINE_BREAKS = re.compile(f"[{_BREAKS}]")
_ONE_LINE = re.compile(f"[^{_BREAKS}]+")


def _written(attribute: Attribute) -> str:
    """The name of a claim's attribute in brat: `SourceKind` for `source_kind`."""
    return "".join(part.capitalize() for part in attribute.name.split("_"))


ATTRIBUTES: dict[str, Attribute] = {_written(one): one for one in CLAIM_ATTRIBUTES}
"""The attributes of claims by their names in brat."""


VALUES: dict[str, tuple[str, ...]] = {
    **{
        name: tuple(_FLAGS.get(word, word) for word in one.words)
        for name, one in ATTRIBUTES.items()
    },
    JUNK_KIND: tuple(JunkKind),
}
"""The values of each attribute in brat."""


def attributes_of(claim: Claim) -> Iterator[tuple[str, str]]:
    """The name and value in brat of each attribute that is set in `claim`."""
    for name, attribute in ATTRIBUTES.items():
        word = attribute.word(claim)
        if word is not None:
            yield name, _FLAGS.get(word, word)


def attribute_read(name: str, value: str) -> dict[str, Any]:
    """An attribute of a claim or a junk line as a field of the item; raises KeyError for an unknown
    name, ValueError for an unknown value."""
    if name == JUNK_KIND:
        return {"kind": JunkKind(value)}
    attribute = ATTRIBUTES[name]
    if attribute.choices is None:
        value = _FLAGS_READ.get(value, "")
    return {attribute.name: attribute.of_word(value)}


def tie_read(claim: str, name: str, article: str, other: str) -> Tie:
    """The tie of two claims of an article that a relation with this name is; raises KeyError."""
    return Tie(claim, TIES[name], article, other, MadeBy.IMPORT, Verdict.ACCEPTED)


def link_written(link: str | None) -> str | None:
    """The link of an identity, if a normalisation can hold it: `wikidata:Q1`; otherwise None."""
    return link if link is not None and _LINK.fullmatch(link) else None


def are_lines(lines: Iterable[str]) -> bool:
    """Whether the lines are from a brat file: one of them is a brat line, or all are blank."""
    filled = [line for line in lines if line.strip()]
    return not filled or any(A_LINE.match(line) for line in filled)


def to_type(label: str) -> str:
    """`label` as a brat type, with other characters escaped; a reserved name is escaped too."""
    written = _NOT_IN_TYPES.sub(lambda found: _escape(found.group()), label)
    return _escape(written[0]) + written[1:] if written in RESERVED else written


def from_type(name: str) -> str:
    """The label for a type written by `to_type`; other types are returned unchanged."""
    return _ESCAPED.sub(lambda found: _letter(found), name)


def one_line(words: str) -> str:
    """`words` with a blank for each character that some program treats as a line end."""
    return _LINE_BREAKS.sub(" ", words)


def surface(spans: Iterable[Span], text: str) -> str:
    """The words of the fragments, joined by one blank as in brat."""
    return " ".join(span.of(text) for span in spans)


def fragments(pieces: Iterable[Span], text: str) -> Spans:
    """The pieces as brat fragments: not adjacent, without line ends, and not only blanks.

    brat rejects adjacent fragments and words that differ from those at the offsets, and treats all
    Unicode line ends as line ends, so no fragment may contain one.
    """
    return tuple(part for piece in _merged(pieces) for part in _split_at_line_ends(piece, text))


def pieces(found: Iterable[Span], text: str, *, whole: bool = False) -> Spans:
    """The pieces for fragments: the inverse of `fragments`.

    Fragments separated only by a line end are joined if `whole`, or within a paragraph.
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


def _split_at_line_ends(piece: Span, text: str) -> Iterator[Span]:
    for found in _ONE_LINE.finditer(text, piece.start, piece.end):
        if found.group().strip():
            yield Span(*found.span())


def _escape(letters: str) -> str:
    return "".join(f"_x{ord(letter):x}_" for letter in letters)


def _letter(found: re.Match[str]) -> str:
    number = int(found.group(1), 16)
    return chr(number) if number < 0x110000 and not 0xD800 <= number < 0xE000 else found.group()
