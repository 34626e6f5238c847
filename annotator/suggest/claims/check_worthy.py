"""Whether a claim states a fact that can be checked: a number, a date, a deed, a comparison.

Demands, promises, predictions, questions and judgements are not facts; nor are feelings, general
truths, and what somebody tells of his own life.
"""

from __future__ import annotations

from annotator.lexicon.label_roles import DATE, FIGURES, MEASURES, NAMES
from annotator.lexicon.number_words import VAGUE
from annotator.lexicon.word_lists import words_of
from annotator.suggest.claims.found_claim import Draft
from annotator.suggest.claims.stance import main_words
from annotator.suggest.claims.tree import Tree

_FACTUAL = frozenset(("asserts", "denies"))
_ACCUSING = words_of("accuse charge")
# Verbs of what somebody feels or thinks, and of what things are rather than do, in all their forms.
_STATES = words_of(
    "believe believes believed think thinks thought feel feels felt know knows knew known"
    " hope hopes hoped fear fears feared understand understands understood regret regrets"
    " regretted love loves loved like likes liked want wants wanted need needs needed doubt"
    " doubts doubted disagree disagrees disagreed guess suppose care cares cared mind matter"
    " matters mattered mean means meant seem seems seemed appear appears appeared deserve"
    " deserves deserved depend depends depended ask asks asked wonder wonders wondered"
)
_FIRST, _YOU = words_of("i my we our"), words_of("you your")
_POSSESSING = words_of("have has had")
_UNREAL = words_of("will would could might may should must")
_NO_DEEDS = _STATES | _POSSESSING
_COMPARED = frozenset(("JJR", "RBR"))
_PRESENT = frozenset(("VBZ", "VBP"))
_DEEDS = frozenset(("VBD", "VBN", "VBG")) | _PRESENT
_ENOUGH, _MOST_FOR = 2, 8  # points


def is_check_worthy(tree: Tree, draft: Draft, stance: str) -> bool:
    """Whether the content is a statement of fact that can be checked.

    What can be checked earns points, what cannot costs points; two are enough.
    """
    if stance == "judges" and tree.lemma(draft.anchor) in _ACCUSING:
        return any(tree.is_full_verb(i) for i in draft.content)  # of hiding the report
    if stance not in _FACTUAL:
        return False
    heads = main_words(tree, draft.content)
    against = _against(tree, draft.content, heads)
    if against > _MOST_FOR - _ENOUGH:
        return False
    return _for(tree, draft.content, heads) - against >= _ENOUGH


def _for(tree: Tree, content: set[int], heads: list[int]) -> int:
    """Points for figures, dates, names, comparisons and deeds."""
    labels = {tree.entity[i] for i in content}
    figures = not FIGURES.isdisjoint(labels) or _has_number(tree, content)
    named = not NAMES.isdisjoint(labels)
    reported = bool(heads) and tree.region[heads[0]] < 0
    deed = any(_is_deed(tree, i) for i in heads)
    measured = not MEASURES.isdisjoint(labels)
    return 2 * figures + measured + (DATE in labels) + named * (1 + reported) + 2 * deed


def _has_number(tree: Tree, content: set[int]) -> bool:
    """A number, a word such as *dozens*, or a comparison: `older than the town`."""
    words = {tree.lower[i] for i in content}
    if not VAGUE.keys().isdisjoint(words) or "NUM" in {tree.pos[i] for i in content}:
        return True
    return "than" in words and not _COMPARED.isdisjoint({tree.tag[i] for i in content})


def _against(tree: Tree, content: set[int], heads: list[int]) -> int:
    """Points against feelings, judgements, general truths and private matters."""
    words = {tree.lower[i] for i in content}
    quoted = bool(heads) and tree.region[heads[0]] >= 0
    own = quoted and any(_is_own(tree, i) for i in heads)
    general = quoted and not words.isdisjoint(_YOU)
    judging = not words.isdisjoint(tree.lexicon.words["judging"])
    states = any(tree.lower[i] in _STATES for i in heads)
    unreal = any(tree.lower[c] in _UNREAL for i in heads for c in tree.children(i, "aux"))
    return 2 * (own + general + judging + states + unreal)


def _is_own(tree: Tree, i: int) -> bool:
    """Whether the subject is the speaker, or somebody or something of his: `my husband`."""
    for subject in tree.children(i, "nsubj"):
        if tree.lower[subject] in _FIRST:
            return True
        if any(tree.lower[c] in _FIRST for c in tree.kids[subject]):
            return True
    return False


def _is_deed(tree: Tree, i: int) -> bool:
    """Whether the predicate is something done, in a quotation only in the past or just now."""
    if any(tree.children(i, "cop")) or tree.lower[i] in _NO_DEEDS:
        return False
    habit = tree.region[i] >= 0 and tree.tag[i] in _PRESENT
    return tree.is_full_verb(i) and tree.tag[i] in _DEEDS and not habit
