"""Numbers in texts, read as ranges of what they count, and compared.

*Some 2,000 soldiers* agrees with *2,000 troops* and with *more than 2,000*, but *47 people* not
with *50*.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from annotator.core.article import Span
from annotator.lexicon.number_words import (
    ABOUT,
    ALMOST,
    AT_LEAST,
    AT_MOST,
    CURRENCIES,
    MEASURES,
    ONES,
    SCALES,
    TENS,
    VAGUE,
)
from annotator.lexicon.stems import stem
from annotator.lexicon.word_groups import counted, empty_words
from annotator.lexicon.word_lists import MONTHS, words_of

_NOUNS = 3
"""Words after a number that may say what it counts."""
_ROUND = 0.1
"""How far *about* reaches, as a share."""
_TIMES = 2
"""How many times a lower bound reaches: *more than 2,000* is hardly said of 14,000."""


_FAR = 10
"""How many times a measure differs from one of another thing."""


class Compared(StrEnum):
    """What two numbers say of each other; `unrelated` where they count different things."""

    AGREE = "agree"
    CONFLICT = "conflict"
    UNRELATED = "unrelated"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number in a text as the range that it allows, with what it is a number of.

    `unit` is a measure (`metre`, `second`, `percent`), a currency, or empty for a count; `nouns`
    are stems of the words that follow it.
    """

    span: Span
    low: float
    high: float
    unit: str = ""
    nouns: frozenset[str] = frozenset()

    @property
    def is_bound(self) -> bool:
        """Whether it is more than one number."""
        return self.low != self.high


def compare(one: Quantity, other: Quantity) -> Compared:
    """Whether two numbers can both be right; symmetric.

    Measures of another order (17 years, 60 days) are not of one thing.
    """
    if one.unit != other.unit or not _count_alike(one, other):
        return Compared.UNRELATED
    low, high = sorted((one, other), key=lambda quantity: quantity.high)
    if one.unit and high.low > _FAR * low.high:
        return Compared.UNRELATED
    overlap = one.low <= other.high and other.low <= one.high
    return Compared.AGREE if overlap else Compared.CONFLICT


def _count_alike(one: Quantity, other: Quantity) -> bool:
    return bool(one.unit) or bool(one.nouns & other.nouns)


_DIGITS = r"\d{1,3}(?:[,\u00a0\u202f ]\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_WORDS = "|".join(sorted((*ONES, *TENS), key=len, reverse=True))
_SCALE = "|".join(sorted(SCALES, key=len, reverse=True))
_WORD_NUMBER = rf"(?:{_WORDS})(?:[- ](?:{_WORDS}))*"
_VAGUE = "|".join(VAGUE)
_SIGN = r"(?P<sign>US\$|[$€£¥])?\s?"
_NUMBER = re.compile(
    rf"(?<![\w.])(?<![a-z]-)(?:{_SIGN}(?P<digits>{_DIGITS})|(?P<half>half)(?=\s+an?\s)|(?P<vague>(?:{_VAGUE})\b)"
    rf"|(?P<words>(?:{_WORD_NUMBER}|an?(?=\s(?:{_SCALE}|dozen)\b))\b))(?P<more>\sand\sa\shalf\b)?"
    rf"(?P<scales>(?:[\s-]?(?:an?\s)?(?:{_SCALE}|dozen)\b)*)",
    re.IGNORECASE,
)
_ORDINAL = re.compile(r"(?:st|nd|rd|th)\b", re.IGNORECASE)
_TO = re.compile(r"\s*(?:-|–|to|and|or)\s*", re.IGNORECASE)
_BEFORE, _LOOK_BACK = 24, 48
_HEDGES = tuple(
    (re.compile(rf"(?:^|\W)(?:{'|'.join(words)})\s+(?:the\s+|an?\s+)?$", re.IGNORECASE), kind)
    for words, kind in (
        (AT_LEAST, "least"),
        (AT_MOST, "most"),
        (ALMOST, "almost"),
        (ABOUT, "about"),
    )
)
_AFTER = re.compile(r"[\s-]*([^\W\d_][\w'’]*|%)")
_PHRASE_END = words_of(
    "of in on at by from to with for that who which and or but as are is was were had has have "
    "would will could left than per near since until"
)
_TIME_OF_DAY = re.compile(r"[.:]?\d*\s*(?:am|pm|a\.m|p\.m)\b|[.:]\d\d\b", re.IGNORECASE)
_MONTH = re.compile(rf"\s*(?:{'|'.join(MONTHS)})\b", re.IGNORECASE)
_MONTH_BEFORE = re.compile(rf"(?:{'|'.join(MONTHS)})\s*$", re.IGNORECASE)


@lru_cache(maxsize=256)
def quantities_in(text: str) -> tuple[Quantity, ...]:
    """The numbers of a text in order; years, days of the month, times of day and ordinals are not
    among them."""
    found = [match for match in _NUMBER.finditer(text) if _counts(match, text)]
    read: list[Quantity] = []
    skip = False
    for n, match in enumerate(found):
        if skip:
            skip = False
            continue
        follow = found[n + 1] if n + 1 < len(found) else None
        skip = follow is not None and _is_range(match, follow, text)
        read.append(_read(match, follow if skip else None, text))
    return tuple(read)


