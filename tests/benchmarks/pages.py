"""Saved pages of public benchmarks: paragraphs cut, text lost, compared with trafilatura alone.

`python -m tests.benchmarks.pages [--readability DIR] [--ground-truth DIR] [--pages DIR ...]
[--worst N] [--json]`

`--readability`: a folder of folders, each with a `source.html` and the `expected.html` of it (as in
mozilla/readability, `test/test-pages`). `--ground-truth`: a folder with `ground-truth.json` and
`html/*.html.gz` (as in scrapinghub/article-extraction-benchmark). `--pages`: any folders of pages.
None of these pages is part of the project.

Cuts: two neighbouring paragraphs of ours whose words stand in one block of the page, with no `<br>`
between. Beginning: of the first three blocks of what is expected, captions aside, those of a
sentence or more; a page begins as expected where all of them were found. Lead: of the pages that
newsrooms published (by their names in that set), the first of the expected blocks that is long
enough and ends like a sentence, figures aside. F1: of words, counted as often as they stand.
"""

from __future__ import annotations

import argparse
import gzip
import json
import logging
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from statistics import fmean

from annotator.errors import ReadError
from annotator.inbox.readers import articles_of

MANY_CUTS = 3
_HEAD_BLOCKS = 3
_SENTENCE = 40
_ENDS = 60
_SENTENCE_END = re.compile(r"[.!?…。][\"'”’»)\]]*\Z")
_NEWSROOMS = """
aktualne ars-1 bbc-1 breitbart bug-1255978 buzzfeed-1 citylab-1 cnet cnet-svg-classes cnn engadget
folha gmw guardian-1 heise herald-sun-1 la-nacion lemonde-1 liberation-1 medicalnewstoday msn
nytimes-1 nytimes-2 nytimes-3 nytimes-4 qq salon-1 schema-org-context-object seattletimes-1
spiceworks telegraph theverge tmz-1 videos-2 wapo-1 wapo-2 webmd-1 yahoo-1 yahoo-2 yahoo-3 yahoo-4
youth
"""
_NEWS = frozenset(_NEWSROOMS.split())
_WORD = re.compile(r"\w+")
_FIGURE = re.compile(rb"<figure\b.*?</figure>", re.DOTALL | re.IGNORECASE)
_BLOCK_NAMES = (
    "address article aside blockquote body br button caption center dd details dialog dir div dl "
    "dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr html iframe legend "
    "li main menu nav noscript ol option p pre script section select style summary table tbody "
    "td textarea tfoot th thead tr ul"
)
_BLOCKS = frozenset(_BLOCK_NAMES.split())


@dataclass(frozen=True, slots=True)
class Page:
    """A page and, where somebody wrote it down, the text of its article."""

    name: str
    raw: bytes
    expected: tuple[str, ...] | None = None
    head: tuple[str, ...] = ()
    lead: str | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What was found in one page; the figures are None where nothing is expected."""

    name: str
    characters: int
    refused: str
    cuts: int
    begins: bool | None = None
    has_lead: bool | None = None
    f1: float | None = None
    f1_of_trafilatura: float | None = None


def main() -> int:
    """Prints what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--readability", type=Path)
    parser.add_argument("--ground-truth", type=Path)
    parser.add_argument("--pages", type=Path, nargs="*", default=())
    parser.add_argument("--worst", type=int, default=0)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    sets = {
        "readability": _of_readability(chosen.readability) if chosen.readability else (),
        "ground truth": _of_ground_truth(chosen.ground_truth) if chosen.ground_truth else (),
        "pages": (page for folder in chosen.pages for page in _below(folder)),
    }
    for name, pages in sets.items():
        found = [measured(page) for page in pages]
        if found:
            print(json.dumps([name, *map(asdict, found)]) if chosen.json else _said(name, found))
            _tell_worst(found, chosen.worst)
    return 0


def measured(page: Page) -> Found:
    """What the product makes of `page`, beside what is expected."""
    refused = ""
    try:
        text = articles_of(page.raw, "page.html")[0].text
    except ReadError as error:
        text, refused = "", error.message
    cuts = _cuts(text, page.raw)
    if page.expected is None:
        return Found(page.name, len(text), refused, cuts)
    letters = _letters(text)
    head = [block for block in page.head if len(_letters(block)) >= _SENTENCE]
    return Found(
        page.name,
        len(text),
        refused,
        cuts,
        all(_letters(block)[:_ENDS] in letters for block in head) if head else None,
        _letters(page.lead)[:_ENDS] in letters if page.lead else None,
        _f1(text, " ".join(page.expected)),
        _f1(_of_trafilatura(page.raw), " ".join(page.expected)),
    )


def _said(name: str, found: list[Found]) -> str:
    lines = [
        f"{name}: {len(found)} pages, {sum(bool(one.refused) for one in found)} refused, "
        f"{sum(one.cuts > 0 for one in found)} cut somewhere, "
        f"{sum(one.cuts >= MANY_CUTS for one in found)} at {MANY_CUTS} places or more"
    ]
    for what, kept in (
        ("begin as expected", [one.begins for one in found if one.begins is not None]),
        ("leads of newsrooms", [one.has_lead for one in found if one.has_lead is not None]),
    ):
        if kept:
            lines.append(f"  {what}: {sum(kept)} of {len(kept)}")
    ours = [one.f1 for one in found if one.f1 is not None]
    if ours:
        theirs = [one.f1_of_trafilatura or 0.0 for one in found if one.f1 is not None]
        lines.append(f"  F1 of words: {fmean(ours):.4f}; trafilatura alone: {fmean(theirs):.4f}")
    return "\n".join(lines)


