"""What met what, and where; and whose answers are kept from whom."""

from annotator.core.article import Span
from annotator.core.comparison.article_tallies import ArticleTallies
from annotator.core.comparison.confusions import MOST_PLACES, Confusions
from annotator.core.comparison.judgement import ReviewedArticle
from annotator.core.comparison.token_labels import NONE
from annotator.core.record import Record
from tests.unit.test_comparison import at, claim, entity, record


def confusions(*articles: tuple[Record, ...], sees: bool = True) -> Confusions:
    found = Confusions(lambda _article, _names: sees)
    for records in articles:
        reviewed = ReviewedArticle.of(records)
        assert reviewed is not None
        names = [one.reviewer for one in reviewed.judgements]
        found.add(ArticleTallies.of(reviewed), names)
    return found


ADA = record("ada", entity("Ada Low"), entity("Bo Marsh"), entity("Port Ellis", "GPE"))
BO = record("bo", entity("Ada Low"), entity("Bo"), entity("Port Ellis", "ORG"))
CY = record("cy", entity("Ada Low", "ORG"))


def test_the_matrix_of_a_pair_counts_what_met_what() -> None:
    matrix = confusions((ADA, BO)).matrix(("ada", "bo"), "entities")
    assert matrix.counts == {("PERSON", "PERSON"): 2, ("GPE", "ORG"): 1}
    assert matrix.values == ("GPE", "ORG", "PERSON")


def test_the_matrix_of_all_counts_both_ways_and_begins_with_none() -> None:
    matrix = confusions((ADA, BO, CY)).matrix(None, "entities")
    assert matrix.values[0] == NONE
    assert matrix.counts["GPE", "ORG"] == matrix.counts["ORG", "GPE"] == 1
    assert matrix.counts["PERSON", NONE] == matrix.counts[NONE, "PERSON"] == 2
    assert matrix.counts["PERSON", "PERSON"] == 2


def test_the_places_of_a_cell_are_turned_so_that_its_row_comes_first() -> None:
    found = confusions((ADA, BO, CY))
    (place,) = found.places(None, "entities", ("ORG", "GPE")).shown
    assert place.pair == ("bo", "ada")
    assert place.difference.values == ("ORG", "GPE")
    assert place.difference.span == at("Port Ellis")
    assert found.places(("ada", "bo"), "entities", ("ORG", "GPE")).differing == 0


def test_places_of_equal_values_differ_in_their_edges() -> None:
    cell = confusions((ADA, BO)).places(None, "entities", ("PERSON", "PERSON"))
    assert [one.difference.spans for one in cell.shown] == [(at("Bo Marsh"), at("Bo"))]
    assert (cell.differing, cell.hidden) == (1, 0)


def test_attributes_have_matrices_of_their_own() -> None:
    found = confusions(
        (record("ada", claim()), record("bo", claim(Span(49, 61), check_worthy=True)))
    )
    assert "check_worthy" in found.subjects(None)
    assert "entities" not in found.subjects(None)
    assert found.matrix(("ada", "bo"), "check_worthy").counts == {(NONE, "yes"): 1}


def test_places_that_must_not_be_seen_are_counted_and_not_kept() -> None:
    found = confusions((ADA, BO), sees=False)
    cell = found.places(None, "entities", ("GPE", "ORG"))
    assert (cell.shown, cell.differing, cell.hidden) == ((), 1, 1)
    assert found.matrix(None, "entities").counts["GPE", "ORG"] == 1


def test_who_may_see_is_asked_with_the_article_and_its_reviewers() -> None:
    asked = []

    def may_see(article: str, names: object) -> bool:
        asked.append((article, names))
        return True

    found = Confusions(may_see)
    reviewed = ReviewedArticle.of((BO, ADA))
    assert reviewed is not None
    found.add(ArticleTallies.of(reviewed), ["ada", "bo"])
    assert asked == [(ADA.article.id, ["ada", "bo"])]


def test_places_are_kept_up_to_a_number_and_all_are_counted() -> None:
    found = Confusions()
    reviewed = ReviewedArticle.of((ADA, BO))
    assert reviewed is not None
    tallies = ArticleTallies.of(reviewed)
    for _ in range(MOST_PLACES + 3):
        found.add(tallies, ["ada", "bo"])
    cell = found.places(("ada", "bo"), "entities", ("GPE", "ORG"))
    assert (len(cell.shown), cell.differing) == (MOST_PLACES, MOST_PLACES + 3)
