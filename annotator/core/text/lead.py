"""The first real sentence of a text, and what lists call an article."""

from __future__ import annotations

import re

from annotator.core.article import Article
from annotator.core.text.words import Words

LISTED_LENGTH = 200
PASSAGE_LENGTH = 800
_SEARCHED = 3000
_FEWEST_WORDS = 4
_ADDRESS = re.compile(r"\w+://\S+|www\.\S+")
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DATE_WORD = re.compile(
    rf"{_MONTH}|(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?"
    r"|\d[\d:./-]*(?:st|nd|rd|th|am|pm)?|[ap]\.?m\.?|utc|gmt|at|on|last|first"
    r"|(?:published|updated|posted|modified):?",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"[\s,|·–—]+")
_NAME = r"[A-Z][\w.'’-]{0,30}"
_DESK = r"(?:newsroom|staff|desk|agencies|(?:staff )?(?:reporter|writer|correspondent)s?)"
_BYLINE = re.compile(
    rf"(?:By|BY)\s+(?:the\s+|our\s+)?{_NAME}"
    rf"(?:(?:,| and| for| of|,? in)?\s(?:{_NAME}|{_DESK})){{0,8}}"
)
_FURNITURE_LENGTH = 120
# “AMMAN, May 4 (Agency) – ”; a place begins it in capitals, or an agency or a date stands in it.
_DATELINE = re.compile(
    r"(?:[^\W\d_][\w.'’/ -]{1,40}(?:,\s*[\w.' -]{1,25}){0,2}\s*"
    r"\((?:[A-Z][\w .&/-]{1,30})\)\s*(?:--|[–—-]|:)\s+"
    r"|[A-Z][A-Z.'’/ -]{2,40}(?:,\s*[\w.' -]{1,25}){0,2}\s*(?:--|[–—])\s+"
    rf"|[A-Z][\w.'’ -]{{1,40}},\s*(?:\d{{1,2}}\s+{_MONTH}|{_MONTH}\s+\d{{1,2}})(?:\s+\d{{4}})?"
    r"\s*(?:--|[–—-])\s+)"
)


def is_furniture(line: str) -> bool:
    """Whether a line is an address, a date or a byline, so no title and no sentence."""
    line = line.strip()
    if _ADDRESS.fullmatch(line):
        return True
    if len(line) > _FURNITURE_LENGTH:
        return False
    return all(_is_furniture(part.strip()) for part in re.split("[|•·]", line))


def _is_furniture(part: str) -> bool:
    words = [word for word in _BETWEEN.split(part) if word]
    is_date = all(_DATE_WORD.fullmatch(word) for word in words)
    return is_date or _BYLINE.fullmatch(part) is not None


def lead_sentence(text: str, *, after: str | None = None) -> str:
    """The first sentence of a text that is no address, date, byline or dateline, nor the line
    `after` (its title); the first other line where no sentence is found, and "" without any."""
    fallback = ""
    for line in text[:_SEARCHED].split("\n"):
        words = line.strip().lstrip("#").strip()
        if not words or is_furniture(words) or words == after:
            continue
        words = words[_dateline_end(words) :]
        fallback = fallback or words
        first = _first_sentence(words)
        if len(first.split()) >= _FEWEST_WORDS:
            return first
    return fallback


def listed_as(article: Article) -> str:
    """What lists call an article: its title, without a real one its first sentence, then the name
    of its file, then the beginning of its id; at most LISTED_LENGTH characters."""
    title = " ".join((article.title or "").split())
    if title and not is_furniture(title):
        return title[:LISTED_LENGTH]
    lead = " ".join(lead_sentence(article.text).split())
    return (lead or title or article.origin.name or article.id[:12])[:LISTED_LENGTH]


def lead_passage(text: str, title: str | None, *, told: str = "") -> str:
    """How a text begins, in one line: from its first real sentence on, or from the next one if that
    is `told` already; at most PASSAGE_LENGTH characters."""
    lead = lead_sentence(text, after=title)
    after_title = text.find(title) + len(title) if title and title in text else 0
    start = text.find(lead, after_title)
    if start >= 0 and " ".join(lead.split())[:LISTED_LENGTH] == told:
        start += len(lead)
    return " ".join(text[max(0, start) :][: 2 * PASSAGE_LENGTH].split())[:PASSAGE_LENGTH]


def count_words(text: str) -> int:
    """The number of words between blanks."""
    return len(text.split())


def _dateline_end(words: str) -> int:
    """Where the words after a dateline begin; 0 without one."""
    found = _DATELINE.match(words)
    return found.end() if found and found.end() < len(words) else 0


def _first_sentence(words: str) -> str:
    sentences = Words(words).sentences
    return sentences[0].of(words) if sentences else words
