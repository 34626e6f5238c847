"""Cues (words that attribute) and their frames: `cues.json`, read once and inflected.

A verb has a `kind` (speech, mind, deed), the `stance` it gives its content and the frames it takes:

    clause      She says (that) the road is open.       quote      “It is open,” she says.
    infinitive  She promises to open the road.          addressee  She urges them to open it.
    object      She criticised the delay.               label      She called the delay a disgrace.
    order       clause and cue can be found by word order if the parse fails
    document    its subject may be a document: The report says ...
    with        prepositions that introduce the content: She warned of delays.

Regular forms are generated here, so that no lemmatiser is needed. `third`, `past` and `ing` of an
entry list the forms that replace the regular ones: said, written; admitted, admitting.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

_VOWELS = "aeiou"
_HISSING = ("s", "sh", "ch", "x", "z")


@dataclass(frozen=True, slots=True)
class Cue:
    """One verb or noun of the lexicon."""

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
        """The verb with this form (in lower case); None if it is not in the lexicon."""
        return self.verbs.get(form)

    def noun(self, form: str) -> Cue | None:
        """The noun with this form (in lower case); None if it is not in the lexicon."""
        return self.nouns.get(form)

    def tag(self, form: str) -> str:
        """The likeliest Penn tag of a verb form in the lexicon; VB for other words."""
        return self.tags.get(form, "VB")


@cache
def lexicon() -> Lexicon:
    """The lexicon we ship."""
    import json  # both are slow to load, and the screens need them only for the first `c`
    from importlib.resources import files

    table = json.loads(files(__package__).joinpath("cues.json").read_text(encoding="utf-8"))
    verbs, tags = _inflected(table["verbs"])
    nouns: dict[str, Cue] = {}
    for lemma, entry in table["nouns"].items():
        nouns[lemma] = nouns[lemma + "s"] = _cue(lemma, {"kind": "noun", "frames": (), **entry})
    return Lexicon(
        verbs,
        tags,
        nouns,
        frozenset(table["adverbs"]),
        {name: frozenset(words) for name, words in table["words"].items()},
    )


def verb_forms(lemma: str, entry: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The forms of a verb, each with its Penn tag, the base form first."""
    third, past, ing = _regular(lemma)
    yield lemma, "VBP"
    yield from ((form, "VBZ") for form in entry.get("third", (third,)))
    yield from ((form, "VBD") for form in entry.get("past", (past,)))
    yield from ((form, "VBG") for form in entry.get("ing", (ing,)))


def _inflected(table: Mapping[str, Any]) -> tuple[dict[str, Cue], dict[str, str]]:
    """The verb and the likeliest tag of each form; an irregular form beats a regular one.

    So *found* is a form of find, not of to found.
    """
    verbs: dict[str, Cue] = {}
    tags: dict[str, str] = {}
    irregular: dict[str, Cue] = {}
    for lemma, entry in table.items():
        cue = _cue(lemma, entry)
        for form, tag in verb_forms(lemma, entry):
            verbs.setdefault(form, cue)
            tags.setdefault(form, tag)
        irregular |= dict.fromkeys(entry.get("past", ()), cue)
    tags |= dict.fromkeys(irregular, "VBD")
    return verbs | irregular, tags


def _cue(lemma: str, entry: Mapping[str, Any]) -> Cue:
    return Cue(
        lemma,
        entry["kind"],
        entry["stance"],
        frozenset(entry["frames"]),
        frozenset(entry.get("with", ())),
    )


def _regular(lemma: str) -> tuple[str, str, str]:
    """The third person, past tense and -ing form of a regular verb."""
    if lemma.endswith("y") and lemma[-2] not in _VOWELS:
        return lemma[:-1] + "ies", lemma[:-1] + "ied", lemma + "ing"
    if lemma.endswith("ie"):
        return lemma + "s", lemma + "d", lemma[:-2] + "ying"
    if lemma.endswith("ee"):
        return lemma + "s", lemma + "d", lemma + "ing"
    if lemma.endswith("e"):
        return lemma + "s", lemma + "d", lemma[:-1] + "ing"
    return lemma + ("es" if lemma.endswith(_HISSING) else "s"), lemma + "ed", lemma + "ing"
