"""Finds the claims of a parsed text by running the passes in order."""

from __future__ import annotations

from collections.abc import Sequence

from spacy.tokens import Doc

from annotator.lexicon.cues import lexicon
from annotator.lexicon.word_lists import words_of
from annotator.suggest.claims.according import according_claims, without_according
from annotator.suggest.claims.adverbs import adverb_claims
from annotator.suggest.claims.apart import kept_apart
from annotator.suggest.claims.attributes import finished
from annotator.suggest.claims.blocks import with_blocks
from annotator.suggest.claims.direct import direct_claims
from annotator.suggest.claims.floating import attach_floating
from annotator.suggest.claims.found_claim import Draft, FoundClaim
from annotator.suggest.claims.headlines import headline_claims
from annotator.suggest.claims.nouns import noun_claims
from annotator.suggest.claims.quotations import regions
from annotator.suggest.claims.reported import reported_claims
from annotator.suggest.claims.tree import PAST_OR_PRESENT, Tree

_MOSTLY = 0.6
_NESTING = words_of(
    "say tell claim warn announce deny insist argue write promise add report state reply vow"
)
_RELATIVE = words_of("who which that")


def find_claims(doc: Doc, paragraphs: Sequence[tuple[int, int]]) -> tuple[FoundClaim, ...]:
    """The claims of a parsed text in order, all within `paragraphs` (ranges of characters)."""
    if not len(doc):
        return ()
    quotations = regions(doc.text, paragraphs)
    tree = Tree(doc, paragraphs, quotations, lexicon())
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
    return finished(tree, kept_apart(tree, _without_doubles(tree, drafts)), doc)


def may_nest(tree: Tree, draft: Draft, hosts: list[Draft]) -> bool:
    """Whether a claim inside the content of others is reliable enough to be kept."""
    cue = tree.cue[draft.anchor]
    if cue is None or cue.kind != "speech" or tree.tag[draft.anchor] not in PAST_OR_PRESENT:
        return False
    if draft.pattern not in ("clause", "order", "around") or not draft.source:
        return False
    if cue.lemma not in _NESTING or any(tree.lower[i] in _RELATIVE for i in draft.source):
        return False
    return all(
        draft.anchor != host.anchor
        and draft.source <= host.content
        and draft.content < host.content
        for host in hosts
    )


def _without_doubles(tree: Tree, drafts: list[Draft]) -> list[Draft]:
    """The longest of overlapping claims, without those whose cue is in another's content."""
    kept: list[Draft] = []
    holders: dict[int, list[Draft]] = {}
    for draft in sorted(drafts, key=lambda one: -len(one.content)):
        hosts = [one for one in holders.get(draft.anchor, ()) if draft.cue <= one.content]
        if draft.cue and hosts:
            if may_nest(tree, draft, hosts):
                draft.pattern = "nested " + draft.pattern
                kept.append(draft)
            continue
        rivals = {id(one): one for i in draft.content for one in holders.get(i, ())}
        if any(
            len(draft.content & one.content) > _MOSTLY * len(draft.content)
            for one in rivals.values()
        ):
            continue
        kept.append(draft)
        for i in draft.content:
            holders.setdefault(i, []).append(draft)
    return sorted(kept, key=lambda one: (min(one.content), one.anchor))
