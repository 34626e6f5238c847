"""Component after all that find entities: makes the names of an article consistent.

Unambiguous names get their label; parts of a full name get its label; a name found several times
gets its most frequent label and is added where it was missed; a word at the start of a sentence or
in a headline is not a name if the article, or the language in general, writes it in lower case.
Entities in junk lines are removed.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc, Span

from annotator.lexicon.word_lists import words_of
from annotator.suggest import gazetteer
from annotator.suggest.encoder.encoder_pipe import chances_of
from annotator.suggest.name_context import (
    Name,
    companies,
    datelines,
    drops_article,
    edged,
    ministers,
    straight,
    text_of,
    with_designated,
)
from annotator.suggest.name_kinds import cut, label_of_words, with_nouns, without_things
from annotator.suggest.name_shapes import (
    BEFORE_LANGUAGE,
    HANGS_ON,
    HYPHENS,
    NAMES,
    NOT_NAMES,
    NOT_NAMES_OF_TWO,
    PERSON_TITLES,
    POSSESSIVE,
    as_words,
    is_no_word,
)
from annotator.suggest.name_votes import usual_labels

_TAKEN_FOR_PEOPLE = frozenset(("PERSON", "GPE", "ORG"))
_AFTER_LANGUAGE = words_of("and or at on as with for by to that but when before while")
_WORDS_FILE = "common_words.json"


class Consistency:
    """The component. `common_words` are lower-case words that are not names by themselves."""

    def __init__(self, common_words: Iterable[str] = ()) -> None:
        self.common_words = frozenset(common_words)
        self._sure = {as_words(n): label for n, label in gazetteer.labels_by_name().items()}
        self._titles = gazetteer.titles()
        self._languages = gazetteer.words("languages")

    def __call__(self, doc: Doc) -> Doc:
        words = [token.text for token in doc]
        others = [Name(e.start, e.end, e.label_) for e in doc.ents if e.label_ not in NAMES]
        names = _recognised(doc)
        others, names = with_designated(others, names, words)
        names = edged(names, words, self._sure, self.common_words)
        names = [name for name in names if self._trim(name, words)]
        names = without_things(cut(names, words, self._sure), words, self._sure)
        names = self._without_common_words(names, words)
        people = _people(names, words)
        self._relabel(names, words, people)
        with_nouns(names, words, self._sure)
        names += datelines(names, words)
        names += ministers(names, words)
        names += companies(names, words)
        names += self._missed([*others, *names], words, people, _often(names, words))
        junk = doc.spans.get("junk", ())
        doc.ents = _spans(doc, [*others, *names], [(line.start, line.end) for line in junk])
        return doc

    def _trim(self, name: Name, words: list[str]) -> bool:
        """Remove marks, titles and hyphenated additions from a name; False if nothing remains."""
        while name.start < name.end and is_no_word(words[name.start]):
            name.start += 1
        while name.start < name.end and is_no_word(words[name.end - 1]):
            if straight(text_of(words, name)) in self._sure:
                break
            name.end -= 1
        hangs = name.end - name.start > 2 and words[name.end - 1] in HANGS_ON
        if hangs and words[name.end - 2] in HYPHENS:
            name.end -= 2
        if (
            name.end - name.start > 1
            and words[name.start] in ("the", "The")
            and drops_article(words, name)
        ):
            name.start += 1
        if name.label == "PERSON":
            while name.end - name.start > 1 and self._is_title(words[name.start]):
                name.start += 1
        # "Movement for Socialism party", but not "Chan-o-cha".
        while (
            name.end - name.start > 1 and words[name.end - 1].islower() and name.label != "PERSON"
        ):
            owned = (
                words[name.end - 1] in POSSESSIVE and straight(text_of(words, name)) in self._sure
            )
            if owned or words[name.end - 2] in HYPHENS:
                break
            name.end -= 1
        self._cut_to_known(name, words)
        return name.start < name.end

    def _cut_to_known(self, name: Name, words: list[str]) -> None:
        """Shorten a name in a headline to a known one if the other words are ordinary."""
        if name.end - name.start == 1 or text_of(words, name) in self._sure:
            return
        for start, end in ((name.start, name.end - 1), (name.start + 1, name.end)):
            inner = Name(start, end, name.label)
            outer = words[end] if start == name.start else words[name.start]
            label = self._sure.get(text_of(words, inner))
            stays = name.label == "ORG" and label != "ORG"
            if label and not stays and outer.lower() in self.common_words:
                name.start, name.end = start, end
                return

    def _is_title(self, word: str) -> bool:
        return word.rstrip(".").lower() in self._titles

    def _without_common_words(self, names: list[Name], words: list[str]) -> list[Name]:
        """The names without single words that are only capitalised common words."""
        small = {words[n.start].lower() for n in names if n.end - n.start == 1}
        small &= {word for word in words if word[:1].islower()}
        inside = {words[n.start] for n in names if not _begins(n.start, words)}

        def is_name(name: Name) -> bool:
            word = words[name.start]
            if (
                word in NOT_NAMES
                if name.end - name.start == 1
                else text_of(words, name) in NOT_NAMES_OF_TWO
            ):
                return False
            if name.end - name.start > 1 or word in self._sure or not word.istitle():
                return True
            if self._is_title(word) and self._is_title("".join(words[name.end : name.end + 1])):
                return False
            if word.lower() in small and name.label != "LOC":
                return False
            return word in inside or word.lower() not in self.common_words

        return [name for name in names if is_name(name)]

    def _relabel(self, names: list[Name], words: list[str], people: set[str]) -> None:
        """Give each name the label that the article as a whole supports."""
        best = usual_labels(names, words, self._sure)
        for name in names:
            text = text_of(words, name)
            single = name.end - name.start == 1
            if text in self._languages and _is_language(name, words):
                name.label = "LANGUAGE"
            elif label := self._known(text):
                name.label = label
            elif single and text in people and name.label != "NORP":
                name.label = "PERSON"
            elif not single and (label := label_of_words(words[name.start : name.end])):
                name.label = label
            else:
                name.label = best.get(text) or name.label

    def _known(self, text: str) -> str | None:
        """The label of a name in the lists, also if it is all in capitals; None if not listed."""
        label = self._sure.get(straight(text))
        if label is None and len(text) > 3 and text.isupper():
            label = self._sure.get(text.title())
        return label

    def _missed(
        self, names: list[Name], words: list[str], people: set[str], often: dict[str, str]
    ) -> list[Name]:
        """Unmarked mentions of names that are marked elsewhere or listed."""
        taken = {i for name in names for i in range(name.start, name.end)}
        found = _repeats(names, words, taken)
        for i, word in enumerate(words):
            if i in taken or not word[:1].isupper():
                continue
            label = "PERSON" if word in people else self._known(word) or often.get(word)
            if label and word.lower() not in self._titles:
                found.append(Name(i, i + 1, label))
            elif word == "IS" and _is_alone_in_capitals(i, words):
                found.append(Name(i, i + 1, "ORG"))
        return found

    def to_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> None:  # noqa: ARG002
        folder = Path(path)
        folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps(sorted(self.common_words), ensure_ascii=False)
        (folder / _WORDS_FILE).write_text(text, encoding="utf-8")

    def from_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> Consistency:  # noqa: ARG002
        text = (Path(path) / _WORDS_FILE).read_text(encoding="utf-8")
        self.common_words = frozenset(json.loads(text))
        return self

    def to_bytes(self, *, exclude: Iterable[str] = ()) -> bytes:  # noqa: ARG002
        return json.dumps(sorted(self.common_words), ensure_ascii=False).encode("utf-8")

    def from_bytes(self, data: bytes, *, exclude: Iterable[str] = ()) -> Consistency:  # noqa: ARG002
        self.common_words = frozenset(json.loads(data))
        return self


def _recognised(doc: Doc) -> list[Name]:
    """The names in `doc`, with the recogniser's chances if it gives any."""
    chances = chances_of(doc)
    return [
        Name(e.start, e.end, e.label_, chances.get((e.start_char, e.end_char, e.label_), 1.0))
        for e in doc.ents
        if e.label_ in NAMES
    ]


