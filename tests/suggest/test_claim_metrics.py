"""The measures of claims, on texts with figures computed by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.training.claim_metrics import (
    PRF,
    ClaimDoc,
    ClaimScores,
    MeasuredClaim,
    Subset,
    compared,
    score,
)

TEXT = "Ann said that ships sank. “Ten ships sank,” Bob Lund said. Cid wants the old harbour back."


def claim(
    content: str, cue: str = "", source: str = "", text: str = TEXT, **more: str
) -> MeasuredClaim:
    def pieces(words: str) -> tuple[tuple[int, int], ...]:
        start = text.index(words)
        return ((start, start + len(words)),) if words else ()

    return MeasuredClaim(
        pieces(content),
        pieces(cue),
        pieces(source),
        attributes={name: value for name, value in more.items() if name not in ("pattern", "tier")},
        pattern=more.get("pattern", ""),
        tier=more.get("tier", ""),
    )


def measured(
    gold: list[MeasuredClaim], found: list[MeasuredClaim], subset: Subset | None = None
) -> ClaimScores:
    return score({"a": ClaimDoc(TEXT, tuple(gold))}, {"a": ClaimDoc(TEXT, tuple(found))}, subset)


ANN = claim("that ships sank", "said", "Ann")
BOB = claim("“Ten ships sank,”", "Bob Lund said"[-4:], "Bob Lund")
CID = claim("the old harbour back", "wants", "Cid")


def test_equal_claims_are_right_in_every_measure() -> None:
    scores = measured([ANN, BOB, CID], [ANN, BOB, CID])
    assert scores.exact == scores.half == scores.tuple == scores.soft == PRF(1.0, 1.0, 1.0)
    assert scores.source_exact == scores.source_right == 1.0


def test_without_found_claims_precision_and_recall_are_zero() -> None:
    scores = measured([ANN], [])
    assert (scores.half, scores.found, scores.gold) == (PRF(0.0, 0.0, 0.0), 0, 1)


def test_quotation_marks_and_a_leading_that_are_ignored() -> None:
    bare = claim("ships sank", "said", "Ann")
    unmarked = claim("Ten ships sank", "", "Bob Lund")
    assert measured([ANN, BOB], [bare, unmarked]).exact == PRF(1.0, 1.0, 1.0)


def test_half_of_the_words_counts_as_half_and_not_exact() -> None:
    part = claim("old harbour", "wants", "Cid")  # Dice 2 * 2 / (4 + 2)
    scores = measured([CID], [part])
    assert (scores.exact.f, scores.half.f, scores.tuple.f) == (0.0, 1.0, 1.0)
    assert scores.soft == pytest.approx((1.0, 0.5, 2 / 3))


def test_less_than_half_is_not_a_match() -> None:
    word = claim("back", "wants", "Cid")  # Dice 2 * 1 / (4 + 1)
    assert measured([CID], [word]).half.f == 0.0


def test_a_wrong_source_only_affects_the_tuple() -> None:
    wrong = claim("that ships sank", "said", "Bob Lund")
    scores = measured([ANN], [wrong])
    assert (scores.half.f, scores.tuple.f, scores.source_right) == (1.0, 0.0, 0.0)


def test_an_overlapping_source_is_right_and_an_equal_one_exact() -> None:
    short = claim("“Ten ships sank,”", "", "Lund")
    scores = measured([BOB], [short])
    assert (scores.source_right, scores.source_exact) == (1.0, 0.0)


def test_two_empty_sources_agree() -> None:
    nobody = claim("that ships sank")
    assert measured([nobody], [nobody]).tuple.f == 1.0


def test_each_marked_claim_is_matched_once() -> None:
    assert measured([ANN], [ANN, ANN]).half == pytest.approx((0.5, 1.0, 2 / 3))


def test_claims_are_paired_missed_or_spurious() -> None:
    pairs, missed, more = compared(ClaimDoc(TEXT, (ANN, BOB)), [CID, ANN])
    assert [(one.claim, other.claim) for one, other in pairs] == [(ANN, ANN)]
    assert [bag.claim for bag in (*missed, *more)] == [BOB, CID]


def test_direct_claims_start_with_a_quotation_mark() -> None:
    scores = measured([ANN, BOB, CID], [ANN, BOB], subset="direct")
    assert (scores.gold, scores.found, scores.half.f) == (1, 1, 1.0)


def test_reported_claims_have_a_reporting_word_or_marks() -> None:
    scores = measured([ANN, BOB, CID], [CID], subset="reported")
    assert (scores.gold, scores.found, scores.half.recall) == (2, 0, 0.0)


def test_attributes_are_compared_if_both_sides_have_them() -> None:
    gold = [claim("that ships sank", stance="asserts", quotation="indirect")]
    found = [claim("that ships sank", stance="denies", certainty="possible")]
    assert measured(gold, found).attributes == {"stance": 0.0}


def test_patterns_and_tiers_are_measured_separately() -> None:
    sure = claim("that ships sank", "said", "Ann", pattern="clause", tier="A")
    wrong = claim("Bob Lund", pattern="object", tier="B")
    scores = measured([ANN], [sure, wrong])
    assert {name: (p.found, p.half) for name, p in scores.patterns.items()} == {
        "clause": (1, 1.0),
        "object": (1, 0.0),
    }
    assert {name: (p.found, p.tuple) for name, p in scores.tiers.items()} == {
        "A": (1, 1.0),
        "B": (1, 0.0),
    }


def test_a_text_without_results_has_no_claims() -> None:
    assert score({"a": ClaimDoc(TEXT, (ANN,))}, {}).half.recall == 0.0


def test_scores_become_plain_numbers() -> None:
    plain = measured([ANN], [ANN]).to_plain()
    assert plain["half"] == {"precision": 1.0, "recall": 1.0, "f": 1.0}
    assert plain["words"]["source"]["f"] == 1.0


CLAIMS = st.lists(
    st.builds(
        lambda a, b: MeasuredClaim(((min(a, b), max(a, b) + 1),)),
        st.integers(0, len(TEXT) - 2),
        st.integers(0, len(TEXT) - 2),
    ),
    max_size=6,
)


@given(CLAIMS, CLAIMS)
def test_every_measure_is_a_fraction_and_exact_is_never_more_than_half(
    gold: list[MeasuredClaim], found: list[MeasuredClaim]
) -> None:
    scores = measured(gold, found)
    for prf in (scores.exact, scores.half, scores.tuple, scores.soft):
        assert all(0.0 <= value <= 1.0 for value in prf)
    assert scores.tuple.f <= scores.half.f + 1e-9
    assert scores.gold <= len(gold)


@given(CLAIMS)
def test_every_claim_matches_itself(gold: list[MeasuredClaim]) -> None:
    scores = measured(gold, gold)
    assert scores.half.f == (1.0 if scores.gold else 0.0)
