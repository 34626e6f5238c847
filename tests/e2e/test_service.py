"""The watcher as a service, and standard input, on the command line."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import jsonschema
import pytest

from annotator.settings import bundled
from tests.e2e.conftest import Annotator
from tests.helpers.ingesting import wait_until

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX"),
    pytest.mark.usefixtures("forked"),
]
PATIENCE = 60.0
SCHEMA = json.loads(bundled("record.schema.json").read_text(encoding="utf-8"))


@pytest.fixture
def desk(workspace: Path, quick_model: Path) -> Path:
    (workspace / "annotator.toml").write_text(f'settle_seconds = 0.2\nmodel = "{quick_model}"\n')
    return workspace


class Service:
    """`annotator watch --json-logs --json` as a process."""

    def __init__(self, workspace: Path) -> None:
        self.out, self.log = workspace / "watch.out", workspace / "watch.log"
        command = [sys.executable, "-m", "annotator", "--workspace", str(workspace), "watch"]
        environment = {k: v for k, v in os.environ.items() if not k.startswith("ANNOTATOR_")}
        with self.out.open("wb") as out, self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [*command, "--json-logs", "--json"], stdout=out, stderr=log, env=environment
            )

    def told(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.out.read_text().splitlines()]


@pytest.fixture
def service(desk: Path) -> Iterator[Service]:
    one = Service(desk)
    yield one
    one.process.kill()
    one.process.wait()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_watcher_stops_cleanly_on_request(
    desk: Path, service: Service, annotator: Annotator, number: int
) -> None:
    (desk / "inbox" / "a.txt").write_text("The mayor of Varnholm said no.")
    (desk / "inbox" / "bad.txt").write_bytes(b"\0")
    assert wait_until(lambda: len(service.told()) == 2, within=PATIENCE)
    again = annotator("watch")
    watched = annotator("report", "--json").result["watcher"]
    service.process.send_signal(number)

    assert service.process.wait(PATIENCE) == 0
    assert sorted(str(what["event"]) for what in service.told()) == ["article", "rejected"]
    assert again.status == 1
    assert f"process {service.process.pid}" in again.err
    assert watched["pid"] == service.process.pid
    lines = [json.loads(line) for line in service.log.read_text().splitlines()]
    assert {"at", "level", "logger", "message"} <= set(lines[0])
    assert not any("Varnholm" in line["message"] for line in lines)
    report = annotator("report", "--json").result
    (rejected,) = report["rejected"]
    assert set(rejected) >= {"name", "reason", "hint", "size", "at"}


@pytest.mark.parametrize("setting", ['model = "nope"', "wrkers = 1"])
def test_the_json_log_says_why_a_watcher_cannot_start(
    workspace: Path, annotator: Annotator, setting: str
) -> None:
    (workspace / "annotator.toml").write_text(f"{setting}\n")
    done = annotator("watch", "--json-logs")
    assert (done.status, done.out) == (1, "")
    last = [json.loads(line) for line in done.err.splitlines()][-1]
    assert last["level"] == "error"


def test_standard_input_becomes_an_article(desk: Path, annotator: Annotator) -> None:
    plain = annotator("add", "-", "--json", given=b"The mayor of Varnholm said no.\n")
    lines = b'{"text": "The mayor said yes."}\n{"text": 5}\n'
    mixed = annotator("add", "-", "--name", str(desk / "wire.jsonl"), "--json", given=lines)
    exported = annotator("export", "--pending", "--output", "-").out.splitlines()

    assert plain.result == {"added": 1, "known": 0, "rejected": 0, "failed": 0}
    assert mixed.result == {"added": 1, "known": 0, "rejected": 1, "failed": 0}
    assert "line 2" in mixed.err
    records = [json.loads(line) for line in exported]
    for record in records:
        jsonschema.validate(record, SCHEMA, format_checker=jsonschema.FormatChecker())
    origins = [record["origin"] for record in records]
    assert {(one["name"], one["part"]) for one in origins} == {(None, None), ("wire.jsonl", "1")}


@pytest.mark.usefixtures("desk")
def test_empty_standard_input_is_an_error(annotator: Annotator) -> None:
    done = annotator("add", "-", given=b"")
    assert (done.status, done.out) == (1, "")
    assert done.err.splitlines() == [
        "annotator: What was given is empty.",
        "  Save the article's text in it.",
    ]
    assert annotator("report", "--json").result["rejected"] == []


def test_rejected_files_are_read_again_on_command(desk: Path, annotator: Annotator) -> None:
    bad = desk / "inbox" / "bad.txt"
    gone = desk / "inbox" / "gone.txt"
    for path in (bad, gone):
        path.write_bytes(b"\0")
    assert annotator("add", str(bad), str(gone), "--json").result["rejected"] == 2
    bad.write_text("The mayor of Varnholm said no.")
    gone.unlink()
    again = annotator("add", "--retry-rejected", "--json").result
    assert again == {"added": 1, "known": 0, "rejected": 0, "failed": 0}
    assert annotator("report", "--json").result["rejected"] == []


def test_pages_and_json_lines_become_valid_records(desk: Path, annotator: Annotator) -> None:
    (desk / "inbox" / "page.html").write_text(
        '<html><head><meta name="author" content="Ada Low"><link rel="canonical" '
        'href="https://post.example/1"></head><body><article><p>The mayor of Varnholm said no.</p>'
        "</article></body></html>"
    )
    (desk / "inbox" / "all.jsonl").write_text(
        '{"text": "The mayor said yes.", "meta": {"id": 1}, "url": "https://post.example/2"}\n'
        '{"text": "The mayor said so.", "label": [[0, 3, "X"]], "author": ["Ada Low"]}\n'
    )
    assert annotator("add", str(desk / "inbox"), "--json").result["added"] == 3
    lines = annotator("export", "--pending", "--output", "-").out.splitlines()
    records = {json.loads(line)["text"]: json.loads(line) for line in lines}
    for record in records.values():
        jsonschema.validate(record, SCHEMA, format_checker=jsonschema.FormatChecker())
    page = records["The mayor of Varnholm said no."]
    assert page["origin"]["author"] == "Ada Low"
    assert page["origin"]["url"] == "https://post.example/1"
    assert records["The mayor said yes."]["meta"] == {"id": 1}
    assert records["The mayor said so."]["meta"] == {
        "label": [[0, 3, "X"]],
        "author": ["Ada Low"],
    }
    assert records["The mayor said so."]["origin"]["part"] == "2"


@pytest.mark.parametrize("words", [["add"], ["add", "--name", "x.txt", "."]])
def test_nothing_to_add_is_wrong_usage(desk: Path, annotator: Annotator, words: list[str]) -> None:
    assert annotator(*words).status == 2
    assert not (desk / "annotator.db").exists()
