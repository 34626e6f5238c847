"""Stories and the decisions on them: what holds, and what undo takes back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.across.shared_log import SharedLog
from annotator.core.across.story_changes import (
    StoryChange,
    StoryPress,
    add_to_story,
    check_story_decision,
    create_story,
    remove_from_story,
    rename_story,
    restore_story,
    tell_apart,
    to_story_decisions,
    withdraw_story,
)
from annotator.core.across.story_log import Stories, Story, StoryDecision, pairs_of
from annotator.errors import ReviewError

NOON = datetime(2031, 5, 1, 12, tzinfo=UTC)
FERRY = Story("ferry", "The ferry", ("a", "b", "c"))
STRIKE = Story("strike", "The strike", ("d", "e"))
ARTICLES = list("abcdefg")
Log = SharedLog[StoryDecision]


def after(*presses: StoryChange | tuple[str, StoryChange], log: Log | None = None) -> Log:
    """A log of key presses, each of one change, by ada unless another reviewer is named."""
    now = log or SharedLog()
    for press in presses:
        by, change = press if isinstance(press, tuple) else ("ada", press)
        number = len(now.decisions)
        made = to_story_decisions(
            (change,), StoryPress(f"g{number}", by, NOON), ids=(f"d{number}",)
        )
        now = now.after(*made)
    return now


def stories(*presses: StoryChange | tuple[str, StoryChange]) -> Stories:
    return Stories.of(after(*presses))


def test_a_story_has_its_articles_and_each_article_its_story() -> None:
    now = stories(create_story(FERRY), create_story(STRIKE))
    assert now.standing == (STRIKE, FERRY)
    assert now.of_article == {
        "a": "ferry",
        "b": "ferry",
        "c": "ferry",
        "d": "strike",
        "e": "strike",
    }


def test_a_story_is_renamed() -> None:
    assert stories(create_story(FERRY), rename_story(FERRY, "Fire")).standing[0].title == "Fire"


def test_an_article_is_in_one_story_at_most() -> None:
    now = stories(create_story(FERRY), create_story(STRIKE), add_to_story("strike", ["a"]))
    assert [one.articles for one in now.standing] == [("d", "e", "a"), ("b", "c")]
    assert now.apart == {frozenset("ab"), frozenset("ac")}


def test_an_article_taken_out_is_not_proposed_there_again() -> None:
    now = stories(create_story(FERRY), remove_from_story("ferry", ["c"]))
    assert now.of_article.keys() == {"a", "b"}
    assert now.apart == {frozenset("ac"), frozenset("bc")}


def test_an_article_put_back_is_no_longer_apart() -> None:
    now = stories(
        create_story(FERRY), remove_from_story("ferry", ["c"]), add_to_story("ferry", ["c"])
    )
    assert now.named["ferry"].articles == ("a", "b", "c")
    assert not now.apart


def test_a_story_without_articles_is_not_listed() -> None:
    now = stories(create_story(STRIKE), remove_from_story("strike", ["d", "e"]))
    assert now.standing == ()
    assert "strike" in now.named


def test_articles_are_told_apart() -> None:
    assert stories(tell_apart(["a", "b", "c"])).apart == pairs_of("abc")


def test_undo_of_a_story_leaves_none_and_redo_brings_it_back() -> None:
    log = after(create_story(FERRY), rename_story(FERRY, "Fire"), withdraw_story("g1"))
    assert Stories.of(log).named["ferry"].title == "The ferry"
    log = after(withdraw_story("g0"), log=log)
    assert not Stories.of(log).named
    log = after(restore_story("g0"), restore_story("g1"), log=log)
    assert Stories.of(log).named["ferry"].title == "Fire"


def test_a_decision_on_a_story_that_was_undone_has_no_effect() -> None:
    made = after(create_story(FERRY), ("bo", add_to_story("ferry", ["d"])))
    assert Stories.of(after(withdraw_story("g0"), log=made)).of_article == {}


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (create_story(Story("new", "New")), "needs an article"),
        (create_story(Story("new", " ", ("a",))), "needs a title"),
        (create_story(Story("new", "x" * 201, ("a",))), "one line"),
        (create_story(Story("ferry", "Again", ("d",))), "already"),
        (rename_story(FERRY, "two\nlines"), "one line"),
        (rename_story(Story("gone", "x"), "y"), "no such story"),
        (add_to_story("gone", ["a"]), "no such story"),
        (add_to_story("ferry", []), "Choose an article"),
        (remove_from_story("ferry", []), "Choose an article"),
        (tell_apart(["a"]), "two articles"),
    ],
)
def test_what_does_not_fit_is_refused(change: StoryChange, why: str) -> None:
    (decision,) = to_story_decisions((change,), StoryPress("g", "ada", NOON), ids=("d",))
    with pytest.raises(ReviewError, match=why):
        check_story_decision(stories(create_story(FERRY)), decision)


some = st.lists(st.sampled_from(ARTICLES), min_size=1, max_size=4, unique=True)
changes = st.one_of(
    st.builds(
        lambda id, own: create_story(Story(id, id, tuple(own))), st.sampled_from("xyz"), some
    ),
    st.builds(add_to_story, st.sampled_from("xyz"), some),
    st.builds(remove_from_story, st.sampled_from("xyz"), some),
    st.builds(tell_apart, some),
)


@given(st.lists(changes, max_size=12))
def test_each_article_is_in_one_story_and_never_apart_from_its_fellows(
    made: list[StoryChange],
) -> None:
    now = stories(*made)
    own = [article for story in now.named.values() for article in story.articles]
    assert len(own) == len(set(own))
    assert {article: id for id, one in now.named.items() for article in one.articles} == (
        now.of_article
    )
    assert not any(pairs_of(one.articles) & now.apart for one in now.named.values())


@given(st.lists(changes, min_size=1, max_size=8))
def test_undo_of_everything_leaves_nothing(made: list[StoryChange]) -> None:
    log = after(*made)
    while press := log.undoable("ada"):
        log = after(withdraw_story(press.id), log=log)
    assert Stories.of(log) == Stories()


@given(
    st.lists(
        st.tuples(st.sampled_from(["ada", "bo"]), st.sampled_from("durr"), changes), max_size=12
    )
)
def test_a_log_in_time_is_the_log_of_those_who_knew_of_everything(
    made: list[tuple[str, str, StoryChange]],
) -> None:
    log: Log = SharedLog()
    for who, key, change in made:
        undo, redo = log.undoable(who), log.redoable(who)
        if key == "u" and undo is not None:
            change = withdraw_story(undo.id)
        elif key == "r" and redo is not None:
            change = restore_story(redo.id)
        log = after((who, change), log=log)
    places = {one.id: n for n, one in enumerate(log.decisions)}
    in_time = SharedLog.in_time(reversed(log.decisions), lambda one: places[one.id])
    assert (in_time.decisions, in_time.presses) == (log.decisions, log.presses)
    assert in_time.withdrawn == {lane: own for lane, own in log.withdrawn.items() if own}


@pytest.mark.parametrize(("at", "title"), [(0.5, "Fire"), (2.0, "Smoke")])
def test_decisions_of_two_machines_hold_in_the_order_of_time(at: float, title: str) -> None:
    one = after(create_story(FERRY), rename_story(FERRY, "Fire"))
    other = after(("bo", rename_story(FERRY, "Smoke")), log=after(create_story(FERRY)))
    late = replace(other.decisions[-1], id="late", group="late")
    times = {"d0": 0.0, "d1": 1.0, "late": at}
    log = SharedLog.in_time((*one.decisions, late), lambda each: times[each.id])
    assert Stories.of(log).named["ferry"].title == title
