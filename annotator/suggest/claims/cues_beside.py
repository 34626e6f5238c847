"""Finds the cue and the speaker in the words beside a quotation: `she said`, `The mayor added:`."""

from __future__ import annotations

from annotator.lexicon.word_lists import words_of
from annotator.suggest.claims.surface import DASHES, source_at_start
from annotator.suggest.claims.tree import NOMINAL, Tree

_NOT_A_SPEAKER = words_of("that this it him her me them")
_RELATIVE = words_of("who which that")
_LONGEST_MANNER = 6  # words
_FARTHEST_CUE = 34  # tokens after a quotation: a source with its office and its apposition
_LONGEST_SUBJECT = 6  # tokens before a participle; after more, it is another clause's
_FARTHEST_INTRODUCTION = 14  # words between verb and quotation: `told the council on Friday: “A”`


def cue_to_the_right(tree: Tree, stretch: list[int]) -> tuple[int, set[int]] | None:
    """Cue and source in the words after a quotation: `she said`, `said the mayor`; else None."""
    begin = 0
    while begin < len(stretch) and _sets_off(tree, stretch[begin]):
        begin += 1
    stretch = stretch[begin:]
    for n, i in enumerate(stretch[:_FARTHEST_CUE]):
        if not tree.has(i, "quote") or (n > 1 and tree.lower[i - 1] in _RELATIVE):
            continue
        at_end = i == stretch[-1] and n > 0 and tree.pos[i - 1] in NOMINAL
        if not (tree.is_full_verb(i) or n == 0 or at_end):
            continue
        if all(tree.pos[x] in ("ADV", "AUX", "CCONJ") for x in stretch[:n]):
            return _inverted(tree, i, stretch[:n], stretch[n + 1 :])
        if n > _LONGEST_SUBJECT and tree.tag[i] == "VBG":
            return None
        return i, _subject_among(tree, stretch[:n])
    return None


def _sets_off(tree: Tree, i: int) -> bool:
    return tree.form[i] in DASHES or tree.form[i] in (",", "-")


def _inverted(
    tree: Tree, verb: int, before: list[int], following: list[int]
) -> tuple[int, set[int]] | None:
    """`said the mayor`: the source after the verb; not `and said that B`, which continues."""
    coordinated = any(tree.pos[i] == "CCONJ" for i in before)
    if coordinated and following and tree.lower[following[0]] == "that":
        return None
    if following and _may_speak(tree, following[0]):
        return verb, source_at_start(tree, following)
    return verb, set()


def _may_speak(tree: Tree, i: int) -> bool:
    nominal = tree.pos[i] in ("NOUN", "PROPN", "PRON", "DET", "ADJ", "NUM")
    return nominal and tree.lower[i] not in _NOT_A_SPEAKER


def _subject_among(tree: Tree, before: list[int]) -> set[int]:
    """`but later the mayor, too, said`: the possible subject in the words before a verb."""
    kept = list(before)
    while kept and (tree.pos[kept[-1]] in ("ADV", "AUX") or tree.form[kept[-1]] == ","):
        kept.pop()
    while kept and tree.lower[kept[0]] in ("and", "but", "then", "as", "later", ","):
        kept.pop(0)
    return set(kept)


def manner_to_the_right(tree: Tree, stretch: list[int]) -> tuple[int, set[int]] | None:
    """`Berg shrugged.` and `laughed Ada Low.` after a quotation: only speaker and verb."""
    words = [i for i in stretch if tree.form[i] not in (",", "-") and tree.form[i] not in DASHES]
    while words and tree.pos[words[-1]] == "ADV":
        words.pop()
    if not 2 <= len(words) <= _LONGEST_MANNER:
        return None
    past = [i for i in words if tree.tag[i] in ("VBD", "VBN") and tree.form[i].islower()]
    if len(past) != 1 or tree.cue[past[0]] is not None or tree.pos[past[0]] == "AUX":
        return None
    verb = past[0]
    who = words[:-1] if verb == words[-1] else words[1:] if verb == words[0] else []
    if not who or tree.pos[who[-1]] not in NOMINAL or tree.lower[who[-1]] in _NOT_A_SPEAKER:
        return None
    return verb, set(who)


def puts_it(tree: Tree, i: int) -> bool:
    """`as the mayor put it, “...”`."""
    return tree.lower[i] in ("put", "puts") and i + 1 < tree.n and tree.lower[i + 1] == "it"


def cue_to_the_left(tree: Tree, stretch: list[int]) -> int | None:
    """The verb that introduces a quotation, in the words before it: `She added: “...”`; or None."""
    verbs = [
        i for i in stretch if (tree.has(i, "quote") and tree.is_full_verb(i)) or puts_it(tree, i)
    ]
    if not verbs:
        return None
    verb = verbs[-1]
    distance = sum(tree.words[i] for i in stretch if i > verb)
    if tree.form[stretch[-1]] in (",", ":"):
        return verb if distance <= _FARTHEST_INTRODUCTION else None
    return verb if distance == 0 and verb == stretch[-1] else None
