"""Train, dev and test: linked articles share a split, and nothing moves without need."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.article import Article, Origin
from annotator.core.components import connected_components
from annotator.core.record import Record, SchemeId
from annotator.export.splits import SPLITS, split_of, stories_in

numbers = st.integers(0, 12)
links = st.lists(st.tuples(numbers, numbers), max_size=15)


def reached(one: int, pairs: list[tuple[int, int]]) -> set[int]:
    """Everything that can be reached from `one`, the slow way."""
    seen, before = {one}, set[int]()
    while seen != before:
        before = set(seen)
        seen |= {b for a, b in pairs if a in seen} | {a for a, b in pairs if b in seen}
    return seen


@given(links)
def test_each_component_is_named_by_its_smallest_member(pairs: list[tuple[int, int]]) -> None:
    oldest = connected_components(pairs)
    assert oldest.keys() == {one for pair in pairs for one in pair}
    assert oldest == {one: min(reached(one, pairs)) for one in oldest}


@given(links, st.integers(0, 12))
def test_later_articles_do_not_move_earlier_ones(
    pairs: list[tuple[int, int]], linked_to: int
) -> None:
    before = connected_components(pairs)
    after = connected_components([*pairs, (13, linked_to)])
    assert {one: after[one] for one in before} == before
    assert after[13] == before.get(linked_to, linked_to)


def article_id(n: int) -> str:
    return Article(f"Article number {n}.").id


def test_the_oldest_article_of_a_story_decides_its_split() -> None:
    stories = {article_id(n): article_id(0) for n in range(50)}
    assert {split_of(article_id(n), stories) for n in range(50)} == {split_of(article_id(0), {})}


@pytest.mark.parametrize(
    ("article", "split"),
    [("00000007", "train"), ("00000008", "dev"), ("00000013", "test"), ("1000000000", "train")],
)
def test_a_split_never_changes(article: str, split: str) -> None:
    assert split_of(article + "f" * (64 - len(article)), {}) == split


def test_eight_tenths_are_train() -> None:
    counts = Counter(split_of(article_id(n), {}) for n in range(5000))
    assert set(counts) == set(SPLITS)
    assert abs(counts["train"] - 4000) < 150
    assert abs(counts["dev"] - 500) < 100


def test_anyone_can_recompute_the_split() -> None:
    assert split_of("00000008" + "0" * 56, {}) == "dev"
    assert split_of("00000009" + "0" * 56, {}) == "test"
    assert split_of("0000000a" + "0" * 56, {}) == "train"


def record(text: str, url: str | None, received: str) -> Record:
    return Record(Article(text, origin=Origin(url=url, received=received)), SchemeId("a", "1"))


def test_records_of_one_page_are_one_story() -> None:
    new = record("New.", "https://wire.example/1", "2026-01-03T00:00:00Z")
    old = record("Old.", "https://wire.example/1", "2026-01-01T00:00:00Z")
    other = record("Other.", "https://wire.example/2", "2026-01-01T00:00:00Z")
    both = replace(
        other,
        article=Article("Both.", origin=new.article.origin, also_from=(other.article.origin,)),
    )
    nowhere = record("Nowhere.", None, "2026-01-01T00:00:00Z")
    rows = (new, old, new, nowhere)
    assert stories_in(rows) == {row.article.id: old.article.id for row in (new, old)}
    joined = stories_in((*rows, other, both))
    assert len(set(joined.values())) == 1
    assert joined.keys() == {row.article.id for row in (new, old, other, both)}


def test_near_duplicates_are_one_story() -> None:
    words = " ".join(f"The {n}th ship left Port Ellis before the storm came." for n in range(30))
    old = record(words, None, "2026-01-01T00:00:00Z")
    new = record(f"{words} Nobody was hurt.", None, "2026-01-02T00:00:00Z")
    other = record(" ".join(f"Word {n} is new here." for n in range(99)), None, "2025-01-01T00:00Z")
    assert stories_in((other, new, old)) == {row.article.id: old.article.id for row in (new, old)}
