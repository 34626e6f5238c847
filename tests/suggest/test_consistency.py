"""Names are labelled consistently within an article."""

from __future__ import annotations

import pytest
from spacy.tokens import Doc, Span

from annotator.suggest.consistency import Consistency
from annotator.suggest.encoder.encoder_pipe import KEY as CHANCES
from tests.helpers.english import english

COMMON = ("witnesses", "begins", "troops", "said", "the", "march")

Entities = list[tuple[str, str]]


def settled(
    text: str, *given: tuple[int, int, str], junk: tuple[int, int] | None = None
) -> Entities:
    """Texts and labels after the component, of a text whose words stand between blanks."""
    doc = Doc(english().vocab, words=text.split(" "))
    doc.ents = [Span(doc, start, end, label=label) for start, end, label in given]
    if junk:
        doc.spans["junk"] = [Span(doc, *junk, label="tag-line")]
    return [(ent.text, ent.label_) for ent in Consistency(COMMON)(doc).ents]


def test_a_known_name_gets_its_label() -> None:
    assert settled("They left Damascus .", (2, 3, "PERSON")) == [("Damascus", "GPE")]


def test_a_known_name_in_capitals_is_found() -> None:
    assert settled("DAMASCUS ( one )") == [("DAMASCUS", "GPE")]


def test_parts_of_a_full_name_are_the_same_person() -> None:
    entities = settled("Nadia Korrel spoke . Korrel left .", (0, 2, "PERSON"), (4, 5, "GPE"))
    assert entities == [("Nadia Korrel", "PERSON"), ("Korrel", "PERSON")]


def test_a_name_after_a_title_is_a_person() -> None:
    assert settled("Dr. Ostrava left .", (1, 2, "GPE"))[0][1] == "GPE"
    assert settled("Dr. Velmoor left .", (1, 2, "GPE")) == [("Velmoor", "PERSON")]


def test_a_name_gets_its_usual_label_everywhere() -> None:
    entities = settled(
        "in Quvash , from Quvash and Quvash .", (1, 2, "GPE"), (4, 5, "GPE"), (6, 7, "ORG")
    )
    assert {label for _, label in entities} == {"GPE"}


def test_a_longer_name_is_found_at_every_repetition() -> None:
    entities = settled("the Orlen Valley Trust and the Orlen Valley Trust", (1, 4, "ORG"))
    assert entities == [("Orlen Valley Trust", "ORG")] * 2


def test_an_acronym_in_brackets_has_the_label_of_its_name() -> None:
    entities = settled(
        "the Orlen Valley Trust ( OVT ) and OVT", (1, 4, "ORG"), (5, 6, "GPE"), (8, 9, "PERSON")
    )
    assert {label for _, label in entities} == {"ORG"}


def test_titles_and_marks_are_excluded() -> None:
    assert settled("Justice Lee ’s", (0, 3, "PERSON")) == [("Lee", "PERSON")]


def test_hyphenated_suffixes_are_excluded() -> None:
    assert settled("the Quvash - led force", (1, 4, "GPE")) == [("Quvash", "GPE")]


def test_a_hyphen_inside_a_name_is_kept() -> None:
    assert settled("Somsak Chan - o - cha left", (0, 6, "PERSON")) == [
        ("Somsak Chan - o - cha", "PERSON")
    ]


def test_a_common_word_at_a_sentence_start_is_not_a_name() -> None:
    assert settled("Witnesses ran .", (0, 1, "PERSON")) == []


def test_a_word_in_lower_case_elsewhere_is_not_a_name() -> None:
    assert settled("the Growers met ; growers left", (1, 2, "ORG")) == []


def test_headline_words_beside_a_known_name_are_cut_off() -> None:
    assert settled("Syria Begins again", (0, 2, "GPE")) == [("Syria", "GPE")]


def test_the_last_word_of_a_name_can_decide_its_label() -> None:
    assert settled("by Velmoor Airways yesterday", (1, 3, "PERSON")) == [("Velmoor Airways", "ORG")]


@pytest.mark.parametrize(
    ("text", "label"), [("he spoke in Arabic .", "LANGUAGE"), ("an Arabic paper", "NORP")]
)
def test_a_language_is_distinguished_from_a_people(text: str, label: str) -> None:
    place = text.split(" ").index("Arabic")
    assert settled(text, (place, place + 1, "NORP")) == [("Arabic", label)]


def test_the_bare_acronym_is_a_group() -> None:
    assert settled("fighters of IS left") == [("IS", "ORG")]
    assert settled("THIS IS NEWS") == []


def test_no_entity_stays_inside_junk_lines() -> None:
    entities = settled(
        "Damascus fell . Tags Syria Damascus", (0, 1, "GPE"), (4, 5, "GPE"), junk=(3, 6)
    )
    assert entities == [("Damascus", "GPE")]


def test_common_words_survive_bytes() -> None:
    again = Consistency().from_bytes(Consistency(COMMON).to_bytes())
    assert again.common_words == frozenset(COMMON)


@pytest.mark.parametrize(
    ("text", "given", "expected"),
    [
        ("the Harbour Trust Act", (1, 4, "ORG"), [("Harbour Trust Act", "LAW")]),
        ("the Treaty of Quvash", (1, 4, "ORG"), [("Treaty of Quvash", "LAW")]),
        ("the Quvash Cup", (1, 3, "ORG"), [("Quvash Cup", "EVENT")]),
        ("the Forum for the Harbour Act", (1, 6, "ORG"), [("Forum for the Harbour Act", "ORG")]),
        ("the Forum Against War", (1, 4, "ORG"), [("Forum Against War", "ORG")]),
        ("the Catholic Church", (1, 3, "FAC"), [("Catholic Church", "ORG")]),
        ("the Harbour Church", (1, 3, "ORG"), [("Harbour Church", "FAC")]),
        ("the Quvash Police Station", (1, 4, "ORG"), [("Quvash Police Station", "FAC")]),
    ],
)
def test_the_words_of_a_longer_name_tell_its_label(
    text: str, given: tuple[int, int, str], expected: Entities
) -> None:
    assert settled(text, given) == expected


