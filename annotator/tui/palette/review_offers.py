"""Lines of the palette over an open article: labels, attributes, filters, orders, places."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from annotator.core.annotations import Entity
from annotator.core.article import Span
from annotator.core.labels import Label
from annotator.core.records.fields import AttributeValue
from annotator.core.reviewing.item_filter import filter_counts
from annotator.core.states import ItemFilter, ItemOrdering
from annotator.tui.queue.queue_screen import QueueScreen
from annotator.tui.review.actions import Workbench
from annotator.tui.review.line_prompt import LineNumber
from annotator.tui.review.review_screen import ReviewScreen
from annotator.tui.screens.letter_menus import attribute_menu
from annotator.tui.screens.offers import Below, Offer
from annotator.tui.widgets.letter_menu import Choice


def _work(below: Below) -> Workbench | None:
    """The parts for the open article; None on other screens."""
    return below.screen.work if isinstance(below.screen, ReviewScreen) else None


def _done(work: Workbench, name: str, act: Callable[[], object]) -> Callable[[], None]:
    """An act as an action of its own, which answers no earlier question."""

    def do() -> None:
        work.state.begin(name)
        act()

    return do


def label_offers(below: Below) -> Iterator[Offer]:
    """Each label, for the entity in focus or the words."""
    work = _work(below)
    if work is None or not below.can("label"):
        return
    selected = work.page.view.selection is not None
    verb = "Relabel" if isinstance(work.state.item, Entity) and not selected else "Mark"
    digits = "1234567890"
    for place, label in enumerate(work.setup.config.scheme):
        if place < len(digits):
            keys = below.keymap.shown(f"label_{digits[place]}")
        else:
            keys = f"{below.keymap.shown('label')} {label.key}"
        name = f"label:{label.name}"
        yield Offer(
            name,
            f"{verb}: {label.name}",
            _done(work, name, partial(work.items.label, label.name)),
            keys=keys,
            about=label.meaning,
            also="relabel mark label",
            tone=name,
        )


def attribute_offers(below: Below) -> Iterator[Offer]:
    """Each value of each attribute, for the claim in focus."""
    work = _work(below)
    if work is None or not below.can("attributes"):
        return
    key = below.keymap.shown("attributes")
    for head, lines in attribute_menu(title="").rows:
        for line in lines:
            if isinstance(line, Choice):
                name = f"attribute:{head}:{line.words}"
                yield Offer(
                    name,
                    f"Set {head}: {line.words}",
                    _done(work, name, partial(_set, work, line.value)),
                    keys=f"{key} {line.letter}",
                )


def _set(work: Workbench, value: AttributeValue) -> None:
    work.claims.set_attribute(value)


def item_filter_offers(below: Below) -> Iterator[Offer]:
    """Each filter that some item passes."""
    work = _work(below)
    if work is None:
        return
    state, scheme = work.state, work.setup.config.scheme
    everything: tuple[ItemFilter | Label, ...] = (*ItemFilter, *scheme)
    counts = filter_counts(
        [state.review.held[id] for id in state.listed.all_items.ids],
        everything,
        confidence=state.confidence,
        text=state.text,
    )
    key = below.keymap.shown("filter")
    for wanted in everything:
        if wanted == state.listed.only or not counts[wanted]:
            continue
        words = wanted.name if isinstance(wanted, Label) else str(wanted)
        tone = f"label:{words}" if isinstance(wanted, Label) else "normal"
        name = f"filter:{words}"
        yield Offer(
            name,
            "Filter: show all" if wanted is ItemFilter.ALL else f"Filter: {words} only",
            _done(work, name, partial(work.listing.list_only, wanted)),
            keys=key,
            about=f"{counts[wanted]} of {counts[ItemFilter.ALL]}",
            tone=tone,
        )


def item_order_offers(below: Below) -> Iterator[Offer]:
    """Each order but the present one."""
    work = _work(below)
    if work is None:
        return
    for order in ItemOrdering:
        if order is not work.state.listed.by:
            words = "as in the text" if order is ItemOrdering.TEXT else f"{order} first"
            name = f"order:{order}"
            yield Offer(
                name,
                f"Order: {words}",
                _done(work, name, partial(work.listing.order_by, order)),
                keys=below.keymap.shown("order"),
                also="sort",
            )


def place_offers(below: Below) -> Iterator[Offer]:
    """A line of the text, another article."""
    work = _work(below)
    if work is None:
        return
    yield Offer("line", "Go to line…", partial(_ask_line, work), also="number paragraph")
    screen = below.screen
    if isinstance(screen, ReviewScreen) and isinstance(screen.app.screen_stack[-2], QueueScreen):
        go = partial(screen.loader.leave, "queue_search")
        yield Offer("queue_search", "Go to article…", go, also="title open queue")


def _ask_line(work: Workbench) -> None:
    def go(line: Span) -> None:
        work.caret.put(line.start)

    work.page.prompts.open(LineNumber(work.state.words.lines, go, work.page.say))
