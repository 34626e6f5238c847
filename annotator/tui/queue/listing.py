"""What of the queue is listed and in which order: values, and the letters that choose them."""

from __future__ import annotations

from dataclasses import dataclass, replace

FILTERS: tuple[tuple[str, str, str | None], ...] = (
    ("*", "all", None),
    ("m", "mine", "mine"),
    ("o", "open", "open"),
    ("r", "ready", "ready"),
    ("i", "in review", "in review"),
    ("f", "finished", "finished"),
    ("w", "waiting", "waiting"),
    ("x", "failed", "failed"),
)
"""What the queue can be filtered by: letter, words, state."""
ORDERS: tuple[tuple[str, str], ...] = (
    ("n", "newest"),
    ("o", "oldest"),
    ("l", "least confident"),
    ("c", "most claims"),
)
"""What it can be ordered by, letter and name; each comes first."""


@dataclass(frozen=True, slots=True)
class Listing:
    """What the queue lists: articles in a state (None: all), of an outlet (None: any), in order."""

    state: str | None = None
    outlet: str | None = None
    order: str = "newest"

    @property
    def is_filtered(self) -> bool:
        return self.state is not None or self.outlet is not None

    @property
    def in_arrival_order(self) -> bool:
        """Whether what arrives comes in above all else."""
        return self.order == "newest"

    @property
    def words(self) -> str:
        """What it keeps to, for the head of the screen; empty where it keeps to nothing."""
        state = next((words for _, words, state in FILTERS if state == self.state), "")
        kept = [words for words in (state if self.state else "", self.outlet or "") if words]
        said = [f"only {', '.join(kept)}"] if kept else []
        if self.order != "newest":
            said.append(f"{self.order} first")
        return "; ".join(said)

    def chosen(self, value: tuple[str, object]) -> Listing:
        """The listing after a choice in one of the strips below."""
        what, chosen = value
        if what == "order":
            return replace(self, order=str(chosen))
        if what == "outlet":
            return replace(self, outlet=None if chosen is None else str(chosen))
        if chosen is None:
            return replace(self, state=None, outlet=None)
        return replace(self, state=str(chosen))
