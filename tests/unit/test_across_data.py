"""The identities, stories and ties of the sample articles, and how well they are proposed."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from annotator.core.across.proposals import Annotated, Proposals, propose_across
from annotator.core.record import Record, record_from_dict
from annotator.lexicon.label_roles import BUILDING, EVENT, NAMES, PLACES, SPEAKERS
from tests.benchmarks.cross_scores import against_gold, as_contract

FOLDER = Path(__file__).parents[2] / "seeds" / "across"
GOLD = FOLDER.parent / "gold"
LINES = [
    line
    for path in (*sorted(GOLD.glob("*.jsonl")), FOLDER / "articles.jsonl")
    for line in path.read_text(encoding="utf-8").splitlines()
]
RECORDS: dict[str, Record] = {
    record.article.id: record for record in (record_from_dict(json.loads(line)) for line in LINES)
}
# A person, group or place; not an event or a law.
WITH_IDENTITY = SPEAKERS | PLACES | {BUILDING}

Plain = dict[str, Any]


def rows(name: str) -> list[Plain]:
    lines = (FOLDER / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


@cache
def proposals() -> Proposals:
    return propose_across(
        Annotated(one.article, one.entities, one.claims) for one in RECORDS.values()
    )


def figures() -> Plain:
    return against_gold(list(RECORDS.values()), proposals(), FOLDER)


def test_the_second_event_is_written_as_gold_is() -> None:
    lines = (FOLDER / "articles.jsonl").read_text(encoding="utf-8").splitlines()
    again = [record_from_dict(json.loads(line)).to_dict() for line in lines]
    assert lines == [json.dumps(one, ensure_ascii=False, separators=(",", ":")) for one in again]
    assert len(lines) == 4


def test_every_name_has_one_identity() -> None:
    named = sorted(
        (one.article.id, entity.id)
        for one in RECORDS.values()
        for entity in one.entities
        if entity.label in WITH_IDENTITY
    )
    given = sorted(tuple(place) for row in rows("identities") for place in row["mentions"])
    assert given == named
    assert WITH_IDENTITY < NAMES
    assert EVENT not in WITH_IDENTITY


def test_identities_have_names_that_the_articles_use() -> None:
    wrong = [
        row["id"]
        for row in rows("identities")
        if row["name"].casefold() not in {_text(*place).casefold() for place in row["mentions"]}
        and row["id"] != "mcgurk"
    ]
    assert wrong == []


def _text(article: str, entity: str) -> str:
    record = RECORDS[article]
    (span,) = (one.span for one in record.entities if one.id == entity)
    return span.of(record.article.text)


def test_every_article_is_in_one_story() -> None:
    given = sorted(article for row in rows("stories") for article in row["articles"])
    assert given == sorted(RECORDS)


def test_ties_name_claims_of_two_articles_of_one_story_once() -> None:
    claims = {(one.article.id, claim.id) for one in RECORDS.values() for claim in one.claims}
    story = {article: row["id"] for row in rows("stories") for article in row["articles"]}
    ties = [(tuple(row["a"]), tuple(row["b"])) for row in rows("ties")]
    assert {place for tie in ties for place in tie} <= claims
    assert all(a[0] < b[0] and story[a[0]] == story[b[0]] for a, b in ties)
    assert len(set(ties)) == len(ties)
    assert {row["relation"] for row in rows("ties")} == {"same", "supports", "contradicts"}


def test_proposed_identities_are_nearly_those_of_the_gold() -> None:
    precision, _, f = figures()["b_cubed"]
    assert precision >= 0.98
    assert f >= 0.97


def test_both_stories_are_proposed() -> None:
    found = figures()
    assert found["story_pairs"] == found["story_pairs_right"] == found["story_pairs_proposed"]


def test_ties_are_among_the_first_five() -> None:
    found = figures()
    assert found["ties_in_five"] >= 60
    assert found["relation_right"] >= 40


def test_the_form_of_the_contract_names_records_and_their_items() -> None:
    plain = as_contract(proposals())
    places = [tuple(place) for cluster in plain["clusters"] for place in cluster]
    assert len(set(places)) == len(places)
    assert {article for article, _ in places} == set(RECORDS)
    assert {key for pair in plain["pairs"] for key in pair} == {"a", "b", "relation", "score"}


def test_proposals_ignore_the_identities_that_entities_have() -> None:
    tied = propose_across(
        Annotated(
            one.article,
            tuple(replace(entity, identity="i1") for entity in one.entities),
            one.claims,
        )
        for one in RECORDS.values()
    )
    assert tied == proposals()
