"""Component `annotator_junk`: lines that are not part of the article, marked and never cut.

What such lines look like stands in `junk.toml`. A line is judged by its own words, by repetition
(headlines and captions over again) and by what stands before it (a comment form goes on to the
end). In doubt a line stays in: a missed line costs a reviewer one key, a lost sentence costs the
claims in it. The component needs the text alone, so it can stand first.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import filter_spans

from annotator.core.annotations import JunkKind

_LINE = re.compile(r"[^\n]+")
_WORD = re.compile(r"[^\W_]+")
# Marks of Markdown and arrows around a line; a single star may be that of a footnote.
_DECORATION = re.compile(
    r"^(?:#{1,6}\s+|[→»›▶►▸•·>]+\s*|\*(?=.*\w[.!?]?\*$)|\*\*(?=.*\*\*$)|_(?=.*_$))+"
    r"|(?<=[\w.!?)])(?:\*{1,2}|_)$"
)
_LONGEST = 400  # characters; a longer line is a paragraph
_LATE, _LONGEST_FORM = 0.4, 40  # where a comment form may begin, and how many lines it may have
_MOST_REPEATS = 3
_SENTENCE_ENDS = frozenset(".!?…\"”’'»)")
_SHORTEST_SIGNED, _LONGEST_SIGNED, _MOST_COMMAS = 10, 30, 5  # words; commas
_TELLS = re.compile(
    r"\b(?:said|says|told|tells|added|adds|announced|warned|reported|reports|claimed|denied|insisted"
    r"|according to|voted|ruled|decided|agreed|confirmed|expected to|will be|would)\b"
    r"|[“\"][^”\"]{12,}[”\"]"
)
_TRAILING = r"[\s.!:*…»›→>]*"
_ODD_MARKS = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-"})
_NAME = r"[A-Z][\w.'’-]*(?: (?:(?:de|van|von|al|bin|and|der|el) )?[A-Z][\w.'’-]*){0,4}"
_AGENCY = (
    r"(?:getty|ap|afp|reuters|epa|efe|upi|tass|sputnik|xinhua|anadolu|shutterstock|istock|alamy|flickr"
    r"|instagram|handout|courtesy|screen ?(?:grab|shot)|file|photo|image|picture|photograph)"
)


_SOLE_CREDIT = re.compile(
    rf"(?:[Bb]y|BY) {_NAME}(?:,? (?:in|for|and|with|&) {_NAME})*(?:, [\w ]{{2,60}})?\.?"
    rf"|(?:{_NAME}, )?[Ss]taff (?:[Ww]riter|[Rr]eporter)s?"
    r"|(?:https?://|www\.)\S+"
)
_MONTH = (
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december"
    r"|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)"
)
_DATE_ALONE = re.compile(
    r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,? )?(?:\d{1,2}(?:st|nd|rd|th)? )?"
    rf"{_MONTH}\.?(?: \d{{1,2}}(?:st|nd|rd|th)?)?,? \d{{4}}"
    r"(?:,? (?:at )?\d{1,2}[:.]\d{2}(?: ?[ap]\.?m\.?)?(?: ?[a-z+0-9:]{2,8})?)?",
    re.IGNORECASE,
)
_DATE_ANYWHERE = re.compile(
    rf"\b(?:{_MONTH}\.?\s+\d{{1,2}},?\s+\d{{4}}|\d{{1,2}}\s+{_MONTH}\.?,?\s+\d{{4}})", re.IGNORECASE
)
_BYLINE = re.compile(r"\b(?:[Bb]y (?:the )?[A-Z]|[Ff]rom (?:our|a|the) [\w ]{0,20}correspondents?)")
_AGENCY_ALONE = re.compile(
    r"[(\[]?(?:(?:news agenc(?:y|ies)|images|photos?|via|and|by|the|[A-Z][\w.-]+)[\s/|,&+]*){0,4}"
    rf"(?<!\w){_AGENCY}(?: images| photos?)?(?:[\s/|]+{_NAME})?[)\].]*",
    re.IGNORECASE,
)
_CAPTION_END = re.compile(
    rf"(?:[(\[][^()\[\]]*\b{_AGENCY}\b[^()\[\]]*[)\]]"
    r"|[|/–—-] ?(?:photo(?:graph)?|image|picture|credit|file photo)\b[^.]{0,60}"
    r"|\b(?:photo(?:graph)?|image|picture|credit)\s?:\s?[^.]{2,60}"
    r"|\b(?:getty images|ap photo)\b[^.]{0,40})[.\s]*$",
    re.IGNORECASE,
)
# "A bridge over the river. (Harbour News)": what stands in brackets is a name alone.
_CAPTION_NAME = re.compile(r"[a-z]\.? \([A-Z][\w.&’'-]*(?:[ /][A-Z&][\w.&’'-]*){0,4}\)$")
_SIGNED = re.compile(r"[a-z0-9][.!?] \([A-Z][\w.&’'/ -]{1,40}\)$")
_OF_PICTURES = re.compile(
    r"(?i)\b(?:photos?|photographs?|pictured?|images?|getty|archives?|pictures)\b"
)
_CAPTION_BEGIN = re.compile(
    r"[(\[]?(?:file (?:photo|picture|image)|photo|picture|image|caption|file|pictured|afp out"
    r"|in this (?:file )?(?:photo|picture|image))\s?(?:[:)\]–—-]|\bshows?\b|(?<=pictured),)",
    re.IGNORECASE,
)
_NOTE = re.compile(r"(?:\*+|†|‡|\[\d{1,2}\]|[¹²³])\s*\S")
_NOTE_MARK = re.compile(r"[^\W\d_][\"”’']?(?:\*+|†|‡)")
_BANNED = re.compile(
    r".{0,120}\b(?:is|are) (?:an? )?(?:terrorist|extremist)[^.]{0,60}"
    r"\b(?:banned|outlawed|prohibited) in\b[^.]{0,60}\.?",
    re.IGNORECASE,
)
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
    """Characters `[start, end)` of one line, its blanks at either end left out."""

    start: int
    end: int
    kind: JunkKind


@dataclass(frozen=True, slots=True)
class _Line:
    """One line: where it lies, its words, these without decoration, and in plain small letters."""

    start: int
    end: int
    text: str
    bare: str
    plain: str
    size: int


def junk_lines(text: str) -> tuple[JunkLine, ...]:
    """The lines of `text` that are not its article, in order."""
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


@Language.component("annotator_junk", assigns=["doc.spans"])  # type: ignore[untyped-decorator]
def junk(doc: Doc) -> Doc:
    """Lay the lines that are not the article into `doc.spans["junk"]`, kinds as labels."""
    spans = [
        doc.char_span(line.start, line.end, label=line.kind.value, alignment_mode="expand")
        for line in junk_lines(doc.text)
    ]
    doc.spans["junk"] = filter_spans(span for span in spans if span is not None)
    return doc


@cache
def _patterns() -> tuple[
    tuple[tuple[JunkKind, re.Pattern[str]], ...], tuple[tuple[JunkKind, int, re.Pattern[str]], ...]
]:
    """What `junk.toml` holds: patterns for whole lines; for beginnings, with a longest length."""
    table = tomllib.loads(files(__package__).joinpath("junk.toml").read_text(encoding="utf-8"))
    return (
        tuple(
            (
                JunkKind(entry["kind"]),
                re.compile(rf"(?:{'|'.join(entry['patterns'])}){_TRAILING}", re.IGNORECASE),
            )
            for entry in table["whole"]
        ),
        tuple(
            (JunkKind(entry["kind"]), entry["longest"], re.compile(entry["pattern"], re.IGNORECASE))
            for entry in table["beginning"]
        ),
    )


def _lines(text: str) -> list[_Line]:
    return list(_each_line(text))


def _each_line(text: str) -> Iterator[_Line]:
    for match in _LINE.finditer(text):
        words = match.group().strip()
        if not words:
            continue
        start = match.start() + match.group().index(words[0])
        bare = _DECORATION.sub("", words) or words
        plain = " ".join(bare.translate(_ODD_MARKS).casefold().split())
        size = len(_WORD.findall(bare[:2000]))
        yield _Line(start, start + len(words), words, bare, plain, size)


def _by_words(line: _Line) -> JunkKind | None:
    """The kind that the words of a line show, whatever stands around it."""
    if len(line.text) > _LONGEST:
        return None
    whole, beginnings = _patterns()
    for kind, pattern in whole:
        if pattern.fullmatch(line.bare):
            return kind
    for kind, longest, pattern in beginnings:
        if line.size <= longest and pattern.match(line.bare):
            return kind
    if _CAPTION_BEGIN.match(line.bare) and line.size <= 60:
        return JunkKind.PHOTO_CAPTION if line.size > 6 else JunkKind.CREDIT_LINE
    if line.size <= 18 and _is_credit(line):
        return JunkKind.CREDIT_LINE
    if line.size <= 70 and not _is_prose(line.bare):
        if _CAPTION_END.search(line.bare):
            return JunkKind.PHOTO_CAPTION
        if line.size <= _LONGEST_SIGNED and _CAPTION_NAME.search(line.bare):
            return JunkKind.PHOTO_CAPTION
    return JunkKind.FOOTNOTE if _BANNED.fullmatch(line.bare) and line.size <= 30 else None


def _is_prose(words: str) -> bool:
    """Whether a line tells what somebody said, or lists teams: the name in brackets signs it."""
    return bool(_TELLS.search(words)) or words.count(" (") > 2 or words.count(",") > _MOST_COMMAS


def _is_credit(line: _Line) -> bool:
    if line.size <= 12 and (_SOLE_CREDIT.fullmatch(line.bare) or _DATE_ALONE.fullmatch(line.bare)):
        return True
    if line.size <= 6 and _AGENCY_ALONE.fullmatch(line.bare):
        return True
    dated = bool(_DATE_ANYWHERE.search(line.bare))
    byline = bool(_BYLINE.match(line.bare))
    bar = " | " in line.bare or " · " in line.bare
    return (dated and (bar or byline)) or (bar and bool(_BYLINE.search(line.bare)))


def _mark_repeats(lines: list[_Line], kinds: list[JunkKind | None]) -> None:
    """The headline over again, and other lines of some length that stand there twice.

    Where more than a few are repeated, the text as a whole stands there twice: that is left alone.
    Twice in a row a caption is junk both times; of a paragraph the first copy stays.
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
        sentence = lines[first].text[-1] in _SENTENCE_ENDS - {")"} or _is_prose(lines[first].bare)
        if kinds[first] is None and first == number - 1 and not sentence:
            kinds[first] = JunkKind.PHOTO_CAPTION


