"""The board of a story: what articles say of one thing, and where they differ."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from annotator.core.across.board import Board, ConflictKind, Proposition, StoryClaims, story_claims
from annotator.core.across.mentions import Place
from annotator.core.across.proposals import Annotated
from annotator.core.across.propositions import FOLLOWS, DecidedTie, grouped_claims
from annotator.core.across.ties import AT_MOST, TieProposal
from annotator.core.annotations import Certainty, Claim, Stance
from annotator.core.article import Article, Origin, Span
from annotator.core.claim_ties import Relation

PLACES: list[Place] = [(f"article {n // 2}", f"c{n % 2}") for n in range(8)]
relations = st.sampled_from(Relation)
pairs = st.sampled_from(list(combinations(PLACES, 2)))


def told(
    outlet: str | None, *claims: str, stance: Stance = Stance.ASSERTS, day: int = 1
) -> Annotated:
    """An article of an outlet that is nothing but claims, a line each, all of one stance."""
    text = "\n".join(claims)
    origin = Origin(outlet=outlet, published=f"2031-05-{day:02}")
    starts = [sum(len(line) + 1 for line in claims[:n]) for n in range(len(claims))]
    return Annotated(
        Article(text, title=f"News {day}", origin=origin),
        (),
        tuple(
            Claim(f"c{n}", (Span(start, start + len(line)),), stance=stance)
            for n, (start, line) in enumerate(zip(starts, claims, strict=True), start=1)
        ),
    )


def place(of: Annotated, claim: str = "c1") -> Place:
    return of.article.id, claim


def board(*articles: Annotated, ties: tuple[DecidedTie, ...] = ()) -> Board:
    return story_claims(articles).arranged(ties)


def row_of(shown: Board, of: Place) -> Proposition:
    return next(row for row in shown.propositions if of in {one.place for one in row.accounts})


FIRE = "the ferry burned for two hours off the coast near the lighthouse"
ONE = told("Herald", FIRE, "bread is dear")
TWO = told("Monitor", "flames were seen by nobody", day=2)


def test_a_claim_alone_is_a_proposition_below_the_others() -> None:
    same = told("Monitor", FIRE, day=2)
    shown = board(ONE, same)
    assert [len(row.accounts) for row in shown.propositions] == [2, 1]
    assert shown.propositions[0].outlets == 2
    assert shown.propositions[1].text == "bread is dear"


def test_columns_stand_in_the_order_of_publication() -> None:
    undated = Annotated(Article("Nobody knows when."), (), ())
    shown = board(undated, told("Monitor", "later", day=9), told("Herald", "earlier", day=3))
    assert [one.account_of for one in shown.columns] == ["Herald", "Monitor", undated.article.name]


def test_a_cell_says_who_holds_it_and_how() -> None:
    text = "Ada Holm denied that it may burn."
    claim = Claim(
        "c1",
        content=(Span(16, 32),),
        source=(Span(0, 8),),
        stance=Stance.DENIES,
        certainty=Certainty.POSSIBLE,
    )
    (row,) = board(Annotated(Article(text), (), (claim,))).propositions
    (account,) = row.accounts
    assert (account.source, account.stance) == ("Ada Holm", Stance.DENIES)
    assert account.certainty is Certainty.POSSIBLE
    assert row.of(account.column.article) == (account,)
    assert row.of("another") == ()


def test_claims_that_people_called_the_same_are_one_proposition() -> None:
    shown = board(ONE, TWO, ties=(DecidedTie(place(ONE), place(TWO), Relation.SAME),))
    row = row_of(shown, place(TWO))
    assert {one.place for one in row.accounts} == {place(ONE), place(TWO)}
    assert not row.conflicts


def test_a_decided_contradiction_stands_first_with_both_sides() -> None:
    alike = told("Telegraph", FIRE, day=3)
    tie = DecidedTie(place(TWO), place(ONE, "c2"), Relation.CONTRADICTS)
    row = board(ONE, TWO, alike, ties=(tie,)).propositions[0]
    assert [one.is_against for one in row.accounts] == [False, True]
    assert [one.kind for one in row.conflicts] == [ConflictKind.DECIDED]
    assert row.text == "bread is dear"


def test_a_contradiction_of_a_contradiction_is_on_the_first_side() -> None:
    third = told("Telegraph", "it rained", day=3)
    ties = (
        DecidedTie(place(ONE), place(TWO), Relation.CONTRADICTS),
        DecidedTie(place(third), place(TWO), Relation.CONTRADICTS),
    )
    row = row_of(board(ONE, TWO, third, ties=ties), place(TWO))
    assert [one.column.outlet for one in row.accounts if one.is_against] == ["Monitor"]


def test_a_denial_of_the_same_words_is_a_conflict() -> None:
    denied = told("Monitor", FIRE, stance=Stance.DENIES, day=2)
    row = board(ONE, denied).propositions[0]
    assert len(row.accounts) == 2
    assert {one.kind for one in row.conflicts} <= {ConflictKind.PROPOSED, ConflictKind.STANCE}
    assert row.conflicts


def test_numbers_that_differ_are_a_conflict_although_somebody_tied_other_claims() -> None:
    few = told("Herald", "47 passengers were hurt")
    many = told("Monitor", "50 passengers were hurt", day=2)
    between = told("Telegraph", "people got hurt", day=3)
    ties = (
        DecidedTie(place(few), place(between), Relation.SAME),
        DecidedTie(place(many), place(between), Relation.SAME),
    )
    row = row_of(board(few, many, between, ties=ties), place(few))
    assert [one.kind for one in row.conflicts] == [ConflictKind.NUMBERS]


def test_a_person_settles_what_numbers_seem_to_say() -> None:
    few = told("Herald", "47 passengers were hurt")
    many = told("Monitor", "50 passengers were hurt", day=2)
    shown = board(few, many, ties=(DecidedTie(place(few), place(many), Relation.SUPPORTS),))
    assert not row_of(shown, place(few)).conflicts


def test_unrelated_claims_are_neither_grouped_nor_proposed() -> None:
    same = told("Monitor", FIRE, day=2)
    tie = DecidedTie(place(ONE), place(same), Relation.UNRELATED)
    story = story_claims((ONE, same))
    assert row_of(story.arranged(), place(ONE)) == row_of(story.arranged(), place(same))
    shown = story.arranged((tie,))
    assert row_of(shown, place(ONE)) != row_of(shown, place(same))
    assert not shown.offered


def test_what_was_decided_is_not_proposed_again() -> None:
    same = told("Monitor", FIRE, day=2)
    story = story_claims((ONE, same))
    assert [frozenset((one.one, one.other)) for one in story.arranged().offered]
    tie = DecidedTie(place(same), place(ONE), Relation.SAME)
    assert not story.arranged((tie,)).offered


def test_ties_of_articles_outside_the_story_are_left_out() -> None:
    tie = DecidedTie(place(ONE), place(TWO), Relation.CONTRADICTS)
    assert board(ONE, ties=(tie,)) == board(ONE)


def test_outlets_are_counted_once() -> None:
    again = told("Herald", FIRE, day=2)
    row = board(ONE, again).propositions[0]
    assert (len(row.accounts), row.outlets) == (2, 1)


@given(
    st.permutations([ONE, TWO, told("Telegraph", FIRE, "47 were hurt", day=3)]),
    st.permutations(
        [
            DecidedTie(place(ONE), place(TWO), Relation.CONTRADICTS),
            DecidedTie(place(ONE, "c2"), place(TWO), Relation.SUPPORTS),
        ]
    ),
)
def test_the_order_of_articles_and_ties_does_not_matter(
    articles: list[Annotated], ties: list[DecidedTie]
) -> None:
    assert board(*articles, ties=tuple(ties)) == board(
        *sorted(articles, key=str), ties=tuple(ties[::-1])
    )


@st.composite
def decided_tie(draw: st.DrawFn) -> DecidedTie:
    one, other = draw(pairs)
    return DecidedTie(one, other, draw(relations))


@st.composite
def proposed_tie(draw: st.DrawFn) -> TieProposal:
    one, other = draw(pairs)
    return TieProposal(one, other, draw(relations), draw(st.floats(0, 1)))


decided_ties = st.lists(decided_tie(), max_size=8)
proposed_ties = st.lists(proposed_tie(), max_size=12)


@given(decided_ties, proposed_ties)
def test_groups_hold_each_claim_once_whatever_the_order_of_ties(
    decided: list[DecidedTie], proposed: list[TieProposal]
) -> None:
    groups = grouped_claims(PLACES, decided, proposed)
    assert sorted(one for group in groups for one in group.claims) == PLACES
    assert all(group.against <= set(group.claims) for group in groups)
    assert groups == grouped_claims(PLACES, decided[::-1], proposed[::-1])


@given(decided_ties, proposed_ties)
def test_what_people_tied_is_together_and_what_only_proposals_tie_is_not_if_they_said_so(
    decided: list[DecidedTie], proposed: list[TieProposal]
) -> None:
    once = list({tie.pair: tie for tie in decided}.values())
    groups = grouped_claims(PLACES, once, proposed)
    group = {place: n for n, own in enumerate(groups) for place in own.claims}
    by_people = {
        place: n for n, own in enumerate(grouped_claims(PLACES, once, ())) for place in own.claims
    }
    for tie in once:
        if tie.relation is not Relation.UNRELATED:
            assert group[tie.one] == group[tie.other]
        elif by_people[tie.one] != by_people[tie.other]:
            assert group[tie.one] != group[tie.other]


def test_deciding_again_does_not_read_the_claims_again() -> None:
    story: StoryClaims = story_claims((ONE, TWO))
    tie = DecidedTie(place(ONE), place(TWO), Relation.SAME)
    assert story.arranged((tie,)).accounts.keys() == story.accounts.keys()


def test_pairs_implied_by_decided_ties_are_offered_first() -> None:
    third = told("Telegraph", "it rained", day=3)
    ties = (
        DecidedTie(place(ONE), place(TWO), Relation.CONTRADICTS),
        DecidedTie(place(TWO), place(third), Relation.CONTRADICTS),
    )
    first = board(ONE, TWO, third, ties=ties).offered[0]
    assert first.pair == {place(ONE), place(third)}
    assert first.relation is Relation.SUPPORTS
    assert first.score >= FOLLOWS


def test_all_claims_with_something_in_common_are_candidates_the_likeliest_first() -> None:
    others = [told(f"Outlet {n}", f"{FIRE} {'again ' * n}", day=n + 1) for n in range(1, 9)]
    story = story_claims([ONE, *others])
    own = place(ONE)
    found = story.candidates(own)
    assert {tie.other[0] for tie in found} == {one.article.id for one in others}
    assert len([tie for tie in story.proposed if tie.one == own]) == AT_MOST
    assert {tie.other for tie in story.proposed if tie.one == own} == {
        tie.other for tie in found[:AT_MOST]
    }
