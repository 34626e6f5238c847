"""Everything that a format cannot hold of a record is counted once."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest
from hypothesis import given

from annotator.core.annotations import Claim, Entity, Item, Verdict
from annotator.core.article import Article, Span
from annotator.core.record import Record
from annotator.formats.base import Loss, Losses
from annotator.formats.external_text import imported
from annotator.formats.imported_items import NO_SCHEME, bare_item
from annotator.formats.loss_report import LossTerms, count_losses, count_undecided
from tests.helpers.examples import examples
from tests.helpers.record_strategies import REVIEWED, SCHEME, records

TEXT = "Ada Low said so."
ADA = Entity("e1", Span(0, 7), "PERSON", verdict=Verdict.ACCEPTED)
RECORD = Record(Article(TEXT, title="Bridge"), SCHEME, review=REVIEWED, entities=(ADA,))


def lost(record: Record, held: Record, terms: LossTerms | None = None) -> list[Loss]:
    losses = Losses(keep=True)
    count_losses(record, held, losses, terms or LossTerms())
    return losses.each


@examples(25)
@given(one=records())
def test_every_field_of_a_record_is_compared(one: Record) -> None:
    bare = imported(Article(one.article.text), ())
    for field in fields(Record):
        if field.name not in ("article", "also"):
            held = replace(one, **{field.name: getattr(bare, field.name)})
            assert bool(lost(one, held)) == (held != one), field.name
    for field in fields(Article):
        if field.init and field.name not in ("id", "text"):
            held = replace(
                one, article=replace(one.article, **{field.name: getattr(bare.article, field.name)})
            )
            assert bool(lost(one, held)) == (held != one), field.name


@examples(25)
@given(one=records())
def test_each_attribute_of_an_item_is_counted_once(one: Record) -> None:
    bare = replace(one, entities=tuple(map(bare_item, one.entities)))
    expected = [
        (item.id, f"{field.name} of an entity")
        for item, plain in zip(one.entities, bare.entities, strict=True)
        for field in fields(Entity)
        if getattr(item, field.name) != getattr(plain, field.name)
    ]
    assert [(loss.item, loss.kind) for loss in lost(one, bare)] == expected


@examples(25)
@given(one=records())
def test_only_undecided_items_are_left_out(one: Record) -> None:
    losses = Losses()
    decided = count_undecided(one, losses)
    assert bool(losses) == (decided != one)
    assert not count_undecided(decided, Losses()).offered


def test_ids_are_lost_if_the_format_has_none() -> None:
    assert lost(RECORD, RECORD) == []
    again = replace(RECORD, entities=(ADA,))
    assert lost(RECORD, again, LossTerms(keeps_ids=False)) == [
        Loss(RECORD.article.id, "e1", "id of an entity", "e1")
    ]


def test_a_format_can_name_its_losses() -> None:
    def gone(item: Item) -> str:
        return "overlapping entity" if isinstance(item, Entity) else "claim"

    held = replace(RECORD, entities=())
    (loss,) = lost(RECORD, held, LossTerms(gone=gone))
    assert (loss.kind, loss.detail) == ("overlapping entity", "[0, 7) PERSON")
    open_one = replace(RECORD, entities=(replace(ADA, verdict=Verdict.PENDING),))
    (loss,) = lost(open_one, held, LossTerms(gone=gone))
    assert loss.kind == "open entity"


def test_a_link_to_an_undecided_item_is_lost() -> None:
    claim = Claim("c1", (Span(13, 15),), (Span(8, 12),), source_entity="e1")
    claim = replace(claim, verdict=Verdict.ACCEPTED)
    one = replace(RECORD, entities=(replace(ADA, verdict=Verdict.PENDING),), claims=(claim,))
    losses = Losses()
    assert count_undecided(one, losses).claims[0].source_entity is None
    assert losses.counts == {"open entity": 1, "link to an open entity": 1}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (replace(RECORD, scheme=NO_SCHEME), ("scheme", SCHEME.name)),
        (replace(RECORD, article=Article(TEXT)), ("title", "Bridge")),
        (replace(RECORD, review=replace(REVIEWED, keys=77)), ("review", "")),
    ],
    ids=["scheme", "title", "kept in part"],
)
def test_a_fact_lost_as_a_whole_is_named(changed: Record, said: tuple[str, str]) -> None:
    (loss,) = lost(RECORD, changed)
    assert (loss.kind, loss.detail) == said
