"""Export filters: the same on the store and on a file of records."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from annotator.core.annotations import Claim, Entity, MadeBy
from annotator.core.arrival import Arrival, FileState
from annotator.core.article import Article, Origin, Span
from annotator.core.decisions import accept, finish, reject
from annotator.core.record import Record, SchemeId
from annotator.export.records import RecordFilter, chosen, records
from annotator.store.store import Store
from tests.helpers.building import NOW, at, open_, press, suggest

SCHEME = SchemeId("news", "1")
TEXTS = {
    "harbour": "Ada Low said Port Ellis was open.",
    "wire": "Bo Marsh left Port Ellis.",
    "both": "Nobody came to Port Ellis.",
    "unread": "Port Ellis waits.",
}
IDS = {name: Article(text).id for name, text in TEXTS.items()}
PORT = {name: text.index("Port") for name, text in TEXTS.items()}


def origins(name: str, received: datetime) -> tuple[Origin, ...]:
    outlets = {"both": ("Wire", "Harbour")}.get(name, (name.title(),))
    at = received.isoformat().replace("+00:00", "Z")
    return tuple(Origin(f"{outlet}-{name}.txt", outlet=outlet, received=at) for outlet in outlets)


@pytest.fixture
def filled(store: Store) -> Store:
    """Three articles reviewed a day apart, one with two reviewers, and one nobody has looked at."""
    for n, (name, text) in enumerate(TEXTS.items()):
        first, *further = origins(name, NOW + timedelta(days=n))
        article = Article(text, language="en", origin=first)
        again = [replace(article, origin=origin) for origin in further]
        for m, one in enumerate([article, *again]):
            key = FileState(10 * n + m, 1, 1, 1)
            store.files.take_in(
                [Arrival(f"/in/{name}{m}.txt", key, NOW + timedelta(days=n), (one,))]
            )
    suggest(store, {IDS[name]: items(name) for name in TEXTS})
    for n, (name, reviewer) in enumerate(
        [("harbour", "ada"), ("wire", "ada"), ("wire", "bo"), ("both", "bo")]
    ):
        opened = open_(store, IDS[name], reviewer, reviews_per_article=9)
        person = [item for item in opened.review.entities if item.label == "PERSON"]
        others = [item for item in opened.review.items if item not in person]
        changes = (*map(accept, others), *map(reject, person), finish())
        press(store, opened, *changes, now=at(n * 86400))
    return store


def items(name: str) -> list[Entity | Claim]:
    text, start = TEXTS[name], PORT[name]
    found: list[Entity | Claim] = [
        Entity("place", Span(start, start + 10), "GPE", made_by=MadeBy.PIPELINE)
    ]
    if start > 0 and not text.startswith("Nobody"):
        found.append(Entity("who", Span(0, text.index(" ", 4)), "PERSON", made_by=MadeBy.PIPELINE))
    if "said" in text:
        found.append(
            Claim("said", (Span(13, 32),), (Span(8, 12),), (Span(0, 7),), source_entity="who")
        )
    return found


def named(rows: Iterable[Record]) -> set[tuple[str, str | None]]:
    names = {article: name for name, article in IDS.items()}
    return {(names[row.article.id], row.review.reviewer) for row in rows}


ALL = {("harbour", "ada"), ("wire", "ada"), ("wire", "bo"), ("both", "bo"), ("unread", None)}
CASES = [
    (RecordFilter(), ALL),
    (RecordFilter(reviewer="bo"), {("wire", "bo"), ("both", "bo")}),
    (RecordFilter(outlet="Harbour"), {("harbour", "ada"), ("both", "bo")}),
    (RecordFilter(outlet="Wire"), {("wire", "ada"), ("wire", "bo"), ("both", "bo")}),
    (RecordFilter(outlet="harbour"), set()),
    (
        RecordFilter(since=NOW + timedelta(days=2)),
        {("wire", "bo"), ("both", "bo"), ("unread", None)},
    ),
    (RecordFilter(since=datetime(2030, 1, 1, tzinfo=UTC)), set()),
    (RecordFilter(reviewer="ada", outlet="Wire"), {("wire", "ada")}),
]


@pytest.mark.parametrize(("wanted", "names"), CASES)
def test_filters_agree_on_store_and_file(
    filled: Store, wanted: RecordFilter, names: set[tuple[str, str | None]]
) -> None:
    nobodys = wanted.reviewer is None
    from_store = records(filled, scheme=SCHEME, wanted=wanted, pending=nobodys)
    everything = records(filled, scheme=SCHEME, pending=True)
    assert named(from_store) == names
    assert named(chosen(everything, wanted)) == names


def test_a_label_filter_keeps_all_claims_and_records(filled: Store) -> None:
    people = RecordFilter("ada", labels=frozenset({"PERSON"}))
    rows = {row.article.id: row for row in records(filled, scheme=SCHEME, wanted=people)}
    harbour = RecordFilter("ada", outlet="Harbour")
    whole = next(iter(records(filled, scheme=SCHEME, wanted=harbour)))
    narrowed = rows[IDS["harbour"]]
    assert len(rows) == 2
    assert narrowed.entities == ()
    assert narrowed.claims == whole.claims
    assert [item.label for item in narrowed.rejected if isinstance(item, Entity)] == ["PERSON"]
    (claim,) = narrowed.to_dict()["claims"]
    assert (claim["source_entity"], claim["entities"]) == (None, [])
    assert [claim["entities"] for claim in whole.to_dict()["claims"]] == [["place"]]


def test_a_label_filter_applies_to_rejected_items(filled: Store) -> None:
    places = RecordFilter("ada", since=NOW, outlet="Harbour", labels=frozenset({"GPE"}))
    (row,) = records(filled, scheme=SCHEME, wanted=places)
    assert [entity.label for entity in row.entities] == ["GPE"]
    assert row.rejected == ()
