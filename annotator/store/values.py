"""What goes into the store and comes out of it: frozen values, no SQL, nothing heavy to import."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from annotator.core.annotations import Item
from annotator.core.article import Article
from annotator.core.decisions import Decision
from annotator.core.holds import counts
from annotator.core.projection import Carried
from annotator.core.record import PipelineId
from annotator.core.review import Review
from annotator.core.states import ArticleState
from annotator.core.states import QueueView as QueueView

GIVEN = "-/"
"""How the path of what was piped in begins: it lies in no file."""


class Stage(StrEnum):
    """Where an article is on its way: not analysed yet, analysed, given up, replaced by another."""

    WAITING = "waiting"
    READY = "ready"
    FAILED = "failed"
    SUPERSEDED = "superseded"


TO_READ_AGAIN = -1
"""An inode that no file has: whatever is at the path now counts as new."""


@dataclass(frozen=True, slots=True)
class FileKey:
    """What tells one state of a file from another; times in nanoseconds since the epoch."""

    inode: int
    size: int
    mtime_ns: int
    ctime_ns: int


@dataclass(frozen=True, slots=True)
class Rejection:
    """Why a file did not become an article, and what to do about it."""

    reason: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Arrival:
    """One file as it was read: its articles, and why there are none or what in it was none.

    `path` is text (bytes that are no UTF-8 escaped with `backslashreplace`) and names the file
    within this machine; it never leaves the store. `at` is when it was read (UTC). A file of very
    many articles comes in pieces, numbered from 0, each but the last with `more`; until the last is
    stored the file counts as not read.
    """

    path: str
    key: FileKey
    at: datetime
    articles: tuple[Article, ...] = ()
    rejection: Rejection | None = None
    piece: int = 0
    more: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether this is all that the file holds."""
        return not (self.piece or self.more)


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What became of arrivals: new articles (`new` are their ids), texts known, files rejected."""

    added: int = 0
    known: int = 0
    rejected: int = 0
    new: tuple[str, ...] = field(default=(), compare=False)

    def __add__(self, other: TakenIn) -> TakenIn:
        return TakenIn(
            self.added + other.added,
            self.known + other.known,
            self.rejected + other.rejected,
            self.new + other.new,
        )


@dataclass(frozen=True, slots=True)
class Leased:
    """A waiting article in a worker's hands."""

    id: str
    text: str
    tries: int


@dataclass(frozen=True, slots=True)
class Suggested:
    """What a pipeline suggests for one article; no items where the language is not its own.

    `bands` are the MinHash bands of its text, by which near-duplicates are found.
    """

    article: str
    items: tuple[Item, ...]
    language: str | None
    dropped: int = 0
    bands: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One article as the queue shows it, from one reviewer's point of view.

    `confidence` is the mean score of its suggestions (0 to 1), None where none has one; `alike` is
    how many other articles tell nearly the same; `held_until` is how long its reviewer has it in
    hand, None where it was given back, and `held_seconds` for how long they had taken it.
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

    def is_in_hand(self, now: datetime) -> bool:
        """Whether its reviewer has it in hand, and others cannot have it."""
        return counts(self.held_until, now, self.held_seconds)

    @property
    def state(self) -> ArticleState:
        """Its state as the queue shows it."""
        if self.finished:
            return ArticleState.FINISHED
        if self.started:
            return ArticleState.IN_REVIEW
        return ArticleState(self.stage)


@dataclass(frozen=True, slots=True)
class RejectedFile:
    """A file that did not become an article: its name, why, what to do, bytes, when it was read.

    `key` stands for its path; `again` says that the next scan will read it again; `folder` is where
    it lies (escaped; empty for what came without a file).
    """

    name: str
    reason: str
    hint: str
    size: int
    at: datetime
    key: str = ""
    again: bool = False
    folder: str = ""

    def below(self, inbox: str) -> str:
        """Its path from `inbox` (a real path, escaped) down; the whole one if it lies elsewhere."""
        if self.folder in ("", inbox):
            return self.name
        return f"{self.folder.removeprefix(f'{inbox}/')}/{self.name}"


@dataclass(frozen=True, slots=True)
class Counts:
    """How many articles are in which state, as `Store.counts` tells them.

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


@dataclass(frozen=True, slots=True)
class Alike:
    """An article that tells nearly the same as another: what it is called, who published it, and
    how much of their wording they share (0 to 1)."""

    id: str
    title: str
    outlet: str | None
    similarity: float


@dataclass(frozen=True, slots=True)
class OpenedReview:
    """All that is needed to go on reviewing: the article, its review so far, what suggested.

    `kind` says how the decisions came about, as a record does: `review`, or `import`. `carried` is
    what this opening has carried over from the earlier text, and what it has not; `alike` who else
    tells nearly the same; `half_done` who had decided something here and
    let go of it, which left room for this review.
    """

    article: Article
    review: Review
    pipeline: PipelineId | None
    started: datetime
    kind: str = "review"
    carried: tuple[Carried, ...] = ()
    alike: tuple[Alike, ...] = ()
    half_done: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportedReview:
    """A finished review that was made elsewhere; its decisions are those of one reviewer.

    The ids of the decisions follow from what they say, so that the same review twice is one.
    """

    article: Article
    suggestions: tuple[Item, ...]
    pipeline: PipelineId | None
    decisions: tuple[Decision, ...]
    started: datetime


@dataclass(frozen=True, slots=True)
class ImportedSuggestions:
    """What was suggested elsewhere for an article, still to be confirmed; `who` suggested it, if a
    person did whose name is known.

    What people suggested has a pipeline of the name IMPORT. It is joined with what others have.
    """

    article: Article
    items: tuple[Item, ...]
    pipeline: PipelineId
    who: str | None = None


IMPORT = "import"
"""What a pipeline is called that is no program, but people whose work was imported."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What is stored of one article: its title or file's name, who reviewed it, in how many
    decisions, how many suggestion sets it has, and the paths of the files that hold it."""

    title: str | None
    reviewers: tuple[str, ...]
    decisions: int
    suggestion_sets: int
    files: tuple[str, ...]

    def counts(self) -> dict[str, int]:
        """How much there is, without a word of it."""
        return {
            "reviews": len(self.reviewers),
            "decisions": self.decisions,
            "suggestion_sets": self.suggestion_sets,
        }


@dataclass(frozen=True, slots=True)
class Tombstone:
    """What is left of a purged article: its id, when (UTC) and by whom, how much was removed."""

    article: str
    at: datetime
    by: str
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class ImportOutcome:
    """What became of an import: `imported`, `known` (nothing changed), or `refused` and why."""

    name: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class CarriedCounts:
    """How many decisions were carried over into how many reviews; how many were not, by reason."""

    reviews: int
    carried: int
    not_carried: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Work:
    """What a reviewer has done: articles with a decision, items decided (kept or turned down; what
    was carried over from an earlier text or imported is not theirs), keys pressed, seconds spent
    (pauses over a minute not counted)."""

    reviewer: str
    articles: int
    items: int
    keys: int
    seconds: float

    @property
    def items_per_hour(self) -> float | None:
        """None where no time was counted."""
        return self.items * 3600 / self.seconds if self.seconds else None

    @property
    def keys_per_item(self) -> float | None:
        """None where nothing was decided."""
        return self.keys / self.items if self.items else None
