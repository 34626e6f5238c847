"""Pages of old make, set right before their article is looked for.

Extraction takes every table for a table of figures and gives each row as one line, but many a page
is, or was, laid out by tables.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml.etree import iterwalk  # type: ignore[import-untyped]  # lxml says nothing of its types
from lxml.html import HtmlElement  # type: ignore[import-untyped]  # likewise

_PARTS_OF_TABLES = frozenset({"tbody", "thead", "tfoot", "tr", "td", "th"})
_CELLS = frozenset({"td", "th"})
# A cell with more characters than this is no figure, one with so many paragraphs neither.
_LONGEST_CELL = 300
_PARAGRAPHS = 2


def set_right(page: HtmlElement) -> None:
    """Turns tables that only lay a page out into plain blocks.

    What a page says to those whose browser runs no scripts is left out.
    """
    for unseen in list(page.iter("noscript")):
        unseen.drop_tree()
    _dissolve_layout_tables(page)


@dataclass
class _Table:
    """A table whose end has not been reached, and what speaks for its laying out a page."""

    parts: list[HtmlElement]
    breaks: int = 0
    characters: int = 0
    is_layout: bool = False
    # Columns that have names hold data, however much of it.
    is_headed: bool = False
    inner: list[HtmlElement] = field(default_factory=list)


def _dissolve_layout_tables(page: HtmlElement) -> None:
    found: list[HtmlElement] = []
    open_tables: list[_Table] = []
    for event, element in iterwalk(page, events=("start", "end")):
        tag = element.tag
        if event == "start":
            if tag == "table":
                open_tables.append(_Table([element]))
            elif open_tables:
                _note(open_tables[-1], element)
            if open_tables:
                open_tables[-1].characters += len((element.text or "").strip())
            continue
        if tag == "table":
            table = open_tables.pop()
            if table.is_layout:
                found += table.parts
                # What holds it lays out too: figures hold no pages.
                if open_tables:
                    open_tables[-1].is_layout = True
        elif tag in _CELLS and open_tables:
            _close_cell(open_tables[-1])
        if open_tables:
            open_tables[-1].characters += len((element.tail or "").strip())
    for element in found:
        element.tag = "div"


def _note(table: _Table, element: HtmlElement) -> None:
    if element.tag in _PARTS_OF_TABLES:
        table.parts.append(element)
        table.is_headed = table.is_headed or element.tag == "th"
        if element.tag in _CELLS:
            table.breaks = table.characters = 0
    elif element.tag in ("p", "br", "div", "h1", "h2"):
        table.breaks += 1


def _close_cell(table: _Table) -> None:
    if table.is_headed:
        return
    is_text = table.characters > _LONGEST_CELL // 2 and table.breaks >= _PARAGRAPHS
    table.is_layout = table.is_layout or is_text or table.characters > _LONGEST_CELL
