"""`According to X, Y` and `As X put it, Y`: X is the source, the rest of its clause the content."""

from __future__ import annotations

from annotator.lexicon.word_lists import words_of
from annotator.suggest.claims.found_claim import Draft
from annotator.suggest.claims.sources import noun_phrase
from annotator.suggest.claims.surface import (
    DASHES,
    has_finite,
    without_connective,
    without_manner,
)
from annotator.suggest.claims.tree import NOMINAL, Tree

_PUT = frozenset(("put", "puts"))
_BESIDE = words_of("citing quoting referring speaking relying basing pointing")
_LONGEST_SPEAKER = 12  # tokens
_SET_OFF = DASHES | {","}
_TELLING = NOMINAL | {"NUM", "VERB", "AUX", "ADJ"}
_CARRIERS = NOMINAL | {"NUM", "X", "ADJ", "VERB"}
_CLAUSE_ENDS = frozenset(("ccomp", "advcl", "conj", "parataxis"))


def according_claims(tree: Tree) -> list[Draft]:
    """A draft for each `according to` or `as X put it`, also in long quotations."""
    found = []
    for i in range(tree.n - 2):
        if tree.lower[i] == "according" and tree.lower[i + 1] == "to" and tree.paragraph[i] >= 0:
            draft = _according(tree, i)
            if draft is not None:
                found.append(draft)
        elif tree.lower[i] in _PUT and tree.lower[i + 1] == "it" and tree.paragraph[i] >= 0:
            draft = _as_put(tree, i)
            if draft is not None:
                found.append(draft)
    return found


def _as_put(tree: Tree, verb: int) -> Draft | None:
    """`As X put it, Y` and `Y, as X put it`, where Y is a clause without quotation marks."""
    sentence = tree.sentence_words(verb)
    begin = next((i for i in reversed(sentence) if i < verb and tree.lower[i] == "as"), None)
    if begin is None or not 1 < verb - begin <= _LONGEST_SPEAKER:
        return None
    if begin != sentence[0] and tree.form[sentence[sentence.index(begin) - 1]] not in _SET_OFF:
        return None
    if verb + 2 < tree.high[verb] and tree.form[verb + 2] not in {*_SET_OFF, ".", ":"}:
        return None
    source = {i for i in range(begin + 1, verb) if tree.pos[i] not in ("ADV", "AUX")}
    content = {i for i in sentence if not begin <= i <= verb + 1}
    if any(tree.region[i] >= 0 for i in content) or not has_finite(tree, content):
        return None
    return Draft(verb, content, source, {verb}, "according", "according")


def without_according(tree: Tree, drafts: list[Draft], according: list[Draft]) -> list[Draft]:
    """The drafts without those that `according to` makes obsolete; changes drafts in place.

    In `It is expected to fall, according to X`, hearsay without a source ends before the phrase. In
    `according to X, citing Y`, only X is a source.
    """
    beside = {
        i: other for other in according for i in _told_beside(tree, other.anchor, max(other.source))
    }
    speakers = {i: other for other in according for i in other.source}
    cues = {other.anchor: other for other in according}
    for draft in drafts:
        if draft.anchor in beside:
            draft.source = set(beside[draft.anchor].source)
        first = speakers.get(min(draft.source, default=-1))
        rest = {i for i in draft.source - first.source if tree.words[i]} if first else set()
        if first and rest and first.source <= draft.source and min(rest) > max(first.source):
            draft.source = rest
        for i in draft.content & cues.keys():
            if not draft.source and draft.anchor < i and cues[i].cue <= draft.content:
                draft.content -= cues[i].cue | cues[i].source
    return drafts


def _according(tree: Tree, i: int) -> Draft | None:
    noun = _source_head(tree, i)
    if noun is None:
        return None
    source = without_manner(tree, {x for x in noun_phrase(tree, noun) if x > i + 1})
    sentence = tree.sentence_words(i)
    if i == sentence[0]:
        source = _before_subject(tree, source)
    if not source:
        return None
    cue = {i, i + 1}
    content = _clause_of(tree, i, noun) - source - cue
    at_edge = i == sentence[0] or (
        i - 1 >= 0
        and (tree.form[i - 1] == "," or tree.form[i - 1] in DASHES)
        and i > tree.low[i] + 4
    )
    others = any(
        tree.has(x, "quote") and any(tree.children(x, "nsubj")) for x in sentence if x not in source
    )
    if at_edge and (not others or i == sentence[0]):
        content = {x for x in sentence if x not in source and x not in cue}
    content = without_connective(tree, content - _told_beside(tree, i, max(source)))
    if not content:
        content = {x for x in sentence if x < i} or {x for x in sentence if x > max(source)}
    if not any(tree.pos[x] in _TELLING for x in content):
        return None
    return Draft(i, content, source, cue, "according", "according")


def _before_subject(tree: Tree, source: set[int]) -> set[int]:
    """`According to X, Y said so`: without the Y that the parser took for an apposition of X."""
    last = max(source, default=0)
    commas = [i for i in source if tree.form[i] == ","]
    if not commas or last + 1 >= tree.n or tree.form[last + 1] in (",", "."):
        return source
    return {i for i in source if i < max(commas)}


def _told_beside(tree: Tree, cue: int, last: int) -> set[int]:
    """`according to X, citing Y`: the participle phrase after the source, up to the next comma."""
    begin = next((i for i in range(last + 1, tree.high[cue]) if not tree.blank[i]), tree.n)
    if begin + 1 >= tree.high[cue] or tree.form[begin] != ",":
        return set()
    verb = begin + 1
    while verb < tree.high[cue] - 1 and tree.pos[verb] == "ADV":
        verb += 1
    fronted = all(tree.blank[i] or not tree.words[i] for i in range(tree.low[cue], cue))
    participle = tree.tag[verb] == "VBG" or tree.lower[verb] in _BESIDE
    if not participle or (fronted and tree.lower[verb] not in _BESIDE):
        return set()
    end = verb
    while end < tree.high[cue] and tree.form[end] not in (",", ";"):
        end += 1
    return set(range(begin, end))


def _source_head(tree: Tree, i: int) -> int | None:
    for x in (tree.head[i], i):
        if x > i + 1 and tree.pos[x] in _CARRIERS:
            return x
    if tree.parsed:
        below = [x for x in sorted(tree.subtree(i)) if x > i + 1 and tree.pos[x] in NOMINAL]
    else:
        below = [x for x in range(i + 2, min(i + 8, tree.high[i])) if tree.pos[x] in NOMINAL]
    if not below:
        return None
    noun = below[0]
    seen = set(below)
    while tree.head[noun] > noun and tree.head[noun] in seen:
        noun = tree.head[noun]
    return noun


def _clause_of(tree: Tree, i: int, noun: int) -> set[int]:
    """The clause that the phrase modifies."""
    top = noun
    low, high = tree.low[i], tree.high[i]
    while tree.head[top] != top:
        inside = low <= top < high and tree.rel[top] not in _CLAUSE_ENDS
        if not inside and top not in (noun, i):
            break
        top = tree.head[top]
        if tree.is_verb(top) and top not in (i, noun):
            break
    while (
        tree.head[top] != top
        and tree.rel[top] in ("xcomp", "ccomp", "csubj", "conj")
        and tree.is_verb(tree.head[top])
        and not tree.has(tree.head[top], "quote")
    ):
        top = tree.head[top]
    return tree.subtree(top, (i, noun, i + 1)) if top not in (i, noun) else set()
