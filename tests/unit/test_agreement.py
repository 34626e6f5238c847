"""Agreement between reviewers."""

from hypothesis import given
from hypothesis import strategies as st

from annotator.core.agreement import agreement, f1
from annotator.core.annotations import Entity
from annotator.core.article import Span

sets = st.sets(st.integers(0, 20))


def _entity(start: int, label: str) -> Entity:
    return Entity(f"e{start}", Span(start, start + 3), label)


@given(sets, sets)
def test_f1_is_symmetric_and_one_only_for_equal_sets(one: set[int], other: set[int]) -> None:
    assert f1(one, other) == f1(other, one)
    assert (f1(one, other) == 1.0) == (one == other and bool(one))


def test_f1_of_two_empty_sets_is_unknown() -> None:
    assert f1([], []) is None


def test_entities_agree_in_span_and_label() -> None:
    one = (_entity(0, "GPE"), _entity(5, "ORG"))
    other = (_entity(0, "GPE"), _entity(5, "PERSON"))

    result = agreement([[one, other]])

    assert (result.entities, result.claims, result.pairs) == (0.5, None, 1)


def test_three_reviews_of_an_article_make_three_pairs() -> None:
    same = (_entity(0, "GPE"),)
    assert agreement([[same, same, same]]).pairs == 3


def test_an_article_reviewed_once_says_nothing() -> None:
    assert agreement([[(_entity(0, "GPE"),)]]).pairs == 0
