"""What holds of stories is kept in tables: it is the fold of their log after whatever was decided,
and what reads it does not read more in a store with more stories."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.across.shared_log import SharedLog
from annotator.core.across.story_changes import (
    StoryChange,
    StoryPress,
    add_to_story,
    create_story,
    remove_from_story,
    rename_story,
    restore_story,
    tell_apart,
    to_story_decisions,
    withdraw_story,
)
from annotator.core.across.story_log import Stories, Story, StoryDecision
from annotator.errors import ReviewError
from annotator.store.store import Store
from tests.helpers.building import NOW, TEXT, ready
from tests.helpers.many_articles import counted
from tests.helpers.store_caches import assert_stories_are_right
from tests.helpers.stores import empty_store, without_syncing

ARTICLES = 5
EACH = 4
_examples, _presses = count(), count()
some = st.lists(st.integers(0, ARTICLES - 1), min_size=1, max_size=4, unique=True)
Acts = Sequence[tuple[str, str, str, list[int], int, bool]]
acts = st.tuples(
    st.sampled_from(["ada", "bo"]),
    st.sampled_from(["create", "rename", "add", "remove", "apart", "undo", "undo", "redo"]),
    st.sampled_from("xy"),
    some,
    st.integers(-2, 3),  # seconds since the decision before: clocks of machines differ
    st.booleans(),
)


def change_of(store: Store, who: str, kind: str, story: str, articles: list[str]) -> StoryChange:
    """What a key does; undo and redo are of what can be undone and redone."""
    if kind in ("undo", "redo"):
        log = store.stories.log()
        press = log.undoable(who) if kind == "undo" else log.redoable(who)
        change = withdraw_story if kind == "undo" else restore_story
        return change("nothing" if press is None else press.id)
    if kind == "create":
        return create_story(Story(story, f"Story {story}", tuple(articles)))
    if kind == "rename":
        return rename_story(Story(story, "before"), f"Story {len(articles)}")
    if kind == "apart":
        return tell_apart(articles)
    return (add_to_story if kind == "add" else remove_from_story)(story, articles)


@given(made=st.lists(acts, max_size=12))
def test_the_cache_is_the_fold_of_the_log(store: Store, made: Acts) -> None:
    example, now = next(_examples), NOW
    articles = [ready(store, f"{TEXT}{n}.\n", []) for n in range(ARTICLES)]
    for who, kind, story, places, seconds, is_brought in made:
        now += timedelta(seconds=seconds)
        own = [articles[place] for place in places]
        change = change_of(store, who, kind, f"{story}{example}", own)
        name = f"press {next(_presses)}"
        decisions = to_story_decisions((change,), StoryPress(name, who, now), ids=(name,))
        with suppress(ReviewError):
            put = store.bundles.bring_stories if is_brought else store.stories.append
            put(decisions)
        assert_held_as_folded(store)
    assert_stories_are_right(store)


def assert_held_as_folded(store: Store) -> None:
    log: SharedLog[StoryDecision] = store.stories.log()
    folded = Stories.of(SharedLog.in_time(log.decisions, lambda one: one.at))
    held = store.stories.all()
    assert (held, tuple(held.named)) == (folded, tuple(folded.named))
    assert store.stories.of_articles() == folded.of_article
    assert store.stories.count() == len(folded.standing)
    first = store.stories.page(limit=1)
    assert (*first, *(store.stories.page(first[0], limit=99) if first else ())) == folded.standing
    titles = {one: folded.named[id].title for one, id in folded.of_article.items()}
    assert store.stories.titles(folded.of_article) == titles


def test_decisions_of_several_presses_are_stored_together(store: Store) -> None:
    one, other = (ready(store, f"{TEXT}{n}.\n", []) for n in range(2))
    made = [
        *told("first", create_story(Story("s", "Ferry", (one, other))), "a"),
        *told("second", rename_story(Story("s", "Ferry"), "Fire"), "b"),
        *told("first", remove_from_story("s", [other]), "c"),
    ]
    store.stories.append(made)
    assert_held_as_folded(store)
    assert store.stories.page(limit=9) == (Story("s", "Fire", (one,)),)


def told(group: str, change: StoryChange, id: str) -> tuple[StoryDecision, ...]:
    return to_story_decisions((change,), StoryPress(group, "ada", NOW), ids=(id,))


@pytest.fixture(scope="module")
def sizes(tmp_path_factory: pytest.TempPathFactory) -> tuple[Store, Store]:
    """The same kind of store twice, one of them with ten times as many stories."""
    folder = tmp_path_factory.mktemp("stories")
    return with_stories(folder / "few.db", 60), with_stories(folder / "many.db", 600)


def with_stories(file: Path, number: int) -> Store:
    """A store with so many stories of articles that are elsewhere."""
    store = without_syncing(empty_store(file))
    changes = (
        create_story(Story(f"s{n}", f"Story {n}", tuple(f"{n} {one}" for one in range(EACH))))
        for n in range(number)
    )
    store.bundles.bring_stories(
        [d for n, one in enumerate(changes) for d in told(f"{n}", one, f"{n}")]
    )
    return store


def decided_in(store: Store) -> None:
    """A press on the oldest story, by which an article leaves another one."""
    name = f"press {next(_presses)}"
    changes = (rename_story(Story("s0", "Story 0"), name), add_to_story("s0", [f"{name} 1", "1 1"]))
    ids = (f"{name} {n}" for n in count())
    store.stories.append(to_story_decisions(changes, StoryPress(name, "ada", NOW), ids=ids))


READ = {
    "page": lambda store: store.stories.page(limit=50),
    "next page": lambda store: store.stories.page(Story("s55", ""), limit=50),
    "titles": lambda store: store.stories.titles(f"{n} 1" for n in range(50)),
    "held": lambda store: store.stories.held(["7 1", "8 1"], ["s9"]),
    "decision": decided_in,
}


@pytest.mark.parametrize("ask", READ.values(), ids=READ)
def test_work_is_the_same_with_few_stories_and_many(
    sizes: tuple[Store, Store], ask: Callable[[Store], object]
) -> None:
    done = []
    for store in sizes:
        ask(Store(store.database))  # as a process that has read nothing yet
        with counted(store) as work:
            ask(Store(store.database))
        done.append(work)
    few, many = done
    assert few.statements == many.statements > 0
    assert 0 < many.steps <= 1.15 * few.steps + 20
