"""What the queue tells: its rows, and the number of articles in each state."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from annotator.core.article import Origin
from annotator.core.decisions import Answer
from annotator.core.holds import counts
from annotator.core.reviewing.preview_counts import ItemNumbers
from annotator.core.states import ArticleState

if TYPE_CHECKING:
    from annotator.store.values import Stage


@dataclass(frozen=True, slots=True)
class InWork:
    """Who has begun a review of an article, `since` when, and until when they hold it: None if it
    was released. `away_since` is when they took it along in a bundle."""

    reviewer: str
    since: datetime
    held_until: datetime | None = None
    held_seconds: float = 0.0
    is_finished: bool = False
    away_since: datetime | None = None

    def is_in_hand(self, now: datetime) -> bool:
        """Whether they hold the article and have not finished."""
        return not self.is_finished and counts(self.held_until, now, self.held_seconds)


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One row of the queue, for one reviewer.

    `confidence` is the mean score of its suggestions (0 to 1), None if none has a score; `alike` is
    the number of near-duplicates; `held_until` is when its reviewer's lease expires, None if it was
    released, and `held_seconds` is the duration of the lease; `story` is the title of its story;
    `in_work` are all its reviews, `assigned` those it is assigned to; `finished_reviews` counts
    those that are finished, and `adjudicated` says that they were adjudicated. `answer` is what its
    review says of the whole article, `notes` the number of notes in it. `place` is its position in
    the order of arrival, which revisions and near-duplicates share; `similarity` (0 to 1) is that
    with the nearest of these. `replaces` counts the decisions of the reviewer on the text that this
    one replaces (None if it replaces none), `has_newer` says that another text replaces this one.
    """

    id: str
    title: str
    outlet: str | None
    stage: Stage
    problem: str | None
    language: str | None
    received: datetime
    entities: int
    claims: int
    total: int
    open: int
    reviewer: str | None
    finished: datetime | None
    started: datetime | None
    confidence: float | None = None
    alike: int = 0
    held_until: datetime | None = None
    held_seconds: float = 0.0
    story: str | None = None
    in_work: tuple[InWork, ...] = ()
    assigned: tuple[str, ...] = ()
    finished_reviews: int = 0
    adjudicated: bool = False
    answer: Answer = Answer.ACCEPT
    notes: int = 0
    words: int = 0
    published: str | None = None
    url: str | None = None
    place: int = 0
    similarity: float | None = None
    replaces: int | None = None
    has_newer: bool = False

    @property
    def is_version(self) -> bool:
        """Whether it replaces another text, or another text replaces it."""
        return self.replaces is not None or self.has_newer

    def is_away(self, now: datetime) -> bool:
        """Whether its reviewer has taken it along in a bundle, and still holds it."""
        own = (one for one in self.in_work if one.reviewer == self.reviewer)
        return any(one.away_since is not None and one.is_in_hand(now) for one in own)

    def is_in_hand(self, now: datetime) -> bool:
        """Whether its reviewer holds it, so that others cannot open it."""
        return counts(self.held_until, now, self.held_seconds)

    @property
    def state(self) -> ArticleState:
        """The state shown in the queue."""
        if self.finished:
            return ArticleState.after(self.answer)
        if self.started:
            return ArticleState.IN_REVIEW
        return ArticleState(self.stage)


@dataclass(frozen=True, slots=True)
class Counts:
    """The number of articles in each state.

    `articles` is the sum of the states; `rejected` counts files, which are not articles.
    """

    articles: int = 0
    waiting: int = 0
    ready: int = 0
    in_review: int = 0
    finished: int = 0
    failed: int = 0
    rejected: int = 0
    superseded: int = 0
    skipped: int = 0
    unusable: int = 0

    def of(self, state: ArticleState) -> int:
        """The number of articles in one state."""
        return int(getattr(self, state.field))


@dataclass(frozen=True, slots=True)
class Preview:
    """What is told of an article beside its row: how its text begins, where it is from, the numbers
    of its items (None: they are not to be seen, because it opens without suggestions), the notes
    on it and on its items."""

    id: str
    lead: str
    origin: Origin
    numbers: ItemNumbers | None = None
    notes: tuple[str, ...] = ()
    item_notes: tuple[str, ...] = ()
