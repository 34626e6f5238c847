"""The lexicon of cues: complete, consistent, inflected."""

from __future__ import annotations

import cProfile
import json
import re
from importlib.resources import files

import pytest

from annotator.core.annotations import Certainty, Stance
from annotator.lexicon import cues as module
from annotator.lexicon.cues import lexicon, verb_forms

TABLE = json.loads(files("annotator.lexicon").joinpath("cues.json").read_text("utf-8"))
FRAMES = {"clause", "quote", "infinitive", "addressee", "object", "label", "order", "document"}


@pytest.mark.parametrize("kind", ["verbs", "nouns"])
def test_every_entry_has_a_stance_of_the_contract(kind: str) -> None:
    assert {entry["stance"] for entry in TABLE[kind].values()} <= {
        stance.value for stance in Stance
    }


def test_every_verb_has_known_frames() -> None:
    for lemma, entry in TABLE["verbs"].items():
        assert entry["frames"] or entry["with"], lemma
        assert set(entry["frames"]) <= FRAMES, lemma
        assert entry["kind"] in ("speech", "mind", "deed"), lemma


def test_every_example_contains_its_verb_in_a_known_form() -> None:
    verbs = lexicon().verbs
    for lemma, entry in TABLE["verbs"].items():
        words = re.findall(r"[a-z]+", entry["example"].lower())
        assert any(verbs[word].lemma == lemma for word in words if word in verbs), lemma


def test_every_example_contains_its_noun() -> None:
    for lemma, entry in TABLE["nouns"].items():
        assert re.search(rf"\b{lemma}s?\b", entry["example"].lower()), lemma


def test_no_example_is_repeated() -> None:
    examples = [entry["example"] for kind in ("verbs", "nouns") for entry in TABLE[kind].values()]
    assert len(set(examples)) == len(examples)


def test_words_for_certainty_are_those_of_the_contract() -> None:
    assert {value.value for value in Certainty} <= TABLE["words"].keys()


@pytest.mark.parametrize(
    ("form", "lemma", "tag"),
    [
        ("said", "say", "VBD"),
        ("says", "say", "VBZ"),
        ("denied", "deny", "VBD"),
        ("denies", "deny", "VBZ"),
        ("urging", "urge", "VBG"),
        ("admitted", "admit", "VBD"),
        ("found", "find", "VBD"),
        ("wrote", "write", "VBD"),
        ("pledges", "pledge", "VBZ"),
        ("admitting", "admit", "VBG"),
        ("lying", "lie", "VBG"),
        ("agreeing", "agree", "VBG"),
        ("echoes", "echo", "VBZ"),
        ("labelled", "label", "VBD"),
        ("written", "write", "VBD"),
    ],
)
def test_forms_lead_to_their_verb(form: str, lemma: str, tag: str) -> None:
    cue = lexicon().verb(form)
    assert cue is not None
    assert (cue.lemma, lexicon().tag(form)) == (lemma, tag)


@pytest.mark.parametrize(
    "form",
    ["addded", "acceptting", "agreing", "liing", "sayed", "writed", "admited", "beging", "echos"],
)
def test_non_words_are_not_forms(form: str) -> None:
    assert lexicon().verb(form) is None


def test_a_final_letter_is_doubled_only_if_the_table_says_so() -> None:
    doubled = {
        form
        for lemma, entry in TABLE["verbs"].items()
        for form, _ in verb_forms(lemma, entry)
        if form.startswith(lemma + lemma[-1]) and form not in (lemma, lemma + "s", lemma + "es")
    }
    listed = {
        form
        for entry in TABLE["verbs"].values()
        for form in (*entry.get("past", ()), *entry.get("ing", ()))
    }
    assert doubled <= listed


def test_reading_the_lexicon_is_cheap() -> None:
    profile = cProfile.Profile()
    found = profile.runcall(module.lexicon.__wrapped__)
    calls = sum(entry.callcount for entry in profile.getstats())
    assert calls <= 20 * len(found.verbs)
