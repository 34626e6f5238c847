"""Forms: the ways in which names are written, and what links two of them to one identity."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from annotator.core.across.mentions import Mention, NameKind
from annotator.core.across.spelling import without_particles
from annotator.lexicon.word_lists import words_of

SMALL_WORDS = words_of("of for and the in on de des du la le les et da do y e d l")


class LinkKind(StrEnum):
    """Why two forms may name one identity."""

    SAME_FORM = "same form"
    SURNAME = "surname of"
    SHORT = "short for"
    INITIALS = "initials of"
    ALIAS = "known alias"
    PEOPLE = "same people"
    GIVEN_NAME = "fuller name"
    SPELLING = "other spelling"
    LETTER = "letter different"
    LANGUAGE = "other language"
    WORDS = "same words"


@dataclass(frozen=True, slots=True, order=True)
class Form:
    """A name as it is written, by kind and key.

    `scope` is empty for names that say by themselves whom they mean. A surname alone, a ministry or
    *the Courier* means somebody in its article; the scope tells the article, or the owner, apart.
    """

    kind: NameKind
    key: str
    scope: str = ""

    @property
    def words(self) -> tuple[str, ...]:
        """The words of the key."""
        return tuple(self.key.split())

    @property
    def significant(self) -> tuple[str, ...]:
        """The words of the key without small ones."""
        return tuple(word for word in self.words if word not in SMALL_WORDS) or self.words

    @property
    def bare(self) -> tuple[str, ...]:
        """The words of the key without articles and particles of names."""
        return without_particles(self.words)

    @property
    def surname(self) -> str:
        """The last word of a person's name."""
        return self.bare[-1]

    @property
    def given(self) -> tuple[str, ...]:
        """What is before the surname."""
        return self.bare[:-1]

    @property
    def initials(self) -> frozenset[str]:
        """The initials of a name of several words, with and without its small words."""
        if len(self.words) < 2:
            return frozenset()
        return frozenset("".join(word[0] for word in own) for own in (self.words, self.significant))


@dataclass(frozen=True, slots=True)
class Link:
    """Two forms that may name one identity, why, and the chance that they do (0 to 1)."""

    one: Form
    other: Form
    why: LinkKind
    score: float

    @property
    def rank(self) -> tuple[float, Form, Form]:
        """Sorts the surest first; deterministic."""
        first, second = sorted((self.one, self.other))
        return -self.score, first, second


def is_bare(mention: Mention) -> bool:
    """Whether it is one word of a person's name."""
    return mention.kind is NameKind.PERSON and len(without_particles(mention.words)) == 1


def is_acronym(mention: Mention) -> bool:
    """Whether it is written as initials are: SDF, or U.S."""
    letters = [one for one in mention.text if one.isalpha()]
    return (
        mention.kind is NameKind.BODY
        and 2 <= len(letters) <= 6
        and " " not in mention.key
        and sum(one.isupper() for one in letters) >= max(2, len(letters) - 1)
    )


def whole_form(mention: Mention) -> Form:
    """The form of a name that stands for itself; a body that every country has, with its owner."""
    return Form(mention.kind, mention.key, mention.owner or "" if mention.is_generic else "")


def local_forms(mentions: Iterable[Mention]) -> tuple[dict[Mention, Form], tuple[Link, ...]]:
    """The form of each mention of one article, and the links that this article makes.

    A surname alone is the fuller name of the article that ends with it, of several the last one
    before it; initials and short names likewise.
    """
    own = sorted(mentions, key=lambda one: (one.start, one.place))
    heads = _Heads.of(own)
    forms: dict[Mention, Form] = {}
    links: dict[tuple[Form, Form], Link] = {}
    for mention in own:
        form = whole_form(mention)
        fuller = heads.fuller(mention)
        if fuller is not None:
            head, why = fuller
            target = whole_form(head)
            if why is not LinkKind.INITIALS:
                form = Form(mention.kind, mention.key, f"{mention.article} {target.key}")
            links[form, target] = Link(form, target, why, 0.97)
        elif is_bare(mention) or (mention.is_generic and not mention.owner):
            form = Form(mention.kind, mention.key, mention.article)
        forms[mention] = form
    return forms, tuple(links.values())


