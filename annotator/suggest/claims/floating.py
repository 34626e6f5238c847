"""Quotations without a cue of their own: they go to the claim they belong to, or stand alone."""

from __future__ import annotations

from collections.abc import Sequence

from annotator.suggest.claims.beside import is_sentence
from annotator.suggest.claims.quotations import Region
from annotator.suggest.claims.sources import main_subject
from annotator.suggest.claims.surface import sentence_ends
from annotator.suggest.claims.tree import Tree
from annotator.suggest.claims.values import Draft

_ORDER = {"quote": 0, "clause": 1, "order": 1, "around": 1, "according": 2}
_GOES_ON = frozenset(("quote", "float", "clause", "order", "around"))
_SHORT, _LONG = 4, 6


def attach_floating(tree: Tree, quotations: Sequence[Region], drafts: list[Draft]) -> list[Draft]:
    """The drafts with each quotation whole in one of them, and new drafts for those left over."""
    owner = _owners(tree, drafts)
    made: list[Draft] = []
    ends = sorted((_last(draft), n) for n, draft in enumerate(drafts))
    place, latest = 0, None
    last: Draft | None = None
    for number, quotation in enumerate(quotations):
        tokens = tree.regions[number]
        if not tokens:
            continue
        while place < len(ends) and ends[place][0] < tokens[0]:
            latest = drafts[ends[place][1]]
            place += 1
        if number in owner:
            last = owner[number]
            last.region = max(last.region, number)
            continue
        sentence = is_sentence(tree, tokens)
        if tree.quoted_words[number] < _SHORT and not sentence:
            continue
        if last is not None and quotation.continues and last.region == number - 1:
            last.content.update(tokens)
            last.region = number
            continue
        if not _begins_sentence(tree, tokens[0]):
            continue
        before = latest
        if made and (before is None or _last(made[-1]) > _last(before)):
            before = made[-1]
        if before is not None and before.pattern in _GOES_ON and _goes_on(tree, before, tokens[0]):
            before.content.update(tokens)
            before.region = number
            last = before
        elif tree.quoted_words[number] >= _LONG or sentence:
            source = _subject_before(tree, tokens[0])
            if before is not None and tree.paragraph[before.anchor] == tree.paragraph[tokens[0]]:
                source = source or set(before.source)
            last = Draft(tokens[0], set(tokens), source, set(), "float", region=number)
            made.append(last)
    return drafts + made


def _owners(tree: Tree, drafts: list[Draft]) -> dict[int, Draft]:
    owner: dict[int, Draft] = {}
    for draft in sorted(drafts, key=lambda one: (_ORDER.get(one.pattern, 3), one.anchor)):
        numbers = {tree.region[i] for i in draft.content} - {-1}
        for number in numbers:
            long = tree.quoted_words[number] >= _LONG
            if long and number not in owner and draft.pattern in _ORDER:
                owner[number] = draft
                draft.content.update(tree.regions[number])
    for draft in drafts:
        for number in {tree.region[i] for i in draft.content} - {-1}:
            if tree.regions[number][0] in draft.content or number == draft.region:
                owner.setdefault(number, draft)
    return owner


def _last(draft: Draft) -> int:
    return max(draft.content | draft.cue | draft.source)


def _begins_sentence(tree: Tree, i: int) -> bool:
    if i == 0 or tree.paragraph[i - 1] != tree.paragraph[i]:
        return True
    return tree.blank[i - 1] or i == tree.low[i] or tree.form[i - 1] in (".", ":", "?", "!")


def _goes_on(tree: Tree, before: Draft, i: int) -> bool:
    """Whether the quotation at token i follows close upon the claim before it."""
    end = _last(before)
    if tree.paragraph[end] != tree.paragraph[i]:
        return False
    between = tree.text[tree.end[end] : tree.start[i]]
    return len(between) < 200 and len(between.split()) <= 12 and sentence_ends(between) <= 1


def _subject_before(tree: Tree, i: int) -> set[int]:
    """The subject of the sentence before a quotation, in the same paragraph."""
    j = i - 1
    while j >= 0 and tree.paragraph[j] == tree.paragraph[i] and tree.blank[j]:
        j -= 1
    if j < 0 or tree.paragraph[j] != tree.paragraph[i]:
        return set()
    return main_subject(tree, j)
