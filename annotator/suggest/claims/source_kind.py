"""Determines the kind of a source, and the entity mention that it names or refers to."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field

from annotator.lexicon.label_roles import BODIES, EVENT, ORGANISATION, PEOPLES, PERSON, SPEAKERS
from annotator.lexicon.word_lists import TITLES, TITLES_IN_FULL, words_of
from annotator.suggest.claims.antecedents import Antecedents, Mention
from annotator.suggest.claims.tree import NOMINAL, Tree

_NAMES = BODIES | SPEAKERS | {EVENT}
_AUTHOR = words_of("we i")
_THEY = words_of("they we them us their our these those")
_PRONOUNS = _AUTHOR | _THEY | words_of("he she him her his hers who it")
_RELATIVE = words_of("who whose whom which that")
_HIDDEN = words_of("anonymity anonymous unnamed unidentified sources")
_OF_OFFICES = words_of("of for the and")
_ONE = words_of("a an one another")
_DEFINITE = words_of("the this that his her its their")
_SEVERAL = words_of("those these both several many most few some others")
_SHE = words_of("she her hers")
_TITLES = {
    "mr": "he", "mr.": "he", "sir": "he", "mrs": "she", "mrs.": "she", "ms": "she", "ms.": "she"
}  # fmt: skip
_PEOPLE_BACK, _APPOSITION = 12, 12  # mentions; tokens
_FARTHEST = 600  # maximum number of tokens between a pronoun and its antecedent


@dataclass(slots=True)
class SourceReader:
    """Reads the sources of one text in order, keeping track of the last speaker."""

    tree: Tree
    entity: list[int]
    mentions: list[Mention]
    antecedents: Antecedents
    spoke: list[tuple[int, str, int | None, frozenset[str]]] = field(default_factory=list)
    gender: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, tree: Tree) -> SourceReader:
        """The reader for a text, with its entities by token."""
        entity, mentions = [-1] * tree.n, []
        for number, ent in enumerate(tree.ents):
            mentions.append((ent.start, ent.end, ent.label_, ent.start_char, ent.end_char))
            entity[ent.start : ent.end] = [number] * (ent.end - ent.start)
        return cls(tree, entity, mentions, Antecedents(tree, mentions))

    def read(
        self, source: Iterable[int], *, quoted: bool, reported: bool = False
    ) -> tuple[str, tuple[int, int] | None]:
        """The kind of a source (its token numbers), and the mention of the speaker; None if it is
        not sure.

        `reported`: within the claim of another, so that no later pronoun means this speaker.
        """
        tokens = sorted(i for i in source if self.tree.words[i])
        if not tokens:
            return "unspecified", None
        phrase = self._first_phrase(tokens)
        head = next((i for i in reversed(phrase) if self.tree.pos[i] in NOMINAL), phrase[-1])
        kind, mention = self._named(tokens, head)
        if not kind:
            kind, mention = self._unnamed(tokens, head, quoted=quoted)
        words = frozenset(self.tree.lower[i] for i in tokens)
        likely = mention if mention is not None else self.antecedents.last_speaker(tokens)
        sure = likely if self.antecedents.are_sure(tokens, head, likely) else None
        if not reported:
            self.spoke.append((head, kind, mention, words))
            self.antecedents.spoke(tokens, head, kind, sure)
        if sure is None:
            return kind, None
        return kind, self.mentions[sure][3:5]

    def _first_phrase(self, tokens: list[int]) -> list[int]:
        """The words up to a modifier of the noun: preposition, relative clause, comma."""
        tree = self.tree
        for n, i in enumerate(tokens):
            hyphen = n > 0 and tree.form[i - 1] == "-"  # the US-led coalition
            verbal = tree.pos[i] in ("ADP", "VERB", "AUX", "SCONJ") and not hyphen
            verbal = verbal and tree.rel[i] != "amod"  # a leaked memo
            met = tree.pos[i] == "PRON" and tree.pos[tokens[n - 1]] == "NOUN"  # people she met
            cut = verbal or tree.lower[i] in _RELATIVE or met
            gap = n > 0 and any(tree.form[x] in ",(–—" for x in range(tokens[n - 1] + 1, i))
            if n and (cut or gap):
                return tokens[:n]
        return tokens

    def _named(self, tokens: list[int], head: int) -> tuple[str, int | None]:
        """The kind if the words contain a name, otherwise an empty string; and the mention."""
        tree = self.tree
        words, lower = tree.lexicon.words, tree.lower[head]
        person = self._person(tokens)
        if person is not None:
            return "named", person
        number = self.entity[head]
        if number >= 0:
            label, end = self.mentions[number][2], self.mentions[number][1]
            if label == PEOPLES or (end - 1 == head and lower in words["crowd"]):
                return "collective", number
            if end - 1 == head and lower in words["document"]:
                return "document", None
            if label in _NAMES:
                return "named", number
        if tree.pos[head] == "PROPN" and tree.form[head][:1].isupper():
            if lower in words["crowd"] or tree.tag[head] == "NNPS":
                return "collective", None
            return ("document" if lower in words["document"] else "named"), None
        return "", None

    def _person(self, tokens: list[int]) -> int | None:
        """The person named by the phrase or its apposition, not after a preposition."""
        described = False
        for n, i in enumerate(tokens):
            number = self.entity[i]
            if number >= 0 and self.mentions[number][2] == PERSON and not described:
                owner = self.mentions[number][1]
                if owner >= self.tree.n or self.tree.lower[owner] not in ("'s", "’s", "'", "’"):
                    return number
            if n and (self.tree.pos[i] == "ADP" or self.tree.lower[i] in _RELATIVE):
                described = True
            elif n and any(self.tree.form[x] == "," for x in range(tokens[n - 1] + 1, i)):
                described = False
            else:
                described = described and not self._ends_office(tokens[0], i)
        return None

    def _ends_office(self, first: int, i: int) -> bool:
        """Whether an office ends at token i: `Secretary of State` before a name."""
        tree = self.tree
        capital = all(
            tree.form[x][:1].isupper() or tree.lower[x] in _OF_OFFICES for x in range(first, i + 1)
        )
        title = tree.lower[i].rstrip(".") in TITLES | TITLES_IN_FULL
        office = tree.lower[first] in tree.lexicon.words["anonymous"] | tree.lexicon.words["person"]
        named = tree.entity[i] == PERSON or tree.lower[i] in _OF_OFFICES
        return capital and not (named or title or office)

    def _unnamed(self, tokens: list[int], head: int, *, quoted: bool) -> tuple[str, int | None]:
        tree = self.tree
        words, lower = tree.lexicon.words, tree.lower[head]
        present = {tree.lower[i] for i in tokens}
        first = tree.lower[tokens[0]]
        owned = len(tokens) > 1 and tree.pos[head] in ("NOUN", "PROPN")  # her husband
        if len(tokens) <= 2 and tree.lower[tokens[0]] in _PRONOUNS and not owned:
            return self._pronoun(tokens[0], quoted=quoted)
        if present & _HIDDEN or {"not", "named"} <= present:
            return "anonymous", None
        if lower in words["document"]:
            return "document", None
        several = first in _SEVERAL
        plural = several or tree.tag[head] in ("NNS", "NNPS") or lower in words["collective"]
        if plural or lower in words["crowd"]:
            return "collective", None
        if first in _DEFINITE:
            mention = self._same_office(head, present)
            if mention is not None:
                return "named", mention
        if {"name", "named", "identified"} & present:
            return "named", None
        body = self._apposed_body(tokens)
        if body is not None:
            return "named", body
        if lower in words["kin"]:
            return "anonymous", None
        if any(tree.rel[c] == "nmod:poss" and tree.entity[c] in BODIES for c in tree.kids[head]):
            return "named", None  # the country's president
        if lower in words["anonymous"] or (first in _ONE and lower not in words["organisation"]):
            return "anonymous", None
        return (
            "named" if first in _DEFINITE or lower in words["organisation"] else "anonymous"
        ), None

    def _apposed_body(self, tokens: list[int]) -> int | None:
        """`a forecaster, FIEL`: the body whose name ends the source after a comma."""
        number = self.entity[tokens[-1]]
        if number < 0 or self.mentions[number][2] != ORGANISATION:
            return None
        start = self.mentions[number][0]
        return number if start > tokens[0] and self.tree.form[start - 1] == "," else None

    def _pronoun(self, i: int, *, quoted: bool) -> tuple[str, int | None]:
        lower = self.tree.lower[i]
        if lower in _AUTHOR and not quoted:
            return "author", None
        if lower == "it":
            return self._last_body(i)
        if lower in _THEY:
            return self._last_group(i)
        return self._last_person(i)

    def _last_person(self, i: int) -> tuple[str, int | None]:
        """For `he` and `she`: the last speaker or the last person named, if unambiguous.

        Nobody is both; of two people in one sentence the subject is meant, otherwise it is unclear.
        """
        pronoun = "she" if self.tree.lower[i] in _SHE else "he"
        named = self._people_named_last(i, pronoun)
        since = self.mentions[named[-1]][0] if named else -1
        chosen = self._only_one(named)
        for head, kind, mention, _ in reversed(self.spoke[-2:]):
            if head < since or i - head > _FARTHEST:
                break
            if kind == "anonymous":
                return "anonymous", None
            if mention is not None and self._may_be(mention, pronoun):
                chosen = mention
                break
        if chosen is not None:
            self.gender.setdefault(self._surname(chosen), pronoun)
        return "named", chosen

    def _people_named_last(self, i: int, pronoun: str) -> list[int]:
        """The mentions of people that the pronoun fits in the last sentence that has any."""
        number = bisect_left(self.mentions, (i,)) - 1
        found: list[int] = []
        while number >= 0 and i - self.mentions[number][0] <= _FARTHEST:
            start = self.mentions[number][0]
            if found and self.tree.low[start] != self.tree.low[self.mentions[found[0]][0]]:
                break
            if self._may_be(number, pronoun):
                found.append(number)
            number -= 1
        return found[::-1]

    def _only_one(self, mentions: list[int]) -> int | None:
        if len({self._surname(number) for number in mentions}) <= 1:
            return mentions[-1] if mentions else None
        subjects = [
            number
            for number in mentions
            if any(self.tree.base[x] == "nsubj" for x in range(*self.mentions[number][:2]))
        ]
        return subjects[0] if len({self._surname(number) for number in subjects}) == 1 else None

    def _may_be(self, number: int, pronoun: str) -> bool:
        """Whether a mention is of a person not referred to by the other pronoun before."""
        start, _, label, *_ = self.mentions[number]
        if label != PERSON:
            return False
        for x in (start - 1, start):
            if x >= 0 and self.tree.lower[x] in _TITLES:
                return _TITLES[self.tree.lower[x]] == pronoun
        return self.gender.get(self._surname(number), pronoun) == pronoun

    def _surname(self, number: int) -> str:
        start, end, *_ = self.mentions[number]
        if end - start > 1 and self.tree.lower[end - 1] in ("'s", "’s"):
            end -= 1
        return self.tree.lower[end - 1]

    def _last_group(self, i: int) -> tuple[str, int | None]:
        if self.spoke and i - self.spoke[-1][0] <= _FARTHEST:
            _, kind, mention, _ = self.spoke[-1]
            if kind in ("collective", "anonymous", "document"):
                return ("collective" if kind == "document" else kind), None
            if mention is not None and self.mentions[mention][2] != PERSON:
                return "named", mention
        return "collective", None

    def _last_body(self, i: int) -> tuple[str, int | None]:
        if self.spoke and i - self.spoke[-1][0] <= _FARTHEST:
            _, kind, mention, _ = self.spoke[-1]
            if kind == "document":
                return "document", None
            if kind == "collective" or (
                mention is not None and self.mentions[mention][2] in BODIES
            ):
                return kind, mention
        return "named", None

    def _same_office(self, head: int, present: set[str]) -> int | None:
        """`the minister`: the person who spoke or was named before with that word."""
        if len(present) > 3:
            return None
        word = self.tree.lower[head]
        for before, _, mention, words in reversed(self.spoke[-8:]):
            if head - before > _FARTHEST:
                break
            if word in words:
                return mention
        number = bisect_left(self.mentions, (head,)) - 1
        holders: dict[str, int] = {}
        for n in range(number, max(-1, number - _PEOPLE_BACK), -1):
            if head - self.mentions[n][0] > _FARTHEST:
                break
            if self.mentions[n][2] == PERSON and self._described_as(n, word):
                holders.setdefault(self._surname(n), n)
        return next(iter(holders.values())) if len(holders) == 1 else None

    def _described_as(self, number: int, word: str) -> bool:
        """`Ann Lund, the minister, ...` or `minister Ann Lund`: the word is beside the name."""
        tree = self.tree
        start, end, *_ = self.mentions[number]
        low, high = tree.low[start], tree.high[start]
        if start > low and tree.lower[start - 1] == word:
            return True
        if end >= high or tree.form[end] != ",":
            return False
        for i in range(end + 1, min(end + _APPOSITION, high)):
            if tree.lower[i] == word:
                return tree.pos[i] in NOMINAL
            if tree.form[i] == "," or tree.is_verb(i):
                return False
        return False
