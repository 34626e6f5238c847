"""The letter menus of the queue: filter and order."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum, auto
from string import ascii_lowercase

from annotator.core.states import QueueFilter, QueueOrder
from annotator.tui.queue.listing import FILTERS, ORDERS, Listing
from annotator.tui.widgets.letter_menu import Choice, LetterMenu, menu_of


class Asked(Enum):
    """A choice that opens a further menu, made from a query of the store."""

    OUTLETS = auto()


def queue_filter_menu(here: Listing) -> LetterMenu[QueueFilter | Asked | None]:
    """The filters of the queue, the one of `here` marked; None lists all."""
    choices = (
        Choice(
            letter,
            state or "all",
            state,
            is_chosen=state == here.state and (state is not None or not here.is_filtered),
        )
        for letter, state in FILTERS
    )
    outlet = "of one outlet" if here.outlet is None else f"of one outlet: {here.outlet}"
    one_outlet = Choice("l", outlet, Asked.OUTLETS, is_chosen=here.outlet is not None)
    return menu_of("queue-filter", "Only articles that are", (*choices, one_outlet))


def queue_order_menu(here: Listing) -> LetterMenu[QueueOrder]:
    """The orders of the queue, the one of `here` marked."""
    choices = (
        Choice(letter, order, order, is_chosen=order is here.order) for letter, order in ORDERS
    )
    return menu_of("queue-order", "First the", choices)


def outlet_menu(
    outlets: Iterable[tuple[str, int]], here: str | None, chosen: str | None = None
) -> LetterMenu[str | None]:
    """A letter for each of the outlets with the most articles, and for that of the current article
    (`here`); None for any. The `chosen` one is marked."""
    choices: list[Choice[str | None]] = [Choice("*", "any", None, is_chosen=chosen is None)]
    if here is not None:
        choices.append(Choice(".", f"this one's: {here}", here))
    choices += (
        Choice(letter, f"{outlet} {number:,}", outlet, is_chosen=outlet == chosen)
        for letter, (outlet, number) in zip(ascii_lowercase, outlets, strict=False)
    )
    return menu_of("queue-outlet", "Only articles of", choices)
