"""The augmenter that replaces names in training texts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from spacy.tokens import Doc, Span
from spacy.training import Example

from annotator.training.name_augmenter import make_swapper
from tests.helpers.english import english

WORDS = ["Nadia", "Korrel", "left", "Oslo", "and", "the", "Orlen", "Trust", ".", "Korrel", "slept"]


@pytest.fixture
def names(tmp_path: Path) -> Path:
    path = tmp_path / "names.json"
    path.write_text(json.dumps({"PERSON": ["Ann Lee"], "ORG": ["Acme"]}), encoding="utf-8")
    return path


def example() -> Example:
    doc = Doc(english().vocab, words=WORDS)
    doc.ents = [
        Span(doc, 0, 2, label="PERSON"),
        Span(doc, 3, 4, label="GPE"),
        Span(doc, 6, 8, label="ORG"),
        Span(doc, 9, 10, label="PERSON"),
    ]
    return Example(english().make_doc(doc.text), doc)


def swapped(names: Path, *, seed: int = 1, count: int = 30, **chances: float) -> list[Doc]:
    chosen = {"level": 1.0, "furniture": 0.0, "headline": 0.0, "breaks": 0.0} | chances
    augment = make_swapper(names, seed=seed, **chosen)
    return [made.reference for _ in range(count) for made in augment(english(), example())]


def test_the_same_seed_makes_the_same_texts(names: Path) -> None:
    assert [d.text for d in swapped(names)] == [d.text for d in swapped(names)]
    assert [d.text for d in swapped(names)] != [d.text for d in swapped(names, seed=2)]


def test_labels_stay_and_names_change(names: Path) -> None:
    docs = swapped(names)
    assert {tuple(e.label_ for e in doc.ents) for doc in docs} == {
        ("PERSON", "GPE", "ORG", "PERSON")
    }
    assert len({doc.ents[1].text for doc in docs}) > 5


def test_a_family_name_follows_its_full_name(names: Path) -> None:
    assert all(doc.ents[0].text.split(" ")[-1] == doc.ents[3].text for doc in swapped(names))


def test_a_headline_is_a_separate_line(names: Path) -> None:
    docs = swapped(names, headline=1.0)
    assert all("\n" in doc.text for doc in docs)
    assert all(doc[0].text[:1].isupper() or not doc[0].is_alpha for doc in docs)


def test_page_furniture_adds_places_people_and_agencies(names: Path) -> None:
    labels = {ent.label_ for doc in swapped(names, furniture=1.0) for ent in doc.ents[:1]}
    assert {"GPE", "PERSON"} <= labels


def test_with_zero_probability_nothing_changes(names: Path) -> None:
    assert {doc.text for doc in swapped(names, level=0.0)} == {example().reference.text}
