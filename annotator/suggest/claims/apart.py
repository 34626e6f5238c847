"""Separates the parts of claims, whichever pattern found them.

Content, cue and source share no word. A source is one stretch within a paragraph and contains
neither its content nor another quotation; a nickname or a word in scare quotes is not a quotation.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from annotator.suggest.claims.found_claim import Draft
from annotator.suggest.claims.source_edges import source_in_full
from annotator.suggest.claims.tree import Tree

_SMALL_GAP = 6  # words left out of a source that are taken in again
_SCARE = 3  # words; more in marks is what somebody says
_STOPS = frozenset(".,?!…")


def kept_apart(tree: Tree, drafts: Iterable[Draft]) -> list[Draft]:
    """The drafts with disjoint parts, without those that lose their content."""
    drafts = list(drafts)
    said = {tree.region[i] for draft in drafts for i in draft.content} - {-1}
    quotations = {number for number in said if _whole(tree, number)}
    quotations |= {number for number in range(len(tree.regions)) if _says(tree, number)}
    return [one for draft in drafts for one in _parted(tree, draft, quotations)]


def _parted(tree: Tree, draft: Draft, quotations: set[int]) -> Iterator[Draft]:
    cue = _run_of(draft.anchor, draft.cue)
    # A claim inside a quotation has all its parts there.
    around = tree.region[draft.anchor] if draft.cue else -1
    barred = quotations - {around}
    both = draft.content & draft.source
    content = draft.content - cue - {i for i in both if tree.region[i] not in quotations}
    taken = {i for i in draft.source if tree.region[i] in barred}
    source = source_in_full(tree, draft.source - cue - content - taken) - cue - content
    if taken:
        source = _before_quotation(tree, source)
    source = _with_names(tree, source) - cue - content
    source = _one_run(tree, source, draft.anchor, barred=content | cue, quotations=barred)
    if content:
        yield replace(draft, content=content, source=source, cue=cue)


def _with_names(tree: Tree, source: set[int]) -> set[int]:
    """The source extended to whole names at its ends."""
    found = set(source)
    for i in (min(source), max(source)) if source else ():
        low, high = tree.names.get(i, (i, i))
        if tree.low[i] <= low and high <= tree.high[i]:
            found.update(range(low, high))
    return found


def _says(tree: Tree, number: int) -> bool:
    """Whether a quotation is speech, by its length or its final mark."""
    tokens = tree.regions[number]
    if len(tokens) < 2:
        return False
    return tree.quoted_words[number] > _SCARE or tree.form[tokens[-2]] in _STOPS


def _whole(tree: Tree, number: int) -> bool:
    return tree.quoted_words[number] > 1


def _run_of(anchor: int, tokens: set[int]) -> set[int]:
    """The run of consecutive tokens with the anchor; all tokens if none has it."""
    if anchor not in tokens:
        return tokens
    low = high = anchor
    while low - 1 in tokens:
        low -= 1
    while high + 1 in tokens:
        high += 1
    return set(range(low, high + 1))


def _before_quotation(tree: Tree, source: set[int]) -> set[int]:
    """The words of a source before a quotation in it, up to their last comma."""
    run: list[int] = []
    for i in sorted(source):
        if run and i > run[-1] + 1 and any(tree.region[x] >= 0 for x in range(run[-1] + 1, i)):
            break
        run.append(i)
    comma = next((n for n in range(len(run) - 1, 0, -1) if tree.form[run[n]] == ","), len(run))
    return set(run[:comma])


def _one_run(
    tree: Tree, tokens: set[int], anchor: int, *, barred: set[int], quotations: set[int]
) -> set[int]:
    """A source as one stretch: small gaps are closed, otherwise the part beside the cue is kept."""
    runs: list[list[int]] = []
    for i in sorted(i for i in tokens if tree.paragraph[i] >= 0):
        if runs and tree.paragraph[i] == tree.paragraph[runs[-1][-1]]:
            gap = range(runs[-1][-1] + 1, i)
            closed = barred.isdisjoint(gap) and not any(tree.region[x] in quotations for x in gap)
            if closed and sum(tree.words[x] for x in gap) <= _SMALL_GAP:
                runs[-1] += [*gap, i]
                continue
        runs.append([i])
    runs = [run for run in runs if any(tree.words[i] for i in run)]
    if not runs:
        return set()
    nearest = min(runs, key=lambda run: min(abs(anchor - run[0]), abs(anchor - run[-1])))
    return set(nearest)
