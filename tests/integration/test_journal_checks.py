"""Whatever is changed in the journal of a store is found."""

from __future__ import annotations

import os
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sqlalchemy import select, update

from annotator.core.decisions import Decision, accept, link
from annotator.core.journal.journal_problems import ProblemKind
from annotator.errors import StoreError
from annotator.export.records import records
from annotator.formats.jsonl import line_of
from annotator.store.journal.kept_heads import FORMAT, end_line, head_line, heads_in, missing
from annotator.store.journal.protection import unlocked
from annotator.store.reviewing.taking import review_row
from annotator.store.sql import columns as t
from annotator.store.sql.row_mapping import DECISION_COLUMNS, decision_from_row
from annotator.store.store import Store
from annotator.store.values import OpenedReview
from tests.helpers.building import NOW, TEXT, open_, press, ready
from tests.helpers.importing import SCHEME
from tests.helpers.journals import Cell, cells, flip, problems, simulated, two_reviews, unprotected
from tests.helpers.stores import empty_database, empty_store, without_syncing

COLUMNS = {
    "decision": (
        *("id", "review_id", "seq", "at", "group", "kind", "target", "keys", "seconds"),
        *("surface", "label", "before", "after", "chain"),
    ),
    "review": (
        *("id", "article_id", "reviewer", "suggestion_set_id", "opened_at", "kind", "assisted"),
        *("opening", "chain", "last_seq", "finished_at", "answer", "total", "open", "entities"),
        "claims",
    ),
    "suggestion_set": (
        *("id", "article_id", "pipeline_name", "pipeline_version", "pipeline_hash", "at"),
        *("dropped", "items"),
    ),
    "identity_decision": (
        *("number", "id", "reviewer", "at", "group", "kind", "target", "before", "after", "chain"),
    ),
    "story_decision": (
        *("number", "id", "reviewer", "at", "group", "kind", "target", "before", "after", "chain"),
    ),
    "log_head": ("log", "number", "chain"),
    "article": ("id", "text", "reviews", "finished"),
}
"""The journal, but for the number of a decision, which is the database's own, and what was opened
with it. Of the article only the text and the counts of its reviews are checked."""


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store file with two reviews of one article."""
    file = tmp_path_factory.mktemp("whole") / "annotator.db"
    with closing(without_syncing(empty_store(file))) as store:
        two_reviews(store)
        assert problems(store) == []
    return file


@pytest.fixture(scope="module")
def every_cell(whole: Path) -> list[Cell]:
    found = [cell for table, names in COLUMNS.items() for cell in cells(whole, table, names)]
    # Nobody has opened the other article.
    return [one for one in found if (one.table, one.rowid) != ("suggestion_set", 2)]


@given(data=st.data())
def test_a_flipped_bit_is_found_wherever_it_is(
    whole: Path, every_cell: list[Cell], tmp_path: Path, data: st.DataObject
) -> None:
    cell = data.draw(st.sampled_from(every_cell))
    file = tmp_path / "flipped.db"
    file.write_bytes(whole.read_bytes())
    assume(flip(file, cell, data.draw(st.integers(0, 1 << 16))))
    with closing(Store.open(f"sqlite:///{file}")) as store:
        assert problems(store) != []


HARMS = {
    "the last decision removed": "DELETE FROM decision WHERE review_id = 1 AND seq = 6",
    "the last decision removed, and what counts it": (
        "DELETE FROM decision WHERE review_id = 2 AND seq = 5;"
        "UPDATE review SET last_seq = 4 WHERE id = 2"
    ),
    "a decision removed": "DELETE FROM decision WHERE review_id = 1 AND seq = 2",
    "a decision removed and the others moved up": (
        "DELETE FROM decision WHERE review_id = 1 AND seq = 2;"
        "UPDATE decision SET seq = seq - 1 WHERE review_id = 1 AND seq > 2;"
        "UPDATE review SET last_seq = 5 WHERE id = 1"
    ),
    "two decisions swapped": (
        "UPDATE decision SET seq = 99 WHERE review_id = 1 AND seq = 3;"
        "UPDATE decision SET seq = 3 WHERE review_id = 1 AND seq = 4;"
        "UPDATE decision SET seq = 4 WHERE review_id = 1 AND seq = 99"
    ),
    "a decision inserted at the end": (
        'INSERT INTO decision (id, review_id, seq, at, "group", kind, keys, seconds, chain) '
        "SELECT 'new', 2, 6, at, 'new', 'finish', 1, 1.0, chain FROM decision WHERE seq = 5 "
        "LIMIT 1; UPDATE review SET last_seq = 6 WHERE id = 2"
    ),
    "a decision moved to the other review": (
        "UPDATE decision SET review_id = 2 WHERE review_id = 1 AND seq = 6;"
        "UPDATE review SET last_seq = 5 WHERE id = 1; UPDATE review SET last_seq = 6 WHERE id = 2"
    ),
    "a whole review removed": (
        "DELETE FROM decision WHERE review_id = 2; DELETE FROM review WHERE id = 2"
    ),
    "all decisions of a review removed": "DELETE FROM decision WHERE review_id = 2",
    "a review without its decisions": "DELETE FROM review WHERE id = 2",
    "an article removed with its reviews": (
        "DELETE FROM decision; DELETE FROM review; DELETE FROM suggestion_set;"
        "DELETE FROM source_article; DELETE FROM article WHERE number = 1"
    ),
    "the last article, but not its file": "DELETE FROM article WHERE number = 2",
    "other suggestions": "UPDATE suggestion_set SET items = '[]'",
    "a blank in the JSON": "UPDATE decision SET before = ' ' || before WHERE seq = 1",
    "another sign in a time": "UPDATE decision SET at = replace(at, ' ', 'T') WHERE seq = 1",
    "the last decision on identities": "DELETE FROM identity_decision WHERE number = 2",
    "the first decision on stories": "DELETE FROM story_decision WHERE number = 1",
    "all decisions on stories": "DELETE FROM story_decision",
}


@pytest.mark.parametrize("harm", HARMS.values(), ids=HARMS)
def test_removed_moved_and_added_rows_are_found(whole: Path, tmp_path: Path, harm: str) -> None:
    file = tmp_path / "harmed.db"
    file.write_bytes(whole.read_bytes())
    with closing(unprotected(file)) as database:
        database.executescript(harm)
    with closing(Store.open(f"sqlite:///{file}")) as store:
        assert problems(store) != []


def test_a_purge_leaves_nothing_wrong(store: Store) -> None:
    article_id = two_reviews(store)
    other = simulated(store, 1)
    store.purge.article(article_id, by="carol", now=NOW)
    assert problems(store) == []
    store.purge.article(other, by="carol", now=NOW)
    assert problems(store) == []


def test_a_purge_takes_identities_out_of_the_middle_of_their_log(store: Store) -> None:
    first, second = (tied(store, number) for number in (1, 2))
    store.purge.article(first, by="carol", now=NOW)
    assert [log.entries for log in store.checks.logs()] == [1, 0]
    tied(store, 3)
    assert problems(store) == []
    store.purge.article(second, by="carol", now=NOW)
    assert problems(store) == []


def tied(store: Store, number: int) -> str:
    """An article whose review ties an entity to an identity of its own; its id."""
    article_id = ready(store, f"Number {number}\n\n{TEXT}")
    opened = open_(store, article_id)
    item = opened.review.entities[0]
    press(store, opened, accept(item), link(item, replace(item, identity=f"q{number}")))
    return article_id


def test_redacted_decisions_are_still_protected(store: Store) -> None:
    store.purge.article(two_reviews(store), by="carol", now=NOW)
    change_a_title(store)
    (problem,) = problems(store)
    assert problem.kind is ProblemKind.CHAIN
    assert problem.message.startswith("Decision on stories 1 was changed")


def change_a_title(store: Store) -> None:
    with (
        store.database.writing() as connection,
        unlocked(connection, t.story_decision, "update"),
    ):
        told = {"title": "Another", "articles": []}
        c = t.story_decision.c
        connection.execute(update(t.story_decision).where(c.number == 1).values(after=told))


def test_the_first_thing_wrong_of_a_review_is_named(store: Store) -> None:
    two_reviews(store)
    with store.database.writing() as connection, unlocked(connection, t.decision, "update"):
        c = t.decision.c
        connection.execute(update(t.decision).where(c.seq.in_((3, 5))).values(keys=7))
    found = [(one.reviewer, one.entry) for one in problems(store)]
    assert found == [("ada", 3), ("bo", 3)]


def test_wrong_words_of_a_suggestion_that_nobody_decided_on_are_found(store: Store) -> None:
    article_id = ready(store)
    with store.database.writing() as connection:
        connection.execute(update(t.article).values(text=f"{TEXT}And more.\n"))
    (problem,) = problems(store)
    assert (problem.kind, problem.article) == (ProblemKind.OFFSETS, article_id)


def test_heads_kept_elsewhere_show_a_store_that_was_replaced(store: Store, tmp_path: Path) -> None:
    simulated(store, 1)
    heads = [head for article in store.checks.articles() for head in article.heads]
    simulated(store, 2)
    assert list(missing(store.database, heads, "heads")) == []
    other = without_syncing(empty_store(tmp_path / "other.db"))
    simulated(other, 2)
    assert problems(other) == []
    assert [one.entry for one in missing(other.database, heads, "heads")] == [heads[0]["seq"]]
    other.close()


def test_heads_of_a_purged_article_are_not_missed(store: Store) -> None:
    article_id = two_reviews(store)
    heads = [head for article in store.checks.articles() for head in article.heads]
    heads += [
        {"log": log.log, "number": log.number, "chain": log.head} for log in store.checks.logs()
    ]
    store.purge.article(article_id, by="carol", now=NOW)
    assert list(missing(store.database, heads, "heads")) == []


@pytest.mark.parametrize(
    "line", [b"", b"{}\n", b'{"format":"annotator.heads/3"}\n', b"\xff\n", b"[]\n", end_line(7)]
)
def test_other_files_are_no_heads(line: bytes) -> None:
    with pytest.raises(StoreError, match=r"Line 1 of kept\.jsonl"):
        list(heads_in([line], "kept.jsonl"))
    with pytest.raises(StoreError, match=r"Line 2 of kept\.jsonl"):
        list(heads_in([head_line(FORMAT), line], "kept.jsonl"))


def test_an_empty_file_is_no_list_of_heads() -> None:
    with pytest.raises(StoreError, match=r"The empty file kept\.jsonl"):
        list(heads_in([], "kept.jsonl"))
    assert list(heads_in([head_line(FORMAT), end_line(0)], "kept.jsonl")) == []


def test_heads_that_were_cut_off_are_noticed_wherever_that_was() -> None:
    heads = [{"log": "story_decision", "number": n, "chain": "0"} for n in (1, 2, 3)]
    lines = [head_line(FORMAT), *map(head_line, heads), end_line(3)]
    assert list(heads_in(lines, "kept")) == heads
    for left in range(1, len(lines)):
        with pytest.raises(StoreError, match=f"kept was cut off after line {left}"):
            list(heads_in(lines[:left], "kept"))
    with pytest.raises(StoreError, match="Line 4 of kept"):
        list(heads_in([*lines[:2], *lines[3:]], "kept"))


def test_heads_of_earlier_versions_are_read() -> None:
    before = b'{"format":"annotator.heads/1"}\n'
    head = {"log": "story_decision", "number": 1, "chain": "0"}
    assert list(heads_in([before, head_line(head)], "kept")) == [head]


REPLAYED = 1000 if os.environ.get("HYPOTHESIS_PROFILE") == "thorough" else 60


def test_reviews_replayed_from_the_journal_give_the_same_export(
    store: Store, tmp_path: Path
) -> None:
    """1,000 of them in the profile `thorough`."""
    for number in range(REPLAYED):
        simulated(store, number)
    url = empty_database(tmp_path / "replayed.db")
    # What the memory suggested is among the suggestions already.
    replayed = without_syncing(Store.open(url, recalling=None))
    for opened in store.finished.reviews():
        items = opened.review.suggestions
        article_id = ready(replayed, opened.article.text, items)
        again = open_(replayed, article_id, opened.review.reviewer)
        assert again.review.suggestions == items
        replayed.reviews.append(journal_of(store, opened), text=opened.article.text)
    assert exported(replayed) == exported(store)
    assert problems(replayed) == problems(store) == []
    replayed.close()


def journal_of(store: Store, opened: OpenedReview) -> list[Decision]:
    """The decisions of a review as they stand in the journal."""
    c = t.decision.c
    with store.database.reading() as connection:
        row = review_row(connection, opened.article.id, opened.review.reviewer)
        assert row is not None
        rows = connection.execute(
            select(*DECISION_COLUMNS).where(c.review_id == row.id).order_by(c.seq)
        )
        return [decision_from_row(one, row.article_id, row.reviewer) for one in rows]


def exported(store: Store) -> bytes:
    return b"".join(map(line_of, records(store, scheme=SCHEME)))
