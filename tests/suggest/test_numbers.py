"""Dates, amounts, counts, weapons and vehicles, and names of the lists."""

from __future__ import annotations

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.language import Language
from spacy.tokens import Span

from annotator.suggest.numbers import RECOGNISED, Numbers, kind_of
from tests.helpers.english import english

RULES = Numbers()


@pytest.fixture(scope="module")
def nlp() -> Language:
    nlp = spacy.blank("en")
    nlp.add_pipe("annotator_numbers")
    return nlp


def found(nlp: Language, text: str) -> list[tuple[str, str]]:
    return [(ent.text, ent.label_) for ent in nlp(text).ents]


@pytest.mark.parametrize(
    ("text", "span", "label"),
    [
        ("They met on Monday, Jan. 14, 2019 in a hall.", "Monday, Jan. 14, 2019", "DATE"),
        ("The bridge fell on 12 March 2018.", "12 March 2018", "DATE"),
        ("The bridge fell on the 12th of March.", "12th of March", "DATE"),
        ("He may go in May if asked.", "May", "DATE"),
        ("A plan for the last three years failed.", "the last three years", "DATE"),
        ("It was built in the 1990s by hand.", "1990s", "DATE"),
        ("A 5-year-old found it.", "5-year-old", "DATE"),
        ("Trade grew in 2018-19 again.", "2018-19", "DATE"),
        ("It began at 10:30 a.m. sharp.", "10:30 a.m.", "TIME"),
        ("A 30-minute call ended it.", "30-minute", "TIME"),
        ("They left on Monday night by bus.", "Monday night", "TIME"),
        ("Prices fell 3.5 percent there.", "3.5 percent", "PERCENT"),
        ("Prices fell 20 per cent there.", "20 per cent", "PERCENT"),
        ("Between 10-12% stayed away.", "10-12%", "PERCENT"),
        ("It cost $2.5 billion to build.", "$2.5 billion", "MONEY"),
        ("It cost US$5 million to build.", "US$5 million", "MONEY"),
        ("He paid Rs 500 for it.", "Rs 500", "MONEY"),
        ("She lost 40 euros on it.", "40 euros", "MONEY"),
        ("They walked 20 km in rain.", "20 km", "QUANTITY"),
        ("It burnt 300 sq km of wood.", "300 sq km", "QUANTITY"),
        ("The 21st man won.", "21st", "ORDINAL"),
        ("About 5,000 soldiers left.", "5,000", "CARDINAL"),
        ("Hundreds of thousands fled.", "Hundreds of thousands", "CARDINAL"),
        ("twenty-five people came", "twenty-five", "CARDINAL"),
        ("A car bomb went off.", "car bomb", "WEAPON"),
        ("Armored personnel carriers rolled in.", "Armored personnel carriers", "VEHICLE"),
        ("He held an AK-47 up.", "AK-47", "WEAPON"),
        ("They came from Deir ez-Zor today.", "Deir ez-Zor", "GPE"),
        ("Talks in St. Petersburg failed.", "St. Petersburg", "GPE"),
    ],
)
def test_a_rule_finds_the_span_and_its_label(
    nlp: Language, text: str, span: str, label: str
) -> None:
    assert (span, label) in found(nlp, text)


@pytest.mark.parametrize("text", ["No one knew.", "They may go.", "He will march on.", "a day out"])
def test_words_that_look_like_numbers_are_left_alone(nlp: Language, text: str) -> None:
    assert found(nlp, text) == []


def test_existing_entities_are_kept_and_noted(nlp: Language) -> None:
    doc = nlp.make_doc("March 12 Brigade took 40 tanks")
    doc.ents = [Span(doc, 0, 3, label="ORG")]
    doc = Numbers()(doc)
    assert [(e.text, e.label_) for e in doc.ents] == [
        ("March 12 Brigade", "ORG"),
        ("40", "CARDINAL"),
        ("tanks", "VEHICLE"),
    ]
    assert doc.user_data[RECOGNISED] == [(0, 16, "ORG")]


@pytest.mark.parametrize("word", ["multi-year", "non-week", "mid-day"])
def test_a_hyphen_before_a_period_needs_a_number_before_it(word: str) -> None:
    assert kind_of(word) == "."


@given(st.text(alphabet=st.sampled_from("0159.,:-/$%amMJnt \n’'IİßAK47"), max_size=60))
def test_any_text_is_accepted(text: str) -> None:
    doc = RULES(english().make_doc(text))
    assert all(ent.text == text[ent.start_char : ent.end_char] for ent in doc.ents)
