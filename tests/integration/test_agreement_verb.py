"""The figures of `agreement` and `report`, from a store with reviews of several people."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import update

from annotator.cli.agreement_figures import compared, measure_to_dict
from annotator.cli.agreement_table import _lines
from annotator.cli.report_figures import report_figures
from annotator.cli.report_lines import agreement_lines
from annotator.core.annotations import Entity
from annotator.core.decisions import Change, accept, finish, relabel
from annotator.measures.agreement_measures import measures
from annotator.measures.comparisons import Comparisons
from annotator.store.sql import columns
from annotator.store.store import Store
from tests.helpers.building import NOW, TEXT, open_, press, ready
from tests.helpers.stores import as_before

ARTICLES = 12


def review(store: Store, article: str, reviewer: str, *, wrong: bool = False) -> None:
    """A finished review that accepts all suggestions; a wrong one calls the place a group."""
    opened = open_(store, article, reviewer, reviews_per_article=3)
    changes: list[Change] = []
    for item in opened.review.items:
        if wrong and isinstance(item, Entity) and item.label == "GPE":
            changes.append(relabel(item, "ORG"))
        else:
            changes.append(accept(item))
    press(store, opened, *changes, finish())


@pytest.fixture
def reviewed(store: Store) -> Store:
    return as_before(store, twelve_articles)


def twelve_articles(store: Store) -> None:
    """Articles of three entities with two reviewers, who differ on the place of three."""
    for number in range(ARTICLES):
        article = ready(store, TEXT.replace("nothing", f"nothing {number}"))
        review(store, article, "ada")
        review(store, article, "bo", wrong=number < 3)


def figures(store: Store) -> list[dict[str, Any]]:
    found = Comparisons()
    for _ in compared(store, found, None):
        pass
    return [measure_to_dict(one) for one in measures(found.sums)]


def test_the_figures_are_those_worked_out_by_hand(reviewed: Store) -> None:
    """By hand: of 36 entities of each, 33 are the same: F1 is 66/72. Of nine places that both call
    so and twelve of one alone, F1 is 18/21. Each article has 13 tokens (a number is one more), six
    of them marked; the two of the place differ in three articles."""
    found = {
        (one["measure"], one["of"], tuple(one["pair"] or ())): one for one in figures(reviewed)
    }
    whole = found["f1", "entities", ()]
    assert whole["value"] == round(66 / 72, 4)
    assert (whole["units"], whole["unit"], whole["articles"]) == (39, "items", ARTICLES)
    assert whole["low"] < whole["value"] < whole["high"]
    assert whole["enough"]
    assert found["f1", "entities:GPE", ()]["value"] == round(18 / 21, 4)
    assert found["f1", "entities:PERSON", ("ada", "bo")]["value"] == 1.0
    tokens = found["kappa", "entities", ("ada", "bo")]["units"]
    agreed = (tokens - 6) / tokens
    left = {"none": tokens - 72, "PERSON": 48, "GPE": 24, "ORG": 0}
    right = {"none": tokens - 72, "PERSON": 48, "GPE": 18, "ORG": 6}
    chance = sum(left[one] * right[one] for one in left) / tokens**2
    kappa = found["kappa", "entities", ("ada", "bo")]["value"]
    assert kappa == round((agreed - chance) / (1 - chance), 4)


def test_labels_of_few_articles_are_said_to_be_few(reviewed: Store) -> None:
    (organisations,) = (
        one
        for one in figures(reviewed)
        if (one["measure"], one["of"], one["pair"]) == ("f1", "entities:ORG", None)
    )
    assert (organisations["units"], organisations["articles"]) == (3, 3)
    assert not organisations["enough"]


def test_the_same_store_gives_the_same_figures(reviewed: Store) -> None:
    assert figures(reviewed) == figures(reviewed)


def test_adjudications_and_open_reviews_are_not_compared(store: Store) -> None:
    article = ready(store)
    review(store, article, "ada")
    review(store, article, "bo")
    open_(store, article, "cy", reviews_per_article=3)
    c = columns.review.c
    with store.database.writing() as connection:
        statement = update(columns.review).where(c.reviewer == "bo").values(kind="adjudication")
        connection.execute(statement)
    assert figures(store) == []


def test_a_month_is_that_of_the_last_review(reviewed: Store) -> None:
    assert {one["month"] for one in figures(reviewed) if "month" in one} == {"2018-12"}


def test_the_lines_show_values_with_intervals(reviewed: Store) -> None:
    found = Comparisons()
    for _ in compared(reviewed, found, None):
        pass
    lines = [*_lines(tuple(measures(found.sums)), found.sums.articles())]
    assert lines[0].startswith("12 articles with two finished reviews or more")
    entities = next(line for line in lines if line.startswith("entities "))
    assert ".917 ." in entities
    assert any(line.startswith("  ORG") and "not enough" in line for line in lines)
    assert any(line.startswith("ada and bo") for line in lines)


def test_without_second_reviews_nothing_is_known() -> None:
    assert [*_lines((), 0)] == ["No article has two finished reviews, so agreement is not known."]


def test_the_report_has_the_old_figures_and_the_new(reviewed: Store) -> None:
    result = report_figures(reviewed, NOW)["agreement"]
    assert result["pairs"] == ARTICLES
    assert result["entities"] == pytest.approx((9 + 3 * 4 / 6) / ARTICLES)
    assert {one["of"] for one in result["measures"]} == {"entities"}
    assert all(one["pair"] is None for one in result["measures"])
    said = [*agreement_lines(result)]
    assert said[1].startswith("agreement (F1 over 12 pairs of reviews): entities 91.7%")
    assert said[2].startswith("  entities            f1     0.917  (95 %: 0.")


def test_values_are_rounded_to_four_digits(reviewed: Store) -> None:
    found = Comparisons()
    for _ in compared(reviewed, found, None):
        pass
    one = next(measures(found.sums))
    third = replace(one, interval=replace(one.interval, value=1 / 3))
    assert measure_to_dict(third)["value"] == 0.3333
