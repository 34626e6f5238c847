"""Proposals for claims and names; the sentences were written for these tests."""

from __future__ import annotations

import cProfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.annotations import problems
from annotator.core.article import Span
from annotator.core.claims.claim_heuristics import cues_near, propose_claim, sources_near
from annotator.core.text.phrases import phrase_at
from annotator.core.text.words import Words
from tests.helpers.hostile_texts import texts


@pytest.mark.parametrize(
    ("text", "at", "content", "cue", "source", "attributes"),
    [
        (
            "Maryam Aziz, a teacher in Raqqa, said on Friday that the bakers would not leave.",
            "bakers",
            "that the bakers would not leave",
            "said",
            "Maryam Aziz, a teacher in Raqqa",
            ("indirect", "named", "predicts"),
        ),
        (
            "“We stayed through four winters,” said Gen. Ali Haddad on Monday.",
            "through",
            "“We stayed through four winters,”",
            "said",
            "Gen. Ali Haddad",
            ("direct", "named", "asserts"),
        ),
        (
            "The boats could leave within weeks, two officials told reporters.",
            "within",
            "The boats could leave within weeks",
            "told",
            "two officials",
            ("indirect", "anonymous", "asserts"),
        ),
        (
            "According to the Harbour Board, 40 boats left on 19 December.",
            "boats",
            "40 boats left on 19 December",
            "According to",
            "the Harbour Board",
            ("indirect", "named", "asserts"),
        ),
        (
            "The ministry has not denied any role in the sale.",
            "role",
            "any role in the sale",
            "has not denied",
            "The ministry",
            ("indirect", "named", "denies"),
        ),
        (
            "Analysts warned the bridge might fall.",
            "bridge",
            "the bridge might fall",
            "warned",
            "Analysts",
            ("indirect", "collective", "predicts"),
        ),
        (
            "The mayor called the plan a mistake, and urged the council to wait.",
            "plan",
            "the plan a mistake",
            "called",
            "The mayor",
            ("indirect", "named", "judges"),
        ),
        (
            "“We have seen this film,” said Hozan Dar, a baker who came in the spring.",
            "film",
            "“We have seen this film,”",
            "said",
            "Hozan Dar, a baker who came in the spring",
            ("direct", "named", "asserts"),
        ),
        (
            "A columnist who signs with the name Kara asked whether the ferry would run.",
            "ferry",
            "whether the ferry would run",
            "asked",
            "A columnist who signs with the name Kara",
            ("indirect", "anonymous", "questions"),
        ),
        (
            "Sund has long denied that it owns the quay; the board is not so sure.",
            "quay",
            "that it owns the quay",
            "has long denied",
            "Sund",
            ("indirect", "named", "denies"),
        ),
        (
            "Her neighbours later told the Ansel Post that nobody had asked them.",
            "nobody",
            "that nobody had asked them",
            "told",
            "Her neighbours",
            ("indirect", "collective", "asserts"),
        ),
        (
            "The delay was criticised by the harbour union.",
            "delay",
            "The delay",
            "was criticised",
            "the harbour union",
            ("indirect", "named", "judges"),
        ),
        (
            "The union implored the board to keep the night ferry.",
            "ferry",
            "the board to keep the night ferry",
            "implored",
            "The union",
            ("indirect", "named", "demands"),
        ),
        (
            "Ansel pilots disapproved of a second tunnel.",
            "tunnel",
            "a second tunnel",
            "disapproved of",
            "Ansel pilots",
            ("indirect", "named", "judges"),
        ),
        (
            "The mayor praised the crew, adding that nobody was hurt.",
            "nobody",
            "that nobody was hurt",
            "adding",
            "The mayor",
            ("indirect", "named", "asserts"),
        ),
        (
            "The port declined to comment on the lease.",
            "lease",
            "to comment on the lease",
            "declined",
            "The port",
            ("indirect", "named", "denies"),
        ),
        ("Tamsin is quiet.", "quiet", "Tamsin is quiet", "", "", ("indirect", "author", "asserts")),
    ],
)
def test_the_claim_around_a_caret(
    text: str, at: str, content: str, cue: str, source: str, attributes: tuple[str, str, str]
) -> None:
    claim = propose_claim(Words(text), id="c", caret=text.index(at))
    assert claim is not None
    assert [piece.of(text) for piece in claim.content] == [content]
    assert [piece.of(text) for piece in claim.cue] == [cue] * bool(cue)
    assert [piece.of(text) for piece in claim.source] == [source] * bool(source)
    assert (claim.quotation, claim.source_kind, claim.stance) == attributes


