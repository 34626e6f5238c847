"""Component `annotator_junk`: lines that are not part of the article, marked and never cut.

`annotator.lexicon.junk_signs` recognises such lines by their own words. This component also uses
repetition (headlines and captions) and context (a comment form continues to the end). In doubt a
line is kept: a missed line costs a reviewer one key, a lost sentence costs the claims in it. The
component needs only the text, so it can be the first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import filter_spans

from annotator.core.annotations import JunkKind
from annotator.lexicon.junk_signs import LONGEST, WORD, kind_of_bare, size_of, without_decoration
from annotator.lexicon.line_shapes import is_prose

_LINE = re.compile(r"[^\n]+")
_LATE, _LONGEST_FORM = 0.4, 40  # where a comment form may begin, and how many lines it may have
_MOST_REPEATS = 3
_SENTENCE_ENDS = frozenset(".!?…\"”’'»)")
_SHORTEST_SIGNED = 10  # words
_ODD_MARKS = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-"})
_SIGNED = re.compile(r"[a-z0-9][.!?] \([A-Z][\w.&’'/ -]{1,40}\)$")
_OF_PICTURES = re.compile(
    r"(?i)\b(?:photos?|photographs?|pictured?|images?|getty|archives?|pictures)\b"
)
_NOTE = re.compile(r"(?:\*+|†|‡|\[\d{1,2}\]|[¹²³])\s*\S")
_NOTE_MARK = re.compile(r"[^\W\d_][\"”’']?(?:\*+|†|‡)")
_FORM_FIELD = re.compile(r"(?:name|e-?mail|website|url|reply|submit|send|comment)[\s.:*]*", re.I)
_FORM_HEAD = re.compile(
    r"(?:leave|post|add|write) (?:a|your) (?:comment|reply)"
    r"|(?:\d+ )?comments?(?: \(?\d+\)?)?\W*$|join the (?:conversation|discussion)",
    re.IGNORECASE,
)
_LIST_HEAD = re.compile(
    r"(?:related|recommended|more|most|popular|trending|latest|top|you may|you might|editor"
    r"|read (?:also|next|more)$|also read$)"
)


@dataclass(frozen=True, slots=True)
class JunkLine:
    """Characters `[start, end)` of one line, without blanks at either end."""

    start: int
    end: int
    kind: JunkKind


@dataclass(frozen=True, slots=True)
class _Line:
    """One line: its offsets, its text, the text without decoration, and a lower-case form."""

    start: int
    end: int
    text: str
    bare: str
    plain: str
    size: int


def junk_lines(text: str) -> tuple[JunkLine, ...]:
    """The junk lines of `text`, in order."""
    lines = _lines(text)
    kinds: list[JunkKind | None] = [_by_words(line) for line in lines]
    _mark_repeats(lines, kinds)
    _mark_notes(text, lines, kinds)
    _mark_link_lists(lines, kinds)
    _mark_comments(lines, kinds)
    _mark_keywords(lines, kinds)
    _spare_signed_end(lines, kinds)
    _spare_headline(lines, kinds)
    return tuple(
        JunkLine(line.start, line.end, kind)
        for line, kind in zip(lines, kinds, strict=True)
        if kind is not None
    )


@Language.component("annotator_junk", assigns=["doc.spans"])  # type: ignore[untyped-decorator]  # spaCy's
def junk(doc: Doc) -> Doc:
    """Add the junk lines to `doc.spans["junk"]`, with kinds as labels."""
    spans = [
        doc.char_span(line.start, line.end, label=line.kind.value, alignment_mode="expand")
        for line in junk_lines(doc.text)
    ]
    doc.spans["junk"] = filter_spans(span for span in spans if span is not None)
    return doc


def _lines(text: str) -> list[_Line]:
    return list(_each_line(text))


def _each_line(text: str) -> Iterator[_Line]:
    for match in _LINE.finditer(text):
        words = match.group().strip()
        if not words:
            continue
        start = match.start() + match.group().index(words[0])
        bare = without_decoration(words)
        plain = " ".join(bare.translate(_ODD_MARKS).casefold().split())
        yield _Line(start, start + len(words), words, bare, plain, size_of(bare))


def _by_words(line: _Line) -> JunkKind | None:
    """The kind of a line by its own words; None if it is not junk by these."""
    kind = kind_of_bare(line.bare, line.size) if len(line.text) <= LONGEST else None
    return JunkKind(kind) if kind else None


def _mark_repeats(lines: list[_Line], kinds: list[JunkKind | None]) -> None:
    """Mark repeated headlines, and other lines of some length that are repeated.

    If more than a few are, the whole text is doubled, and nothing is marked. A caption twice in a
    row is junk both times; the first copy of a paragraph is kept.
    """
    title = next((number for number, kind in enumerate(kinds) if kind is None), -1)
    seen: dict[str, int] = {}
    repeats: list[tuple[int, int]] = []
    for number, line in enumerate(lines):
        first = seen.setdefault(line.plain.rstrip("."), number)
        if first == number:
            continue
        if first == title and line.size >= 3:
            kinds[number] = JunkKind.DUPLICATE_TITLE
        elif kinds[number] is JunkKind.PHOTO_CAPTION:
            kinds[number] = JunkKind.DUPLICATE_CAPTION
        elif line.size >= 6 and kinds[number] is None:
            repeats.append((first, number))
    if len(repeats) > _MOST_REPEATS:
        return
    for first, number in repeats:
        kinds[number] = JunkKind.DUPLICATE_CAPTION
        sentence = lines[first].text[-1] in _SENTENCE_ENDS - {")"} or is_prose(lines[first].bare)
        if kinds[first] is None and first == number - 1 and not sentence:
            kinds[first] = JunkKind.PHOTO_CAPTION


def _mark_notes(text: str, lines: list[_Line], kinds: list[JunkKind | None]) -> None:
    """Mark footnotes: lines that begin with a mark that follows a word above."""
    if not _NOTE_MARK.search(text) and "[1]" not in text:
        return
    starred = [number for number, line in enumerate(lines) if _NOTE.match(line.text)]
    if len(starred) > 4:  # rather a list with stars for bullets
        return
    for number in starred:
        if 2 * number >= len(lines) and kinds[number] in (None, JunkKind.BLANK_ARTIFACT):
            kinds[number] = JunkKind.FOOTNOTE


def _mark_link_lists(lines: list[_Line], kinds: list[JunkKind | None]) -> None:
    """Mark headlines below a heading such as *Related stories*, up to the first full sentence."""
    below = False
    for number, line in enumerate(lines):
        if kinds[number] is JunkKind.RELATED_LINK:
            below = _heads_list(line)
        elif kinds[number] is None and below:
            if line.size > 18 or line.text[-1] in '.!"”:' or line.size < 3:
                below = False
            else:
                kinds[number] = JunkKind.RELATED_LINK


def _heads_list(line: _Line) -> bool:
    return line.size <= 5 and bool(_LIST_HEAD.match(line.plain.rstrip(":")))


def _mark_comments(lines: list[_Line], kinds: list[JunkKind | None]) -> None:
    """Mark a comment form at the end of the page, from its heading on."""
    for number, line in enumerate(lines):
        if kinds[number] is JunkKind.COMMENT_FORM and _FORM_HEAD.match(line.text):
            late = line.start >= _LATE * lines[-1].end
            if late and len(lines) - number <= _LONGEST_FORM:
                for after in range(number + 1, len(lines)):
                    kinds[after] = kinds[after] or JunkKind.COMMENT_FORM
                    if _FORM_FIELD.fullmatch(lines[after].text):
                        kinds[after] = JunkKind.COMMENT_FORM
            return


def _mark_keywords(lines: list[_Line], kinds: list[JunkKind | None]) -> None:
    """Mark a last line of words from the headline: keywords for search engines."""
    if len(lines) < 4 or kinds[-1] is not None:
        return
    last, title = lines[-1], set(WORD.findall(lines[0].plain))
    words = WORD.findall(last.plain)
    bare = last.text[-1] not in '.!?"”' and "," not in last.text
    if bare and len(words) >= 5 and sum(word in title for word in words) >= 0.8 * len(words):
        kinds[-1] = JunkKind.TAG_LINE


def _spare_signed_end(lines: list[_Line], kinds: list[JunkKind | None]) -> None:
    """Unmark the last sentence of an article signed by its agency, `... in May. (NTB)`."""
    ending = (n for n in range(len(lines) - 1, 0, -1) if kinds[n] is None or _signed(lines[n]))
    last = next(ending, 0)
    before = next((n for n in range(last - 1, 0, -1) if kinds[n] is None), 0)
    if not before or kinds[last] is not JunkKind.PHOTO_CAPTION or not _signed(lines[last]):
        return
    if lines[before].text[-1] in _SENTENCE_ENDS:  # a caption follows a headline as often
        kinds[last] = None


def _signed(line: _Line) -> bool:
    if line.size < _SHORTEST_SIGNED or _OF_PICTURES.search(line.text):
        return False
    return bool(_SIGNED.search(line.text))


def _spare_headline(lines: list[_Line], kinds: list[JunkKind | None]) -> None:
    """Unmark a first line of some length, which is the headline whatever its words."""
    never = (None, JunkKind.AD_MARKER, JunkKind.TAG_LINE, JunkKind.CREDIT_LINE)
    if len(lines) > 1 and kinds[0] not in never and lines[0].size >= 4:
        kinds[0] = None
