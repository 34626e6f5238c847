"""Headlines: `Mayor: the road is open`, where a colon stands for the verb of saying."""

from __future__ import annotations

from annotator.suggest.claims.lexicon import words_of
from annotator.suggest.claims.surface import has_finite
from annotator.suggest.claims.tree import NOMINAL, Tree
from annotator.suggest.claims.values import Draft

_LONGEST_SOURCE = 6
_LONGEST_ROLE = 3  # Mayor: ...; Former mayor: ...
_SHORTEST_CONTENT = 3
_NOBODY = words_of(
    "note video photo photos update updates correction list map clip watch analysis opinion"
    " comment profile timeline explainer live exclusive editorial question answer fact facts"
    " subject topic title date time place address phone result results weather sport sports review"
)
_SPEAKERS = frozenset(("PERSON", "ORG", "GPE", "NORP"))


def headline_claims(tree: Tree) -> list[Draft]:
    """A draft for each headline whose first words, before a colon, name somebody who can speak."""
    found = []
    for colon in (i for i in range(1, tree.n - 1) if tree.form[i] == ":"):
        here = tree.paragraph[colon]
        low, high = colon, colon + 1
        while low > 0 and tree.paragraph[low - 1] == here:
            low -= 1
            if colon - low > _LONGEST_SOURCE:
                break
        if here < 0 or colon - low > _LONGEST_SOURCE or low == colon:
            continue
        while high < tree.n and tree.paragraph[high] == here and not tree.blank[high]:
            high += 1
        source = set(range(low, colon))
        content = set(range(colon + 1, high))
        if _is_speaker(tree, low, colon, high) and _is_headline(tree, colon + 1, high):
            found.append(Draft(colon, content, source, {colon}, "headline"))
    return found


def _is_speaker(tree: Tree, low: int, colon: int, high: int) -> bool:
    """A name, a word for people or texts, or a role of a word or two before a whole clause."""
    words = tree.lexicon.words
    head = colon - 1
    if tree.lower[head] in _NOBODY or tree.pos[head] not in NOMINAL or tree.form[low] in ("[", "("):
        return False
    if has_finite(tree, set(range(low, colon))):
        return False
    known = words["document"] | words["collective"] | words["anonymous"] | words["organisation"]
    if tree.entity[head] in _SPEAKERS or tree.lower[head] in known:
        return True
    role = low + _LONGEST_ROLE >= colon and tree.tag[head] in ("NN", "NNP")
    return role and has_finite(tree, set(range(colon + 1, high)))


def _is_headline(tree: Tree, begin: int, end: int) -> bool:
    """A line without a full stop, of a few words at least; one with a mark is a quotation."""
    if end - begin < _SHORTEST_CONTENT or tree.form[end - 1] in (".", "!", ";", ":"):
        return False
    return tree.region[begin] < 0
