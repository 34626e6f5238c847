"""Records back to reviews: equal, as far as the log can express them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given

from annotator.core.across.identity_log import Identity
from annotator.core.annotations import Claim, Entity, MadeBy, Tier, Verdict
from annotator.core.article import Article, Span
from annotator.core.decisions import Answer, accept, reject
from annotator.core.record import PipelineId, Record, ReviewFacts, SchemeId, record_from_dict
from annotator.core.records.record_to_decisions import review_steps, suggestions_in, with_labels
from annotator.core.review import Review
from annotator.errors import RecordError
from tests.helpers.record_strategies import records
from tests.helpers.strategies import finished_reviews, stamped

SCHEME = SchemeId("news", "1")
PIPELINE = PipelineId("annotator-en", "1.0", "0123abcd")
TEXT = "Ada Low said the bridge in Port Ellis was closed."


def imported(record: Record, reviewer: str = "bo") -> Review:
    """The review that the record's steps lead to."""
    steps = review_steps(record)
    review = Review.of(record.article.id, reviewer, steps.suggestions)
    if steps.changes:
        review = review.decide(*stamped(steps.changes, review))
    return review.decide(*stamped((steps.finish,), review))


def given_back(record: Record) -> Record:
    review = imported(record)
    return Record.of(
        record.article,
        review,
        scheme=record.scheme,
        pipeline=record.pipeline,
        facts=ReviewFacts.of(review, kind="import"),
    )


def said(record: Record) -> dict[str, Any]:
    """All that a record says of its article."""
    return {name: value for name, value in record.to_dict().items() if name != "review"}


def record_of(*items: Entity | Claim, **more: Any) -> Record:
    return Record(
        Article(TEXT),
        SCHEME,
        PIPELINE,
        review=ReviewFacts("ada", "review"),
        entities=tuple(item for item in items if isinstance(item, Entity)),
        claims=tuple(item for item in items if isinstance(item, Claim)),
        **more,
    )


@given(finished_reviews())
def test_our_record_survives_a_round_trip(case: tuple[Article, Review]) -> None:
    article, review = case
    record = Record.of(article, review, scheme=SCHEME, pipeline=PIPELINE)
    assert said(given_back(record)) == said(record)


@given(records())
def test_any_record_survives_a_round_trip_as_far_as_the_log_allows(record: Record) -> None:
    def ordered(one: Record) -> dict[str, Any]:
        # Records made elsewhere may have their own order among items at one place.
        plain = said(one)
        claims = sorted(plain["claims"], key=lambda claim: claim["id"])
        offered = sorted(plain["offered"], key=lambda claim: claim["id"])
        for claim in (*claims, *offered):
            claim["parent"] = None
        rejected = sorted(plain["rejected"], key=repr)
        entities = sorted(plain["entities"], key=lambda entity: entity["id"])
        for claim in (*claims, *offered):
            claim["entities"] = sorted(claim["entities"])
        junk = sorted(plain["junk"], key=lambda line: line["id"])
        changed = {"claims": claims, "rejected": rejected, "entities": entities, "junk": junk}
        tied = sorted(plain.get("ties", ()), key=repr)
        # The story of an article and the names of identities stand in logs of their own, and the
        # suggesters with the suggestions.
        apart: dict[str, Any] = {"story": None, "identities": [], "suggesters": []}
        own = {"offered": offered, "ties": tied, **apart}
        return plain | changed | own

    assert ordered(given_back(record)) == ordered(record)


@given(finished_reviews())
def test_undo_withdraws_the_finish_and_then_all_decisions(
    case: tuple[Article, Review],
) -> None:
    article, review = case
    record = Record.of(article, review, scheme=SCHEME, pipeline=PIPELINE)
    taken_up = imported(record)
    decided = bool(review_steps(record).changes)
    for _ in range(1 + decided):
        undo = taken_up.undo()
        assert undo is not None
        taken_up = taken_up.decide(*stamped((undo,), taken_up))
    assert taken_up.undo() is None
    assert taken_up.finished is None
    assert {item.id for item in taken_up.items} == {s.id for s in review_steps(record).suggestions}


def test_a_corrected_item_stays_corrected() -> None:
    item = Entity("e1", Span(0, 7), "PERSON", made_by=MadeBy.PIPELINE, verdict=Verdict.CORRECTED)
    review = imported(record_of(item))
    undo = review.undo()
    assert undo is not None
    review = review.decide(*stamped((undo,), review))
    review = review.decide(*stamped((accept(review.entities[0]),), review))
    assert review.entities == (item,)
    assert review.decide(*stamped((reject(item),), review)).rejected == ()


def test_a_rejected_item_gets_a_unique_id() -> None:
    taken = Entity("rejected-1", Span(0, 7), "PERSON", verdict=Verdict.ACCEPTED)
    down = Entity("", Span(27, 37), "ORG")
    steps = review_steps(record_of(taken, rejected=(down,)))
    assert [item.id for item in steps.suggestions] == ["rejected-1", "rejected-2"]


def test_a_duplicate_id_is_refused_by_name() -> None:
    one = Entity("e1", Span(0, 7), "PERSON")
    with pytest.raises(RecordError, match="Two items have the id 'e1'"):
        review_steps(record_of(one, replace(one, label="ORG")))


def test_suggestions_are_open_and_name_their_annotator() -> None:
    theirs = Entity("e1", Span(0, 7), "PERSON", made_by=MadeBy.PIPELINE, verdict=Verdict.ACCEPTED)
    added = Entity("e2", Span(27, 37), "GPE", made_by=MadeBy.REVIEWER, verdict=Verdict.ADDED)
    folded = Claim("c1", (Span(13, 48),), tier=Tier.B)
    made = suggestions_in(record_of(theirs, added, offered=(folded,)))
    assert [(item.id, item.verdict, item.made_by) for item in made] == [
        ("e1", Verdict.PENDING, MadeBy.IMPORT),
        ("e2", Verdict.PENDING, MadeBy.IMPORT),
        ("c1", Verdict.PENDING, MadeBy.IMPORT),
    ]


def test_labels_of_rejected_items_are_renamed_too() -> None:
    one, down = Entity("e1", Span(0, 7), "PER"), Entity("", Span(27, 37), "LOC")
    renamed = with_labels(record_of(one, rejected=(down,)), {"PER": "PERSON", "LOC": "GPE"})
    assert renamed.entities[0].label == "PERSON"
    assert renamed.rejected == (replace(down, label="GPE"),)


def test_types_of_identities_are_renamed_like_labels() -> None:
    low = Identity("wikidata:Q1", "Ada Low", "PER", "wikidata:Q1")
    record = replace(record_of(Entity("e1", Span(0, 7), "PER", low.id)), identities=(low,))
    renamed = with_labels(record, {"PER": "PERSON"})
    assert renamed.identities == (replace(low, type="PERSON"),)


def test_a_skipped_article_is_skipped_again() -> None:
    record = Record(Article(TEXT), SCHEME, answer=Answer.UNUSABLE, review=ReviewFacts("ada"))
    assert record_from_dict(given_back(record).to_dict()).answer is Answer.UNUSABLE
