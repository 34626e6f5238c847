"""Dialogues and transcripts: each turn belongs to who takes it, however it is marked."""

from __future__ import annotations

import pytest

from tests.helpers.claim_docs import quoted_in, words_in


@pytest.mark.parametrize(
    ("text", "turns"),
    [
        (
            "Mayor Nora Hale: “We will not pay.” Peter Roe: “You will.”",
            [("Mayor Nora Hale", "“We will not pay.”"), ("Peter Roe", "“You will.”")],
        ),
        (
            "The mayor: “We will pay.” The driver: “Never.” The mayor: “Why not?”",
            [
                ("The mayor", "“We will pay.”"),
                ("The driver", "“Never.”"),
                ("The mayor", "“Why not?”"),
            ],
        ),
        (
            "Ada Low: ‘Will you pay for it?’\nJon Berg: ‘No, we will not.’",
            [("Ada Low", "‘Will you pay for it?’"), ("Jon Berg", "‘No, we will not.’")],
        ),
        (
            'Ada Low: "The dam holds." Then Jon Berg: "For how long?"',
            [("Ada Low", '"The dam holds."'), ("Jon Berg", '"For how long?"')],
        ),
        (
            "Reporter: “Is the road open?” Sgt. Lena Moe: “Not before May.”",
            [("Reporter", "“Is the road open?”"), ("Sgt. Lena Moe", "“Not before May.”")],
        ),
        (
            "Hale — “We will not pay for it.” Roe — “You will pay for it.”",
            [("Hale", "“We will not pay for it.”"), ("Roe", "“You will pay for it.”")],
        ),
        (
            "“We will not pay,” Hale. “You will,” Roe.",
            [("Hale", "“We will not pay,”"), ("Roe", "“You will,”")],
        ),
        (
            "“Who pays?” asks Low. “The ministry,” answers Berg. “And then?” “Then nobody will.”",
            [
                ("Low", "“Who pays?”"),
                ("Berg", "“The ministry,” | “And then?”"),
                ("", "“Then nobody will.”"),
            ],
        ),
        (
            "Nora Hale: “We wait.” Roe was clear: “You will pay.”",
            [("Nora Hale", "“We wait.”"), ("Roe", "“You will pay.”")],
        ),
    ],
)
def test_each_turn_of_a_dialogue_belongs_to_the_name_before_it(
    text: str, turns: list[tuple[str, str]]
) -> None:
    assert quoted_in(text) == turns


def test_a_quoted_transcript_has_a_claim_per_turn() -> None:
    text = (
        "The record says this:\n\n"
        '"HALE: Will she be there when the bridge is opened?\n\n'
        '"ROE: She will not be there, and nobody has asked her."'
    )
    assert [(one.source, one.content) for one in words_in(text)] == [
        ("HALE", "Will she be there when the bridge is opened?"),
        ("ROE", 'She will not be there, and nobody has asked her."'),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "“We are ready, Nora Hale said. The council meets on Tuesday. “We wait,” Roe replied.",
            [("Nora Hale", "“We are ready"), ("Roe", "“We wait,”")],
        ),
        (
            '"We are ready, Nora Hale said. The council meets on Tuesday. "We wait," Roe replied.',
            [("Nora Hale", '"We are ready'), ("Roe", '"We wait,"')],
        ),
        (
            "«We are ready, said the mayor on Friday. «We wait», Roe replied.",
            [("the mayor", "«We are ready"), ("Roe", "«We wait»")],
        ),
        (
            "“The road is safe and it will stay so.\n\nThe council met. “We wait,” Roe replied.",
            [("", "“The road is safe and it will stay so"), ("Roe", "“We wait,”")],
        ),
        (
            "“The bridge will stay shut, the mayor told the council.\n\nThe council meets.",
            [("the mayor", "“The bridge will stay shut")],
        ),
        (
            "“The dam has cracks, said the engineer. “It must be mended,” she added.",
            [("the engineer", "“The dam has cracks"), ("she", "“It must be mended,”")],
        ),
        (
            "“We are ready, Nora Hale said.\n\n“We wait,” Peter Roe replied.",
            [("Nora Hale", "“We are ready"), ("Peter Roe", "“We wait,”")],
        ),
        (
            "“It is shut,” she said, “and will stay so. Nobody pays.\n\nThe council meets.",
            [("she", "“It is shut,” | “and will stay so. Nobody pays")],
        ),
        (
            "She said “the bridge is a ruin. “It will stay,” he said.",
            [("She", "“the bridge is a ruin"), ("he", "“It will stay,”")],
        ),
    ],
)
def test_an_unclosed_quotation_takes_no_words_of_others(
    text: str, expected: list[tuple[str, str]]
) -> None:
    assert quoted_in(text) == expected


def test_a_quotation_reopened_in_each_paragraph_is_one() -> None:
    text = (
        "“It was dark.\n\n“We heard the water, and he said: go.\n\n“Then we left,” said Ola Brandt."
    )
    (one,) = words_in(text)
    assert one.source == "Ola Brandt"
    assert one.content == "“It was dark. | “We heard the water, and he said: go. | “Then we left,”"


def test_an_unquoted_transcript_has_a_claim_per_turn() -> None:
    text = "HALE: We will not pay.\nROE: You will.\nHALE: Never in this life."
    assert [(one.source, one.cue, one.content) for one in words_in(text)] == [
        ("HALE", ":", "We will not pay"),
        ("ROE", ":", "You will"),
        ("HALE", ":", "Never in this life"),
    ]


def test_a_transcript_without_marks_has_a_claim_per_turn() -> None:
    text = (
        "Reporter: Is the road open?\nMayor: Not before May.\n"
        "Reporter: Who will pay?\nMayor: The ministry must pay."
    )
    assert [one.source for one in words_in(text)] == ["Reporter", "Mayor"] * 2
