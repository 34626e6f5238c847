"""What reviewers say of one article, compared."""

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from annotator.core.annotations import Claim, Entity, Item, Junk, JunkKind, Stance, Verdict
from annotator.core.article import Article, Span
from annotator.core.comparison.article_tallies import ArticleTallies
from annotator.core.comparison.judgement import ReviewedArticle
from annotator.core.comparison.matching import clustered, matched
from annotator.core.comparison.pairs import PairComparison
from annotator.core.comparison.subjects import ENTITIES
from annotator.core.comparison.tallies import TallyKey, TallyOf
from annotator.core.comparison.token_labels import NONE, TokenLabels, TokenPlaces
from annotator.core.decisions import Answer
from annotator.core.record import Record, ReviewFacts, SchemeId

TEXT = "Ada Low met Bo Marsh in Port Ellis and said that all was well.\nAdvertisement\n"
SAID = Span(39, 43)
WELL = Span(44, 61)


def at(words: str) -> Span:
    start = TEXT.index(words)
    return Span(start, start + len(words))


def entity(words: str, label: str = "PERSON", verdict: Verdict = Verdict.ACCEPTED) -> Entity:
    return Entity(f"e {words} {label}", at(words), label, verdict=verdict)


def claim(content: Span = WELL, verdict: Verdict = Verdict.ACCEPTED, **fields: object) -> Claim:
    made = Claim(f"c {content.start}", (content,), (SAID,), (at("Ada Low"),), verdict=verdict)
    return replace(made, **fields)  # type: ignore[arg-type]  # fields of a claim


def record(reviewer: str, *items: Item, kind: str = "review", **fields: object) -> Record:
    finished = datetime(2026, 3, 31, 23, 30, tzinfo=UTC)
    made = Record(
        Article(TEXT),
        SchemeId("x", "1"),
        review=ReviewFacts(reviewer, kind, finished=finished),
        entities=tuple(one for one in items if isinstance(one, Entity)),
        claims=tuple(one for one in items if isinstance(one, Claim)),
        junk=tuple(one for one in items if isinstance(one, Junk)),
    )
    return replace(made, **fields)  # type: ignore[arg-type]  # fields of a record


def reviewed(*records: Record) -> ReviewedArticle:
    found = ReviewedArticle.of(records)
    assert found is not None
    return found


def pair(one: Record, other: Record) -> PairComparison:
    return PairComparison.of(*reviewed(one, other).judgements)


def test_items_are_counted_by_label_as_same_or_near() -> None:
    compared = pair(
        record("ada", entity("Ada Low"), entity("Bo Marsh"), entity("Port Ellis", "GPE")),
        record("bo", entity("Ada Low"), entity("Bo"), entity("Port Ellis", "ORG")),
    )
    assert compared.tally == {
        TallyKey(ENTITIES, "PERSON", TallyOf.ITEMS): 4,
        TallyKey(ENTITIES, "PERSON", TallyOf.NEAR): 2,
        TallyKey(ENTITIES, "PERSON", TallyOf.SAME): 1,
        TallyKey(ENTITIES, "GPE", TallyOf.ITEMS): 1,
        TallyKey(ENTITIES, "ORG", TallyOf.ITEMS): 1,
    }


def test_differences_are_those_in_label_edges_or_presence() -> None:
    compared = pair(
        record("ada", entity("Ada Low"), entity("Bo Marsh"), entity("Port Ellis", "GPE")),
        record("bo", entity("Ada Low", "ORG"), entity("Bo")),
    )
    found = [(one.values, one.spans) for one in compared.differences]
    assert found == [
        (("PERSON", "ORG"), (at("Ada Low"), at("Ada Low"))),
        (("PERSON", "PERSON"), (at("Bo Marsh"), at("Bo"))),
        (("GPE", NONE), (at("Port Ellis"), None)),
    ]
    assert compared.met[ENTITIES, "PERSON", "ORG"] == 1


def test_open_items_of_one_reviewer_are_unknown_for_the_other() -> None:
    left_open = entity("Bo Marsh", verdict=Verdict.PENDING)
    compared = pair(
        record("ada", entity("Ada Low"), left_open),
        record("bo", entity("Ada Low"), entity("Bo Marsh"), entity("Marsh", "ORG")),
    )
    assert not compared.differences
    assert compared.tally[TallyKey(ENTITIES, "PERSON", TallyOf.ITEMS)] == 2


def test_items_decided_within_unknown_words_are_known() -> None:
    compared = pair(
        record("ada", entity("Ada Low"), unknown=(Span(0, len(TEXT)),)),
        record("bo", entity("Ada Low", "ORG"), entity("Bo Marsh")),
    )
    assert [one.values for one in compared.differences] == [("PERSON", "ORG")]


def test_claims_that_a_reviewer_never_saw_are_unknown() -> None:
    never_shown = claim(verdict=Verdict.PENDING)
    compared = pair(record("ada", offered=(never_shown,)), record("bo", claim()))
    assert not compared.differences
    assert not compared.tally


def test_attributes_of_matched_claims_are_compared() -> None:
    compared = pair(
        record("ada", claim()),
        record("bo", claim(Span(49, 61), stance=Stance.DENIES, check_worthy=True)),
    )
    differing = {one.subject: one.values for one in compared.differences}
    assert differing == {
        "claims": ("claim", "claim"),
        "stance": ("asserts", "denies"),
        "check_worthy": (NONE, "yes"),
    }


