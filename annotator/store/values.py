"""The types that the store takes and returns: frozen values, no SQL, quick to import."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from annotator.core.annotations import Item
from annotator.core.article import Article
from annotator.core.decisions import Decision
from annotator.core.holds import counts
from annotator.core.record import PipelineId
from annotator.core.review import Review
from annotator.core.reviewing.projection import Carried
from annotator.core.states import ArticleState
from annotator.core.states import QueueView as QueueView

GIVEN = "-/"
"""The prefix of the path of piped input, which is not a file."""


class Stage(StrEnum):
    """The stage of an article: waiting for suggestions, ready, failed, or superseded."""

    WAITING = "waiting"
    READY = "ready"
    FAILED = "failed"
    SUPERSEDED = "superseded"


TO_READ_AGAIN = -1
"""An inode that no file has, so that any file at the path counts as changed."""


@dataclass(frozen=True, slots=True)
class FileKey:
    """Identifies one state of a file; times in nanoseconds since the epoch."""

    inode: int
    size: int
    mtime_ns: int
    ctime_ns: int


@dataclass(frozen=True, slots=True)
class Rejection:
    """Why a file was rejected, and what to do about it."""

    reason: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Arrival:
    """One file as read: its articles, and the reason if it or a part of it was rejected.

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
    """The outcome for arrivals: new articles (`new` are their ids), known texts, rejected files."""

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
    """A waiting article leased to a worker."""

    id: str
    text: str
    tries: int


@dataclass(frozen=True, slots=True)
class Suggested:
    """A pipeline's suggestions for one article; none if it does not support the language.

    `bands` are the MinHash bands of its text, by which near-duplicates are found.
    """

    article: str
    items: tuple[Item, ...]
    language: str | None
    dropped: int = 0
    bands: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One row of the queue, for one reviewer.

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
        """Whether its reviewer holds it, so that others cannot open it."""
        return counts(self.held_until, now, self.held_seconds)

    @property
    def state(self) -> ArticleState:
        """The state shown in the queue."""
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
        """Its path relative to `inbox` (a real path, escaped); the full path if it is elsewhere."""
        if self.folder in ("", inbox):
            return self.name
        return f"{self.folder.removeprefix(f'{inbox}/')}/{self.name}"


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
"""The pipeline name of suggestions that people made and that were imported."""


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
        """The counts only."""
        return {
            "reviews": len(self.reviewers),
            "decisions": self.decisions,
            "suggestion_sets": self.suggestion_sets,
        }


@dataclass(frozen=True, slots=True)
class Tombstone:
    """The tombstone of a purged article: its id, time (UTC), person, and counts of what was
    removed."""

    article: str
    at: datetime
    by: str
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class ImportOutcome:
    """The outcome of an import: `imported`, `known` (nothing changed), or `refused` and why."""

    name: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class CarriedCounts:
    """Counts of reviews and decisions carried over, and of others by reason."""

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
        """Items per hour; None without any time."""
        return self.items * 3600 / self.seconds if self.seconds else None

    @property
    def keys_per_item(self) -> float | None:
        """Keys per item; None without any item."""
        return self.keys / self.items if self.items else None
