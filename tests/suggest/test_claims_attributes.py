"""Attributes and source kinds of claims, from the shipped pipeline."""

from __future__ import annotations

import pytest

from tests.helpers.claim_docs import claims_in


@pytest.mark.parametrize(
    ("text", "quotation"),
    [
        ("“The road is open,” she said.", "direct"),
        ("She said that the road was open.", "indirect"),
        ("She said that the road was “open to everybody who pays”.", "mixed"),
    ],
)
def test_quotation_follows_the_marks(text: str, quotation: str) -> None:
    assert [claim.quotation for claim in claims_in(text)] == [quotation]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Maria Lund said the road was open.", "named"),
        ("The Pentagon said the road was open.", "named"),
        ("An official said the road was open.", "anonymous"),
        ("A driver, who asked not to be named, said the road was open.", "anonymous"),
        ("Sources said the road was open.", "anonymous"),
        ("Residents said the road was open.", "collective"),
        ("The coalition said the road was open.", "collective"),
        ("The report said the road was open.", "document"),
        ("A leaked memo said the road was open.", "document"),
        ("An announcement by the ministry said the road was open.", "document"),
        ("Secretary of State Jon Berg said the road was open.", "named"),
        ("A spokesman for Mayor Nora Hale said the road was open.", "anonymous"),
        ("Friends of Nora Hale said the road was open.", "collective"),
        ("A local forecaster, Nordbank, said the road was open.", "named"),
        ("Commanders she had met said the road was open.", "collective"),
        ("Those who live there said the road was open.", "collective"),
        ("Several of the drivers said the road was open.", "collective"),
        ("One of the drivers said the road was open.", "anonymous"),
        ("Her husband said the road was open.", "anonymous"),
        ("Her pupils said the road was open.", "collective"),
        ("Norway's president said the road was open.", "named"),
        ("Harbour magazine said the road was open.", "named"),
        ("The road has reportedly been closed.", "unspecified"),
    ],
)
def test_the_kind_of_a_source(text: str, kind: str) -> None:
    assert [claim.source_kind for claim in claims_in(text)] == [kind]


@pytest.mark.parametrize(
    ("text", "stance"),
    [
        ("The mayor said the road was open.", "asserts"),
        ("The mayor denied that the road was open.", "denies"),
        ("The mayor asked whether the road was open.", "questions"),
        ("The mayor said the road will reopen in May.", "predicts"),
        ("The mayor predicted that the road would flood.", "predicts"),
        ("The mayor said the ministry must pay for the road.", "demands"),
        ("The mayor urged drivers to stay at home.", "demands"),
        ("The mayor promised to open the road.", "commits"),
        ("“We will open the road,” the mayor said.", "commits"),
        ("The mayor said the closure was a disgrace.", "judges"),
        ("The mayor condemned the closure of the road.", "judges"),
        ("The mayor insisted that the city had not sold the bridge.", "denies"),
        ("The mayor called the report false.", "denies"),
        ("The mayor said the report was baseless.", "denies"),
        ("It is not true that the bridge was sold, the mayor said.", "denies"),
        ("The mayor said there was no truth to the report.", "denies"),
        ("The board denies having sold the bridge.", "denies"),
        ("The mayor did not deny that the road was closed.", "asserts"),
        ("The mayor said that nobody had been hurt.", "asserts"),
        ("The mayor argued that the ministry must pay.", "demands"),
        ("The mayor asked that the road be closed.", "demands"),
        ("The mayor said drivers need to stay at home.", "demands"),
        ("“Do not cross the bridge,” the mayor said.", "demands"),
        ("The mayor said the driver must have been asleep.", "asserts"),
        ("The mayor said she wants to stay.", "asserts"),
        ("The mayor said she would like to thank the drivers.", "asserts"),
        ("“We are going to pay for it,” the mayor said.", "commits"),
        ("The company said it would repair the road.", "commits"),
        ("The minister said his government will pay for the road.", "commits"),
        ("The mayor said it would rain.", "predicts"),
        ("The mayor said the road is going to close.", "predicts"),
        ("The mayor said the road could be closed by snow.", "predicts"),
        ("“I will believe it when I see it,” the mayor said.", "predicts"),
        ("The mayor said he regretted the decision.", "judges"),
        ("The tenants complained about the lift.", "judges"),
        ("The tenants complained that the lift was broken.", "asserts"),
        ("“This is why we must act!” she said. “Why did nobody ask?”", "asserts"),
    ],
)
def test_the_stance_is_that_of_the_cue_or_of_the_main_clause(text: str, stance: str) -> None:
    assert [claim.stance for claim in claims_in(text)] == [stance]


@pytest.mark.parametrize(
    ("text", "certainty"),
    [
        ("The mayor said the road may close.", "possible"),
        ("The mayor said the road was probably closed.", "probable"),
        ("The mayor said the road was certainly closed.", "certain"),
        ("The mayor said the road was closed.", None),
    ],
)
def test_certainty_is_as_worded(text: str, certainty: str | None) -> None:
    assert [claim.certainty for claim in claims_in(text)] == [certainty]


def test_a_pronoun_refers_to_the_person_named_before() -> None:
    text = "Maria Lund runs the ferry. “The bridge is closed,” she said."
    (claim,) = claims_in(text)
    assert claim.source_entity is not None
    assert text[slice(*claim.source_entity)] == "Maria Lund"
    assert claim.source_kind == "named"


