"""The lines of the palette: what can be done on the screen that it is opened over."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeAlias

if TYPE_CHECKING:
    from annotator.tui.app_setup import AppSetup
    from annotator.tui.keys import KeyMap, Mode
    from annotator.tui.screens.layers import KeyScreen
    from annotator.tui.widgets.prompts import Prompts


def _always(_action: str) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Offer:
    """A line of the palette.

    `name` is the same in every session and on every screen: the recent lines are kept by it.
    `words` say what it does, a verb first; what stands behind a colon has the tone `tone`. `act`
    does it, once the palette is closed. `keys` are shown beside it, `about` explains it further;
    it is found by the words of both, and by those of `also`.
    """

    name: str
    words: str
    act: Callable[[], object]
    keys: str = ""
    about: str = ""
    also: str = ""
    tone: str = "normal"


@dataclass(frozen=True, slots=True)
class Below:
    """The screen that the palette is opened over: its keys, its actions, and which of them can be
    done now; `prompts` has the slot that the palette opens in, `setup` what the screens were given,
    once a workspace is open."""

    screen: KeyScreen
    mode: Mode
    keymap: KeyMap
    prompts: Prompts
    act: Callable[[str], None]
    can: Callable[[str], bool] = _always
    setup: AppSetup | None = None


OfferSource: TypeAlias = Callable[[Below], Iterable[Offer]]
"""Returns the lines of one kind for a screen; none where it has none."""


class Offering(Protocol):
    """What the palette of an app lists."""

    @property
    def recent(self) -> Sequence[str]:
        """The names of the lines used last, the newest first."""

    def over(self, below: Below) -> Sequence[Offer]:
        """The lines over a screen."""

    def prepare(self) -> None:
        """Load what the lines need, in the background, before the first list opens."""

    def used(self, offer: Offer) -> None:
        """Remember that a line was chosen."""


def found(offers: Iterable[Offer], typed: str) -> list[Offer]:
    """The lines that hold all typed words, or words that start like them: first those whose own
    words begin so, otherwise in their order."""
    wanted = typed.casefold().split()
    if not wanted:
        return list(offers)
    ranked = [(_rank(offer, wanted), offer) for offer in offers]
    hits = [(rank, offer) for rank, offer in ranked if rank is not None]
    return [offer for _, offer in sorted(hits, key=lambda hit: hit[0])]


def _rank(offer: Offer, wanted: Iterable[str]) -> int | None:
    """How well a line matches, the best first; None if a word is missing."""
    own = f" {offer.words}".casefold()
    told = f"{own} {offer.keys} {offer.about} {offer.also} {offer.name}".casefold()
    if not all(word in told for word in wanted):
        return None
    first = " ".join(wanted)
    if own.strip().startswith(first):
        return 0
    if all(f" {word}" in own for word in wanted):
        return 1
    return 2 if all(f" {word}" in told for word in wanted) else 3


def recent_first(offers: Iterable[Offer], recent: Iterable[str]) -> list[Offer]:
    """The lines, the recent ones before all others."""
    given = list(offers)
    by_name = {offer.name: offer for offer in given}
    first = [by_name[name] for name in recent if name in by_name]
    names = {offer.name for offer in first}
    return [*first, *(offer for offer in given if offer.name not in names)]
