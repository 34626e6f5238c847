"""Finds quotations by quotation marks alone.

The marks of each paragraph are read once, so the cost is linear in the text. An unclosed quotation
ends before the words that name its speaker (`“We wait, the mayor said.`); without such words it
ends with its paragraph if it begins there, or after a stop, a comma or a colon, or if the next
paragraph begins with a mark too (the convention for quotations of several paragraphs). Any other
unclosed mark is treated as a typo. Single marks inside double ones are ignored; those outside,
which may be apostrophes, are read in `single_marks.py`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from annotator.lexicon.cues import lexicon
from annotator.suggest.claims.single_marks import single_regions

OPENING = frozenset("“„«")
CLOSING = frozenset("”»")
MARKS = OPENING | CLOSING | {'"', "''", "``", "‘‘", "’’"}
_MARK = re.compile("''|``|‘‘|’’|[\"“”„«»]")
_KINDS = {
    mark: kind
    for kind, marks in enumerate(("“”„", '"', "«»", ("''", "``"), ("‘‘", "’’")))
    for mark in marks
}
_BEFORE_OPENING = frozenset("([{—–-‘'/…")
_BEFORE_CLOSING = frozenset(".,!?…")
_CURLY, _STRAIGHT = re.compile("[“”]"), re.compile('"')
_SENTENCE_END = frozenset(".!?…")
# A speaker's name; `he` and `the mayor` may also occur inside a quotation.
_NAMED = r"[A-Z][\w.'’-]*(?: [\w.'’-]+){0,5}?"
_CALLED = rf"(?:he|she|they|(?:[Tt]he|[Aa]n?) [\w.'’-]+(?: [\w.'’-]+){{0,4}}?|{_NAMED})"


@dataclass(frozen=True, slots=True)
class Region:
    """Characters `[start, end)`, including marks. `continues`: continues the region before it."""

    start: int
    end: int
    continues: bool = False


@dataclass(slots=True)
class _Paragraph:
    """The state while the marks of one paragraph are read."""

    text: str
    start: int
    end: int
    again: int | None  # the kind of mark that the next paragraph begins with
    nested: frozenset[int]  # marks of quotations within quotations, by their first character
    open_at: int | None = None
    kind: int = -1
    closed: list[tuple[int, int]] = field(default_factory=list)
    # Quotations in marks of another kind inside what is open: they count if that never closes.
    inner_at: int | None = None
    inner_kind: int = 0
    inner: list[tuple[int, int]] = field(default_factory=list)

    def can_open(self, start: int, end: int) -> bool:
        before = self.text[start - 1] if start > self.start else " "
        after = self.text[end] if end < self.end else " "
        return (before.isspace() or before in _BEFORE_OPENING) and not after.isspace()

    def after_stop(self, start: int) -> bool:
        return start > self.start and self.text[start - 1] in _BEFORE_CLOSING

    @property
    def next_opens(self) -> bool:
        return self.again == self.kind

    def begins_at(self, at: int) -> bool:
        return not self.text[self.start : at].strip()


def regions(text: str, paragraphs: Sequence[tuple[int, int]]) -> tuple[Region, ...]:
    """The quotations of `text` in order, divided at paragraph ends."""
    found: list[Region] = []
    chained = False
    for number, (start, end) in enumerate(paragraphs):
        after = paragraphs[number + 1][0] if number + 1 < len(paragraphs) else None
        again = None if after is None else _opening_kind(text, after)
        here = _Paragraph(text, start, end, again, _nested(text, start, end, again))
        for match in _MARK.finditer(text, start, end):
            if match.start() not in here.nested:
                _read_mark(here, match.group(), match.start(), match.end())
        goes_on = _close_open(here)
        single, single_goes_on = single_regions(text, (start, end), here.closed, after)
        found += [
            Region(first, last, continues=chained and here.begins_at(first))
            for first, last in single
        ]
        chained = goes_on or single_goes_on
    return tuple(found)


def _read_mark(here: _Paragraph, mark: str, start: int, end: int) -> None:
    """Open or close a quotation with this mark, if it does."""
    straight = mark not in OPENING and mark not in CLOSING
    can_open = here.can_open(start, end)
    opens = can_open and (mark in OPENING or (straight and not here.after_stop(start)))
    if here.open_at is None:
        if (
            mark in OPENING
            or mark in ("``", "‘‘")
            or (straight and can_open)
            or (mark == "»" and can_open)
            or (mark in CLOSING and can_open and start == here.start)
        ):
            here.open_at, here.kind, here.inner_at = start, _KINDS[mark], None
    elif here.inner_at is not None and _KINDS[mark] == here.inner_kind and not opens:
        here.inner.append((here.inner_at, end))
        here.inner_at = None
    elif opens and _KINDS[mark] != here.kind:
        here.inner_at, here.inner_kind = start, _KINDS[mark]
    elif opens:  # The previous quotation was never closed; this mark opens a new one.
        _end_unclosed(here, start, sure=False)
        here.open_at, here.inner_at = start, None
    else:
        here.closed.append((here.open_at, end))
        here.inner.clear()
        here.open_at = None


def _close_open(here: _Paragraph) -> bool:
    """Close an open quotation at the paragraph end; returns whether the next one continues it."""
    begin = here.open_at
    if begin is None:
        return False
    if _end_unclosed(here, here.end, sure=here.next_opens):
        return False
    if here.next_opens or here.begins_at(begin) or _introduced(here.text, begin):
        here.closed.append((begin, _stripped_end(here.text, begin, here.end)))
    else:
        here.closed += here.inner
    return here.next_opens


def _end_unclosed(here: _Paragraph, stop: int, *, sure: bool) -> bool:
    """Close a quotation left open before `stop` at its speaker; returns False without a speaker."""
    begin = here.open_at
    assert begin is not None
    cut = _before_speaker(here.text, begin, stop, sure=sure)
    if cut is not None:
        here.closed += [(begin, cut), *(one for one in here.inner if one[0] >= cut)]
    elif stop < here.end:
        here.closed += here.inner
    if cut is not None or stop < here.end:
        here.inner.clear()
    return cut is not None


def _introduced(text: str, begin: int) -> bool:
    """Whether a mark follows a sentence, a comma or a colon, so that it opens more than a word."""
    before = begin - 1
    while before > 0 and text[before] == " ":
        before -= 1
    return text[before] in '.,:!?”»"' and text[begin + 1 : begin + 2].isalpha()


def _before_speaker(text: str, start: int, end: int, *, sure: bool) -> int | None:
    """The start of the first words that name the speaker, after the comma; None if there are none.

    `sure` requires a name, since a quotation of several paragraphs may contain `he said`.
    """
    match = _speaker(sure).search(text, start, end)
    return match.end("stop") if match else None


@cache
def _speaker(sure: bool) -> re.Pattern[str]:
    """`, the mayor said.` and `, said Nora Hale`."""
    words = lexicon()
    said = "|".join(
        form
        for form, cue in words.verbs.items()
        if "quote" in cue.frames and cue.kind == "speech" and words.tag(form) in ("VBD", "VBZ")
    )
    who = _NAMED if sure else _CALLED
    inverted = r"[A-Z]" if sure else r"(?:[A-Z]|(?:the|an?) )"
    return re.compile(
        rf"(?P<stop>[,!?]) (?:{who} (?:tells|told) "
        rf"|{who} (?:{said})(?= ?[.,;:]|$|\n| (?:in|on|at|to|as|from|during)\b)"
        rf"|(?:{said}) (?={inverted}))"
    )


def _nested(text: str, start: int, end: int, again: int | None) -> frozenset[int]:
    """The marks of nested quotations, if all marks of the paragraph are paired.

    The first may be unclosed if the next paragraph begins with a mark; a quotation after a full
    stop or in straight marks, whose two forms are alike, is then not nested.
    """
    curly = [(m.start(), m.group() == "“") for m in _CURLY.finditer(text, start, end)]
    straight = [
        (m.start(), _opens_word(text, m.start(), start))
        for m in _STRAIGHT.finditer(text, start, end)
    ]
    return _inner(text, curly, again == _KINDS["“"], alike=False) | _inner(
        text, straight, again == _KINDS['"'], alike=True
    )


def _inner(
    text: str, marks: Sequence[tuple[int, bool]], next_opens: bool, *, alike: bool
) -> frozenset[int]:
    depth, inner, doubtful = 0, [], False
    for at, opens in marks:
        if depth > 1 or (depth == 1 and opens):
            inner.append(at)
            doubtful = doubtful or (opens and _after_sentence(text, at))
        depth += 1 if opens else -1
        if depth < 0:
            return frozenset()
    paired = depth == 0 and not (alike and doubtful)
    goes_on = depth == 1 and next_opens and not doubtful
    return frozenset(inner) if paired or goes_on else frozenset()


def _opens_word(text: str, at: int, start: int) -> bool:
    before = text[at - 1] if at > start else " "
    return (before.isspace() or before in _BEFORE_OPENING) and not text[at + 1 : at + 2].isspace()


def _after_sentence(text: str, at: int) -> bool:
    at -= 1
    while at > 0 and text[at].isspace():
        at -= 1
    return text[at] in _SENTENCE_END


def _opening_kind(text: str, start: int) -> int | None:
    """The kind of the opening mark at the start of a paragraph; None if there is none."""
    mark = text[start : start + 2]
    mark = mark if mark in _KINDS else text[start]
    return _KINDS.get(mark) if mark not in CLOSING else None


def _stripped_end(text: str, start: int, end: int) -> int:
    while end > start + 1 and text[end - 1].isspace():
        end -= 1
    return end
