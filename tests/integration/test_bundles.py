"""Bundles between stores: what goes along, what comes home, what meets there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import update

from annotator.core.annotations import Entity
from annotator.core.assignment import ONE_REVIEW
from annotator.core.bundled import BundledArticle
from annotator.core.decisions import (
    Kind,
    accept,
    finish,
    reject,
)
from annotator.core.opinions import Opinion
from annotator.core.record import PipelineId
from annotator.core.review import Status
from annotator.core.states import QueueOrder
from annotator.errors import ExportError, LeaseLost
from annotator.export.bundle_out import BundleOrder, freed, write_bundle
from annotator.formats.bundle_file import is_bundle, opened_bundle
from annotator.importing.bundle_in import BundleResult, bring_in, survey
from annotator.store.bundling.bringing import BringTerms
from annotator.store.sql import columns as t
from annotator.store.store import Store
from annotator.store.values import SecondOpinion, Suggested
from annotator.tui.queue.queue_columns import Filled
from annotator.tui.queue.queue_rows import RowPlace, queue_row, who_is_in
from tests.helpers.building import (
    NOW,
    PIPELINE,
    TEXT,
    at,
    open_,
    press,
    ready,
    row_of,
    waiting,
)
from tests.helpers.bundling import SCHEME, WEEK, bring, items, out, work
from tests.helpers.items import entity
from tests.helpers.stores import empty_store


@pytest.fixture
def home(store: Store) -> Store:
    return store


@pytest.fixture
def away(tmp_path: Path) -> Iterator[Store]:
    elsewhere = empty_store(tmp_path / "away.db")
    yield elsewhere
    elsewhere.close()


def items_of_new(store: Store, id: str, who: str) -> Sequence[Entity]:
    """The items of a review that is opened now."""
    open_(store, id, who, reviews_per_article=9)
    return items(store, id, who)


@pytest.fixture
def taken(home: Store, away: Store, tmp_path: Path) -> str:
    """An article that is away with bob."""
    id = ready(home)
    out(home, tmp_path / "out", id)
    bring(away, tmp_path / "out")
    return id


def come_home(home: Store, away: Store, id: str, folder: Path, *who: str) -> BundleResult:
    out(away, folder / "back", id)
    return bring(home, folder / "back", *who)


# What goes along


def test_elsewhere_the_review_opens_with_the_suggestions_of_home(
    home: Store, away: Store, taken: str
) -> None:
    there = open_(away, taken, "bob", now=at(50))
    assert there.review == home.reviews.get(taken, "bob").review
    assert there.started == home.reviews.get(taken, "bob").started


def test_opinions_go_along(home: Store, away: Store, tmp_path: Path) -> None:
    (id,) = waiting(home, TEXT)
    home.work.lease("w", limit=1, seconds=60, now=NOW)
    said = Opinion("other", (entity(TEXT, "Ada Low"),), frozenset({"PERSON"}))
    second = SecondOpinion(said, PipelineId("other", "1", "cd"))
    found = Suggested(id, (entity(TEXT, "Bo Marsh"),), "en", opinions=(second,))
    home.work.attach("w", [found], PIPELINE, now=NOW)
    out(home, tmp_path / "out", id)
    bring(away, tmp_path / "out")
    for who in ("bob", "cat"):
        names = [item.suggested_by for item in open_(away, id, who, reviews_per_article=2)
                 .review.entities]  # fmt: skip
        assert names == [("other",), ("pipeline",)]


def test_reviews_of_others_do_not_go_along(home: Store, tmp_path: Path) -> None:
    id = ready(home)
    open_(home, id, "cat", reviews_per_article=2)
    work(home, id, "cat", accept(items(home, id, "cat")[0]))
    order = BundleOrder((id,), ("bob",), SCHEME, ONE_REVIEW, at(5000), WEEK)
    write_bundle(home, tmp_path / "out", order)
    with opened_bundle(tmp_path / "out") as bundle:
        (article,) = (one for one in bundle.entries() if isinstance(one, BundledArticle))
    assert [review.reviewer for review in article.reviews] == ["bob"]


# While it is away


def test_an_article_that_is_away_is_held_until_its_time(home: Store, taken: str) -> None:
    assert row_of(home, taken).is_in_hand(at(6 * 86400))
    with pytest.raises(LeaseLost, match="bob is reviewing"):
        open_(home, taken, "cat", now=at(6 * 86400))
    assert open_(home, taken, "cat", now=at(8 * 86400)).review.reviewer == "cat"


def test_the_queue_says_who_took_it_along_and_until_when(home: Store, taken: str) -> None:
    row = row_of(home, taken, "cat")
    told = who_is_in(row, at(7200))
    until = (NOW + WEEK).astimezone()
    assert told == f"bob took it along 2 h ago, until {until:%Y-%m-%d %H:%M}"
    place = RowPlace(120, QueueOrder.NEWEST, Filled(people=True))
    cells = [cell.text for cell in queue_row(row, place, at(7200)).lines[0]]
    assert cells[0] == "in review"
    assert "⇥ bob" in cells
    told = "in review by bob, who let go of it; begun 8 d ago"
    assert who_is_in(row, at(8 * 86400)) == told


def test_the_same_person_can_look_at_it_at_home_and_it_stays_held(home: Store, taken: str) -> None:
    before = home.reviews.get(taken, "bob").started
    assert open_(home, taken, "bob", now=at(60)).started == before
    home.reviews.release(taken, "bob")
    with pytest.raises(LeaseLost):
        open_(home, taken, "cat", now=at(86400))


def test_it_can_be_freed_before_its_time(home: Store, taken: str) -> None:
    assert freed(home, [], ["bob"]) == [taken]
    assert home.bundles.away() == ()
    assert open_(home, taken, "cat").review.reviewer == "cat"


def test_articles_held_by_others_are_left_out(home: Store, tmp_path: Path) -> None:
    first, second = ready(home), ready(home, f"{TEXT}Once more.\n")
    open_(home, first, "cat")
    made = out(home, tmp_path / "out", first, second)
    assert made.head.articles == 1
    assert made.left_out == ((first, "cat is reviewing this article."),)


def test_nothing_is_held_if_the_file_cannot_be_written(home: Store, tmp_path: Path) -> None:
    id = ready(home)
    with pytest.raises(OSError, match="No such file"):
        out(home, tmp_path / "none" / "out", id)
    assert home.bundles.away() == ()


def test_only_a_bundle_is_overwritten_and_never_through_a_link(
    home: Store, taken: str, tmp_path: Path
) -> None:
    other, link = tmp_path / "other", tmp_path / "link"
    other.write_text("mine")
    link.symlink_to(tmp_path / "out")
    for target in (other, link, tmp_path):
        with pytest.raises(ExportError):
            out(home, target, taken)
    assert other.read_text() == "mine"
    out(home, tmp_path / "out", taken)
    assert is_bundle(tmp_path / "out")


def test_decided_reviews_go_along_even_if_others_have_the_article(
    home: Store, away: Store, taken: str, tmp_path: Path
) -> None:
    work(away, taken, "eve", reject(items_of_new(away, taken, "eve")[0]), later=5)
    work(away, taken, "bob", finish(folded=()), later=10)
    assert out(away, tmp_path / "back", taken, who=("eve",)).reviews == 1
    assert bring(home, tmp_path / "back").decided == {"eve": 1}


# What meets at home


def test_a_finished_review_comes_home_and_frees_its_article(
    home: Store, away: Store, taken: str, tmp_path: Path
) -> None:
    work(away, taken, "bob", *map(accept, items(away, taken, "bob")), later=10)
    work(away, taken, "bob", finish(folded=()), later=20)
    result = come_home(home, away, taken, tmp_path)
    assert (result.changed, result.added, len(result.conflicts)) == (1, 4, 0)
    assert list(home.finished.reviews()) == list(away.finished.reviews())
    assert home.bundles.away() == ()


def test_twice_changes_nothing(home: Store, away: Store, taken: str, tmp_path: Path) -> None:
    work(away, taken, "bob", accept(items(away, taken, "bob")[0]), later=10)
    come_home(home, away, taken, tmp_path)
    before = home.bundles.read(taken, ["bob"])
    result = bring(home, tmp_path / "back")
    assert (result.changed, result.added, result.known) == (0, 0, 1)
    assert home.bundles.read(taken, ["bob"]) == before


def test_two_people_on_one_article_both_stand(
    home: Store, away: Store, taken: str, tmp_path: Path
) -> None:
    freed(home, [taken], None)
    opened = open_(home, taken, "cat")
    press(home, opened, finish(folded=()))
    work(away, taken, "bob", finish(folded=()), later=10)
    result = come_home(home, away, taken, tmp_path)
    assert [one.kind for one, _ in result.conflicts] == ["adjudicate"]
    assert "bob reviewed it, and so did cat" in result.conflicts[0][1]
    assert [one.review.reviewer for one in home.finished.reviews()] == ["bob", "cat"]


def test_one_person_at_two_places_is_joined_and_told(
    home: Store, away: Store, taken: str, tmp_path: Path
) -> None:
    ada, bo, *_ = items(away, taken, "bob")
    work(home, taken, "bob", reject(ada), later=10)
    work(away, taken, "bob", accept(ada), later=20)
    work(away, taken, "bob", accept(bo), later=30)
    result = come_home(home, away, taken, tmp_path)
    review = home.reviews.get(taken, "bob").review
    assert {review.held[one.id].status for one in (ada, bo)} == {Status.ACCEPTED}
    ((conflict, words),) = result.conflicts
    assert conflict.kind == "clash"
    assert "“Ada Low” (rejected here, accepted as PERSON there; the later holds)" in words


def test_a_purged_article_stays_purged(
    home: Store, away: Store, taken: str, tmp_path: Path
) -> None:
    home.purge.article(taken, by="ann", now=NOW)
    work(away, taken, "bob", finish(folded=()), later=10)
    result = come_home(home, away, taken, tmp_path)
    assert [why for _, why in result.purged] == ["This article was purged on 2018-12-19 by ann."]
    assert (result.changed, result.unchanged) == (0, 0)
    assert home.articles.named(taken[:12]) == taken
    assert home.purge.contents(taken) is None


def test_a_review_with_other_suggestions_is_kept_aside(
    home: Store, away: Store, tmp_path: Path
) -> None:
    id, same = ready(home), ready(away, TEXT, [entity(TEXT, "Bo Marsh")])
    assert id == same
    open_(home, id, "bob")
    work(home, id, "bob", accept(items(home, id, "bob")[0]))
    open_(away, id, "bob")
    work(away, id, "bob", finish(folded=()))
    result = come_home(home, away, id, tmp_path)
    assert [one.kind for one, _ in result.conflicts] == ["suggestions"]
    assert [decision.kind for decision, _ in result.left] == ["finish"]
    assert home.reviews.get(id, "bob").review.finished is None


def test_a_changed_decision_is_refused(home: Store, taken: str) -> None:
    work(home, taken, "bob", reject(items(home, taken, "bob")[0]), later=10)
    one = home.bundles.read(taken, ["bob"])
    (review,) = one.reviews
    forged = replace(review.decisions[0], kind=Kind.ACCEPT)
    bad = replace(one, reviews=(replace(review, decisions=(forged,)),))
    (brought,) = home.bundles.bring([bad], BringTerms(NOW, None, ONE_REVIEW, is_outward=False))
    assert [conflict.kind for conflict in brought.conflicts] == ["id"]
    assert home.bundles.read(taken, ["bob"]) == one


def test_decisions_are_taken_of_some_people_only_and_all_are_named(
    home: Store, away: Store, taken: str, tmp_path: Path
) -> None:
    open_(away, taken, "eve", reviews_per_article=2)
    for who in ("bob", "eve"):
        work(away, taken, who, finish(folded=()), later=10)
    out(away, tmp_path / "back", taken, who=("bob", "eve"))
    assert bring(home, tmp_path / "back", "bob").decided == {"bob": 1}
    with opened_bundle(tmp_path / "back") as bundle:
        assert survey(bundle).decisions == {"bob": 1, "eve": 1}
    assert bring(home, tmp_path / "back").untold == {"eve"}


def test_a_newer_text_is_told(home: Store, away: Store, taken: str, tmp_path: Path) -> None:
    with home.database.writing() as connection:
        c = t.article.c
        connection.execute(update(t.article).where(c.id == taken).values(stage="superseded"))
    work(away, taken, "bob", finish(folded=()), later=10)
    result = come_home(home, away, taken, tmp_path)
    assert len(result.superseded) == 1
    assert result.added == 1


def test_memory_learns_what_comes_home(
    home: Store, away: Store, taken: str, tmp_path: Path
) -> None:
    work(away, taken, "bob", *map(reject, items(away, taken, "bob")), later=10)
    come_home(home, away, taken, tmp_path)
    assert dict(home.forms.all()) == dict(away.forms.all()) != {}


def stopping_at(step: int) -> Callable[[int, int], None]:
    """Stops at its n-th call."""
    calls = count(1)

    def called(_done: int, _total: int) -> None:
        if next(calls) == step:
            raise KeyboardInterrupt

    return called


@pytest.mark.parametrize("step", [1, 3, 4, 6])
def test_stopping_while_taking_along_holds_nothing_and_leaves_the_file(
    home: Store, tmp_path: Path, step: int
) -> None:
    ids = tuple(ready(home, f"Ada Low met Bo Marsh on day {n}.") for n in range(3))
    file = tmp_path / "out"
    order = BundleOrder(ids, ("bob",), SCHEME, ONE_REVIEW, NOW, WEEK)
    with pytest.raises(KeyboardInterrupt):
        write_bundle(home, file, order, stopping_at(step))
    assert not file.exists()
    assert home.bundles.away() == ()
    assert write_bundle(home, file, order).head.articles == 3


def test_stopping_while_taking_in_keeps_what_is_stored_and_again_brings_the_rest(
    home: Store, away: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("annotator.importing.bundle_in._AT_ONCE", 1)
    ids = [ready(home, f"Ada Low met Bo Marsh on day {n}.") for n in range(3)]
    out(home, tmp_path / "out", *ids)
    terms = BringTerms(NOW, None, ONE_REVIEW, is_outward=True)
    with opened_bundle(tmp_path / "out") as bundle:
        with pytest.raises(KeyboardInterrupt):
            survey(bundle, stopping_at(2))
        with pytest.raises(KeyboardInterrupt):
            bring_in(away, bundle, terms, stopping_at(2))
        assert away.queue.counts().articles == 2
        assert (bring_in(away, bundle, terms).changed, away.queue.counts().articles) == (1, 3)
