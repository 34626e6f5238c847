"""Block quotations: `The letter read:` at the end of a line, and the quoted line without marks."""

from __future__ import annotations

from annotator.suggest.claims.found_claim import Draft
from annotator.suggest.claims.sources import source_words, subject_before
from annotator.suggest.claims.surface import cue_words
from annotator.suggest.claims.tree import Tree

_SHORTEST = 7


def with_blocks(tree: Tree, drafts: list[Draft]) -> list[Draft]:
    """The drafts, with one for each block quotation instead of those inside it."""
    blocks: list[Draft] = []
    for verb in tree.cues:
        if not 0 < verb < tree.n - 2 or tree.form[verb + 1] != ":" or not tree.has(verb, "quote"):
            continue
        if tree.paragraph[verb] < 0 or not tree.blank[verb + 2] or "\n" not in tree.form[verb + 2]:
            continue
        begin = verb + 3
        if begin >= tree.n or tree.region[begin] >= 0 or tree.paragraph[begin] < 0:
            continue
        end = begin
        while end < tree.n and tree.paragraph[end] == tree.paragraph[begin]:
            end += 1
        if end - begin < _SHORTEST:
            continue
        source = source_words(tree, verb) or subject_before(tree, verb, tree.sentence_words(verb))
        content = set(range(begin, end))
        blocks.append(
            Draft(verb, content, source, cue_words(tree, verb), "block", tree.lemma(verb))
        )
    if not blocks:
        return drafts
    covered = {i for block in blocks for i in block.content}
    return [draft for draft in drafts if not draft.content & covered] + blocks
