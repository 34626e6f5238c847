"""Proposed identities: which names are one, on which evidence, and which are kept apart."""

from __future__ import annotations

from itertools import chain

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from annotator.core.across.identities import propose_identities
from annotator.core.across.mentions import Mention
from annotator.core.across.name_forms import LinkKind
from annotator.core.across.spelling import distance, neighbourhood, sounds_alike
from annotator.lexicon.name_groups import name_key
from tests.helpers.across import grouped, names

# Names that put an article on one subject with others.
SUBJECT = "[Manbij|GPE] [Nora Vale|PERSON] [Harvest Council|ORG] [Tarvik|GPE]"


def together(*articles: str, subject: str = SUBJECT) -> list[set[str]]:
    """The forms of each proposal with several, besides those of the subject."""
    found = propose_identities(names(*(f"{text}\n{subject}" for text in articles)))
    forms = [grouped(one.forms) for one in found]
    return [own for own in forms if len(own) > 1]


def evidence(*articles: str) -> set[LinkKind]:
    """The evidence of all proposals."""
    found = propose_identities(names(*(f"{text}\n{SUBJECT}" for text in articles)))
    return {one.why for proposal in found for one in proposal.evidence}


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        ("[Brett McGurk|PERSON], envoy, left", "the envoy [Brett McGuir|PERSON]", LinkKind.LETTER),
        (
            "[Ivar Lindqvist|PERSON], master",
            "[Ivar Lindquist|PERSON], the master",
            LinkKind.SPELLING,
        ),
        ("[Daesh|ORG]", "[Daech|ORG]", LinkKind.ALIAS),
        ("[Daesh|ORG]", "[ISIL|ORG]", LinkKind.ALIAS),
        ("[Kobani|GPE]", "[Kobane|GPE]", LinkKind.ALIAS),
        ("[Al-Tanf|FAC]", "[At Tanf|FAC]", LinkKind.ALIAS),
        ("[Tel Rifaat|GPE]", "[Tell Rifat|GPE]", LinkKind.SPELLING),
        ("[Erdoğan|PERSON]", "[Erdogan|PERSON]", None),
        ("[U.S.|GPE]", "[United States|GPE]", LinkKind.ALIAS),
        ("[Americans|NORP]", "[American|NORP]", LinkKind.PEOPLE),
        ("[Kurdish|NORP]", "[Kurds|NORP]", LinkKind.PEOPLE),
        ("[Jim Mattis|PERSON]", "[James Mattis|PERSON]", LinkKind.GIVEN_NAME),
        ("[Tayyip Erdogan|PERSON]", "[Recep Tayyip Erdogan|PERSON]", LinkKind.GIVEN_NAME),
        ("[J. Holm|PERSON]", "[Jonas Holm|PERSON]", LinkKind.GIVEN_NAME),
        ("[Bashar al-Assad|PERSON]", "[Assad|PERSON] spoke", LinkKind.SURNAME),
        ("[President Putin|PERSON]", "[Putin|PERSON]", None),
        ("[Harbour Safety Board|ORG] ([HSB|ORG])", "[HSB|ORG]", LinkKind.INITIALS),
        ("[Seafarers' Union|ORG]", "[Union of Seafarers|ORG]", LinkKind.WORDS),
        ("[Nordal Lines|ORG]", "[Nordal|ORG]", LinkKind.SHORT),
        ("[Saint Olaf Hospital|FAC]", "[Saint-Olaf|FAC]", LinkKind.SHORT),
        (
            "[Maritime Safety Agency|ORG] ([MSA|ORG])",
            "[Agence de sécurité maritime|ORG] ([ASM|ORG])",
            LinkKind.LANGUAGE,
        ),
    ],
)
def test_two_forms_are_proposed_as_one(one: str, other: str, why: LinkKind | None) -> None:
    ((first, *others),) = (together(one, other),)
    assert not others
    assert {mention.text for mention in names(one, other)} == first
    assert why is None or why in evidence(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("[Iran|GPE]", "[Iraq|GPE]"),
        ("[Niger|GPE]", "[Nigeria|GPE]"),
        ("[Syria|GPE]", "[Syrian|NORP]"),
        ("[United States|GPE]", "[American|NORP]"),
        ("[Sami Othman|PERSON]", "[Jiyan Othman|PERSON]"),
        ("[Per Lindqvist|PERSON]", "[Ivar Lindqvist|PERSON]"),
        ("[Manbij Military Council|ORG]", "[Raqqa|GPE]"),
        ("[Syrian Democratic Council|ORG]", "[Syrian Democratic Forces|ORG]"),
        ("[Plainfield Courier|ORG]", "[Courier|ORG]"),
        ("[Russian Foreign Ministry|ORG]", "[Turkish Foreign Ministry|ORG]"),
        ("[Russian Foreign Ministry|ORG]", "[Foreign Ministry|ORG]"),
        ("[French|NORP]", "[French|LANGUAGE]"),
        ("[Jordan|GPE]", "[Jordan|PERSON]"),
        ("[Euphrates|LOC]", "[Euphrates valley|LOC]"),
        ("[Main Street|FAC]", "[Main Station|FAC]"),
        ("[George H. Bell|PERSON]", "[George W. Bell|PERSON]"),
        ("[Maria Petrova|PERSON]", "[Maria Petrov|PERSON] and [Maria Petrova|PERSON]"),
    ],
)
def test_two_forms_are_kept_apart(one: str, other: str) -> None:
    found = propose_identities(names(f"{one}\n{SUBJECT}", f"{other}\n{SUBJECT}"))
    forms = {mention.text for mention in names(one, other)}
    assert sum(bool(forms & grouped(proposal.forms)) for proposal in found) >= 2


