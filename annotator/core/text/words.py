"""Tokens, sentences and lines of a text, for moving and selecting by keyboard.

Found by patterns, not by a language model: they serve the arrow keys, not a parser. A text is split
into paragraphs at line ends, and a paragraph into tokens only on demand.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Container, Iterator
from functools import cached_property

from annotator.core.article import Span, Spans
from annotator.core.text.invisible import INVISIBLE, JOINING
from annotator.lexicon.word_lists import SHORT_MONTHS, TITLES, words_of

# Combining marks.
_JOINED = "\ufe00-\ufe0f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f"  # variants, skin tones, tags
_MARKS = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed"
    "\u0900-\u0963\u0966-\u0dff\u0e00-\u0eff\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20f0\ufe20-\ufe2f"
)
# Invisible characters may be inside a word or between words, also before a mark, as in a keycap
# (1, a variation selector, U+20E3); a joiner may end a word.
_TO_MARK = f"[{INVISIBLE}]+(?=[{_MARKS}])"
_INNER = rf"[\w{_MARKS}]|[{INVISIBLE}]+(?=\w)|{_TO_MARK}|(?<=[{JOINING}])[\u200c\u200d]"
_WORD = rf"\w(?:{_INNER})*"
_UNSEEN = f"[{INVISIBLE}]*"
_TOKEN = re.compile(
    rf"""
      (?:[^\W\d_]{_UNSEEN}\.(?:{_UNSEEN}(?=[^\W\d_]))?){{2,}}  # U.S.
    | ['’](?:s|S)\b                            # the possessive, apart from its name
    | \d+(?:{_UNSEEN}[.,:]{_UNSEEN}\d+)*(?:{_INNER})*  # 2,000 and 9.14 and 20th
    | {_WORD}(?:{_UNSEEN}['’](?![sS]\b){_WORD})*  # O'Brien, don't
    | [\U0001f1e6-\U0001f1ff]{{2}}             # two letters make one flag
    | \.{{2,}} | -{{2,}}
    | [^\w\s{INVISIBLE}](?:[{_MARKS}{_JOINED}\u200d]|{_TO_MARK}|(?<=\u200d)[^\w\s])*
    """,
    re.VERBOSE,
)
_CONTINUES = re.compile(rf"[{_MARKS}{_JOINED}{INVISIBLE}]")
_LINE = re.compile(r"[^\n]+")
# Possessive, and only from the start of a row of stops: a long row is read once.
_SENTENCE_END = re.compile(r"(?<![.!?…])[.!?…]++[\"'”’»)\]*]*+(?=\s++[\"'“‘«(\[]*+[^\W_a-z])")
_BLANKS = re.compile(r"\s*")
_BEFORE_WORDS = frozenset("([\"'“‘")


_ABBREVIATIONS = (
    TITLES | frozenset(SHORT_MONTHS) | words_of("st sr jr no vs inc ltd co corp bros fig al approx")
)


class Words:
    """The tokens, sentences and lines of one text, as spans.

    An offset between two tokens belongs to the one before it, and at the start of a line to the
    first.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self._tokens: dict[int, tuple[array[int], array[int]]] = {}
        self._sentences: dict[int, Spans] = {}

    # Lines

    @cached_property
    def lines(self) -> Spans:
        """All lines that are not blank, without their line ends."""
        spans = (Span(*found.span()) for found in _LINE.finditer(self.text))
        return tuple(span for span in spans if span.of(self.text).strip())

    def line_at(self, offset: int) -> Span | None:
        """The line at `offset`, otherwise the last one before it, otherwise the first."""
        return self.lines[self._line_index(offset)] if self.lines else None

    # Tokens

    def token_at(self, offset: int) -> Span | None:
        """The token at `offset`, otherwise the nearest before it in the line, otherwise the first
        of the line."""
        if not self.lines:
            return None
        line = self._line_index(offset)
        starts, ends = self._tokens_of(line)
        if not starts:
            return None
        place = max(bisect_right(starts, offset) - 1, 0)
        return Span(starts[place], ends[place])

    def next_token(self, offset: int) -> Span | None:
        """The first token that starts after `offset`."""
        if not self.lines:
            return None
        for line in range(self._line_index(offset), len(self.lines)):
            starts, ends = self._tokens_of(line)
            place = bisect_right(starts, offset)
            if place < len(starts):
                return Span(starts[place], ends[place])
        return None

    def previous_token(self, offset: int) -> Span | None:
        """The last token that starts before `offset`."""
        if not self.lines:
            return None
        for line in range(self._line_index(offset), -1, -1):
            starts, ends = self._tokens_of(line)
            place = bisect_left(starts, offset) - 1
            if place >= 0:
                return Span(starts[place], ends[place])
        return None

    def tokens_in(self, span: Span) -> Spans:
        """The tokens that overlap `span`."""
        found: list[Span] = []
        if not self.lines:
            return ()
        for line in range(self._line_index(span.start), len(self.lines)):
            if self.lines[line].start >= span.end:
                break
            starts, ends = self._tokens_of(line)
            for place in range(bisect_right(ends, span.start), len(starts)):
                if starts[place] >= span.end:
                    break
                found.append(Span(starts[place], ends[place]))
        return tuple(found)

    def snap(self, span: Span) -> Span:
        """`span` extended to whole tokens, without blanks at the ends."""
        tokens = self.tokens_in(span)
        return Span(tokens[0].start, tokens[-1].end) if tokens else span

    # Characters with their combining marks

    def next_character(self, offset: int) -> int:
        """The start of the character after the one at `offset`."""
        offset = min(offset + 1, len(self.text))
        while offset < len(self.text) and self._continues(offset):
            offset += 1
        return offset

    def previous_character(self, offset: int) -> int:
        """The start of the character before `offset`."""
        offset = max(offset - 1, 0)
        while offset > 0 and self._continues(offset):
            offset -= 1
        return offset

    # Sentences

    @property
    def sentences(self) -> Spans:
        """All sentences, in order."""
        return tuple(one for line in range(len(self.lines)) for one in self._sentences_of(line))

    def sentence_at(self, offset: int) -> Span | None:
        """The sentence at `offset`, otherwise the last one that starts before it."""
        if not self.lines:
            return None
        sentences = self._sentences_of(self._line_index(offset))
        earlier = [sentence for sentence in sentences if sentence.start <= offset]
        return earlier[-1] if earlier else sentences[0]

    def next_sentence(self, offset: int) -> Span | None:
        """The first sentence that starts after `offset`."""
        if not self.lines:
            return None
        for line in range(self._line_index(offset), len(self.lines)):
            for sentence in self._sentences_of(line):
                if sentence.start > offset:
                    return sentence
        return None

    def previous_sentence(self, offset: int) -> Span | None:
        """The last sentence that starts before `offset`."""
        if not self.lines:
            return None
        for line in range(self._line_index(offset), -1, -1):
            for sentence in reversed(self._sentences_of(line)):
                if sentence.start < offset:
                    return sentence
        return None

    # Working parts

    @cached_property
    def _line_starts(self) -> list[int]:
        return [line.start for line in self.lines]

    def _continues(self, offset: int) -> bool:
        return bool(_CONTINUES.match(self.text, offset)) or self.text[offset - 1] == "\u200d"

    def _line_index(self, offset: int) -> int:
        return max(bisect_right(self._line_starts, offset) - 1, 0)

    def _tokens_of(self, line: int) -> tuple[array[int], array[int]]:
        if line not in self._tokens:
            span = self.lines[line]
            found = [token.span() for token in _TOKEN.finditer(self.text, span.start, span.end)]
            # Arrays save memory: after reading a long article, all its tokens are cached.
            starts = array("L", (start for start, _ in found))
            self._tokens[line] = (starts, array("L", (end for _, end in found)))
        return self._tokens[line]

    def _sentences_of(self, line: int) -> Spans:
        if line not in self._sentences:
            self._sentences[line] = sentences_in(self.text, self.lines[line])
        return self._sentences[line]


def distinct_tokens(text: str) -> frozenset[str]:
    """The tokens of `text`, each once; faster than by `Words`."""
    return frozenset(_TOKEN.findall(text))


def token_edges(text: str) -> tuple[list[int], list[int]]:
    """Where all tokens of `text` start, and where they end; faster than by `Words`."""
    found = [token.span() for token in _TOKEN.finditer(text)]
    return [start for start, _ in found], [end for _, end in found]


def token_starts(text: str, wanted: Container[str]) -> Iterator[tuple[int, str]]:
    """Where tokens that are `wanted` start, in order, with the token; faster than by `Words`."""
    for found in _TOKEN.finditer(text):
        if found[0] in wanted:
            yield found.start(), found[0]


def sentences_in(text: str, line: Span) -> Spans:
    """The sentences of one line or paragraph, without blanks between them; at least one."""
    found: list[Span] = []
    start = line.start + _indent(text, line.start, line.end)
    words = line.of(text)  # stops before it do not count
    for stop in _SENTENCE_END.finditer(words):
        at, after = line.start + stop.start(), line.start + stop.end()
        if after <= start or _is_abbreviation(text, start, at):
            continue
        found.append(Span(start, after))
        start = after + _indent(text, after, line.end)
    end = line.start + len(words.rstrip())
    if start < end:
        found.append(Span(start, end))
    return tuple(found) or (line,)


def _indent(text: str, start: int, end: int) -> int:
    blanks = _BLANKS.match(text, start, end)
    return blanks.end() - start if blanks else 0


def _is_abbreviation(text: str, start: int, stop: int) -> bool:
    """Whether the stop there is the period of an abbreviation (Gen., J., U.S.), whose word begins
    at `start` or later."""
    if text[stop] != ".":
        return False
    begin = stop
    while begin > start and not (text[begin - 1].isspace() or text[begin - 1] in _BEFORE_WORDS):
        begin -= 1
    word = text[begin:stop].rstrip(".")
    return (len(word) == 1 and word.isalpha()) or "." in word or word.lower() in _ABBREVIATIONS
