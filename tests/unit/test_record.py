"""Records: the outcome of a review, written and read back."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from jsonschema import Draft202012Validator, FormatChecker

from annotator.core.annotations import Claim, Entity, Junk, JunkKind, MadeBy, Tier, Verdict
from annotator.core.article import Article, Span, identity_of
from annotator.core.decisions import Answer, Change, accept, finish, reject, skip
from annotator.core.record import (
    PipelineId,
    Record,
    ReviewFacts,
    SchemeId,
    record_from_dict,
)
from annotator.core.records.encode import parents_of
from annotator.core.records.nesting import DEEPEST
from annotator.core.records.rejected_rows import rejected_to_dict
from annotator.core.review import Review
from annotator.errors import RecordError
from tests.helpers.items import record_of
from tests.helpers.strategies import (
    EPOCH,
    articles,
    finished_reviews,
    pipeline_ids,
    scheme_ids,
    stamped,
    suggestions,
)

TEXT = "Ada Low said Bo Marsh had left.\nRead more\n"
ARTICLE = Article(TEXT, title="Ada Low")
SCHEME = SchemeId("news", "1")
PIPELINE = PipelineId("annotator-en", "1.0", "0123")
ADA = Entity("ada", Span(0, 7), "PERSON", made_by=MadeBy.PIPELINE, score=0.9)
BO = Entity("bo", Span(13, 21), "PERSON", made_by=MadeBy.PIPELINE, score=0.9)
SAID = Claim("said", (Span(13, 30),), (Span(8, 12),), (Span(0, 7),), source_entity="ada")
LEFT = Claim("left", (Span(0, 30),), tier=Tier.B)
MORE = Junk("more", Span(32, 41), JunkKind.RELATED_LINK)
KEYS = (
    "format id text title language answer also_from origin meta scheme pipeline review entities"
    " claims junk rejected offered notes"
)
SCHEMA = json.loads((Path(__file__).parents[2] / "schema/record.schema.json").read_text("utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA, format_checker=FormatChecker())


def finished(*changes: Change, showed_low_confidence: bool = False) -> Record:
    """The record of a review in which this was decided and which was then finished."""
    review = Review.of(ARTICLE.id, "cy", (ADA, BO, SAID, LEFT, MORE))
    for change in (*changes, finish(showed_low_confidence=showed_low_confidence)):
        review = review.decide(*stamped([change], review))
    return Record.of(
        ARTICLE,
        review,
        scheme=SCHEME,
        pipeline=PIPELINE,
        facts=ReviewFacts.of(review, started=EPOCH),
    )


def as_line(record: Record) -> Any:
    return json.loads(json.dumps(record.to_dict()))


@given(finished_reviews(), scheme_ids, pipeline_ids)
def test_a_record_survives_a_round_trip_byte_for_byte(
    case: tuple[Article, Review], scheme: SchemeId, pipeline: PipelineId
) -> None:
    article, review = case
    record = Record.of(
        article,
        review,
        scheme=scheme,
        pipeline=pipeline,
        facts=ReviewFacts.of(review, started=EPOCH),
    )
    line = as_line(record)
    assert as_line(record_from_dict(line)) == line


@given(finished_reviews())
def test_reading_restores_the_article_and_the_items(case: tuple[Article, Review]) -> None:
    article, review = case
    written = Record.of(article, review, scheme=SCHEME, pipeline=None)
    read = record_from_dict(as_line(written))
    known = {entity.id for entity in written.entities}
    claims = tuple(
        claim if claim.source_entity in known else replace(claim, source_entity=None)
        for claim in written.claims
    )
    assert read.article == article
    assert (read.entities, read.claims, read.junk) == (written.entities, claims, written.junk)
    assert (read.review, read.notes, read.answer) == (written.review, written.notes, written.answer)


@given(articles().flatmap(lambda a: suggestions(a.text).map(lambda items: (a, items))))
def test_unreviewed_items_are_pending_and_not_by_a_reviewer(case: Any) -> None:
    article, items = case
    line = as_line(Record.unreviewed(article, items, scheme=SCHEME, pipeline=PIPELINE))
    assert line["review"]["kind"] == "none"
    assert len(line["entities"]) + len(line["claims"]) + len(line["junk"]) == len(items)
    assert as_line(record_from_dict(line)) == line


def test_a_review_cannot_end_before_it_starts() -> None:
    later = EPOCH + timedelta(hours=5)
    review = Review.of(ARTICLE.id, "cy", (ADA,))
    review = review.decide(*stamped([finish()], review))
    record = Record.of(
        ARTICLE,
        review,
        scheme=SCHEME,
        pipeline=PIPELINE,
        facts=ReviewFacts.of(review, started=later),
    )
    assert record.review.started == record.review.finished
    came = Record.of(
        ARTICLE,
        review,
        scheme=SCHEME,
        pipeline=None,
        facts=ReviewFacts.of(review, started=later, kind="import"),
    )
    assert came.review.started == later  # goes out as it came in


@given(finished_reviews(), scheme_ids, pipeline_ids)
def test_every_line_satisfies_the_schema(
    case: tuple[Article, Review], scheme: SchemeId, pipeline: PipelineId
) -> None:
    article, review = case
    record = Record.of(
        article,
        review,
        scheme=scheme,
        pipeline=pipeline,
        facts=ReviewFacts.of(review, started=EPOCH),
    )
    assert [error.message for error in VALIDATOR.iter_errors(as_line(record))] == []


def test_a_line_has_the_keys_of_the_contract_in_its_order() -> None:
    assert list(finished().to_dict()) == KEYS.split()


def test_the_id_can_be_recomputed_from_the_text() -> None:
    line = as_line(finished())
    assert line["id"] == identity_of(line["text"])


def test_open_items_are_pending_and_decided_ones_are_not() -> None:
    record = finished(accept(ADA))
    assert [entity.verdict for entity in record.entities] == [Verdict.ACCEPTED, Verdict.PENDING]


def test_rejected_items_are_listed_separately() -> None:
    line = as_line(finished(reject(BO), reject(MORE)))
    assert [entity["id"] for entity in line["entities"]] == ["ada"]
    assert line["junk"] == []
    assert line["rejected"] == [rejected_to_dict(BO, TEXT), rejected_to_dict(MORE, TEXT)]


def test_folded_claims_never_shown_are_only_offered() -> None:
    review = Review.of(ARTICLE.id, "cy", (ADA, BO, SAID, LEFT, MORE))
    review = review.decide(*stamped([finish(folded=["said", "gone"])], review))
    record = Record.of(ARTICLE, review, scheme=SCHEME, pipeline=PIPELINE)
    assert [claim.id for claim in record.offered] == ["said"]
    assert [claim.id for claim in record.claims] == ["left"]


def test_reviews_of_earlier_versions_offer_tier_b_if_it_was_never_shown() -> None:
    assert [claim.id for claim in finished().offered] == ["left"]
    assert [claim.id for claim in finished().claims] == ["said"]
    assert finished(showed_low_confidence=True).offered == ()
    assert {claim.id for claim in finished(showed_low_confidence=True).claims} == {"said", "left"}
    assert finished(accept(LEFT)).offered == ()


def test_a_skipped_article_has_no_items() -> None:
    record = finished(accept(ADA), skip(Answer.SKIP))
    assert record.answer is Answer.SKIP
    assert (record.items, record.rejected, record.offered) == ((), (), ())


def test_the_record_summarises_the_review() -> None:
    facts = finished(accept(ADA), reject(BO)).review
    assert (facts.reviewer, facts.kind, facts.started) == ("cy", "review", EPOCH)
    assert (facts.decisions, facts.keys, facts.seconds) == (3, 3, 1.5)


def test_a_claim_names_its_source_and_the_entities_in_its_content() -> None:
    (claim,) = as_line(finished())["claims"]
    assert (claim["source_entity"], claim["entities"]) == ("ada", ["bo"])


def test_a_claim_does_not_name_an_entity_that_is_not_in_the_record() -> None:
    (claim,) = as_line(finished(reject(ADA)))["claims"]
    assert claim["source_entity"] is None


def test_the_parent_is_the_smallest_claim_around_the_content() -> None:
    whole, half = Claim("whole", (Span(0, 30),)), Claim("half", (Span(0, 20),))
    inner = Claim("inner", (Span(2, 4), Span(6, 8)))
    across = Claim("across", (Span(2, 4), Span(22, 24)))
    twin = replace(inner, id="twin")
    assert parents_of([inner, across, twin, whole, half]) == {
        "whole": None,
        "half": "whole",
        "inner": "half",
        "twin": "half",
        "across": "whole",
    }


def test_items_have_the_order_of_the_contract() -> None:
    line = as_line(finished(showed_low_confidence=True))
    starts = [(entity["start"], entity["end"]) for entity in line["entities"]]
    assert all(one <= other for one, other in pairwise(starts))


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"format": "annotator.record/9"}, "format"),
        ({"text": None}, "text"),
        ({"text": TEXT + "x"}, "not the SHA-256"),
        ({"id": "0" * 64}, "not the SHA-256"),
        ({"entities": [{"id": "x"}]}, r"entities\[0\]"),
        ({"entities": None}, "entities: expected a list"),
        ({"answer": "perhaps"}, "perhaps"),
        ({"origin": {"colour": "red"}}, "colour"),
        ({"review": {}}, "reviewer"),
        ({"notes": [{"reviewer": "cy"}]}, "note.at"),
    ],
)
def test_an_invalid_line_is_refused(wrong: dict[str, Any], named: str) -> None:
    with pytest.raises(RecordError, match=named):
        record_from_dict(as_line(finished()) | wrong)


def test_meta_is_nested_as_deep_as_it_can_be_written_again() -> None:
    deep: dict[str, Any] = {}
    for _ in range(DEEPEST - 1):
        deep = {"in": deep}
    good = Record(replace(ARTICLE, meta=deep), SCHEME).to_dict()
    assert record_from_dict(good).to_dict() == good
    with pytest.raises(RecordError, match="meta: is nested deeper than 200 levels"):
        record_from_dict({**good, "meta": {"in": deep}})


@pytest.mark.parametrize("place", ["entities", "claims", "junk"])
def test_an_item_in_the_wrong_place_is_refused(place: str) -> None:
    line = as_line(finished())
    others = {"entities": "junk", "claims": "entities", "junk": "claims"}
    with pytest.raises(RecordError, match="not one of the"):
        record_from_dict(line | {place: line[others[place]]})


def test_a_piece_of_blanks_is_refused() -> None:
    line = as_line(finished())
    blank = line["entities"][0] | {"start": 3, "end": 4, "text": " "}
    with pytest.raises(RecordError, match="only blanks"):
        record_from_dict(line | {"entities": [blank]})


WRAPPED = """The committee met on the second floor of the old customs house and spoke
for three hours about the state of the harbour wall, which has leaned
towards the water since the storm of last winter and may not last long.

