"""Forms that may name one identity: why, in words, and found by a key they share."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.across.identity_candidates import KnownIdentity, candidates, tied_before
from annotator.core.across.identity_log import Identity, form_of
from annotator.core.across.name_index import index_keys, likeness

PAIRS = [
    ("McGurk", "PERSON", "Brett McGurk", "PERSON", "surname of"),
    ("Brett McGurk", "PERSON", "McGurk", "PERSON", "fuller name"),
    ("Brett", "PERSON", "Brett McGurk", "PERSON", "given name of"),
    ("B. McGurk", "PERSON", "Brett McGurk", "PERSON", "fuller name"),
    ("Brett McGuir", "PERSON", "Brett McGurk", "PERSON", "one letter different"),
    ("McGuir", "PERSON", "Brett McGurk", "PERSON", "surname of, one letter different"),
    ("Ivar Lindquist", "PERSON", "Ivar Lindqvist", "PERSON", "other script or spelling"),
    ("NHC", "ORG", "Northern Harvest Council", "ORG", "initials of"),
    ("Daesh", "ORG", "ISIS", "ORG", "known alias"),
    ("FDS", "ORG", "SDF", "ORG", "known alias"),
    ("Syrians", "NORP", "Syria", "GPE", "people of"),
    ("Maritime Safety Agency", "ORG", "Agence de sécurité maritime", "ORG", "other language"),
    ("Labour", "ORG", "Labour Party", "ORG", "short for"),
]


@pytest.mark.parametrize(("one", "label", "other", "of", "why"), PAIRS)
def test_evidence_is_said_in_words(one: str, label: str, other: str, of: str, why: str) -> None:
    found = likeness(form_of(one, label), form_of(other, of))
    assert found is not None
    assert found.why == why


@pytest.mark.parametrize(
    ("one", "label", "other", "of"),
    [
        ("Ada Low", "PERSON", "Brett McGurk", "PERSON"),
        ("Washington", "PERSON", "Washington", "GPE"),
        ("Iran", "GPE", "Iraq", "GPE"),
    ],
)
def test_nothing_ties_other_names(one: str, label: str, other: str, of: str) -> None:
    assert likeness(form_of(one, label), form_of(other, of)) is None


WORDS = st.sampled_from(
    ("Brett", "B.", "McGurk", "McGuir", "Mc Gurk", "Lindqvist", "Lindquist", "Syria", "Syrians",
     "Syrian", "ISIS", "Daesh", "SDF", "Council", "of", "Harvest", "HC", "Agence", "Agency",
     "maritime", "al-Assad", "Assad", "James", "Jim")
)  # fmt: skip
NAMES = st.tuples(
    st.lists(WORDS, min_size=1, max_size=3).map(" ".join),
    st.sampled_from(("PERSON", "ORG", "GPE", "NORP")),
)


@given(NAMES, NAMES)
def test_forms_that_are_alike_share_a_key(one: tuple[str, str], other: tuple[str, str]) -> None:
    mine, theirs = form_of(*one), form_of(*other)
    if mine and theirs and likeness(mine, theirs):
        assert index_keys(mine) & index_keys(theirs)


FULL, SURNAME = form_of("Brett McGurk", "PERSON"), form_of("McGurk", "PERSON")
BRETT, ANN = Identity("b", "Brett McGurk", "PERSON"), Identity("a", "Ann McGurk", "PERSON")


def test_the_likeliest_identity_comes_first() -> None:
    known = [KnownIdentity(BRETT), KnownIdentity(ANN, {SURNAME: "ra"})]
    found = candidates(SURNAME, known)
    assert [(one.identity, one.why) for one in found] == [
        (ANN, "tied before by ra"),
        (BRETT, "surname of"),
    ]
    assert tied_before(SURNAME, known) == found[0]


def test_nobody_is_named_where_a_form_was_tied_to_two() -> None:
    known = [KnownIdentity(one, {SURNAME: "ra"}) for one in (BRETT, ANN)]
    assert tied_before(SURNAME, known) is None


def test_names_said_to_differ_are_not_offered() -> None:
    assert candidates(SURNAME, [KnownIdentity(BRETT, apart=frozenset((SURNAME,)))]) == ()


def test_a_name_of_an_alias_file_says_so() -> None:
    daesh = Identity("wikidata:Q2429253", "Islamic State", "ORG")
    known = KnownIdentity(daesh, listed=frozenset(("daesch",)), stands=False)
    (found,) = candidates(form_of("Daesch", "ORG"), [known])
    assert found.why == "alias in an imported file"
