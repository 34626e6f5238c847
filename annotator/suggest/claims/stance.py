"""What a source does with the content: asserts, denies, questions, predicts, demands, … it.

The cue decides; after a neutral one (*said*, *told*) the main clause of the content does.
"""

from __future__ import annotations

from collections.abc import Iterable

from annotator.lexicon.cues import Cue
from annotator.lexicon.label_roles import BODIES, PERSON
from annotator.lexicon.word_lists import HAVE, words_of
from annotator.suggest.claims.found_claim import Draft
from annotator.suggest.claims.tree import FINITE, Tree

_FIRST_PERSON = words_of("i we")
_PERSON, _BODY = words_of("he she i we"), words_of("it they we")
_HELPERS = frozenset(("aux", "advmod", "amod", "mark", "obj", "xcomp", "cop"))
_NEGATIONS = words_of("not n't never no nobody nothing none neither")
_OBLIGING = words_of("need needs have has had")  # with an infinitive: they need to pay
_ABOUT_TO = words_of("about set due going")
# Verbs whose future is no promise: I will believe it when I see it.
_NO_DEED = words_of(
    "be believe know see think feel like love need want have say tell remember forget miss get"
    " remain become fall lose win die happen understand"
)
_OWN_STANCES = frozenset(("predicts", "denies", "demands", "judges", "commits"))
_STOPS = frozenset(".?!")
_OWN_BODY = words_of(
    "government party company team country ministry administration forces army council office union"
    " group side state city firm board agency troops"
)


def stance_of(tree: Tree, draft: Draft) -> str:
    """The stance of a claim, one of those in the guidelines."""
    cue = _cue_of(tree, draft)
    if cue is not None:
        given = _given_by(tree, cue, draft)
        if given:
            return given
    return _by_content(tree, draft)


def certainty_of(tree: Tree, content: set[int]) -> str | None:
    """The certainty of the content's main clause, by modal verbs and adverbs; None if unmarked."""
    words = tree.lexicon.words
    around = _around(tree, main_words(tree, content))
    for value in ("possible", "probable", "certain"):
        if around & words[value]:
            return value
    return None


def main_words(tree: Tree, content: set[int]) -> list[int]:
    """The predicates of the main clauses: tokens whose head is outside the content."""
    if not tree.parsed:
        return sorted(content)[:12]
    heads = [
        i
        for i in sorted(content)
        if tree.words[i] and (tree.head[i] not in content or tree.head[i] == i)
    ]
    verbal = [i for i in heads if tree.is_verb(i) or any(tree.children(i, "nsubj", "cop"))]
    found = (verbal or heads)[:2]
    if found and tree.region[found[0]] >= 0:  # the first sentence of a quotation decides
        found = [i for i in found if tree.low[i] == tree.low[found[0]]]
    return found


def _given_by(tree: Tree, cue: Cue, draft: Draft) -> str:
    """The stance by the cue; empty if the content decides."""
    words = tree.lexicon.words
    if cue.lemma in words["asking"]:
        subjunctive = tree.lower[min(draft.content)] == "that"
        if draft.pattern.endswith(("infinitive", "preposition")) or subjunctive:
            return "demands"
    if cue.lemma in words["calling"] and _is_false(tree, draft.content):
        return "denies"
    if cue.lemma in words["wanting"] and tree.lower[min(draft.content)] == "to":
        return "asserts"  # they want to pay: nobody else is to do it
    if cue.stance == "denies" and not _NEGATIONS.isdisjoint(tree.lower[i] for i in draft.cue):
        return "asserts"
    if cue.lemma == "complain" and draft.pattern.endswith(("clause", "order", "around", "quote")):
        return ""
    if cue.stance != "asserts":
        return cue.stance
    if cue.lemma in words["colourless"]:
        return ""
    heads = main_words(tree, draft.content)
    if cue.lemma in words["insisting"] and heads and _is_negated(tree, heads[0]):
        return "denies"
    if cue.lemma in words["opinion"] and _obliges(tree, heads):
        return "demands"
    return cue.stance


def _cue_of(tree: Tree, draft: Draft) -> Cue | None:
    if not draft.cue:
        return None
    if draft.pattern.endswith("noun"):
        return tree.lexicon.noun(tree.lower[draft.anchor])
    return tree.cue[draft.anchor]


def _by_content(tree: Tree, draft: Draft) -> str:
    """The stance by the main clause of the content, after a neutral cue or without one."""
    words = tree.lexicon.words
    if _asks(tree, draft.content):
        return "questions"
    heads = main_words(tree, draft.content)
    around = _around(tree, heads)
    said = tree.cue[draft.anchor] is not None  # not the dash of a headline
    if _obliges(tree, heads) or (said and _is_command(tree, draft.content, heads)):
        return "demands"
    if _is_false(tree, draft.content):
        return "denies"
    if around & words["judging"] or {tree.lower[i] for i in heads} & words["predicates"]:
        return "judges"
    for i in heads:
        stance = _of_main_verb(tree, draft, i)
        if stance:
            return stance
    return "predicts" if _is_future(tree, heads) else "asserts"


def _asks(tree: Tree, content: set[int]) -> bool:
    """Whether the content ends with a question and begins with one."""
    stops = [tree.form[i] for i in sorted(content) if tree.form[i] in _STOPS]
    last = [tree.form[i] for i in sorted(content)[-2:]]
    return "?" in last and stops[0] == "?"


