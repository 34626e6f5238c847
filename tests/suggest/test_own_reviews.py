"""Training on one's own reviews: what is learnt from, what is held out, what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.annotations import Entity, Verdict
from annotator.core.article import Article, Span
from annotator.core.decisions import Answer
from annotator.core.record import Record, ReviewFacts, SchemeId
from annotator.errors import ModelError
from annotator.suggest.encoder.heads import log_softmax
from annotator.suggest.encoder.runtime import gelu
from annotator.training.calibrate import Case
from annotator.training.own_reviews.comparing import (
    EntityCounts,
    compared,
    refuse_if_worse,
)
from annotator.training.own_reviews.fine_tuning import better_scores
from annotator.training.own_reviews.holding_out import LEAST, divided, usable
from annotator.training.own_reviews.lessons import Lesson
from annotator.training.own_reviews.names_head import TAUGHT, HeadCourse, slopes, taught

AT = datetime(2019, 1, 14, 12, tzinfo=UTC)
FACTS = ReviewFacts("ada", "review", AT, AT)


def reviewed(number: int, **changes: object) -> Record:
    """A finished review with one entity, of an article of its own."""
    text = f"Ada Low left Port Ellis on day {number}."
    named = Entity("e1", Span(0, 7), "PERSON", verdict=Verdict.ACCEPTED)
    record = Record(Article(text, "", "en"), SchemeId("news", "1"), review=FACTS, entities=(named,))
    return replace(record, **changes)  # type: ignore[arg-type]  # fields of several types


def test_only_finished_reviews_with_decided_entities_teach() -> None:
    undecided = Entity("e1", Span(0, 7), "PERSON")
    records = [
        reviewed(1),
        reviewed(2, answer=Answer.SKIP, entities=()),
        reviewed(3, review=ReviewFacts()),
        reviewed(4, entities=()),
        reviewed(5, entities=(undecided,)),
        reviewed(6, article=replace(reviewed(6).article, language="de")),
    ]
    assert usable(records) == [records[0]]


def test_of_several_reviews_of_an_article_one_teaches() -> None:
    later = replace(FACTS, reviewer="bo", finished=AT.replace(year=2020))
    adjudicated = replace(FACTS, kind="adjudication")
    first, second, third = (reviewed(1, review=one) for one in (FACTS, later, adjudicated))
    assert usable([second, first]) == [second]
    assert usable([third, second, first]) == [third]


def test_the_sample_articles_do_not_count() -> None:
    assert usable([reviewed(1), reviewed(2)], gold=[reviewed(2, review=ReviewFacts())]) == [
        reviewed(1)
    ]


def test_too_few_reviews_are_refused_with_the_number_that_is_needed() -> None:
    with pytest.raises(ModelError) as caught:
        divided([reviewed(n) for n in range(LEAST - 3)], {})
    assert f"{LEAST - 3} with entities, {LEAST} needed" in caught.value.message
    assert caught.value.hint.startswith("Finish 3 more")


@given(st.integers(LEAST, 60), st.integers(1, 8))
def test_a_fifth_is_held_out_and_no_story_is_on_both_sides(count: int, size: int) -> None:
    records = usable(reviewed(n) for n in range(count))
    ids = [record.article.id for record in records]
    stories = {ids[n]: ids[n - n % size] for n in range(len(ids))}
    try:
        split = divided(records, stories)
    except ModelError:
        assert count < 5 * size
        return
    sides = [{one.article.id for one in side} for side in (split.taught, split.held_out)]
    assert sides[0] | sides[1] == set(ids)
    assert not sides[0] & sides[1]
    assert not {stories[one] for one in sides[0]} & {stories[one] for one in sides[1]}
    assert 2 <= len(sides[1]) < max(2, round(count / 5)) + size


def test_held_out_articles_do_not_depend_on_the_order() -> None:
    records = [reviewed(n) for n in range(20)]
    assert divided(usable(records), {}) == divided(usable(records[::-1]), {})


def counts(*rows: tuple[int, int, int]) -> list[EntityCounts]:
    return [EntityCounts(*row) for row in rows]


def test_f_is_over_all_articles_and_its_interval_over_articles() -> None:
    before, after = counts((1, 2, 2), (8, 10, 10)), counts((2, 2, 2), (9, 10, 10))
    found = compared(before, after, seed=1)
    assert (found.articles, found.entities) == (2, 12)
    assert found.before.value == pytest.approx(9 / 12)
    assert found.after.value == pytest.approx(11 / 12)
    assert found.difference.value == pytest.approx(2 / 12)
    assert (found.before.low, found.before.high) == (0.5, 0.8)


def test_nothing_found_and_nothing_there_is_no_error() -> None:
    assert compared(counts((0, 0, 0)), counts((0, 0, 0)), seed=1).after.value == 0


BETTER = compared(counts((5, 10, 10)), counts((6, 10, 10)), seed=1)
SAME = compared(counts((5, 10, 10)), counts((5, 10, 10)), seed=1)
WORSE = compared(counts((5, 10, 10)), counts((4, 10, 10)), seed=1)
LITTLE_LOST = compared(counts((500, 1000, 1000)), counts((491, 1000, 1000)), seed=1)


def test_better_is_kept_if_little_is_forgotten() -> None:
    refuse_if_worse(BETTER, SAME)
    refuse_if_worse(BETTER, LITTLE_LOST)


@pytest.mark.parametrize(
    ("held_out", "general", "said"),
    [(WORSE, SAME, "is worse on"), (SAME, SAME, "no better"), (BETTER, WORSE, "forgets")],
)
def test_worse_is_refused_in_two_lines(held_out, general, said) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ModelError, match=said) as caught:
        refuse_if_worse(held_out, general)
    assert "nothing was written" in caught.value.message
    assert caught.value.hint


WIDTH, INNER, TAGS = 5, 4, 3


def small_head(seed: int = 1) -> dict[str, Any]:
    rng = np.random.default_rng(seed)
    shapes = {
        "names.mid.weight": (WIDTH, INNER),
        "names.mid.bias": (INNER,),
        "names.out.weight": (INNER, TAGS),
        "names.out.bias": (TAGS,),
        "shapes.weight": (2, 1),
        "places.weight": (2, 1),
        "words.mid.weight": (WIDTH, 2),
    }
    return {name: rng.normal(size=size) for name, size in shapes.items()}


def small_lesson(words: int, seed: int = 2) -> Lesson:
    """Words whose tag is the largest of their first three values."""
    rng = np.random.default_rng(seed)
    vectors = rng.normal(size=(words, WIDTH - 2)).astype(np.float16)
    flags = rng.integers(0, 2, (2, words)).astype(np.uint8)
    return Lesson(vectors, flags[0], flags[1], vectors.argmax(axis=1).astype(np.int16))


def loss(head: dict[str, Any], x: Any, tags: Any) -> float:
    inner = gelu(x @ head["names.mid.weight"] + head["names.mid.bias"])
    logs = log_softmax(inner @ head["names.out.weight"] + head["names.out.bias"])
    return float(-logs[np.arange(len(tags)), tags].mean())


def test_the_slopes_are_those_of_the_loss() -> None:
    head, lesson = small_head(), small_lesson(7)
    x: Any = lesson.inputs(head).astype(np.float64)  # for differences of neighbouring losses
    found = slopes(head, x, lesson.tags, 0.0, np.random.default_rng(1))
    for name in TAUGHT:
        for place in np.ndindex(head[name].shape):
            moved = []
            for step in (1e-5, -1e-5):
                other = {**head, name: head[name].copy()}
                other[name][place] += step
                moved.append(loss(other, x, lesson.tags))
            assert found[name][place] == pytest.approx((moved[0] - moved[1]) / 2e-5, abs=1e-6)


def test_the_head_learns_what_it_is_taught_and_nothing_else_changes() -> None:
    head, lesson = small_head(), small_lesson(300)
    before = {name: one.copy() for name, one in head.items()}
    course = HeadCourse(epochs=60, rate=0.02, pull=0.0, drop=0.0, batch=32)
    epochs: list[int] = []
    after = taught(head, lesson, small_lesson(20, 3), course, lambda: epochs.append(1))
    x = lesson.inputs(head)
    assert loss(after, x, lesson.tags) < 0.5 * loss(head, x, lesson.tags)
    assert len(epochs) == 60
    assert all(np.array_equal(head[name], before[name]) for name in head)
    assert {name for name in head if not np.array_equal(after[name], head[name])} == {*TAUGHT}


def test_a_stronger_pull_keeps_the_weights_nearer_to_the_original() -> None:
    head, lesson, gold = small_head(), small_lesson(200), small_lesson(50, 3)
    moved = []
    for pull in (0.0, 0.1, 10.0):
        course = HeadCourse(epochs=100, pull=pull, rate=0.01)
        after = taught(head, lesson, gold, course, lambda: None)
        moved.append(sum(float(np.abs(after[name] - head[name]).sum()) for name in TAUGHT))
    assert moved[0] > moved[1] > 2 * moved[2]


def test_the_same_seed_gives_the_same_weights() -> None:
    head, lesson, gold = small_head(), small_lesson(60), small_lesson(20, 3)
    one, same, other = (
        taught(head, lesson, gold, HeadCourse(epochs=2, seed=seed), lambda: None)
        for seed in (1, 1, 2)
    )
    assert all(np.array_equal(one[name], same[name]) for name in one)
    assert not np.array_equal(one["names.out.bias"], other["names.out.bias"])


def suggestions(count: int, right: float) -> list[list[Case]]:
    rng = np.random.default_rng(1)
    return [[Case(("bias", "x"), bool(rng.random() < right), n)] for n in range(count)]


def test_scores_are_learnt_anew_only_from_enough_and_only_if_nearer_to_the_truth() -> None:
    known = {"bias": 2.0}
    assert better_scores(suggestions(400, 0.5), known) is known
    assert better_scores(suggestions(2000, 0.5), {}) == {}
    assert better_scores(suggestions(2000, 0.88), known) is known
    learnt = better_scores(suggestions(2000, 0.5), known)
    assert sum(learnt.values()) == pytest.approx(0.0, abs=0.15)
