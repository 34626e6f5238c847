"""`import`, `purge` and `backup` as users call them; imports killed at any moment."""

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import spacy
from spacy.tokens import DocBin

from tests.e2e.conftest import ROOT, Annotator
from tests.helpers.importing import record, write

pytestmark = pytest.mark.usefixtures("forked", "database")
GOLD = ROOT / "seeds" / "gold" / "northern-wire.jsonl"
FORMATS = {
    "prodigy": "theirs.jsonl",
    "label-studio": "theirs.json",
    "offsets": "theirs.jsonl",
    "spacy": "theirs.spacy",
    "conll": "theirs.conll",
    "brat": "theirs",
}


def test_as_reviewer_takes_a_name(annotator: Annotator) -> None:
    before = annotator("import", "--as", "reviewer", "bo", str(GOLD), "--json")
    after = annotator("import", str(GOLD), "--as=reviewer", "bo", "--json")
    exported = annotator("export", "--output", "-")
    assert counts(before) == {"imported": 1, "known": 0, "refused": []}
    assert counts(after) == {"imported": 0, "known": 1, "refused": []}
    assert (before.result["finished"], before.result["suggested"]) == ({"bo": 1}, 0)
    (line,) = map(json.loads, exported.out.splitlines())
    assert (line["review"]["reviewer"], line["review"]["kind"]) == ("bo", "import")


def test_the_examples_of_the_readme_work(annotator: Annotator) -> None:
    part = (ROOT / "README.md").read_text(encoding="utf-8").split("\n## What goes in\n")[1]
    example = part.split("```console\n")[1].split("```")[0]
    commands = [one.split("\n", 1) for one in example.removeprefix("$ ").split("\n$ ")]
    assert len(commands) == 2
    for line, shown in commands:
        words = line.replace("seeds/gold", str(ROOT / "seeds" / "gold")).split()
        assert words[:2] == ["annotator", "import"]
        done = annotator(*words[1:])
        assert f"{done.out}{done.err}".rstrip() == shown.rstrip()


def test_recognition_is_reported_on_standard_error_only(
    annotator: Annotator, tmp_path: Path
) -> None:
    (tmp_path / "a.conllu").write_text("1\tAda\tPROPN\tB-PERSON\n2\tleft\tVERB\tO\n")
    for name in ("b", "c"):
        (tmp_path / f"{name}.txt").write_bytes(f"One {name}.\r\nBob Hay stayed.\r\n".encode())
        (tmp_path / f"{name}.ann").write_text("T1\tPERSON 7 14\tBob Hay\n")
    files = [str(tmp_path / name) for name in ("a.conllu", "b.ann", "c.ann")]
    done = annotator("import", *files, "--json")
    assert counts(done) == {"imported": 3, "known": 0, "refused": []}
    assert "a.conllu: columns: 2 word, 4 tag, 1 number; 3 not read\n" in done.err
    assert "b.ann and 1 more: offsets count code points, CRLF as one: " in done.err
    named = annotator("import", files[0], "--columns", "word=2,tag=3", "--format", "conll")
    assert named.status == 1
    assert "column 3 holds no tag" in named.err


def test_an_exported_dataset_can_be_imported(annotator: Annotator, tmp_path: Path) -> None:
    dataset = tmp_path / "dataset"
    annotator("export", "--from", str(GOLD), "--dataset", str(dataset))
    done = annotator("import", str(dataset), "--as", "reviewer", "bo", "--json")
    assert counts(done) == {"imported": 1, "known": 0, "refused": []}


def test_a_file_after_reviewer_is_not_a_name(annotator: Annotator) -> None:
    assert annotator("import", "--as", "reviewer", str(GOLD)).status == 0
    (line,) = map(json.loads, annotator("export", "--output", "-").out.splitlines())
    (gold,) = map(json.loads, GOLD.read_text(encoding="utf-8").splitlines())
    assert line["review"]["reviewer"] == gold["review"]["reviewer"]