def _people(names: list[Name], words: list[str]) -> set[str]:
    """The first and last words of people's full names, and words after a title."""
    found: set[str] = set()
    for name in names:
        if name.label == "PERSON" and name.end - name.start > 1:
            found.update((words[name.start], words[name.end - 1]))
        elif name.label in _TAKEN_FOR_PEOPLE and _after_title(name, words):
            found.add(words[name.start])
    return {word for word in found if word[:1].isupper() and len(word) > 2}


def _after_title(name: Name, words: list[str]) -> bool:
    """Whether a name of one word follows the title of a person."""
    single = name.end - name.start == 1
    return single and name.start > 0 and words[name.start - 1] in PERSON_TITLES


def _often(names: list[Name], words: list[str]) -> dict[str, str]:
    """The names of one word found more than once, with their labels."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for name in names:
        if name.end - name.start == 1:
            counts[words[name.start]][name.label] += 1
    return {
        word: count.most_common(1)[0][0]
        for word, count in counts.items()
        if count.total() > 1 and len(word) > 2
    }


def _repeats(names: list[Name], words: list[str], taken: set[int]) -> list[Name]:
    """Further mentions of longer names marked once; adds these to `taken`."""
    longer: dict[str, dict[tuple[str, ...], str]] = defaultdict(dict)
    for name in names:
        if name.end - name.start > 1:
            phrase = tuple(words[name.start : name.end])
            longer[phrase[0]][phrase] = name.label
    found = []
    for i, word in enumerate(words):
        for phrase, label in longer.get(word, {}).items():
            tokens = range(i, i + len(phrase))
            if taken.isdisjoint(tokens) and tuple(words[i : tokens.stop]) == phrase:
                found.append(Name(i, tokens.stop, label))
                taken.update(tokens)
                break
    return found


def _begins(i: int, words: list[str]) -> bool:
    """Whether the word at `i` is capitalised because of its position or its neighbours."""
    if i == 0:
        return True
    before = words[i - 1]
    return is_no_word(before) or before in ".!?" or (before[:1].isupper() and not before.isupper())


def _is_language(name: Name, words: list[str]) -> bool:
    """Whether the name of a people means its language: "in Arabic", not "in Arabic letters"."""
    if name.start == 0 or words[name.start - 1] not in BEFORE_LANGUAGE:
        return False
    after = words[name.end] if name.end < len(words) else "."
    return not after[:1].isalpha() or after in _AFTER_LANGUAGE


def _is_alone_in_capitals(i: int, words: list[str]) -> bool:
    """Whether the word IS at `i` is the group, since its neighbours are not in capitals."""
    around = [words[j] for j in (i - 1, i + 1) if 0 <= j < len(words)]
    return not any(word.isalpha() and word.isupper() and len(word) > 1 for word in around)


def _spans(doc: Doc, names: list[Name], junk: list[tuple[int, int]]) -> list[Span]:
    """The names as spans of `doc` without junk and overlaps; the longer one is kept."""
    taken = {i for start, end in junk for i in range(start, end)}
    spans = []
    for name in sorted(names, key=lambda n: (n.start - n.end, n.start)):
        tokens = range(name.start, name.end)
        if taken.isdisjoint(tokens):
            taken.update(tokens)
            spans.append(Span(doc, name.start, name.end, label=name.label))
    return sorted(spans, key=lambda span: span.start)


@Language.factory("annotator_consistency", assigns=["doc.ents"])  # type: ignore[untyped-decorator]  # spaCy's
def make_consistency(nlp: Language, name: str) -> Consistency:  # noqa: ARG001  (spaCy names both)
    """The component; a trained pipeline loads its common words from disk."""
    return Consistency()
