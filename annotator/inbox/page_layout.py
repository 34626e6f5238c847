"""Pages of old or broken make, set right before their article is looked for.

Extraction takes every table for a table of figures and gives each row as one line, and it glues or
drops text that stands bare between blocks. Both were, and are, how many a page is written.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml.etree import iterwalk  # type: ignore[import-untyped]  # lxml says nothing of its types
from lxml.html import HtmlElement  # type: ignore[import-untyped]  # likewise

_PARTS_OF_TABLES = frozenset({"tbody", "thead", "tfoot", "tr", "td", "th"})
_CELLS = frozenset({"td", "th"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_LISTS = frozenset({"ul", "ol", "li", "dl", "dt", "dd"})
_BLOCKS = (
    _HEADINGS
    | _LISTS
    | frozenset({"address", "article", "aside", "blockquote", "center", "div", "fieldset"})
    | frozenset({"figure", "footer", "form", "header", "hr", "main", "nav", "p", "pre"})
    | frozenset({"section", "table"})
)
_CONTAINERS = frozenset({"article", "body", "center", "div", "main", "section"})
_UNSEEN = frozenset({"script", "style", "noscript", "template", "textarea", "select", "button"})
# A cell with more characters than this is no figure, one with so many paragraphs neither.
_LONGEST_CELL = 300
_PARAGRAPHS = 2
# Bare text shorter than this is rather a label than a paragraph.
_SHORTEST_PARAGRAPH = 80


def set_right(page: HtmlElement) -> None:
    """Turns tables that only lay a page out into plain blocks, and bare text into paragraphs.

    What a page says to those whose browser runs no scripts is left out.
    """
    for unseen in list(page.iter("noscript")):
        unseen.drop_tree()
    _dissolve_layout_tables(page)
    among_paragraphs = {element.getparent() for element in page.iter("p")}
    for element in list(page.iter(*_CONTAINERS)):
        if any(child.tag in _BLOCKS for child in element):
            _wrap_bare_text(element)
        elif element.getparent() in among_paragraphs and _is_paragraph(element):
            element.tag = "p"


@dataclass
class _Table:
    """A table whose end has not been reached, and what speaks for its laying out a page."""

    parts: list[HtmlElement]
    breaks: int = 0
    characters: int = 0
    is_layout: bool = False
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
        if element.tag in _CELLS:
            table.breaks = table.characters = 0
    elif element.tag in ("p", "br", "div", "h1", "h2"):
        table.breaks += 1


def _close_cell(table: _Table) -> None:
    is_text = table.characters > _LONGEST_CELL // 2 and table.breaks >= _PARAGRAPHS
    table.is_layout = table.is_layout or is_text or table.characters > _LONGEST_CELL


def _wrap_bare_text(container: HtmlElement) -> None:
    """Puts each run of text and inline elements between blocks into a paragraph, if it is long."""
    for before, run, text in list(_runs(container)):
        if len(text) + sum(len(child.text_content()) for child in run) < _SHORTEST_PARAGRAPH:
            continue
        if len(text.strip()) < _SHORTEST_PARAGRAPH // 2:  # mostly links: a menu
            continue
        paragraph = container.makeelement("p", {})
        if before is None:
            paragraph.text, container.text = container.text, None
            container.insert(0, paragraph)
        else:
            paragraph.text, before.tail = before.tail, None
            before.addnext(paragraph)
        paragraph.extend(run)


def _is_paragraph(element: HtmlElement) -> bool:
    """Whether it is a block of words, and not mostly of links."""
    bare = len(element.text or "") + sum(len(child.tail or "") for child in element)
    return element.tag == "div" and bare >= _SHORTEST_PARAGRAPH


def _runs(
    container: HtmlElement,
) -> Iterator[tuple[HtmlElement | None, list[HtmlElement], str]]:
    """Each run: the block before it, the inline elements in it, the text that stands bare in it."""
    before: HtmlElement | None = None
    run: list[HtmlElement] = []
    text = container.text or ""
    for child in container:
        if child.tag in _BLOCKS or not isinstance(child.tag, str) or child.tag in _UNSEEN:
            yield before, run, text
            before, run, text = child, [], child.tail or ""
        else:
            run.append(child)
            text += child.tail or ""
    yield before, run, text
