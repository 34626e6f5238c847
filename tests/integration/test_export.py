"""Finished reviews to files: sorted, reproducible, complete or not at all."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import uuid
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from annotator.core.annotations import Entity
from annotator.core.arrival import Arrival, FileState
from annotator.core.article import Article, Origin, Span
from annotator.core.assignment import ReviewPlan
from annotator.core.decisions import (
    Change,
    Decision,
    DecisionGroup,
    accept,
    finish,
    reopen,
    to_decisions,
)
from annotator.core.record import PipelineId, Record, ReviewFacts, SchemeId
from annotator.errors import ExportError, RecordError
from annotator.export import FinishedWriter, file_name, records, write_jsonl
from annotator.export.records import RecordFilter
from annotator.formats.jsonl import records_in
from annotator.replacing import TEMPORARY
from annotator.store.store import Store
from annotator.store.values import Suggested

NOW = datetime(2019, 1, 7, 9, 0, tzinfo=UTC)
SCHEME = SchemeId("ontonotes-conflict", "1")
FAKE = PipelineId("fake", "1", "f00d")
SCHEMA = Path(__file__).parents[2] / "schema" / "record.schema.json"
TEXTS = ("Varnholm said no.", "Ostby said yes — “yes”.", "Nobody looked at Lund 👍.")


@pytest.fixture
def filled(store: Store) -> Store:
    """Three articles with one suggestion each, nobody having looked."""
    articles = [Article(t, language="en", origin=Origin(name="a.txt")) for t in TEXTS]
    store.files.take_in(
        [
            Arrival(f"/in/{n}.txt", FileState(n, 1, 1, 1), NOW, (article,))
            for n, article in enumerate(articles)
        ]
    )
    leased = store.work.lease("w", limit=9, seconds=60, now=NOW)
    results = [
        Suggested(one.id, (Entity("e1", Span(0, one.text.index(" ")), "GPE", score=0.9),), "en")
        for one in leased
    ]
    store.work.attach("w", results, FAKE, now=NOW)
    return store


def ids() -> list[str]:
    return [Article(text).id for text in TEXTS]


def decide(store: Store, article: str, reviewer: str, *changes: Change) -> None:
    opened = store.reviews.open(article, reviewer, now=NOW, lease_seconds=60, plan=ReviewPlan(9))
    decisions: Iterable[Decision] = to_decisions(
        changes,
        DecisionGroup(
            id=uuid.uuid4().hex,
            article=article,
            reviewer=reviewer,
            at=NOW + timedelta(seconds=opened.review.next_seq),
            first_seq=opened.review.next_seq,
            keys=1,
            seconds=1.5,
        ),
        ids=(uuid.uuid4().hex for _ in changes),
    )
    store.reviews.append(tuple(decisions), text=opened.article.text)


def review(store: Store, article: str, reviewer: str) -> None:
    opened = store.reviews.open(article, reviewer, now=NOW, lease_seconds=60, plan=ReviewPlan(9))
    decide(store, article, reviewer, *map(accept, opened.review.items), finish())


def lines_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_bytes().splitlines()]


# The one file


def test_finished_reviews_are_sorted_by_article_then_reviewer(
    filled: Store, tmp_path: Path
) -> None:
    for article in ids()[:2]:
        for reviewer in ("zoe", "Ana", "ana"):
            review(filled, article, reviewer)
    target = tmp_path / "out.jsonl"
    assert write_jsonl(records(filled, scheme=SCHEME), target) == 6
    keys = [(row["id"], row["review"]["reviewer"]) for row in lines_of(target)]
    assert keys == sorted(keys)
    assert {key[1] for key in keys} == {"zoe", "Ana", "ana"}


def test_the_same_reviews_give_the_same_bytes_and_satisfy_the_schema(
    filled: Store, tmp_path: Path
) -> None:
    review(filled, ids()[0], "ana")
    first, second = tmp_path / "1.jsonl", tmp_path / "2.jsonl"
    for target in (first, second):
        write_jsonl(records(filled, scheme=SCHEME, pending=True), target)
    assert first.read_bytes() == second.read_bytes()
    assert first.read_bytes().endswith(b"}\n")
    validator = jsonschema.Draft202012Validator(
        json.loads(SCHEMA.read_text()), format_checker=jsonschema.FormatChecker()
    )
    for row in lines_of(first):
        validator.validate(row)


def test_pending_adds_unreviewed_articles(filled: Store, tmp_path: Path) -> None:
    review(filled, ids()[0], "ana")
    decide(filled, ids()[1], "ana", *map(accept, _items(filled, ids()[1])))  # begun, not finished
    target = tmp_path / "out.jsonl"
    assert write_jsonl(records(filled, scheme=SCHEME, pending=True), target) == 2
    kinds = {row["id"]: row["review"]["kind"] for row in lines_of(target)}
    assert kinds == {ids()[0]: "review", ids()[2]: "none"}
    (untouched,) = (row for row in lines_of(target) if row["id"] == ids()[2])
    assert [entity["verdict"] for entity in untouched["entities"]] == ["pending"]


def test_records_of_one_reviewer_only(filled: Store) -> None:
    review(filled, ids()[0], "ana")
    review(filled, ids()[0], "bo")
    (record,) = records(filled, scheme=SCHEME, wanted=RecordFilter(reviewer="bo"))
    assert record.review.reviewer == "bo"


def test_exported_records_can_be_read_back(filled: Store, tmp_path: Path) -> None:
    review(filled, ids()[1], "ana")
    target = tmp_path / "out.jsonl"
    written = list(records(filled, scheme=SCHEME, pending=True))
    write_jsonl(written, target)
    assert list(records_in(target)) == written


@pytest.mark.parametrize(
    ("line", "why"),
    [(b"{", "not JSON"), (b"[]", "not an object"), (b"{}", "format"), (b"\xff", "not UTF-8")],
)
def test_an_invalid_line_is_named(tmp_path: Path, line: bytes, why: str) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_bytes(b"\n" + line + b"\n")
    with pytest.raises(RecordError, match=rf"bad\.jsonl, line 2: .*{why}"):
        list(records_in(path))


def test_records_go_to_standard_output(
    filled: Store, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert write_jsonl(records(filled, scheme=SCHEME, pending=True), "-") == 3
    assert len(capfdbinary.readouterr().out.splitlines()) == 3


# Whole or not at all


def broken(rows: Iterable[Record]) -> Iterable[Record]:
    yield from rows
    raise KeyboardInterrupt


def test_an_interrupted_writer_leaves_the_old_file(filled: Store, tmp_path: Path) -> None:
    target = tmp_path / "out.jsonl"
    target.write_text("old\n")
    with pytest.raises(KeyboardInterrupt):
        write_jsonl(broken(records(filled, scheme=SCHEME, pending=True)), target)
    assert target.read_text() == "old\n"
    assert os.listdir(tmp_path / "") == [
        name for name in os.listdir(tmp_path) if "writing" not in name
    ]


def test_a_missing_folder_is_an_error_with_advice(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="No such file") as caught:
        write_jsonl((), tmp_path / "nowhere" / "out.jsonl")
    assert "folder exists" in caught.value.hint


def test_a_folder_is_not_a_target(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="directory"):
        write_jsonl((), tmp_path)


def test_a_device_is_written_to_and_never_replaced(filled: Store) -> None:
    before = os.stat("/dev/null")
    assert write_jsonl(records(filled, scheme=SCHEME, pending=True), Path("/dev/null")) == 3
    assert os.stat("/dev/null").st_rdev == before.st_rdev


@pytest.mark.parametrize("leads_to", ["real.jsonl", "nowhere.jsonl", "link.jsonl", "/dev/null"])
def test_writes_do_not_follow_links(tmp_path: Path, leads_to: str) -> None:
    (tmp_path / "real.jsonl").write_text("old\n")
    (tmp_path / "link.jsonl").symlink_to(leads_to)
    with pytest.raises(ExportError, match="is a link"):
        write_jsonl((), tmp_path / "link.jsonl")
    assert sorted(os.listdir(tmp_path)) == ["link.jsonl", "real.jsonl"]
    assert (tmp_path / "real.jsonl").read_text() == "old\n"


def test_a_finished_record_replaces_a_link_and_not_its_target(
    filled: Store, tmp_path: Path
) -> None:
    for article in ids():
        review(filled, article, "ana")
    FinishedWriter(filled, tmp_path / "records", scheme=SCHEME)()
    victim = tmp_path / "victim"
    files = sorted((tmp_path / "records").iterdir())
    held = [file.read_bytes() for file in files]
    for file in files:
        victim.write_text("mine")
        file.unlink()
        file.symlink_to(victim)
    FinishedWriter(filled, tmp_path / "records", scheme=SCHEME)()
    assert victim.read_text() == "mine"
    assert [file.read_bytes() for file in files] == held
    assert not any(file.is_symlink() for file in files)


def test_permissions_are_kept_and_new_files_get_the_default_ones(tmp_path: Path) -> None:
    (tmp_path / "old.jsonl").touch(mode=0o600)
    (tmp_path / "usual").touch()
    write_jsonl((), tmp_path / "old.jsonl")
    write_jsonl((), tmp_path / "new.jsonl")
    assert (tmp_path / "old.jsonl").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "new.jsonl").stat().st_mode == (tmp_path / "usual").stat().st_mode


_WRITE_FOR_EVER = """
import sys
from pathlib import Path
from annotator.core.article import Article
from annotator.core.record import Record, SchemeId
from annotator.export import write_jsonl
rows = [Record(Article(f"Text number {n}."), SchemeId("a", "1")) for n in range(300)]
print("ready", flush=True)
while True:
    write_jsonl(rows, Path(sys.argv[1]))