def test_an_office_refers_to_its_holder() -> None:
    text = "The minister Maria Lund said the pass was open. The minister added that snow was near."
    claims = claims_in(text)
    assert [text[slice(*claim.source_entity)] for claim in claims if claim.source_entity] == [
        "Maria Lund"
    ] * 2


def named(text: str) -> list[str | None]:
    """The words that each claim's source is tied to."""
    return [
        text[slice(*claim.source_entity)] if claim.source_entity else None
        for claim in claims_in(text)
    ]


def test_an_office_refers_to_the_name_beside_it() -> None:
    text = "Jonas Berg, a harbour official, arrived late. The official said the wall would fall."
    assert named(text) == ["Jonas Berg"]


def test_an_office_with_two_holders_refers_to_neither() -> None:
    text = (
        "Jonas Berg, a harbour official, and Ann Lund, a harbour official, arrived late. "
        "The official said the wall would fall."
    )
    assert named(text) == [None]


def test_he_and_she_are_different_people() -> None:
    text = "Maria Lund met Jon Berg on Friday. She said the wall would fall. He said it would not."
    assert named(text) == ["Maria Lund", "Jon Berg"]


def test_a_title_decides_the_referent_of_a_pronoun() -> None:
    text = "Mr. Berg wrote to Mrs. Lund on Friday. She said the wall would fall."
    (name,) = named(text)
    assert name is not None
    assert name.endswith("Lund")


def test_an_ambiguous_pronoun_refers_to_nobody() -> None:
    text = "The letters of Maria Lund to Anna Berg were found. She said the wall would fall."
    assert named(text)[-1] is None


@pytest.mark.parametrize(
    ("text", "speakers"),
    [
        # Whoever spoke last goes on, even if somebody else was talked of.
        ("Jon Berg said Tom Lund would pay. He added that he was sorry.", ["Jon Berg"] * 2),
        # Another who could be meant has been named, or has spoken, since.
        (
            "Jon Berg said the dam held. It was shown to Tom Lund. He said it leaked.",
            ["Jon Berg", None],
        ),
        (
            "Jon Berg said the dam held. An official said it leaked. He said it would be closed.",
            ["Jon Berg", None, None],
        ),
        # Only the name of somebody's thing was met, or somebody that another talks of.
        ("The lights of Tom Lund's hall failed. He said they would be mended.", [None]),
        ("Campaigning against Tom Lund in May, he said the dam would fall.", [None]),
        # A given name tells a woman from a man.
        ("Sarah Lund met the press. He said the dam would fall.", [None]),
        # Within quotation marks, somebody else is talked of.
        ("Jon Berg recalled: “Out of nowhere, he said that the dam would fall.”", ["Jon Berg"]),
    ],
)
def test_a_pronoun_is_tied_only_where_nobody_else_can_be_meant(
    text: str, speakers: list[str | None]
) -> None:
    assert named(text)[: len(speakers)] == speakers


def test_a_description_is_tied_only_to_who_was_called_so() -> None:
    text = "“It rains under President Berg,” the editor of the paper wrote."
    assert named(text) == [None]


def test_the_words_of_an_anonymous_official_are_never_given_to_a_spokeswoman() -> None:
    text = (
        "An official said the wall would fall. Maria Lund, a spokeswoman and former official, "
        "declined to comment. The official said the men would leave."
    )
    assert named(text)[-1] is None


def test_a_speaker_within_a_claim_is_not_the_next_pronoun() -> None:
    text = (
        "Jon Berg drives a truck. “My uncle says that it will rain,” he said. "
        "He added that the road was open."
    )
    assert [claim.source_kind for claim in claims_in(text)] == ["named", "anonymous", "named"]


@pytest.mark.parametrize(
    "text",
    [
        "He said its prisons held hundreds of men, and asked who would guard them.",
        "She said the bridge shook at night, and warned that it would fall.",
    ],
)
def test_a_thing_that_is_talked_of_does_not_speak(text: str) -> None:
    sources = [text[slice(*claim.source[0])] for claim in claims_in(text)]
    assert sources == [text[: text.index(" ")]] * 2


@pytest.mark.parametrize(
    ("text", "worthy"),
    [
        ("The ministry said 2,000 drivers had left the town.", True),
        ("The mayor said the bridge was sold in May 2014.", True),
        ("The board denied that it had sold the bridge.", True),
        ("The report says the dam is older than the town.", True),
        ("The union accused the board of hiding the report.", True),
        ("“I counted 27 trucks,” said Jon Berg.", True),
        ("The mayor said Nordbank owns the ferry.", True),
        ("The mayor said the bridge should be closed.", False),
        ("The mayor promised to repair 20 bridges.", False),
        ("The mayor said the bridge will close in May 2030.", False),
        ("The mayor asked whether the bridge was sold in 2014.", False),
        ("The mayor said the sale was a disgrace.", False),
        ("“I feel tired,” said Jon Berg.", False),
        ("“My husband missed the boat,” she said.", False),
        ("“An army is not a moving van,” he said.", False),
        ("“You never know with rivers,” he said.", False),
    ],
)
def test_checkable_claims_are_check_worthy(text: str, worthy: bool) -> None:
    assert [claim.check_worthy for claim in claims_in(text)] == [worthy]