def test_the_default_is_suggestions(annotator: Annotator) -> None:
    assert annotator("import", str(GOLD), "--json").result["imported"] == 1
    report = annotator("report", "--json").result
    assert (report["ready"], report["finished"]) == (1, 0)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--as", "reviewer", "--reviewer", ""), "needs a NAME"),
        (("--as", "reviewer", "x" * 101), "cannot be a reviewer's name"),
        (("--as", "nobody"), "is not"),
        (("--reviewer", "bo"), "requires --as reviewer"),
        (("--offsets", "words"), "not one of codepoints"),
        (("--columns", "word=1"), "both word=N and tag=N"),
    ],
)
def test_wrong_usage_is_reported_as_such(
    annotator: Annotator, words: tuple[str, ...], said: str
) -> None:
    done = annotator("import", str(GOLD), *words)
    assert done.status == 2
    assert said in " ".join(done.err.split())


@pytest.mark.parametrize("name", FORMATS)
def test_every_exported_format_is_recognised_and_imported(
    annotator: Annotator, tmp_path: Path, name: str
) -> None:
    file = str(tmp_path / FORMATS[name])
    annotator("export", "--format", name, "--from", str(GOLD), "--output", file)
    done = annotator("import", file, "--as", "reviewer", "bo", "--json")
    assert counts(done) == {"imported": 1, "known": 0, "refused": []}
    (line,) = map(json.loads, annotator("export", "--output", "-").out.splitlines())
    gold = json.loads(GOLD.read_text(encoding="utf-8"))
    assert words_of(line) == words_of(gold)


def test_a_folder_of_formats_that_are_only_read_is_imported(
    annotator: Annotator, tmp_path: Path
) -> None:
    (tmp_path / "theirs").mkdir()
    layer = "de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity"
    tokens = [{"orth": "Bo", "ner": "U-PERSON"}, {"orth": "left", "ner": "O"}]
    answer = {"value": [{"start": 0, "end": 3, "label": "PERSON"}], "user_id": "ada"}
    files = {
        "ada.tsv": f"#FORMAT=WebAnno TSV 3.3\n#T_SP={layer}|value\n\n\n#Text=Ada left\n"
        "1-1\t0-3\tAda\tPERSON\t\n1-2\t4-8\tleft\t_\t\n",
        "train.json": json.dumps([{"id": 0, "paragraphs": [{"sentences": [{"tokens": tokens}]}]}]),
        "records.json": json.dumps(
            [{"fields": {"text": "Eve left"}, "responses": {"spans": [answer]}, "suggestions": {}}]
        ),
        "counts.tsv": "label\tcount\n",
    }
    for name, content in files.items():
        (tmp_path / "theirs" / name).write_text(content)
    done = annotator("import", str(tmp_path / "theirs"), "--as", "reviewer", "cy", "--json")
    assert counts(done) == {"imported": 3, "known": 0, "refused": []}
    lines = map(json.loads, annotator("export", "--output", "-").out.splitlines())
    assert sorted(
        (one["origin"]["name"], one["text"], *(e["text"] for e in one["entities"])) for one in lines
    ) == [
        ("ada.tsv", "Ada left", "Ada"),
        ("records.json", "Eve left", "Eve"),
        ("train.json", "Bo left", "Bo"),
    ]


def test_a_label_map_of_settings_or_file_is_used(
    annotator: Annotator, workspace: Path, tmp_path: Path
) -> None:
    row = {"text": "Ada Low left.", "entities": [[0, 7, "PER"]]}
    (tmp_path / "a.jsonl").write_text(json.dumps(row))
    (tmp_path / "our.map").write_text("# people\nPER=PERSON\n")
    with (workspace / "annotator.toml").open("a") as settings:
        settings.write('[label_maps.theirs]\nPER = "PERSON"\n')
    refused = annotator("import", str(tmp_path / "a.jsonl"))
    by_file = annotator("import", str(tmp_path / "a.jsonl"), "--map", str(tmp_path / "our.map"))
    by_name = annotator("import", str(tmp_path / "a.jsonl"), "--map", "theirs", "--json")
    assert (refused.status, "PER (1)" in refused.err) == (1, True)
    assert by_file.status == 0
    assert by_name.result["known"] == 1


