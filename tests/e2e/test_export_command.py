"""`annotator export` as users call it: formats, filters, losses, verification."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from annotator.core.decisions import accept, finish
from annotator.formats import FORMATS, format_named
from annotator.store.store import Store
from tests.e2e.conftest import ROOT, Annotator
from tests.helpers.building import open_, press, ready
from tests.helpers.items import entity

GOLD = sorted((ROOT / "seeds" / "gold").glob("*.jsonl"))


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    """A file with the gold of all seeds."""
    path = tmp_path / "gold.jsonl"
    path.write_bytes(b"".join(file.read_bytes() for file in GOLD))
    return path


def ordered(lines: bytes) -> bytes:
    """Lines of records as datasets have them: by the articles' ids, which they begin with."""
    return b"".join(sorted(lines.splitlines(keepends=True)))


def test_a_file_of_records_is_exported_unchanged_and_in_order(
    annotator: Annotator, gold: Path
) -> None:
    out = gold.with_name("out.jsonl")
    done = annotator("export", "--from", str(gold), "--output", str(out), "--verify", "--json")
    assert done.result == {
        "records": 9,
        "output": str(out),
        "beside": [],
        "losses": {},
        "damaged": 0,
    }
    assert out.read_bytes() == ordered(gold.read_bytes()) != gold.read_bytes()


@pytest.mark.parametrize("name", [one for one in FORMATS if format_named(one).is_written])
def test_every_format_counts_and_names_its_losses(
    annotator: Annotator, gold: Path, workspace: Path, name: str
) -> None:
    done = annotator("export", "--from", str(gold), "--format", name, "--losses", "--json")
    assert done.status == 0, done.err
    assert Path(done.result["output"]).parent == workspace / "exports"
    assert Path(done.result["output"]).exists()
    losses = done.result["losses"]
    assert all(f"{count:>8,}  {kind}" in done.err for kind, count in losses.items())
    kinds = [loss["kind"] for loss in done.result["lost"]]
    assert {kind: kinds.count(kind) for kind in set(kinds)} == losses


def test_a_format_that_is_only_read_is_refused(annotator: Annotator, gold: Path) -> None:
    done = annotator("export", "--from", str(gold), "--format", "spacy-json")
    assert done.status == 1
    assert "spacy-json can be read, not written" in done.err


def test_losses_are_listed_item_by_item_on_request(annotator: Annotator, gold: Path) -> None:
    words = ["--from", str(gold), "--format", "conll", "--output", "-", "--losses"]
    said = annotator("export", *words).err.splitlines()
    named = [line for line in said if ": title" in line]
    assert len(named) == 9
    assert all(len(line.split(":")[0].split()[0]) == 12 for line in named)


def test_strict_turns_a_loss_into_an_error(annotator: Annotator, gold: Path) -> None:
    out = gold.with_name("out.conll")
    out.write_text("old")
    words = ["--from", str(gold), "--format", "conll", "--output", str(out)]
    done = annotator("export", *words, "--strict")
    assert done.status == 1
    assert "conll cannot hold:" in done.err
    assert "Leave out --strict" in done.err
    assert out.read_text() == "old"


def test_filters_apply_to_a_file(annotator: Annotator, gold: Path) -> None:
    plain = json.loads(GOLD[0].read_bytes())
    outlet, everything = plain["origin"]["outlet"], ["export", "--from", str(gold), "--output", "-"]
    lines = annotator(*everything, "--label", "PERSON, GPE").out.splitlines()
    labels = {entity["label"] for line in lines for entity in json.loads(line)["entities"]}
    assert len(lines) == 9
    assert labels == {"PERSON", "GPE"}
    assert annotator(*everything, "--since", "2100-01-01").out == ""
    assert annotator(*everything, "--reviewer", "nobody").err.startswith("0 records written")
    few = annotator(*everything, "--outlet", str(outlet)).out.splitlines()
    assert {json.loads(line)["origin"]["outlet"] for line in few} <= {outlet}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--format", "word"], "Unknown format 'word'"),
        (["--label", "PERSONN"], "Unknown label 'PERSONN'"),
        (["--since", "yesterday"], "'yesterday' is not a date"),
        (["--from", "nowhere.jsonl"], "nowhere.jsonl cannot be read"),
        (["--json", "--output", "-"], "cannot both go to standard output"),
    ],
)
def test_invalid_combinations_are_errors_with_advice(
    annotator: Annotator, words: list[str], said: str
) -> None:
    done = annotator("export", *words)
    assert done.status == 1
    message, hint = done.err.splitlines()
    assert said in message
    assert hint.strip()


def test_other_reviews_than_all_are_wrong_usage(annotator: Annotator) -> None:
    done = annotator("export", "--reviews", "both")
    assert done.status == 2
    assert "'both' is not `all`" in done.err


def test_an_invalid_line_is_named_and_the_target_stays(annotator: Annotator, gold: Path) -> None:
    bad = gold.with_name("bad.jsonl")
    bad.write_bytes(gold.read_bytes() + b'{"format": "annotator.record/1"}\n')
    out = gold.with_name("out.jsonl")
    out.write_text("old")
    done = annotator("export", "--from", str(bad), "--output", str(out))
    assert done.status == 1
    assert "bad.jsonl, line 10: text" in done.err
    assert out.read_text() == "old"


