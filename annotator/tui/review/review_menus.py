"""Letter menus of a review: equal strings, skipping, filters, parts of a claim."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum

from annotator.core.article import Span
from annotator.core.decisions import Answer
from annotator.core.labels import Label, LabelScheme
from annotator.core.reviewing.accepting_all import Extent, OpenItems
from annotator.core.reviewing.commands import Everywhere
from annotator.core.reviewing.wording import counted
from annotator.core.states import ItemFilter, ItemOrdering
from annotator.tui.screens.letter_menus import label_menu
from annotator.tui.widgets.letter_menu import Choice, LetterMenu, Submenu, menu_of

_FILTERS = (
    ("*", ItemFilter.ALL),
    ("o", ItemFilter.OPEN),
    ("u", ItemFilter.UNSURE),
    ("a", ItemFilter.ACCEPTED),
    ("m", ItemFilter.CORRECTED),
    ("+", ItemFilter.ADDED),
    ("x", ItemFilter.REJECTED),
    ("e", ItemFilter.ENTITIES),
    ("c", ItemFilter.CLAIMS),
    ("j", ItemFilter.JUNK),
    ("d", ItemFilter.DENIALS),
    ("r", ItemFilter.DEMANDS),
    ("p", ItemFilter.PREDICTIONS),
    ("n", ItemFilter.NUMBERS),
    ("s", ItemFilter.ANONYMOUS),
)
_ORDERS = (
    ("t", ItemOrdering.TEXT, "the beginning of the text"),
    ("u", ItemOrdering.LEAST_CONFIDENT, "the least confident"),
    ("d", ItemOrdering.DENIALS, ItemOrdering.DENIALS.value),
    ("r", ItemOrdering.DEMANDS, ItemOrdering.DEMANDS.value),
    ("p", ItemOrdering.PREDICTIONS, ItemOrdering.PREDICTIONS.value),
    ("n", ItemOrdering.NUMBERS, ItemOrdering.NUMBERS.value),
    ("s", ItemOrdering.ANONYMOUS, ItemOrdering.ANONYMOUS.value),
    ("w", ItemOrdering.DESK, "what a desk asks: these five one after the other, then unsure"),
)


class FirstLook(StrEnum):
    """What to look at before accepting all."""

    UNSURE = "unsure"
    UNSEEN = "unseen"


def accepting_menu(items: OpenItems, *, why: str) -> LetterMenu[Extent | FirstLook]:
    """Which open items to accept; `why` says why some are unsure."""
    title = f"Accept all {len(items.listed)} open: {counted(items.listed)}"
    rows = (("", tuple(_extents(items))), ("", tuple(_looks(items, why))))
    return LetterMenu("accept all", title, rows)


def _extents(items: OpenItems) -> Iterator[Choice[Extent]]:
    def choice(letter: str, words: str, extent: Extent) -> Choice[Extent]:
        return Choice(letter, f"{words} ({len(items.within(extent))})", extent)

    yield choice("A", "all of this filter" if items.hidden else "everything", Extent.LISTED)
    if items.unsure:
        yield choice("s", "only the sure ones", Extent.SURE)
    if items.unseen:
        yield choice("v", "only what was on the screen", Extent.SEEN)
    if items.hidden:
        hidden = f"also what the filter hides: {counted(items.hidden)}"
        yield choice("e", hidden, Extent.EVERYTHING)


def _looks(items: OpenItems, why: str) -> Iterator[Choice[FirstLook]]:
    if items.unsure:
        unsure = f"shows the {len(items.unsure)} unsure one by one: {why}"
        yield Choice("enter", unsure, FirstLook.UNSURE, "accent")
    if items.unseen:
        unseen = f"shows the first of {len(items.unseen)} that were not on the screen"
        yield Choice("n", unseen, FirstLook.UNSEEN, "accent")


def same_menu(scheme: LabelScheme, *, title: str) -> LetterMenu[Everywhere | Label]:
    """The decisions for every equal string, including the digits of labels."""
    digits = (
        Choice(digit, label.name, label, f"label:{label.name}")
        for digit, label in zip("1234567890", scheme, strict=False)
    )
    labels = label_menu(scheme, title="Label for all of them")
    return menu_of(
        "same",
        title,
        (
            Choice("a", "accept", Everywhere.ACCEPT, "good"),
            Choice("x", "reject", Everywhere.REJECT, "bad"),
            Choice("*", "as it stands", Everywhere.AS_IT_STANDS),
            Submenu("l", "a label by its letter", labels),
            *digits,
        ),
    )


def skip_menu() -> LetterMenu[Answer]:
    """The answers for a whole article instead of a review."""
    unusable = "it is unusable: broken, not an article, not in English"
    return menu_of(
        "skip",
        "This article",
        (
            Choice("s", "skip it: not for this dataset", Answer.SKIP),
            Choice("u", unusable, Answer.UNUSABLE),
        ),
    )


def item_filter_menu(
    scheme: LabelScheme,
    counts: Mapping[ItemFilter | Label, int] | None = None,
    chosen: ItemFilter | Label | None = None,
) -> LetterMenu[ItemFilter | Label]:
    """The filters of items, with the number of items that pass each; the `chosen` one stands
    out."""
    known = counts or {}

    def told(words: str, one: ItemFilter | Label) -> str:
        return f"{words} {known[one]}" if one in known else words

    def tone(one: ItemFilter | Label) -> str:
        if one == chosen:
            return "accent"
        return "normal" if known.get(one, 1) else "muted"

    choices = (Choice(letter, told(one, one), one, tone(one)) for letter, one in _FILTERS)
    by_letter = (
        Choice(label.key, told(label.name, label), label, f"label:{label.name}")
        for label in scheme
        if known.get(label, 1)
    )
    labels = Submenu("l", "label", menu_of("labels", "Only this label", by_letter))
    return menu_of("items", "Only items that are", (*choices, labels))


def item_order_menu(chosen: ItemOrdering | None = None) -> LetterMenu[ItemOrdering]:
    """The orders of items; the `chosen` one stands out."""
    choices = (
        Choice(letter, words, one, "accent" if one is chosen else "normal")
        for letter, one, words in _ORDERS
    )
    return menu_of("order", "What comes first", choices)


def span_menu(
    spans: Iterable[tuple[str, Span]], text: str, *, name: str, title: str
) -> LetterMenu[Span]:
    """Spans of the text to choose from, each with a letter."""
    choices = (Choice(letter, span.of(text)[:60], span) for letter, span in spans)
    return menu_of(name, title, choices)
