"""A dataset folder: each record in one split, a correct card, reproducible bytes."""

from __future__ import annotations

import os
import random
import threading
import tracemalloc
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from annotator.core.annotations import Entity, MadeBy
from annotator.core.article import Article, Span
from annotator.core.decisions import Answer, accept, add, finish, reject, relabel, skip
from annotator.core.labels import scheme_from
from annotator.core.record import Record, SchemeId
from annotator.core.records.suggesters import SuggesterId
from annotator.errors import ExportError
from annotator.export import records
from annotator.export.dataset_folder import MANIFEST, Dataset
from annotator.export.records import in_order, records_of_file
from annotator.export.splits import SPLITS, split_of
from annotator.export.verify import Differs
from annotator.formats import jsonl
from annotator.formats.jsonl import line_of, records_in
from annotator.store.sql import columns as t
from annotator.store.store import Store
from tests.helpers.building import NOW, arrival, open_, press, suggest
from tests.helpers.items import entity
from tests.helpers.stores import as_before

SCHEME = scheme_from(
    {
        "name": "news",
        "version": "2",
        "label": [
            {"name": name, "key": key, "color": "#336699", "meaning": f"the {name} | a kind"}
            for name, key in (("PERSON", "p"), ("GPE", "g"), ("ORG", "o"))
        ],
    }
)
PAPERS = {"labels.toml": b"name = 'news'\n", "guidelines.md": b"# How\n"}
TEXTS = tuple(f"Ada Low met Bo Marsh in Port Ellis on day {n}." for n in range(30))


@pytest.fixture
def filled(store: Store) -> Store:
    """Thirty articles with three entities each; all but five reviewed, the first two twice."""
    return as_before(store, _fill)


def _fill(store: Store) -> None:
    for n, text in enumerate(TEXTS):
        store.files.take_in([arrival(f"/in/{n}.txt", text, inode=n)])
    found = (("Ada Low", "PERSON"), ("Bo Marsh", "PERSON"), ("Port Ellis", "GPE"))
    suggest(
        store,
        {
            article.id: [entity(text, words, label) for words, label in found]
            for text in TEXTS
            for article in arrival("/x.txt", text).articles
        },
    )
    for n, text in enumerate(TEXTS[:25]):
        review(store, text, "ada", accept_all=n != 0)
        if n < 2:
            review(store, text, "bo")


def id_of(text: str) -> str:
    return arrival("/x.txt", text).articles[0].id


def review(store: Store, text: str, reviewer: str, *, accept_all: bool = True) -> None:
    """Accepts everything; else one is accepted, one corrected, one rejected and one added."""
    opened = open_(store, id_of(text), reviewer, reviews_per_article=9)
    one, two, three = opened.review.entities
    if accept_all:
        changes = tuple(map(accept, opened.review.items))
    else:
        new = Entity("new", Span(0, 3), "ORG", made_by=MadeBy.REVIEWER)
        changes = (accept(one), relabel(two, "ORG"), reject(three), add(new))
    press(store, opened, *changes, finish(), now=NOW)


def dataset_of(store: Store) -> Dataset:
    counts = store.queue.counts()
    return Dataset(
        SCHEME, PAPERS, store.articles.stories(), {"nobody has reviewed them": counts.ready}
    )


def write(store: Store, target: Path, **how: Any) -> None:
    rows = records(store, scheme=SchemeId("news", "2"))
    dataset_of(store).write(rows, target, **how)


