"""The types that the store takes and returns: frozen values, no SQL, quick to import."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from annotator.core.across.identity_candidates import NOTHING_AROUND, IdentitiesAround
from annotator.core.across.identity_log import Identity
from annotator.core.adjudicating.compared_reviews import ComparedReviews
from annotator.core.annotations import Item
from annotator.core.article import Article
from annotator.core.decisions import Decision
from annotator.core.opinions import Opinion
from annotator.core.record import PipelineId
from annotator.core.records.suggesters import SuggesterId
from annotator.core.review import Review
from annotator.core.reviewing.outcomes import Outcomes
from annotator.core.reviewing.projection import Carried
from annotator.core.states import QueueView as QueueView
from annotator.core.statistics.work_done import Work as Work
from annotator.store.queue_values import Counts as Counts
from annotator.store.queue_values import InWork as InWork
from annotator.store.queue_values import Preview as Preview
from annotator.store.queue_values import QueueRow as QueueRow


class Stage(StrEnum):
    """The stage of an article: waiting for suggestions, ready, failed, or superseded."""

    WAITING = "waiting"
    READY = "ready"
    FAILED = "failed"
    SUPERSEDED = "superseded"


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
class SecondOpinion:
    """A suggester's opinion on one article, and its pipeline. `dropped` counts entities with labels
    outside the scheme; `problem` says why it has no opinion."""

    opinion: Opinion
    pipeline: PipelineId
    dropped: int = 0
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Suggested:
    """A pipeline's suggestions for one article; none if it does not support the language.

    `bands` are the MinHash bands of its text, used to find near-duplicates; `opinions` are those of
    the suggesters.
    """

    article: str
    items: tuple[Item, ...]
    language: str | None
    dropped: int = 0
    bands: tuple[int, ...] = ()
    opinions: tuple[SecondOpinion, ...] = ()


@dataclass(frozen=True, slots=True)
class RejectedFile:
    """A rejected file: its name, the reason, a hint, its size in bytes, and when it was read.

    `key` identifies its path; `again` is set if the next scan will read it again; `folder` contains
    it (escaped; empty for piped input).
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
class Alike:
    """A near-duplicate of an article: its title, its outlet, and the share of common wording (0 to
    1)."""

    id: str
    title: str
    outlet: str | None
    similarity: float


@dataclass(frozen=True, slots=True)
class OpenedReview:
    """Everything needed to continue a review: the article, its review so far, its pipeline and
    suggesters.

    `kind` is the kind of review as in a record: `review`, `import` or `adjudication`. An
    adjudication has the `comparison` of the reviews that it is about; `changed` says what happened
    to them since. A review that is not `assisted` started without suggestions, so it has no
    pipeline. `carried` lists the decisions on an earlier text with the outcome of carrying each
    over; `alike` lists near-duplicates; `half_done` names reviewers who decided something here and
    released the article unfinished; `around` is what is known of the names in the article, where a
    screen asks for it; `number` says which of the reviewer's articles it is, and how many there
    are, where a screen asks for that; `assigned` names the others whom it is assigned to, if it is
    not assigned to this reviewer.
    """

    article: Article
    review: Review
    pipeline: PipelineId | None
    started: datetime
    kind: str = "review"
    carried: tuple[Carried, ...] = ()
    alike: tuple[Alike, ...] = ()
    half_done: tuple[str, ...] = ()
    suggesters: tuple[SuggesterId, ...] = ()
    around: IdentitiesAround = NOTHING_AROUND
    number: tuple[int, int] | None = None
    assisted: bool = True
    comparison: ComparedReviews | None = None
    changed: tuple[str, ...] = ()
    assigned: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AdjudicationTerms:
    """When an adjudication is opened, for how many seconds the article is then leased, the
    adjudicators that the workspace names, and whether to begin anew if reviews have changed."""

    now: datetime
    hold_seconds: float
    appointed: tuple[str, ...] = ()
    anew: bool = False


@dataclass(frozen=True, slots=True)
class ImportedReview:
    """A finished review made elsewhere, with the decisions of one reviewer.

    The ids of the decisions are derived from their content, so that importing a review twice
    stores it once.
    """

    article: Article
    suggestions: tuple[Item, ...]
    pipeline: PipelineId | None
    decisions: tuple[Decision, ...]
    started: datetime
    suggesters: tuple[SuggesterId, ...] = ()
    identities: tuple[Identity, ...] = ()
    assisted: bool = True


@dataclass(frozen=True, slots=True)
class ImportedSuggestions:
    """Suggestions made elsewhere for an article; `who` is the person who made them, if known.

    Suggestions by people have a pipeline named IMPORT, and are merged with those of other people.
    """

    article: Article
    items: tuple[Item, ...]
    pipeline: PipelineId
    who: str | None = None


REVIEW, IMPORTED, ADJUDICATION = "review", "import", "adjudication"
"""The kinds of stored reviews."""
IMPORT = "import"
"""The pipeline name of imported suggestions made by people."""


@dataclass(frozen=True, slots=True)
class ArticleContents:
    """What is stored for one article: its title or file name, its reviewers, the number of their
    decisions and of suggestion sets, and the paths of the files that contain it."""

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
class PendingChanges:
    """How many pending articles get other suggestions; there may be more unless `is_complete`."""

    articles: int = 0
    is_complete: bool = True


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
class SuggesterWork:
    """What came of the suggestions of one suggester, or of our pipeline beside it: outcomes counted
    by label, articles, articles without an opinion, why the last of these has none, and
    suggestions dropped for unknown labels."""

    suggester: str
    articles: int
    outcomes: Mapping[str, Outcomes]
    failed: int = 0
    problem: str | None = None
    dropped: int = 0