def test_a_file_can_replace_itself(annotator: Annotator, gold: Path) -> None:
    before = gold.read_bytes()
    assert annotator("export", "--from", str(gold), "--output", str(gold)).status == 0
    assert gold.read_bytes() == ordered(before)


def test_without_a_workspace_a_file_of_records_needs_a_target(
    annotator: Annotator, gold: Path, workspace: Path
) -> None:
    (workspace / "annotator.toml").unlink()
    refused = annotator("export", "--from", str(gold))
    assert (refused.status, "--output" in refused.err) == (1, True)
    assert len(annotator("export", "--from", str(gold), "--output", "-").out.splitlines()) == 9


def test_an_export_without_finished_reviews_says_so(annotator: Annotator, gold: Path) -> None:
    done = annotator("export", "--reviewer", "zoe", "--since", "2020-01-01", "--outlet", "Wire")
    assert (
        "No review by zoe since 2020-01-01 from Wire is finished yet; --pending exports what the "
        "pipeline suggests." in done.err
    )
    of_file = annotator("export", "--from", str(gold), "--reviewer", "zoe")
    assert "gold.jsonl has no record by zoe." in of_file.err


def test_records_left_out_by_a_format_are_not_reported_missing(
    annotator: Annotator, gold: Path
) -> None:
    unreviewed = json.loads(gold.read_text().splitlines()[0])
    nothing = {"reviewer": None, "kind": "none", "started": None, "finished": None}
    unreviewed["review"] |= nothing
    for item in (*unreviewed["entities"], *unreviewed["claims"], *unreviewed["junk"]):
        item["verdict"] = "pending"
    source = gold.with_name("unreviewed.jsonl")
    source.write_text(json.dumps(unreviewed) + "\n")
    done = annotator("export", "--from", str(source), "--format", "conll")
    assert "       1  unreviewed article" in done.err
    assert "Nothing was written: conll cannot represent these records" in done.err
    assert "has no record" not in done.err


def test_a_dataset_is_made_from_the_store_or_from_a_file(
    annotator: Annotator, gold: Path, workspace: Path
) -> None:
    target = gold.with_name("dataset")
    words = ["--dataset", str(target), "--verify", "--json"]
    of_file = annotator("export", "--from", str(gold), *words).result
    assert (of_file["records"], sum(of_file["splits"].values())) == (9, 9)
    (workspace / "inbox" / "one.txt").write_text("Ada Low met Bo Marsh in Port Ellis.")
    annotator("add", str(workspace / "inbox"))
    nothing = annotator("export", *words)
    assert nothing.result["records"] == 0
    assert "--pending exports what the pipeline suggests" in nothing.err
    assert "1 article not in here: nobody has reviewed them." in (target / "README.md").read_text()
    pending = annotator("export", "--pending", "--outlet", "Wire", *words[:2])
    assert pending.out.startswith("0 records written to")
    assert "Chosen by `--outlet` Wire" in (target / "README.md").read_text()


def test_a_dataset_has_no_other_format(annotator: Annotator, gold: Path) -> None:
    words = ["--from", str(gold), "--dataset", str(gold.with_name("out"))]
    done = annotator("export", *words, "--format", "conll")
    assert (done.status, "cannot be combined with --format" in done.err) == (1, True)


def test_a_dataset_does_not_go_to_standard_output(annotator: Annotator, gold: Path) -> None:
    done = annotator("export", "--from", str(gold), "--dataset", "-")
    assert (done.status, "A dataset is a folder" in done.err) == (1, True)


def test_following_writes_each_review_as_it_finishes_until_interrupted(
    annotator: Annotator, workspace: Path, database: Path
) -> None:
    store = Store.open(f"sqlite:///{database}")
    finished(store, "Ada Low spoke on Monday.")
    command = [sys.executable, "-m", "annotator", "--workspace", str(workspace)]
    with subprocess.Popen(
        [*command, "export", "--follow", "--output", "-"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as following:
        assert following.stdout is not None
        assert following.stderr is not None
        assert "Monday" in json.loads(following.stdout.readline())["text"]
        assert following.stderr.readline().startswith("1 record written; waiting")
        finished(store, "Ada Low spoke on Tuesday.")
        assert "Tuesday" in json.loads(following.stdout.readline())["text"]
        following.send_signal(signal.SIGINT)
        assert (following.stdout.read(), following.wait(30)) == ("", 0)
        assert following.stderr.read() == "2 records written\n"
    store.close()
    refused = annotator("export", "--follow", "--format", "conll")
    assert (refused.status, "writes jsonl, not conll" in refused.err) == (1, True)


def finished(store: Store, text: str) -> None:
    """An article whose only name somebody has accepted."""
    opened = open_(store, ready(store, text, [entity(text, "Ada Low")]))
    press(store, opened, *map(accept, opened.review.items), finish())
