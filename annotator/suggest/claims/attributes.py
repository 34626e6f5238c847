"""Converts drafts to claims: pieces of text, quotation, stance and certainty."""

from __future__ import annotations

from collections.abc import Iterable

from spacy.tokens import Doc

from annotator.lexicon.cues import Cue
from annotator.lexicon.word_lists import words_of
from annotator.suggest.claims.found_claim import Draft, FoundClaim, Pieces
from annotator.suggest.claims.source_kind import SourceReader
from annotator.suggest.claims.tiers import SOURCELESS, rated
from annotator.suggest.claims.tree import PAST_OR_PRESENT, Tree

_EDGE = frozenset(",.;:-–—―") | {"--", "..."}
_DIRECT, _MIXED = 0.9, 0.05  # share of the content's words inside quotation marks
_SHORT_IS_WEAK = frozenset(("object", "passive", "preposition"))
_SHORT = 4  # tokens
_FIRST_PERSON = words_of("i we")


def finished(tree: Tree, drafts: Iterable[Draft], doc: Doc) -> tuple[FoundClaim, ...]:
    """The claims for the drafts, in text order, without those that have no word of content."""
    sources = SourceReader.of(tree, doc)
    found = []
    for draft in sorted(drafts, key=lambda one: (min(one.source | one.content), one.anchor)):
        content = pieces(tree, draft.content)
        if content:
            found.append(_claim(tree, draft, content, sources))
    return tuple(
        sorted(found, key=lambda one: (one.content[0][0], one.content[-1][1], one.cue, one.source))
    )


def pieces(tree: Tree, tokens: Iterable[int], *, marks: bool = False) -> Pieces:
    """The stretches of text covered by the tokens, divided at paragraph ends.

    Stops and dashes at either end are excluded, unless `marks` is set.
    """
    ordered = sorted(i for i in tokens if tree.paragraph[i] >= 0 and not tree.blank[i])
    first, last = 0, len(ordered)
    while not marks and first < last and tree.form[ordered[first]] in _EDGE:
        first += 1
    while not marks and last > first and tree.form[ordered[last - 1]] in _EDGE:
        last -= 1
    runs: list[list[int]] = []
    for i in ordered[first:last]:
        if runs:
            before = runs[-1][-1]
            same = tree.paragraph[before] == tree.paragraph[i]
            if same and not tree.text[tree.end[before] : tree.start[i]].strip():
                runs[-1].append(i)
                continue
        runs.append([i])
    return tuple(
        (tree.start[run[0]], tree.end[run[-1]])
        for run in runs
        if marks or any(tree.words[i] for i in run)
    )


def pattern_of(tree: Tree, draft: Draft) -> str:
    """The name of the draft's pattern in `tiers.json`."""
    parts = [draft.pattern]
    cue = tree.cue[draft.anchor] if draft.cue and draft.pattern != "noun" else None
    if cue is not None:
        finite = tree.tag[draft.anchor] in PAST_OR_PRESENT
        parts += [cue.kind, "finite" if finite else "nonfinite"]
    if not draft.source:
        parts.append(SOURCELESS)
    elif draft.pattern in _SHORT_IS_WEAK and len(draft.content) < _SHORT:
        parts.append("short")
    return " ".join(parts)


def quotation_of(tree: Tree, content: set[int]) -> str:
    """`direct`, `mixed` or `indirect`, by the share of the content in quotation marks."""
    words = [i for i in content if tree.words[i]]
    share = sum(tree.region[i] >= 0 for i in words) / max(1, len(words))
    return "direct" if share > _DIRECT else "mixed" if share > _MIXED else "indirect"


def stance_of(tree: Tree, draft: Draft) -> str:
    """The stance of the cue; for a neutral one that of the content's main clause."""
    cue, words = _cue_of(tree, draft), tree.lexicon.words
    if (
        cue is not None
        and cue.lemma in words["asking"]
        and draft.pattern in ("infinitive", "preposition")
    ):
        return "demands"
    if cue is not None and (cue.stance != "asserts" or cue.lemma not in words["colourless"]):
        return cue.stance
    last = max(draft.content)
    if tree.form[last] == "?" or (last > 0 and tree.is_mark(last) and tree.form[last - 1] == "?"):
        return "questions"
    heads = _main_words(tree, draft.content)
    around = _around(tree, heads)
    if around & words["duty"]:
        return "demands"
    if around & words["judging"] or {tree.lower[i] for i in heads} & words["predicates"]:
        return "judges"
    verb = next((tree.cue[i] for i in heads if tree.cue[i] is not None), None)
    if verb is not None and verb.stance == "predicts":
        return "predicts"
    for i in heads:
        subjects = {tree.lower[c] for c in tree.children(i, "nsubj")}
        if subjects & _FIRST_PERSON and _around(tree, [i]) & words["will"]:
            return "commits"
    past = "have" in around or "be" in around
    if around & words["future"] or (around & words["chance"] and not past):
        return "predicts"
    return "asserts"


def _cue_of(tree: Tree, draft: Draft) -> Cue | None:
    if not draft.cue:
        return None
    if draft.pattern == "noun":
        return tree.lexicon.noun(tree.lower[draft.anchor])
    return tree.cue[draft.anchor]


def certainty_of(tree: Tree, content: set[int]) -> str | None:
    """The certainty of the content's main clause, by modal verbs and adverbs; None if unmarked."""
    words = tree.lexicon.words
    around = _around(tree, _main_words(tree, content))
    for value in ("possible", "probable", "certain"):
        if around & words[value]:
            return value
    return None


_HELPERS = frozenset(("aux", "advmod", "amod", "mark", "obj", "xcomp", "cop"))


def _around(tree: Tree, heads: list[int]) -> set[str]:
    """The predicates with their auxiliaries, adverbs and complements, in lower case."""
    around = {tree.lower[c] for i in heads for c in tree.kids[i] if tree.base[c] in _HELPERS}
    return around | {tree.lower[i] for i in heads}


def _main_words(tree: Tree, content: set[int]) -> list[int]:
    """The predicates of the main clauses: tokens whose head is outside the content."""
    if not tree.parsed:
        return sorted(content)[:12]
    heads = [
        i
        for i in sorted(content)
        if tree.words[i] and (tree.head[i] not in content or tree.head[i] == i)
    ]
    verbal = [i for i in heads if tree.is_verb(i) or any(tree.children(i, "nsubj", "cop"))]
    return (verbal or heads)[:2]


def _claim(tree: Tree, draft: Draft, content: Pieces, sources: SourceReader) -> FoundClaim:
    quotation = quotation_of(tree, draft.content)
    if draft.pattern.startswith("nested") and tree.region[draft.anchor] >= 0:
        # What somebody reports in a quotation is quoted only in marks of its own.
        quotation = "direct" if draft.pattern == "nested quote" else "indirect"
    quoted = any(tree.region[i] >= 0 for i in draft.source)
    kind, entity = sources.read(draft.source, quoted=quoted)
    pattern = pattern_of(tree, draft)
    tier, score = rated(pattern)
    return FoundClaim(
        content=content,
        cue=pieces(tree, draft.cue, marks=True),
        source=pieces(tree, draft.source),
        quotation=quotation,
        source_kind=kind,
        stance=stance_of(tree, draft),
        certainty=certainty_of(tree, draft.content),
        source_entity=entity,
        tier=tier,
        score=score,
        pattern=pattern,
    )
