"""Repairs the layout of a page before extraction: layout tables and hidden parts.

Extraction takes every table for a data table and returns each row as one line, but many pages use
tables for their layout.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml.etree import iterwalk
from lxml.html import HtmlElement

from annotator.inbox.pages.page_blocks import names_of

_PARTS_OF_TABLES = frozenset({"tbody", "thead", "tfoot", "tr", "td", "th"})
_CELLS = frozenset({"td", "th"})
# A cell with more characters or paragraphs than this is not data.
_LONGEST_CELL = 300
_PARAGRAPHS = 2
_CODE = frozenset({"script", "style"})
_WHOLE = frozenset({"html", "body", "main", "article"})
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
# Names of elements with the rest of an article, shown on demand.
_ON_DEMAND = re.compile(
    r"(?:read|show)-?(?:more|on|full|all)|continue|expand|full-?(?:text|story|article)"
    r"|article-?(?:body|text)|rest-of",
    re.IGNORECASE,
)
_OF_ARTICLE = re.compile(r"more|content|article|body|story|text|paywall|premium", re.IGNORECASE)
# A page that hides more than this share of its text shows it by scripts.
_MOST_HIDDEN = 0.75


def repair_layout(page: HtmlElement) -> None:
    """Turn layout tables into plain blocks; remove hidden elements and `<noscript>`.

    Changes `page` in place.
    """
    for element in page.iter():
        if _is_hidden(element) and _ON_DEMAND.search(names_of(element)):
            element.attrib.pop("hidden", None)
            element.attrib.pop("style", None)
    for unseen in dict.fromkeys((*page.iter("noscript"), *_hidden(page))):
        unseen.drop_tree()
    _dissolve_layout_tables(page)


def _hidden(page: HtmlElement) -> list[HtmlElement]:
    """The hidden elements, except the rest of an article shown on demand; none if most of the text
    is hidden."""
    found: list[HtmlElement] = []
    open_ones: list[HtmlElement] = []
    letters = hidden = 0
    for event, element in iterwalk(page, events=("start", "end")):
        if event == "start":
            if _is_hidden(element) and not _OF_ARTICLE.search(names_of(element)):
                open_ones.append(element)
            size = len((element.text or "").strip())
        else:
            if open_ones and open_ones[-1] is element:
                open_ones.pop()
                if not open_ones:
                    found.append(element)
            size = len((element.tail or "").strip())
        if element.tag not in _CODE or event == "end":
            letters += size
            hidden += size if open_ones else 0
    return found if hidden <= _MOST_HIDDEN * letters else []


def _is_hidden(element: HtmlElement) -> bool:
    if element.tag in _WHOLE or not element.attrib:
        return False
    return element.get("hidden") is not None or (
        _HIDING.search(element.get("style") or "") is not None
    )


@dataclass
class _Table:
    """A table that is still open, with the evidence that it is a layout table."""

    parts: list[HtmlElement]
    breaks: int = 0
    characters: int = 0
    is_layout: bool = False
    # A table with column headings contains data, however long its cells are.
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
                _add_part(open_tables[-1], element)
            if open_tables:
                open_tables[-1].characters += len((element.text or "").strip())
            continue
        if tag == "table":
            table = open_tables.pop()
            if table.is_layout:
                found += table.parts
                # A table around a layout table is a layout table too.
                if open_tables:
                    open_tables[-1].is_layout = True
        elif tag in _CELLS and open_tables:
            _close_cell(open_tables[-1])
        if open_tables:
            open_tables[-1].characters += len((element.tail or "").strip())
    for element in found:
        element.tag = "div"


def _add_part(table: _Table, element: HtmlElement) -> None:
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
