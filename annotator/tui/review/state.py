"""The state of one review on the screen; made anew for each article, so that nothing is reset."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property

from annotator.core.annotations import Item
from annotator.core.article import Span
from annotator.core.edits import Part
from annotator.core.folds import Fold
from annotator.core.labels import Label
from annotator.core.review import Review, ReviewItem, Status
from annotator.core.reviewing.alternatives import Alternatives
from annotator.core.reviewing.identity_commands import NamesInReview
from annotator.core.reviewing.item_filter import ItemTest, item_rank, item_test
from annotator.core.speakers import Speakers
from annotator.core.states import ItemFilter, ItemOrdering
from annotator.core.text.words import Words
from annotator.core.workspace_config import WorkspaceConfig
from annotator.tui.review.item_order import ItemOrder
from annotator.tui.review.repeats import Repeats
from annotator.tui.review.session import Session
from annotator.tui.review.shown_text import ShownText


@dataclass(slots=True)
class Habits:
    """What stays the same from one article to the next."""

    by_character: bool = False
    repeats: Repeats = field(default_factory=Repeats)


@dataclass(frozen=True, slots=True)
class InFocus:
    """The item that decisions act on, and perhaps one part of a claim. `id` is None without an
    item."""

    id: str | None = None
    part: Part | None = None


@dataclass(slots=True)
class Selecting:
    """How the selection grows: the unit where it started, so that it can grow to both sides, and
    whether moving the caret extends it."""

    anchor: Span | None = None
    is_extending: bool = False


class Listed:
    """The listed items and their order.

    `all_items` has all items in text order, `order` those that `n` and `p` visit: without the ones
    excluded by the filter `only`, and in the order `by`. Open items that `fold` hides are in
    neither.
    """

    def __init__(self, review: Review, text: str, config: WorkspaceConfig) -> None:
        self.fold = Fold(config.fold_below)
        self.by = ItemOrdering.TEXT
        self.only: ItemFilter | Label = ItemFilter.ALL
        self.lets_through: ItemTest = bool
        self._text, self._confidence = text, config.confidence
        self._was_unfolded = False
        self.all_items = self.order = ItemOrder(review, fold=self.fold)

    @property
    def is_filtered(self) -> bool:
        return self.only is not ItemFilter.ALL

    @property
    def words(self) -> str:
        """The filter in words."""
        return self.only.name if isinstance(self.only, Label) else self.only

    def filter(self, wanted: ItemFilter | Label) -> None:
        """List only the items of the filter `wanted` from the next `arrange` on."""
        self.only = wanted
        self.lets_through = item_test(wanted, self._confidence, self._text)

    def folded(self, review: Review) -> tuple[Item, ...]:
        """The open items that are folded, or would be if they were not unfolded."""
        return tuple(
            held.item
            for held in review.held.values()
            if held.status is Status.OPEN and self.fold.takes(held.item)
        )

    def never_shown(self, review: Review) -> tuple[str, ...]:
        """The ids of the folded items, if they were folded all the time."""
        return () if self._was_unfolded else tuple(item.id for item in self.folded(review))

    def toggle_fold(self) -> None:
        """Unfold the folded items, or fold them again, from the next `arrange` on."""
        self.fold = replace(self.fold, unfolded=not self.fold.unfolded)
        self._was_unfolded = self._was_unfolded or self.fold.unfolded

    def arrange(self, review: Review) -> None:
        """Rebuild the order of the items."""
        self.all_items = self.order = ItemOrder(review, fold=self.fold)
        rank = item_rank(self.by, self._confidence, self._text)
        if rank is not None or self.is_filtered:
            self.order = ItemOrder(review, self.lets_through, fold=self.fold, rank=rank)

    def update(self, review: Review, ids: Iterable[str]) -> None:
        """Update these items in the order."""
        changed = tuple(ids)
        self.all_items.update(review, changed)
        if self.order is not self.all_items:
            self.order.update(review, changed)


class ReviewState:
    """The state of one article in review.

    The focused item is the one under the caret, None on plain text; while words are selected it is
    the previous one. `last_focus` is the item focused last, even if it is gone: steps count from
    it, or from the caret if that was moved by hand since (`is_free`). `last_claim` is the claim
    chosen last: words selected afterwards can belong to it. `jumped` is the target of the last
    jump, `came_from` the caret before a claim was made, by the claim. `confirming` is the action
    that asked for confirmation: repeated, it is carried out.
    `sight` knows what was on the screen. `listed_before` is the filter to return to when no unsure
    item is left, None except while they are shown one by one. The view has the caret and the
    selection.
    """

    def __init__(self, session: Session, habits: Habits, config: WorkspaceConfig) -> None:
        self.session, self.habits, self.confidence = session, habits, config.confidence
        self._roles = config.scheme.roles
        self.words = Words(session.article.text)
        self.names = NamesInReview(session.around)
        self.listed = Listed(session.review, session.article.text, config)
        self.focus = InFocus()
        self.last_focus: str | None = None
        self.is_free = False
        self.last_claim = InFocus()
        self.jumped: Span | None = None
        self.sight = ShownText(session.seconds)
        self.listed_before: ItemFilter | Label | None = None
        self.selecting = Selecting()
        self.came_from: dict[str, int] = {}
        self.is_confirmed = False
        self._action = self._asked = ""

    def begin(self, action: str) -> None:
        """An action starts."""
        self.is_confirmed = action == self._asked
        self._action = action
        if not self.is_confirmed:
            self._asked = ""

    def ask(self) -> None:
        """The current action asks for confirmation."""
        self._asked = self._action

    @property
    def review(self) -> Review:
        return self.session.review

    @property
    def speakers(self) -> Speakers:
        """The entities that can be the source of a claim."""
        return Speakers(self.review, self._roles)

    @cached_property
    def alternatives(self) -> Alternatives:
        """What pipelines suggest differently; it stays the same while an article is open."""
        return Alternatives(self.review.suggestions)

    @property
    def text(self) -> str:
        return self.session.article.text

    @property
    def held(self) -> ReviewItem | None:
        """The review item in focus."""
        return self.review.held.get(self.focus.id) if self.focus.id else None

    @property
    def item(self) -> Item | None:
        """The item in focus."""
        held = self.held
        return held.item if held else None
