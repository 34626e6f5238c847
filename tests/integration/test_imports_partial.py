"""Refused annotations never count as their absence."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.decisions import finish, reopen
from annotator.core.record import Record
from annotator.core.records.extent import AT_LEAST, TIMES, beyond_bounds
from annotator.export import records
from annotator.formats import docbin_docs
from annotator.formats.conll import conll_out
from annotator.store.store import Store
from tests.helpers.building import open_, press
from tests.helpers.english import english
from tests.helpers.examples import examples
from tests.helpers.formats import written
from tests.helpers.importing import SCHEME, bring_in

TEXT = "Ada met Bo. Cy left for Oslo."
GOOD = [("Ada", 0, 3), ("Oslo", 24, 28)]
# Neither the words nor the offsets say where it should have been.
BAD = ("Nobody", 400, 406)
Marks = Sequence[tuple[str, int, int]]


def prodigy(folder: Path, marks: Marks) -> Path:
    spans = [{"start": start, "end": end, "label": "PERSON"} for _, start, end in marks]
    task = {"text": TEXT, "_view_id": "ner_manual", "answer": "accept", "spans": spans}
    (folder / "p.jsonl").write_text(json.dumps(task))
    return folder / "p.jsonl"


def label_studio(folder: Path, marks: Marks) -> Path:
    result = [
        {
            "id": f"r{n}",
            "from_name": "label",
            "to_name": "text",
            "type": "labels",
            "value": {"start": start, "end": end, "text": words, "labels": ["PERSON"]},
        }
        for n, (words, start, end) in enumerate(marks)
    ]
    task = {"id": 1, "data": {"text": TEXT}, "annotations": [{"result": result}]}
    (folder / "l.json").write_text(json.dumps([task]))
    return folder / "l.json"


def brat(folder: Path, marks: Marks) -> Path:
    lines = [f"T{n}\tPERSON {start} {end}\t{w}\n" for n, (w, start, end) in enumerate(marks, 1)]
    (folder / "b.txt").write_text(TEXT)
    (folder / "b.ann").write_text("".join(lines))
    return folder


def offsets(folder: Path, marks: Marks) -> Path:
    rows = [[start, end, "PERSON"] for _, start, end in marks]
    (folder / "o.jsonl").write_text(json.dumps({"text": TEXT, "entities": rows}))
    return folder / "o.jsonl"


FORMS: list[Callable[[Path, Marks], Path]] = [prodigy, label_studio, brat, offsets]


def out(store: Store) -> Record:
    (one,) = records(store, scheme=SCHEME)
    return one


@pytest.mark.parametrize("form", FORMS)
def test_an_article_with_refused_items_is_not_finished(
    store: Store, tmp_path: Path, form: Callable[[Path, Marks], Path]
) -> None:
    done = bring_in(store, form(tmp_path, [*GOOD, BAD]), reviewer="ada")
    assert (done.imported, done.suggested, dict(done.by)) == (1, 1, {})
    assert [one.is_piece for one in done.refused] == [True]
    assert store.queue.counts().finished == 0
    ((article, items, _),) = store.articles.unreviewed()
    assert {item.span.of(article.text) for item in items} == {"Ada", "Oslo"}


@pytest.mark.parametrize("form", FORMS)
def test_as_partial_it_is_finished_with_unknown_spans(
    store: Store, tmp_path: Path, form: Callable[[Path, Marks], Path]
) -> None:
    file = form(tmp_path, [*GOOD, BAD])
    done = bring_in(store, file, reviewer="ada", partial=True)
    assert (dict(done.by), done.suggested, len(done.refused)) == ({"ada": 1}, 0, 1)
    one = out(store)
    assert [span.of(TEXT) for span in one.unknown] == [TEXT]
    assert {entity.span.of(TEXT) for entity in one.entities} == {"Ada", "Oslo"}
    assert b" O\n" not in written(conll_out.FORMAT, [one])[0].replace(b"-DOCSTART- -X- O O\n", b"")
    assert bring_in(store, file, reviewer="ada", partial=True).known == 1


@pytest.mark.parametrize("partial", [True, False])
@pytest.mark.parametrize("form", FORMS)
def test_an_article_with_everything_refused_is_never_finished(
    store: Store, tmp_path: Path, form: Callable[[Path, Marks], Path], partial: bool
) -> None:
    done = bring_in(store, form(tmp_path, [BAD, BAD]), reviewer="ada", partial=partial)
    assert (dict(done.by), len(done.refused)) == ({}, 2)
    assert store.queue.counts().finished == 0


@pytest.mark.parametrize("form", FORMS)
def test_without_refusals_it_is_finished_and_known(
    store: Store, tmp_path: Path, form: Callable[[Path, Marks], Path]
) -> None:
    done = bring_in(store, form(tmp_path, GOOD), reviewer="ada")
    assert (dict(done.by), done.refused) == ({"ada": 1}, [])
    assert out(store).unknown == ()


@examples(10)
@given(bad=st.integers(0, 3), good=st.integers(0, 2), partial=st.booleans())
def test_no_word_of_a_refused_item_is_outside(
    bad: int, good: int, partial: bool, store: Store, tmp_path_factory: Any
) -> None:
    folder = tmp_path_factory.mktemp("o")
    text = f"{TEXT} {folder.name}"
    rows = [[start, end, "PERSON"] for _, start, end in (*GOOD[:good], *[BAD] * bad)]
    (folder / "o.jsonl").write_text(json.dumps({"text": text, "entities": rows}))
    done = bring_in(store, folder / "o.jsonl", reviewer="ada", partial=partial)
    assert len(done.refused) == bad
    mine = [one for one in records(store, scheme=SCHEME) if one.article.text == text]
    assert bool(mine) == (not bad or (partial and bool(good)))
    for one in mine:
        doc = docbin_docs.doc_of(one, english())
        outside = [token.text for token in doc if token.ent_iob_ == "O" and not token.is_space]
        assert (not bad) or outside == []


def test_a_text_label_is_refused_by_name(store: Store, tmp_path: Path) -> None:
    row = {"text": TEXT, "entities": [[0, 3, "PERSON"]], "cats": {"SPORT": 1.0}}
    (tmp_path / "o.jsonl").write_text(json.dumps(row))
    done = bring_in(store, tmp_path / "o.jsonl", reviewer="ada")
    assert done.refused == [] or any("SPORT" in one.reason for one in done.refused)


def test_undecided_words_are_imported_as_unknown(store: Store, tmp_path: Path) -> None:
    from spacy.tokens import DocBin

    doc = english()(TEXT)
    doc.set_ents([doc.char_span(0, 3, "PERSON")], missing=[doc[4:9]], default="outside")
    DocBin(docs=[doc]).to_disk(tmp_path / "a.spacy")
    done = bring_in(store, tmp_path / "a.spacy", reviewer="ada")
    assert (dict(done.by), done.refused) == ({"ada": 1}, [])
    assert [span.of(TEXT) for span in out(store).unknown] == ["Cy left for Oslo."]


def test_finishing_it_on_the_screen_leaves_nothing_unknown(store: Store, tmp_path: Path) -> None:
    bring_in(store, offsets(tmp_path, [*GOOD, BAD]), reviewer="ada", partial=True)
    before = out(store)
    opened = press(store, open_(store, before.article.id, "ada"), reopen())
    opened = press(store, opened, finish())
    assert out(store).unknown == ()
    for _ in range(2):
        undo = opened.review.undo()
        assert undo is not None
        opened = press(store, opened, undo)
    assert out(store).unknown == before.unknown


# Too much


def nested(count: int) -> dict[str, Any]:
    text = "Mayor Jane Doe said on Monday that it was so. " * (count // 8 + 10)
    return {"text": text, "entities": [[n, len(text) - 1 - n, "PERSON"] for n in range(count)]}


def size(store: Store, folder: Path, count: int) -> tuple[int, int, int]:
    """Bytes of what is stored of so many nested spans, how many came in, how many were refused."""
    (folder / f"{count}.jsonl").write_text(json.dumps(nested(count)))
    done = bring_in(store, folder / f"{count}.jsonl")
    ((article, items, _),) = (
        one for one in store.articles.unreviewed() if one[0].text == nested(count)["text"]
    )
    kept = sum(len(item.span.of(article.text)) for item in items)
    return kept, len(items), len(done.refused)


def test_nested_spans_take_bounded_space(store: Store, tmp_path: Path) -> None:
    one, some, refused = size(store, tmp_path, 2_000)
    two, more, lost = size(store, tmp_path, 4_000)
    assert (some + refused, more + lost) == (2_000, 4_000)
    assert two <= 2.1 * one
    assert two <= TIMES * len(nested(4_000)["text"])


def test_items_beyond_the_limit_are_refused_by_name(store: Store, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps(nested(2_000)))
    done = bring_in(store, tmp_path / "a.jsonl", reviewer="ada")
    assert done.suggested == 1
    assert f"at most {TIMES * len(nested(2_000)['text']):,}" in done.refused[0].reason
    assert {one.kind for one in done.refused} == {"too many words in all items of the article"}


@given(st.lists(st.tuples(st.integers(0, 50_000), st.integers(1, 60_000)), max_size=40))
def test_the_longest_items_are_refused_first(found: list[tuple[int, int]]) -> None:
    from annotator.core.annotations import Entity
    from annotator.core.article import Span

    items = [Entity(f"e{n}", Span(a, a + b), "PERSON") for n, (a, b) in enumerate(found)]
    over = beyond_bounds(items, "x" * 100)
    kept = [item for item in items if item not in over]
    assert sum(len(item.span) for item in kept) <= AT_LEAST
    if over:
        least = min(len(item.span) for item in over)
        assert all(len(item.span) <= least for item in kept)
        assert sum(len(item.span) for item in kept) + least > AT_LEAST
