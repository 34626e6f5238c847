"""Finds the lead of an article, between headline and body, which extraction leaves out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass

from lxml.html import HtmlElement

from annotator.inbox.pages.page_blocks import Block, Paragraph, letters_of

# Names that pages give to the element of the lead, in several languages.
_LEAD = re.compile(
    r"stand-?first|\blead\b|lead-?(?:text|in|paragraph)|lede|\bde[ck]k?\b|perex|bajada|chapo\b|chapeau"
    r"|intro|summary|abstract|teaser|excerpt|sub-?_?(?:title|head|deck)|sottotitol|sommario|ingress"
    r"|manchet|vorspann|anle(?:ser|ufer)|description|entradilla|sumario|copete|resumo|linha-?fina"
    r"|anriss|zapowied|preamble|kicker-?text|catenaccio",
    re.IGNORECASE,
)
_NO_LEAD = re.compile(
    r"by-?_?line|author|autor|dateline|\bdate|time|publish|share|social|caption|credit|related|promo"
    r"|\bads?\b|advert|sponsor|newsletter|subscri|tags?\b|topics?|breadcrumb|menu|\bnav|comment|cookie"
    r"|consent|\bmeta|toolbar|print|rating|widget|sidebar|login|footer|carousel|gallery|most-?read"
    r"|image|picture|photo|foto|player|video|audio|\bvjs|-rev-|review|disclaimer|messenger|profile"
    r"|site-?(?:desc|title)|slogan|logo",
    re.IGNORECASE,
)
_CAPTION = re.compile(r"caption|credit|sidebar|slogan|bildunter|legende", re.IGNORECASE)
PICTURES = frozenset({"figure", "figcaption"})
_OUTSIDE_WORDS = "nav aside footer form ul ol dl table address pre"
_OUTSIDE = frozenset(_OUTSIDE_WORDS.split()) | PICTURES
# Credits of authors and photographers in lines that are not sentences.
_CREDIT = re.compile(
    r"(?:By|Von|Par|Por|Di|Door|Text|Photos?|Fotos?|Bild(?:er)?|Image|Credit|Published|Updated)\b|©",
    re.IGNORECASE,
)
_HEADINGS = frozenset({"h2", "h3", "h4"})
_SENTENCE_END = re.compile(r"[.!?…。！？؟।][\"'”’»›)\]]*$")
# Minimum number of letters: in a paragraph of the body; in a lead recognised by its full stop; in
# a lead recognised by a heading or a name.
_BODY, _SENTENCE, _HEADING = 80, 40, 25
_SAME = 40
_FARTHEST = 60
# Number of enclosing elements in which a heading tag is searched for.
_NEAR = 4
# Limits on nesting and on names, against crafted pages.
_DEEPEST, _LONGEST_NAME = 40, 500


def with_lead(
    paragraphs: Sequence[Paragraph], blocks: Sequence[Block], title: str, description: str
) -> tuple[Paragraph, ...]:
    """`paragraphs` with the lead of the article before the body, if the page has one.

    A lead repeats the beginning of `description`, or is named or marked up as one in the page.
    """
    there = {paragraph.block for paragraph in paragraphs}
    body = _first_of_body(paragraphs)
    if body is None or paragraphs[body].block is None:
        return tuple(paragraphs)
    end = paragraphs[body].block
    assert end is not None
    headline = _headline(blocks[:end], letters_of(title))
    told = letters_of(description)
    begin = headline.number + 1 if headline else max(0, end - _FARTHEST)
    paragraphs = _without_title(paragraphs, body, letters_of(title))
    known = {letters_of(title), *(letters_of(one.text) for one in paragraphs)}
    lead: list[Paragraph] = []
    for number, block in enumerate(blocks[begin:end], start=begin):
        if number in there or block.letters in known or not _is_lead(block, headline, told):
            continue
        known.add(block.letters)
        lead.append(Paragraph(block.text, number))
    body = _first_of_body(paragraphs) or 0
    return (*paragraphs[:body], *lead, *paragraphs[body:])


def _without_title(paragraphs: Sequence[Paragraph], body: int, title: str) -> tuple[Paragraph, ...]:
    """`paragraphs` without the title before the body, since the title is stored separately."""
    return tuple(
        one for n, one in enumerate(paragraphs) if n >= body or letters_of(one.text) != title
    )


@dataclass(frozen=True, slots=True)
class _Headline:
    number: int
    around: frozenset[HtmlElement]


def _first_of_body(paragraphs: Sequence[Paragraph]) -> int | None:
    return next((n for n, one in enumerate(paragraphs) if len(letters_of(one.text)) >= _BODY), None)


def _headline(blocks: Sequence[Block], title: str) -> _Headline | None:
    """The last heading in `blocks` with the title's letters; otherwise the last `<h1>`; or None."""
    last: _Headline | None = None
    for number in range(len(blocks) - 1, -1, -1):
        block = blocks[number]
        path = [block.element]
        while len(path) < _NEAR and (parent := path[-1].getparent()) is not None:
            path.append(parent)
        tags = {one.tag for one in path}
        if block.letters == title and tags & {"h1", *_HEADINGS}:
            return _headline_at(number, block)
        if last is None and "h1" in tags:
            last = _headline_at(number, block)
    return last


def _headline_at(number: int, block: Block) -> _Headline:
    return _Headline(number, frozenset((block.element, *block.element.iterancestors())))


def _is_lead(block: Block, headline: _Headline | None, description: str) -> bool:
    size = len(block.letters)
    if size < _HEADING or is_mostly_links(block):
        return False
    own = list(own_path(block.element, headline.around if headline else frozenset()))
    tags, names = {one.tag for one in own}, " ".join(_names(own))
    if len(description) >= _SAME and block.letters[:_SAME] == description[:_SAME]:
        return not tags & PICTURES
    if headline is None or tags & _OUTSIDE:
        return False
    is_sentence = ends_like_a_sentence(block.text)
    if not is_sentence and _CREDIT.match(block.text):
        return False
    if _LEAD.search(names):
        return not _NO_LEAD.search(" ".join(_names(own[:2])))
    is_heading = block.element.tag in _HEADINGS and is_sentence and size >= _SENTENCE
    if _NO_LEAD.search(" ".join(_names(own[:1])) if is_heading else names):
        return False
    return bool(tags & _HEADINGS) or (size >= _SENTENCE and is_sentence)


def ends_like_a_sentence(text: str) -> bool:
    """Whether `text` ends with a mark that ends sentences."""
    return _SENTENCE_END.search(text) is not None


def names_no_text(element: HtmlElement) -> bool:
    """Whether the class or id of the element names something outside an article's text."""
    return _NO_LEAD.search(" ".join(_names((element,)))) is not None


def names_a_caption(element: HtmlElement) -> bool:
    """Whether the class or id of the element names a caption or a sidebar."""
    return _CAPTION.search(" ".join(_names((element,)))) is not None


def own_path(element: HtmlElement, around: Set[HtmlElement]) -> Iterator[HtmlElement]:
    """The element and its ancestors, up to the first that is in `around`."""
    for _ in range(_DEEPEST):
        if element is None or element in around:
            return
        yield element
        element = element.getparent()


def _names(path: Sequence[HtmlElement]) -> Iterator[str]:
    for element in path:
        for key in ("class", "id", "itemprop"):
            yield (element.get(key) or "")[:_LONGEST_NAME]


def is_mostly_links(block: Block) -> bool:
    """Whether more than half of the block's letters are in links to other pages."""
    return 2 * block.linked > len(block.letters)