def test_plans_and_prizes_are_no_names_and_neither_are_their_acronyms() -> None:
    entities = settled(
        "the Harbour Renewal Plan ( HRP ) and the Orlen Prize ; HRP fails",
        (1, 4, "ORG"),
        (5, 6, "ORG"),
        (9, 11, "ORG"),
        (12, 13, "ORG"),
    )
    assert entities == []


def test_programmes_of_the_world_are_organisations() -> None:
    entities = settled("the UN Harbour Programme", (1, 4, "ORG"))
    assert entities == [("UN Harbour Programme", "ORG")]


@pytest.mark.parametrize("acronym", ["OVT", "Ovt", "OVTs"])
def test_an_acronym_may_have_small_letters(acronym: str) -> None:
    entities = settled(f"the Orlen Valley Trust ( {acronym} )", (1, 4, "ORG"), (5, 6, "PERSON"))
    assert entities[1] == (acronym, "ORG")


@pytest.mark.parametrize(
    ("text", "given", "expected"),
    [
        ("in Quvash province .", (1, 2, "GPE"), [("Quvash province", "GPE")]),
        ("the Orlen river .", (1, 2, "GPE"), [("Orlen river", "LOC")]),
        ("the Orlen refugee camp .", (1, 2, "GPE"), [("Orlen refugee camp", "FAC")]),
        (
            "the Quvash international airport .",
            (1, 2, "GPE"),
            [("Quvash international airport", "FAC")],
        ),
        ("a Damascus hospital .", (1, 2, "GPE"), [("Damascus", "GPE")]),
        ("a Turkish camp .", (1, 2, "NORP"), [("Turkish", "NORP")]),
        ("Quvash airport staff .", (0, 1, "PERSON"), [("Quvash", "PERSON")]),
    ],
)
def test_a_type_noun_after_a_name_belongs_to_it(
    text: str, given: tuple[int, int, str], expected: Entities
) -> None:
    assert settled(text, given) == expected


@pytest.mark.parametrize(
    ("text", "given", "expected"),
    [
        ("the Quvash Council Monday said", (1, 4, "ORG"), [("Quvash Council", "ORG")]),
        ("the Ruby Tuesday menu", (1, 3, "ORG"), [("Ruby Tuesday", "ORG")]),
        ("then Quvash Gov. Ann Low", (1, 3, "ORG"), [("Quvash", "GPE")]),
        ("then Velmoor CEO Ann Low", (1, 3, "ORG"), [("Velmoor", "ORG")]),
        ("then Transport Minister Low", (1, 2, "ORG"), []),
        ("he ( R-Ohio ) left", (2, 3, "PERSON"), []),
        ("about US $20 million", (1, 2, "GPE"), []),
        ("the US army", (1, 2, "GPE"), [("US", "GPE")]),
    ],
)
def test_what_stands_beside_a_name_is_no_part_of_it(
    text: str, given: tuple[int, int, str], expected: Entities
) -> None:
    assert [one for one in settled(text, given) if one[0] != "Monday"] == expected


def voted(text: str, *given: tuple[int, int, str, float]) -> Entities:
    """As `settled`, with the recogniser's chances of the names."""
    doc = Doc(english().vocab, words=text.split(" "))
    doc.ents = [Span(doc, start, end, label=label) for start, end, label, _ in given]
    doc.user_data[CHANCES] = [
        [span.start_char, span.end_char, span.label_, chance]
        for span, (*_, chance) in zip(doc.ents, given, strict=True)
    ]
    return [(ent.text, ent.label_) for ent in Consistency(COMMON)(doc).ents]


def test_a_sure_mention_outvotes_unsure_ones() -> None:
    entities = voted(
        "in Quvash , for Quvash and Quvash .",
        (1, 2, "GPE", 0.98),
        (4, 5, "ORG", 0.4),
        (6, 7, "ORG", 0.4),
    )
    assert entities == [("Quvash", "GPE")] * 3


def test_an_unsure_name_is_the_body_whose_name_it_begins() -> None:
    entities = voted(
        "Velmoor Mines said no . Velmoor left .", (0, 2, "ORG", 0.9), (5, 6, "PERSON", 0.6)
    )
    assert entities == [("Velmoor Mines", "ORG"), ("Velmoor", "ORG")]


def test_a_sure_name_is_not_the_body_whose_name_it_begins() -> None:
    entities = voted(
        "the Velmoor Trust said no in Velmoor .", (1, 3, "ORG", 0.9), (6, 7, "GPE", 0.97)
    )
    assert entities == [("Velmoor Trust", "ORG"), ("Velmoor", "GPE")]


def test_a_people_is_not_the_body_whose_name_it_begins() -> None:
    entities = voted("the Quvash Council and the Quvash .", (1, 3, "ORG", 0.9), (5, 6, "NORP", 0.5))
    assert entities[1] == ("Quvash", "NORP")


def test_an_arabic_article_is_part_of_the_name_after_it() -> None:
    assert settled("the At Quvash base", (1, 2, "GPE"), (2, 3, "GPE")) == [("At Quvash", "GPE")]
    assert settled("the At . Quvash", (1, 2, "GPE"), (3, 4, "GPE"))[-1] == ("Quvash", "GPE")
