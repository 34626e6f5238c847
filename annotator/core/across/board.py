"""The board of a story: propositions down, the accounts of its articles across, conflicts first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from annotator.core.across.claim_readings import ReadClaim, read_claims
from annotator.core.across.mentions import Place
from annotator.core.across.numbered_names import numbered_names
from annotator.core.across.proposals import Annotated
from annotator.core.across.propositions import (
    ClaimGroup,
    DecidedTie,
    Pair,
    decided_by_pair,
    grouped_claims,
    offers,
    pairs_in,
    pairs_once,
)
from annotator.core.across.quantities import Compared, compare
from annotator.core.across.ties import AT_MOST, TieProposal, propose_ties
from annotator.core.annotations import Certainty, Claim, Stance
from annotator.core.article import Article, Spans
from annotator.core.claim_ties import Relation

_BETWEEN = " … "
_LAST = "9999"
_A_PAIR = 2


class ConflictKind(StrEnum):
    """Why two accounts stand against each other."""

    DECIDED = "decided"
    PROPOSED = "proposed"
    STANCE = "stance"
    NUMBERS = "numbers"


@dataclass(frozen=True, slots=True)
class BoardConflict:
    """Two accounts of a proposition that cannot both be right."""

    one: Place
    other: Place
    kind: ConflictKind


@dataclass(frozen=True, slots=True)
class BoardColumn:
    """An article of the story: id, name, outlet and day of publication, where known."""

    article: str
    name: str
    outlet: str | None
    published: str | None

    @property
    def account_of(self) -> str:
        """The outlet, or the name of the article if the outlet is unknown."""
        return self.outlet or self.name


@dataclass(frozen=True, slots=True)
class Account:
    """What an article says of a proposition: a claim with its source and how it is held.

    `is_against` says that it contradicts the proposition as its text has it.
    """

    column: BoardColumn
    claim: str
    text: str
    source: str | None
    stance: Stance
    certainty: Certainty | None
    is_against: bool = False

    @property
    def place(self) -> Place:
        return self.column.article, self.claim

    @property
    def held(self) -> str:
        """How the claim is held, in words: *asserts*, *predicts (possible)*."""
        sure = f" ({self.certainty})" if self.certainty else ""
        return f"{self.stance}{sure}"


@dataclass(frozen=True, slots=True)
class Proposition:
    """Claims on one thing, in the order of the columns; `text` is the content of the one that most
    of the others are tied to."""

    text: str
    accounts: tuple[Account, ...]
    conflicts: tuple[BoardConflict, ...] = ()

    @property
    def outlets(self) -> int:
        """The number of outlets; an article without one counts as one."""
        return len({one.column.outlet or one.place[0] for one in self.accounts})

    def of(self, article: str) -> tuple[Account, ...]:
        """The accounts of one article."""
        return tuple(one for one in self.accounts if one.column.article == article)


@dataclass(frozen=True)
class Board:
    """Columns by day of publication; propositions with conflicts first, then by how many outlets
    have them; the ties to offer, which nobody decided on, the likeliest first; the relation of each
    pair that was decided, and the claims that such ties alone lead through, at least three."""

    columns: tuple[BoardColumn, ...]
    propositions: tuple[Proposition, ...]
    offered: tuple[TieProposal, ...]
    decided: Mapping[Pair, Relation] = field(default_factory=dict)
    tied: tuple[ClaimGroup, ...] = ()

    @cached_property
    def accounts(self) -> Mapping[Place, Account]:
        """All accounts by claim."""
        return {one.place: one for row in self.propositions for one in row.accounts}


@dataclass(frozen=True)
class StoryClaims:
    """The claims of a story as accounts and as compared, with the proposed ties; made once, and
    `arranged` anew after each decision."""

    columns: tuple[BoardColumn, ...]
    accounts: Mapping[Place, Account]
    read: Mapping[Place, ReadClaim]
    proposed: tuple[TieProposal, ...]

    def arranged(self, decided: Iterable[DecidedTie] = ()) -> Board:
        """The board with these decisions; their order does not matter."""
        return _Arranging(self, decided).board()

    def candidates(self, place: Place) -> tuple[TieProposal, ...]:
        """All claims that have anything in common with one, the likeliest first, whether they are
        proposed or not."""
        return tuple(
            tie for tie in _proposed(self.read, at_most=max(1, len(self.read))) if tie.one == place
        )


def story_claims(
    articles: Iterable[Annotated], identities: Mapping[Place, int] | None = None
) -> StoryClaims:
    """The claims of the articles of a story, whoever made them; articles in any order.

    `identities` has a number for each name known to be one with others; by default, what people
    said and what is proposed for these articles.
    """
    own = sorted(articles, key=lambda one: one.article.id)
    known = numbered_names(own) if identities is None else identities
    read = {
        claim.place: claim
        for one in own
        for claim in read_claims(one.article, one.entities, one.claims, known)
    }
    columns = {one.article.id: _column(one.article) for one in own}
    accounts = {
        (one.article.id, claim.id): _account(one.article, claim, columns[one.article.id])
        for one in own
        for claim in sorted(one.claims, key=lambda claim: (claim.span, claim.id))
    }
    in_order = tuple(sorted(columns.values(), key=_column_order))
    return StoryClaims(in_order, accounts, read, _proposed(read))


def _proposed(
    read: Mapping[Place, ReadClaim], *, at_most: int = AT_MOST
) -> tuple[TieProposal, ...]:
    return propose_ties(read.values(), stories={article: 0 for article, _ in read}, at_most=at_most)


def _column(article: Article) -> BoardColumn:
    origin = article.origin
    return BoardColumn(article.id, article.name, origin.outlet, origin.published)


def _column_order(column: BoardColumn) -> tuple[str, str, str]:
    return column.published or _LAST, column.account_of, column.article


def _account(article: Article, claim: Claim, column: BoardColumn) -> Account:
    return Account(
        column,
        claim.id,
        _words(claim.content, article.text),
        _words(claim.source, article.text) or None,
        claim.stance,
        claim.certainty,
    )


def _words(spans: Spans, text: str) -> str:
    return _BETWEEN.join(" ".join(span.of(text).split()) for span in spans)


class _Arranging:
    """Puts the claims of a story together with what was decided."""

    def __init__(self, story: StoryClaims, decided: Iterable[DecidedTie]) -> None:
        own = [one for one in decided if one.pair <= story.accounts.keys()]
        self.story = story
        self.decided = decided_by_pair(own)
        free = [tie for tie in story.proposed if tie.pair not in self.decided]
        self.proposed = {tie.pair: tie.relation for tie in free}
        places = {column.article: n for n, column in enumerate(story.columns)}
        in_text = {place: n for n, place in enumerate(story.accounts)}
        self.order = {place: (places[place[0]], n) for place, n in in_text.items()}
        in_order = sorted(story.accounts, key=self.order.__getitem__)
        self.groups = grouped_claims(in_order, own, free)
        decided_groups = grouped_claims(in_order, own, ())
        self.tied = tuple(group for group in decided_groups if len(group.claims) > _A_PAIR)
        self.offered = pairs_once(offers(free, decided_groups, self.decided.keys()))

    def board(self) -> Board:
        rows = sorted(map(self._proposition, self.groups), key=self._row_order)
        return Board(self.story.columns, tuple(rows), tuple(self.offered), self.decided, self.tied)

    def _row_order(self, row: Proposition) -> tuple[bool, int, int, tuple[int, int]]:
        first = self.order[row.accounts[0].place]
        return not row.conflicts, -row.outlets, -len(row.accounts), first

    def _proposition(self, group: ClaimGroup) -> Proposition:
        accounts = (self.story.accounts[place] for place in group.claims)
        return Proposition(
            self.story.accounts[self._central(group)].text,
            tuple(_on_its_side(one, group) for one in accounts),
            tuple(self._conflicts(group)),
        )

    def _central(self, group: ClaimGroup) -> Place:
        """The first of the claims that the most others are tied to, of those not against it."""
        candidates = [place for place in group.claims if place not in group.against]
        return max(
            candidates,
            key=lambda place: sum(self._are_tied(place, other) for other in group.claims),
        )

    def _are_tied(self, one: Place, other: Place) -> bool:
        pair = frozenset((one, other))
        relation = self.decided.get(pair) or self.proposed.get(pair, Relation.UNRELATED)
        return relation is not Relation.UNRELATED

    def _conflicts(self, group: ClaimGroup) -> Iterable[BoardConflict]:
        for one, other in pairs_in(group):
            kind = self._conflict(frozenset((one, other)), group)
            if kind is not None:
                yield BoardConflict(one, other, kind)

    def _conflict(self, pair: Pair, group: ClaimGroup) -> ConflictKind | None:
        if pair in self.decided:
            is_conflict = self.decided[pair] is Relation.CONTRADICTS
            return ConflictKind.DECIDED if is_conflict else None
        if len(pair & group.against) == 1:
            # Implied by other ties, a contradiction is told once, where it was decided or proposed.
            is_proposed = self.proposed.get(pair) is Relation.CONTRADICTS
            return ConflictKind.PROPOSED if is_proposed else None
        one, other = (self.story.read[place] for place in pair)
        if _stances_differ(*(self.story.accounts[place].stance for place in pair)) and (
            one.is_denied != other.is_denied
        ):
            return ConflictKind.STANCE
        return ConflictKind.NUMBERS if _numbers_differ(one, other) else None


def _on_its_side(account: Account, group: ClaimGroup) -> Account:
    if account.place not in group.against:
        return account
    return Account(
        account.column,
        account.claim,
        account.text,
        account.source,
        account.stance,
        account.certainty,
        is_against=True,
    )


def _stances_differ(one: Stance, other: Stance) -> bool:
    return (one is Stance.DENIES) != (other is Stance.DENIES)


def _numbers_differ(one: ReadClaim, other: ReadClaim) -> bool:
    found = {compare(a, b) for a in one.quantities for b in other.quantities}
    return Compared.CONFLICT in found and Compared.AGREE not in found
