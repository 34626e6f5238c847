"""Finds the source of a cue: a noun phrase."""

from __future__ import annotations

from annotator.lexicon.label_roles import NUMBERS, SPEAKERS
from annotator.suggest.claims.surface import noun_phrase_before
from annotator.suggest.claims.tree import NOMINAL, PAST_OR_PRESENT, Tree

_CLIMBING = frozenset(("conj", "xcomp", "advcl", "parataxis", "aux", "cop", "ccomp"))
_OUTSIDE_PHRASE = frozenset(("case", "cc", "parataxis", "discourse", "mark"))
_KEPT_PUNCTUATION = frozenset(("(", ")", ",", "-"))
_RELATIVE = frozenset(("who", "which", "that"))
_LIGHT = frozenset(("ADV", "AUX"))
_DEEPEST = 4
# Lists of words for people and bodies, and the endings of other words for people.
_SPEAKING = ("person", "kin", "anonymous", "collective", "organisation", "crowd", "document")
_OF_PEOPLE = tuple(
    f"{end}{s}" for end in ("er", "or", "ist", "ant", "ent", "ian") for s in ("", "s")
)


def noun_phrase(tree: Tree, noun: int, *, without: int = -1) -> set[int]:
    """The noun with its apposition and modifiers, without leading and trailing additions.

    `without` is a token whose subtree is excluded: the cue itself, if it depends on its source.
    """
    drop = [
        c
        for c in tree.kids[noun]
        if tree.rel[c] in _OUTSIDE_PHRASE
        or (tree.rel[c] == "punct" and tree.form[c] not in _KEPT_PUNCTUATION)
        or (tree.rel[c] == "conj" and tree.is_verb(c))
        or c == without
    ]
    return tree.subtree(noun, drop)


def source_noun(tree: Tree, verb: int, depth: int = 0) -> int | None:
    """The head of a cue verb's source: its agent, its subject or that of its governor."""
    if depth > _DEEPEST:
        return None
    passive = tree.is_passive(verb)
    if depth == 0 and (passive or tree.tag[verb] == "VBN"):
        agent = _agent(tree, verb)
        if agent is not None or passive:
            return agent
    subject = _subject(tree, verb)
    return subject if subject is not None else _subject_above(tree, verb, depth)


def _agent(tree: Tree, verb: int) -> int | None:
    """`was denied by the mayor`: the agent after *by*."""
    for c in tree.kids[verb]:
        if tree.rel[c] == "obl:agent" or (tree.base[c] == "obl" and "by" in tree.case_words(c)):
            return c
    return None


def _subject(tree: Tree, verb: int) -> int | None:
    """`the mayor said`; not the `it` of `it emerged`, nor `there`."""
    for c in tree.children(verb, "nsubj"):
        it = tree.lower[c] == "it" and tree.is_passive(verb)
        empty = tree.lower[c] == "there" or it
        if not empty:
            return c
    return None


def _subject_above(tree: Tree, verb: int, depth: int) -> int | None:
    """`came and said`, `the mayor, adding`, `the man saying so`: the subject of the verb above."""
    head, rel = tree.head[verb], tree.rel[verb]
    if head == verb:
        return None
    if rel in _CLIMBING and tree.is_verb(head) and tree.tag[verb] != "VBN":
        if rel == "ccomp" and any(tree.rel[c] == "mark" for c in tree.kids[verb]):
            return None
        return source_noun(tree, head, depth + 1)
    if rel in ("conj", "advcl", "xcomp") and tree.pos[head] in ("ADJ", "NOUN"):
        return next(tree.children(head, "nsubj"), None)
    if rel in ("acl", "acl:relcl") and tree.pos[head] in NOMINAL and tree.tag[verb] != "VBN":
        return head
    return None


