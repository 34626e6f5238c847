"""The letter menus of the queue: what it lists, and in which order."""

from __future__ import annotations

from collections.abc import Iterable
from string import ascii_lowercase

from annotator.tui.queue.listing import FILTERS, ORDERS
from annotator.tui.strips import Choice, Strip, strip_of


def queue_filter_strip() -> Strip:
    """What the queue can be filtered by."""
    choices = (Choice(letter, words, ("state", state)) for letter, words, state in FILTERS)
    one_outlet = Choice("l", "of one outlet", ("ask", "outlet"))
    return strip_of("queue-filter", "Only articles that are", (*choices, one_outlet))


def queue_order_strip() -> Strip:
    """What the queue can be ordered by."""
    choices = (Choice(letter, name, ("order", name)) for letter, name in ORDERS)
    return strip_of("queue-order", "First the", choices)


def outlet_strip(outlets: Iterable[tuple[str, int]], here: str | None) -> Strip:
    """The outlets with the most articles by a letter each, and that of the article in hand."""
    choices = [Choice("*", "any", ("outlet", None))]
    if here is not None:
        choices.append(Choice(".", f"this one's: {here}", ("outlet", here)))
    choices += (
        Choice(letter, f"{outlet} {number:,}", ("outlet", outlet))
        for letter, (outlet, number) in zip(ascii_lowercase, outlets, strict=False)
    )
    return strip_of("queue-outlet", "Only articles of", choices)