def _tell_worst(found: list[Found], count: int) -> None:
    if not count:
        return
    for one in sorted((one for one in found if one.cuts), key=lambda one: -one.cuts)[:count]:
        print(f"  cut at {one.cuts} places: {one.name}")
    for one in [one for one in found if False in (one.begins, one.has_lead)][:count]:
        print(f"  does not begin as expected: {one.name}")
    gaps = sorted((one.f1 - (one.f1_of_trafilatura or 0), one.name) for one in found if one.f1)
    for gap, name in gaps[:count]:
        print(f"  F1 {gap:+.3f}: {name}")
    for one in [one for one in found if one.refused][:count]:
        print(f"  refused: {one.name}: {one.refused}")


def _of_readability(folder: Path) -> Iterator[Page]:
    for page in sorted(folder.glob("*/source.html")):
        expected = (page.parent / "expected.html").read_bytes()
        blocks = _words_of(_FIGURE.sub(b"", expected))
        name = page.parent.name
        lead = next(filter(_is_sentence, blocks), None) if name in _NEWS else None
        yield Page(name, page.read_bytes(), _words_of(expected), blocks[:_HEAD_BLOCKS], lead)


def _is_sentence(block: str) -> bool:
    return len(_letters(block)) >= _SENTENCE and _SENTENCE_END.search(block) is not None


def _words_of(html: bytes) -> tuple[str, ...]:
    return tuple(words for block in _blocks(html) if (words := " ".join(block.split())))


def _of_ground_truth(folder: Path) -> Iterator[Page]:
    told = json.loads((folder / "ground-truth.json").read_text("utf-8"))
    for name, truth in sorted(told.items()):
        raw = gzip.decompress((folder / "html" / f"{name}.html.gz").read_bytes())
        blocks = tuple(line for line in truth["articleBody"].split("\n") if line.strip())
        yield Page(name, raw, blocks, blocks[:_HEAD_BLOCKS])


def _below(folder: Path) -> Iterator[Page]:
    for path in sorted((*folder.rglob("*.html"), *folder.rglob("*.htm"))):
        yield Page(path.name, path.read_bytes())


def _of_trafilatura(raw: bytes) -> str:
    from trafilatura import extract

    for library in ("trafilatura", "htmldate", "justext", "readability"):
        logging.getLogger(library).setLevel(logging.CRITICAL + 1)
    return extract(raw, include_comments=False) or ""


def _cuts(text: str, raw: bytes) -> int:
    paragraphs = [letters for line in text.split("\n") if (letters := _letters(line))]
    if len(paragraphs) < 2:
        return 0
    page = "|".join(filter(None, map(_letters, _blocks(raw))))
    ends = ((a[-_ENDS:], b[:_ENDS]) for a, b in pairwise(paragraphs))
    # The same words may stand in the page once more, and be apart there.
    return sum(a + b in page and f"{a}|{b}" not in page for a, b in ends)


def _blocks(raw: bytes) -> Iterator[str]:
    """The words of a page, cut where an element of its layout, or a `<br>`, begins or ends."""
    from lxml.etree import iterwalk
    from trafilatura import load_html

    page = load_html(raw if b"<html" in raw[:2000].lower() else b"<html>" + raw)
    if page is None:
        return
    words: list[str] = []
    skipped = kept = 0
    for event, element in iterwalk(page, events=("start", "end", "comment", "pi")):
        is_named = isinstance(element.tag, str)
        if event == "start" and is_named:
            if element.tag in _BLOCKS:
                yield "".join(words)
                words = []
            skipped += element.tag in ("script", "style")
            kept += element.tag == "pre"
            yield from _lines(words, "" if skipped else element.text or "", kept)
        else:
            if is_named and element.tag in _BLOCKS:
                yield "".join(words)
                words = []
            skipped -= is_named and element.tag in ("script", "style")
            kept -= is_named and element.tag == "pre"
            yield from _lines(words, "" if skipped else element.tail or "", kept)
    yield "".join(words)


def _lines(words: list[str], more: str, kept: int) -> Iterator[str]:
    """Adds `more` to the words of a block; in preformatted text each line end is the end of one."""
    *ended, rest = more.split("\n") if kept else [more]
    for line in ended:
        yield "".join((*words, line))
        words.clear()
    words.append(rest)


def _letters(words: str) -> str:
    return "".join(filter(str.isalnum, words))


def _f1(found: str, expected: str) -> float:
    ours, theirs = Counter(_WORD.findall(found)), Counter(_WORD.findall(expected))
    shared = (ours & theirs).total()
    return 2 * shared / (ours.total() + theirs.total()) if shared else float(ours == theirs)


if __name__ == "__main__":
    sys.exit(main())
