"""The letter menus of the queue: filter and order."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum, auto
from string import ascii_lowercase

from annotator.core.states import QueueFilter, QueueOrder
from annotator.tui.queue.listing import FILTERS, ORDERS
from annotator.tui.widgets.letter_menu import Choice, LetterMenu, menu_of


class Asked(Enum):
    """A choice that opens a further menu, made from a query of the store."""

    OUTLETS = auto()


def queue_filter_menu() -> LetterMenu[QueueFilter | Asked | None]:
    """The filters of the queue; None lists all."""
    choices = (Choice(letter, state or "all", state) for letter, state in FILTERS)
    one_outlet = Choice("l", "of one outlet", Asked.OUTLETS)
    return menu_of("queue-filter", "Only articles that are", (*choices, one_outlet))


def queue_order_menu() -> LetterMenu[QueueOrder]:
    """The orders of the queue."""
    choices = (Choice(letter, order, order) for letter, order in ORDERS)
    return menu_of("queue-order", "First the", choices)


def outlet_menu(outlets: Iterable[tuple[str, int]], here: str | None) -> LetterMenu[str | None]:
    """A letter for each of the outlets with the most articles, and for that of the current article;
    None for any."""
    choices: list[Choice[str | None]] = [Choice("*", "any", None)]
    if here is not None:
        choices.append(Choice(".", f"this one's: {here}", here))
    choices += (
        Choice(letter, f"{outlet} {number:,}", outlet)
        for letter, (outlet, number) in zip(ascii_lowercase, outlets, strict=False)
    )
    return menu_of("queue-outlet", "Only articles of", choices)
