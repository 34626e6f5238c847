"""Near-duplicates in the store: linked, adjacent in the queue, never merged."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from math import log2
from typing import Any

import pytest
from sqlalchemy import Table, event, func, select

from annotator.core.annotations import Item, Junk, JunkKind
from annotator.core.article import Span, identity_of
from annotator.core.decisions import DecisionGroup, add, finish, to_decisions
from annotator.core.states import QueueOrder
from annotator.store.linking import near_duplicates
from annotator.store.linking.minhash import bands_of
from annotator.store.sql import columns as t
from annotator.store.store import Store
from annotator.store.values import ImportedReview, ImportedSuggestions, QueueView, Suggested
from tests.helpers.building import NOW, PIPELINE, arrival, article, ids, open_, press, ready
from tests.helpers.items import entity
from tests.helpers.near_duplicates import link_alike
from tests.helpers.revisions import seeds
from tests.helpers.store_caches import assert_caches_are_right

STORY, OTHER = (record.article.text for record in seeds()[:2])
ALONE = 40
RETOLD = "Quite another headline\n" + STORY.partition("\n")[2]
LONGER = (
    STORY + "\nThe lock keeper, who had seen it all before, only laughed and closed his door.\n"
)


def analyse(store: Store, *texts: str, junk: dict[str, tuple[Item, ...]] | None = None) -> None:
    """What a worker does for everything that waits."""
    store.files.take_in([arrival(f"/inbox/{identity_of(text)[:8]}.txt", text) for text in texts])
    leased = store.work.lease("worker", limit=1000, seconds=60, now=NOW)
    results = [
        Suggested(
            one.id,
            items := (junk or {}).get(one.text, ()),
            "en",
            bands=bands_of(one.text, items),
        )
        for one in leased
    ]
    store.work.attach("worker", results, PIPELINE, now=NOW)


@pytest.fixture(autouse=True)
def caches(store: Store) -> Iterator[None]:
    """Whatever a test does, what the tables count is right afterwards."""
    yield
    assert_caches_are_right(store)


def linked(store: Store, text: str) -> list[str]:
    return ids(store.articles.alike(identity_of(text)))


def listed(store: Store) -> list[str]:
    return ids(store.queue.page(QueueView("ada", order=QueueOrder.OLDEST), offset=0, limit=99))


def count(store: Store, table: Table) -> int:
    with store.database.reading() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


@pytest.mark.parametrize("again", [RETOLD, LONGER])
def test_the_same_story_is_linked(store: Store, again: str) -> None:
    analyse(store, STORY, OTHER)
    analyse(store, again)
    assert linked(store, STORY) == [identity_of(again)]
    (found,) = store.articles.alike(identity_of(again))
    assert (found.id, found.title) == (identity_of(STORY), STORY.partition("\n")[0])
    assert 0.8 < found.similarity < 1
    assert linked(store, OTHER) == []


def test_the_same_story_within_one_batch_is_linked(store: Store) -> None:
    analyse(store, STORY, OTHER, RETOLD, LONGER)
    assert set(linked(store, STORY)) == {identity_of(RETOLD), identity_of(LONGER)}
    assert count(store, t.likeness) == 3


def test_near_duplicates_are_adjacent_in_the_queue(store: Store) -> None:
    analyse(store, STORY)
    analyse(store, OTHER)
    analyse(store, RETOLD)
    assert listed(store) == [identity_of(text) for text in (STORY, RETOLD, OTHER)]
    rows = {row.id: row.alike for row in store.queue.page(QueueView("ada"), offset=0, limit=9)}
    assert rows == {identity_of(STORY): 1, identity_of(RETOLD): 1, identity_of(OTHER): 0}


def test_an_article_that_links_two_groups_joins_them(store: Store) -> None:
    part = len(STORY) * 22 // 100
    first, second = STORY[:-part] + OTHER[:part], OTHER[-part:] + STORY[part:]
    analyse(store, first)
    analyse(store, "Something else altogether.\n")
    analyse(store, second)
    assert linked(store, first) == []
    analyse(store, STORY)
    assert set(linked(store, STORY)) == {identity_of(first), identity_of(second)}
    assert listed(store)[:3] == [identity_of(text) for text in (first, second, STORY)]


def test_joining_many_groups_moves_no_article_often(store: Store) -> None:
    """Texts that share paragraphs: first lone ones, then, from the last to the first, what joins
    each with all that were joined before, which came later."""
    lines = [" ".join(f"w{n}x{word}" for word in range(40)) for n in range(4 * ALONE + 6)]
    moved: list[int] = []

    def note(*how: Any) -> None:
        if how[2].startswith("UPDATE article SET place"):
            moved.append(how[1].rowcount)

    event.listen(store.database.engine, "after_cursor_execute", note)
    for n in range(ALONE):
        one = ready(store, "\n".join(lines[4 * n : 4 * n + 6]), [])
        link_alike(store, {one: (n,)})
    for n in reversed(range(ALONE - 1)):
        one = ready(store, "\n".join(lines[4 * n : 4 * n + 10]), [])
        link_alike(store, {one: (n, n + 1)})
    with store.database.reading() as connection:
        assert len({*connection.execute(select(t.article.c.place)).scalars()}) == 1
    assert 2 * ALONE - 2 <= sum(moved) <= 2 * ALONE * log2(2 * ALONE)


def test_junk_does_not_prevent_a_link(store: Store) -> None:
    lines = "\n".join(f"Read more: story number {n} about the sea and its ships" for n in range(60))
    text = f"{STORY}\n{lines}\n"
    junk, start = [], len(STORY) + 1
    for n, line in enumerate(lines.split("\n")):
        junk.append(Junk(f"j{n}", Span(start, start + len(line)), JunkKind.RELATED_LINK))
        start += len(line) + 1
    analyse(store, STORY)
    analyse(store, text, junk={text: tuple(junk)})
    (found,) = store.articles.alike(identity_of(STORY))
    assert found.similarity == 1.0


def test_a_revision_is_not_linked_with_the_earlier_text(store: Store) -> None:
    store.files.take_in([arrival("/inbox/one.txt", STORY)])
    analyse(store)
    store.files.take_in([arrival("/inbox/one.txt", RETOLD)])
    analyse(store)
    assert store.articles.supersedes(identity_of(RETOLD)) == identity_of(STORY)
    assert count(store, t.likeness) == 0


def test_superseded_texts_are_not_listed_as_near_duplicates(store: Store) -> None:
    analyse(store, STORY)
    store.files.take_in([arrival("/inbox/two.txt", RETOLD)])
    analyse(store)
    store.files.take_in([arrival("/inbox/two.txt", LONGER)])
    analyse(store)
    assert linked(store, STORY) == [identity_of(LONGER)]
    rows = {row.id: row.alike for row in store.queue.page(QueueView("ada"), offset=0, limit=9)}
    assert rows == {identity_of(STORY): 1, identity_of(LONGER): 1}


def test_repeated_suggestions_link_once(store: Store) -> None:
    analyse(store, STORY, RETOLD)
    for _ in range(2):
        assert store.work.suggest_again() == 2
        analyse(store)
    assert linked(store, STORY) == [identity_of(RETOLD)]
    assert count(store, t.likeness) == 1


def test_an_article_with_a_lost_lease_is_not_linked(store: Store) -> None:
    analyse(store, STORY)
    store.files.take_in([arrival("/inbox/two.txt", RETOLD)])
    late = Suggested(identity_of(RETOLD), (), "en", bands=bands_of(RETOLD))
    assert store.work.attach("somebody else", [late], PIPELINE, now=NOW) == 0
    assert linked(store, STORY) == []


def test_links_and_suggestions_are_stored_together_or_not_at_all(store: Store) -> None:
    analyse(store, STORY)
    store.files.take_in([arrival("/inbox/two.txt", RETOLD)])
    (leased,) = store.work.lease("worker", limit=9, seconds=60, now=NOW)
    before = count(store, t.suggestion_set)
    broken = Suggested(leased.id, (), "en", bands=(*bands_of(RETOLD), 2**70))
    with pytest.raises(Exception, match=r"too large|out of range|overflow"):
        store.work.attach("worker", [broken], PIPELINE, now=NOW)
    assert (count(store, t.suggestion_set), count(store, t.likeness)) == (before, 0)
    sound = Suggested(leased.id, (), "en", bands=bands_of(RETOLD))
    assert store.work.attach("worker", [sound], PIPELINE, now=NOW) == 1
    assert linked(store, STORY) == [leased.id]


def test_imported_articles_are_linked_on_request(store: Store) -> None:
    first, second = ready(store, STORY, []), ready(store, RETOLD, [])
    assert linked(store, STORY) == []
    for _ in range(2):
        link_alike(store, {one: bands_of(text) for one, text in ((first, STORY), (second, RETOLD))})
    assert linked(store, STORY) == [second]
    assert listed(store) == [first, second]


def test_imported_articles_are_linked_on_import(store: Store) -> None:
    analyse(store, STORY)
    entry = ImportedSuggestions(article(RETOLD), (), PIPELINE)
    for _ in range(2):
        store.imports.suggestions([entry], now=NOW)
    assert linked(store, STORY) == [identity_of(RETOLD)]
    made = ImportedReview(
        article(LONGER),
        (),
        None,
        to_decisions(
            [finish()],
            DecisionGroup(
                id="g",
                article=identity_of(LONGER),
                reviewer="bo",
                at=NOW,
                first_seq=1,
            ),
            ids=["d"],
        ),
        NOW,
    )
    store.imports.reviews([made], now=NOW)
    assert set(linked(store, STORY)) == {identity_of(RETOLD), identity_of(LONGER)}
    assert count(store, t.likeness) == 3


def test_two_workers_at_once_miss_no_link(store: Store) -> None:
    """Each holds one half of the pairs; whoever comes second sees what the first has stored."""
    pairs = [(f"{STORY}\nNumber {n}.\n", f"{RETOLD}\nNumber {n}.\n") for n in range(6)]
    texts = [text for pair in pairs for text in pair]
    store.files.take_in([arrival(f"/inbox/{n}.txt", text) for n, text in enumerate(texts)])
    hands = {name: store.work.lease(name, limit=6, seconds=60, now=NOW) for name in ("one", "two")}

    def attach(name: str) -> None:
        for one in hands[name]:
            made = Suggested(one.id, (), "en", bands=bands_of(one.text))
            store.work.attach(name, [made], PIPELINE, now=NOW)

    threads = [threading.Thread(target=attach, args=(name,)) for name in hands]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [len(linked(store, one)) > 0 for one in texts] == [True] * len(texts)


def test_a_thousand_texts_from_one_template_are_each_linked_with_a_few(store: Store) -> None:
    texts = [f"{STORY}\nEdition {n} of this page.\n" for n in range(60)]
    analyse(store, *texts)
    assert 8 <= count(store, t.likeness) <= 60 * 8
    assert {row.alike > 0 for row in store.queue.page(QueueView("ada"), offset=0, limit=99)} == {
        True
    }


def test_a_template_does_not_hide_other_stories(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(near_duplicates, "_ROWS_READ", 40)
    template = " ".join(f"Line {n} is late by a quarter of an hour." for n in range(60))
    analyse(store, STORY, *(f"{template} Day {n}." for n in range(50)))
    others = [f"{template} Day {n}." for n in range(50, 60)]
    analyse(store, RETOLD, *others)
    assert linked(store, STORY) == [identity_of(RETOLD)]
    assert all(linked(store, other) for other in others)


def test_a_purge_removes_links(store: Store) -> None:
    analyse(store, STORY, RETOLD)
    store.purge.article(identity_of(RETOLD), by="ada", now=NOW)
    assert linked(store, STORY) == []
    assert count(store, t.shingle_band) == len(bands_of(STORY))


def test_near_duplicates_are_known_on_opening(store: Store) -> None:
    analyse(store, STORY)
    file = arrival("/inbox/two.txt", RETOLD)
    (one,) = file.articles
    named = replace(one, origin=replace(one.origin, outlet="Sund Mail"))
    store.files.take_in([replace(file, articles=(named,))])
    analyse(store)
    opened = open_(store, identity_of(STORY))
    assert [one.outlet for one in opened.alike] == ["Sund Mail"]


def test_decisions_do_not_affect_near_duplicates(store: Store) -> None:
    analyse(store, STORY, RETOLD)
    opened = open_(store, identity_of(STORY))
    press(store, opened, add(entity(STORY, STORY.split()[0])))
    other = open_(store, identity_of(RETOLD))
    assert other.carried == ()
    assert other.review.decisions == ()