def test_a_possessive_before_a_ministry_says_whose_it_is() -> None:
    (own,) = together("[Russia|GPE]’s [Foreign Ministry|ORG]", "[Russian Foreign Ministry|ORG]")
    assert own == {"Foreign Ministry", "Russian Foreign Ministry"}


def test_a_surname_is_the_last_full_name_before_it() -> None:
    text = "[Ivar Holm|PERSON] met [Per Holm|PERSON]. [Holm|PERSON] left."
    found = [one for one in propose_identities(names(text)) if len(one.mentions) > 1]
    assert [grouped(one.forms) for one in found] == [{"Per Holm", "Holm"}]


def test_a_surname_alone_goes_to_the_person_of_like_articles() -> None:
    here, there = "[Aldmoor|GPE] [Ivo Kranz|PERSON] [Mill Board|ORG]", SUBJECT
    articles = (
        f"[Lindsey Graham|PERSON]\n{here}",
        f"[Nadia Graham|PERSON]\n{there}",
        f"[Graham|PERSON]\n{there}",
    )
    found = [one for one in propose_identities(names(*articles)) if "Graham" in str(one.forms)]
    assert {"Nadia Graham", "Graham"} in [grouped(one.forms) for one in found]


def test_a_surname_alone_on_another_subject_stays_alone() -> None:
    articles = (f"[Nadia Graham|PERSON]\n{SUBJECT}", "[Graham|PERSON] sang in [Aldmoor|GPE]")
    assert len(propose_identities(names(*articles))) == 7


def test_initials_of_two_names_are_nobodys() -> None:
    forms = together("[Anna Berg|PERSON] and [Arne Berg|PERSON]", "[A. Berg|PERSON]")
    assert forms == []


def test_the_name_of_a_proposal_is_its_fullest_usual_form() -> None:
    found = propose_identities(names("[SDF|ORG] [SDF|ORG] [Syrian Democratic Forces|ORG]"))
    assert [(one.name, one.type, one.score) for one in found] == [
        ("Syrian Democratic Forces", "ORG", 0.97)
    ]


def test_numbers_and_dates_are_no_names() -> None:
    assert names("[Friday|DATE] [2,000|CARDINAL] [trucks|VEHICLE]") == []


# Properties

POOL = [
    *("[Donald Trump|PERSON]", "[Trump|PERSON]", "[Brett McGurk|PERSON], envoy"),
    *("[Brett McGuir|PERSON], envoy", "[McGuir|PERSON]", "[Daesh|ORG]", "[ISIS|ORG]", "[IS|ORG]"),
    *("[US|GPE]", "[United States|GPE]", "[American|NORP]", "[SDF|ORG]", "[FDS|ORG]"),
    *("[Syrian Democratic Forces|ORG]", "[Nadia Graham|PERSON]", "[Graham|PERSON]"),
    *("[Lindsey Graham|PERSON]", "[Foreign Ministry|ORG]", "[Russia|GPE]'s", "[Kobani|GPE]"),
    *("[Kobane|GPE]", "[Holm Lines|ORG]", "[Holm|ORG]", "[Ivar Holm|PERSON]", "[Holm|PERSON]"),
    *("[Saint Olaf|FAC]", "[Saint Olaf Hospital|FAC]", "[L. Graham|PERSON]"),
]
articles = st.lists(st.sampled_from(POOL), min_size=1, max_size=8).map(" ".join)
stores = st.lists(articles, min_size=1, max_size=6, unique=True)
KEYS = sorted({mention.key for mention in names(*POOL)})


@given(stores, st.randoms(use_true_random=False))
def test_every_mention_is_in_one_proposal_whatever_the_order(texts: list[str], rng: object) -> None:
    mentions = names(*texts)
    found = propose_identities(mentions)
    assert sorted(chain(*(one.mentions for one in found))) == sorted(one.place for one in mentions)
    shuffled = list(mentions)
    rng.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis gives a Random
    assert propose_identities(shuffled) == found


@given(stores, st.lists(st.tuples(st.sampled_from(KEYS), st.sampled_from(KEYS)), max_size=5))
def test_nothing_is_proposed_that_was_said_to_differ(
    texts: list[str], pairs: list[tuple[str, str]]
) -> None:
    different = [(one, other) for one, other in pairs if one != other]
    mentions = names(*texts)
    by_place: dict[tuple[str, str], Mention] = {one.place: one for one in mentions}
    for proposal in propose_identities(mentions, different=different):
        keys = {by_place[place].key for place in proposal.mentions}
        assert [pair for pair in different if set(pair) <= keys] == []


@given(st.text("abckhsz", max_size=9), st.text("abckhsz", max_size=9))
def test_spelling_is_compared_the_same_both_ways(one: str, other: str) -> None:
    assert distance(one, other) == distance(other, one)
    assert sounds_alike(one, other) == sounds_alike(other, one)
    assert (distance(one, other) == 0) == (one == other)


@given(st.text("abcd", min_size=1, max_size=8), st.integers(0, 7), st.sampled_from("abcd"))
def test_a_changed_letter_leaves_a_common_neighbour(word: str, place: int, letter: str) -> None:
    place %= len(word)
    other = word[:place] + letter + word[place + 1 :]
    assert neighbourhood(word) & neighbourhood(other)


@example("𝔍")
@given(st.text(max_size=30))
def test_the_key_of_a_key_is_itself(text: str) -> None:
    key = name_key(text)
    assert name_key(key) == key


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("U.S.", "us"),
        ("Deir ez-Zor", "deir ez zor"),
        ("N’Djamena", "ndjamena"),
        ("Élysée", "elysee"),
        ("Washington, D.C.", "washington dc"),
        ("Kurdistan Workers’ Party", "kurdistan workers party"),
    ],
)
def test_keys_of_names(text: str, key: str) -> None:
    assert name_key(text) == key
