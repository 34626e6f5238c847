"""The label that an article as a whole supports for each of its names.

Every mention votes for its label, with the weight of the recogniser's own chance.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise

from annotator.suggest.name_context import Name, text_of
from annotator.suggest.name_kinds import is_acronym_of, label_of_words

# More votes than a name has mentions.
_SETTLED = 1_000.0
# A recogniser less sure than this of a person or place may have met a company it does not know.
_DOUBTED = 0.85
_MAY_BE_ORG = frozenset({"PERSON", "GPE", "LOC"})
_DIRECTIONS = frozenset(("North", "South", "East", "West"))

Votes = defaultdict[str, float]


def usual_labels(
    names: list[Name], words: Sequence[str], sure: Mapping[str, str]
) -> dict[str, str | None]:
    """The label of each name that most mentions support; None for a tie.

    An acronym in brackets after its name has the label of the name. A doubtful name that a longer
    name of an organisation begins with means that organisation: `Velmoor`, `Velmoor Mines`.
    """
    votes: defaultdict[str, Votes] = defaultdict(lambda: defaultdict(float))
    mentions: defaultdict[str, list[Name]] = defaultdict(list)
    for name in names:
        votes[text_of(words, name)][name.label] += name.chance
        mentions[text_of(words, name)].append(name)
    ordered = sorted(names, key=lambda name: name.start)
    for before, name in pairwise(ordered):
        if is_acronym_of(name, before, words):
            label = label_of_words(words[before.start : before.end]) or before.label
            votes[text_of(words, name)][label] += _SETTLED
    for word in _firsts_of_bodies(names, words, sure):
        if word in mentions and _are_doubted(mentions[word]):
            votes[word]["ORG"] += _SETTLED
    return {text: _winner(of_the_name) for text, of_the_name in votes.items()}


def _firsts_of_bodies(names: list[Name], words: Sequence[str], sure: Mapping[str, str]) -> set[str]:
    """The first words of longer names of organisations, except listed names and acronyms."""
    firsts = {words[n.start] for n in names if n.label == "ORG" and n.end - n.start > 1}
    known = sure.keys() & firsts | _DIRECTIONS
    return {word for word in firsts - known if not word.isupper()}


def _are_doubted(mentions: list[Name]) -> bool:
    """Whether the mentions are said to be people or places, but half-heartedly."""
    others = [name for name in mentions if name.label != "ORG"]
    if not others or any(name.label not in _MAY_BE_ORG for name in others):
        return False
    return sum(name.chance for name in others) < _DOUBTED * len(others)


def _winner(votes: Votes) -> str | None:
    best = max(votes, key=votes.__getitem__)
    return best if votes[best] > sum(votes.values()) / 2 else None
