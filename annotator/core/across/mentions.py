"""Names where they stand: the mentions of people, groups and places in an article."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from annotator.core.annotations import Entity
from annotator.lexicon.label_roles import (
    BUILDING,
    EVENT,
    NAMES,
    ORGANISATION,
    PEOPLES,
    PERSON,
    PLACES,
)
from annotator.lexicon.name_groups import (
    aliases,
    countries_of_peoples,
    name_key,
    peoples,
    words_in,
)
from annotator.lexicon.stems import stem
from annotator.lexicon.word_groups import empty_words

_AROUND = 160
_WORD = re.compile(r"[^\W\d_]{4,}")
_SENTENCE_END = re.compile(r"[.!?]['\"”’]?\s|\n")
_OWNER = re.compile(r"(?:['’]s?)?\s$")

Place = tuple[str, str]
"""An entity in the store: the id of its article, and its own."""


class NameKind(StrEnum):
    """What a name is of; names of two kinds are never one."""

    PERSON = "person"
    BODY = "body"
    PEOPLE = "people"
    WORK = "work"


@dataclass(frozen=True, slots=True)
class Mention:
    """One name in an article.

    `key` is its form without title, article and case; `owner` the country whose body it is, as the
    words before it or in it say; `context` stems of its sentence.
    """

    place: Place
    text: str
    label: str
    start: int
    key: str
    kind: NameKind
    owner: str | None = None
    context: frozenset[str] = frozenset()

    @property
    def article(self) -> str:
        return self.place[0]

    @property
    def words(self) -> tuple[str, ...]:
        """The words of the key."""
        return tuple(self.key.split())

    @property
    def usual(self) -> str:
        """The key of the usual name, where the name is known under several."""
        if self.kind is NameKind.PEOPLE:
            return peoples().get(self.key, self.key)
        return aliases().get(self.key, self.key) if self.kind is NameKind.BODY else self.key

    @property
    def is_generic(self) -> bool:
        """Whether every country or town has a body of this name, or a newspaper."""
        words = without_owner(self.key).split()
        rest = [word for word in words if word not in words_in("generic") | {"of", "and", "for"}]
        is_paper = len(words) == 1 and words[0] in words_in("papers")
        return self.kind is NameKind.BODY and (not rest or is_paper or "ministry" in words)

    @property
    def is_building(self) -> bool:
        """Whether it is a building, base or camp."""
        return self.label == BUILDING

    @property
    def is_group(self) -> bool:
        """Whether it is an organisation."""
        return self.label == ORGANISATION


def mentions_of(article: str, text: str, entities: Iterable[Entity]) -> tuple[Mention, ...]:
    """The names among the entities of an article, in text order."""
    named = sorted((one for one in entities if one.label in NAMES), key=lambda one: one.span)
    found: list[Mention] = []
    before: Entity | None = None
    for entity in named:
        key = key_of(entity.span.of(text), entity.label)
        if key:
            owner = _owner(key, before, text[: entity.span.start])
            context = _context(text, entity)
            kind = kind_of(entity.label, key)
            words, start = entity.span.of(text), entity.span.start
            place = (article, entity.id)
            found.append(Mention(place, words, entity.label, start, key, kind, owner, context))
        before = entity
    return tuple(found)


def key_of(text: str, label: str) -> str:
    """The form of a name by which equal names are found: without title, article and case."""
    words = name_key(text).split()
    if label == PERSON:
        while len(words) > 1 and words[0] in words_in("titles"):
            words = words[1:]
    elif len(words) > 1 and words[0] == "the":
        words = words[1:]
    return " ".join(words)


def kind_of(label: str, key: str) -> NameKind:
    """What a name of this label and key is of."""
    if label == PERSON:
        return NameKind.PERSON
    if label == PEOPLES and key not in aliases():
        return NameKind.PEOPLE
    in_groups = {ORGANISATION, BUILDING, EVENT, PEOPLES} | PLACES
    return NameKind.BODY if label in in_groups else NameKind.WORK


@lru_cache(maxsize=65_536)
def _nation(key: str) -> str | None:
    """The country that a name of a country or a people stands for."""
    usual = aliases().get(key, key)
    known = usual if usual in countries_of_peoples().values() else None
    return countries_of_peoples().get(key) or known


@lru_cache(maxsize=65_536)
def without_owner(key: str) -> str:
    """The key of a body without its country, if what remains is a body that every country has."""
    words = key.split()
    size = _nation_words(key)
    return " ".join(words[size:]) if size else key


def _nation_words(key: str) -> int:
    """How many words at the start of a name are the country of a body that every country has."""
    words = key.split()
    sizes = (1, 2) if key not in aliases() else ()
    return next(
        (n for n in sizes if _all_generic(words[n:]) and _nation(" ".join(words[:n]))),
        0,
    )


def _all_generic(words: list[str]) -> bool:
    return len(words) > 1 and all(word in words_in("generic") | {"of"} for word in words)


def _owner(key: str, before: Entity | None, text: str) -> str | None:
    """The country in the name (*Russian Foreign Ministry*) or right before it (*Russia's*)."""
    size = _nation_words(key)
    if size:
        return _nation(" ".join(key.split()[:size]))
    gap = text[before.span.end :] if before else ""
    if before and len(gap) <= 3 and _OWNER.fullmatch(gap):
        return _nation(name_key(before.span.of(text)))
    return None


def _context(text: str, entity: Entity) -> frozenset[str]:
    """Stems of the sentence around a name."""
    start, end = entity.span.start, entity.span.end
    left = _SENTENCE_END.split(text[max(0, start - _AROUND) : start])[-1]
    right = _SENTENCE_END.split(text[end : end + _AROUND])[0]
    words = (word.casefold() for word in _WORD.findall(f"{left} {right}"))
    return frozenset(stem(word) for word in words if word not in empty_words())
