"""Stories in the store: an append-only log, what holds by it, proposals, and purges."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import DBAPIError

from annotator.core.across.board import story_claims
from annotator.core.across.standing_ties import tie_between
from annotator.core.across.story_changes import (
    StoryChange,
    StoryPress,
    add_to_story,
    create_story,
    remove_from_story,
    rename_story,
    tell_apart,
    to_story_decisions,
    withdraw_story,
)
from annotator.core.across.story_log import Story, StoryDecision
from annotator.core.annotations import Claim
from annotator.core.claim_ties import Relation
from annotator.core.decisions import accept, finish, relate
from annotator.core.record import SchemeId
from annotator.errors import ReviewError, StoreError
from annotator.export.finished import FinishedWriter
from annotator.export.records import records
from annotator.store.sql import columns as t
from annotator.store.store import Store
from annotator.store.stories.story_store import OpenedStory
from tests.helpers.building import NOW, open_, press
from tests.helpers.ferry_stories import ALSO, FIRE, VOTE, taken_in

SCHEME = SchemeId("news", "1")
_presses = count()


def decide(store: Store, *changes: StoryChange, by: str = "ada") -> None:
    """One key press that decides this, stored."""
    store.stories.append(decided(*changes, by=by))


def decided(*changes: StoryChange, by: str = "ada") -> tuple[StoryDecision, ...]:
    number = next(_presses)
    ids = (f"decision-{number}-{n}" for n in count())
    return to_story_decisions(changes, StoryPress(f"press-{number}", by, NOW), ids=ids)


def relate_in(store: Store, opened: OpenedStory, relation: Relation) -> str:
    """Ties the claims of the first two articles; the article in whose review that was decided."""
    one, other = opened.articles[:2]
    here, tie = tie_between((one, "c1"), (other, "c1"), relation)
    review = open_(store, here.id, here.reviewer)
    press(store, review, relate(tie))
    return here.id


def test_decisions_are_visible_to_others(store: Store) -> None:
    one, other = taken_in(store, FIRE), taken_in(store, ALSO)
    decide(store, create_story(Story("s1", "The ferry", (one,))))
    decide(store, add_to_story("s1", [other]), rename_story(Story("s1", "The ferry"), "Fire"))
    again = Store.open(store.database.url.render_as_string(hide_password=False))
    assert again.stories.all().standing == (Story("s1", "Fire", (one, other)),)
    again.close()


def test_decisions_of_others_are_seen(store: Store) -> None:
    one = taken_in(store, FIRE)
    again = Store.open(store.database.url.render_as_string(hide_password=False))
    assert not again.stories.all().named
    decide(store, create_story(Story("s1", "The ferry", (one,))))
    assert again.stories.of_articles() == {one: "s1"}
    again.close()


def test_undo_takes_a_story_back(store: Store) -> None:
    one = taken_in(store, FIRE)
    decide(store, create_story(Story("s1", "The ferry", (one,))))
    press_ = store.stories.log().undoable("ada")
    assert press_ is not None
    decide(store, withdraw_story(press_.id))
    assert not store.stories.all().named
    assert len(store.stories.log().decisions) == 2


def test_only_one_s_own_decisions_are_undone(store: Store) -> None:
    decide(store, create_story(Story("s1", "The ferry", (taken_in(store, FIRE),))))
    assert store.stories.log().undoable("bo") is None


def test_a_decision_that_does_not_fit_stores_nothing(store: Store) -> None:
    one = taken_in(store, FIRE)
    with pytest.raises(ReviewError, match="no such story"):
        decide(store, create_story(Story("s1", "Ferry", (one,))), add_to_story("s2", [one]))
    assert not store.stories.all().named


def test_the_same_decision_twice_is_one(store: Store) -> None:
    made = decided(create_story(Story("s1", "Ferry", (taken_in(store, FIRE),))))
    store.stories.append(made)
    store.stories.append(made)
    assert len(store.stories.log().decisions) == 1


@pytest.mark.parametrize(
    "change", [update(t.story_decision).values(target="x"), delete(t.story_decision)]
)
def test_the_log_is_never_changed(store: Store, change: object) -> None:
    decide(store, create_story(Story("s1", "Ferry", (taken_in(store, FIRE),))))
    with pytest.raises((DBAPIError, StoreError)), store.database.writing() as connection:
        connection.execute(change)  # type: ignore[call-overload]  # a statement
    assert store.stories.all().named


def test_a_story_is_found_by_the_beginning_of_its_id(store: Store) -> None:
    one = taken_in(store, FIRE)
    decide(store, create_story(Story("abc1", "Ferry", (one,))))
    decide(store, create_story(Story("abd2", "Vote", (taken_in(store, VOTE),))))
    assert store.stories.named("abc").title == "Ferry"
    with pytest.raises(StoreError, match="Several"):
        store.stories.named("ab")
    with pytest.raises(StoreError, match="No story"):
        store.stories.named("x")


def test_articles_on_one_event_are_proposed(store: Store) -> None:
    one, other, _ = (taken_in(store, text) for text in (FIRE, ALSO, VOTE))
    (found,) = store.stories.proposed("ada")
    assert set(found.articles) == {one, other}
    assert found.into is None
    assert found.title in ("Ferry burns off Kesthaven", "Fire on the Saint Oda")


def test_an_article_is_proposed_for_a_known_story(store: Store) -> None:
    one, other = taken_in(store, FIRE), taken_in(store, ALSO)
    decide(store, create_story(Story("s1", "The ferry", (one,))))
    (found,) = store.stories.proposed("ada")
    assert (found.articles, found.title, found.into) == ((other,), "The ferry", "s1")


def test_separated_articles_are_not_proposed_again(store: Store) -> None:
    one, other = taken_in(store, FIRE), taken_in(store, ALSO)
    decide(store, tell_apart([one, other]))
    assert store.stories.proposed("ada") == ()


def test_an_article_taken_out_is_not_proposed_there_again(store: Store) -> None:
    one, other = taken_in(store, FIRE), taken_in(store, ALSO)
    decide(store, create_story(Story("s1", "The ferry", (one, other))))
    decide(store, remove_from_story("s1", [other]))
    assert store.stories.proposed("ada") == ()


def test_a_story_shows_the_claims_of_one_s_own_review_first(store: Store) -> None:
    one = taken_in(store, FIRE)
    press(store, open_(store, one, "bo", reviews_per_article=2), accept(open_claim(store, one)))
    story = Story("s1", "The ferry", (one,))
    assert store.stories.open(story, "ada").articles[0].shown_of == "bo"
    press(store, open_(store, one, "ada", reviews_per_article=2), accept(open_claim(store, one)))
    assert store.stories.open(story, "ada").articles[0].shown_of == "ada"


def open_claim(store: Store, article: str) -> Claim:
    shown = store.stories.open(Story("s", "s", (article,)), "nobody").articles[0].shown
    return shown.claims[0]


def test_a_tie_is_decided_where_one_reviews_and_shows_on_the_board(store: Store) -> None:
    one, other = taken_in(store, FIRE), taken_in(store, ALSO)
    press(store, open_(store, other), accept(open_claim(store, other)), finish())
    story = Story("s1", "The ferry", (one, other))
    assert relate_in(store, store.stories.open(story, "ada"), Relation.CONTRADICTS) == other
    opened = store.stories.open(story, "ada")
    row = story_claims(opened.annotated).arranged(opened.ties).propositions[0]
    assert len(row.accounts) == 2
    assert row.conflicts
    (record,) = (one for one in records(store, scheme=SCHEME) if one.article.id == other)
    assert [(tie.claim, tie.article) for tie in record.ties] == [("c1", one)]


def test_claims_in_the_reviews_of_others_cannot_be_tied(store: Store) -> None:
    one, other = taken_in(store, FIRE), taken_in(store, ALSO)
    for article in (one, other):
        press(store, open_(store, article, "bo"), accept(open_claim(store, article)), finish())
    opened = store.stories.open(Story("s1", "The ferry", (one, other)), "ada")
    with pytest.raises(ReviewError, match="in the review of bo"):
        relate_in(store, opened, Relation.SAME)


def test_support_is_decided_in_the_review_of_the_supporting_claim(store: Store) -> None:
    one, other = taken_in(store, FIRE), taken_in(store, ALSO)
    press(store, open_(store, other), accept(open_claim(store, other)))
    opened = store.stories.open(Story("s1", "The ferry", (one, other)), "ada")
    here, tie = tie_between(
        (opened.articles[0], "c1"), (opened.articles[1], "c1"), Relation.SUPPORTS
    )
    assert (here.id, tie.article) == (one, other)


def test_the_newest_decision_on_a_pair_holds(store: Store) -> None:
    one, other = taken_in(store, FIRE), taken_in(store, ALSO)
    story = Story("s1", "The ferry", (one, other))
    relate_in(store, store.stories.open(story, "ada"), Relation.SAME)
    opened = store.stories.open(story, "ada")
    here, tie = tie_between((opened.of(other), "c1"), (opened.of(one), "c1"), Relation.SUPPORTS)
    later = replace(open_(store, here.id))
    press(store, later, relate(tie), now=NOW.replace(hour=20))
    (holds,) = store.stories.open(story, "ada").ties
    assert (holds.one, holds.relation) == ((other, "c1"), Relation.SUPPORTS)


def test_a_record_names_the_story_and_its_file_is_written_again(
    store: Store, tmp_path: Path
) -> None:
    one = taken_in(store, FIRE)
    press(store, open_(store, one), finish())
    write = FinishedWriter(store, tmp_path, scheme=SCHEME)
    assert (write(), write()) == (1, 0)
    decide(store, create_story(Story("s1", "The ferry", (one,))))
    assert (write(), write()) == (1, 0)
    assert FinishedWriter(store, tmp_path, scheme=SCHEME)() == 0
    (file,) = tmp_path.glob("*.jsonl")
    assert '"story":"s1"' in file.read_text("utf-8")
    assert [record.story for record in records(store, scheme=SCHEME)] == ["s1"]


def test_a_purged_article_leaves_its_story_and_its_title(store: Store) -> None:
    one, other = taken_in(store, FIRE), taken_in(store, ALSO)
    decide(store, create_story(Story("s1", "Ferry burns off Kesthaven", (one, other))))
    decide(store, rename_story(Story("s1", "Ferry burns off Kesthaven"), "The ferry"))
    decide(store, tell_apart([one, other]))
    assert store.stories.all().named
    store.purge.article(one, by="ada", now=NOW)
    assert store.stories.all().named["s1"] == Story("s1", "The ferry", (other,))
    with store.database.reading() as connection:
        rows = str(connection.execute(select(t.story_decision)).fetchall())
        assert one not in rows
        assert "burns off" not in rows
        assert connection.execute(select(func.count()).select_from(t.story_decision)).scalar() == 3
    decide(store, remove_from_story("s1", [other]))


def test_a_story_that_people_made_is_one_in_the_splits_of_a_dataset(store: Store) -> None:
    one, vote = taken_in(store, FIRE), taken_in(store, VOTE)
    assert store.articles.stories() == {}
    decide(store, create_story(Story("s1", "Both", (vote, one))))
    assert store.articles.stories() == {one: one, vote: one}