Nobody voted. The chair said that a second survey would be paid for out
of the reserve and that its result would be read aloud before summer."""


def across(text: str, gap: str) -> dict[str, Any]:
    """A record with a claim whose content lies on both sides of the last `gap`."""
    middle = text.rindex(gap)
    claim = Claim("c1", (Span(middle - 4, middle + len(gap) + 4),), made_by=MadeBy.IMPORT)
    record = Record.unreviewed(Article(text), [claim], scheme=SCHEME, pipeline=None)
    return dict(as_line(record))


def test_a_piece_may_cross_the_line_end_of_a_hard_wrapped_text() -> None:
    (claim,) = record_from_dict(across(WRAPPED, "\n")).claims
    assert claim.content[0].of(WRAPPED) == " out\nof t"


@pytest.mark.parametrize(("text", "gap"), [(WRAPPED, "\n\n"), (TEXT.rstrip(), "\n")])
def test_a_piece_across_the_end_of_a_paragraph_is_refused(text: str, gap: str) -> None:
    with pytest.raises(RecordError, match="crosses the end of a paragraph"):
        record_from_dict(across(text, gap))


@pytest.mark.parametrize(
    ("ids", "are_read"),
    [
        ((" e1 ", "e1"), True),  # blanks belong to an id
        (("a b", "c"), False),
        (("a b", ""), False),
        (("a b", " "), False),
        (("e1", "e1"), False),
    ],
)
def test_an_id_is_one_word_that_may_have_blanks_around_it(
    ids: tuple[str, str], are_read: bool
) -> None:
    entities = (Entity(id, Span(n, n + 1), "PERSON") for n, id in enumerate(ids))
    plain = record_of("Ada Low", *entities).to_dict()
    if are_read:
        assert [one.id for one in record_from_dict(plain).entities] == list(ids)
    else:
        with pytest.raises(RecordError):
            record_from_dict(plain)
