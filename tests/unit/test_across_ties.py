"""Proposed ties and stories: what they are found by, and what is never proposed."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.across import name_links, story_proposals, ties
from annotator.core.across.claim_readings import ReadClaim, is_denied, read_claims
from annotator.core.across.postings import postings, sharing_pairs
from annotator.core.across.proposals import Annotated, Proposals, Said, propose_across
from annotator.core.across.ties import propose_ties, relation_of
from annotator.core.annotations import Stance
from annotator.core.claim_ties import Relation
from tests.helpers.across import invented_store, marked

Place = tuple[str, str]

SUBJECT = "[Nora Vale|PERSON] [Harvest Council|ORG] [Tarvik|GPE] [Ivo Kranz|PERSON] [Mill|GPE]"


def best(*texts: str) -> tuple[Relation, float]:
    """The first proposal for the first claim of the first article."""
    own = [marked(text) for text in texts]
    first = own[0].article.id
    found = propose_across(own).ties
    return next((tie.relation, tie.score) for tie in found if tie.one == (first, "c1"))


@pytest.mark.parametrize(
    ("one", "other", "relation"),
    [
        (
            "The ministry said {that the ferry [Oda|FAC] had burned at the pier}.",
            "Police said {that the ferry [Oda|FAC] had burned at the pier}.",
            Relation.SAME,
        ),
        (
            "Police said {that 47 passengers had drowned near [Tarvik|GPE]}.",
            "The mayor said {that 50 passengers had drowned near [Tarvik|GPE]}.",
            Relation.CONTRADICTS,
        ),
        (
            "Police said {that some 2,000 troops were in [Tarvik|GPE]}.",
            "The mayor said {that more than 2,000 soldiers stay near [Tarvik|GPE]}.",
            Relation.SUPPORTS,
        ),
        (
            "Police said {that the alarm of the ferry rang}.",
            "The mayor said {that the alarm of the ferry had not rung}.",
            Relation.CONTRADICTS,
        ),
        (
            "He called {the pullout from [Tarvik|GPE] a mistake}.",
            "She called {the withdrawal from [Tarvik|GPE] right}.",
            Relation.CONTRADICTS,
        ),
    ],
)
def test_two_claims_are_related(one: str, other: str, relation: Relation) -> None:
    assert best(one, other)[0] is relation


def test_a_denial_contradicts_what_it_denies() -> None:
    text = "Police said {that the pumps of the ferry were broken} on Friday."
    asserted, denied = (
        read_claims(
            own.article, own.entities, [replace(own.claims[0], stance=stance)], identities={}
        )[0]
        for own, stance in ((marked(text), Stance.ASSERTS), (marked(text), Stance.DENIES))
    )
    assert relation_of(asserted, denied, 0.9) is Relation.CONTRADICTS
    assert relation_of(asserted, asserted, 0.9) is Relation.SAME
    assert relation_of(denied, denied, 0.9) is Relation.SAME


def test_opposite_words_answer_one_question() -> None:
    texts = (
        "He called {the plan a mistake}.",
        "She called {the idea right}.",
        "She called {the idea green}.",
    )
    own = [marked(text) for text in texts]
    ids = [one.article.id for one in own]
    found = [tie for tie in propose_across(own).ties if tie.one[0] == ids[0]]
    assert [(tie.other[0], tie.relation) for tie in found] == [(ids[1], Relation.CONTRADICTS)]


@pytest.mark.parametrize("stance", [Stance.JUDGES, Stance.PREDICTS])
def test_of_claims_with_equal_words_those_of_one_modality_come_first(stance: Stance) -> None:
    held = {1: stance, 2: stance, 3: Stance.ASSERTS}
    claims = [
        read_claims(
            own.article, own.entities, [replace(own.claims[0], stance=held[number])], identities={}
        )[0]
        for number in held
        for own in [marked(f"Police said {{that the dam of the valley was strong}} ({number}).")]
    ]
    found = {tie.other: tie.score for tie in propose_ties(claims) if tie.one == claims[0].place}
    assert found[claims[1].place] > found[claims[2].place]


@pytest.mark.parametrize(
    ("content", "denied"),
    [
        ("that it was not so", True),
        ("that nobody heard it until noon", False),
        ("that it did not ring until they were in the boats", False),
        ("that it began in a lorry, not in the ship", False),
        ("that it did not begin in a lorry, not in the ship", True),
        ("that they waited until noon. Nobody came", True),
    ],
)
def test_what_only_sets_something_off_is_no_negation(content: str, denied: bool) -> None:
    assert is_denied(content) is denied


def test_two_claims_that_are_each_others_first_score_more_than_one_sided_proposals() -> None:
    texts = (
        "He said {that the old dam of the valley broke}.",
        "She said {that the old dam of the valley broke}.",
        "They said {that the dam broke}.",
    )
    ids = [marked(text).article.id for text in texts]
    scores = {
        (ids.index(tie.one[0]), ids.index(tie.other[0])): tie.score
        for tie in propose_across([marked(text) for text in texts]).ties
    }
    assert scores[0, 1] == scores[1, 0]
    assert scores[2, 0] < scores[0, 1]


def test_denials_and_what_they_deny_are_of_one_modality() -> None:
    text = "Police said {that the dam was strong}."
    own = marked(text)
    denied, asserted = (
        read_claims(own.article, own.entities, [replace(own.claims[0], stance=stance)], {})[0]
        for stance in (Stance.DENIES, Stance.ASSERTS)
    )
    assert denied.modality is asserted.modality


def test_claims_with_nothing_in_common_are_not_proposed() -> None:
    own = [marked("He said {that cows sleep}."), marked("She said {that planes fly}.")]
    assert propose_across(own).ties == ()


def test_the_claim_with_most_in_common_is_first() -> None:
    texts = (
        f"{SUBJECT} said {{that the dam near [Tarvik|GPE] would hold the flood}}.",
        f"{SUBJECT} said {{that the dam near [Tarvik|GPE] would break in the flood}}.",
        f"{SUBJECT} said {{that [Tarvik|GPE] had a new dam}} and {{that cows sleep}}.",
    )
    own = [marked(text) for text in texts]
    first = [tie for tie in propose_across(own).ties if tie.one[0] == own[0].article.id]
    assert [tie.other[0] for tie in first][:2] == [own[1].article.id, own[2].article.id]
    assert first[0].score > first[1].score


def test_articles_on_one_event_are_one_story() -> None:
    found = propose_across(invented_store(4))
    assert [len(story.articles) for story in found.stories] == [4, 4, 4, 4]


def test_articles_weeks_apart_are_no_story() -> None:
    text = f"{SUBJECT} said {{that the dam broke}}."
    days = (f"{text} 1", "2018-12-01T10:00:00Z"), (f"{text} 2", "2019-02-01")
    found = propose_across([marked(text, published=day) for text, day in days])
    assert [len(story.articles) for story in found.stories] == [1, 1]


def test_known_near_duplicates_are_one_story() -> None:
    own = [marked("[Nora Vale|PERSON] sang."), marked("[Ivo Kranz|PERSON] danced.")]
    one, other = sorted(article.article.id for article in own)
    found = propose_across(own, Said(near_duplicates=frozenset({(one, other)})))
    assert [story.articles for story in found.stories] == [(one, other)]


# Properties

STORE = invented_store(2, each=3)
subsets = st.lists(st.sampled_from(range(len(STORE))), unique=True, max_size=len(STORE))


@given(subsets)
def test_the_order_of_the_articles_does_not_matter(chosen: list[int]) -> None:
    own = [STORE[n] for n in chosen]
    assert propose_across(own) == propose_across(reversed(own))


@given(subsets)
def test_each_article_is_in_one_story_and_each_claim_has_five_proposals_at_most(
    chosen: list[int],
) -> None:
    own = [STORE[n] for n in chosen]
    found = propose_across(own)
    in_stories = [article for story in found.stories for article in story.articles]
    assert sorted(in_stories) == sorted(one.article.id for one in own)
    assert max(Counter(tie.one for tie in found.ties).values(), default=0) <= 5
    assert all(tie.one[0] != tie.other[0] for tie in found.ties)
    assert all(0 < tie.score <= 1 for tie in found.ties)


ALL: Proposals = propose_across(STORE)
PAIRS = sorted({tuple(sorted((tie.one, tie.other))) for tie in ALL.ties})
ARTICLES = sorted(one.article.id for one in STORE)


@given(st.lists(st.sampled_from(PAIRS), max_size=20))
def test_claims_called_unrelated_are_not_proposed(pairs: list[tuple[Place, Place]]) -> None:
    unrelated = frozenset(map(frozenset, pairs))
    found = propose_across(STORE, Said(unrelated=unrelated)).ties
    assert not unrelated & {frozenset((tie.one, tie.other)) for tie in found}


@given(st.lists(st.lists(st.sampled_from(ARTICLES), min_size=2, max_size=2, unique=True)))
def test_articles_told_apart_are_not_proposed_as_one_story(pairs: list[list[str]]) -> None:
    apart = frozenset(map(frozenset, pairs))
    found = propose_across(STORE, Said(apart=apart)).stories
    assert not [pair for pair in apart for story in found if pair <= set(story.articles)]


def all_claims(own: list[Annotated]) -> list[ReadClaim]:
    return [
        claim
        for one in own
        for claim in read_claims(one.article, one.entities, one.claims, identities={})
    ]


CLAIMS = all_claims(STORE)


@given(st.sampled_from(CLAIMS), st.sampled_from(CLAIMS), st.floats(0, 1))
def test_a_relation_is_symmetric(one: ReadClaim, other: ReadClaim, likeness: float) -> None:
    assert relation_of(one, other, likeness) is relation_of(other, one, likeness)


@given(st.dictionaries(st.integers(0, 9), st.frozensets(st.integers(0, 5)), max_size=8))
def test_pairs_that_share_a_feature_come_once(features: dict[int, frozenset[int]]) -> None:
    found = [frozenset(pair) for pair in sharing_pairs(features)]
    expected = {
        frozenset((one, other))
        for own in postings(features).values()
        for one in own
        for other in own
        if one != other
    }
    assert set(found) == expected
    assert len(found) == len(expected)


# Work


@pytest.fixture
def compared(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How many claims, articles and forms are compared with another, counted as it happens."""
    counts: Counter[str] = Counter()

    def counting(module: object, name: str) -> None:
        function = getattr(module, name)

        def counted(*arguments: object) -> object:
            counts[name] += 1
            return function(*arguments)

        monkeypatch.setattr(module, name, counted)

    counting(ties, "_cosine")
    counting(story_proposals, "dot")
    counting(name_links, "_given_agree")
    # Fewer, so that the smaller store has as many for each claim as the larger one.
    monkeypatch.setattr(ties, "_CONSIDERED", 10)
    monkeypatch.setattr(story_proposals, "_CANDIDATES", 4)
    return counts


def test_ten_times_the_articles_are_some_ten_times_the_comparisons(
    compared: Counter[str],
) -> None:
    propose_across(invented_store(3))
    few = dict(compared)
    compared.clear()
    propose_across(invented_store(30))
    assert few
    assert [name for name, count in few.items() if compared[name] > 12 * count] == []
