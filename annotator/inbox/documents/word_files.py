"""Reads the article in a Word document (.docx): text as a reader sees it, without its layout.

Insertions of tracked changes are in the text, deletions are not; comments, headers, footers and
hidden text are left out. Footnotes follow the text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from lxml.etree import _Element as Element

from annotator.core.article import Article
from annotator.errors import ReadError
from annotator.inbox.decoding import document_suffix, refuse_documents
from annotator.inbox.documents.document_article import article_of, in_time
from annotator.inbox.documents.document_names import honest_author, honest_title
from annotator.inbox.documents.office_package import (
    OfficePackage,
    attribute,
    damaged,
    local,
    password_needed,
    words_in,
)

_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_OLE = b"\xd0\xcf\x11\xe0"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_NOT_SHOWN_NAMES = (
    "del moveFrom delText instrText delInstrText pPr rPr tblPr trPr tcPr sectPr sdtPr rt"
)
_NOT_SHOWN = frozenset(_NOT_SHOWN_NAMES.split())
_NOTES = ("footnote", "endnote")
_SIGNS = {"tab": " ", "ptab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_FIRST_SURROGATE = 0xD800


def read_docx(raw: bytes, name: str, *, encodings: Sequence[str] = ()) -> tuple[Article, ...]:  # noqa: ARG001
    """The one article of a Word document. Raises ReadError if there is none."""
    if raw.startswith(_OLE) and _ENCRYPTED in raw:
        raise password_needed()
    if not raw.startswith(b"PK"):
        refuse_documents(raw, name)
        raise ReadError(
            "This is not a Word document.", hint="If it is plain text, rename it to end in .txt."
        )
    return (in_time(lambda: _article_in(raw, name)),)


def _article_in(raw: bytes, name: str) -> Article:
    package = OfficePackage(raw)
    main = package.related("", "officeDocument") or "word/document.xml"
    root = package.xml_of(main)
    body = None if root is None else next((one for one in root if local(one) == "body"), None)
    if body is None:
        if document_suffix(raw) != ".docx":
            refuse_documents(raw, name)
        raise damaged("its text is missing")
    text = _WordText()
    text.read_block(body)
    text.end_paragraph()
    for kind in _NOTES:
        part = package.related(main, f"{kind}s")
        text.read_notes(package.xml_of(part) if part else None, kind)
    core = package.xml_of(package.related("", "core-properties") or "docProps/core.xml")
    return article_of(
        text.paragraphs,
        name,
        title=text.title or honest_title(words_in(core, "title")),
        author=honest_author(words_in(core, "creator")),
    )


@dataclass
class _WordText:
    """The paragraphs found so far, and where reading stands."""

    paragraphs: list[str] = field(default_factory=list)
    title: str | None = None
    _words: list[str] = field(default_factory=list)
    _boxes: list[Element] = field(default_factory=list)
    # For each open field whether its code is being read; its result follows.
    _codes: list[bool] = field(default_factory=list)
    _notes: dict[str, list[str]] = field(default_factory=lambda: {kind: [] for kind in _NOTES})

    def read_block(self, parent: Element) -> None:
        """Add the paragraphs in an element."""
        for one in parent:
            name = local(one)
            if name == "p":
                self._read_inline(one)
                if not _mark_is_deleted(one):  # otherwise the next paragraph continues this one
                    self.end_paragraph(is_title=_style_of(one).casefold() == "title")
            elif not _is_deleted_row(one):
                self.read_block(_shown(one) if name == "AlternateContent" else one)

    def end_paragraph(self, *, is_title: bool = False) -> None:
        """Add the paragraphs of the words read since the last one, then those of its boxes."""
        words, boxes = "".join(self._words), self._boxes
        self._words, self._boxes = [], []
        # The code of a field ends in its paragraph; the rest is not lost where its end is missing.
        self._codes = [False for _ in self._codes]
        found = list(_lines_as_paragraphs(words))
        if is_title and self.title is None and found:
            self.title = " ".join(found)
        self.paragraphs += found
        for box in boxes:
            self.read_block(box)
            self.end_paragraph()

    def read_notes(self, root: Element | None, kind: str) -> None:
        """Add the notes of this kind that the text refers to, in its order."""
        notes = {} if root is None else {attribute(one, "id"): one for one in root}
        for number in dict.fromkeys(self._notes[kind]):
            if number in notes:
                self.read_block(notes[number])
                self.end_paragraph()

    def _read_inline(self, parent: Element) -> None:
        for one in parent:
            name = local(one)
            if name == "t":
                self._say(_text_in(one))
            elif name in _SIGNS:
                self._say(_SIGNS[name])
            elif name == "sym":
                self._say(_symbol(one))
            elif name == "fldChar":
                self._enter_field(attribute(one, "fldCharType"))
            elif name in ("footnoteReference", "endnoteReference"):
                self._notes[name.removesuffix("Reference")].append(attribute(one, "id") or "")
            elif name == "txbxContent":
                self._boxes.append(one)
            elif name == "AlternateContent":
                self._read_inline(_shown(one))
            elif name not in _NOT_SHOWN and not (name == "r" and _is_hidden(one)):
                self._read_inline(one)

    def _say(self, words: str) -> None:
        if not any(self._codes):
            self._words.append(words)

    def _enter_field(self, what: str | None) -> None:
        if what == "begin":
            self._codes.append(True)
        elif self._codes and what == "separate":
            self._codes[-1] = False
        elif self._codes and what == "end":
            self._codes.pop()


def _lines_as_paragraphs(words: str) -> Iterator[str]:
    """Paragraphs of a text with line breaks: a break ends one after a sentence, or if it is double;
    otherwise it is a blank."""
    kept = ""
    for line in map(str.strip, words.replace("\u00ad", "").split("\n")):
        if kept and (not line or kept[-1] in '.!?:”"»'):
            yield kept
            kept = ""
        kept = f"{kept} {line}".strip()
    if kept:
        yield kept


def _text_in(element: Element) -> str:
    words = element.text or ""
    return words if element.get(_SPACE) == "preserve" else words.strip(" \t\r\n")


def _symbol(element: Element) -> str:
    """The letter of a symbol; nothing for one that only its font defines."""
    try:
        code = int(attribute(element, "char") or "", 16)
    except ValueError:
        return ""
    return chr(code) if ord(" ") < code < _FIRST_SURROGATE else ""


def _shown(alternatives: Element) -> Element:
    """Of alternatives for newer and older programs the first, so that nothing is read twice."""
    return alternatives[0] if len(alternatives) else alternatives


def _properties(element: Element, kind: str) -> Element | None:
    return next((one for one in element if local(one) == kind), None)


def _has(properties: Element | None, name: str) -> bool:
    found = () if properties is None else [one for one in properties if local(one) == name]
    return any(attribute(one, "val") not in ("0", "false", "off") for one in found)


def _is_hidden(run: Element) -> bool:
    return _has(_properties(run, "rPr"), "vanish")


def _is_deleted_row(element: Element) -> bool:
    name = local(element)
    return name in _NOT_SHOWN or (name == "tr" and _has(_properties(element, "trPr"), "del"))


def _mark_is_deleted(paragraph: Element) -> bool:
    properties = _properties(paragraph, "pPr")
    mark = None if properties is None else _properties(properties, "rPr")
    return _has(mark, "del") or _has(mark, "moveFrom")


def _style_of(paragraph: Element) -> str:
    properties = _properties(paragraph, "pPr")
    style = None if properties is None else _properties(properties, "pStyle")
    return "" if style is None else attribute(style, "val") or ""
