"""The order in which the items of a review are visited; a change costs a bisection."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Iterable

from annotator.core.annotations import Claim, Item
from annotator.core.folds import Fold
from annotator.core.review import Review, ReviewItem, Status
from annotator.core.reviewing.item_filter import ItemRank

_Place = tuple[float, int, int, int, str]
_NO_FOLD = Fold()


class ItemOrder:
    """Item ids in order, by rank (without one, all alike) and then by text, and which of them are
    open.

    `wanted` selects the items. Open ones that `fold` hides are left out, and so are items that a
    reviewer added and then rejected.
    """

    def __init__(
        self,
        review: Review,
        wanted: Callable[[ReviewItem], bool] = bool,
        *,
        fold: Fold = _NO_FOLD,
        rank: ItemRank | None = None,
        like: ItemOrder | None = None,
    ) -> None:
        """`like` is an order of the same review by text; its positions are reused."""
        self._wanted, self._fold, self._rank = wanted, fold, rank
        known = like._places if like is not None else {}
        self._places: dict[str, _Place] = {
            held.item.id: known.get(held.item.id) or self._place(held.item)
            for held in review.held.values()
            if self._takes_part(held)
        }
        self._gone: dict[str, _Place] = {}
        self._all = sorted(self._places.values())
        self._open = sorted(
            place for place in self._all if review.held[place[-1]].status is Status.OPEN
        )

    def __len__(self) -> int:
        return len(self._all)

    def __contains__(self, id: object) -> bool:
        return id in self._places

    @property
    def open_count(self) -> int:
        return len(self._open)

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(place[-1] for place in self._all)

    def at(self, index: int) -> str:
        return self._all[index][-1]

    def index(self, id: str) -> int:
        """The index of `id`; ValueError if it is not included."""
        if id not in self._places:
            raise ValueError(id)
        return bisect_left(self._all, self._places[id])

    def update(self, review: Review, ids: Iterable[str]) -> bool:
        """Update these items; returns whether any was added, removed or moved."""
        moved = False
        for id in ids:
            old, held = self._places.pop(id, None), review.held.get(id)
            new = self._place(held.item) if held and self._takes_part(held) else None
            if old is not None:
                _discard(self._open, old)
            if old != new:
                moved = True
                if old is not None:
                    _discard(self._all, old)
                    self._gone[id] = old
                if new is not None:
                    insort(self._all, new)
            if new is not None and held is not None:
                self._places[id] = new
                if held.status is Status.OPEN:
                    insort(self._open, new)
        return moved

    def step(self, id: str | None, by: int, *, open_only: bool) -> str | None:
        """The next (`by` 1) or previous (-1) item after `id`, wrapping around; None without items.

        An excluded `id` counts from its former position, an unknown one from the start.
        """
        places = self._open if open_only else self._all
        if not places:
            return None
        here = self._places.get(id) or self._gone.get(id) if id is not None else None
        if here is None:
            return places[0 if by > 0 else -1][-1]
        if by > 0:
            return places[bisect_right(places, here) % len(places)][-1]
        return places[(bisect_left(places, here) - 1) % len(places)][-1]

    def beyond(
        self, offset: int, by: int, *, open_only: bool, besides: str | None = None
    ) -> str | None:
        """The next (`by` 1) item that starts after `offset`, or the previous (-1) before it,
        wrapping around, never one of `besides`; None if there is no other. Only for the order by
        text."""
        places = self._open if open_only else self._all
        if by > 0:
            start = bisect_right(places, (0.0, offset, 2, 0, ""))
            found = (*places[start : start + 2], *places[:2])
        else:
            start = bisect_left(places, (0.0, offset, 0, 0, ""))
            found = (*reversed(places[max(start - 2, 0) : start]), *reversed(places[-2:]))
        return next((place[-1] for place in found if place[-1] != besides), None)

    def _takes_part(self, held: ReviewItem) -> bool:
        if held.status is Status.REJECTED and held.suggested is None:
            return False
        hidden = held.status is Status.OPEN and self._fold.hides(held.item)
        return not hidden and self._wanted(held)

    def _place(self, item: Item) -> _Place:
        rank = 0.0 if self._rank is None else self._rank(item)
        # A claim comes before the items inside it, even if they start with it.
        return rank, item.span.start, 0 if isinstance(item, Claim) else 1, item.span.end, item.id


def _discard(places: list[_Place], place: _Place) -> None:
    at = bisect_left(places, place)
    if at < len(places) and places[at] == place:
        del places[at]
