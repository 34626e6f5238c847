"""The words that attribute, with the frames they take: `cues.json`, read once and inflected.

A verb has a `kind` (speech, mind, deed), the `stance` it gives its content and the frames it takes:

    clause      She says (that) the road is open.       quote      “It is open,” she says.
    infinitive  She promises to open the road.          addressee  She urges them to open it.
    object      She criticised the delay.               label      She called the delay a disgrace.
    order       clause and cue may be told from the order of words where the parse fails
    document    things may be its subject: The report says ...
    with        prepositions that introduce the content: She warned of delays.

Inflected forms are generated here, so that no lemmatiser is needed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_VOWELS = "aeiou"


def words_of(text: str) -> frozenset[str]:
    """The words that `text` lists, blanks between them."""
    return frozenset(text.split())


@dataclass(frozen=True, slots=True)
class Cue:
    """One verb of the lexicon."""

    lemma: str
    kind: str
    stance: str
    frames: frozenset[str]
    prepositions: frozenset[str]


@dataclass(frozen=True)
class Lexicon:
    """Forms in lower case to verbs and nouns that attribute, and the word lists for attributes."""

    verbs: dict[str, Cue]
    tags: dict[str, str]
    nouns: dict[str, Cue]
    adverbs: frozenset[str]
    words: dict[str, frozenset[str]]

    def verb(self, form: str) -> Cue | None:
        """The verb that this form (in lower case) belongs to; None if it is not in the lexicon."""
        return self.verbs.get(form)

    def noun(self, form: str) -> Cue | None:
        """The noun that this form (in lower case) belongs to; None if it is not in the lexicon."""
        return self.nouns.get(form)

    def tag(self, form: str) -> str:
        """The likeliest Penn tag of a verb form of the lexicon; VB if it is not one."""
        return self.tags.get(form, "VB")


@cache
def lexicon() -> Lexicon:
    """The lexicon we ship."""
    table = json.loads(files(__package__).joinpath("cues.json").read_text(encoding="utf-8"))
    verbs: dict[str, Cue] = {}
    tags: dict[str, str] = {}
    irregular: list[tuple[str, Cue]] = []
    for lemma, entry in table["verbs"].items():
        cue = Cue(
            lemma,
            entry["kind"],
            entry["stance"],
            frozenset(entry["frames"]),
            frozenset(entry.get("with", ())),
        )
        for form, tag in _verb_forms(lemma):
            verbs.setdefault(form, cue)
            tags.setdefault(form, tag)
        irregular += [(form, cue) for form in entry.get("forms", ())]
    for form, cue in irregular:  # "found" belongs to find, whatever the rules generate
        verbs[form] = cue
        tags[form] = "VBZ" if form.endswith("ies") else "VBD"
    nouns: dict[str, Cue] = {}
    for lemma, entry in table["nouns"].items():
        cue = Cue(lemma, "noun", entry["stance"], frozenset(), frozenset())
        nouns[lemma] = nouns[lemma + "s"] = cue
    return Lexicon(
        verbs,
        tags,
        nouns,
        frozenset(table["adverbs"]),
        {name: frozenset(words) for name, words in table["words"].items()},
    )


def _verb_forms(lemma: str) -> Iterator[tuple[str, str]]:
    yield lemma, "VBP"
    if lemma.endswith("y") and lemma[-2] not in _VOWELS:
        yield lemma[:-1] + "ies", "VBZ"
        yield lemma[:-1] + "ied", "VBD"
        yield lemma + "ing", "VBG"
        return
    yield lemma + ("es" if lemma.endswith(("s", "sh", "ch", "x", "z")) else "s"), "VBZ"
    if lemma.endswith("e"):
        yield lemma + "d", "VBD"
        yield lemma[:-1] + "ing", "VBG"
        return
    yield lemma + "ed", "VBD"
    yield lemma + "ing", "VBG"
    yield lemma + lemma[-1] + "ed", "VBD"
    yield lemma + lemma[-1] + "ing", "VBG"
