"""The main use: `annotator run` in a terminal, keys pressed, records written."""

import json
import os
import shutil
import signal
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import jsonschema
import pytest

from annotator.settings import bundled
from tests.e2e.conftest import ROOT, Annotator, write_settings
from tests.helpers.forked import children_of
from tests.helpers.terminal import Terminal

SEEDS = sorted((ROOT / "seeds").glob("*.txt"))
PATIENCE = 60.0  # seconds; a busy machine loads the pipeline slowly


def _headline(seed: Path) -> str:
    return seed.read_text(encoding="utf-8").splitlines()[0]


def _until(holds: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if holds():
            return True
        time.sleep(0.05)
    return holds()


def _processes_of(workspace: Path, first: int) -> list[int]:
    """Those of the workspace, which `first` has started, in whatever way."""
    return sorted({*_named(workspace), *_forked_from(first)})


def _forked_from(first: int) -> set[int]:
    below = children_of(first)
    return {pid for one in below for pid in (one, *_forked_from(one))}


def _named(workspace: Path) -> list[int]:
    """The processes whose command line names the workspace, or whose parent is one of them."""
    found: dict[int, int] = {}
    ours: set[int] = set()
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            command = (entry / "cmdline").read_bytes()
            status = (entry / "stat").read_text()
        except OSError:
            continue
        pid, parent = int(entry.name), int(status.rpartition(")")[2].split()[1])
        if status.rpartition(")")[2].split()[0] == "Z" or pid == os.getpid():
            continue
        found[pid] = parent
        if str(workspace).encode() in command:
            ours.add(pid)
    return sorted(pid for pid, parent in found.items() if pid in ours or parent in ours)


def _is_ready(workspace: Path) -> bool:
    """Whether an article of the workspace has its suggestions."""
    with closing(sqlite3.connect(workspace / "annotator.db", timeout=30)) as database:
        found = database.execute("SELECT count(*) FROM article WHERE stage = 'ready'")
        return bool(found.fetchone()[0])


def _run(workspace: Path) -> list[str]:
    return [sys.executable, "-m", "annotator", "--workspace", str(workspace), "run"]


@pytest.fixture
def running(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Terminal]:
    for name in [name for name in os.environ if name.startswith("ANNOTATOR_")]:
        monkeypatch.delenv(name)
    shutil.copy(SEEDS[0], workspace / "inbox")
    with Terminal(_run(workspace)) as terminal:
        yield terminal
    started = terminal.process.pid
    assert _until(lambda: not _processes_of(workspace, started), 20), "the watcher goes on"


@pytest.mark.usefixtures("shipped_pipeline")
@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks for processes in /proc")
def test_from_a_file_in_the_inbox_to_a_record(
    running: Terminal, workspace: Path, annotator: Annotator
) -> None:
    running.wait_for(_headline(SEEDS[0])[:20].encode(), PATIENCE)
    assert _until(lambda: _is_ready(workspace), PATIENCE)
    running.wait_until_quiet(0.5)

    running.say("\r", b"PERSON", PATIENCE)
    running.wait_until_quiet(0.5)
    running.type("A")  # stops where confidence is low
    running.wait_until_quiet(0.5)
    running.type("A")
    records = workspace / "exports" / "records"
    assert _until(lambda: len(list(records.glob("*.tester.jsonl"))) == 1, 10), "no record"

    (line,) = next(records.glob("*.jsonl")).read_text(encoding="utf-8").splitlines()
    record = json.loads(line)
    schema = json.loads(bundled("record.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(record, schema, format_checker=jsonschema.FormatChecker())
    assert record["review"]["reviewer"] == "tester"
    assert {entity["verdict"] for entity in record["entities"]} == {"accepted"}
    assert record["review"]["keys"] >= 1

    running.say("q", _headline(SEEDS[0])[:20].encode())
    running.type("q")
    assert running.wait_until_over(30) == 0
    lines = running.output.rpartition(b"\x1b")[2].decode()
    assert "1 article finished, " in lines
    assert f"records of finished articles: {records}" in lines
    assert annotator("report", "--json").result["finished"] == 1


@pytest.mark.usefixtures("forked")
@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks for processes in /proc")
def test_a_dropped_file_is_in_the_queue_within_two_seconds(
    running: Terminal, workspace: Path, tmp_path: Path
) -> None:
    running.wait_for(_headline(SEEDS[0])[:20].encode(), PATIENCE)
    running.type("k")
    running.wait_until_quiet(1.0)

    def took(seed: Path, told: bytes) -> float:
        shutil.copy(seed, tmp_path / "late.txt")
        running.output = b""
        dropped = time.perf_counter()
        (tmp_path / "late.txt").rename(workspace / "inbox" / seed.name)
        running.wait_for(told, dropped - running.started + 10)
        return time.perf_counter() - dropped

    # The machine may do something else for a moment; not at every one of three.
    seconds = (took(seed, f"{n} new".encode()) for n, seed in enumerate(SEEDS[1:4], 1))
    assert any(one <= 2.0 for one in seconds)


@pytest.mark.usefixtures("forked")
@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks for processes in /proc")
def test_killed_screens_end_their_watcher(running: Terminal, workspace: Path) -> None:
    running.wait_for(_headline(SEEDS[0])[:20].encode(), PATIENCE)
    first = running.process.pid
    assert _until(lambda: len(_processes_of(workspace, first)) >= 2, PATIENCE)
    os.kill(first, signal.SIGKILL)
    assert _until(lambda: not _processes_of(workspace, first), 20)


@pytest.mark.usefixtures("forked")
def test_a_missing_inbox_is_created(workspace: Path) -> None:
    (workspace / "inbox").rmdir()
    with Terminal(_run(workspace)) as terminal:
        assert _until((workspace / "inbox").is_dir, PATIENCE)
        shutil.copy(SEEDS[0], workspace / "inbox")
        terminal.wait_for(_headline(SEEDS[0])[:20].encode(), PATIENCE)
        terminal.type("q")
        assert terminal.wait_until_over(30) == 0


@pytest.mark.usefixtures("forked")
def test_a_missing_pipeline_is_reported_on_the_screen(workspace: Path) -> None:
    write_settings(workspace, model="no_such_pipeline")
    with Terminal(_run(workspace)) as terminal:
        terminal.wait_for(b"no_such_pipeline", PATIENCE)
        terminal.type("q")
        assert terminal.wait_until_over(30) == 1