def test_a_selection_over_paragraphs_becomes_one_piece_each() -> None:
    text = "“One day we go.\n\n“The next we stay,” she said."
    claim = propose_claim(Words(text), id="c", caret=0, selection=Span(0, text.index(" she")))
    assert claim is not None
    assert [piece.of(text) for piece in claim.content] == ["“One day we go.", "“The next we stay,”"]


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("“We stay,” said Ada, “and we wait.”", ["“We stay,”", "“and we wait.”"]),
        ("“We stay,” Ada said. “We wait here.”", ["“We stay,”", "“We wait here.”"]),
        ("“We stay for now.” It was cold. “We wait for them.”", ["“We wait for them.”"]),
    ],
)
def test_a_quotation_split_by_its_cue_is_one_claim(text: str, content: list[str]) -> None:
    claim = propose_claim(Words(text), id="c", caret=text.index("wait"))
    assert claim is not None
    assert [piece.of(text) for piece in claim.content] == content


@pytest.mark.parametrize(
    ("text", "at", "phrase"),
    [
        ("the Bank of Port Ansel said", "Bank", "Bank of Port Ansel"),
        ("Gen. Ali Haddad left", "Gen", "Gen. Ali Haddad"),
        ("on 19 December 2018, when", "19", "19 December 2018"),
        ("about $2 billion was", "$", "$2 billion"),
        ("a teacher came", "teacher", "teacher"),
        ("US-led forces", "US", "US"),
        ("earlier this week they", "earlier", "earlier this week"),
        ("this morning at", "this", "this morning"),
        ("two weeks ago", "two", "two weeks"),
        ("from 60 to 100 days.", "60", "60 to 100 days"),
        (
            "the Centre for Harbour and Ferry Studies said",
            "Centre",
            "Centre for Harbour and Ferry Studies",
        ),
        ("Ada and Bo", "Ada", "Ada"),
    ],
)
def test_the_name_that_starts_at_a_word(text: str, at: str, phrase: str) -> None:
    found = phrase_at(Words(text), text.index(at))
    assert found is not None
    assert found.of(text) == phrase


def test_likely_sources_and_cues_are_near_and_outside_the_content() -> None:
    text = "Ilva Marrow was there. The council denied any delay. She told nobody."
    words = Words(text)
    claim = propose_claim(words, id="c", caret=text.index("any delay"))
    assert claim is not None
    assert [s.of(text) for s in sources_near(words, claim)] == ["The council", "She"]
    assert [s.of(text) for s in cues_near(words, claim.content)] == ["denied", "told"]


def test_the_work_grows_linearly_with_the_sentence() -> None:
    def calls(times: int) -> int:
        text = "the board said that boats leave and plans hold while reports claim a thing " * times
        profile = cProfile.Profile()
        profile.runcall(propose_claim, Words(text), id="c", caret=len(text) // 2)
        return sum(entry.callcount for entry in profile.getstats())

    calls(1)  # reads the lexicon
    assert calls(200) <= 2.5 * calls(100)


@given(texts, st.data())
def test_every_proposed_claim_is_valid(text: str, data: st.DataObject) -> None:
    words = Words(text)
    claim = propose_claim(words, id="c", caret=data.draw(st.integers(0, len(text))))
    if claim is not None:
        assert list(problems(claim, text)) == []
