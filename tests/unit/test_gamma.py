"""Gamma, where its package is installed; which articles and units it is computed of."""

from dataclasses import replace

import pytest

from annotator.cli.agreement_table import _gamma_sample, _lines
from annotator.core.annotations import Verdict
from annotator.core.article import Article
from annotator.core.comparison.judgement import ReviewedArticle
from annotator.measures import gamma
from annotator.measures.agreement_measures import Measure
from annotator.measures.bootstrap import Interval
from annotator.measures.gamma import HOW_TO_GET, GammaSample, gamma_of, units_of
from tests.unit.test_comparison import TEXT, at, claim, entity, record, reviewed


def numbered(number: int) -> ReviewedArticle:
    one = reviewed(record("ada", entity("Ada Low")), record("bo", entity("Ada Low")))
    return replace(one, article=Article(f"{TEXT}{number}\n"))


def test_a_sample_is_the_same_in_any_order() -> None:
    articles = [numbered(n) for n in range(9)]
    samples = GammaSample(4), GammaSample(4)
    for one, other in zip(articles, reversed(articles), strict=True):
        samples[0].take(one)
        samples[1].take(other)
        samples[0].take(None)
    first, second = (sorted(sample._kept) for sample in samples)
    assert first == second
    assert len(first) == 4


def test_units_are_those_that_every_reviewer_judged() -> None:
    left_open = entity("Bo Marsh", verdict=Verdict.PENDING)
    one = reviewed(
        record("ada", entity("Ada Low"), left_open, claim()),
        record("bo", entity("Ada Low", "ORG"), entity("Bo Marsh")),
    )
    assert units_of(one, "entities") == (
        ("ada", at("Ada Low"), "PERSON"),
        ("bo", at("Ada Low"), "ORG"),
    )
    assert [reviewer for reviewer, _, _ in units_of(one, "content")] == ["ada"]


def test_gamma_of_one_reviewer_is_not_known() -> None:
    assert gamma_of((("ada", at("Ada Low"), "PERSON"),)) is None


def test_without_the_package_one_line_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(gamma, "is_installed", lambda: False)
    assert _gamma_sample() is None
    assert capsys.readouterr().err == f"{HOW_TO_GET}\n"


def test_gamma_has_a_line_of_its_own() -> None:
    of = Interval(0.9, 0.85, 0.95)
    one = Measure("gamma", "content", None, None, None, of, 80, "spans", 12, is_enough=True)
    assert "gamma of claims:content: .900 .850–.950 (80 spans in 12 articles)" in [
        *_lines([one], 12)
    ]


def test_equal_reviews_have_a_gamma_of_one(capfd: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("pygamma_agreement")
    same = [(at("Ada Low"), "PERSON"), (at("Port Ellis"), "GPE"), (at("Bo Marsh"), "PERSON")]
    found = gamma_of(tuple((who, *unit) for who in ("ada", "bo") for unit in same))
    assert found is not None
    assert (round(found.gamma, 6), found.units) == (1.0, 6)
    shifted = [(at("Ada"), "PERSON"), (at("Port Ellis"), "ORG"), (at("Bo Marsh"), "PERSON")]
    sides = {"ada": same, "bo": shifted}
    less = gamma_of(tuple((who, *unit) for who, units in sides.items() for unit in units))
    assert less is not None
    assert less.gamma < 1
    assert capfd.readouterr().out == ""  # the solver talks
