"""Quotations and their speakers, on the shipped pipeline; hard-wrapped text, and junk."""

from __future__ import annotations

import pytest

from tests.helpers.claim_docs import claims_in, only_claim, words_in


@pytest.mark.parametrize(
    ("text", "source", "cue", "content"),
    [
        (
            "“The bridge is closed,” said Maria Lund, who runs the ferry.",
            "Maria Lund, who runs the ferry",
            "said",
            "“The bridge is closed,”",
        ),
        (
            '"We waited for hours," the driver told reporters, "and nobody came."',
            "the driver",
            "told",
            '"We waited for hours," | "and nobody came."',
        ),
        ("The mayor added: “Nobody asked us.”", "The mayor", "added", "“Nobody asked us.”"),
        ("„Das ist gut so“, said the envoy.", "the envoy", "said", "„Das ist gut so“"),
        ("«The road is open», said the guide.", "the guide", "said", "«The road is open»"),
        ("»The road is open«, said the guide.", "the guide", "said", "»The road is open«"),
        ("„The road is open,” said the guide.", "the guide", "said", "„The road is open,”"),
        (
            "The guide said: »The road is open to all«.",
            "The guide",
            "said",
            "»The road is open to all«",
        ),
        (
            "“We begged them,” Lena Moe told the court, “but they went on,” and “nobody came.”",
            "Lena Moe",
            "told",
            "“We begged them,” | “but they went on,” and “nobody came.”",
        ),
        ("''The road is open,'' said the guide.", "the guide", "said", "''The road is open,''"),
        ("“Why did nobody call?” she asked.", "she", "asked", "“Why did nobody call?”"),
        ("As the mayor put it, “the town is broke”.", "the mayor", "put", "“the town is broke”"),
    ],
)
def test_a_quotation_gets_the_speaker_beside_it(
    text: str, source: str, cue: str, content: str
) -> None:
    assert only_claim(text) == (source, cue, content)


def test_a_quotation_continues_after_its_speaker() -> None:
    words = only_claim("“The dam will hold,” the engineer said. “We built it to last.”")
    assert words.content == "“The dam will hold,” | “We built it to last.”"


def test_a_quotation_over_paragraphs_is_one_claim() -> None:
    words = only_claim(
        "“It was dark. We heard the water.\n\n“Then the lights went out,” said Ola Brandt."
    )
    assert words.content == "“It was dark. We heard the water. | “Then the lights went out,”"
    assert words.source == "Ola Brandt"


def test_a_separate_quotation_takes_the_previous_speaker() -> None:
    words = only_claim("The minister walked out. “I have nothing to add to this.”")
    assert words == ("The minister", "", "“I have nothing to add to this.”")


def test_scare_quotes_are_left_alone() -> None:
    assert words_in("The so-called “iron bridge” was built in 1920.") == []


def test_a_quotation_does_not_belong_to_a_later_verb() -> None:
    words = words_in("The mayor called it “a great day for us”, but added that rain was near.")
    assert ("The mayor", "added", "that rain was near") in words


def test_an_unclosed_mark_does_not_affect_other_claims() -> None:
    words = words_in(
        'The mayor called "the bridge a ruin.\n\nThe guide said that the road was open.\n\n'
        "“It will stay,” said Ann Lund."
    )
    assert ("The guide", "said", "that the road was open") in words
    assert ("Ann Lund", "said", "“It will stay,”") in words


def test_a_quotation_of_three_paragraphs_with_straight_marks() -> None:
    words = words_in(
        '"It was dark on the deck," said Ola Brandt. "We heard the water.\n\n'
        '"Then the lights went out.\n\n"I held on to the rail."'
    )
    assert [one.source for one in words] == ["Ola Brandt"]
    assert words[0].content.count(" | ") == 3


WRAPPED = """The harbour board of the old town said in a letter on Tuesday that the
wall would be repaired before the winter and that the residents could
return to their houses as soon as engineers had looked at the cellars.

“We were told nothing about the wall before the storm came to the town,”
said Nadia Korrel, who had lived there for twenty years. “We had to leave
in the night.”
"""


def test_in_hard_wrapped_text_a_piece_crosses_a_line_end() -> None:
    first, second = words_in(WRAPPED)
    assert first.source == "The harbour board of the old town"
    assert first.content.startswith("that the\nwall would be repaired")
    assert first.content.endswith("engineers had looked at the cellars")
    assert second.source.startswith("Nadia Korrel")
    assert second.content.endswith("| “We had to leave\nin the night.”")


def test_a_junk_line_in_a_wrapped_paragraph_only_excludes_itself() -> None:
    text = WRAPPED.replace("\n\n“We were", "\nAdvertisement\n“We were")
    assert [words.source for words in words_in(text)] == [
        words.source for words in words_in(WRAPPED)
    ]
    assert not any("Advertisement" in words.content for words in words_in(text))


def test_hard_wrapping_does_not_change_claims() -> None:
    unwrapped = WRAPPED.replace("\n\n", "\r").replace("\n", " ").replace("\r", "\n\n")
    assert [(one.content, one.cue, one.source) for one in claims_in(WRAPPED)] == [
        (one.content, one.cue, one.source) for one in claims_in(unwrapped)
    ]


def test_no_claim_is_found_inside_junk_lines() -> None:
    text = (
        "Ferry runs aground\n\nThe office said two men had died.\n\n"
        "READ MORE: Mayor said the pier was safe"
    )
    assert [words.content for words in words_in(text)] == ["two men had died"]


def test_a_participle_after_a_quotation_shares_its_source() -> None:
    text = "“The road is open,” the mayor said, adding that the bridge was not."
    assert words_in(text)[1] == ("the mayor", "adding", "that the bridge was not")


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("That said, according to the mayor, the bridge is closed.", "the bridge is closed"),
        ("At the same time, the mayor said, the bridge is closed.", "the bridge is closed"),
        ("By contrast, the mayor said, the bridge is closed.", "the bridge is closed"),
        ("\n\nBut the bridge is closed, the mayor said.", "the bridge is closed"),
        ("By Friday, the mayor said, the bridge is closed.", "By Friday | the bridge is closed"),
    ],
)
def test_a_connective_is_no_part_of_a_content(text: str, content: str) -> None:
    assert only_claim(text).content == content


@pytest.mark.parametrize(
    ("text", "source", "content"),
    [
        (
            "Year after year, small towns, among them Halden, announced budgets.",
            "Year after year, small towns, among them Halden",
            "budgets",
        ),
        ("Bridge unsafe, says mayor\n\nThe bridge is old.", "mayor", "Bridge unsafe"),
    ],
)
def test_only_a_headline_is_said_without_a_finite_verb(
    text: str, source: str, content: str
) -> None:
    claim = only_claim(text)
    assert (claim.source, claim.content) == (source, content)
