"""The command line, verb by verb, according to the contract."""

import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from annotator.settings import bundled
from tests.e2e.conftest import ROOT, Annotator

pytestmark = pytest.mark.usefixtures("database")
SCHEMA = json.loads(bundled("record.schema.json").read_text(encoding="utf-8"))
SEEDS = sorted(file for file in (ROOT / "seeds").glob("*.txt"))


def test_init_creates_a_workspace_and_keeps_an_existing_one(
    annotator: Annotator, tmp_path: Path
) -> None:
    new = tmp_path / "new"

    first = annotator("init", str(new), "--json")
    settings = (new / "annotator.toml").read_text()
    (new / "annotator.toml").write_text(settings + 'reviewer = "me"\n')
    second = annotator("init", str(new), "--json")

    assert first.result == {"workspace": str(new), "new": True}
    assert second.result == {"workspace": str(new), "new": False}
    assert 'reviewer = "me"' in (new / "annotator.toml").read_text()
    assert (new / "inbox").is_dir()
    assert (new / "annotator.db").is_file()


@pytest.mark.usefixtures("shipped_pipeline")
def test_seeds_go_in_and_come_out_as_records(annotator: Annotator) -> None:
    added = annotator("add", *map(str, SEEDS[:2]), "--json")
    report = annotator("report", "--json")
    exported = annotator("export", "--pending", "--output", "-")

    assert added.result == {"added": 2, "known": 0, "rejected": 0, "failed": 0}
    assert (report.result["articles"], report.result["ready"]) == (2, 2)
    records = [json.loads(line) for line in exported.out.splitlines()]
    assert {record["origin"]["name"] for record in records} == {f.name for f in SEEDS[:2]}
    for record in records:
        jsonschema.validate(record, SCHEMA, format_checker=jsonschema.FormatChecker())
        assert record["review"]["kind"] == "none"
        assert record["entities"]
        assert record["claims"]
        assert record["pipeline"]["hash"]


def test_adding_again_adds_nothing(annotator: Annotator) -> None:
    annotator("add", str(SEEDS[0]))
    again = annotator("add", str(SEEDS[0]), "--json")
    assert again.result == {"added": 0, "known": 1, "rejected": 0, "failed": 0}


def test_unreadable_files_are_counted_and_reported_with_a_reason(
    annotator: Annotator, workspace: Path
) -> None:
    (workspace / "inbox" / "zero.txt").write_bytes(b"a\0b")
    (workspace / "inbox" / "latin.txt").write_bytes("Ein Bericht über Öl.".encode("latin-1") * 9)

    added = annotator("add", str(workspace / "inbox"), "--json")
    rejected = annotator("report", "--json").result["rejected"]

    assert added.status == 0
    assert added.result == {"added": 0, "known": 0, "rejected": 2, "failed": 0}
    assert {row["name"] for row in rejected} == {"zero.txt", "latin.txt"}
    assert all(row["reason"] for row in rejected)


def test_a_rejected_file_is_one_line_of_the_report_under_any_name(
    annotator: Annotator, workspace: Path
) -> None:
    (workspace / "inbox" / "zero\n\x1b[31m.txt").write_bytes(b"a\0b")
    annotator("add", str(workspace / "inbox"))
    (line,) = (line for line in annotator("report").out.splitlines() if "zero" in line)
    assert line.strip().startswith("zero��[31m.txt (3 bytes, read 20")
    assert "NUL" in line


def test_the_states_of_a_report_add_up_to_its_articles(
    annotator: Annotator, workspace: Path
) -> None:
    article = workspace / "inbox" / "edited.txt"
    for text in ("Das Haus steht an einer Straße.", "Das Haus steht an einer Allee."):
        article.write_text(text)
        annotator("add", str(article))
    report = annotator("report", "--json").result
    states = ("waiting", "ready", "in_review", "finished", "failed", "superseded")
    assert report["superseded"] == 1
    assert report["articles"] == sum(report[state] for state in states) == 2


def test_the_same_store_gives_the_same_bytes(annotator: Annotator) -> None:
    annotator("add", *map(str, SEEDS[:2]))
    one = annotator("export", "--pending", "--output", "-").out
    done = annotator("export", "--pending", "--json")
    assert Path(done.result["output"]).read_text(encoding="utf-8") == one
    assert done.result["records"] == 2


