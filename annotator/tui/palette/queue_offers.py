"""Lines of the palette over the queue: its filters and orders."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from annotator.tui.queue.listing import FILTERS, ORDERS
from annotator.tui.queue.queue_list import QueueList
from annotator.tui.queue.queue_screen import QueueScreen
from annotator.tui.screens.offers import Below, Offer


def _rows(below: Below) -> QueueList | None:
    return below.screen.rows if isinstance(below.screen, QueueScreen) else None


def article_filter_offers(below: Below) -> Iterator[Offer]:
    """Each filter by state but the present one."""
    rows = _rows(below)
    if rows is None:
        return
    key, listing = below.keymap.shown("queue_filter"), rows.listing
    for letter, state in FILTERS:
        if state is None and listing.is_filtered:
            everything = replace(listing, state=None, outlet=None)
            yield Offer(
                "articles:all", "Filter: show all", partial(rows.show_listing, everything), key
            )
        elif state is not None and state is not listing.state:
            yield Offer(
                f"articles:{state}",
                f"Filter: {state} only",
                partial(rows.show_listing, replace(listing, state=state)),
                keys=f"{key} {letter}",
                also="articles",
            )


def article_order_offers(below: Below) -> Iterator[Offer]:
    """Each order but the present one."""
    rows = _rows(below)
    if rows is None:
        return
    for letter, order in ORDERS:
        if order is not rows.listing.order:
            yield Offer(
                f"articles:{order} first",
                f"Order: {order} first",
                partial(rows.show_listing, replace(rows.listing, order=order)),
                keys=f"{below.keymap.shown('queue_order')} {letter}",
                also="sort articles",
            )
