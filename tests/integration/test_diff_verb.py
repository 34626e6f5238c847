"""`annotator diff`: two files, or folders, of records."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from annotator.core.annotations import Verdict
from annotator.core.record import Record
from tests.helpers.importing import entity, record, write
from tests.helpers.verbs import call


def changed(one: Record) -> Record:
    """The record with one entity removed, one relabelled and one added."""
    ada, _, place = one.entities
    text = one.article.text
    more = entity(text, "time", "DATE", Verdict.ADDED)
    return replace(one, entities=(replace(ada, label="ORG"), place, more))


@pytest.fixture
def datasets(tmp_path: Path) -> tuple[str, str]:
    """A file, and a folder with the same records in other files, one of them changed."""
    old = write(tmp_path / "old.jsonl", [record(1), record(2), record(3)])
    (tmp_path / "new").mkdir()
    write(tmp_path / "new" / "train.jsonl", [record(4), changed(record(2))])
    write(tmp_path / "new" / "dev.jsonl", [record(1)])
    return str(old), str(tmp_path / "new")


def test_the_result_has_every_difference_once(datasets: tuple[str, str]) -> None:
    done = call("diff", *datasets, "--json")
    assert (done.status, done.err) == (0, "")
    result = done.result
    # Three items of a record that is gone, three of a new one, and those of the changed one.
    assert (result["added"], result["removed"], result["changed"]) == (4, 4, 1)
    (one,) = (row for row in result["items"] if row["change"] == "changed")
    assert (one["item"], one["fields"], one["reviewer"]) == ("entity", ["label"], "carol")
    assert (one["old"]["label"], one["new"]["label"]) == ("PERSON", "ORG")
    assert one["article"] == record(2).article.id
    kinds = {row["article"]: row["change"] for row in result["records"]}
    assert kinds == {
        record(2).article.id: "changed",
        record(3).article.id: "removed",
        record(4).article.id: "added",
    }


def test_differences_are_printed_below_their_articles(datasets: tuple[str, str]) -> None:
    done = call("diff", *datasets)
    lines = done.out.splitlines()
    start = lines.index(f"{record(2).article.id[:12]}  Meeting 2, reviewed by carol")
    assert lines[start + 1 : start + 4] == [
        "  ~ [0, 7) ORG “Ada Low”: label PERSON → ORG",
        "  - [12, 20) PERSON “Bo Marsh”",
        "  + [48, 52) DATE “time”",
    ]
    assert f"{record(3).article.id[:12]}  Meeting 3, reviewed by carol: removed" in lines
    assert done.err == "4 added, 4 removed, 1 changed, in 3 articles\n"
    same = call("diff", datasets[0], datasets[0])
    assert (same.status, same.out, same.err) == (0, "", "No differences.\n")


def test_a_folder_without_records_is_an_error(datasets: tuple[str, str], tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "other.jsonl").write_text('{"text": "x"}\n')
    for wrong, said in (
        ("missing.jsonl", "There is no file"),
        (str(tmp_path / "empty"), "has no .jsonl file"),
        (str(tmp_path / "other.jsonl"), "other.jsonl, line 1: format: expected"),
    ):
        done = call("diff", datasets[0], wrong)
        assert (done.status, done.out) == (1, "")
        assert said in done.err
    assert call("diff", datasets[0]).status == 2
