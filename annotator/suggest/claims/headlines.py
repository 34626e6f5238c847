"""Claims in headlines with a colon instead of a verb: `Mayor: the road is open`."""

from __future__ import annotations

from collections import Counter

from annotator.lexicon.label_roles import ORGANISATION, PERSON, PLACES, SPEAKERS
from annotator.lexicon.word_lists import words_of
from annotator.suggest.claims.found_claim import Draft
from annotator.suggest.claims.surface import DASHES, has_finite
from annotator.suggest.claims.tree import NOMINAL, Tree

_LONGEST_SOURCE = 6
_LONGEST_ROLE = 3  # Mayor: ...; Former mayor: ...
_SHORTEST_CONTENT = 3
_FEWEST_TURNS = 3
_NOBODY = words_of(
    "note video photo photos update updates correction list map clip watch analysis opinion"
    " comment profile timeline explainer live exclusive editorial question answer fact facts"
    " subject topic title date time place address phone result results weather sport sports review"
)
_NONE = words_of("no not never")
_SETS_OFF = DASHES | {":", "-"}
_LONGEST_LAST, _LONGEST_HEADLINE = 5, 20
_ROLES = words_of(
    "mayor mayors minister ministers president governor police army ministry government court judge"
    " union unions engineer engineers doctor nurse nurses teacher expert scientist study survey"
    " spokesman spokeswoman spokesperson chief head boss bosses chairman chairwoman captain coach"
    " lawyer envoy ambassador senator coroner watchdog regulator council inspectors inspector"
    " driver drivers pilots owner owners fishermen residents survivors sources poll"
)


def headline_claims(tree: Tree) -> list[Draft]:
    """A draft for each headline that begins with a speaker and a colon, or ends with a speaker."""
    found = _transcript(tree)
    turns = {draft.anchor for draft in found}
    for colon in (i for i in range(1, tree.n - 1) if tree.form[i] == ":" and i not in turns):
        here = tree.paragraph[colon]
        low, high = colon, colon + 1
        while low > 0 and tree.paragraph[low - 1] == here:
            low -= 1
            if colon - low > _LONGEST_SOURCE:
                break
        if here < 0 or colon - low > _LONGEST_SOURCE or low == colon:
            continue
        while high < tree.n and tree.paragraph[high] == here and not tree.blank[high]:
            high += 1
        source = set(range(low, colon))
        content = set(range(colon + 1, high))
        if _is_speaker(tree, low, colon, high) and _is_headline(tree, colon + 1, high):
            found.append(Draft(colon, content, source, {colon}, "headline"))
    return found + _speaker_last(tree, {draft.anchor for draft in found})


def _transcript(tree: Tree) -> list[Draft]:
    """`HALE: We will not pay.`: a transcript in which each paragraph begins with a name.

    Other capitalised labels count if they return: `Reporter: ... Mayor: ... Reporter: ...`.
    """
    turns: list[tuple[int, int]] = []
    for colon in (i for i in range(1, tree.n - 1) if tree.form[i] == ":"):
        low = colon
        while low > 0 and tree.paragraph[low - 1] == tree.paragraph[colon] >= 0:
            low -= 1
            if colon - low > _LONGEST_ROLE:
                break
        label = range(low, colon)
        if 0 < len(label) <= _LONGEST_ROLE and all(_may_label(tree, i) for i in label):
            turns.append((low, colon))
    names = Counter(tree.text[tree.start[low] : tree.end[colon - 1]] for low, colon in turns)
    turns = [
        (low, colon)
        for low, colon in turns
        if all(_labels(tree, i) for i in range(low, colon)) or max(names.values()) > 1
    ]
    if len(turns) < _FEWEST_TURNS:
        return []
    return [
        Draft(colon, content, set(range(low, colon)), {colon}, "transcript")
        for low, colon in turns
        if (content := _rest_of_paragraph(tree, colon))
    ]


def _may_label(tree: Tree, i: int) -> bool:
    capital = tree.form[i][:1].isupper() and tree.entity[i] not in PLACES
    return capital and tree.lower[i] not in _NOBODY


