"""Tells by their own words, and by the word after them, what longer names name.

The last word decides, before *of* or *for* the one that stands there: `Harbour Act` is a law,
`Treaty of Orlen` too, `Forum for the Harbour Act` is not. Names of plans, programmes and prizes
have no label at all, though a recogniser takes them for organisations.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest

from annotator.lexicon.word_lists import words_of
from annotator.suggest.name_context import Name, straight, text_of
from annotator.suggest.name_edges import PORTFOLIOS
from annotator.suggest.name_shapes import (
    FIRST_OF_PEOPLE,
    LABEL_OF_FIRST_WORD,
    LABEL_OF_LAST_WORD,
    NAMES,
    is_short_for,
)
from annotator.suggest.numbers import kind_of

# Last words of names that have no label.
_THINGS = words_of(
    "Plan Plans Strategy Framework Scheme Policy Program Programme Prize Prizes Award Medal Index"
    " Scholarship Certificate Diploma"
)
# First words of the programmes that are organisations.
_OF_THE_WORLD = words_of("UN U.N. United World")
_INNER = words_of("of for on against without Of For On Against Without")
_FAITHS = words_of(
    "Catholic Orthodox Anglican Presbyterian Methodist Lutheran Baptist Episcopal Evangelical"
    " Protestant Coptic Reformed Pentecostal Adventist Maronite"
)
# Lower-case nouns that belong to the name before them, with the label of the whole.
_NOUNS = {
    **dict.fromkeys(("province", "governorate", "prefecture", "oblast"), "GPE"),
    **dict.fromkeys(("river", "valley", "peninsula", "mountains"), "LOC"),
    **dict.fromkeys(
        (
            "airport",
            "camp",
            "hospital",
            "palace",
            "airbase",
            "prison",
            "crossing",
            "motorway",
            "dam",
        ),
        "FAC",
    ),
}
# A place may have many of these: a Damascus hospital is not called Damascus hospital.
_OF_A_PLACE = words_of("camp hospital palace prison crossing dam motorway")
_BEFORE_NOUN = {"international": "airport", "refugee": "camp", "border": "crossing"}
_PLACES = frozenset({"GPE", "LOC", "FAC", "ORG"})
# Offices between a place or body and a person: `Quvash Gov. Ann Low`.
_OF_PLACES = words_of("Gov. Gov Governor Mayor Premier MEC MP MPs MLA MLAs MEP MEPs")
_OFFICES = _OF_PLACES | words_of("Sen. Rep. Minister Chancellor President Ambassador CEO Chairman")
# Parties of US politicians before their states, and countries before their dollars.
_PARTY = re.compile("[RDI]-[A-Z]")
_CURRENCIES = words_of("US U.S. HK NZ")
_ARABIC_ARTICLES = words_of("Al El At Ad Ar As Ash An Az")
_OF_MINISTERS = words_of("Minister Ministers Secretary Undersecretary Commissioner")


def without_things(names: list[Name], words: Sequence[str], sure: Mapping[str, str]) -> list[Name]:
    """The names without those of plans, programmes and prizes, and without their acronyms."""
    things: set[str] = set()
    for name, acronym in _with_acronyms(names, words):
        if _is_thing(words[name.start : name.end]) and text_of(words, name) not in sure:
            things.add(text_of(words, name))
            if acronym:
                things.add(text_of(words, acronym))
    return [name for name in names if text_of(words, name) not in things]


def _with_acronyms(names: list[Name], words: Sequence[str]) -> Iterator[tuple[Name, Name | None]]:
    """Each name with its acronym in brackets, if one follows."""
    ordered = sorted(names, key=lambda name: name.start)
    for name, after in zip_longest(ordered, ordered[1:]):
        yield name, after if after and is_acronym_of(after, name, words) else None


def is_acronym_of(short: Name, name: Name, words: Sequence[str]) -> bool:
    """Whether `short` stands in brackets after `name` and consists of its initials."""
    return (
        name.end + 1 == short.start
        and words[name.end] == "("
        and is_short_for(text_of(words, short), words[name.start : name.end])
    )


def _is_thing(own: Sequence[str]) -> bool:
    if len(own) == 1 or own[-1] not in _THINGS or not _INNER.isdisjoint(own):
        return False
    return own[0] not in _OF_THE_WORLD or not own[-1].startswith("Program")


def cut(names: list[Name], words: Sequence[str], sure: Mapping[str, str]) -> list[Name]:
    """The names without weekdays and offices at their ends, tasks of ministers, parties."""
    names = _with_articles(names, words)
    often = {text_of(words, name) for name in names}
    kept = []
    for name in names:
        if _is_task(name, words) or _is_no_mention(name, words):
            continue
        if name.end - name.start > 1 and name.label != "PERSON":
            _cut_weekday(name, words, often, sure)
            _cut_office(name, words, sure)
        kept.append(name)
    return kept


def _with_articles(names: list[Name], words: Sequence[str]) -> list[Name]:
    """The names, each with the Arabic article that was taken for another name: `At Tanf`."""
    articles = {
        name.start
        for name in names
        if name.end - name.start == 1 and words[name.start] in _ARABIC_ARTICLES
    }
    joined = {name.start - 1 for name in names} & articles
    kept = [name for name in names if name.start not in joined]
    for name in kept:
        name.start -= name.start - 1 in joined
    return kept


def _is_task(name: Name, words: Sequence[str]) -> bool:
    """`Transport` in `Transport Minister`: a task, no ministry."""
    return (
        name.end < len(words)
        and words[name.end] in _OF_MINISTERS
        and all(word in PORTFOLIOS or word in ("and", "&") for word in words[name.start : name.end])
    )


def _is_no_mention(name: Name, words: Sequence[str]) -> bool:
    """Whether a single word is part of something else: `R-Ohio`, `US $20 million`."""
    if name.end - name.start > 1:
        return False
    after = words[name.end] if name.end < len(words) else ""
    word = words[name.start]
    return bool(_PARTY.match(word)) or (word in _CURRENCIES and after.startswith("$"))


def _cut_weekday(
    name: Name, words: Sequence[str], often: set[str], sure: Mapping[str, str]
) -> None:
    """`The Quvash Council Monday said`: the day of a headline is no part of the name."""
    if kind_of(words[name.end - 1]) != "W":
        return
    rest = Name(name.start, name.end - 1, name.label)
    text = text_of(words, rest)
    if text in often or text in sure or words[rest.end - 1] in LABEL_OF_LAST_WORD:
        name.end = rest.end


def _cut_office(name: Name, words: Sequence[str], sure: Mapping[str, str]) -> None:
    """`Quvash Gov. Ann Low`: the place, and not the office after it."""
    office = words[name.end - 1]
    after = words[name.end] if name.end < len(words) else ""
    if office in _OFFICES and (after[:1].isupper() or after == "for"):
        name.end -= 1
        if office in _OF_PLACES:
            name.label = sure.get(text_of(words, name), "GPE")


def with_nouns(names: list[Name], words: Sequence[str], sure: Mapping[str, str]) -> None:
    """Extend names by the type noun after them: `Quvash province`, `Orlen refugee camp`."""
    starts = {name.start for name in names}
    for name in names:
        end = name.end
        if end + 1 < len(words) and words[end + 1] == _BEFORE_NOUN.get(words[end]):
            end += 1
        if end >= len(words) or end in starts or name.label not in _PLACES:
            continue
        label = _NOUNS.get(words[end])
        known = sure.get(straight(text_of(words, name)))
        if label and known not in ("NORP", "ORG") and not (known and words[end] in _OF_A_PLACE):
            name.end, name.label = end + 1, label


def label_of_words(own: Sequence[str]) -> str | None:
    """The label of a longer name by its last word, or by its first before "of"; None if unclear."""
    label = LABEL_OF_LAST_WORD.get(own[-1])
    if label not in NAMES and not _INNER.isdisjoint(own):
        label = None
    if own[-1] == "Church" and own[-2] in _FAITHS:
        label = "ORG"
    if label is None and own[1] == "of":
        label = LABEL_OF_FIRST_WORD.get(own[0])
    if label is None and own[0] in FIRST_OF_PEOPLE:
        label = "PERSON"
    return label