def test_a_closed_pipe_is_not_an_error(annotator: Annotator, workspace: Path) -> None:
    # More than a pipe holds; in a language that costs no analysis.
    for street in ("Straße", "Allee"):
        text = f"Das Haus steht an einer {street}. " * 10_000
        (workspace / "inbox" / f"{street}.txt").write_text(text)
    annotator("add", str(workspace / "inbox"))
    words = ["export", "--pending", "--output", "-"]
    command = [sys.executable, "-m", "annotator", "--workspace", str(workspace), *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as exporting:
        assert exporting.stdout
        assert exporting.stderr
        exporting.stdout.read(10)
        exporting.stdout.close()
        assert exporting.stderr.read() == b""
    assert exporting.returncode == 0


def test_a_missing_pipeline_is_an_error_with_advice(annotator: Annotator, workspace: Path) -> None:
    (workspace / "annotator.toml").write_text('model = "en_core_web_nowhere"\n')
    done = annotator("add", str(SEEDS[0]))
    assert done.status == 1
    assert "en_core_web_nowhere" in done.err
    assert "model" in done.err.splitlines()[-1]
    assert "Traceback" not in done.err


def test_errors_say_what_happened_and_what_to_do(annotator: Annotator, workspace: Path) -> None:
    (workspace / "annotator.toml").write_text('modle = "x"\n')
    done = annotator("report")
    assert (done.status, done.out) == (1, "")
    assert done.err.splitlines() == [
        "annotator: annotator.toml has an unknown key 'modle'.",
        "  Did you mean 'model'?",
    ]


def test_wrong_usage_is_status_two(annotator: Annotator) -> None:
    assert annotator("export", "--nothing").status == 2
    assert annotator("evaluate").status == 2
    assert annotator("dance").status == 2


def test_a_missing_path_is_an_error(annotator: Annotator, workspace: Path) -> None:
    done = annotator("add", str(workspace / "nowhere.txt"))
    assert done.status == 1
    assert "nowhere.txt" in done.err


def test_migrate_reports_both_versions(annotator: Annotator, database: Path) -> None:
    database.unlink()
    first = annotator("migrate", "--json").result
    second = annotator("migrate", "--json").result
    assert first["from"] is None
    assert second["from"] == second["to"] == first["to"]


@pytest.mark.usefixtures("shipped_pipeline")
def test_evaluate_measures_the_shipped_pipeline_on_gold(annotator: Annotator) -> None:
    gold = sorted((ROOT / "seeds" / "gold").glob("*.jsonl"))[0]
    result = annotator("evaluate", "--gold", str(gold), "--json").result
    for part in ("entities", "claims", "junk"):
        assert all(0 <= result[part][figure] <= 1 for figure in ("precision", "recall", "f"))
    assert result["entities"]["f"] > 0.5


def test_a_label_map_of_the_settings_is_used(annotator: Annotator, workspace: Path) -> None:
    gold = sorted((ROOT / "seeds" / "gold").glob("*.jsonl"))[0]
    record = json.loads(gold.read_text(encoding="utf-8"))
    for entity in record["entities"]:
        entity["label"] = "PLACE" if entity["label"] in ("GPE", "LOC", "FAC") else entity["label"]
    (workspace / "gold.jsonl").write_text(json.dumps(record) + "\n", encoding="utf-8")
    (workspace / "annotator.toml").write_text('[label_maps.mine]\nPLACE = "GPE, LOC, FAC"\n')

    done = annotator("evaluate", "--gold", str(workspace / "gold.jsonl"), "--map", "mine", "--json")

    labels = done.result["entities"]["labels"]
    assert set(labels) == {"PLACE"}
    assert labels["PLACE"]["f"] > 0.5


def test_an_unknown_label_is_an_error(annotator: Annotator) -> None:
    gold = sorted((ROOT / "seeds" / "gold").glob("*.jsonl"))[0]
    done = annotator("evaluate", "--gold", str(gold), "--labels", "GPE,NOPE")
    assert done.status == 1
    assert "'NOPE'" in done.err


def test_the_version_is_printed() -> None:
    import subprocess

    done = subprocess.run(
        [sys.executable, "-m", "annotator", "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("annotator ")


@pytest.mark.parametrize("verb", ["run", "review"])
def test_the_screens_need_a_terminal(annotator: Annotator, workspace: Path, verb: str) -> None:
    done = annotator(verb)

    assert (done.status, done.out) == (1, "")
    assert done.err.splitlines()[0] == (
        "annotator: The screens need a terminal, but standard input is not one."
    )
    assert not (workspace / ".annotator.lock").exists()
