"""The lists of names behind the suggestions."""

from __future__ import annotations

import pytest

from annotator.suggest import gazetteer

LABELS = {"GPE", "LOC", "ORG", "NORP"}


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("Syria", "GPE"),
        ("Red Sea", "LOC"),
        ("UNHCR", "ORG"),
        ("Syrians", "NORP"),
        ("Ankara", "GPE"),
    ],
)
def test_a_sure_name_has_its_label(name: str, label: str) -> None:
    assert gazetteer.labels_by_name()[name] == label


@pytest.mark.parametrize("name", ["Nice", "Reading", "Washington", "Georgia", "IS"])
def test_an_ambiguous_name_is_not_sure(name: str) -> None:
    assert name not in gazetteer.labels_by_name()


def test_every_name_has_the_spelling_of_a_text() -> None:
    for name, label in gazetteer.labels_by_name().items():
        assert name == name.strip()
        assert name
        assert label in LABELS


def test_nouns_are_listed_in_both_numbers() -> None:
    nouns = gazetteer.labels_by_noun()
    assert {nouns["lorry"], nouns["lorries"], nouns["bus"], nouns["buses"]} == {"VEHICLE"}
    assert nouns["knives"] == "WEAPON"
    assert "aircrafts" not in nouns
