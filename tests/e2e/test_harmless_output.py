"""Foreign text reaches the terminal harmlessly, from every verb."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.conftest import ROOT, Annotator
from tests.helpers.verbs import Done

pytestmark = pytest.mark.usefixtures("database")
EVIL = "\x1b]0;PWNED\x07\x9b31m"
GOLD = ROOT / "seeds" / "gold" / "northern-wire.jsonl"


def write(folder: Path, name: str, *lines: object) -> str:
    path = folder / name
    path.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
    return str(path)


def assert_harmless(done: Done) -> None:
    for stream in (done.out, done.err):
        assert not {"\x1b", "\x07", "\x9b"} & set(stream)
    assert "Traceback" not in done.err


def of_others(folder: Path) -> Iterator[str]:
    """Files that say something hostile wherever an import may repeat it."""
    text = "Mayor Jane Doe said so."
    yield write(folder, "label.jsonl", {"text": text, "entities": [[6, 14, f"L{EVIL}"]]})
    yield write(folder, f"name{EVIL}.jsonl", {"text": text, "entities": [[6, 900, "PERSON"]]})
    yield write(folder, "words.jsonl", {"text": text, "spans": [{"start": EVIL, "end": 3}]})
    yield write(folder, "format.json", {"format": f"annotator.record/{EVIL}"})
    yield write(folder, "view.jsonl", {"text": text, "_view_id": EVIL, "spans": []})
    broken = folder / "broken.jsonl"
    broken.write_bytes(f'{{"text": "{EVIL}\n'.encode())
    yield str(broken)
    brat = folder / "brat"
    brat.mkdir()
    (brat / "a.txt").write_text(text)
    (brat / "a.ann").write_text(f"T1\tPER{EVIL} 6 14\tJane Doe\nT2\tPER 6 14\tJ{EVIL}\n")
    yield str(brat)


def test_imports_print_no_control_characters(annotator: Annotator, tmp_path: Path) -> None:
    for path in of_others(tmp_path):
        done = annotator("import", path)
        assert done.out + done.err
        assert_harmless(done)


def test_reviewers_titles_and_file_names_are_harmless_in_every_verb(
    annotator: Annotator, workspace: Path, tmp_path: Path
) -> None:
    record = json.loads(GOLD.read_text(encoding="utf-8"))
    record["title"] = f"Ferry {EVIL}"
    record["origin"]["name"] = f"ferry{EVIL}.txt"
    record["entities"][0]["note"] = EVIL
    source = write(tmp_path, "gold.jsonl", record)
    (workspace / "inbox" / f"bad{EVIL}.txt").write_bytes(b"\xff\xfe\xff")
    annotator("add", str(workspace / "inbox"))
    whose = ("--as", "reviewer", "bo")
    assert annotator("import", source, *whose).status == 0
    for words in (
        ("report",),
        ("report", "--json"),
        ("export", "--format", "conll", "--losses", "--output", str(tmp_path / "one.conll")),
        ("export", "--format", "brat", "--losses", "--output", str(tmp_path / "brat")),
        ("export", "--outlet", EVIL, "--output", str(tmp_path / "none.jsonl")),
        ("export", "--output", str(tmp_path / f"no{EVIL}" / "where.jsonl")),
        ("export", f"--{EVIL}"),
        ("evaluate", "--gold", str(tmp_path / f"no{EVIL}.jsonl")),
        (f"verb{EVIL}",),
        ("purge", record["id"], "--yes"),
    ):
        assert_harmless(annotator(*words))


def test_json_output_escapes_control_characters(annotator: Annotator, workspace: Path) -> None:
    (workspace / "inbox" / f"bad{EVIL}.txt").write_bytes(b"\xff\xfe\xff")
    annotator("add", str(workspace / "inbox"))
    (file,) = annotator("report", "--json").result["rejected"]
    assert file["name"] == f"bad{EVIL}.txt"


@pytest.mark.skipif(sys.platform != "linux", reason="opens a pseudo-terminal")
@pytest.mark.usefixtures("forked")
def test_a_dataset_is_harmless_on_a_terminal(workspace: Path, tmp_path: Path) -> None:
    record = json.loads(GOLD.read_text(encoding="utf-8"))
    record["origin"]["author"] = EVIL
    source = write(tmp_path, "gold.jsonl", record)
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "annotator", "--workspace", str(workspace)]
    command += ["export", "--from", source, "--format", "csv", "--output", "-"]
    with subprocess.Popen(command, stdout=theirs, stderr=subprocess.DEVNULL) as process:
        os.close(theirs)
        seen = b""
        while True:
            try:
                part = os.read(ours, 65536)
            except OSError:
                break
            if not part:
                break
            seen += part
        assert process.wait() == 0
    os.close(ours)
    assert b"northern" in seen.lower() or len(seen) > 1000
    assert b"\x1b" not in seen


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("words", [("report",), ("--version",), ("export", "--output", "-")])
def test_a_full_disk_behind_standard_output_is_reported_in_one_line(
    workspace: Path, words: tuple[str, ...]
) -> None:
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "annotator", "--workspace", str(workspace), *words],
            stdout=full,
            stderr=subprocess.PIPE,
            timeout=60,
            check=False,
        )
    said = done.stderr.decode()
    if words[0] != "export":
        assert done.returncode == 1
        assert "No space left" in said
    assert "Traceback" not in said


@pytest.mark.parametrize("article", ["0", "a", "abcdef0"])
def test_a_mistyped_id_purges_no_article(annotator: Annotator, article: str) -> None:
    annotator("import", str(GOLD))
    done = annotator("purge", article, "--yes")
    assert (done.status, "too short" in done.err) == (1, True)


def test_an_unremovable_record_does_not_stop_a_purge(annotator: Annotator, workspace: Path) -> None:
    name = json.loads(GOLD.read_text(encoding="utf-8"))["id"]
    annotator("import", str(GOLD), "--as", "reviewer", "bo")
    stuck = workspace / "exports" / "records" / f"{name}.bo.jsonl"
    stuck.mkdir(parents=True)
    done = annotator("purge", name, "--yes", "--json")
    assert done.status == 1
    assert done.result["files_left"] == [str(stuck)]
    assert done.result["erased"] is True
    assert "Traceback" not in done.err
    assert annotator("report", "--json").result["articles"] == 0
    stuck.rmdir()
    assert annotator("purge", name, "--yes").status == 0