def _counts(match: re.Match[str], text: str) -> bool:
    """Whether a number is an amount and not part of a date, a time or a name."""
    after, before = text[match.end() : match.end() + 12], text[: match.start()][-12:]
    if _ORDINAL.match(after) or (after[:1].isalnum() and not match["scales"]):
        return False
    if not match["digits"]:
        return match["words"] != "one" or bool(match["scales"]) or _noun_after(match, text)
    if _TIME_OF_DAY.match(after) or _MONTH.match(after) or _MONTH_BEFORE.search(before):
        return False
    number = match["digits"]
    is_year = len(number) == 4 and number.isdigit() and 1900 <= int(number) <= 2100
    return not (is_year and not match["sign"] and not match["scales"])


def _noun_after(match: re.Match[str], text: str) -> bool:
    """Whether *one* counts: one soldier, not one of them."""
    word = _AFTER.match(text, match.end())
    return word is not None and word[1].casefold() not in empty_words() | _PHRASE_END


def _is_range(one: re.Match[str], other: re.Match[str], text: str) -> bool:
    """Whether two numbers are the ends of one: 20 to 30, between 20 and 30."""
    gap = text[one.end() : other.start()]
    if not _TO.fullmatch(gap):
        return False
    both = gap.strip().casefold() == "and"
    return not both or text[: one.start()].rstrip().casefold().endswith("between")


def _read(match: re.Match[str], end: re.Match[str] | None, text: str) -> Quantity:
    last = end or match
    low, high = _value(match)
    if end is not None:
        scale = _value(end)[1] / (_plain_value(end) or 1)
        low = low if match["scales"] or not end["scales"] else low * scale
        high = max(low, _value(end)[1])
    span = Span(match.start(), last.end())
    unit, factor, nouns = _unit(match, last, text)
    low, high = _hedged(low, high, text[max(0, match.start() - _BEFORE) : match.start()])
    return Quantity(span, low * factor, high * factor, unit, nouns)


def _plain_value(match: re.Match[str]) -> float:
    """The number without its scale."""
    return _first_value(match) + (0.5 if match["more"] else 0)


def _first_value(match: re.Match[str]) -> float:
    if match["digits"]:
        return float(re.sub(r"[,\u00a0\u202f ]", "", match["digits"]))
    if match["half"]:
        return 0.5
    words = re.split(r"[- ]", (match["words"] or "").casefold())
    known = ONES | TENS | {"a": 1, "an": 1}
    return float(sum(known.get(word, 0) for word in words))


def _value(match: re.Match[str]) -> tuple[float, float]:
    """The range of a number: both ends are one, except of words like *dozens*."""
    plain = _plain_value(match)
    low, high = VAGUE[match["vague"].casefold()] if match["vague"] else (plain, plain)
    for word in re.findall(r"[a-z]+", match["scales"].casefold()):
        times = SCALES.get(word, 12 if word == "dozen" else 1)
        low, high = low * times, high * times
    return low, high


def _hedged(low: float, high: float, before: str) -> tuple[float, float]:
    """The range with the words before it: about, more than, up to."""
    kind = next((kind for pattern, kind in _HEDGES if pattern.search(before)), "")
    match kind:
        case "least":
            return low, high * _TIMES
        case "most":
            return 0, high
        case "almost":
            return low * (1 - _ROUND), high
        case "about":
            return low * (1 - _ROUND), high * (1 + _ROUND)
    return low, high


def _unit(
    match: re.Match[str], last: re.Match[str], text: str
) -> tuple[str, float, frozenset[str]]:
    """The unit with its factor, and the stems of the nouns after the number."""
    start = last.end() + (3 if match["vague"] and text[last.end() :].startswith(" of ") else 0)
    spoken = list(_following(text, start))
    words = [word.casefold() for word in spoken]
    if match["sign"]:
        return CURRENCIES[match["sign"].casefold()], 1, frozenset()
    first = words[0] if words else ""
    if first in CURRENCIES:
        return CURRENCIES[first], 1, frozenset()
    pair = " ".join(words[:2])
    for name in (pair, first, first.removesuffix("s"), first.removesuffix("es")):
        if name in MEASURES:
            return *MEASURES[name], frozenset()
    # Not American of 2,000 American troops: all that is American is not counted together.
    before = text[: match.start()]
    nouns = nouns_of(word for word in spoken if word.islower())
    return "", 1, (nouns or _nouns_before(before)) | _deaths_before(before)


def _following(text: str, start: int) -> Iterable[str]:
    """The words of the phrase after a number, at most _NOUNS + 1."""
    for _ in range(_NOUNS + 1):
        word = _AFTER.match(text, start)
        if word is None or word[1].casefold() in _PHRASE_END:
            return
        yield word[1]
        start = word.end()


def _nouns_before(text: str) -> frozenset[str]:
    """The nouns of *the number of dead at 51* and *the toll rose to 50*."""
    words = text[-_LOOK_BACK:].split()
    if not words or words[-1].casefold() not in ("at", "to", "is", "was", "of"):
        return frozenset()
    return nouns_of(word for word in words[-_NOUNS - 2 : -1] if word.isalpha() and word.islower())


def _deaths_before(text: str) -> frozenset[str]:
    """What makes people the dead: *killed at least 47 people*."""
    words = (word.casefold() for word in text[-_BEFORE:].split() if word.isalpha())
    return nouns_of(words) & {counted()[stem("dead")]}


def nouns_of(words: Iterable[str]) -> frozenset[str]:
    """The stems by which counted things are compared; those counted alike have one."""
    stems = (stem(word) for word in words if word not in empty_words() or word == "people")
    return frozenset(counted().get(one, one) for one in stems)