def _labels(tree: Tree, i: int) -> bool:
    return tree.entity[i] == PERSON or tree.form[i].isupper()


def _rest_of_paragraph(tree: Tree, i: int) -> set[int]:
    end = i + 1
    while end < tree.n and tree.paragraph[end] == tree.paragraph[i]:
        end += 1
    content = set(range(i + 1, end))
    return content if any(tree.words[x] for x in content) and tree.region[i + 1] < 0 else set()


def _speaker_last(tree: Tree, taken: set[int]) -> list[Draft]:
    """`Bridge unsafe: engineers`, `Bridge unsafe – engineers`: a line that ends with its source."""
    found = []
    marks = [i for i, form in enumerate(tree.form) if form in _SETS_OFF]
    for mark in marks:
        here = tree.paragraph[mark]
        if not _SHORTEST_CONTENT <= mark < tree.n - 1 or here < 0 or mark in taken:
            continue
        high = mark + 1
        while high < tree.n and tree.paragraph[high] == here and high - mark <= _LONGEST_LAST + 1:
            high += 1
        if not 1 < high - mark <= _LONGEST_LAST + 1 or tree.region[mark] >= 0:
            continue
        if high < tree.n and tree.paragraph[high] == here:
            continue
        low = mark
        while low > 0 and tree.paragraph[low - 1] == here and mark - low <= _LONGEST_HEADLINE:
            low -= 1
        if _says_last(tree, low, mark, high):
            source = set(range(mark + 1, high))
            found.append(Draft(mark, set(range(low, mark)), source, {mark}, "headline"))
    return found


def _says_last(tree: Tree, low: int, mark: int, high: int) -> bool:
    """Whether the words after the mark name people or texts, and those before it are a claim."""
    content = [i for i in range(low, mark) if tree.words[i]]
    if not _SHORTEST_CONTENT <= len(content) <= _LONGEST_HEADLINE:
        return False
    if any(tree.form[i] in (".", ";", ":", "?") for i in range(low, high) if i != mark):
        return False
    head = high - 1
    if not tree.words[head] or has_finite(tree, set(range(mark + 1, high))):
        return False
    words = tree.lexicon.words
    roles = words["document"] | words["collective"] | words["anonymous"]
    if tree.lower[head] in roles | _ROLES:
        return True
    return tree.entity[head] in (PERSON, ORGANISATION) and _tells(tree, content)


def _tells(tree: Tree, content: list[int]) -> bool:
    """Whether a headline states that something is, happens or will be done."""
    return any(
        tree.pos[i] in ("VERB", "AUX") or tree.tag[i][:1] == "V" or tree.lower[i] == "to"
        for i in content
    )


def _is_speaker(tree: Tree, low: int, colon: int, high: int) -> bool:
    """Whether it is a name, a noun for people or texts, or a role of one or two words before a full
    clause."""
    words = tree.lexicon.words
    head = colon - 1
    if tree.lower[head] in _NOBODY or tree.pos[head] not in NOMINAL or tree.form[low] in ("[", "("):
        return False
    if has_finite(tree, set(range(low, colon))):
        return False
    if tree.lower[head] in _ROLES and tree.lower[head].endswith("s"):
        return True
    known = words["document"] | words["collective"] | words["anonymous"] | words["organisation"]
    if tree.entity[head] in SPEAKERS or tree.lower[head] in known:
        return True
    said = [i for i in range(colon + 1, high) if tree.words[i]]
    if not said:
        return False
    if tree.lower[head] in _ROLES and (_tells(tree, said) or tree.lower[said[0]] in _NONE):
        return True
    role = low + _LONGEST_ROLE >= colon and tree.tag[head] in ("NN", "NNP")
    return role and has_finite(tree, set(said))


def _is_headline(tree: Tree, begin: int, end: int) -> bool:
    """Whether it is a line of at least a few words without a full stop or a quotation mark."""
    if end - begin < _SHORTEST_CONTENT or tree.form[end - 1] in (".", "!", ";", ":"):
        return False
    return tree.region[begin] < 0
