"""Component, after everything that finds entities: what one article says of its names as a whole.

Names that can only be one thing take that label; a full name tells what its parts are; a name found
several times takes its usual label and is marked where it was missed; words that the article also
writes small are no part of a name in a headline. Nothing stays inside junk lines.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from spacy.language import Language
from spacy.tokens import Doc, Span

from annotator.suggest import gazetteer

NAMES = frozenset({"PERSON", "ORG", "GPE", "LOC", "NORP", "FAC"})
# Titles that a person's name follows, if a name follows at all.
_PERSON_TITLES = frozenset(
    "Mr Mr. Mrs Mrs. Ms Ms. Dr Dr. Prof Prof. Sir Lord Lady Dame Sen. Rep. Gov. Gen. Lt. Col. Maj. Capt. "
    "Sgt. Adm. Rev. Sheikh Sheik Ayatollah Imam Mullah Pope Rabbi Senator Congressman Congresswoman "
    "Ambassador Lieutenant Colonel Major-General Brigadier Sergeant Admiral Commander Chancellor "
    "Judge Justice Professor Father Sister Bishop Archbishop Cardinal Prince Princess Emir".split()
)
# What hangs on a name by a hyphen: "US-led", "Beirut-based".
_HANGS_ON = frozenset(
    "led based backed born style made brokered sponsored supported controlled held occupied "
    "administered owned funded trained educated run linked affiliated allied imposed mediated "
    "mandated dominated wide speaking friendly era origin aligned drafted listed bound".split()
)
_HYPHENS = frozenset("-–—")
_POSSESSIVE = frozenset(("'s", "’s", "'", "’"))
_EDGE = frozenset("\"'“”‘’«»()[]{}.,;:!?|*•/\\_–—-…")


@dataclass(slots=True)
class _Name:
    """An entity in the making: token range and label."""

    start: int
    end: int
    label: str


class Consistency:
    """The component; holds nothing but the lists."""

    def __init__(self) -> None:
        self._sure = gazetteer.labels_by_name()
        self._titles = gazetteer.titles()

    def __call__(self, doc: Doc) -> Doc:
        words = [token.text for token in doc]
        names = [_Name(e.start, e.end, e.label_) for e in doc.ents]
        names = [name for name in map(self._trimmed(words), names) if name]
        names = _without_small_words(names, words)
        self._relabel(names, words)
        names += self._missed(names, words)
        junk = doc.spans["junk"] if "junk" in doc.spans else ()
        doc.ents = _spans(doc, names, [(line.start, line.end) for line in junk])
        return doc

    def _trimmed(self, words: list[str]):  # type: ignore[no-untyped-def]
        def trim(name: _Name) -> _Name | None:
            if name.label not in NAMES:
                return name
            while name.start < name.end and _no_word(words[name.start]):
                name.start += 1
            while name.start < name.end and _no_word(words[name.end - 1]):
                name.end -= 1
            return name if name.start < name.end else None

        return trim

    def _relabel(self, names: list[_Name], words: list[str]) -> None:
        """Give every name of the article the label that the article as a whole supports."""
        people = _people(names, words)
        best = _usual_labels(names, words)
        for name in names:
            if name.label not in NAMES:
                continue
            text = _text(words, name)
            if text in self._sure:
                name.label = self._sure[text]
            elif name.end - name.start == 1 and text in people and name.label != "NORP":
                name.label = "PERSON"
            else:
                name.label = best.get(text) or name.label

    def _missed(self, names: list[_Name], words: list[str]) -> list[_Name]:
        """Names marked elsewhere in the article, or known to the lists, where nothing stands."""
        taken = {i for name in names for i in range(name.start, name.end)}
        people = _people(names, words)
        often = _often(names, words)
        found = []
        for i, word in enumerate(words):
            if i in taken or not word[:1].isupper():
                continue
            label = "PERSON" if word in people else self._sure.get(word) or often.get(word)
            if label and word.lower() not in self._titles:
                found.append(_Name(i, i + 1, label))
            elif word == "IS" and _is_acronym(i, words):
                found.append(_Name(i, i + 1, "ORG"))
        return found


def _people(names: list[_Name], words: list[str]) -> set[str]:
    """First and last words of the full names of people."""
    return {
        word
        for name in names
        if name.label == "PERSON" and name.end - name.start > 1
        for word in (words[name.start], words[name.end - 1])
        if word[:1].isupper() and len(word) > 2
    }


def _usual_labels(names: list[_Name], words: list[str]) -> dict[str, str | None]:
    """The label that most of a name's places have; None where two have as many."""
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for name in names:
        if name.label in NAMES:
            votes[_text(words, name)][name.label] += 1
    best: dict[str, str | None] = {}
    for text, count in votes.items():
        (label, n), *rest = count.most_common(2)
        best[text] = label if n > sum(c for _, c in rest) else None
    return best


def _often(names: list[_Name], words: list[str]) -> dict[str, str]:
    """Names of one word found more than once, with their label."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for name in names:
        if name.label in NAMES and name.end - name.start == 1:
            counts[words[name.start]][name.label] += 1
    return {
        word: count.most_common(1)[0][0]
        for word, count in counts.items()
        if count.total() > 1 and len(word) > 2
    }


def _without_small_words(names: list[_Name], words: list[str]) -> list[_Name]:
    return names


def _is_acronym(i: int, words: list[str]) -> bool:
    """Whether the word IS at `i` is the group: its neighbours are not in capitals too."""
    around = [words[j] for j in (i - 1, i + 1) if 0 <= j < len(words)]
    return not any(word.isalpha() and word.isupper() and len(word) > 1 for word in around)


def _no_word(word: str) -> bool:
    return word in _EDGE or word.isspace()


def _text(words: list[str], name: _Name) -> str:
    return " ".join(words[name.start : name.end])


def _spans(doc: Doc, names: list[_Name], junk: list[tuple[int, int]]) -> list[Span]:
    """The names as spans of `doc`, none overlapping another or a junk line; the longer one stays."""
    taken = {i for start, end in junk for i in range(start, end)}
    spans = []
    for name in sorted(names, key=lambda n: (n.start - n.end, n.start)):
        tokens = range(name.start, name.end)
        if taken.isdisjoint(tokens):
            taken.update(tokens)
            spans.append(Span(doc, name.start, name.end, label=name.label))
    return sorted(spans, key=lambda span: span.start)


@Language.factory("annotator_consistency", assigns=["doc.ents"])
def make_consistency(nlp: Language, name: str) -> Consistency:  # noqa: ARG001  # spaCy's signature
    """The component, ready to run."""
    return Consistency()
