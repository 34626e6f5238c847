"""Names of several articles that are one: as people said, else as is proposed."""

from __future__ import annotations

from dataclasses import replace

from annotator.core.across.numbered_names import numbered_names
from annotator.core.across.proposals import Annotated
from tests.helpers.across import marked

ONE = marked("[Ada Holm|PERSON] left. [Bo Marsh|PERSON] stayed.")
TWO = marked("[Ada Holm|PERSON] came. [Bo Marsh|PERSON] slept.")


def numbers(*articles: Annotated) -> list[int]:
    """The numbers of the names, article by article."""
    found = numbered_names(articles)
    return [found[one.article.id, entity.id] for one in articles for entity in one.entities]


def tied(article: Annotated, *identities: str | None) -> Annotated:
    entities = (
        replace(one, identity=id) for one, id in zip(article.entities, identities, strict=True)
    )
    return replace(article, entities=tuple(entities))


def test_names_proposed_as_one_have_one_number() -> None:
    ada, bo, ada_too, bo_too = numbers(ONE, TWO)
    assert (ada, bo) == (ada_too, bo_too)
    assert ada != bo


def test_people_say_that_equal_names_are_two() -> None:
    ada, _, ada_too, _ = numbers(tied(ONE, "q1", None), tied(TWO, "q2", None))
    assert ada != ada_too


def test_people_say_that_different_names_are_one() -> None:
    ada, bo, *_ = numbers(tied(ONE, "q1", "q1"), TWO)
    assert ada == bo


def test_other_names_go_with_the_identity_that_they_are_proposed_for() -> None:
    ada, _, ada_too, bo_too = numbers(tied(ONE, "q1", None), tied(TWO, None, "q1"))
    assert ada == ada_too == bo_too
