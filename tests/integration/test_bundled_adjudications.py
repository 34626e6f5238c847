"""Adjudications in bundles: out, in, joined; the same end in any order."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from annotator.core.decisions import (
    Change,
    DecisionGroup,
    accept,
    finish,
    reject,
    reopen,
    to_decisions,
)
from annotator.core.record import SchemeId
from annotator.core.records.bundle_lines import entry_from_dict, entry_to_dict
from annotator.core.review import Status
from annotator.core.states import QueueFilter
from annotator.errors import RecordError
from annotator.export.records import records
from annotator.formats.jsonl import line_of
from annotator.store.store import Store
from annotator.store.values import AdjudicationTerms, OpenedReview, QueueView
from tests.helpers.building import at, open_, press, ready
from tests.helpers.bundling import bring, items, out, work
from tests.helpers.journals import problems
from tests.helpers.stores import empty_store


@pytest.fixture
def home(store: Store) -> Store:
    return store


@pytest.fixture
def away(tmp_path: Path) -> Iterator[Store]:
    elsewhere = empty_store(tmp_path / "away.db")
    yield elsewhere
    elsewhere.close()


def adjudicated(store: Store, id: str, *, later: float) -> OpenedReview:
    """Cy adjudicates what ada and bob have finished, and decides the first difference."""
    opened = store.adjudications.open(id, "cy", AdjudicationTerms(at(later), 600))
    first = opened.review.open_items()[0]
    opened = press(store, opened, accept(first), now=at(later + 1))
    return press(store, opened, finish(), now=at(later + 2))


def decide(store: Store, id: str, *changes: Change, later: float) -> None:
    """One key press in cy's adjudication, with ids that no other store has."""
    review = store.reviews.get(id, "cy", adjudicates=True).review
    name = f"{store.database.name} {later}"
    group = DecisionGroup(name, id, "cy", at(later), review.next_seq, adjudicates=True)
    made = to_decisions(changes, group, ids=(f"{name} {n}" for n in range(len(changes))))
    store.reviews.append(made, text=store.articles.get(id).text)


@pytest.fixture
def both(home: Store, away: Store, tmp_path: Path) -> str:
    """An article that ada and bob have finished, at home and away."""
    id = ready(home)
    for who, decide in (("ada", accept), ("bob", reject)):
        open_(home, id, who, reviews_per_article=2)
        work(home, id, who, *map(decide, items(home, id, who)), finish(folded=()), later=1)
    out(home, tmp_path / "out", id, who=("ada", "bob"))
    bring(away, tmp_path / "out")
    return id


def exported(store: Store) -> list[bytes]:
    return [line_of(one) for one in records(store, scheme=SchemeId("labels", "1"))]


def test_an_adjudication_comes_home_and_twice_changes_nothing(
    home: Store, away: Store, both: str, tmp_path: Path
) -> None:
    adjudicated(away, both, later=10)
    made = out(away, tmp_path / "back", both, who=("cy",))
    assert (made.reviews, made.left_out) == (1, ())
    result = bring(home, tmp_path / "back")
    assert (result.added, result.known, result.conflicts) == (2, 0, [])
    assert exported(home) == exported(away)
    assert [one.kind for one in home.finished.reviews()] == ["adjudication"]
    assert home.queue.size(QueueView("ada", QueueFilter.TO_ADJUDICATE)) == 0
    again = bring(home, tmp_path / "back")
    assert (again.added, again.known, again.changed) == (0, 2, 0)
    assert problems(home) == []
    assert [one.kind for one in home.adjudications.finished()] == ["adjudication"]


def test_an_adjudication_goes_on_at_home_and_both_logs_are_joined(
    home: Store, away: Store, both: str, tmp_path: Path
) -> None:
    begun = away.adjudications.open(both, "cy", AdjudicationTerms(at(10), 600))
    first, second, *_ = begun.review.open_items()
    decide(away, both, accept(first), later=11)
    out(away, tmp_path / "first", both, who=("cy",))
    bring(home, tmp_path / "first")
    home.adjudications.open(both, "cy", AdjudicationTerms(at(12), 600))
    decide(home, both, accept(second), later=13)
    decide(away, both, reject(second), finish(folded=()), later=14)
    out(away, tmp_path / "second", both, who=("cy",))
    result = bring(home, tmp_path / "second")
    assert [one.kind for one, _ in result.conflicts] == ["clash"]
    joined = home.reviews.get(both, "cy", adjudicates=True).review
    assert joined.finished
    assert joined.held[second.id].status is Status.REJECTED
    assert problems(home) == []


def test_adjudications_from_two_places_end_alike_in_either_order(
    home: Store, away: Store, both: str, tmp_path: Path
) -> None:
    adjudicated(away, both, later=10)
    out(away, tmp_path / "away", both, who=("cy",))
    earlier = home.adjudications.open(both, "dan", AdjudicationTerms(at(5), 600))
    press(home, earlier, finish(folded=()), now=at(6))
    out(home, tmp_path / "home", both, who=("dan",))
    bring(home, tmp_path / "away")
    bring(away, tmp_path / "home")
    assert exported(home) == exported(away)
    assert [one.review.reviewer for one in home.finished.reviews()] == ["cy"]


def test_an_adjudication_of_other_reviews_is_to_be_made_again(
    home: Store, away: Store, both: str, tmp_path: Path
) -> None:
    adjudicated(away, both, later=10)
    out(away, tmp_path / "back", both, who=("cy",))
    work(home, both, "ada", reopen(), later=3)
    work(home, both, "ada", finish(folded=()), later=4)
    bring(home, tmp_path / "back")
    assert home.queue.size(QueueView("ada", QueueFilter.TO_ADJUDICATE)) == 1


def test_a_comparison_that_was_changed_on_the_way_is_refused(away: Store, both: str) -> None:
    adjudicated(away, both, later=10)
    plain = entry_to_dict(away.bundles.read(both, ["cy"]))
    assert entry_from_dict(plain) == away.bundles.read(both, ["cy"])
    sets = plain["article"]["sets"]
    (compared,) = (one for one in sets if "comparison" in one)
    compared["comparison"]["contested"][0]["variants"][0]["id"] = "nowhere"
    with pytest.raises(RecordError, match="names an item that is not there"):
        entry_from_dict(plain)
    del compared["comparison"]
    with pytest.raises(RecordError, match="without what it is about"):
        entry_from_dict(plain)
