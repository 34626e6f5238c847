"""Widget: what the guidelines say on the item at hand, beside it; nothing until it is asked for."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cached_property

from annotator.core.annotations import Claim, Entity, Item
from annotator.core.edits import Part, PartName
from annotator.core.guidelines import Guideline, on_term, paragraphs
from annotator.tui.screens.guideline_lines import pieces_of
from annotator.tui.widgets.bar import Bar, BarLine
from annotator.tui.widgets.wrapping import wrapped

_WIDEST = 140
_NOTHING = "The guidelines say nothing on this by its name; the help has all of them."


def terms_of(item: Item | None, part: Part | None) -> tuple[str, ...]:
    """What an item is, in the words of the guidelines: its label, the part in focus, its
    attributes, its kind of junk; nothing without an item."""
    match item:
        case None:
            return ()
        case Entity():
            return (item.label,)
        case Claim() if part is not None and part.name is not PartName.SPAN:
            kinds = (str(item.source_kind),) if part.name is PartName.SOURCE else ()
            return (part.name.value, *kinds)
        case Claim():
            return (str(item.stance), str(item.source_kind), str(item.quotation))
        case _:
            return (str(item.kind),)


def guideline_lines(
    given: Sequence[Guideline],
    terms: Sequence[str],
    width: int,
    rows: int,
    labels: Collection[str] = (),
) -> list[BarLine]:
    """The paragraphs on these terms, in at most so many lines, the first ones first."""
    found = dict.fromkeys(one for term in terms for one in on_term(given, term))
    if not found:
        told = _NOTHING if terms else "What the guidelines say on the item under the caret."
        return wrapped([("muted", told)], width, first=(("normal", " "),), further=" ")[:rows]
    lines = [
        line
        for one in found
        for line in wrapped(pieces_of(one, labels), width, first=(("muted", " • "),), further="   ")
    ]
    if len(lines) > rows:
        last = lines[rows - 1]
        lines = [*lines[: rows - 1], BarLine((*last.left, ("muted", " …")))]
    return lines


class GuidelineBar(Bar):
    """Lines above the foot of a review; their number stays the same while they are shown."""

    DEFAULT_CSS = """
    GuidelineBar { height: 0; }
    """

    def __init__(self, markdown: str, colors: Mapping[str, str]) -> None:
        super().__init__(id="guideline", colors=colors)
        self._markdown, self._labels = markdown, frozenset(colors)
        self.is_open = False

    @cached_property
    def _guidelines(self) -> tuple[Guideline, ...]:
        return paragraphs(self._markdown)

    def toggle(self, height: int) -> None:
        """Open or close it, on a screen of this height."""
        self.is_open = not self.is_open
        self.styles.height = min(5, max(3, height // 6)) if self.is_open else 0

    def show_on(self, item: Item | None, part: Part | None, width: int) -> None:
        """Show what the guidelines say on an item, while it is open."""
        if self.is_open and self.styles.height is not None:
            rows = int(self.styles.height.value)
            given, wide = self._guidelines, min(width - 1, _WIDEST)
            self.show(*guideline_lines(given, terms_of(item, part), wide, rows, self._labels))