def test_parts_count_where_both_have_the_claim_and_contents_always() -> None:
    compared = pair(record("ada", claim(), claim(at("Bo Marsh"))), record("bo", claim(source=())))
    sums = {
        (part, quantity.value): compared.tally[TallyKey(part, part, quantity)]
        for part in ("content", "cue", "source")
        for quantity in (TallyOf.ITEMS, TallyOf.SAME)
    }
    assert sums == {
        ("content", "items"): 3,
        ("content", "same"): 1,
        ("cue", "items"): 2,
        ("cue", "same"): 1,
        ("source", "items"): 1,
        ("source", "same"): 0,
    }


def test_tokens_get_the_longest_label_and_the_rest_of_shorter_ones() -> None:
    text = "a b c d e f"
    labels = TokenLabels.of(
        TokenPlaces(text),
        [(Span(0, 5), "long"), (Span(4, 9), "late"), (Span(0, 1), "short")],
        [Span(8, 11)],
    )
    assert labels.labels == ("long", "long", "long", "late", "late", None)
    assert labels.units == ((0, 3, "long"), (3, 5, "late"))


def test_units_of_one_label_that_touch_stay_apart() -> None:
    labels = TokenLabels.of(TokenPlaces("a b c"), [(Span(0, 1), "x"), (Span(2, 3), "x")])
    assert labels.units == ((0, 1, "x"), (1, 2, "x"))


def test_tokens_that_one_left_open_are_not_counted() -> None:
    tallies = ArticleTallies.of(
        reviewed(
            record("ada", entity("Ada Low"), entity("Port Ellis", "GPE", Verdict.PENDING)),
            record("bo", entity("Ada Low"), entity("Port Ellis", "ORG")),
        )
    )
    tokens = len(TokenPlaces(TEXT))
    assert tallies.together[TallyKey(ENTITIES, "", TallyOf.UNITS)] == tokens - 2
    assert TallyKey(ENTITIES, "ORG", TallyOf.CHOSEN) not in tallies.together
    assert TallyKey(ENTITIES, "ORG", TallyOf.SQUARES) not in tallies.together


def test_three_reviewers_are_compared_together_and_in_pairs() -> None:
    tallies = ArticleTallies.of(
        reviewed(
            record("cy", entity("Ada Low"), claim()),
            record("ada", entity("Ada Low"), claim()),
            record("bo", claim(stance=Stance.DENIES)),
        )
    )
    assert [*tallies.pairs] == [("ada", "bo"), ("ada", "cy"), ("bo", "cy")]
    assert tallies.month == "2026-03"
    together = tallies.together
    # Two tokens of three reviewers, of whom two gave the label.
    assert together[TallyKey(ENTITIES, "PERSON", TallyOf.CHOSEN)] == 4
    assert together[TallyKey(ENTITIES, "PERSON", TallyOf.COINCIDING)] == 2
    # Three pairs share the two entities of two reviewers, each counted in two pairs.
    assert together[TallyKey(ENTITIES, "PERSON", TallyOf.ITEMS)] == 4
    assert together[TallyKey("stance", "", TallyOf.UNITS)] == 1
    assert together[TallyKey("stance", "asserts", TallyOf.CHOSEN)] == 2
    assert TallyKey("stance", "asserts", TallyOf.LEFT) not in together


def test_only_reviews_and_imports_of_items_are_compared() -> None:
    one = record("ada", entity("Ada Low"))
    for other in (
        record("bo", kind="adjudication"),
        record("bo", kind="none"),
        record("bo", answer=Answer.SKIP),
    ):
        assert ReviewedArticle.of([one, other]) is None
    assert ReviewedArticle.of([one, record("bo", kind="import")]) is not None


def test_junk_lines_are_compared_by_kind() -> None:
    line = Junk("j", at("Advertisement"), JunkKind.AD_MARKER, verdict=Verdict.ACCEPTED)
    other = replace(line, kind=JunkKind.NEWSLETTER)
    found = pair(record("ada", line), record("bo", other)).differences
    assert [(one.subject, one.values) for one in found] == [("junk", ("ad-marker", "newsletter"))]


labels = st.sampled_from(["PERSON", "ORG"])
spans = st.tuples(st.integers(0, 12), st.integers(1, 6)).map(lambda at: Span(at[0], sum(at)))
entities = st.lists(st.builds(Entity, st.just("e"), spans, labels), max_size=6, unique=True)


@given(entities, entities)
def test_matching_is_one_to_one_and_complete(one: list[Entity], other: list[Entity]) -> None:
    pairs = matched(one, other)
    assert sorted(left.span for left, _ in pairs if left) == sorted(e.span for e in one)
    assert sorted(right.span for _, right in pairs if right) == sorted(e.span for e in other)
    assert all(left.span.overlaps(right.span) for left, right in pairs if left and right)


@given(entities, entities)
def test_equal_entities_are_always_matched(one: list[Entity], other: list[Entity]) -> None:
    same = {(e.span, e.label) for e in one} & {(e.span, e.label) for e in other}
    pairs = [(left, right) for left, right in matched(one, other) if left and right]
    equal = [left for left, right in pairs if (left.span, left.label) == (right.span, right.label)]
    assert {(e.span, e.label) for e in equal} == same


@given(entities)
def test_a_review_agrees_with_itself(items: list[Entity]) -> None:
    mine = [replace(one, verdict=Verdict.ACCEPTED) for one in items]
    compared = pair(record("ada", *mine), record("bo", *mine))
    assert not compared.differences


def test_a_row_has_at_most_one_claim_of_each_reviewer() -> None:
    first, second = claim(), claim(at("Bo Marsh"))
    rows = clustered([[first], [second, first], [replace(first, id="mine")]])
    assert [[one and one.id for one in row] for row in rows] == [
        [first.id, first.id, "mine"],
        [None, second.id, None],
    ]
