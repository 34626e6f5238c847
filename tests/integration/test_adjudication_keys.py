"""The benchmark of adjudications: two reviewers' records come out as the gold, by keys alone."""

from __future__ import annotations

from dataclasses import replace

from annotator.core.annotations import Entity, Item, Stance, Verdict
from annotator.core.record import Record
from tests.benchmarks.adjudication import measure
from tests.helpers.items import entity, record_of, span
from tests.tui.desk import TEXT, claim

PORT, DAY, ILVA = (
    replace(entity(TEXT, words, label), verdict=Verdict.ACCEPTED)
    for words, label in (("PORT ANSEL", "GPE"), ("March 4", "DATE"), ("Ilva Marrow", "PERSON"))
)
SAID = replace(
    claim(TEXT, "that Greyline Ferries had asked", "said", "Ilva Marrow, the harbour master"),
    verdict=Verdict.ACCEPTED,
)


def _record(*items: Item) -> Record:
    return record_of(TEXT, *items)


def test_reviews_come_out_as_the_gold_even_with_answers_that_nobody_gave() -> None:
    mayor = Entity("new", span(TEXT, "council"), "ORG", verdict=Verdict.ADDED)
    ann = _record(PORT, replace(ILVA, span=span(TEXT, "Ilva")), SAID)
    ben = _record(replace(PORT, label="LOC"), DAY, ILVA, replace(SAID, stance=Stance.DENIES))
    gold = _record(replace(PORT, label="FAC"), DAY, ILVA, mayor, SAID)
    found = measure([[ann], [ben]], [gold])
    assert found["unequal"] == []
    assert found["differences"] == 4
    same = measure([[gold], [ben]], [gold])
    assert (same["differences"], same["keys"], same["unequal"]) == (3, 5, [])
