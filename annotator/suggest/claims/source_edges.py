"""Where a source begins and ends: with its office, without when and how something was said."""

from __future__ import annotations

from annotator.lexicon.label_roles import DATE, PERSON
from annotator.lexicon.word_lists import TITLES_IN_FULL, words_of
from annotator.suggest.claims.tree import Tree

_WHEN = words_of("before after when while as because until since if during following amid")
_ON = words_of("on in at since by")
# Participles that say what somebody is or does, not how they speak.
_DESCRIBING = words_of(
    "including representing heading leading living working serving running studying campaigning"
)
_LONGEST_OFFICE = 6  # tokens: Minister of Trade and Fisheries


def source_in_full(tree: Tree, source: set[int]) -> set[int]:
    """The source with the office before its name and without circumstances after it."""
    if not source:
        return source
    return _with_office(tree, _without_circumstances(tree, _without_asker(tree, source)))


def _without_asker(tree: Tree, source: set[int]) -> set[int]:
    """`Asked by a reporter, Ada Low said`: without the reporter, whom parsers join to the name."""
    first = min(source)
    fronted = tree.lower[first - 1 : first] == ["by"] and first - 2 == tree.low[first]
    comma = next((i for i in sorted(source) if tree.form[i] == ","), None)
    if not fronted or comma is None or not tree.is_verb(first - 2):
        return source
    return {i for i in source if i > comma}


def _with_office(tree: Tree, source: set[int]) -> set[int]:
    """`Mayor of London Ada Low`, of which the parser has only the name."""
    first = min(source)
    if tree.entity[first] != PERSON or tree.names.get(first, (-1,))[0] != first:
        return source
    low = max(tree.low[first], first - _LONGEST_OFFICE)
    for i in range(first - 1, low - 1, -1):
        if tree.lower[i] in TITLES_IN_FULL and tree.form[i][:1].isupper():
            of = tree.lower[i + 1] == "of" and i + 2 < first
            return source | set(range(i, first)) if of else source
        if not tree.form[i][:1].isupper() and tree.lower[i] not in ("of", "and", "the", "for"):
            return source
    return source


def _without_circumstances(tree: Tree, source: set[int]) -> set[int]:
    """The words up to `, speaking from his car`, `, before he left`, `, on Friday`."""
    ordered = sorted(source)
    for n in range(1, len(ordered) - 1):
        comma, after = ordered[n], ordered[n + 1]
        rest = ordered[n + 1 :]
        if tree.form[comma] == "," and _is_circumstance(tree, after, rest):
            return set(ordered[:n])
    return source


def _is_circumstance(tree: Tree, i: int, rest: list[int]) -> bool:
    if any(tree.entity[x] == PERSON for x in rest) or not tree.form[i].islower():
        return False
    if tree.tag[i] == "VBG":
        return tree.lower[i] not in _DESCRIBING
    if tree.lower[i] in _WHEN:
        return any(tree.tag[x][:2] in ("VB", "MD") for x in rest)
    return tree.lower[i] in _ON and len(rest) > 1 and tree.entity[rest[1]] == DATE
