"""Claims inside the content of others, each with its own speaker; the outer one is never lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.helpers.claim_docs import Words, claims_in, words_in
from tests.helpers.examples import examples


def inner(text: str) -> list[Words]:
    """The claims of `text` without the first, which contains the others."""
    outer, *rest = words_in(text)
    assert all(one.content.strip("‘’“”") in outer.content for one in rest)
    return rest


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "The mayor said that Peter Roe had denied that the bridge was unsafe.",
            [("Peter Roe", "had denied", "that the bridge was unsafe")],
        ),
        (
            "Mr. Berg told the council on Friday that Senator Ada Low had warned in March that the"
            " dam could fail and that nobody had listened.",
            [
                (
                    "Senator Ada Low",
                    "had warned",
                    "that the dam could fail and that nobody had listened",
                )
            ],
        ),
        (
            "According to the Herald, the minister said the tunnel would cost $3 million.",
            [("the minister", "said", "the tunnel would cost $3 million")],
        ),
        (
            "A spokesman for Gov. Ada Low, who is on holiday, said Ms. Low had promised to repair"
            " the road.",
            [("Ms. Low", "had promised", "to repair the road")],
        ),
        (
            "The report says that officials denied knowing of the crack.",
            [("officials", "denied", "knowing of the crack")],
        ),
        (
            "Roe said the board claims the money is gone, but that he does not believe it.",
            [("the board", "claims", "the money is gone")],
        ),
        (
            "The officer denied rumours that the bridge had been sold.",
            [("", "rumours", "that the bridge had been sold")],
        ),
        (
            "The union said that it was inviting the board to share its figures.",
            [("it", "was inviting", "the board to share its figures")],
        ),
        (
            "Hale told the paper that farmers believed the dam was cracked.",
            [("farmers", "believed", "the dam was cracked")],
        ),
        (
            "She said she had warned the board that the dam could fail.",
            [("she", "had warned", "that the dam could fail")],
        ),
        (
            "Gen. Ali Haddad said prisoners had told his officers that the leaders of the group had"
            " ordered them to burn the bridges.",
            [
                (
                    "prisoners",
                    "had told",
                    "that the leaders of the group had ordered them to burn the bridges",
                ),
                ("the leaders of the group", "had ordered", "them to burn the bridges"),
            ],
        ),
    ],
)
def test_reported_statements_are_claims_within_the_claim(
    text: str, expected: list[tuple[str, str, str]]
) -> None:
    assert inner(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "“The engineers told us that the bridge was safe. We believed them. Then the mayor"
            " said, ‘Do not cross it after dark.’ Nobody explained why,” said Nora Hale, a baker.",
            [
                ("The engineers", "told", "that the bridge was safe"),
                ("the mayor", "said", "‘Do not cross it after dark.’"),
            ],
        ),
        (
            "“My father always said the sea would take it. He was right,” Jon Berg said.",
            [("My father", "always said", "the sea would take it")],
        ),
        (
            "“I told them that a school is not a house,” she said.",
            [("I", "told", "that a school is not a house")],
        ),
        (
            "“Now I ask only that the sky stays closed. We have no cellar,” said Ada Low.",
            [("I", "ask", "that the sky stays closed")],
        ),
        (
            "“They called us partners until the bill came,” said Ola Brandt.",
            [("They", "called", "us partners")],
        ),
        ("“He promised to pay,” she said. “He told me so.”", [("He", "promised", "to pay")]),
        (
            "‘They told us, “Leave at once.” So we left,’ said Ola Brandt.",
            [("They", "told", "“Leave at once.”")],
        ),
        (
            "“‘Leave at once,’ they told us. So we left the town,” said Ola Brandt.",
            [("they", "told", "‘Leave at once,’")],
        ),
    ],
)
def test_speech_in_a_quotation_is_a_claim_within_the_claim(
    text: str, expected: list[tuple[str, str, str]]
) -> None:
    assert inner(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "She said she hopes the road will open.",
        "She said he said nothing.",
        "The mayor said it was reported that the bridge was closed.",
        "The mayor said the tapes show that the bridge was closed.",
        "The mayor said that anyone who says the bridge is safe is wrong.",
        "“I think that the bridge is safe, and I hope that it stays so,” she said.",
        "“You say it is safe, and I say it is not,” said Hale.",
        "“I would say that it is a ruin,” said Hale.",
        "“People who claim to know the bridge are wrong about it,” said Hale.",
        "“This shows that the bridge is safe for all of us,” said Hale.",
    ],
)
def test_a_verb_that_reports_nobody_else_makes_no_claim_of_its_own(text: str) -> None:
    assert inner(text) == []


def test_reported_speech_within_a_quotation_needs_marks_of_its_own() -> None:
    text = "“They told us, ‘Wait.’ They said that help was near. We waited,” said Ola Brandt."
    assert [claim.quotation for claim in claims_in(text)] == ["direct", "direct", "indirect"]


_SPEAKERS = st.sampled_from(
    ["Nora Hale", "Mayor Peter Roe", "Dr. Ada Low", "the board", "officials", "Gen. Jon Berg"]
)
_VERBS = st.sampled_from(["had said", "had warned", "had denied", "had claimed", "had admitted"])


@examples(30)
@given(outer=_SPEAKERS, speaker=_SPEAKERS, verb=_VERBS, long=st.booleans())
def test_both_claims_are_found_whoever_speaks(
    outer: str, speaker: str, verb: str, *, long: bool
) -> None:
    more = " between the harbour and the old town, which nobody had used since the flood" * long
    text = f"{outer} said on Monday that {speaker} {verb} that the bridge{more} was shut."
    found = words_in(text[0].upper() + text[1:])
    assert [one.source.lower() for one in found] == [outer.lower(), speaker.lower()]
    assert found[1].content in found[0].content


@pytest.mark.parametrize(
    "text",
    [
        "The mayor said the cuts that they pledged to make were too deep.",
        "The minister said that what officials call a service contract was a gift.",
        "“The things that they are asking you to do are ridiculous,” the mayor said.",
    ],
)
def test_what_lacks_its_object_is_no_claim_of_its_own(text: str) -> None:
    assert inner(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "The mayor said it was the day when Peter Roe had called the bridge a ruin.",
            ("Peter Roe", "had called", "the bridge a ruin"),
        ),
        (
            "The mayor denied the report that officials had promised to close the bridge.",
            ("officials", "had promised", "to close the bridge"),
        ),
    ],
)
def test_what_has_its_object_in_a_relative_clause_is_a_claim(
    text: str, expected: tuple[str, str, str]
) -> None:
    assert inner(text)[-1] == expected