def test_refusals_are_listed_with_file_line_and_reason(
    annotator: Annotator, tmp_path: Path
) -> None:
    good = GOLD.read_bytes()
    (tmp_path / "mixed.jsonl").write_bytes(good + b"{}\n")
    done = annotator("import", str(tmp_path / "mixed.jsonl"), "--json")
    (refused,) = done.result["refused"]
    assert (done.status, done.result["imported"]) == (1, 1)
    assert (refused["file"], refused["line"]) == ("mixed.jsonl", 2)
    assert refused["reason"].startswith("format: ")
    assert "mixed.jsonl, 2" in done.err
    assert annotator("import", str(tmp_path / "mixed.jsonl"), "--partial").status == 0


def test_articles_of_a_file_without_lines_are_counted(annotator: Annotator, tmp_path: Path) -> None:
    made = spacy.blank("en")("Nobody has looked at this.")
    DocBin(docs=[made]).to_disk(tmp_path / "bare.spacy")
    done = annotator("import", str(tmp_path / "bare.spacy"), "--as", "reviewer", "bo")
    assert "    bare.spacy, article 1" in done.err
    assert "it is unreviewed" in done.err
    assert done.out == "0 imported as finished reviews by bo, 0 known, 1 refused\n"
    assert (done.status, "Nothing was imported." in done.err) == (1, True)


def test_each_named_annotator_gets_a_review(annotator: Annotator, tmp_path: Path) -> None:
    row = {"text": "Ada met Bo.", "_view_id": "ner_manual", "answer": "accept"}
    rows = [
        row | {"_annotator_id": "ada", "spans": [{"start": 0, "end": 3, "label": "PERSON"}]},
        row | {"_annotator_id": "bo", "spans": [{"start": 8, "end": 10, "label": "PERSON"}]},
    ]
    (tmp_path / "two.jsonl").write_text("\n".join(map(json.dumps, rows)))
    done = annotator("import", str(tmp_path / "two.jsonl"), "--as", "reviewer")
    lines = map(json.loads, annotator("export", "--output", "-").out.splitlines())
    assert done.out == "2 imported as finished reviews by ada (1), bo (1), 0 known, 0 refused\n"
    assert {line["review"]["reviewer"]: words_of(line) for line in lines} == {
        "ada": [("Ada", "PERSON")],
        "bo": [("Bo", "PERSON")],
    }


def test_files_without_annotators_need_a_name(annotator: Annotator, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps({"text": "Ada left.", "entities": []}))
    done = annotator("import", str(tmp_path / "a.jsonl"), "--as", "reviewer")
    assert (done.status, done.out) == (1, "")
    assert "--as reviewer NAME" in done.err


@pytest.mark.parametrize("kind", ["words", "records", "link"])
def test_a_refusals_file_never_replaces_another_file(
    annotator: Annotator, tmp_path: Path, kind: str
) -> None:
    mine = tmp_path / "mine"
    mine.write_bytes(GOLD.read_bytes() if kind == "records" else b"my notes\n")
    before = mine.read_bytes()
    target = mine
    if kind == "link":
        target = tmp_path / "link"
        target.symlink_to(mine)
    done = annotator("import", str(GOLD), "--refusals", str(target))
    assert (done.status, "exists and is not" in done.err) == (1, True)
    assert mine.read_bytes() == before


def test_an_import_of_nothing_says_so(annotator: Annotator, tmp_path: Path) -> None:
    (tmp_path / "empty.jsonl").touch()
    done = annotator("import", str(tmp_path / "empty.jsonl"))
    assert (done.status, "Nothing was imported" in done.err) == (1, True)


def test_refusals_are_grouped_by_kind_and_all_written(annotator: Annotator, tmp_path: Path) -> None:
    rows = [{"text": f"Ada left, {n}.", "entities": [[0, 99 + n, "PERSON"]]} for n in range(9)]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, rows)))
    all_of_them = tmp_path / "refused.jsonl"
    words = ("import", str(tmp_path / "a.jsonl"), "--as", "reviewer", "bo")
    done = annotator(*words, "--refusals", str(all_of_them))
    again = annotator(*words, "--refusals", str(tmp_path / "a.jsonl"))
    lines = [json.loads(line) for line in all_of_them.read_text().splitlines()]
    assert done.out.startswith("0 imported as finished reviews by bo, 9 as suggestions, 0 known, 0")
    assert done.out.endswith("refused, 9 pieces of 9 articles refused\n")
    assert [line["line"] for line in lines] == list(range(1, 10))
    assert len(done.err.splitlines()) < 9
    assert "… and 6 more" in done.err
    assert (again.status, "one of the input files" in again.err) == (1, True)
    assert len((tmp_path / "a.jsonl").read_text().splitlines()) == 9


