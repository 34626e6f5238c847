"""The board of a story as a graph in GraphML, for programs that draw networks.

Nodes are articles, claims and propositions; edges lead from an article to its claims (`says`), from
a claim to its proposition (`for`, `against`), and between claims that people tied.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from xml.etree import ElementTree

from annotator.core.across.board import Board
from annotator.core.across.mentions import Place
from annotator.core.across.propositions import DecidedTie
from annotator.core.text.harmless import harmless_line

_SPACE = "http://graphml.graphdrawing.org/xmlns"
_OF_NODE = ("kind", "label", "outlet", "published", "source", "stance", "certainty", "conflict")
_OF_EDGE = ("relation",)
_NOT_IN_XML = {0xFFFE: "\N{REPLACEMENT CHARACTER}", 0xFFFF: "\N{REPLACEMENT CHARACTER}"}


def board_to_graphml(board: Board, ties: Iterable[DecidedTie]) -> bytes:
    """The graph, UTF-8; characters that XML cannot hold become U+FFFD."""
    ElementTree.register_namespace("", _SPACE)
    root = ElementTree.Element(f"{{{_SPACE}}}graphml")
    for of, names in (("node", _OF_NODE), ("edge", _OF_EDGE)):
        for name in names:
            key = {"id": name, "for": of, "attr.name": name, "attr.type": "string"}
            ElementTree.SubElement(root, f"{{{_SPACE}}}key", key)
    graph = ElementTree.SubElement(
        root, f"{{{_SPACE}}}graph", {"id": "story", "edgedefault": "directed"}
    )
    _nodes(graph, board)
    _edges(graph, board, ties)
    tree: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return tree


def _nodes(graph: ElementTree.Element, board: Board) -> None:
    for column in board.columns:
        told = {"kind": "article", "label": column.name, "outlet": column.outlet or ""}
        _add(graph, "node", {"id": column.article}, told | {"published": column.published or ""})
    for number, row in enumerate(board.propositions, start=1):
        told = {"kind": "proposition", "label": row.text}
        _add(
            graph,
            "node",
            {"id": f"p{number}"},
            told | {"conflict": "yes" if row.conflicts else ""},
        )
        for account in row.accounts:
            told = {
                "kind": "claim",
                "label": account.text,
                "outlet": account.column.outlet or "",
                "published": account.column.published or "",
                "source": account.source or "",
                "stance": account.stance.value,
                "certainty": account.certainty.value if account.certainty else "",
            }
            _add(graph, "node", {"id": _id(account.place)}, told)


def _edges(graph: ElementTree.Element, board: Board, ties: Iterable[DecidedTie]) -> None:
    for number, row in enumerate(board.propositions, start=1):
        for account in row.accounts:
            claim = _id(account.place)
            _edge(graph, account.column.article, claim, "says")
            _edge(graph, claim, f"p{number}", "against" if account.is_against else "for")
    for tie in ties:
        if tie.pair <= board.accounts.keys():
            _edge(graph, _id(tie.one), _id(tie.other), tie.relation)


def _edge(graph: ElementTree.Element, source: str, target: str, relation: str) -> None:
    _add(graph, "edge", {"source": source, "target": target}, {"relation": relation})


def _id(place: Place) -> str:
    return f"{place[0]}/{place[1]}"


def _add(
    graph: ElementTree.Element, kind: str, about: Mapping[str, str], told: Mapping[str, str]
) -> None:
    safe = {name: _safe(value) for name, value in about.items()}
    element = ElementTree.SubElement(graph, f"{{{_SPACE}}}{kind}", safe)
    for name, value in told.items():
        if value:
            ElementTree.SubElement(element, f"{{{_SPACE}}}data", {"key": name}).text = _safe(value)


def _safe(value: str) -> str:
    return harmless_line(value).translate(_NOT_IN_XML)
