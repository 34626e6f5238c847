"""Claims by adverbs such as `reportedly`, `allegedly`, without a source."""

from __future__ import annotations

from annotator.suggest.claims.found_claim import Draft
from annotator.suggest.claims.reported import in_long_quotation
from annotator.suggest.claims.tree import Tree

_CLAUSES = frozenset(("ROOT", "conj", "ccomp", "parataxis", "advcl"))
_OUTSIDE = frozenset(("cc", "punct", "mark"))


def adverb_claims(tree: Tree) -> list[Draft]:
    """A draft for each adverb of the lexicon; its clause is the content."""
    found = []
    for i, lower in enumerate(tree.lower):
        if lower not in tree.lexicon.adverbs or tree.paragraph[i] < 0 or in_long_quotation(tree, i):
            continue
        verb = tree.head[i]
        if verb == i or tree.rel[verb] not in _CLAUSES or tree.rel[i] != "advmod":
            continue
        finite = tree.is_verb(verb) or any(tree.children(verb, "cop"))
        if not finite or not any(tree.children(verb, "nsubj", "csubj")):
            continue
        drop = [c for c in tree.kids[verb] if tree.rel[c] in _OUTSIDE and c < i]
        drop += [c for c in tree.kids[verb] if tree.rel[c] == "conj" and tree.is_verb(c)]
        content = tree.subtree(verb, (i, *drop))
        if content:
            found.append(Draft(i, content, set(), {i}, "adverb"))
    return found
