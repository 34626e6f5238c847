"""Imports are complete and idempotent, and never change decisions made here."""

from __future__ import annotations

import itertools
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.annotations import MadeBy, Verdict
from annotator.core.article import identity_of
from annotator.core.decisions import accept, finish, reject, reopen
from annotator.core.record import Record, ReviewFacts
from annotator.export import records
from annotator.export.records import RecordFilter
from annotator.importing import import_batches, surveying
from annotator.importing.refusal_groups import Refusal
from annotator.store.store import Store
from tests.helpers.building import (
    NOW,
    TEXT,
    arrival,
    article,
    at,
    open_,
    press,
    ready,
    suggest,
    waiting,
)
from tests.helpers.examples import examples
from tests.helpers.importing import PIPELINE, SCHEME, bring_in, record, write
from tests.helpers.items import entity
from tests.helpers.record_strategies import records as any_records
from tests.helpers.store_caches import assert_caches_are_right

NUMBERS = itertools.count(1)


def exported(store: Store) -> list[Record]:
    return list(records(store, scheme=SCHEME))


def said(one: Record) -> dict[str, Any]:
    """A record without what imports change: how many decisions it took, and of which kind."""
    plain = one.to_dict()
    for name in ("kind", "decisions", "reviewer"):
        plain["review"].pop(name)
    return plain


# As finished reviews


def test_a_finished_review_survives_import_and_export(store: Store, tmp_path: Path) -> None:
    file = write(tmp_path / "a.jsonl", [record()])
    done = bring_in(store, file, reviewer="bo")
    (out,) = exported(store)
    assert (done.imported, done.known, done.refused) == (1, 0, [])
    assert said(out) == said(record())
    assert (out.review.reviewer, out.review.kind) == ("bo", "import")
    assert_caches_are_right(store)


def test_missing_measurements_are_accepted(store: Store, tmp_path: Path) -> None:
    plain = record().to_dict()
    plain["review"].update(seconds=None, keys=None)
    (tmp_path / "a.jsonl").write_bytes(orjson.dumps(plain))
    done = bring_in(store, tmp_path / "a.jsonl", reviewer="bo")
    assert (done.imported, done.refused) == (1, [])


def test_an_article_is_identified_by_its_line(store: Store, tmp_path: Path) -> None:
    lines = ("broken", '{"text": " "}', '{"text": "Ada left."}')
    (tmp_path / "a.jsonl").write_text("\n".join(lines))
    done = bring_in(store, tmp_path / "a.jsonl", format="offsets", reviewer="bo")
    assert [one.line for one in done.refused] == [1, 2, 3]
    bring_in(store, tmp_path / "a.jsonl", format="offsets")
    ((one, *_),) = store.articles.unreviewed()
    assert (one.origin.name, one.origin.part) == ("a.jsonl", "3")


def test_an_article_of_a_folder_is_identified_by_its_file(store: Store, tmp_path: Path) -> None:
    folder = tmp_path / "brat"
    folder.mkdir()
    (folder / "meeting.txt").write_text(TEXT)
    (folder / "meeting.ann").write_text(f"T1\tPERSON 0 3\t{TEXT[:3]}\n")
    bring_in(store, folder, reviewer="bo")
    done = bring_in(store, folder)
    assert [(one.file, one.line) for one in done.refused] == [("meeting.txt", None)]


def verdicts(one: Record) -> list[tuple[str, str]]:
    return sorted((item.id, item.verdict) for item in (*one.items, *one.offered))


@examples(20)
@given(made=st.lists(any_records(), max_size=4, unique_by=lambda one: one.article.id))
def test_every_imported_review_is_exported_with_the_same_items(
    made: list[Record], store: Store, tmp_path: Path
) -> None:
    reviewer = f"reviewer {next(NUMBERS)}"
    reviewed = [one for one in made if one.review.kind != "none"]
    file = write(tmp_path / "a.jsonl", reviewed)
    done = bring_in(store, file, reviewer=reviewer)
    again = bring_in(store, file, reviewer=reviewer)
    out = {
        one.article.id: one for one in records(store, scheme=SCHEME, wanted=RecordFilter(reviewer))
    }
    assert (done.imported, again.imported) == (len(out), 0)
    assert len(done.refused) == len(reviewed) - len(out) == len(again.refused)
    for one in reviewed:
        if one.article.id in out:
            assert verdicts(out[one.article.id]) == verdicts(one)
            assert len(out[one.article.id].rejected) == len(one.rejected)
    assert_caches_are_right(store)


def test_the_same_review_twice_changes_nothing(store: Store, tmp_path: Path) -> None:
    file = write(tmp_path / "a.jsonl", [record(1), record(2)])
    bring_in(store, file, reviewer="bo")
    before = exported(store)
    again = bring_in(store, file, file, reviewer="bo")
    assert (again.imported, again.known, again.refused) == (0, 4, [])
    assert exported(store) == before


