"""Ties of claims, decided in a review: folded, undone, kept in its log and its record."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from jsonschema import Draft202012Validator

from annotator.core.annotations import Claim, MadeBy, Tier, Verdict
from annotator.core.article import Article, Span
from annotator.core.claim_ties import Relation, Tie
from annotator.core.decisions import Change, Kind, accept, finish, reject, relate, reopen
from annotator.core.record import Record, SchemeId, record_from_dict
from annotator.core.records.codec import decision_from_dict, decision_to_dict
from annotator.core.records.record_to_decisions import review_steps
from annotator.core.review import Review
from annotator.core.reviewing.projection import carry_over
from annotator.core.reviewing.rebase import rebase_decisions
from annotator.core.reviewing.wording import done, told
from annotator.errors import RecordError, ReviewError
from annotator.formats.jsonl import line_of
from annotator.formats.jsonl import record_of as record_of_line
from tests.helpers.record_strategies import records
from tests.helpers.strategies import REVIEWER, stamped

TEXT = "Ada said it burned.\nBo said it did not.\n"
BURNED = Claim("c1", (Span(9, 18),), made_by=MadeBy.PIPELINE)
NOT = Claim("c2", (Span(28, 38),), made_by=MadeBy.PIPELINE)
OTHER = "b" * 64
SAME = Tie("c1", Relation.SAME, OTHER, "c7")
AGAINST = Tie("c1", Relation.CONTRADICTS, OTHER, "c7", verdict=Verdict.CORRECTED, score=0.4)
FURTHER = Tie("c2", Relation.UNRELATED, OTHER, "c8")
SCHEMA = json.loads((Path(__file__).parents[2] / "schema" / "record.schema.json").read_text())
ARTICLE = Article(TEXT)


def review(*presses: Change, claims: tuple[Claim, ...] = (BURNED, NOT)) -> Review:
    """A review in which each change was a key press of its own."""
    made = Review.of(ARTICLE.id, REVIEWER, claims)
    for change in presses:
        made = made.decide(*stamped((change,), made))
    return made


def record(of: Review, **fields: Any) -> Record:
    made = Record.of(ARTICLE, of, scheme=SchemeId("n", "1"), pipeline=None)
    return replace(made, **fields)


def after_undo(of: Review) -> Review:
    change = of.undo()
    assert change is not None
    return of.decide(*stamped((change,), of))


def test_a_claim_is_tied_to_several_others() -> None:
    assert review(relate(SAME), relate(FURTHER)).ties == (SAME, FURTHER)


def test_a_later_tie_of_the_same_claims_replaces_the_first() -> None:
    assert review(relate(SAME), relate(FURTHER), relate(AGAINST)).ties == (AGAINST, FURTHER)


def test_undo_takes_back_the_last_tie() -> None:
    made = after_undo(review(relate(SAME), relate(AGAINST)))
    assert made.ties == (SAME,)
    redo = made.redo()
    assert redo is not None
    assert made.decide(*stamped((redo,), made)).ties == (AGAINST,)


def test_a_tie_decides_nothing_on_its_claim() -> None:
    made = review(relate(SAME))
    assert len(made.open_items()) == 2


def test_a_finished_review_takes_ties_and_stays_finished() -> None:
    made = review(accept(BURNED), finish(), relate(SAME))
    assert made.finished is not None
    assert made.ties == (SAME,)
    assert after_undo(made).finished == made.finished


def test_reopening_keeps_ties() -> None:
    assert review(finish(), relate(SAME), reopen()).ties == (SAME,)


@pytest.mark.parametrize("claim", ["c9", ""])
def test_a_claim_that_the_review_does_not_have_is_not_tied(claim: str) -> None:
    with pytest.raises(ReviewError, match="has no claim"):
        review(relate(replace(SAME, claim=claim)))


def test_a_relate_decision_needs_a_tie_of_its_target() -> None:
    with pytest.raises(ReviewError, match="needs the tie"):
        review(Change(Kind.RELATE, "c2", None, SAME))


def test_ties_are_read_back_from_the_log() -> None:
    (decision,) = stamped((relate(AGAINST),), review())
    plain = json.loads(json.dumps(decision_to_dict(decision, TEXT)))
    assert plain["target"] == "c1"
    assert {"relation": "contradicts", "article": OTHER, "other": "c7"}.items() <= plain[
        "after"
    ].items()
    assert decision_from_dict(plain) == decision


def test_a_late_tie_fits_whatever_else_was_decided_on_its_claim() -> None:
    before = review()
    late = stamped((relate(SAME),), before)
    now = before.decide(*stamped((accept(BURNED),), before))
    # Another session reached the same numbers: its decisions have ids of their own.
    renamed = tuple(replace(one, id=f"late {one.id}", group="late") for one in late)
    fitted = rebase_decisions(now, renamed)
    assert not fitted.left
    assert now.decide(*fitted.new).ties == (SAME,)


def test_ties_go_along_to_a_later_text() -> None:
    old = review(accept(BURNED), relate(SAME), relate(FURTHER))
    moved = replace(BURNED, id="n1", content=(Span(15, 24),))
    carried = carry_over(TEXT, old, f"Later\n{TEXT}", (moved,), lambda: "x")
    now = [one.after for one in carried.changes if one.kind is Kind.RELATE]
    assert now == [replace(SAME, claim="n1")]


def test_ties_are_told_in_words() -> None:
    made = stamped((relate(AGAINST), relate(FURTHER)), review())
    assert told(made, TEXT) == "relate claims: contradicts, unrelated"
    assert done(made, TEXT) == "tied claims: contradicts, unrelated"


def test_a_record_has_the_ties_of_its_claims_by_claim() -> None:
    made = review(relate(FURTHER), relate(AGAINST), accept(BURNED), accept(NOT), finish())
    plain = record(made, story="s1").to_dict()
    Draft202012Validator(SCHEMA).validate(plain)
    assert [row["claim"] for row in plain["ties"]] == ["c1", "c2"]
    assert list(plain["ties"][0]) == [
        *("claim", "relation", "article", "other", "made_by", "verdict", "score")
    ]
    assert record_from_dict(plain) == record(made, story="s1")


def test_ties_of_rejected_claims_are_left_out() -> None:
    assert record(review(relate(SAME), reject(BURNED), finish())).ties == ()


def test_a_folded_claim_that_was_tied_has_been_looked_at() -> None:
    folded = replace(NOT, tier=Tier.B)
    made = record(review(relate(FURTHER), finish(), claims=(folded,)))
    assert made.ties == (FURTHER,)
    assert not made.offered


def test_a_record_without_story_and_ties_has_the_same_bytes_as_ever() -> None:
    plain = record(review(finish())).to_dict()
    assert not {"story", "ties"} & plain.keys()
    assert record_from_dict({**plain, "story": None, "ties": []}) == record_from_dict(plain)


def test_importing_a_record_gives_its_ties_back() -> None:
    made = record(review(accept(BURNED), accept(NOT), relate(AGAINST), relate(FURTHER), finish()))
    steps = review_steps(made)
    again = Review.of(ARTICLE.id, REVIEWER, steps.suggestions)
    again = again.decide(*stamped((*steps.changes, steps.finish), again))
    assert record(again).ties == made.ties


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"claim": "c9"}, r"ties\[0\]\.claim: the record has no claim 'c9'"),
        ({"relation": "opposes"}, r"ties\[0\]\.relation: 'opposes' is not one of"),
        ({"article": None}, r"ties\[0\]\.article: expected an id"),
        ({"other": ""}, r"ties\[0\]\.other: expected an id"),
        ({"made_by": "me"}, r"ties\[0\]\.made_by"),
        ({"verdict": None}, r"ties\[0\]\.verdict"),
        ({"score": 2}, r"ties\[0\]\.score"),
        ({"score": True}, r"ties\[0\]\.score"),
    ],
)
def test_a_wrong_field_is_named(wrong: dict[str, Any], where: str) -> None:
    plain = record(review(accept(BURNED), relate(SAME), finish())).to_dict()
    plain["ties"][0] |= wrong
    with pytest.raises(RecordError, match=where):
        record_from_dict(plain)


def test_two_claims_are_tied_once() -> None:
    plain = record(review(accept(BURNED), relate(SAME), finish())).to_dict()
    plain["ties"] *= 2
    with pytest.raises(RecordError, match=r"ties\[1\]: these two claims are tied twice"):
        record_from_dict(plain)


@given(records())
def test_our_own_lines_hold_story_and_ties(one: Record) -> None:
    assert record_of_line(line_of(one)) == one
