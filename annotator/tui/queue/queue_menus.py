"""The letter menus of the queue: what it lists, and in which order."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum, auto
from string import ascii_lowercase

from annotator.core.states import QueueFilter, QueueOrder
from annotator.tui.queue.listing import FILTERS, ORDERS
from annotator.tui.widgets.letter_menu import Choice, LetterMenu, menu_of


class Asked(Enum):
    """A choice that asks for a further menu, for which the store has to be asked."""

    OUTLETS = auto()


def queue_filter_menu() -> LetterMenu[QueueFilter | Asked | None]:
    """What the queue can be filtered by; None is all."""
    choices = (Choice(letter, state or "all", state) for letter, state in FILTERS)
    one_outlet = Choice("l", "of one outlet", Asked.OUTLETS)
    return menu_of("queue-filter", "Only articles that are", (*choices, one_outlet))


def queue_order_menu() -> LetterMenu[QueueOrder]:
    """What the queue can be ordered by."""
    choices = (Choice(letter, order, order) for letter, order in ORDERS)
    return menu_of("queue-order", "First the", choices)


def outlet_menu(outlets: Iterable[tuple[str, int]], here: str | None) -> LetterMenu[str | None]:
    """The outlets with the most articles by a letter each, and that of the article in hand; None
    is any."""
    choices: list[Choice[str | None]] = [Choice("*", "any", None)]
    if here is not None:
        choices.append(Choice(".", f"this one's: {here}", here))
    choices += (
        Choice(letter, f"{outlet} {number:,}", outlet)
        for letter, (outlet, number) in zip(ascii_lowercase, outlets, strict=False)
    )
    return menu_of("queue-outlet", "Only articles of", choices)
