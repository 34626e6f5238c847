"""Articles assigned to reviewers: who is offered them, who may open them, what is listed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from annotator.core.decisions import finish
from annotator.core.states import QueueFilter, QueueView
from annotator.errors import StoreError
from annotator.store.store import Store
from tests.helpers.building import HOLD, NOW, arrival, at, ids, open_, press, ready, row_of
from tests.helpers.store_caches import assert_caches_are_right
from tests.helpers.verbs import call


def some(store: Store, many: int = 3) -> list[str]:
    """Ready articles, the oldest first."""
    return [ready(store, f"Article {n}.\n", []) for n in range(many)]


def assign(store: Store, article: str, *to: str) -> int:
    return store.assignments.assign([article], to, by="desk", now=NOW).new


def offered(store: Store, reviewer: str, after: str | None = None) -> str | None:
    return store.queue.next_ready(QueueView(reviewer), after, now=NOW)


def test_an_assigned_article_is_offered_to_no_one_else(store: Store) -> None:
    one, two, three = some(store)
    assign(store, three, "ben")
    assert [offered(store, "ada"), offered(store, "ada", two)] == [two, one]
    assert offered(store, "ben") == three


def test_an_article_assigned_to_several_is_offered_to_each(store: Store) -> None:
    (one,) = some(store, 1)
    assign(store, one, "ada", "ben")
    assert [offered(store, name) for name in ("ada", "ben", "cy")] == [one, one, None]


def test_others_may_open_it_on_purpose_and_are_told(store: Store) -> None:
    (one,) = some(store, 1)
    assign(store, one, "ben")
    assert open_(store, one, "ada", reviews_per_article=2).assigned == ("ben",)
    assert open_(store, one, "ben", reviews_per_article=2).assigned == ()


def test_the_filter_lists_what_is_assigned_to_me(store: Store) -> None:
    one, two, three = some(store)
    assign(store, one, "ada")
    assign(store, three, "ada", "ben")
    assign(store, two, "ben")
    view = QueueView("ada", state=QueueFilter.ASSIGNED)
    assert ids(store.queue.page(view, offset=0, limit=9)) == [three, one]
    assert store.queue.size(view) == 2
    assert store.queue.position(view, one) == 1


def test_a_row_says_whose_it_is_and_who_is_in_it_since_when(store: Store) -> None:
    (one,) = some(store, 1)
    assign(store, one, "ben", "ada")
    open_(store, one, "cy", reviews_per_article=3)
    press(store, open_(store, one, "ben", now=at(5), reviews_per_article=3), finish())
    row = row_of(store, one, "dora")
    assert row.assigned == ("ada", "ben")
    assert [(who.reviewer, who.since) for who in row.in_work] == [("cy", NOW), ("ben", at(5))]
    assert [who.is_in_hand(at(9)) for who in row.in_work] == [True, False]
    assert not row.in_work[0].is_in_hand(at(HOLD + 1))


def test_who_has_an_article_keeps_it_and_counts_once(store: Store) -> None:
    (one,) = some(store, 1)
    assert [assign(store, one, "ada"), assign(store, one, "ada", "ben")] == [1, 1]
    assert [(a.reviewer, a.by) for a in store.assignments.listed()] == [
        ("ada", "desk"),
        ("ben", "desk"),
    ]


def test_assignments_are_taken_back_by_article_and_by_reviewer(store: Store) -> None:
    one, two, three = some(store)
    for article in (one, two, three):
        assign(store, article, "ada", "ben")
    assert store.assignments.clear([one]) == 2
    assert store.assignments.clear([two], ["ada"]) == 1
    assert store.assignments.clear(None, ["ben"]) == 2
    assert [(a.article, a.reviewer) for a in store.assignments.listed()] == [(three, "ada")]
    assert offered(store, "cy") == two
    assert_caches_are_right(store)


def test_a_purged_article_is_assigned_to_nobody(store: Store) -> None:
    one, two = some(store, 2)
    assign(store, one, "ada")
    assign(store, two, "ada")
    store.purge.article(one, by="desk", now=NOW)
    assert [a.article for a in store.assignments.listed("ada")] == [two]
    with pytest.raises(StoreError, match="were purged"):
        assign(store, one, "ben")
    assert store.assignments.assign([one, two], ["ben"], by="desk", now=NOW).articles == 1


def test_articles_are_meant_by_file_name_id_and_prefix(store: Store) -> None:
    one, _ = some(store, 2)
    name = f"{one[:8]}.txt"
    words = (name, f"inbox/{name}", one, one[:9])
    assert [store.articles.all_meant(word) for word in words] == [(one,)] * 4
    for word in ("none.txt", ""):
        with pytest.raises(StoreError, match="No article has the id or the file name"):
            store.articles.all_meant(word)
    with pytest.raises(StoreError, match="outlet"):
        store.assignments.of_outlet("Nobody's")


def test_a_file_means_all_articles_in_it_that_no_later_text_replaced(store: Store) -> None:
    store.files.take_in([arrival("/inbox/wire.txt", "The first wording of it.\n")])
    (new,) = store.files.take_in([arrival("/inbox/wire.txt", "The wording of it, again.\n")]).new
    earlier = store.articles.supersedes(new)
    assert earlier is not None
    with pytest.raises(StoreError, match="a later text replaced"):
        assign(store, earlier, "ada")
    assert store.articles.all_meant("wire.txt") == (new,)
    both = store.files.take_in([arrival("/inbox/list.jsonl", "One of two.\n", "Two of two.\n")])
    assert store.articles.all_meant("list.jsonl") == tuple(sorted(both.new))
    with pytest.raises(StoreError, match="Several articles are from"):
        store.articles.meant("list.jsonl")


def test_the_verb_assigns_lists_and_takes_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "annotator.toml").touch()
    monkeypatch.chdir(tmp_path)
    store = Store.open(f"sqlite:///{tmp_path / 'annotator.db'}")
    one, two = some(store, 2)
    assert result(one[:12], two, "--to", "ada, ben") == {"assigned": 4, "known": 0, "articles": 2}
    assert result(one, "--to", "ada,cy") == {"assigned": 1, "known": 1, "articles": 1}
    press(store, open_(store, one, "cy"), finish())
    store.close()
    (entry,) = result("--list", "--to", "cy")["assignments"]
    assert (entry["article"], entry["finished"]) == (one, "2018-12-19T09:00:01Z")
    assert result(two, "--clear") == {"cleared": 2, "articles": 1}
    assert result("--clear", "--to", "ada")["cleared"] == 1


@pytest.mark.parametrize(
    "words", ["", "one", "--clear", "--to ada", "one --list", "one --to ,"], ids=repr
)
def test_an_order_that_names_no_article_or_nobody_is_wrong_usage(words: str) -> None:
    assert call("assign", *words.split()).status == 2


def result(*words: str) -> Any:
    return call("assign", *words, "--json").result
