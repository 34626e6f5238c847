"""`log`, `blame` and `verify` as users call them."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import update

from annotator.store.journal.protection import unlocked
from annotator.store.sql import columns as t
from annotator.store.store import Store
from tests.e2e.conftest import Annotator, write_settings
from tests.helpers.journals import two_reviews

pytestmark = pytest.mark.usefixtures("forked", "database")


@pytest.fixture
def article(workspace: Path) -> str:
    store = Store.open(f"sqlite:///{workspace / 'annotator.db'}")
    article_id = two_reviews(store)
    store.close()
    return article_id


def test_the_log_tells_all_reviews_in_order(annotator: Annotator, article: str) -> None:
    told = annotator("log", article[:8], "--json").result["decisions"]
    assert [(one["reviewer"], one["seq"]) for one in told if one["kind"] != "note"] == [
        *(("ada", 1), ("bo", 1), ("ada", 3), ("bo", 3), ("ada", 4), ("bo", 4), ("ada", 5)),
        *(("bo", 5), ("ada", 6)),
    ]
    assert told[-2]["words"] == "undone: added PERSON “She”"
    lines = annotator("log", article).out.splitlines()
    assert lines[-1].endswith("  ada     6  finished")
    assert lines[2].startswith("bo: opened ")


def test_blame_names_who_last_touched_each_item(annotator: Annotator, article: str) -> None:
    items = annotator("blame", article, "--json").result["items"]
    assert [(one["review"], one["item"]["text"], one["kind"]) for one in items] == [
        ("ada", "Ada Low", "note"),
        ("ada", "Port Ellis", None),
        ("bo", "Ada Low", "note"),
        ("bo", "Port Ellis", None),
    ]
    assert "nobody yet: GPE “Port Ellis”" in annotator("blame", article).out


def test_an_article_is_found_by_its_file(annotator: Annotator, article: str) -> None:
    by_name = annotator("blame", f"{article[:8]}.txt", "--json")
    assert by_name.result == annotator("blame", article, "--json").result
    unknown = annotator("log", "nothing.txt")
    assert (unknown.status, unknown.out) == (1, "")


def test_a_store_is_verified(annotator: Annotator, article: str, workspace: Path) -> None:
    heads = workspace / "heads.jsonl"
    done = annotator("verify", "--json", "--heads", str(heads))
    assert done.status == 0
    assert done.result["checked"] == {"chain": 15, "fold": 2, "offsets": 13, "exports": 0}
    assert done.result["problems"] == []
    change(workspace)
    harmed = annotator("verify", "--json", "--against", str(heads))
    assert harmed.status == 1
    assert harmed.result["wrong"] == {"chain": 1, "fold": 0, "offsets": 0, "exports": 0}
    (problem,) = harmed.result["problems"]
    named = {name: problem[name] for name in ("kind", "article", "reviewer", "entry")}
    assert named == {"kind": "chain", "article": article, "reviewer": "ada", "entry": 2}
    told = annotator("verify")
    assert f"{article[:12]} reviewed by ada: Decision 2 (note, " in told.out
    assert "1 problem." in told.err


def test_missing_files_are_no_fault_of_the_database(
    annotator: Annotator, article: str, workspace: Path
) -> None:
    (workspace / "exports" / "records").mkdir(parents=True, exist_ok=True)
    done = annotator("verify")
    assert done.status == 1
    assert "The database is intact" in done.err
    assert f"{article}.ada.jsonl is missing (`annotator watch` writes it)" in done.out


def test_answers_of_others_are_not_told_before_one_has_finished(
    annotator: Annotator, article: str, workspace: Path
) -> None:
    write_settings(workspace, reviewer="bo", reviews_per_article=2)
    blind = annotator("log", article, "--json").result
    assert {one["reviewer"] for one in blind["decisions"]} == {"bo"}
    assert blind["hidden"] == 1
    assert annotator("blame", article, "--json").result["hidden"] == 1


def change(workspace: Path) -> None:
    store = Store.open(f"sqlite:///{workspace / 'annotator.db'}")
    with store.database.writing() as connection, unlocked(connection, t.decision, "update"):
        c = t.decision.c
        connection.execute(update(t.decision).where(c.id.contains("ada-2")).values(keys=9))
    store.close()
