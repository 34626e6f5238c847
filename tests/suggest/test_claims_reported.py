"""Reported speech, on the shipped pipeline: which words attribute, and to whom."""

from __future__ import annotations

import pytest

from tests.helpers.claim_docs import only_claim, words_in


@pytest.mark.parametrize(
    ("text", "source", "cue", "content"),
    [
        (
            "The spokesman said that the road was open.",
            "The spokesman",
            "said",
            "that the road was open",
        ),
        (
            "The governor denied that the prison had been empty.",
            "The governor",
            "denied",
            "that the prison had been empty",
        ),
        (
            "The judge asked whether the witness had slept.",
            "The judge",
            "asked",
            "whether the witness had slept",
        ),
        (
            "The report says the wall may fall within a year.",
            "The report",
            "says",
            "the wall may fall within a year",
        ),
        (
            "A report by the auditors found that money was missing.",
            "A report by the auditors",
            "found",
            "that money was missing",
        ),
        (
            "He wrote on Twitter that the vote had been stolen.",
            "He",
            "wrote",
            "that the vote had been stolen",
        ),
        (
            "Anna Holm, who had warned that the ice was thin, resigned.",
            "Anna Holm, who",
            "had warned",
            "that the ice was thin",
        ),
        (
            "The general promised to rebuild the town.",
            "The general",
            "promised",
            "to rebuild the town",
        ),
        (
            "The union urged the company to raise wages.",
            "The union",
            "urged",
            "the company to raise wages",
        ),
        (
            "The senator accused the agency of hiding the report.",
            "The senator",
            "accused",
            "the agency of hiding the report",
        ),
        ("Opponents called the vote a sham.", "Opponents", "called", "the vote a sham"),
        (
            "The envoy was quoted as saying that the talks had failed.",
            "The envoy",
            "was quoted as saying",
            "that the talks had failed",
        ),
        (
            "The wall, the mayor said, was built in 1920.",
            "the mayor",
            "said",
            "The wall | was built in 1920",
        ),
        (
            "Repairs, the office says, will take a year.",
            "the office",
            "says",
            "Repairs | will take a year",
        ),
        (
            "The claim that the dam was unsafe angered the engineers.",
            "",
            "claim",
            "that the dam was unsafe",
        ),
        (
            "The town ignored repeated demands to close the plant.",
            "",
            "demands",
            "to close the plant",
        ),
        (
            "The union repeated its demand to close the plant.",
            "its",
            "demand",
            "to close the plant",
        ),
        (
            "The bank predicted that prices would fall.",
            "The bank",
            "predicted",
            "that prices would fall",
        ),
        (
            "The minister announced that two mines would close.",
            "The minister",
            "announced",
            "that two mines would close",
        ),
        ("The bishop condemned the raid.", "The bishop", "condemned", "the raid"),
        (
            "The post on his channel said the depot was burning.",
            "The post on his channel",
            "said",
            "the depot was burning",
        ),
        (
            "President: No troops will leave the valley",
            "President",
            ":",
            "No troops will leave the valley",
        ),
        (
            "Dam could fail within a year, says engineer",
            "engineer",
            "says",
            "Dam could fail within a year",
        ),
        ("Town left alone, residents say", "residents", "say", "Town left alone"),
        (
            "Mayor: we will rebuild the bridge by spring",
            "Mayor",
            ":",
            "we will rebuild the bridge by spring",
        ),
        ("Mayor: bridge to stay closed", "Mayor", ":", "bridge to stay closed"),
        ("Halden mayor: no money for bridge", "Halden mayor", ":", "no money for bridge"),
        ("No money for bridge, mayor tells drivers", "mayor", "tells", "No money for bridge"),
        (
            "Drivers accuse board of hiding cracks",
            "Drivers",
            "accuse",
            "board of hiding cracks",
        ),
        ("Trump accused her of being asleep.", "Trump", "accused", "her of being asleep"),
        (
            "She referred to him as a liar and a thief.",
            "She",
            "referred to",
            "him as a liar and a thief",
        ),
        (
            "The minister urged Congress not to pass the bill.",
            "The minister",
            "urged",
            "Congress not to pass the bill",
        ),
        ("The board denies having sold it.", "The board", "denies", "having sold it"),
        (
            "Hale said Mills “got an agreement,” and left.",
            "Hale",
            "said",
            "Mills “got an agreement,” and left",
        ),
        (
            "Hale said she has the quality it takes: “Steadiness, absolute steadiness.”",
            "Hale",
            "said",
            "she has the quality it takes: “Steadiness, absolute steadiness.”",
        ),
        (
            "She said on Friday that, with so many bridges, “there is no single point of failure.”",
            "She",
            "said",
            "that, with so many bridges, “there is no single point of failure.”",
        ),
        (
            "He says the party ran amok, and “we’re going to get away from” that if he wins.",
            "He",
            "says",
            "the party ran amok, and “we’re going to get away from” that if he wins",
        ),
    ],
)
def test_reported_speech(text: str, source: str, cue: str, content: str) -> None:
    assert only_claim(text) == (source, cue, content)