def _mark_notes(text: str, lines: list[_Line], kinds: list[JunkKind | None]) -> None:
    """Lines that begin with a mark which a word above them carries."""
    if not _NOTE_MARK.search(text) and "[1]" not in text:
        return
    starred = [number for number, line in enumerate(lines) if _NOTE.match(line.text)]
    if len(starred) > 4:  # rather a list with stars for bullets
        return
    for number in starred:
        if 2 * number >= len(lines) and kinds[number] in (None, JunkKind.BLANK_ARTIFACT):
            kinds[number] = JunkKind.FOOTNOTE


def _mark_link_lists(lines: list[_Line], kinds: list[JunkKind | None]) -> None:
    """Headlines below a heading such as *Related stories*, up to the first whole sentence."""
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
    """From the head of a comment form to the end of the page, where that is its last part."""
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
    """A last line that holds words of the headline alone, as search engines are given them."""
    if len(lines) < 4 or kinds[-1] is not None:
        return
    last, title = lines[-1], set(_WORD.findall(lines[0].plain))
    words = _WORD.findall(last.plain)
    bare = last.text[-1] not in '.!?"”' and "," not in last.text
    if bare and len(words) >= 5 and sum(word in title for word in words) >= 0.8 * len(words):
        kinds[-1] = JunkKind.TAG_LINE


def _spare_signed_end(lines: list[_Line], kinds: list[JunkKind | None]) -> None:
    """The last sentence of an article that its agency signs, `... in May. (NTB)`, is no caption."""
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
    """A first line of some length is the headline, whatever words it is made of."""
    never = (None, JunkKind.AD_MARKER, JunkKind.TAG_LINE, JunkKind.CREDIT_LINE)
    if len(lines) > 1 and kinds[0] not in never and lines[0].size >= 4:
        kinds[0] = None
