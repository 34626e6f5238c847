"""Which pronouns and descriptions surely stand for a mention: better none than a wrong one.

A speaker outside the source is given only where nobody else can be meant: gender and number agree,
and since that mention, or since it last spoke, no other has been named or has spoken.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from annotator.lexicon.given_names import MEN, WOMEN
from annotator.lexicon.label_roles import BODIES, PERSON
from annotator.lexicon.word_lists import TITLES, TITLES_IN_FULL, words_of
from annotator.suggest.claims.tree import Tree

Mention = tuple[int, int, str, int, int]
"""First token, token after the last, label, first character, character after the last."""

HE = words_of("he him his")
SHE = words_of("she her hers")
_I = words_of("i")
_POSSESSIVE = frozenset(("'s", "’s", "'", "’"))
_MALE_TITLES, _FEMALE_TITLES = words_of("mr mr. sir"), words_of("mrs mrs. ms ms. miss madam")
_NEAR, _NEAR_BODY, _FAR = 150, 60, 400
"""The most tokens between a mention and a pronoun for a person, for a body, and a description."""
_GOES_ON = 60
"""The most tokens until a speaker goes on, although others were named in the same sentence."""
_REMEMBERED, _WITH_TITLE = 8, 12
"""Sources; tokens from the head of a source to the name beside it."""
_TITLE, _MENTIONS_BACK = 7, 40
"""Tokens of a title before a name; mentions in which a description is looked for."""


@dataclass(frozen=True, slots=True)
class _Said:
    """A source that was read: its head, the mention that it stands for and its name (None if that
    is not sure), kind and words."""

    head: int
    number: int | None
    name: str | None
    kind: str
    words: frozenset[str]


@dataclass(slots=True)
class Antecedents:
    """The sources of one text, read in order; `mentions` are its entities."""

    tree: Tree
    mentions: Sequence[Mention]
    said: list[_Said] = field(default_factory=list)
    genders: dict[str, set[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for number, mention in enumerate(self.mentions):
            if mention[2] == PERSON and (gender := self._own_gender(number)):
                self.genders.setdefault(self.name(number), set()).add(gender)

    def are_sure(self, source: Sequence[int], head: int, number: int | None) -> bool:
        """Whether a source (its token numbers) surely stands for a mention, if any."""
        if number is None:
            return False
        start, end, *_ = self.mentions[number]
        if any(start <= i < end for i in source):
            return True
        first = self.tree.lower[source[0]]
        if len(source) <= 2:
            if first in HE or first in SHE:
                return self._is_person(source[0], number, "she" if first in SHE else "he")
            if first in _I:
                return self._is_last_speaker(source[0], number)
            if first == "it":
                return self._is_body(source[0], number)
        return self._is_description(head, number)

    def last_speaker(self, source: Sequence[int]) -> int | None:
        """The mention of the person who spoke last, for *he* and *she*; None if it is not known."""
        first = self.tree.lower[source[0]]
        last = self.said[-1] if self.said else None
        if last is None or len(source) > 1 or not (first in HE or first in SHE):
            return None
        is_person = last.number is not None and self.mentions[last.number][2] == PERSON
        return last.number if is_person else None

    def spoke(self, source: Iterable[int], head: int, kind: str, number: int | None) -> None:
        """A source was read; `number` is the mention that it surely stands for."""
        words = frozenset(self.tree.lower[i] for i in source)
        name = None if number is None else self.name(number)
        self.said.append(_Said(head, number, name, kind, words))

    def name(self, number: int) -> str:
        """The last word of a mention, by which it is known again."""
        start, end, *_ = self.mentions[number]
        if end - start > 1 and self.tree.lower[end - 1] in _POSSESSIVE:
            end -= 1
        return self.tree.lower[end - 1]

    # People

    def _is_person(self, i: int, number: int, pronoun: str) -> bool:
        # Within quotation marks, *he* is hardly the one who is quoted.
        if self.tree.region[i] >= 0 or not self._may_be(number, pronoun):
            return False
        name = self.name(number)
        anchor, spoke = self._anchor(i, name)
        # A man and a woman may share the name.
        if anchor < 0 or len(self.genders.get(name, ())) > 1:
            return False
        # Whom a speaker talks of is not who goes on speaking in the next sentence.
        goes_on = spoke and self.tree.high[anchor] <= i <= anchor + _GOES_ON
        after = self.tree.high[anchor] if goes_on else anchor
        if self._has_rivals(after, i, name, pronoun):
            return False
        since = anchor if spoke else self.tree.low[anchor] - 1
        others = (one for one in reversed(self.said[-_REMEMBERED:]) if since < one.head < i)
        if any(self._intervenes(one, name, pronoun) for one in others):
            return False
        if self._has_described_subject(anchor, i):
            return False
        return spoke or self._stands_out(anchor, i, name, pronoun)

    def _anchor(self, i: int, name: str) -> tuple[int, bool]:
        """Where a person last spoke or was named outside quotations, near before token i, and
        whether they spoke there; (-1, False) if nowhere."""
        near = i - _NEAR
        spoken = (one.head for one in self.said[-_REMEMBERED:] if one.name == name)
        spoke = max((head for head in spoken if near <= head < i), default=-1)
        named = max((self.mentions[n][0] for n in self._named(near, i, name)), default=-1)
        if spoke >= 0 and spoke + _WITH_TITLE >= named:
            return max(spoke, named), True
        return named, False

    def _has_rivals(self, low: int, high: int, name: str, pronoun: str) -> bool:
        return any(self.name(n) != name for n in self._people(low, high, pronoun))

    def _named(self, low: int, high: int, name: str) -> Iterator[int]:
        """The mentions of a person between two tokens, outside quotations."""
        return (n for n in self._all_people(low, high) if self.name(n) == name)

    def _people(self, low: int, high: int, pronoun: str) -> Iterator[int]:
        """The mentions of people between two tokens, outside quotations, that a pronoun fits."""
        return (n for n in self._all_people(low, high) if self._may_be(n, pronoun))

    def _all_people(self, low: int, high: int) -> Iterator[int]:
        """The mentions of people that begin between two tokens, outside quotations."""
        for number in range(bisect_left(self.mentions, (low,)), len(self.mentions)):
            start, _, label, *_ = self.mentions[number]
            if start >= high:
                return
            if label == PERSON and self.tree.region[start] < 0:
                yield number

    def _intervenes(self, one: _Said, name: str, pronoun: str) -> bool:
        """Whether another speaker may be meant instead."""
        if name in one.words:
            return False
        if one.name is not None:
            return one.name != name and pronoun in self.genders.get(one.name, {pronoun})
        other = HE if pronoun == "she" else SHE
        if one.words & other:
            return False
        return one.kind in ("named", "anonymous")

    def _stands_out(self, anchor: int, i: int, name: str, pronoun: str) -> bool:
        """Whether somebody named but not quoted at `anchor` is the one that the text is about."""
        tree = self.tree
        low, high = tree.low[anchor], tree.high[anchor]
        number = next(n for n in self._named(anchor, anchor + 1, name))
        _, end, *_ = self.mentions[number]
        same_sentence = low <= i < high
        if (end < tree.n and tree.lower[end] in _POSSESSIVE) or tree.lower[end - 1] in _POSSESSIVE:
            return same_sentence and not self._has_rivals(low, i, name, pronoun)
        if any(self._is_subject(x) for x in range(anchor, end)):
            rivals = [n for n in self._people(low, anchor, pronoun) if self.name(n) != name]
            subjects = [n for n in rivals if tree.base[self.mentions[n][1] - 1] == "nsubj"]
            return not subjects
        if same_sentence:  # *campaigning against Romney, he said*
            return False
        before = tree.low[low - 1] if low else low
        pronouns = SHE if pronoun == "she" else HE
        if any(tree.lower[x] in pronouns for x in range(low, anchor)):
            return False
        return not self._has_rivals(before, i, name, pronoun)

    def _is_subject(self, x: int) -> bool:
        tree = self.tree
        named = tree.base[x] in ("appos", "flat") and tree.base[tree.head[x]] == "nsubj"
        return tree.base[x] == "nsubj" or named

    def _has_described_subject(self, anchor: int, i: int) -> bool:
        """Whether somebody without a name may be meant: a subject before a pronoun in its sentence,
        or one with a title or office since the mention."""
        tree, words = self.tree, self.tree.lexicon.words

        def is_subject(x: int) -> bool:
            alone = tree.base[x] == "nsubj" and tree.tag[x] == "NN" and tree.region[x] < 0
            return alone and any(tree.lower[c] == "the" for c in tree.kids[x])

        return any(
            tree.lower[x] not in words["organisation"]
            if x >= tree.low[i]
            else tree.lower[x] in TITLES_IN_FULL or tree.lower[x] in words["anonymous"]
            for x in range(anchor + 1, i)
            if is_subject(x)
        )

    def _may_be(self, number: int, pronoun: str) -> bool:
        own = self._own_gender(number)
        known = {own} if own else self.genders.get(self.name(number), set())
        return not known or pronoun in known

    def _own_gender(self, number: int) -> str | None:
        """The pronoun for a person by title or given name; None if neither tells."""
        start, end, *_ = self.mentions[number]
        tree = self.tree
        for x in (start - 1, start):
            if x >= 0 and tree.lower[x] in _MALE_TITLES:
                return "he"
            if x >= 0 and tree.lower[x] in _FEMALE_TITLES:
                return "she"
        first = start
        while first < end and tree.lower[first].rstrip(".") in TITLES:
            first += 1
        given = tree.lower[min(first, end - 1)]
        if given in WOMEN:
            return "she"
        # Many surnames are given names of men.
        return "he" if end - first > 1 and given in MEN else None

    # Others

    def _is_last_speaker(self, i: int, number: int) -> bool:
        """Whether a mention is who spoke last, in whose words this is."""
        last = self.said[-1] if self.said else None
        return last is not None and last.name == self.name(number) and abs(i - last.head) <= _NEAR

    def _is_body(self, i: int, number: int) -> bool:
        _, _, label, *_ = self.mentions[number]
        last = self.said[-1] if self.said else None
        near = last is not None and last.name == self.name(number) and i - last.head <= _NEAR_BODY
        return near and label in BODIES

    def _is_description(self, head: int, number: int) -> bool:
        """*the minister*, *the agency*: of the kind of the mention, and of nobody else since."""
        tree, (start, _, label, *_) = self.tree, self.mentions[number]
        word, words = tree.lower[head], tree.lexicon.words
        of_body = word in words["organisation"] or word in words["collective"]
        if of_body != (label in BODIES) or label not in (*BODIES, PERSON):
            return False
        if start > head or head - start > _FAR:
            return False
        if not self._was_called(word, self.name(number), head):
            return False
        recent = [one for one in self.said[-_REMEMBERED:] if one.head < head]
        if any(one.kind == "anonymous" and word in one.words for one in recent):
            return False
        since = [one for one in recent if one.head > start and one.name != self.name(number)]
        return all(one.name is not None or one.kind != "named" for one in since)

    def _was_called(self, word: str, name: str, head: int) -> bool:
        """Whether a word is part of a name, or stood beside it: *Minister of Trade Ann Lund*,
        *Ann Lund, the minister*."""
        tree = self.tree
        last = bisect_left(self.mentions, (head,))
        for number in range(last - 1, max(-1, last - 1 - _MENTIONS_BACK), -1):
            start, end, *_ = self.mentions[number]
            if self.name(number) != name or tree.region[start] >= 0:
                continue
            if word in tree.lower[start:end]:
                return True
            before = range(start - 1, max(tree.low[start], start - _TITLE) - 1, -1)
            after = range(end + 1, min(tree.high[start], end + _WITH_TITLE))
            is_described = end < tree.n and tree.form[end] == ","
            if self._is_met(word, before) or (is_described and self._is_met(word, after)):
                return True
        return False

    def _is_met(self, word: str, tokens: Iterable[int]) -> bool:
        """Whether a word comes before the next verb or quotation mark."""
        for x in tokens:
            if self.tree.lower[x] == word:
                return True
            if self.tree.is_verb(x) or self.tree.is_mark(x):
                return False
        return False