@pytest.mark.parametrize(
    "text",
    [
        "According to the harbour office, two ships ran aground.",
        "Two ships ran aground, according to the harbour office.",
    ],
)
def test_according_to_precedes_or_follows_the_content(text: str) -> None:
    words = only_claim(text)
    assert (words.source, words.content.lower()) == ("the harbour office", "two ships ran aground")


@pytest.mark.parametrize(
    "text", ["As Ann Lund puts it, the wall is a ruin.", "The wall is a ruin, as Ann Lund puts it."]
)
def test_as_somebody_puts_it_precedes_or_follows_the_content(text: str) -> None:
    words = only_claim(text)
    assert words == ("Ann Lund", "puts", words.content)
    assert words.content.lower() == "the wall is a ruin"


def test_according_to_is_the_source_of_what_is_expected() -> None:
    words = only_claim("The wall is expected to fall, according to engineers who inspected it.")
    assert words.source == "engineers who inspected it"
    assert words.content == "The wall is expected to fall"


def test_a_second_verb_shares_the_source() -> None:
    first, second = words_in(
        "The ministry said it would open the road and warned that rain could delay the work."
    )
    assert first == ("The ministry", "said", "it would open the road")
    assert second == ("The ministry", "warned", "that rain could delay the work")


def test_a_participle_shares_the_source() -> None:
    first, second = words_in("The office said two men had died, adding that a third was missing.")
    assert first == ("The office", "said", "two men had died")
    assert second == ("The office", "adding", "that a third was missing")


def test_a_nested_attribution_is_a_separate_claim() -> None:
    outer, inner = words_in(
        "The analyst told the paper that the minister had said that the bank was safe."
    )
    assert outer.content == "that the minister had said that the bank was safe"
    assert inner == ("the minister", "had said", "that the bank was safe")


@pytest.mark.parametrize("adverb", ["reportedly", "allegedly", "purportedly", "supposedly"])
def test_adverbs_have_no_source(adverb: str) -> None:
    words = only_claim(f"The rebels have {adverb} left the valley.")
    assert (words.source, words.cue) == ("", adverb)
    assert "left the valley" in words.content


def test_the_person_asked_is_not_the_source() -> None:
    words = words_in("Asked whether she would resign, the mayor said the town needed her.")
    assert ("", "Asked", "whether she would resign") in words
    assert ("the mayor", "said", "the town needed her") in words


def test_an_act_is_not_a_claim() -> None:
    assert words_in("The army left the valley on Friday. Two bridges were destroyed.") == []


@pytest.mark.parametrize(
    "text",
    [
        "Fourteen men were admitted on Friday.",
        "Ask yourself whether the road is open.",
        "The alleged thief was an actor.",
    ],
)
def test_a_form_of_a_verb_of_saying_that_says_nothing_is_no_claim(text: str) -> None:
    assert words_in(text) == []
