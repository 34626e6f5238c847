"""What kind of source it is, and which mention of an entity it names or stands for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from spacy.tokens import Doc

from annotator.suggest.claims.lexicon import words_of
from annotator.suggest.claims.tree import NOMINAL, Tree

_BODIES = frozenset(("ORG", "GPE", "FAC", "LOC", "WORK_OF_ART", "LAW", "PRODUCT"))
_NAMES = _BODIES | {"PERSON", "NORP", "EVENT"}
_HE_OR_SHE = words_of("he she him her his hers who")
_THEY = words_of("they we them us their our")
_AUTHOR = frozenset(("we", "i"))
_ONE = words_of("a an one another")
_DEFINITE = words_of("the this that his her its their")
_FARTHEST = 600  # tokens between a pronoun and the name it stands for


@dataclass(slots=True)
class SourceReader:
    """Reads the sources of one text in order, and remembers who spoke last."""

    tree: Tree
    entity: list[int] = field(default_factory=list)
    mentions: list[tuple[int, int, str, int, int]] = field(default_factory=list)
    spoke: list[tuple[int, str, int | None, frozenset[str]]] = field(default_factory=list)

    @classmethod
    def of(cls, tree: Tree, doc: Doc) -> SourceReader:
        """The reader for `doc`, with its entities by token."""
        entity, mentions = [-1] * tree.n, []
        for number, ent in enumerate(doc.ents):
            mentions.append((ent.start, ent.end, ent.label_, ent.start_char, ent.end_char))
            entity[ent.start : ent.end] = [number] * (ent.end - ent.start)
        return cls(tree, entity, mentions)

    def read(self, source: Iterable[int], *, quoted: bool) -> tuple[str, tuple[int, int] | None]:
        """Kind of a source (its token numbers) and the mention that names it, if the text tells."""
        tokens = sorted(i for i in source if self.tree.words[i])
        if not tokens:
            return "unspecified", None
        head = self._head(tokens)
        kind, mention = self._named(tokens, head)
        if not kind:
            kind, mention = self._unnamed(tokens, head, quoted)
        words = frozenset(self.tree.lower[i] for i in tokens)
        self.spoke.append((head, kind, mention, words))
        if mention is None:
            return kind, None
        return kind, self.mentions[mention][3:5]

    def _head(self, tokens: list[int]) -> int:
        tree, inside = self.tree, set(tokens)
        tops = [i for i in tokens if tree.head[i] not in inside or tree.head[i] == i]
        nominal = [i for i in tops if tree.pos[i] in NOMINAL]
        if tree.parsed and nominal:
            return nominal[0]
        return next((i for i in tokens if tree.pos[i] in NOMINAL), tokens[0])

    def _named(self, tokens: list[int], head: int) -> tuple[str, int | None]:
        """A kind where the words name somebody, else an empty one."""
        tree = self.tree
        words = tree.lexicon.words
        inside = [self.entity[i] for i in tokens if self.entity[i] >= 0]
        people = [number for number in inside if self.mentions[number][2] == "PERSON"]
        beside = self._person_beside(tokens, head, people)
        if beside is not None:
            return "named", beside
        if self.entity[head] >= 0:
            number = self.entity[head]
            label = self.mentions[number][2]
            last_word = tree.lower[self.mentions[number][1] - 1]
            if label == "NORP":
                return "collective", number
            if tree.lower[head] in words["document"] and last_word == tree.lower[head]:
                return "document", None
            if label in _NAMES:
                return "named", number
        if tree.pos[head] == "PROPN" and tree.form[head][:1].isupper():
            return ("collective" if tree.tag[head] == "NNPS" else "named"), None
        return "", None

    def _person_beside(self, tokens: list[int], head: int, people: list[int]) -> int | None:
        """The person that the head of the phrase is, or is said to be by apposition."""
        tree = self.tree
        for number in people:
            start, end = self.mentions[number][:2]
            if start <= head < end:
                return number
            top = next((i for i in range(start, end) if not start <= tree.head[i] < end), start)
            if tree.head[top] == head and tree.base[top] in ("appos", "flat", "compound", "nsubj"):
                return number
            if top == tokens[0] and not tree.parsed:
                return number
        return None

    def _unnamed(self, tokens: list[int], head: int, quoted: bool) -> tuple[str, int | None]:
        tree = self.tree
        words, lower = tree.lexicon.words, tree.lower[head]
        present = {tree.lower[i] for i in tokens}
        first = tree.lower[tokens[0]]
        if lower in _HE_OR_SHE and len(tokens) <= 2:
            return self._last_person(head)
        if lower in _AUTHOR and not quoted:
            return "author", None
        if lower in _THEY and len(tokens) <= 2:
            return self._last_group(head)
        if lower == "it" and len(tokens) == 1:
            return self._last_body(head)
        if present & {"anonymity", "anonymous", "unnamed", "unidentified", "sources"}:
            return "anonymous", None
        if lower in words["document"]:
            return "document", None
        if lower in words["crowd"]:
            return "collective", None
        plural = tree.tag[head] == "NNS" or lower in words["collective"]
        if plural:
            return "collective", None
        if first in _DEFINITE:
            mention = self._same_office(head, present)
            if mention is not None:
                return "named", mention
        if first in _ONE or lower in words["anonymous"]:
            return "anonymous", None
        if first in _DEFINITE or lower in words["organisation"]:
            return "named", None
        return "anonymous", None

    def _last_person(self, i: int) -> tuple[str, int | None]:
        """For `he` and `she`: who spoke last, else the last person named."""
        for head, kind, mention, _ in reversed(self.spoke[-3:]):
            if i - head > _FARTHEST:
                break
            if mention is not None and self.mentions[mention][2] == "PERSON":
                return "named", mention
            if kind == "anonymous":
                return "anonymous", None
        for number in range(len(self.mentions) - 1, -1, -1):
            start, _, label, _, _ = self.mentions[number]
            if start < i and label == "PERSON":
                return "named", (number if i - start <= _FARTHEST else None)
        return "named", None

    def _last_group(self, i: int) -> tuple[str, int | None]:
        if self.spoke and i - self.spoke[-1][0] <= _FARTHEST:
            _, kind, mention, _ = self.spoke[-1]
            if kind in ("collective", "anonymous", "document"):
                return ("collective" if kind == "document" else kind), None
            if mention is not None and self.mentions[mention][2] != "PERSON":
                return "named", mention
        return "collective", None

    def _last_body(self, i: int) -> tuple[str, int | None]:
        if self.spoke and i - self.spoke[-1][0] <= _FARTHEST:
            _, kind, mention, _ = self.spoke[-1]
            if kind == "document":
                return "document", None
            if mention is not None and self.mentions[mention][2] in _BODIES:
                return "named", mention
        return "named", None

    def _same_office(self, head: int, present: set[str]) -> int | None:
        """`the minister`: the person who spoke before under that word."""
        word = self.tree.lower[head]
        for before, _, mention, words in reversed(self.spoke[-8:]):
            if head - before > _FARTHEST:
                break
            if mention is not None and word in words and len(present) <= 3:
                return mention
        return None
