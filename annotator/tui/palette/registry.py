"""All lines of the palette. A new kind of line is one more source here."""

from __future__ import annotations

from annotator.tui.palette.action_offers import act_offers, move_offers
from annotator.tui.palette.appearance_offers import theme_offers
from annotator.tui.palette.queue_offers import article_filter_offers, article_order_offers
from annotator.tui.palette.review_offers import (
    attribute_offers,
    item_filter_offers,
    item_order_offers,
    label_offers,
    place_offers,
)
from annotator.tui.palette.workspace_offers import export_offers, guideline_offers
from annotator.tui.screens.offers import Below, Offer, OfferSource

SOURCES: tuple[OfferSource, ...] = (
    act_offers,
    label_offers,
    attribute_offers,
    item_filter_offers,
    item_order_offers,
    article_filter_offers,
    article_order_offers,
    place_offers,
    guideline_offers,
    export_offers,
    theme_offers,
    move_offers,
)
"""The sources of lines, in the order of the palette; each is asked when it opens."""


def offers_over(below: Below) -> tuple[Offer, ...]:
    """What can be done on a screen."""
    return tuple(offer for source in SOURCES for offer in source(below))