def test_our_own_export_counts_as_known(store: Store, tmp_path: Path) -> None:
    opened = open_(store, ready(store), "ada")
    a, b, _ = opened.review.suggestions
    opened = press(store, opened, accept(a), reject(b))
    press(store, opened, finish(), now=at(9))
    file = write(tmp_path / "a.jsonl", exported(store))
    assert bring_in(store, file, reviewer="ada").known == 1


def test_decisions_made_here_are_never_overwritten(store: Store, tmp_path: Path) -> None:
    opened = open_(store, ready(store, record().article.text), "bo")
    press(store, opened, reject(opened.review.suggestions[0]))
    file = write(tmp_path / "a.jsonl", [record()])
    done = bring_in(store, file, reviewer="bo")
    reason = "bo has decided differently on this article, which was not changed"
    assert done.refused == [Refusal("a.jsonl", 1, reason, reason)]
    assert exported(store) == []


def test_a_review_by_somebody_else_is_kept(store: Store, tmp_path: Path) -> None:
    opened = open_(store, ready(store, record().article.text), "ada")
    press(store, opened, finish())
    bring_in(store, write(tmp_path / "a.jsonl", [record()]), reviewer="bo")
    assert [one.review.reviewer for one in exported(store)] == ["ada", "bo"]
    assert_caches_are_right(store)


def test_an_article_that_the_reviewer_has_open_is_left_alone(store: Store, tmp_path: Path) -> None:
    name = ready(store, record().article.text)
    open_(store, name, "bo")
    file = write(tmp_path / "a.jsonl", [record()])
    assert bring_in(store, file, reviewer="bo").refused[0].reason == "bo has this article open"
    store.reviews.release(name, "bo")
    assert bring_in(store, file, reviewer="bo").imported == 1


def test_an_abandoned_review_is_replaced(store: Store, tmp_path: Path) -> None:
    open_(store, ready(store, record().article.text), "bo", now=at(-9999))
    assert bring_in(store, write(tmp_path / "a.jsonl", [record()]), reviewer="bo").imported == 1
    assert_caches_are_right(store)


def test_an_imported_review_can_be_reopened_and_undone(store: Store, tmp_path: Path) -> None:
    bring_in(store, write(tmp_path / "a.jsonl", [record()]), reviewer="bo")
    opened = press(store, open_(store, record().article.id, "bo"), reopen())
    opened = press(store, opened, reject(opened.review.entities[0]))
    assert len(opened.review.entities) == 2
    for _ in range(3):  # the rejection, the reopening, the finish
        undo = opened.review.undo()
        assert undo is not None
        opened = press(store, opened, undo)
    assert opened.review.finished is None
    assert [item.verdict for item in opened.review.entities] == [
        Verdict.ACCEPTED,
        Verdict.CORRECTED,
        Verdict.ADDED,
    ]


def test_other_reviewers_start_from_the_pipelines_suggestions(store: Store, tmp_path: Path) -> None:
    bring_in(store, write(tmp_path / "a.jsonl", [record()]), reviewer="bo")
    opened = open_(store, record().article.id, "ada", reviews_per_article=2)
    # What bo added or corrected is not among them; what bo turned down is.
    assert [item.label for item in opened.review.entities] == ["PERSON", "PERSON"]
    assert [item.span.start for item in opened.review.entities] == [0, 24]
    assert opened.pipeline == PIPELINE


def test_answers_without_a_pipeline_are_not_suggestions(store: Store, tmp_path: Path) -> None:
    bring_in(store, write(tmp_path / "a.jsonl", [record(pipeline=None)]), reviewer="bo")
    opened = open_(store, record().article.id, "ada", reviews_per_article=2)
    assert opened.review.items == ()
    (out,) = exported(store)
    assert out.pipeline is None


def test_our_suggestions_win_over_imported_ones(store: Store, tmp_path: Path) -> None:
    name = ready(store, record().article.text)
    bring_in(store, write(tmp_path / "a.jsonl", [record()]), reviewer="bo")
    opened = open_(store, name, "ada", reviews_per_article=2)
    assert len(opened.review.suggestions) == 3
    assert_caches_are_right(store)


def test_waiting_articles_still_get_suggestions(store: Store, tmp_path: Path) -> None:
    (name,) = waiting(store, record().article.text)
    bring_in(store, write(tmp_path / "a.jsonl", [record()]), reviewer="bo")
    assert suggest(store, {name: [entity(record().article.text, "Ada Low")]}) == 1
    assert len(exported(store)) == 1
    assert_caches_are_right(store)


def test_unreviewed_records_are_not_finished_reviews(store: Store, tmp_path: Path) -> None:
    machine = record(review=ReviewFacts(), rejected=())
    done = bring_in(store, write(tmp_path / "a.jsonl", [machine]), reviewer="bo")
    assert "nobody reviewed this" in done.refused[0].reason
    assert store.queue.counts().articles == 0


# As suggestions


