"""Corrects names that a recogniser extended too far: headlines, offices, ministers' portfolios.

The functions take the words of a text and a range of them, and return a range.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from annotator.lexicon.word_lists import words_of
from annotator.suggest.numbers import kind_of

# Portfolios of ministers and secretaries, between a country and a title.
PORTFOLIOS = words_of(
    "Defense Defence Foreign Interior Finance Treasury Justice Labor Labour Energy Health Education"
    " Trade Transport Transportation Commerce Agriculture Home Homeland Security National Economy"
    " Environment Culture Housing Interior Police Deputy Assistant Prime Vice Permanent Special"
    " Senior Chief First Acting Former Attorney Press Cabinet Oil Tourism Women Equalities"
    " Children Families Youth Pensions Work Business Industry Innovation Science Technology Sport"
    " Media Digital Communities Local Government Rural Affairs Food Fisheries Development Climate"
    " Change Net Zero Europe Social Care Immigration Veterans Planning Water Exiting Levelling Up"
    " Welfare Public Human Gender"
)
_OFFICES = words_of(
    "Secretary Minister Ambassador Envoy Representative General Adviser Advisor Spokesman"
    " Spokeswoman Spokesperson Commissioner Undersecretary President Premier Chancellor Coordinator"
)
_COUNTRIES_IN_SHORT = words_of("US U.S. USA UK U.K. UN U.N. EU E.U. UAE")
_IN_CHARGE = words_of("minister secretary spokesman spokeswoman spokesperson envoy commissioner")
_BEFORE_DATE = words_of(
    "in since by until till during from before after late early mid last next this of through"
)
_NAMED_AS_MONTHS = words_of("April May June August")
_DATELINE_ENDS = frozenset((":", "—", "–", "-", "--", "(", "/"))


def beside_verb(start: int, end: int, verbs: set[int]) -> tuple[int, int] | None:
    """The part of a name before or after the verb of its headline; None without a verb."""
    verb = next((i for i in range(start, end) if i in verbs), None)
    if verb is None:
        return None
    return (start, verb) if verb > start else (verb + 1, end)


def without_office(words: Sequence[str], start: int, end: int) -> int:
    """The end of a country's name before an office: `US [Defense Secretary]`."""
    if words[start] not in _COUNTRIES_IN_SHORT or end - start < 2:
        return end
    rest = words[start + 1 : end]
    titled = end < len(words) and words[end] in _OFFICES
    if all(word in PORTFOLIOS or word in _OFFICES for word in rest) and (
        titled or rest[-1] in _OFFICES
    ):
        return start + 1
    return end


def portfolios(words: Sequence[str]) -> Iterator[tuple[int, int]]:
    """The portfolios of ministers, such as `Women and Equalities`, as first word and end."""
    for i, word in enumerate(words):
        if (
            word.lower() not in _IN_CHARGE
            or i + 2 >= len(words)
            or words[i + 1] not in ("for", "of")
        ):
            continue
        end = i + 2
        while end < len(words) and (
            words[end] in PORTFOLIOS or (words[end] in ("and", ",", "&", "the") and end > i + 2)
        ):
            end += 1
        while end > i + 2 and words[end - 1] not in PORTFOLIOS:
            end -= 1
        if end > i + 2:
            yield i + 2, end


def is_month(words: Sequence[str], i: int) -> bool:
    """Whether the word at `i` is a month; `May` only where a date is expected."""
    kind = kind_of(words[i])
    if kind == "M":
        return words[i] not in _NAMED_AS_MONTHS or not _capital(words, i + 1)
    if kind != "m" or i == 0 or words[i - 1].lower() not in _BEFORE_DATE:
        return False
    return not _capital(words, i + 1)


def is_first_name(words: Sequence[str], i: int) -> bool:
    """Whether the month at `i` is a first name before a last name: `April Jones`."""
    if i < 0 or words[i] not in _NAMED_AS_MONTHS:
        return False
    return i == 0 or words[i - 1].lower() not in _BEFORE_DATE


def dateline_end(words: Sequence[str], i: int) -> int | None:
    """The end of a dateline at `i`, a place in capitals such as `WASHINGTON:`; None if none."""
    if i and not (words[i - 1].isspace() and "\n" in words[i - 1]):
        return None
    end = i
    while end < len(words) and end - i < 3 and words[end].isupper() and len(words[end]) > 2:
        end += 1
    if end == i or end >= len(words) or words[end] not in _DATELINE_ENDS:
        return None
    return end


def _capital(words: Sequence[str], i: int) -> bool:
    return i < len(words) and words[i][:1].isupper()