def _of_main_verb(tree: Tree, draft: Draft, i: int) -> str:
    """`said he regretted it`, `said it would pay`: what the source does itself; else empty."""
    cue = tree.cue[i]
    if cue is not None and cue.stance == "predicts":
        return "predicts"
    if not _is_own_deed(tree, draft, i):
        return ""
    wants = cue is not None and cue.lemma in tree.lexicon.words["wanting"]
    if wants and any(not any(tree.children(c, "nsubj")) for c in tree.children(i, "xcomp")):
        return ""
    if cue is not None and cue.kind != "speech" and cue.stance in _OWN_STANCES:
        return "" if _is_negated(tree, i) else cue.stance
    around = {tree.lower[c] for c in tree.kids[i] if tree.base[c] == "aux"}
    will = tree.lexicon.words["will"] | ({"would", "'d"} if tree.region[i] < 0 else set())
    if tree.lower[i] == "going":  # we are going to pay
        i = next((c for c in tree.children(i, "xcomp")), i)
        around |= {"will"} if tree.lower[i] != "going" else set()
    deed = tree.is_full_verb(i) and not tree.is_passive(i) and tree.lower[i] not in _NO_DEED
    return "commits" if around & will and deed and not around & HAVE else ""


def _is_own_deed(tree: Tree, draft: Draft, i: int) -> bool:
    """Whether the subject of token i is the source: `I`, or the pronoun that fits it."""
    subject = next(tree.children(i, "nsubj"), None)
    if subject is None:
        return False
    if tree.region[i] >= 0:
        return tree.lower[subject] in _FIRST_PERSON
    if tree.lower[subject] in _OWN_BODY:  # his party will pay
        return any(tree.rel[c] == "nmod:poss" and not tree.kids[c] for c in tree.kids[subject])
    return tree.lower[subject] in (_BODY if _is_body(tree, draft.source) else _PERSON)


def _is_body(tree: Tree, source: set[int]) -> bool:
    """Whether a source is a body or a group, which *it* or *they* refers to, not *he*."""
    lists, lower = tree.lexicon.words, {tree.lower[i] for i in source}
    if lower & _BODY or any(tree.tag[i] in ("NNS", "NNPS") for i in source):
        return True
    if lower & _PERSON or any(tree.entity[i] == PERSON for i in source):
        return False
    named = any(tree.entity[i] in BODIES for i in source)
    return named or bool(lower & (lists["organisation"] | lists["crowd"] | lists["document"]))


def _is_future(tree: Tree, heads: list[int]) -> bool:
    words = tree.lexicon.words
    around = _around(tree, heads)
    passive = any(tree.is_passive(i) for i in heads)
    past = "have" in around or ("be" in around and not passive)
    going = any(tree.lower[i] in _ABOUT_TO and any(tree.children(i, "xcomp")) for i in heads)
    wishing = "like" in around or ("have" in around and not around & words["will"])
    future = bool(around & words["future"]) and not wishing
    return future or going or (bool(around & words["chance"]) and not past)


def _obliges(tree: Tree, heads: Iterable[int]) -> bool:
    """`must pay`, `should pay`, `needs to pay`; not `must have paid`, nor what *I* have to do."""
    words = tree.lexicon.words
    for i in heads:
        around = _around(tree, [i])
        subjects = {tree.lower[c] for c in tree.children(i, "nsubj")}
        if around & words["duty"]:
            return "have" not in around
        to = any(tree.children(i, "xcomp"))
        modal = any(tree.tag[c] == "MD" for c in tree.kids[i])
        if tree.lower[i] in _OBLIGING and to and not modal and not subjects & {"i", "he", "she"}:
            return True
    return False


def _is_command(tree: Tree, content: set[int], heads: list[int]) -> bool:
    """`“Do not cross it!”`: all of the quotation is one order."""
    if len(heads) != 1 or tree.tag[heads[0]] != "VB" or tree.region[heads[0]] < 0:
        return False
    alone = not any(tree.tag[i] in FINITE and tree.lower[i] != "do" for i in content)
    return alone and not any(tree.children(heads[0], "nsubj"))


def _is_false(tree: Tree, content: set[int]) -> bool:
    """Whether the content calls something untrue: `said the report was false`."""
    false = tree.lexicon.words["false"]
    if any(tree.lower[i] in false for i in content):
        return True
    true = (i for i in content if tree.lower[i] in ("true", "truth"))
    return any(not _NEGATIONS.isdisjoint(tree.lower[max(i - 3, 0) : i]) for i in true)


def _is_negated(tree: Tree, i: int) -> bool:
    """Whether a predicate is negated: `had not paid`, `nobody had paid`."""
    below = {tree.lower[c] for c in tree.kids[i]}
    for c in tree.children(i, "nsubj", "obj"):
        below |= {tree.lower[x] for x in tree.kids[c]}
    return bool(below & _NEGATIONS)


def _around(tree: Tree, heads: Iterable[int]) -> set[str]:
    """The predicates with their auxiliaries, adverbs and complements, in lower case."""
    heads = list(heads)
    around = {tree.lower[c] for i in heads for c in tree.kids[i] if tree.base[c] in _HELPERS}
    return around | {tree.lower[i] for i in heads}
