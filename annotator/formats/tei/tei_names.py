"""The names of TEI's elements, and text in XML, for writing and reading."""

from __future__ import annotations

import re
from collections.abc import Mapping

SPACE = "http://www.tei-c.org/ns/1.0"
XML_ID = "{http://www.w3.org/XML/1998/namespace}id"
XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
ELEMENTS: Mapping[str, str] = {
    "PERSON": "persName",
    "ORG": "orgName",
    "GPE": "placeName",
    "LOC": "placeName",
    "FAC": "placeName",
    "LOCATION": "placeName",
    "DATE": "date",
    "TIME": "time",
}
"""The element of each label; all others are `name`."""
LABELS: Mapping[str, str] = {
    "persName": "PERSON",
    "orgName": "ORG",
    "placeName": "GPE",
    "settlement": "GPE",
    "region": "GPE",
    "country": "GPE",
    "geogName": "LOC",
    "date": "DATE",
    "time": "TIME",
    "name": "NAME",
    "rs": "NAME",
}
"""The label of each element in files of others, unless a `name` or an `rs` has a `type`."""
BLOCKS = frozenset(
    (
        *("ab", "argument", "byline", "cell", "closer", "dateline", "div", "docAuthor", "docTitle"),
        *("epigraph", "figDesc", "front", "back", "body", "head", "item", "l", "label", "lg"),
        *("list", "note", "opener", "p", "postscript", "row", "salute", "signed", "sp", "speaker"),
        *("stage", "table", "titlePart", "trailer", "div1", "div2", "div3", "group", "text"),
        "figure",
    )
)
"""Elements that are paragraphs of their own."""
# Everything but the characters of XML 1.0.
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ESCAPED = re.compile(r"\\(?:u([0-9a-f]{4})|(\\))")
_MARKUP = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
_IN_VALUE = str.maketrans({'"': "&quot;", "\n": "&#10;", "\t": "&#9;"})


def glyph_id(letter: str) -> str:
    """The name of a character that XML cannot hold: `u0001`."""
    return f"u{ord(letter):04x}"


def glyphs_in(text: str) -> list[str]:
    """The characters of a text that XML cannot hold, each once, in order."""
    return sorted(set(_ILLEGAL.findall(text)))


def in_element(text: str) -> str:
    """Text as the content of an element; a character that XML cannot hold is a `g`."""
    plain = text.translate(_MARKUP)
    return _ILLEGAL.sub(lambda found: f'<g ref="#{glyph_id(found.group())}"/>', plain)


def in_attribute(value: str) -> str:
    """Text as the value of an attribute, in quotes; a character that XML cannot hold is escaped
    as in JSON, and so is a backslash."""
    bare = value.replace("\\", "\\\\")
    bare = _ILLEGAL.sub(lambda found: f"\\{glyph_id(found.group())}", bare)
    return f'"{bare.translate(_MARKUP).translate(_IN_VALUE)}"'


def of_attribute(value: str) -> str:
    """The inverse of `in_attribute`, for a value that the parser has read."""
    return _ESCAPED.sub(lambda found: found[2] or chr(int(found[1], 16)), value)


def glyph_of(reference: str) -> str | None:
    """The character that a `g` of ours refers to; None for others."""
    found = re.fullmatch(r"#u([0-9a-f]{4})", reference)
    return chr(int(found[1], 16)) if found else None
