"""Assigns quotations without a cue to the claim they belong to, or makes them claims."""

from __future__ import annotations

from collections.abc import Sequence

from annotator.suggest.claims.beside import is_sentence
from annotator.suggest.claims.found_claim import Draft
from annotator.suggest.claims.quotations import Region
from annotator.suggest.claims.sources import main_subject
from annotator.suggest.claims.surface import sentence_ends
from annotator.suggest.claims.tree import Tree

_ORDER = {"quote": 0, "clause": 1, "order": 1, "around": 1, "according": 2}
_GOES_ON = frozenset(("quote", "float", "clause", "order", "around"))
# Words: a quotation shorter than the first is a name or a title; one as long as the second can be a
# claim without being a sentence.
_SHORT, _LONG = 4, 6
# Between a claim and a quotation that continues it: a sentence such as *She left the room.*
_LONGEST_BREAK, _MOST_BETWEEN = 200, 12  # characters, words


def attach_floating(tree: Tree, quotations: Sequence[Region], drafts: list[Draft]) -> list[Draft]:
    """The drafts, each with its quotations complete, and new drafts for remaining quotations."""
    owner = _owners(tree, drafts)
    made: list[Draft] = []
    ends = sorted((_last(draft), n) for n, draft in enumerate(drafts))
    passed, latest = 0, None
    last: Draft | None = None
    for number, quotation in enumerate(quotations):
        tokens = tree.regions[number]
        if not tokens:
            continue
        while passed < len(ends) and ends[passed][0] < tokens[0]:
            latest = drafts[ends[passed][1]]
            passed += 1
        if number in owner:
            last = owner[number]
            last.region = max(last.region, number)
        elif tree.quoted_words[number] < _SHORT and not is_sentence(tree, tokens):
            continue
        elif last is not None and quotation.continues and last.region == number - 1:
            _join(tree, last, number)
        elif _begins_sentence(tree, tokens[0]):
            last = _placed(tree, number, _later(latest, made), made) or last
    return drafts + made


def _later(latest: Draft | None, made: list[Draft]) -> Draft | None:
    """The later of an existing draft and the last new one."""
    if made and (latest is None or _last(made[-1]) > _last(latest)):
        return made[-1]
    return latest


def _placed(tree: Tree, number: int, before: Draft | None, made: list[Draft]) -> Draft | None:
    """`She left the room. “It is over.”`: a draft for the quotation; None if it was added to the
    claim before it."""
    tokens = tree.regions[number]
    goes_on = before is not None and before.pattern in _GOES_ON
    if before is not None and goes_on and _goes_on(tree, before, tokens[0]):
        _join(tree, before, number)
        return before
    if tree.quoted_words[number] < _LONG and not is_sentence(tree, tokens):
        return None
    source = _subject_before(tree, tokens[0])
    if before is not None and tree.paragraph[before.anchor] == tree.paragraph[tokens[0]]:
        source = source or set(before.source)
    made.append(Draft(tokens[0], set(tokens), source, set(), "float", region=number))
    return made[-1]


def _join(tree: Tree, draft: Draft, number: int) -> None:
    draft.content.update(tree.regions[number])
    draft.region = number


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
    """Whether the quotation at token i closely follows the claim before it."""
    end = _last(before)
    if tree.paragraph[end] != tree.paragraph[i]:
        return False
    between = tree.text[tree.end[end] : tree.start[i]]
    near = len(between) < _LONGEST_BREAK and len(between.split()) <= _MOST_BETWEEN
    return near and sentence_ends(between) <= 1


def _subject_before(tree: Tree, i: int) -> set[int]:
    """The subject of the sentence before a quotation, in the same paragraph."""
    j = i - 1
    while j >= 0 and tree.paragraph[j] == tree.paragraph[i] and tree.blank[j]:
        j -= 1
    if j < 0 or tree.paragraph[j] != tree.paragraph[i]:
        return set()
    return main_subject(tree, j)
