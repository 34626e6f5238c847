"""What kind of gold records are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from annotator.core.annotations import Entity, Verdict
from annotator.core.article import Article, Span
from annotator.core.gold_facts import GoldFacts, how_reviewed, is_assisted
from annotator.core.record import PipelineId, Record, ReviewFacts, SchemeId

OURS, OTHER = PipelineId("en", "1", "aa"), PipelineId("en", "2", "bb")


def record(
    verdicts: str,
    *,
    pipeline: PipelineId | None = OURS,
    facts: ReviewFacts | None = None,
    text: str = "abcdefgh",
) -> Record:
    """A record with an item of each verdict, given by first letters (`aac`), an `r` rejected."""
    names = {verdict.value[:2]: verdict for verdict in Verdict}
    pairs = [verdicts[n : n + 2] for n in range(0, len(verdicts), 2)]
    items = [Entity(f"e{n}", Span(n, n + 1), "ORG") for n in range(len(pairs))]
    return Record(
        Article(text),
        SchemeId("news", "1"),
        pipeline,
        review=facts or ReviewFacts("ada", "review"),
        entities=tuple(
            replace(item, verdict=names[pair])
            for item, pair in zip(items, pairs, strict=True)
            if pair != "re"
        ),
        rejected=tuple(item for item, pair in zip(items, pairs, strict=True) if pair == "re"),
    )


def facts(*records: Record) -> GoldFacts:
    return GoldFacts.of(records, "aa")


def test_gold_is_counted_by_how_articles_were_reviewed() -> None:
    ada, bo = ReviewFacts("ada", "review"), ReviewFacts("bo", "review")
    both = ReviewFacts("cy", "adjudication")
    other = ReviewFacts("dee", "import")
    found = facts(
        *(record("ac", facts=one, text="one") for one in (ada, bo, both)),
        *(record("ac", facts=one, text="two") for one in (ada, bo)),
        record("ac", facts=ada, text="three"),
        record("ac", facts=other, text="four"),
    )
    assert found.records == 7
    assert found.to_dict()["articles"] == {
        "adjudicated": 1,
        "double": 1,
        "single": 1,
        "import": 1,
    }


def test_one_reviewer_twice_is_not_double() -> None:
    ada = ReviewFacts("ada", "review")
    assert how_reviewed([ada, ada]) == "single"
    assert how_reviewed([ReviewFacts()]) == "none"


@pytest.mark.parametrize(
    ("kind", "assisted", "pipeline", "expected"),
    [
        ("review", True, None, True),
        ("review", False, OURS, False),
        ("review", None, OURS, True),  # before there were reviews without suggestions
        ("review", None, None, None),
        ("import", None, OURS, None),
        ("import", False, None, False),
        ("none", None, OURS, None),
    ],
)
def test_who_had_help(
    kind: str, assisted: bool | None, pipeline: PipelineId | None, expected: bool | None
) -> None:
    review = ReviewFacts("ada", kind, assisted=assisted)
    assert is_assisted(record("ac", pipeline=pipeline, facts=review)) is expected


def test_items_are_counted_by_verdict_and_in_bulk_where_records_say_so() -> None:
    told = ReviewFacts("ada", "review", bulk=2)
    found = facts(record("acacaccoadre", facts=told), record("acpe", text="silent"))
    assert found.to_dict()["items"] == {"accepted": 4, "corrected": 1, "added": 1}
    assert (found.verdicts["rejected"], found.bulk, found.bulk_of) == (1, 2, 3)
    assert found.bulk_share == pytest.approx(2 / 3)


def test_nothing_is_said_of_bulk_where_no_record_does() -> None:
    found = facts(record("acac"))
    assert (found.bulk_share, found.to_dict()["bulk"]) == (None, None)


@pytest.mark.parametrize(
    ("records", "warned"),
    [
        ([record("acacacco")], ["75.0% of the items in them are suggestions"]),
        ([record("acacacco", pipeline=OTHER)], []),
        ([record("adadad", pipeline=None)], []),
        ([record("adad", facts=ReviewFacts("ada", "review", assisted=False))], []),
        ([record("acac", facts=ReviewFacts("dee", "import"))], ["100.0% of the items"]),
        (
            [record("acac", pipeline=OTHER, facts=ReviewFacts("ada", "review", bulk=2))],
            ["100.0% of the accepted items were accepted in bulk"],
        ),
        ([record("acac", pipeline=OTHER, facts=ReviewFacts("ada", "review", bulk=1))], []),
    ],
)
def test_gold_of_accepted_suggestions_is_warned_of(
    records: Sequence[Record], warned: list[str]
) -> None:
    found = facts(*records).warnings
    assert len(found) == len(warned)
    assert all(words in warning for words, warning in zip(warned, found, strict=True))
