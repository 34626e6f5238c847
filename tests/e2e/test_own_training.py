"""`train` on one's own reviews and `model`, as users call them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

import pytest
import spacy

from annotator.core.annotations import Entity
from annotator.core.decisions import accept
from annotator.core.record import Record
from annotator.core.watcher_status import Heartbeat, WatcherStatus
from annotator.store.store import Store
from tests.benchmarks.subject import records
from tests.e2e.conftest import Annotator
from tests.helpers.building import PIPELINE, TEXT, open_, press, ready

pytestmark = pytest.mark.usefixtures("forked", "database", "shipped_pipeline")
SHIPPED = "shipped"


@pytest.fixture
def desk(workspace: Path) -> Path:
    return workspace.resolve()


def write(file: Path, reviewed: Iterable[Record]) -> Path:
    lines = [json.dumps(record.to_dict(), ensure_ascii=False) + "\n" for record in reviewed]
    file.write_text("".join(lines), encoding="utf-8")
    return file


def test_too_few_reviews_are_refused_and_nothing_is_written(
    annotator: Annotator, desk: Path
) -> None:
    done = annotator("train")
    assert (done.status, done.out) == (1, "")
    what, advice = done.err.splitlines()
    assert "Too few finished reviews to train on: 0 with entities, 10 needed" in what
    assert advice.strip().startswith("Finish 10 more")
    assert not (desk / "models").exists()


@pytest.mark.parametrize(
    "words", [("--output", "x"), ("--raw", "x"), ("--threads", "1"), ("--corpora", "x")]
)
def test_options_of_training_from_scratch_go_with_corpora(
    annotator: Annotator, words: tuple[str, ...]
) -> None:
    done = annotator("train", *words)
    assert (done.status, "--corpora" in done.err) == (2, True)


@pytest.mark.parametrize("seed", ["-1", str(2**32), "x"])
def test_a_seed_that_no_generator_takes_is_wrong_usage(annotator: Annotator, seed: str) -> None:
    done = annotator("train", "--seed", seed)
    assert (done.status, "--seed" in done.err) == (2, True)


def test_without_versions_the_shipped_pipeline_is_in_use(annotator: Annotator, desk: Path) -> None:
    assert annotator("model", "--json").result == {"in_use": SHIPPED, "versions": []}
    assert "No version has been trained here" in annotator("model").out
    done = annotator("model", "--back")
    assert (done.status, "No other version was in use before" in done.err) == (1, True)
    assert not (desk / "models").exists()


def test_a_version_in_use_that_is_gone_is_named_as_such(annotator: Annotator, desk: Path) -> None:
    (desk / "models").mkdir()
    (desk / "models" / "current").write_text("7\n")
    assert "In use: 7, which is not there any more" in annotator("model").out
    assert annotator("model", "--use", SHIPPED, "--json").result["in_use"] == SHIPPED


def test_errors_name_the_file_not_the_temporary_one_beside_it(
    annotator: Annotator, desk: Path
) -> None:
    (desk / "models" / "current").mkdir(parents=True)
    done = annotator("model", "--use", SHIPPED)
    assert done.err.splitlines()[0] == f"annotator: {desk}/models/current: Is a directory."


def test_a_version_is_trained_used_listed_and_taken_back(annotator: Annotator, desk: Path) -> None:
    reviewed = write(desk / "reviewed.jsonl", records(20, seed=1))
    assert annotator("import", str(reviewed), "--as", "reviewer", "ada").status == 0
    new = [record.article.text for record in records(22, seed=1)][20:]
    pending, decided = put_pending(desk, *new)
    before = items_of(desk, decided)
    done = annotator("train", "--json")
    assert done.status == 0, done.err
    assert done.result["version"] == 1
    assert done.result["output"] == str(desk / "models" / "1")
    assert done.result["scores"]["held_out"]["difference"]["value"] > 0
    assert done.result["in_use"]
    assert annotator("report", "--json").result["model"] == "1"

    again = annotator("add", "--again", "--json")
    assert (again.status, again.result["again"]) == (0, 2)
    assert suggested_by(desk, pending).endswith("+own.1")
    assert items_of(desk, decided) == before

    (listed,) = annotator("model", "--json").result["versions"]
    assert (listed["version"], listed["reviews"], listed["is_of_shipped"]) == (1, 20, True)
    assert "* 1" in annotator("model").out
    assert annotator("model", "--back", "--json").result["in_use"] == SHIPPED
    assert annotator("model", "--use", "1", "--json").result["in_use"] == "1"
    assert spacy.load(desk / "models" / "1").meta["annotator"]["seed"] == 7


def put_pending(desk: Path, *texts: str) -> tuple[str, str]:
    """Two articles with suggestions of another pipeline: a pending one, and one decided on."""
    store = Store.open(f"sqlite:///{desk}/annotator.db")
    pending, _ = (ready(store, text, []) for text in texts)
    decided = ready(store, TEXT)
    opened = open_(store, decided, "ada")
    press(store, opened, accept(opened.review.items[0]))
    store.close()
    return pending, decided


def items_of(desk: Path, article: str) -> tuple[tuple[str, str], ...]:
    """The items of ada's review with their verdicts."""
    store = Store.open(f"sqlite:///{desk}/annotator.db")
    opened = store.reviews.get(article, "ada")
    store.close()
    assert opened.pipeline == PIPELINE
    return tuple(
        (item.id, item.verdict) for item in opened.review.items if isinstance(item, Entity)
    )


def suggested_by(desk: Path, article: str) -> str:
    """The version of the pipeline that suggested for a pending article."""
    store = Store.open(f"sqlite:///{desk}/annotator.db")
    found = {one.id: pipeline for one, _, pipeline in store.articles.unreviewed()}
    store.close()
    pipeline = found[article]
    assert pipeline is not None
    return pipeline.version


def test_a_watcher_that_would_make_suggestions_as_before_is_named(
    annotator: Annotator, desk: Path
) -> None:
    done = annotator("add", "--again")
    assert "A watcher is running" not in done.err
    assert "analysed again" in done.out
    store = Store.open(f"sqlite:///{desk}/annotator.db")
    soon = store.now() + timedelta(minutes=5)
    store.watcher.beat(Heartbeat(soon, 1, soon, WatcherStatus()))
    store.close()
    assert "A watcher is running" in annotator("add", "--again").err


def test_a_purge_names_the_versions_that_the_article_was_used_for(
    annotator: Annotator, desk: Path
) -> None:
    store = Store.open(f"sqlite:///{desk}/annotator.db")
    article = ready(store)
    store.close()
    folder = desk / "models" / "1"
    folder.mkdir(parents=True)
    (folder / "meta.json").write_text(json.dumps({"annotator": {"taught": [article]}}))
    done = annotator("purge", article, "--yes", "--json")
    assert done.result["models_taught_by_it"] == [str(folder)]
    assert f"Was trained with it: {folder}" in done.err
