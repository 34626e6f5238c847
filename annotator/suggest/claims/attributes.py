"""Converts drafts to claims: pieces of text, quotation, stance and certainty."""

from __future__ import annotations

from collections.abc import Iterable

from annotator.suggest.claims.check_worthy import is_check_worthy
from annotator.suggest.claims.found_claim import Draft, FoundClaim, Pieces
from annotator.suggest.claims.source_kind import SourceReader
from annotator.suggest.claims.stance import certainty_of, stance_of
from annotator.suggest.claims.tiers import SOURCELESS, rated
from annotator.suggest.claims.tree import PAST_OR_PRESENT, Tree

_EDGE = frozenset(",.;:-–—―") | {"--", "..."}
_DIRECT, _MIXED = 0.9, 0.05  # share of the content's words inside quotation marks
_SHORT_IS_WEAK = frozenset(("object", "passive", "preposition"))
_SHORT = 4  # tokens


def finished(tree: Tree, drafts: Iterable[Draft]) -> tuple[FoundClaim, ...]:
    """The claims for the drafts, in text order, without those that have no word of content."""
    sources = SourceReader.of(tree)
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
            beside = i == before + 1 or not tree.text[tree.end[before] : tree.start[i]].strip()
            if same and beside:
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
    if not any(tree.words[i] for i in draft.source):
        parts.append(SOURCELESS)
    elif draft.pattern in _SHORT_IS_WEAK and len(draft.content) < _SHORT:
        parts.append("short")
    return " ".join(parts)


def quotation_of(tree: Tree, content: set[int]) -> str:
    """`direct`, `mixed` or `indirect`, by the share of the content in quotation marks."""
    words = [i for i in content if tree.words[i]]
    share = sum(tree.region[i] >= 0 for i in words) / max(1, len(words))
    return "direct" if share > _DIRECT else "mixed" if share > _MIXED else "indirect"


def _claim(tree: Tree, draft: Draft, content: Pieces, sources: SourceReader) -> FoundClaim:
    nested = draft.pattern.startswith("nested")
    quotation = quotation_of(tree, draft.content)
    if nested and tree.region[draft.anchor] >= 0:
        # What somebody reports in a quotation is quoted only in marks of its own.
        quotation = "direct" if draft.pattern == "nested quote" else "indirect"
    quoted = any(tree.region[i] >= 0 for i in draft.source)
    kind, entity = sources.read(draft.source, quoted=quoted, reported=nested)
    stance = stance_of(tree, draft)
    pattern = pattern_of(tree, draft)
    tier, score = rated(pattern)
    return FoundClaim(
        content=content,
        cue=pieces(tree, draft.cue, marks=True),
        source=pieces(tree, draft.source),
        quotation=quotation,
        source_kind=kind,
        stance=stance,
        certainty=certainty_of(tree, draft.content),
        check_worthy=is_check_worthy(tree, draft, stance),
        source_entity=entity,
        tier=tier,
        score=score,
        pattern=pattern,
    )