def test_suggestions_wait_to_be_confirmed(store: Store, tmp_path: Path) -> None:
    file = write(tmp_path / "a.jsonl", [record()])
    done = bring_in(store, file)
    opened = open_(store, record().article.id)
    assert (done.imported, store.queue.counts().finished) == (1, 0)
    assert len(opened.review.open_items()) == 3
    # A pipeline suggested some of it, but it is a person who says so now.
    assert opened.pipeline is not None
    assert (opened.pipeline.name, opened.pipeline.version) == ("import", "jsonl")
    assert {item.made_by for item in opened.review.items} == {MadeBy.IMPORT}
    assert_caches_are_right(store)


def test_imported_suggestions_keep_their_pipeline(store: Store, tmp_path: Path) -> None:
    left_open = (replace(one, verdict=Verdict.PENDING) for one in record().entities)
    machine = record(review=ReviewFacts(), rejected=(), entities=tuple(left_open))
    bring_in(store, write(tmp_path / "a.jsonl", [machine]))
    assert open_(store, record().article.id).pipeline == PIPELINE


def test_the_same_suggestions_twice_change_nothing(store: Store, tmp_path: Path) -> None:
    file = write(tmp_path / "a.jsonl", [record(1), record(2)])
    bring_in(store, file)
    again = bring_in(store, file)
    assert (again.imported, again.known) == (0, 2)


def test_imported_suggestions_make_a_waiting_article_ready(store: Store, tmp_path: Path) -> None:
    (name,) = waiting(store, record().article.text)
    leased = store.work.lease("worker", limit=1, seconds=60, now=NOW)
    bring_in(store, write(tmp_path / "a.jsonl", [record()]))
    late = suggest(store, {name: []})
    assert (len(leased), late, store.queue.counts().ready) == (1, 0, 1)
    assert len(open_(store, name).review.suggestions) == 3


def test_suggestions_do_not_change_opened_articles(store: Store, tmp_path: Path) -> None:
    name = ready(store, record().article.text)
    opened = open_(store, name, "ada")
    file = write(tmp_path / "a.jsonl", [record()])
    held = bring_in(store, file).refused[0].reason
    press(store, opened, reject(opened.review.suggestions[0]))
    decided = bring_in(store, file).refused[0].reason
    assert held == "ada has this article open"
    assert decided == "ada has decided on this article already"


# Articles that are known


def test_a_known_text_gains_a_missing_origin(store: Store, tmp_path: Path) -> None:
    ready(store, record().article.text)
    file = write(tmp_path / "a.jsonl", [record()])
    bring_in(store, file)
    bring_in(store, file)
    also = store.articles.get(record().article.id).also_from
    assert [origin.name for origin in also] == ["1.txt"]


def test_a_superseded_text_is_revived(store: Store, tmp_path: Path) -> None:
    store.files.take_in([arrival("/inbox/a.txt", record().article.text)])
    store.files.take_in([arrival("/inbox/a.txt", TEXT, inode=2)])
    assert store.queue.counts().superseded == 1
    bring_in(store, write(tmp_path / "a.jsonl", [record()]))
    assert (store.queue.counts().superseded, store.queue.counts().ready) == (0, 1)


# Batches


def test_a_large_import_is_read_twice_and_stored_once(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(surveying, "KEPT", 5)
    monkeypatch.setattr(import_batches, "BATCH", 4)
    file = write(tmp_path / "a.jsonl", map(record, range(23)))
    told: list[tuple[int, int]] = []
    done = bring_in(store, file, progress=lambda *now: told.append(now))
    assert (done.imported, store.queue.counts().ready) == (23, 23)
    assert told == [(4, 23), (8, 23), (12, 23), (16, 23), (20, 23), (23, 23)]


def test_an_interrupted_import_finishes_its_batch_and_continues_later(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_batches, "BATCH", 4)
    file = write(tmp_path / "a.jsonl", map(record, range(10)))
    stop = threading.Event()
    first = bring_in(store, file, asked=stop, progress=lambda *_: stop.set())
    second = bring_in(store, file)
    assert (first.imported, first.interrupted) == (4, True)
    assert (second.imported, second.known, second.interrupted) == (6, 4, False)


def test_an_unnamed_article_is_named_after_its_file(store: Store, tmp_path: Path) -> None:
    text = "Ada Low left.\nBo Marsh stayed."
    row = {"text": text, "entities": [[0, 7, "PERSON"]]}
    (tmp_path / "theirs.jsonl").write_bytes(orjson.dumps(row))
    done = bring_in(store, tmp_path / "theirs.jsonl", reviewer="bo")
    assert done.refused == []
    taken = store.articles.get(identity_of(text))
    assert (taken.title, taken.origin.name, taken.origin.part) == (
        "Ada Low left.",
        "theirs.jsonl",
        "1",
    )


def test_an_article_of_the_store_keeps_its_own_title(store: Store, tmp_path: Path) -> None:
    ready(store, record().article.text)
    bring_in(store, write(tmp_path / "a.jsonl", [record()]))
    assert store.articles.get(record().article.id).title == article(record().article.text).title
