"""Agreement between reviewers."""

from hypothesis import given
from hypothesis import strategies as st

from annotator.core.agreement import agreement, f1
from annotator.core.annotations import Claim, Entity, Verdict
from annotator.core.article import Span

sets = st.sets(st.integers(0, 20))


def _entity(start: int, label: str, verdict: Verdict = Verdict.ACCEPTED) -> Entity:
    return Entity(f"e{start}", Span(start, start + 3), label, verdict=verdict)


def _claim(start: int, verdict: Verdict = Verdict.ACCEPTED) -> Claim:
    return Claim(f"c{start}", (Span(start, start + 9),), verdict=verdict)


@given(sets, sets)
def test_f1_is_symmetric_and_is_one_only_for_equal_sets(one: set[int], other: set[int]) -> None:
    assert f1(one, other) == f1(other, one)
    assert (f1(one, other) == 1.0) == (one == other and bool(one))


def test_f1_of_two_empty_sets_is_unknown() -> None:
    assert f1([], []) is None


def test_entities_agree_if_span_and_label_agree() -> None:
    one = (_entity(0, "GPE"), _entity(5, "ORG"))
    other = (_entity(0, "GPE"), _entity(5, "PERSON"))

    result = agreement([[one, other]])

    assert (result.entities, result.claims, result.pairs) == (0.5, None, 1)


def test_three_reviews_of_an_article_make_three_pairs() -> None:
    same = (_entity(0, "GPE"),)
    assert agreement([[same, same, same]]).pairs == 3


def test_an_article_reviewed_once_gives_no_agreement() -> None:
    assert agreement([[(_entity(0, "GPE"),)]]).pairs == 0


def test_undecided_items_are_not_agreement() -> None:
    left_open = (_entity(0, "GPE", Verdict.PENDING), _claim(0, Verdict.PENDING))

    result = agreement([[left_open, left_open]])

    assert (result.entities, result.claims, result.pairs) == (None, None, 1)


def test_an_item_that_one_reviewer_left_open_is_not_counted() -> None:
    one = (_entity(0, "GPE"), _entity(5, "ORG"), _claim(0), _claim(9))
    other = (
        _entity(0, "GPE"),
        _entity(5, "ORG", Verdict.PENDING),
        _entity(9, "LAW"),
        _claim(0),
        _claim(9, Verdict.PENDING),
    )

    result = agreement([[one, other]])

    assert (result.entities, result.claims) == (2 / 3, 1.0)
