"""Dates in texts, as far as they say: year, month, day or day of the week; and compared."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from annotator.core.across.quantities import Compared
from annotator.lexicon.word_lists import MONTHS, SHORT_MONTHS, WEEKDAYS

_MONTH = "|".join((*MONTHS, *(rf"{short}\b\.?" for short in SHORT_MONTHS[::-1])))
_DATE = re.compile(
    rf"\b(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+)?(?P<month>{_MONTH})(?!\w)"
    r"(?:\s+(?P<after>\d{1,2})(?:st|nd|rd|th)?(?!\d))?(?:,?\s+(?P<year>(?:19|20)\d\d))?"
    r"|\b(?P<alone>(?:19|20)\d\d)(?!\d|,\d)"
    rf"|\b(?P<weekday>{'|'.join(WEEKDAYS)})\b|\b(?P<near>today|yesterday|tomorrow)\b",
    re.IGNORECASE,
)
_NEAR = {"today": 0, "yesterday": -1, "tomorrow": 1}
# Words of English that look like months.
_ALSO_WORDS = {"may", "march"}


@dataclass(frozen=True, slots=True)
class Moment:
    """What a text says of a date; what it does not say is None. `weekday` is 0 for Monday."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None


def moments_in(text: str, published: date | None = None) -> tuple[Moment, ...]:
    """The dates of a text in order. *Friday* and *yesterday* are full dates if the day of
    publication is known, the last Friday before it."""
    found = (_read(match, published) for match in _DATE.finditer(text))
    return tuple(moment for moment in found if moment is not None)


def compare_moments(one: Moment, other: Moment) -> Compared:
    """Whether two dates can be one; unrelated if they say nothing of the same. Symmetric."""
    pairs = [
        (mine, theirs)
        for mine, theirs in (
            (one.year, other.year),
            (one.month, other.month),
            (one.day, other.day),
        )
        if mine is not None and theirs is not None
    ]
    if not pairs:
        same_day = one.weekday is not None and one.weekday == other.weekday
        return Compared.AGREE if same_day else Compared.UNRELATED
    return Compared.AGREE if all(a == b for a, b in pairs) else Compared.CONFLICT


def _read(match: re.Match[str], published: date | None) -> Moment | None:
    if match["alone"]:
        return Moment(year=int(match["alone"]))
    if match["near"]:
        return _after(published, _NEAR[match["near"].casefold()]) if published else None
    if match["weekday"]:
        return _weekday(WEEKDAYS.index(match["weekday"].casefold()), published)
    return _calendar(match)


def _calendar(match: re.Match[str]) -> Moment | None:
    day = match["day"] or match["after"]
    word = match["month"]
    if word.casefold() in _ALSO_WORDS and not (day or match["year"] or word[0].isupper()):
        return None
    month = [name[:3] for name in MONTHS].index(word.casefold()[:3]) + 1
    return Moment(int(match["year"]) if match["year"] else None, month, int(day) if day else None)


def _weekday(weekday: int, published: date | None) -> Moment:
    last = published and _after(published, -((published.weekday() - weekday) % 7))
    return last or Moment(weekday=weekday)


def _after(published: date, days: int) -> Moment | None:
    """The full date so many days later; None outside the years 1 to 9999, which files may claim."""
    try:
        day = published + timedelta(days)
    except OverflowError:
        return None
    return Moment(day.year, day.month, day.day, day.weekday())
