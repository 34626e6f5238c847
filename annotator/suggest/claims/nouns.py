"""Claims by nouns: `the claim that ...`, `repeated demands to ...`."""

from __future__ import annotations

from annotator.lexicon.word_lists import words_of
from annotator.suggest.claims.found_claim import Draft
from annotator.suggest.claims.reported import in_long_quotation
from annotator.suggest.claims.sources import source_noun
from annotator.suggest.claims.tree import Tree

# Beginnings of verbs whose subject only hears somebody else's claim.
_HEARING = tuple(words_of("ignor heard hear grant receiv answer facing faced brush laugh listen"))
_OPEN = frozenset(("demands", "commits"))


def noun_claims(tree: Tree, drafts: list[Draft]) -> list[Draft]:
    """A draft for each noun of the lexicon that governs a clause or an infinitive."""
    nouns = tree.lexicon.nouns
    taken = {i for draft in drafts for i in draft.content}
    found = []
    for i, lower in enumerate(tree.lower):
        cue = nouns.get(lower)
        if cue is None or tree.pos[i] != "NOUN" or i in taken or in_long_quotation(tree, i):
            continue
        clause = next(
            (
                c
                for c in tree.kids[i]
                if c > i
                and tree.rel[c] in ("acl", "ccomp", "acl:relcl")
                and any(
                    tree.lower[x] in ("that", "to") and tree.rel[x] == "mark" for x in tree.kids[c]
                )
            ),
            None,
        )
        if clause is None:
            clause = _clause_beside(tree, i, open_to=cue.stance in _OPEN)
        if clause is None or tree.paragraph[i] < 0 or _in_order_to(tree, i):
            continue
        found.append(Draft(i, tree.subtree(clause), _source(tree, i), {i}, "noun", cue.lemma))
    return found


def _in_order_to(tree: Tree, noun: int) -> bool:
    around = tree.lower[max(0, noun - 1) : noun + 2]
    return around[:2] == ["in", "order"] and around[2:] in (["to"], ["that"])


def _clause_beside(tree: Tree, noun: int, *, open_to: bool) -> int | None:
    """The verb of a clause directly after the noun that the parser attached to another word.

    `that` follows any noun; `to` only nouns of demands and promises, since with others (`used the
    report to attack`) it may state a purpose.
    """
    mark = noun + 1
    if mark >= tree.high[noun] or tree.rel[mark] != "mark":
        return None
    if tree.lower[mark] != "that" and not (open_to and tree.lower[mark] == "to"):
        return None
    verb = tree.head[mark]
    return verb if verb > mark and tree.is_verb(verb) else None


def _source(tree: Tree, noun: int) -> set[int]:
    """`his claim`, `the claim of the firm`, or the subject of a verb: `they repeated the claim`.

    Somebody who hears or ignores a claim is not its source.
    """
    for c in tree.kids[noun]:
        if tree.rel[c] == "nmod:poss":
            return tree.subtree(c, [x for x in tree.kids[c] if tree.rel[x] == "case"])
    for c in tree.children(noun, "nmod"):
        if tree.case_words(c) & {"by", "from", "of"}:
            return tree.subtree(c, [x for x in tree.kids[c] if tree.rel[x] == "case"])
    if tree.base[noun] in ("obj", "obl") and _makes_it(tree, tree.head[noun]):
        governor = source_noun(tree, tree.head[noun])
        if governor is not None:
            return tree.subtree(governor, [x for x in tree.kids[governor] if tree.rel[x] == "case"])
    return set()


def _makes_it(tree: Tree, verb: int) -> bool:
    return tree.is_verb(verb) and not tree.lower[verb].startswith(_HEARING)
