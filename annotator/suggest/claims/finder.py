"""Finds the claims of a parsed text by running the passes in order."""

from __future__ import annotations

from collections.abc import Sequence

from spacy.tokens import Doc

from annotator.lexicon.cues import lexicon
from annotator.suggest.claims.according import according_claims, without_according
from annotator.suggest.claims.adverbs import adverb_claims
from annotator.suggest.claims.apart import kept_apart
from annotator.suggest.claims.attributes import finished
from annotator.suggest.claims.blocks import with_blocks
from annotator.suggest.claims.direct import direct_claims
from annotator.suggest.claims.floating import attach_floating
from annotator.suggest.claims.found_claim import Draft, FoundClaim
from annotator.suggest.claims.headlines import headline_claims
from annotator.suggest.claims.nested import nested_claims
from annotator.suggest.claims.nouns import noun_claims
from annotator.suggest.claims.quotations import regions
from annotator.suggest.claims.reported import reported_claims
from annotator.suggest.claims.tree import Tree

_MOSTLY = 0.6


def find_claims(
    doc: Doc, paragraphs: Sequence[tuple[int, int]], text: str = ""
) -> tuple[FoundClaim, ...]:
    """The claims of a parsed text in order, all within `paragraphs` (ranges of characters); `text`
    is that of `doc`, if it is at hand."""
    if not len(doc):
        return ()
    text = text or doc.text
    quotations = regions(text, paragraphs)
    tree = Tree(doc, text, paragraphs, quotations, lexicon())
    drafts = direct_claims(tree, quotations)
    quoted = list(drafts)
    according = according_claims(tree)
    drafts += according
    drafts += without_according(tree, reported_claims(tree, quoted), according)
    drafts += noun_claims(tree, quoted)
    drafts += headline_claims(tree)
    drafts += adverb_claims(tree)
    drafts = with_blocks(tree, drafts)
    drafts = attach_floating(tree, quotations, [draft for draft in drafts if draft.content])
    kept, inside = _without_doubles(drafts)
    kept += nested_claims(tree, kept, inside)
    return finished(tree, kept_apart(tree, kept))


def _without_doubles(drafts: list[Draft]) -> tuple[list[Draft], list[Draft]]:
    """The longest of overlapping claims, and those whose cue is in the content of these."""
    kept: list[Draft] = []
    inside: list[Draft] = []
    holders: dict[int, list[Draft]] = {}
    held: set[int] = set()
    for draft in sorted(drafts, key=lambda one: -len(one.content)):
        hosts = [one for one in holders.get(draft.anchor, ()) if draft.cue <= one.content]
        if draft.cue and hosts:
            inside.append(draft)
            continue
        rivals = {id(one): one for i in draft.content & held for one in holders[i]}
        if any(
            len(draft.content & one.content) > _MOSTLY * len(draft.content)
            for one in rivals.values()
        ):
            continue
        kept.append(draft)
        held |= draft.content
        for i in draft.content:
            holders.setdefault(i, []).append(draft)
    return sorted(kept, key=lambda one: (min(one.content), one.anchor)), inside
