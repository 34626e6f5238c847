"""The command after an article is finished: what it gets, and that it stops no review."""

from __future__ import annotations

import json
import logging
import shlex
import time
import tracemalloc
from dataclasses import asdict
from pathlib import Path

import pytest

from annotator.cli import config_subprocess
from annotator.cli.finish_command import FinishCommand, FinishProgram
from annotator.core.decisions import accept, finish
from annotator.core.record import SchemeId
from annotator.export import records
from annotator.formats.jsonl import line_of
from annotator.settings import load_settings, workspace_config
from annotator.store.store import Store
from annotator.tui.saving.acknowledged import Acknowledged
from tests.helpers.building import NOW, open_, ready
from tests.helpers.items import entity
from tests.helpers.strategies import stamped

TEXT = "Ada Low “left” $HOME; `date`\n👍 — done."
SCHEME = SchemeId("news", "1")


def program(script: str, folder: Path, seconds: float = 30) -> FinishProgram:
    return FinishProgram(("sh", "-c", script), folder, seconds)


def finished(store: Store, command: FinishProgram, folder: Path) -> list[str]:
    """What is told when a reviewer finishes an article, with this command."""
    told: list[str] = []
    running = FinishCommand(command, store, SCHEME)
    article = ready(store, TEXT, [entity(TEXT, "Ada Low")])
    opened = open_(store, article)
    acknowledged = Acknowledged(
        lambda made, text: store.reviews.append(made, text=text),
        folder,
        lambda *review: running(told.append, *review),
    )
    first = stamped(tuple(map(accept, opened.review.items)), opened.review, at=NOW)
    acknowledged.append(first, TEXT)
    after = opened.review.decide(*first)
    acknowledged.append(stamped((finish(),), after, at=NOW), TEXT)
    running.close(30)
    assert store.reviews.get(article, "ada").review.finished
    return told


def test_it_gets_the_record_once_and_without_a_shell(store: Store, tmp_path: Path) -> None:
    out = tmp_path / "$(touch x) out"
    command = FinishProgram(("tee", "-a", str(out)), tmp_path, 30)
    assert finished(store, command, tmp_path) == []
    (record,) = records(store, scheme=SCHEME)
    assert out.read_bytes() == line_of(record)
    assert not (tmp_path / "x").exists()


def test_its_failure_is_told_and_logged_and_stops_nothing(
    store: Store, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        told = finished(store, program("echo no desk >&2; exit 4", tmp_path), tmp_path)
    assert told == ["on_finish failed: status 4: no desk"]
    assert "status 4: no desk" in caplog.text


@pytest.mark.parametrize(
    ("script", "why"),
    [
        ("cat", None),
        ("exec <&-; exit 3", "status 3"),
        ("kill -9 $$", "status -9"),
        ("printf 'a\\nb' >&2; exit 1", "status 1: a b"),
        ("yes no | head -c 100000 >&2; exit 1", "status 1: no"),
        ("sleep 3 & echo on >&2; exit 5", "status 5: on"),  # a child keeps the streams open
        ("(sleep 3; cat) & exit 0", None),
    ],
)
def test_an_error_is_told_in_one_line(tmp_path: Path, script: str, why: str | None) -> None:
    said = program(script, tmp_path).run(b"x" * 200_000)
    assert (said or "").split()[:2] == (why or "").split()[:2]
    assert len(said or "") < 320


def test_escapes_in_what_it_says_are_not_shown(tmp_path: Path) -> None:
    said = program(r"printf '\033]0;x\007 [red]\342\200\256 \377' >&2; exit 1", tmp_path).run(b"")
    assert said == "status 1: �]0;x� [red]� �"


def test_a_command_that_floods_takes_no_memory(tmp_path: Path) -> None:
    tracemalloc.start()
    try:
        assert program("yes | head -c 30000000 >&2; exit 1", tmp_path).run(b"")
        assert tracemalloc.get_traced_memory()[1] < 2_000_000
    finally:
        tracemalloc.stop()


def test_articles_whose_turn_did_not_come_are_logged(
    store: Store, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    release = tmp_path / "release"
    running = FinishCommand(
        program(f"until test -e {release}; do sleep 0.02; done", tmp_path), store, SCHEME
    )
    articles = [ready(store, f"Ada Low, {n}.", []) for n in range(3)]
    for article in articles:
        open_(store, article)
        running(list[str]().append, article, "ada", False)
    with caplog.at_level(logging.WARNING):
        running.close(0.01)
    release.touch()
    for article in articles:
        assert article[:12] in caplog.text


@pytest.mark.parametrize("words", [("no-such-program",), ("a\0b",), ("",)])
def test_a_command_that_cannot_be_started_is_said(tmp_path: Path, words: tuple[str, ...]) -> None:
    assert FinishProgram(words, tmp_path, 30).run(b"")


def test_children_of_a_slow_command_end_with_it(tmp_path: Path) -> None:
    late = tmp_path / "late"
    child = f"sleep 0.6; touch {shlex.quote(str(late))}"
    command = program(f"({child}) & sleep 60", tmp_path, 0.3)
    assert command.run(b"") == "ended after 0.3 seconds"
    time.sleep(0.5)
    assert not late.exists()


def test_the_screens_get_the_setting(tmp_path: Path) -> None:
    words = ["./publish", "--desk", "foreign desk"]
    (tmp_path / "annotator.toml").write_text(
        f"on_finish = {json.dumps(words)}\non_finish_seconds = 5\n"
    )
    settings = load_settings(tmp_path)
    plain = asdict(workspace_config(settings, tmp_path)) | {"folder": str(tmp_path)}
    config = config_subprocess._config(json.loads(json.dumps(plain)))
    assert (config.on_finish, config.on_finish_seconds) == (tuple(words), 5.0)
    assert settings.on_finish == tuple(words)