def test_an_article_is_purged_and_stays_away(annotator: Annotator, workspace: Path) -> None:
    annotator("import", str(GOLD), "--as", "reviewer", "bo")
    backup = annotator("backup", str(workspace / "before.db"), "--json").result
    name = json.loads(GOLD.read_text(encoding="utf-8"))["id"]
    nobody_to_ask = annotator("purge", name[:12])
    done = annotator("purge", name[:12], "--yes", "--json")
    again = annotator("import", str(GOLD), "--json").result
    added = annotator("add", str(ROOT / "seeds" / "northern-wire.txt"), "--json").result
    assert backup["output"] == str(workspace / "before.db")
    assert (nobody_to_ask.status, "--yes" in nobody_to_ask.err) == (1, True)
    assert done.result["purged"] == name
    assert done.result["by"] == "tester"
    assert done.result["may_still_hold_it"] == [str(workspace / "before.db")]
    assert again["refused"][0]["reason"].endswith("by tester.")
    assert (added["added"], added["rejected"]) == (0, 1)
    assert annotator("report", "--json").result["articles"] == 0


def test_a_killed_import_leaves_whole_articles_only(workspace: Path, tmp_path: Path) -> None:
    file = write(tmp_path / "many.jsonl", map(record, range(800)))
    chance, stored = random.Random(6), 0
    for _ in range(5):
        process = started(workspace, file)
        while process.poll() is None and count_of(workspace, "article") == stored:
            time.sleep(0.005)
        time.sleep(chance.uniform(0, 0.05))
        process.kill()
        process.communicate()
        stored = assert_whole(workspace)
    done, _ = started(workspace, file).communicate(timeout=120)
    assert b" known, 0 refused" in done
    assert assert_whole(workspace) == 800


def test_an_interrupted_import_finishes_its_batch_and_says_how_to_continue(
    workspace: Path, tmp_path: Path
) -> None:
    file = write(tmp_path / "many.jsonl", map(record, range(1500)))
    process = started(workspace, file)
    while process.poll() is None and not count_of(workspace, "article"):
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    stored = assert_whole(workspace)
    assert process.returncode == 130
    assert b"Run the same command again to continue." in said
    assert 0 < stored < 1500


def counts(done: Any) -> dict[str, Any]:
    """The part of a result that other programs rely on."""
    return {name: done.result[name] for name in ("imported", "known", "refused")}


def words_of(line: dict[str, Any]) -> list[tuple[str, str]]:
    """Entities with their words; formats of tokens have blanks of their own between these."""
    return [(one["text"].replace(" ", ""), one["label"]) for one in line["entities"]]


def started(workspace: Path, file: Path) -> "subprocess.Popen[bytes]":
    """The verb at work in a process of its own."""
    words = ["--workspace", str(workspace), "import", str(file), "--as", "reviewer", "bo"]
    environment = {k: v for k, v in os.environ.items() if not k.startswith("ANNOTATOR_")}
    return subprocess.Popen(
        [sys.executable, "-m", "annotator", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
    )


def assert_whole(workspace: Path) -> int:
    """Every article has its one finished review with all of its decisions; how many there are."""
    articles = count_of(workspace, "article")
    whole = count_of(
        workspace,
        "review r JOIN article a ON a.id = r.article_id AND a.finished = 1 AND a.stage = 'ready' "
        "WHERE r.finished_at IS NOT NULL AND r.last_seq = 5 AND "
        "(SELECT count(*) FROM decision d WHERE d.review_id = r.id) = 5",
    )
    assert articles == whole == count_of(workspace, "suggestion_set")
    return articles


def count_of(workspace: Path, rows: str) -> int:
    connection = sqlite3.connect(workspace / "annotator.db", timeout=30)
    try:
        return int(connection.execute(f"SELECT count(*) FROM {rows}").fetchone()[0])
    except sqlite3.OperationalError:  # there are no tables yet
        return 0
    finally:
        connection.close()
