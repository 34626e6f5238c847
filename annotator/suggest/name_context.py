"""Corrects edges and labels of names by the words around them.

Headlines, offices, ministers' portfolios, datelines, months: cases that a recogniser extends too
far or misses. Runs before names are made consistent over the article.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from annotator.lexicon.word_lists import TITLES
from annotator.suggest import gazetteer
from annotator.suggest.claims.title_case import headline_verbs
from annotator.suggest.designations import designated
from annotator.suggest.name_edges import (
    beside_verb,
    dateline_end,
    is_first_name,
    is_month,
    portfolios,
    without_office,
)
from annotator.suggest.name_shapes import (
    HUMAN_TITLES,
    LABEL_OF_LAST_WORD,
    PERSON_TITLES,
)

_CAMEL = re.compile(r"[A-Z][a-z]+[A-Z]\w*")
_LONGEST_PERSON = 3
# Words that no name begins with.
_JOINS = frozenset(("and", "&", "of", "for"))
_WITH_ARTICLE = frozenset(("Hague",))


@dataclass(slots=True)
class Name:
    """A name while it is processed: token range, label, and the recogniser's chance of it."""

    start: int
    end: int
    label: str
    chance: float = 1.0


def edged(
    names: list[Name], words: list[str], sure: Mapping[str, str], common: frozenset[str]
) -> list[Name]:
    """The names without additions from a headline, an office or a minister's portfolio."""
    verbs = headline_verbs(words)
    tasks = {i for start, end in portfolios(words) for i in range(start, end)}
    kept = []
    for name in names:
        if name.end - name.start == 1 and is_month(words, name.start):
            kept.append(Name(name.start, name.end, "DATE"))
            continue
        _leave_task(name, words, tasks)
        cut = beside_verb(name.start, name.end, verbs)
        if cut is not None:
            name.start, name.end = cut
            if not _stands_in_headline(name, words, sure, common):
                continue
        _widen(name, words, sure)
        end = without_office(words, name.start, name.end)
        if end < name.end:
            name.end = end
            name.label = sure.get(text_of(words, name), "GPE")
        if name.start < name.end:
            kept.append(name)
    return kept


def _leave_task(name: Name, words: Sequence[str], tasks: set[int]) -> None:
    """Remove the portfolio from a minister's name: `Women and Equalities Nora Hale`."""
    begin = name.start
    while name.start < name.end and (name.start in tasks or words[name.start] in _JOINS):
        name.start += 1
    if begin < name.start < name.end - 1:
        name.label = "PERSON"


def _widen(name: Name, words: list[str], sure: Mapping[str, str]) -> None:
    """Extend a name by a first name that is a month, or by the 's of `Moody's`."""
    if name.label != "PERSON" and _is_titled(name, words):
        name.start, name.label = name.start + 1, "PERSON"
    if name.label == "PERSON" and is_first_name(words, name.start - 1):
        name.start -= 1
    if _is_owned_name(name, words, sure):
        name.end, name.label = name.end + 1, "ORG"


def _is_owned_name(name: Name, words: list[str], sure: Mapping[str, str]) -> bool:
    """Whether the 's after a name is a part of it: `Moody's`."""
    if name.end >= len(words) or words[name.end] not in ("'s", "’s"):
        return False
    return sure.get(f"{text_of(words, name)} 's") == "ORG"


def _stands_in_headline(
    name: Name, words: list[str], sure: Mapping[str, str], common: frozenset[str]
) -> bool:
    """Whether the part of a name that a headline's verb leaves is still a name."""
    if name.end - name.start != 1 or text_of(words, name) in sure:
        return name.end > name.start
    word = words[name.start]
    if any(map(str.isupper, word[1:])):
        name.label = "ORG" if not word.isupper() else name.label
        return True
    return word.lower() not in common and name.label == "PERSON"


def with_designated(
    others: list[Name], names: list[Name], words: list[str]
) -> tuple[list[Name], list[Name]]:
    """The entities, with designations instead of entities that overlap them."""
    told = [Name(*one) for one in designated(words)]
    if not told:
        return others, names
    taken = {i for name in told for i in range(name.start, name.end)}

    def apart(name: Name) -> bool:
        return taken.isdisjoint(range(name.start, name.end))

    return [*filter(apart, others), *told], [*filter(apart, names)]


def datelines(names: list[Name], words: list[str]) -> list[Name]:
    """Unmarked datelines: places in capitals that open a paragraph: `WASHINGTON: The ...`."""
    taken = {i for name in names for i in range(name.start, name.end)}
    found = []
    for i, word in enumerate(words):
        if i in taken or len(word) < 3 or not word.isupper():
            continue
        end = dateline_end(words, i)
        if end is not None and " ".join(words[i:end]).title() in gazetteer.places():
            found.append(Name(i, end, "GPE"))
    return found


def ministers(names: list[Name], words: list[str]) -> list[Name]:
    """Unmarked names after a portfolio: `minister for Women Nora Hale`."""
    taken = {i for name in names for i in range(name.start, name.end)}
    found = []
    for _, start in portfolios(words):
        end = start
        while end < len(words) and end - start < _LONGEST_PERSON and words[end].istitle():
            end += 1
        if end - start > 1 and taken.isdisjoint(range(start, end)):
            found.append(Name(start, end, "PERSON"))
    found += [
        Name(i, i + 1, "PERSON")
        for i in range(1, len(words))
        if words[i] in ("May", "March") and words[i - 1] in PERSON_TITLES and i not in taken
    ]
    return found


def companies(names: list[Name], words: list[str]) -> list[Name]:
    """Unmarked names spelt like a company's, `UpSnap`, before the verb of a headline."""
    taken = {i for name in names for i in range(name.start, name.end)}
    before = (verb - 1 for verb in headline_verbs(words))
    return [
        Name(i, i + 1, "ORG")
        for i in before
        if i not in taken and _CAMEL.fullmatch(words[i]) and not words[i].startswith(("Mc", "Mac"))
    ]


def _is_titled(name: Name, words: list[str]) -> bool:
    """`Chairwoman Nora Hale`, `Gen Hale`: a title, and a name with no word of a body or place."""
    title = words[name.start]
    least = 1 if title.rstrip(".").lower() in TITLES else 2
    if name.end - name.start <= least or not (least == 1 or title in HUMAN_TITLES):
        return False
    rest = words[name.start + 1 : name.end]
    return all(map(str.istitle, rest)) and rest[-1] not in LABEL_OF_LAST_WORD


def straight(text: str) -> str:
    return text.replace("’", "'")


def drops_article(words: list[str], name: Name) -> bool:
    """Whether a leading article is not part of a name, unlike in `The Hague`, `The Gambia`."""
    return words[name.start + 1] not in _WITH_ARTICLE


def text_of(words: Sequence[str], name: Name) -> str:
    return " ".join(words[name.start : name.end])
