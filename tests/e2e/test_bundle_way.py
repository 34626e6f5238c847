"""Articles taken along, reviewed elsewhere, and brought home, through the command line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from annotator.core.decisions import Change, DecisionGroup, accept, finish, reject, to_decisions
from annotator.store.store import Store
from annotator.store.values import OpenedReview
from tests.helpers.building import NOW, open_, ready
from tests.helpers.stores import empty_store
from tests.helpers.verbs import Done, call

TEXTS = tuple(f"Ada Low met Bo Marsh in Port Ellis, {n}.\n\nShe said nothing.\n" for n in range(3))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A workspace with three articles that are ready."""
    folder = _workspace(tmp_path / "home")
    with _store(folder) as store:
        for text in TEXTS:
            ready(store, text)
    return folder


@pytest.fixture
def away(tmp_path: Path) -> Path:
    """An empty workspace elsewhere."""
    return _workspace(tmp_path / "away")


def test_the_whole_way(home: Path, away: Path, tmp_path: Path) -> None:
    there, back = tmp_path / "there.bundle", tmp_path / "back.bundle"
    out = _bundle(home, "out", str(there), "--count", "2", "--reviewer", "bob")
    assert out.result["articles"] == 2
    came = _bundle(away, "in", str(there)).result
    assert (came["added"], came["known"], came["conflicts"]) == (2, 0, 0)
    ids = _taken(home)
    _review(away, ids[0], "bob", lambda items: [accept(item) for item in items], done=True)
    _review(away, ids[1], "bob", lambda items: [reject(items[0])], done=False)
    assert _bundle(away, "out", str(back), "--reviewer", "bob").result["reviews"] == 2
    brought = _bundle(home, "in", str(back)).result
    assert (brought["added"], brought["known"], brought["conflicts"]) == (2, 0, 0)
    assert brought["reviewers"] == {"bob": {"decisions": 5, "identities": 0, "stories": 0}}
    (record,) = _exported(home)
    assert (record["id"], record["review"]["reviewer"]) == (ids[0], "bob")
    assert [entity["verdict"] for entity in record["entities"]] == ["accepted"] * 3
    assert _exported(away) == [record]
    again = _bundle(home, "in", str(back)).result
    assert (again["added"], again["known"], again["decisions"]["added"]) == (0, 2, 0)
    assert _taken(home) == [ids[1]]
    assert call("--workspace", str(home), "bundle", "end", ids[1][:12]).status == 0
    assert _taken(home) == []


def test_decisions_that_cannot_be_joined_are_kept_in_a_file(
    home: Path, away: Path, tmp_path: Path
) -> None:
    with _store(away) as store:
        id = ready(store, TEXTS[0], [])
    _review(home, id, "bob", lambda items: [accept(items[0])], done=False)
    _review(away, id, "bob", lambda _: [finish()], done=False)
    _bundle(away, "out", str(tmp_path / "back"), id[:12], "--reviewer", "bob")
    result = _bundle(home, "in", str(tmp_path / "back")).result
    assert [one["kind"] for one in result["conflict_list"]] == ["suggestions"]
    (kept,) = result["kept_in"]
    assert Path(kept).parent == home
    lines = Path(kept).read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["kind"] for line in lines] == ["finish"]


def test_a_dataset_is_no_bundle_and_changes_nothing(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "dataset.jsonl"
    file.write_text('{"format":"annotator.record/1"}\n', encoding="utf-8")
    done = call("--workspace", str(home), "bundle", "in", str(file))
    assert (done.status, done.out) == (1, "")
    assert done.err.splitlines() == [
        f"annotator: {file} cannot be taken in: it is JSON, perhaps a dataset, which "
        "`annotator import` reads, not a bundle.",
        "  Give a file that `bundle out` wrote.",
    ]


def test_a_bundle_with_labels_that_are_not_here_is_refused(
    home: Path, away: Path, tmp_path: Path
) -> None:
    _bundle(home, "out", str(tmp_path / "there"), "--count", "1")
    (away / "labels.toml").write_text(
        'name = "own"\nversion = "1"\n[[label]]\nname = "PERSON"\nkey = "p"\n'
        'color = "#112233"\nmeaning = "Somebody."\n',
        encoding="utf-8",
    )
    (away / "annotator.toml").write_text('labels = "labels.toml"\n', encoding="utf-8")
    done = call("--workspace", str(away), "bundle", "in", str(tmp_path / "there"))
    assert done.status == 1
    assert "labels that own 1, the label scheme here, does not have: " in done.err
    assert _exported(away) == []
    with _store(away) as store:
        assert store.queue.newest() == 0


def test_an_order_without_an_article_left_says_whose_it_was(home: Path, tmp_path: Path) -> None:
    done = call(
        "--workspace", str(home), "bundle", "out", str(tmp_path / "b"), "--outlet", "Nobody's"
    )
    assert done.status == 1
    assert done.err.splitlines()[0] == "annotator: No such article is left for ann to review."
    assert not (tmp_path / "b").exists()


def test_only_people_whose_decisions_are_in_it_can_be_asked_for(home: Path, tmp_path: Path) -> None:
    with _store(home) as store:
        id = next(iter(store.articles.unreviewed()))[0].id
    _review(home, id, "ann", lambda items: [accept(items[0])], done=False)
    _bundle(home, "out", str(tmp_path / "there"), id)
    done = call(
        "--workspace", str(home), "bundle", "in", str(tmp_path / "there"), "--reviewer", "eve"
    )
    assert done.status == 2
    assert "nothing in it is by eve; it holds decisions of ann" in " ".join(done.err.split())


def _workspace(folder: Path) -> Path:
    folder.mkdir()
    (folder / "annotator.toml").write_text('reviewer = "ann"\n', encoding="utf-8")
    empty_store(folder / "annotator.db").close()
    return folder


@contextmanager
def _store(folder: Path) -> Iterator[Store]:
    with closing(Store.open(f"sqlite:///{folder / 'annotator.db'}")) as store:
        yield store


def _bundle(folder: Path, *words: str) -> Done:
    done = call("--workspace", str(folder), "bundle", *words, "--json")
    assert done.status == 0, done.err
    return done


def _taken(folder: Path) -> list[str]:
    return [one["article"] for one in _bundle(folder, "away").result["articles"]]


def _review(folder: Path, id: str, who: str, changes: Any, *, done: bool) -> None:
    with _store(folder) as store:
        opened = open_(store, id, who, now=_now(store))
        made: list[Change] = changes(opened.review.items)
        opened = _pressed(store, folder, opened, made)
        if done:
            _pressed(store, folder, opened, [finish(folded=())])


def _pressed(
    store: Store, folder: Path, opened: OpenedReview, changes: list[Change]
) -> OpenedReview:
    """The review after one key press; each place gives its decisions ids of its own."""
    review = opened.review
    name = f"{folder.name}-{review.article[:8]}-{review.next_seq}"
    group = DecisionGroup(name, review.article, review.reviewer, _now(store), review.next_seq)
    made = to_decisions(changes, group, ids=(f"{name}-{n}" for n in count()))
    store.reviews.append(made, text=opened.article.text)
    return replace(opened, review=review.decide(*made))


def _now(store: Store) -> datetime:
    return max(store.now(), NOW)


def _exported(folder: Path) -> list[Any]:
    done = call("--workspace", str(folder), "export", "--output", "-")
    assert done.status == 0, done.err
    return [json.loads(line) for line in done.out.splitlines()]
