"""Finds the authors of a page, each name whole and once."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Any

from lxml.html import HtmlElement

from annotator.inbox.pages.page_blocks import Block, letters_of

_NAMES_WORDS = (
    "author authors article:author og:author byl citation_author creator dc.creator dc:creator "
    "dcterms.creator dcsext.author parsely-author sailthru.author"
)
_NAMES = frozenset(_NAMES_WORDS.split())
_ADDRESS = re.compile(r"https?:|www\.|^@|^\S+@\S+$|^//", re.IGNORECASE)
_BY = re.compile(
    r"(?:article|posted|written|published|reported)?\s*\bby\b:?\s+|(?:von|par|por|di|door)\s+"
    r"|(?:author|autor)s?:\s*",
    re.IGNORECASE,
)
# Placeholders that pages contain instead of a name.
_NO_NAME_WORDS = (
    "user username admin administrator author authors by articleby posted postedby writtenby "
    "publishedby editor redaktion redaction staff guest anonymous unknown null undefined none"
)
_NO_NAME = frozenset(_NO_NAME_WORDS.split())
_LONGEST, _MOST_WORDS = 120, 14
_DEEPEST = 6
_MOST_AUTHORS = 100


def author_of(
    page: HtmlElement, blocks: Sequence[Block], *, guess: str | None, outlet: str | None
) -> str | None:
    """The authors that the page's metadata name, joined by `; `; otherwise the names in `guess`
    (joined likewise), as the page spells them. None if there are no names, or only the outlet's."""
    ours = letters_of(outlet or "").casefold()
    stated = tuple(islice(chain(_in_head(page), _in_data(page)), _MOST_AUTHORS))
    authors = _distinct(stated, ours)
    if not authors and guess:
        # Parts of a metadata value that was refused as a name are refused too.
        refused = "|".join(map(letters_of, stated)).casefold()
        rest = [one for one in guess.split("; ") if letters_of(one).casefold() not in refused]
        authors = _distinct(_as_spelt(rest, blocks), ours)
    return "; ".join(authors) or None


def _in_head(page: HtmlElement) -> Iterator[str]:
    for meta in page.iter("meta"):
        names = {(meta.get(key) or "").lower() for key in ("name", "property", "itemprop")}
        if names & _NAMES:
            yield meta.get("content") or ""


def _in_data(page: HtmlElement) -> Iterator[str]:
    """The names of authors in the page's structured data (schema.org)."""
    for script in page.iter("script"):
        if script.get("type") != "application/ld+json":
            continue
        try:
            data = json.loads(script.text or "", strict=False)
        except (ValueError, RecursionError):
            continue
        yield from _authors_in(data, _DEEPEST)


def _authors_in(data: Any, depth: int) -> Iterator[str]:
    if depth and isinstance(data, list):
        for one in data:
            yield from _authors_in(one, depth - 1)
    elif depth and isinstance(data, dict):
        if "article" in str(data.get("@type", "")).casefold():
            yield from _names_in(data.get("author"))
        yield from _authors_in(data.get("@graph"), depth - 1)


def _names_in(author: Any) -> Iterator[str]:
    for one in author if isinstance(author, list) else [author]:
        name = one.get("name") if isinstance(one, dict) else one
        if isinstance(name, str):
            yield name


def _distinct(names: Iterable[str], outlet: str) -> list[str]:
    """Each name once, ignoring case and punctuation; the first spelling not all in capitals."""
    kept: dict[str, str] = {}
    for raw in names:
        name = _BY.sub("", " ".join(raw.split()), count=1) if _BY.match(raw.strip()) else raw
        name = " ".join(name.split()).strip(" ,;|")
        key = letters_of(name).casefold()
        if not _is_name(name, key, outlet):
            continue
        same = next((one for one in kept if key in one or one in key), None)
        if same is None:
            kept[key] = name
        elif kept[same].isupper() and not name.isupper():
            kept = {
                (key if one == same else one): (name if one == same else kept[one]) for one in kept
            }
    return list(kept.values())


def _is_name(name: str, key: str, outlet: str) -> bool:
    return (
        bool(key)
        and key not in _NO_NAME
        and not (outlet and (key.startswith(outlet) or outlet.startswith(key)))
        and len(name) <= _LONGEST
        and len(name.split()) <= _MOST_WORDS
        and not any(map(str.isdigit, name))
        and _ADDRESS.search(name) is None
    )


def _as_spelt(names: Sequence[str], blocks: Sequence[Block]) -> Iterator[str]:
    """`names` as the page spells them, with its punctuation; two names joined by `&` are one."""
    letters = "".join(map(letters_of, names))
    home = next((one for one in blocks if letters and letters in one.letters), None)
    if home is None:
        yield from names
        return
    start = home.letters.index(letters)
    places = [n for n, letter in enumerate(home.text) if letter.isalnum()]
    end = places[start + len(letters) - 1] + 1
    yield home.text[places[start] : end + (home.text[end : end + 1] == ".")]