"""


@pytest.mark.usefixtures("forked")
def test_a_killed_writer_leaves_a_complete_file(tmp_path: Path) -> None:
    target = tmp_path / "out.jsonl"
    for delay in (0.0, 0.003, 0.01, 0.02, 0.05):
        command = [sys.executable, "-c", _WRITE_FOR_EVER, str(target)]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as writer:
            assert writer.stdout is not None
            assert writer.stdout.readline() == b"ready\n"
            while not target.exists():
                pass
            try:
                writer.wait(delay)
            except subprocess.TimeoutExpired:
                writer.kill()
        assert len(list(records_in(target))) == 300


# One small file for each finished review


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "records"
    made.mkdir()
    return made


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_finished_record_appears_and_is_removed_on_reopening(
    filled: Store, tmp_path: Path
) -> None:
    writer = FinishedWriter(filled, tmp_path / "records", scheme=SCHEME)
    assert writer() == 0
    review(filled, ids()[0], "ana")
    assert writer() == 1
    assert names_in(tmp_path / "records") == [f"{ids()[0]}.ana.jsonl"]
    assert writer() == 0
    decide(filled, ids()[0], "ana", reopen())
    assert writer() == 1
    assert names_in(tmp_path / "records") == []


def test_a_reopened_and_a_finished_review_between_two_looks(filled: Store, tmp_path: Path) -> None:
    writer = FinishedWriter(filled, tmp_path / "records", scheme=SCHEME)
    review(filled, ids()[0], "ana")
    writer()
    decide(filled, ids()[0], "ana", reopen())
    review(filled, ids()[1], "ana")
    assert writer() == 2
    assert names_in(tmp_path / "records") == [f"{ids()[1]}.ana.jsonl"]


def test_a_review_finished_again_with_more_decisions_is_rewritten(
    filled: Store, tmp_path: Path
) -> None:
    writer = FinishedWriter(filled, tmp_path, scheme=SCHEME)
    review(filled, ids()[0], "ana")
    writer()
    decide(filled, ids()[0], "ana", reopen())
    decide(filled, ids()[0], "ana", finish())
    assert writer() == 1
    (record,) = records_in(tmp_path / f"{ids()[0]}.ana.jsonl")
    assert record.review.decisions == 4


def test_a_new_writer_continues_after_a_killed_one(filled: Store, folder: Path) -> None:
    for article in ids():
        review(filled, article, "ana")
    FinishedWriter(filled, folder, scheme=SCHEME)()
    untouched, damaged, reopened = (folder / f"{article}.ana.jsonl" for article in ids())
    before = untouched.stat()
    damaged.write_text('{"format": ')
    (folder / f"{TEMPORARY}x").write_text("half")
    decide(filled, ids()[2], "ana", reopen())
    assert FinishedWriter(filled, folder, scheme=SCHEME)() == 2
    assert names_in(folder) == sorted([untouched.name, damaged.name])
    assert untouched.stat().st_mtime_ns == before.st_mtime_ns
    assert len(list(records_in(damaged))) == 1
    assert not reopened.exists()


def test_files_of_other_stores_are_left_alone(filled: Store, folder: Path) -> None:
    other = Record(
        Article("From another database."),
        SCHEME,
        review=ReviewFacts(reviewer="ana", kind="review"),
    )
    kept = folder / file_name(other.article.id, "ana")
    write_jsonl([other], kept)
    (folder / "notes.txt").write_text("mine")
    writer = FinishedWriter(filled, folder, scheme=SCHEME)
    writer()
    writer()
    assert names_in(folder) == sorted([kept.name, "notes.txt"])


@pytest.mark.parametrize(
    ("reviewer", "name"),
    [
        ("ana", "ana"),
        ("Ana Böhm", "Ana%20Böhm"),
        ("../../etc/passwd", "%2e%2e%2f%2e%2e%2fetc%2fpasswd"),
        ("a\0b\n", "a%00b%0a"),
        ("con:", "con%3a"),
        ("bo\u0308", "bö~54af691aea6bdaa6"),
    ],
)
def test_any_reviewers_name_gives_a_safe_file_name(reviewer: str, name: str) -> None:
    assert file_name("f" * 64, reviewer) == f"{'f' * 64}.{name}.jsonl"


def test_a_very_long_name_is_cut_and_stays_unique(tmp_path: Path) -> None:
    names = {file_name("f" * 64, "ü" * 300 + end) for end in "ab"}
    assert len(names) == 2
    for name in names:
        (tmp_path / name).touch()


def test_an_uncreatable_folder_is_an_error_with_advice(filled: Store, tmp_path: Path) -> None:
    (tmp_path / "records").touch()
    with pytest.raises(ExportError) as caught:
        FinishedWriter(filled, tmp_path / "records", scheme=SCHEME)()
    assert "exports" in caught.value.hint


def _items(store: Store, article: str) -> tuple[Entity, ...]:
    opened = store.reviews.open(article, "ana", now=NOW, lease_seconds=60)
    return opened.review.entities
