"""Exports of articles that were adjudicated."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from annotator.core.decisions import relabel, reopen
from annotator.core.record import Record, SchemeId
from annotator.export.finished import FinishedWriter
from annotator.export.records import RecordFilter, records
from annotator.store.reviewing.finished_reviews import Which
from annotator.store.store import Store
from tests.helpers.adjudicating import adjudicate, adjudicated, reviewed_by
from tests.helpers.building import open_, press, ready

SCHEME = SchemeId("news", "1")


@pytest.fixture
def article(store: Store) -> str:
    """An article that ann and ben have reviewed; they differ on the label of the place."""
    article = ready(store)
    ann = reviewed_by(store, article, "ann")
    reviewed_by(store, article, "ben", relabel(ann.review.entities[2], "ORG"))
    return article


def exported(store: Store, which: Which = Which.STANDING) -> list[Record]:
    return [*records(store, scheme=SCHEME, which=which)]


def kinds(found: list[Record]) -> list[tuple[str | None, str]]:
    return [(one.review.reviewer, one.review.kind) for one in found]


def test_an_adjudication_supersedes_the_reviews(store: Store, article: str) -> None:
    assert kinds(exported(store)) == [("ann", "review"), ("ben", "review")]
    adjudicated(store, article, number=1)
    (record,) = exported(store)
    assert kinds([record]) == [("zoe", "adjudication")]
    assert [one.label for one in record.entities] == ["PERSON", "PERSON", "ORG"]
    assert record.review.assisted is True
    assert record.to_dict()["rejected"][0]["label"] == "GPE"


def test_all_reviews_are_exported_where_asked(store: Store, article: str) -> None:
    adjudicated(store, article, "ann")
    assert kinds(exported(store, Which.ALL)) == [
        ("ann", "adjudication"),
        ("ann", "review"),
        ("ben", "review"),
    ]
    by_ben = records(store, scheme=SCHEME, wanted=RecordFilter("ben"), which=Which.ALL)
    assert kinds([*by_ben]) == [("ben", "review")]


def test_one_small_file_is_kept_of_an_adjudicated_article(
    store: Store, article: str, tmp_path: Path
) -> None:
    folder = tmp_path / "records"

    def files() -> list[tuple[str, str]]:
        writer()
        found = (json.loads(path.read_text("utf-8")) for path in folder.iterdir())
        return sorted((one["review"]["reviewer"], one["review"]["kind"]) for one in found)

    writer = FinishedWriter(store, folder, scheme=SCHEME)
    reviews = [("ann", "review"), ("ben", "review")]
    assert files() == reviews
    opened = adjudicated(store, article, "ann")
    assert files() == [("ann", "adjudication")]
    writer = FinishedWriter(store, folder, scheme=SCHEME)
    assert writer() == 0
    press(store, opened, reopen())
    assert files() == reviews
    assert adjudicate(store, article, "ann").review.finished is None


def test_an_adjudication_stands_while_one_of_the_reviews_is_open_again(
    store: Store, article: str
) -> None:
    adjudicated(store, article)
    press(store, open_(store, article, "ben", reviews_per_article=2), reopen())
    assert kinds(exported(store)) == [("zoe", "adjudication")]
    assert kinds(exported(store, Which.ALL)) == [("ann", "review"), ("zoe", "adjudication")]
