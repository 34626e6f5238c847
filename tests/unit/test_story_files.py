"""The board of a story as a page, a table and a graph, whatever articles contain."""

from __future__ import annotations

import csv
import io
import json
from html.parser import HTMLParser
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from annotator.core.across.board import Board, story_claims
from annotator.core.across.proposals import Annotated
from annotator.core.across.propositions import DecidedTie
from annotator.core.annotations import Claim, Stance
from annotator.core.article import Article, Origin, Span
from annotator.core.claim_ties import Relation
from annotator.export.story_csv import COLUMNS, board_to_csv
from annotator.export.story_graphml import board_to_graphml
from annotator.export.story_json import board_to_dict, lines_of
from annotator.export.story_page import story_page

EVIL = "<script>alert('&\"x')</script>\x1b[31m =1+1 \u202e"
FIRE = "The ferry burned, said Ada Low."
_GRAPH = "{http://graphml.graphdrawing.org/xmlns}"


def article(text: str, outlet: str, *, stance: Stance = Stance.ASSERTS) -> Annotated:
    """One claim over the whole text, whose source is its last two words."""
    source = Span(len(text) - 4, len(text) - 1)
    claim = Claim("c1", (Span(0, len(text)),), source=(source,), stance=stance)
    origin = Origin(outlet=outlet, published="2031-05-01")
    return Annotated(Article(text, title=text, origin=origin), (), (claim,))


def contradicting(one: Annotated, other: Annotated) -> tuple[Board, tuple[DecidedTie, ...]]:
    places = [(each.article.id, "c1") for each in (one, other)]
    ties = (DecidedTie(places[0], places[1], Relation.CONTRADICTS),)
    return story_claims((one, other)).arranged(ties), ties


BOARD, TIES = contradicting(
    article(FIRE, "Herald"), article(f"{EVIL} not low", "=HYPERLINK", stance=Stance.DENIES)
)


class Seen(HTMLParser):
    """The tags, attributes and texts of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attributes}

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def seen(page: bytes) -> Seen:
    found = Seen()
    found.feed(page.decode())
    return found


def test_a_page_loads_and_runs_nothing() -> None:
    page = seen(story_page(EVIL, BOARD))
    assert not {"script", "link", "img", "iframe", "a"} & set(page.tags)
    assert not {"href", "src", "style"} & page.attributes
    assert not [name for name in page.attributes if name.startswith("on")]
    assert "url(" not in story_page(EVIL, BOARD).decode()


def test_a_page_shows_what_articles_say_as_they_say_it() -> None:
    page = seen(story_page("The ferry", BOARD))
    words = "".join(page.texts)
    assert "<script>alert('&\"x')</script>" in words
    assert "contradict each other" in words
    assert "denies" in page.texts
    assert "2 articles; 1 proposition in several accounts, 1 with accounts in conflict." in words


def test_no_file_has_control_characters() -> None:
    for content in (story_page(EVIL, BOARD), board_to_csv(BOARD), board_to_graphml(BOARD, TIES)):
        assert "\x1b" not in content.decode()
        assert "\u202e" not in content.decode()


def test_a_claim_alone_is_listed_below_the_table() -> None:
    alone = story_claims((article(FIRE, "Herald"),)).arranged()
    page = seen(story_page("The ferry", alone))
    assert "table" not in page.tags
    assert "In one account only" in page.texts


def test_a_table_has_one_row_for_each_account_and_no_formula() -> None:
    content = board_to_csv(BOARD).decode("utf-8-sig")
    first, second = csv.DictReader(io.StringIO(content))
    assert tuple(first) == COLUMNS
    assert (first["proposition"], second["proposition"]) == ("1", "1")
    assert {first["conflict"], second["conflict"]} == {"yes"}
    outlets = {first["outlet"], second["outlet"]}
    assert outlets == {"Herald", "'=HYPERLINK"}


def test_a_graph_has_articles_claims_and_propositions() -> None:
    root = ElementTree.fromstring(board_to_graphml(BOARD, TIES))
    nodes = {node.attrib["id"] for node in root.iter(f"{_GRAPH}node")}
    edges = [
        (edge.attrib["source"], edge.attrib["target"], edge[0].text)
        for edge in root.iter(f"{_GRAPH}edge")
    ]
    assert len(nodes) == 2 + 2 + 1
    assert all({source, target} <= nodes for source, target, _ in edges)
    assert sorted(str(relation) for *_, relation in edges) == [
        *("against", "contradicts", "for", "says", "says")
    ]


def test_json_has_what_the_contract_says() -> None:
    plain = json.loads(json.dumps(board_to_dict(BOARD, TIES)))
    (row,) = plain["propositions"]
    assert {"text", "accounts", "conflict"} <= row.keys()
    assert row["conflict"] is True
    assert {"article", "outlet", "published", "claim", "source", "stance", "certainty"} <= (
        row["accounts"][0].keys()
    )
    assert [one["relation"] for one in plain["ties"]] == ["contradicts"]


def test_lines_have_conflicts_first() -> None:
    lines = list(lines_of("The ferry", BOARD))
    assert lines[0] == "The ferry"
    assert lines[2].startswith("conflict: ")
    assert any(line.startswith("  Herald: Low · asserts: ") for line in lines)


texts = st.text(st.characters(codec="utf-8"), min_size=5, max_size=30).filter(
    lambda words: words == words.strip() and "\r" not in words and "\0" not in words
)


@given(texts, texts.filter(bool), st.text(min_size=1))
def test_any_article_gives_valid_files(one: str, other: str, title: str) -> None:
    board, ties = contradicting(article(one, other[:9]), article(f"{other} not it", one[:9]))
    root = ElementTree.fromstring(board_to_graphml(board, ties))
    assert len(list(root.iter(f"{_GRAPH}node"))) >= 3
    rows = list(csv.reader(io.StringIO(board_to_csv(board).decode("utf-8-sig"), newline="")))
    assert {len(row) for row in rows} == {len(COLUMNS)}
    tags = set(seen(story_page(title, board)).tags)
    assert tags <= {
        *("html", "head", "meta", "title", "style", "body", "h1", "h2", "h3", "p", "div", "table"),
        *("thead", "tbody", "tr", "th", "td", "span", "small", "br", "ul", "li", "footer"),
    }