@dataclass(frozen=True)
class _Heads:
    """The fuller names of an article, in text order: people and groups by their first and their
    last word, groups by their initials."""

    first: Mapping[tuple[NameKind, str], list[Mention]]
    last: Mapping[tuple[NameKind, str], list[Mention]]
    initials: Mapping[str, list[Mention]]

    @classmethod
    def of(cls, mentions: Iterable[Mention]) -> _Heads:
        first: dict[tuple[NameKind, str], list[Mention]] = defaultdict(list)
        last: dict[tuple[NameKind, str], list[Mention]] = defaultdict(list)
        initials: dict[str, list[Mention]] = defaultdict(list)
        for one in mentions:
            if (
                one.kind in (NameKind.PERSON, NameKind.BODY)
                and len(one.words) > 1
                and not is_bare(one)
            ):
                first[one.kind, one.words[0]].append(one)
                last[one.kind, one.words[-1]].append(one)
                for letters in whole_form(one).initials if one.kind is NameKind.BODY else ():
                    initials[letters].append(one)
        return cls(first, last, initials)

    def fuller(self, mention: Mention) -> tuple[Mention, LinkKind] | None:
        """The fuller name in the same article, and how the mention shortens it."""
        if mention.kind is NameKind.PERSON:
            head = self._named(mention)
            return (head, LinkKind.SURNAME) if head else None
        if mention.kind is not NameKind.BODY or mention.owner:
            return None
        if is_acronym(mention):
            known = mention.usual != mention.key
            head = None if known else _only(mention, self.initials.get(mention.key, []))
            return (head, LinkKind.INITIALS) if head else None
        return self._shortened(mention)

    def _named(self, mention: Mention) -> Mention | None:
        """The person whose surname a mention is, otherwise the only one with this given name."""
        ending = without_particles(mention.words)
        own = [
            one
            for one in self.last.get((mention.kind, mention.words[-1]), [])
            if _ends_with(one, ending)
        ]
        given = self.first.get((mention.kind, mention.key), []) if is_bare(mention) else []
        return _nearest(mention, own) or _only(mention, given)

    def _shortened(self, mention: Mention) -> tuple[Mention, LinkKind] | None:
        side = self.last if mention.is_generic else self.first
        word = mention.words[-1] if mention.is_generic else mention.words[0]
        own = [one for one in side.get((mention.kind, word), []) if _shortens(mention, one)]
        head = _only(mention, own)
        return (head, LinkKind.SHORT) if head else None


def _nearest(mention: Mention, heads: list[Mention]) -> Mention | None:
    """The last head before a mention, otherwise the first one."""
    place = bisect_left(heads, mention.start, key=lambda one: one.start)
    return heads[place - 1] if place else next(iter(heads), None)


def _only(mention: Mention, heads: list[Mention]) -> Mention | None:
    """The head, if all that there are have one form."""
    forms = {whole_form(one) for one in heads if one.key != mention.key}
    return heads[0] if len(forms) == 1 else None


def _ends_with(full: Mention, ending: tuple[str, ...]) -> bool:
    words = without_particles(full.words)
    return len(ending) < len(words) and words[-len(ending) :] == ending


def _shortens(mention: Mention, full: Mention) -> bool:
    """*Labour* for *Labour Party*, *the Ledger* for *Harbour Ledger*."""
    words, all_words = mention.words, full.words
    if not (mention.is_group and full.is_group) or len(words) >= len(all_words):
        return False
    if mention.is_generic:
        return all_words[-len(words) :] == words
    return len(words) == 1 and len(all_words) == 2 and all_words[0] == words[0]