def everything_in(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def splits_in(folder: Path) -> dict[str, str]:
    """In which split each article is."""
    return {
        record.article.id: split
        for split in SPLITS
        for record in records_in(folder / "records" / f"{split}.jsonl")
    }


def test_the_same_store_gives_the_same_bytes(filled: Store, tmp_path: Path) -> None:
    write(filled, tmp_path / "one")
    write(filled, tmp_path / "two", verified=True)
    one = everything_in(tmp_path / "one")
    assert one == everything_in(tmp_path / "two")
    assert set(one) == {
        "README.md",
        "croissant.json",
        "guidelines.md",
        "labels.toml",
        "statistics.json",
        MANIFEST,
        *(f"records/{split}.jsonl" for split in SPLITS),
    }


def test_datasets_are_not_written_through_links(filled: Store, tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    with pytest.raises(ExportError, match="is a link"):
        write(filled, tmp_path / "link")
    assert list((tmp_path / "real").iterdir()) == []


def test_every_record_is_in_one_split_in_order(filled: Store, tmp_path: Path) -> None:
    write(filled, tmp_path / "out")
    keys = [
        [(r.article.id, r.review.reviewer) for r in records_in(tmp_path / f"out/records/{s}.jsonl")]
        for s in SPLITS
    ]
    whole = [
        (r.article.id, r.review.reviewer) for r in records(filled, scheme=SchemeId("news", "2"))
    ]
    assert sorted(key for split in keys for key in split) == whole
    assert all(split == sorted(split) for split in keys)
    assert all(keys)


def link(store: Store, kind: str, new: str, old: str) -> None:
    """Links two articles in one of the ways in which the store knows links."""
    c = t.article.c
    with store.database.writing() as connection:
        if kind == "likeness":
            row = {"article_id": new, "other_id": old, "similarity": 0.9}
            connection.execute(t.likeness.insert().values(row))
        elif kind == "supersedes":
            connection.execute(t.article.update().where(c.id == new).values(supersedes=old))
        else:
            place = t.article.select().with_only_columns(c.number).where(c.id == old)
            number = connection.execute(place).scalar_one()
            connection.execute(t.article.update().where(c.id == new).values(place=number))


@pytest.mark.parametrize("kind", ["supersedes", "likeness", "place"])
def test_linked_articles_are_in_the_split_of_the_oldest(
    filled: Store, tmp_path: Path, kind: str
) -> None:
    ids = [id_of(text) for text in TEXTS[:25]]
    splits = {one: split_of(one, {}) for one in ids}
    assert len(set(splits.values())) > 1
    link(filled, kind, ids[7], ids[3])
    link(filled, kind, ids[20], ids[7])
    write(filled, tmp_path / "out")
    splits |= {ids[7]: splits[ids[3]], ids[20]: splits[ids[3]]}
    assert splits_in(tmp_path / "out") == splits


def test_an_article_keeps_its_split_as_the_data_grows(filled: Store, tmp_path: Path) -> None:
    write(filled, tmp_path / "before")
    for text in TEXTS[25:]:
        link(filled, "likeness", id_of(text), id_of(TEXTS[3]))
        review(filled, text, "ada")
    write(filled, tmp_path / "after")
    before, after = splits_in(tmp_path / "before"), splits_in(tmp_path / "after")
    assert {one: after[one] for one in before} == before
    assert {after[id_of(text)] for text in TEXTS[25:]} == {before[id_of(TEXTS[3])]}


def test_the_card_shows_the_acceptance_of_suggestions(filled: Store, tmp_path: Path) -> None:
    skipped = open_(filled, id_of(TEXTS[25]), "ada")
    press(filled, skipped, skip(Answer.UNUSABLE), finish(), now=NOW)
    write(filled, tmp_path / "out")
    card = (tmp_path / "out" / "README.md").read_text()
    for line in (
        r"| `PERSON` | the PERSON \| a kind | 53 | 0 | 0 | 0 | 0 |",
        r"| `GPE` | the GPE \| a kind | 26 | 0 | 1 | 0 | 0 |",
        r"| `ORG` | the ORG \| a kind | 0 | 1 | 0 | 1 | 0 |",
        "| claims | who says what, in which words | 0 | 0 | 0 | 0 | 0 |",
        "| annotator-en | 1.0 | `0123abcd` | 28 |",
        "| all | 26 | 28 |",
        "Items by who made them first: pipeline 80, reviewer 1.",
        "Reviews by reviewer: ada 26, bo 2. By kind: review 28.",
        "- 1 record of unusable articles, without items.",
        "- 4 articles not in here: nobody has reviewed them.",
    ):
        assert line in card.splitlines(), card
    # One pair agrees wholly; of the other, one entity of three and three is the same: 2 / 6.
    assert "over 2 pairs of reviews" in card
    assert "one of the two left open: entities (span and label) 0.667" in card


def test_the_card_tells_suggestions_of_suggesters_from_those_of_the_pipeline(
    filled: Store, tmp_path: Path
) -> None:
    first = next(records(filled, scheme=SchemeId("news", "2")))
    makers = {"pipeline": ("pipeline", "desk"), "desk": ("desk",), "desk + llm": ("desk", "llm")}
    items = [
        replace(item, suggested_by=names)
        for item, names in zip(first.entities, makers.values(), strict=True)
    ]
    desk = SuggesterId("desk", "core_news", "3.8", "fedcba9876543210")
    told = replace(first, entities=tuple(items), suggesters=(desk,))
    dataset_of(filled).write([told], tmp_path / "out")
    card = (tmp_path / "out" / "README.md").read_text()
    assert "Items by who made them first: desk 1, desk + llm 1, pipeline 1." in card
    assert "| desk: core\\_news | 3.8 | `fedcba987654` | 1 |" in card.splitlines()


def test_foreign_text_cannot_break_the_card(filled: Store, tmp_path: Path) -> None:
    first = next(records(filled, scheme=SchemeId("news", "2")))
    odd = replace(
        first,
        article=replace(
            first.article, origin=replace(first.article.origin, outlet="# The | `Wire`\n---\n<b>")
        ),
    )
    dataset_of(filled).write([odd], tmp_path / "out")
    lines = (tmp_path / "out" / "README.md").read_text().splitlines()
    assert r"| \# The \| \`Wire\` --- \<b\> | 1 |" in lines
    assert lines.count("---") == 2


def test_the_card_has_a_valid_header_and_the_records_load(
    filled: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    datasets = pytest.importorskip("datasets")
    write(filled, tmp_path / "out")
    loaded = datasets.load_dataset(str(tmp_path / "out"), cache_dir=str(tmp_path / "cache"))
    assert {split: len(loaded[split]) for split in loaded} == {
        {"dev": "validation"}.get(split, split): len(
            list(records_in(tmp_path / f"out/records/{split}.jsonl"))
        )
        for split in SPLITS
    }
    row = loaded["train"][0]
    for found in row["entities"]:
        assert row["text"][found["start"] : found["end"]] == found["text"]


def test_a_manually_changed_dataset_is_not_replaced(filled: Store, tmp_path: Path) -> None:
    write(filled, tmp_path / "out")
    write(filled, tmp_path / "out")
    (tmp_path / "out" / "README.md").write_text("My own words.")
    with pytest.raises(ExportError, match=r"README\.md"):
        write(filled, tmp_path / "out")
    assert (tmp_path / "out" / "README.md").read_text() == "My own words."


def test_a_failed_verification_leaves_no_dataset(
    filled: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blind = replace(jsonl.FORMAT.reading(), numbered=lambda _path, _options: iter(()))
    monkeypatch.setattr(jsonl, "FORMAT", replace(jsonl.FORMAT, reader=blind))
    with pytest.raises(Differs) as caught:
        write(filled, tmp_path / "out", verified=True)
    assert len(caught.value.differences) == 27
    assert [name for name in os.listdir(tmp_path) if "annotator.db" not in name] == []


def test_an_empty_dataset_is_complete(store: Store, tmp_path: Path) -> None:
    write(store, tmp_path / "out", verified=True)
    assert splits_in(tmp_path / "out") == {}
    assert "| all | 0 | 0 |" in (tmp_path / "out" / "README.md").read_text()


@pytest.mark.parametrize("run", [1, 3_000, 64_000_000])
def test_records_of_a_file_are_sorted(
    filled: Store, monkeypatch: pytest.MonkeyPatch, run: int
) -> None:
    monkeypatch.setitem(in_order.__globals__, "_RUN", run)
    rows = list(records(filled, scheme=SchemeId("news", "2")))
    mixed = random.Random(run).sample(rows, len(rows))
    assert mixed != rows
    assert [row.to_dict() for row in in_order(mixed)] == [row.to_dict() for row in rows]


def test_an_unsorted_file_of_records_is_read_in_order(filled: Store, tmp_path: Path) -> None:
    rows = list(records(filled, scheme=SchemeId("news", "2")))
    lines = [line_of(row) for row in rows]
    spaced = [line.replace(b'":', b'": ', 1) for line in lines]
    for written in (lines, lines[::-1], spaced[::-1], [*lines[1:], lines[0]]):
        file = tmp_path / "rows.jsonl"
        file.write_bytes(b"".join(written))
        assert [line_of(row) for row in records_of_file(file)] == lines
    os.mkfifo(tmp_path / "pipe")
    sender = threading.Thread(target=(tmp_path / "pipe").write_bytes, args=(b"".join(lines[::-1]),))
    sender.start()
    assert [line_of(row) for row in records_of_file(tmp_path / "pipe")] == lines
    sender.join()


def test_sorting_records_takes_little_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run = 1_000_000
    monkeypatch.setitem(in_order.__globals__, "_RUN", run)
    words = "Port Ellis was quiet. " * 400
    rows = (Record(Article(f"{n} {words}"), SchemeId("news", "2")) for n in range(600))
    tracemalloc.start()
    try:
        count = sum(1 for _ in in_order(rows))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert count == 600
    assert peak < 1.8 * run