def source_words(tree: Tree, verb: int) -> set[int]:
    """The tokens of the source of a cue verb, by the parse alone."""
    noun = source_noun(tree, verb)
    if noun is None:
        noun = _governing_subject(tree, verb)
    if noun is None:
        return set()
    if tree.lower[noun] in _RELATIVE:
        return _antecedent(tree, noun) | {noun}
    source = noun_phrase(tree, noun, without=verb)
    for c in tree.children(tree.head[noun], "nsubj"):  # a name that the parser divided
        rest = noun_phrase(tree, c, without=verb)
        if source and rest and c > noun and min(rest) == max(source) + 1:
            source |= rest
    return source


def _governing_subject(tree: Tree, verb: int) -> int | None:
    """For `..., saying that` and `refused to say`: the subject of the nearest verb above."""
    if tree.tag[verb] not in ("VBG", "VB") or tree.is_passive(verb):
        return None
    above = tree.head[verb]
    for _ in range(_DEEPEST):
        subject = next((c for c in tree.children(above, "nsubj") if c != verb), None)
        if subject is not None:
            return subject
        if tree.head[above] == above:
            return None
        above = tree.head[above]
    return None


def _antecedent(tree: Tree, pronoun: int) -> set[int]:
    """The antecedent of a relative pronoun: the noun phrase that its clause modifies."""
    clause = tree.head[pronoun]
    for _ in range(_DEEPEST):
        if tree.rel[clause] == "acl:relcl":
            noun = tree.head[clause]
            return {i for i in noun_phrase(tree, noun) if i < pronoun} if noun < pronoun else set()
        if tree.head[clause] == clause:
            break
        clause = tree.head[clause]
    return set()


def repaired(tree: Tree, verb: int, source: set[int]) -> set[int]:
    """The source, or the noun phrase directly before the verb if the parse missed it."""
    if tree.tag[verb] not in PAST_OR_PRESENT or any(
        tree.rel[c] == "aux:pass" for c in tree.kids[verb]
    ):
        return source
    near = noun_phrase_before(tree, verb)
    if near and not tree.parsed:
        return near
    if near and not near & source and (not source or max(source) < min(near)):
        if source and tree.rel[verb] == "conj":
            return source
        return near
    return source


def subject_before(tree: Tree, verb: int, stretch: list[int]) -> set[int]:
    """A source without the parse: a name directly before the verb, a subject, the first noun."""
    before = [i for i in stretch if i < verb and tree.entity[i] not in NUMBERS]
    near = [i for i in before if tree.pos[i] not in ("ADV", "AUX")]
    if near and near[-1] == max(i for i in stretch if i < verb and tree.pos[i] not in _LIGHT):
        name = tree.entity[near[-1]]
        if name in SPEAKERS:
            first = near[-1]
            while first > tree.low[verb] and tree.entity[first - 1] == name:
                first -= 1
            return set(range(first, near[-1] + 1))
    noun = next((i for i in before if tree.base[i] == "nsubj"), None)
    if noun is None:
        noun = next((i for i in before if tree.pos[i] in NOMINAL), None)
    return {i for i in noun_phrase(tree, noun) if i < verb} if noun is not None else set()


def main_subject(tree: Tree, i: int) -> set[int]:
    """The subject of the main verb in the sentence of token i."""
    for x in range(tree.low[i], tree.high[i]):
        head = tree.head[x]
        if tree.rel[x] == "nsubj" and tree.is_verb(head) and tree.rel[head] == "ROOT":
            return noun_phrase(tree, x)
    return set()


def about_things(tree: Tree, start: int, end: int) -> bool:
    """Whether the clauses of these tokens have only things for subjects, which say nothing."""
    subjects = [i for i in range(start, end) if tree.base[i] == "nsubj"]
    return bool(subjects) and all(_is_thing(tree, i) for i in subjects)


def _is_thing(tree: Tree, i: int) -> bool:
    if tree.pos[i] != "NOUN" or tree.entity[i]:
        return False
    lists, lower = tree.lexicon.words, tree.lower[i]
    return not (lower.endswith(_OF_PEOPLE) or any(lower in lists[name] for name in _SPEAKING))
