"""What changed between two datasets."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from annotator.core.annotations import Claim, Verdict
from annotator.core.article import Span
from annotator.core.comparison.dataset_changes import ItemChange, dataset_changes, record_changes
from annotator.core.record import Record
from tests.helpers.importing import TEXT, entity, record
from tests.helpers.record_strategies import records

WORDS = TEXT.format(1)


def changes(old: Record | None, new: Record | None) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(one.change, words(one), one.fields) for one in record_changes(old, new)]


def words(one: ItemChange) -> str:
    item = one.after or one.before
    assert item is not None
    return str(item.get("text") or item["content"][0]["text"])


def test_what_a_record_has_more_or_less_is_named() -> None:
    old = record()
    new = replace(old, entities=old.entities[1:])
    assert changes(old, new) == [("removed", "Ada Low", ())]
    assert changes(new, old) == [("added", "Ada Low", ())]
    assert len(changes(None, old)) == len(old.entities)


def test_fields_that_differ_are_named() -> None:
    old = record()
    first, second, third = old.entities
    other = replace(second, span=Span(second.span.start, second.span.end - 2), note=None)
    new = replace(old, entities=(replace(first, label="ORG"), other, replace(third, identity="q1")))
    assert changes(old, new) == [
        ("changed", "Ada Low", ("label",)),
        ("changed", "Bo Mar", ("end", "text", "note")),
        ("changed", "Port Ellis", ("identity",)),
    ]


def test_an_id_a_score_or_a_maker_is_no_change() -> None:
    old = record()
    first = replace(old.entities[0], id="other", score=0.1, verdict=Verdict.ADDED)
    assert changes(old, replace(old, entities=(first, *old.entities[1:]))) == []


def test_an_item_that_is_decided_on_now_is_a_change() -> None:
    old = replace(record(), entities=(entity(WORDS, "Ada Low", "PERSON", Verdict.PENDING),))
    new = replace(old, entities=(entity(WORDS, "Ada Low", "PERSON", Verdict.ACCEPTED),))
    assert changes(old, new) == [("changed", "Ada Low", ("decided",))]


def test_who_speaks_is_compared_by_words() -> None:
    old = record()
    one, other = old.entities[:2]
    claim = Claim("c", (Span(0, 20),), source_entity=one.id, verdict=Verdict.ACCEPTED)
    renamed = replace(one, id="another")
    before = replace(old, claims=(claim,))
    same = replace(
        old,
        entities=(renamed, *old.entities[1:]),
        claims=(replace(claim, source_entity=renamed.id),),
    )
    differs = replace(old, claims=(replace(claim, source_entity=other.id),))
    assert changes(before, same) == []
    assert [fields for _, _, fields in changes(before, differs)] == [("speaker",)]


def by(reviewer: str, number: int = 1) -> Record:
    made = record(number)
    return replace(made, review=replace(made.review, reviewer=reviewer))


def test_records_of_one_article_are_compared_whoever_reviewed_it() -> None:
    assert list(dataset_changes([by("ada")], [by("bo")])) == []
    two = [by("ada"), by("bo")]
    assert {one.reviewer for one in dataset_changes([by("ada")], two)} == {"bo"}


@given(st.lists(records(), max_size=4), st.lists(records(), max_size=4))
def test_changes_account_for_every_item(old: list[Record], new: list[Record]) -> None:
    before, after = ordered(old), ordered(new)
    counts = Counter(str(one.change) for one in dataset_changes(before, after))
    assert items(after) - items(before) == counts["added"] - counts["removed"]
    back = Counter(str(one.change) for one in dataset_changes(after, before))
    mirrored = {"added": back["removed"], "removed": back["added"], "changed": back["changed"]}
    assert counts == Counter(mirrored) + Counter()
    assert list(dataset_changes(before, before)) == []


def ordered(found: list[Record]) -> list[Record]:
    """As in a dataset: by article and reviewer, each once."""
    unique = {(one.article.id, one.review.reviewer or ""): one for one in found}
    return [unique[key] for key in sorted(unique)]


def items(found: list[Record]) -> int:
    return sum(len(one.entities) + len(one.claims) + len(one.junk) for one in found)
