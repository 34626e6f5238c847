"""Finds the source of a quotation without a verb of saying.

A name and a colon, as in dialogues and transcripts; a signature or a sender in a separate line.
"""

from __future__ import annotations

from annotator.lexicon.label_roles import PERSON, SPEAKERS
from annotator.lexicon.word_lists import words_of
from annotator.suggest.claims.found_claim import Draft
from annotator.suggest.claims.source_edges import source_in_full
from annotator.suggest.claims.sources import noun_phrase
from annotator.suggest.claims.surface import DASHES, has_finite, source_at_start
from annotator.suggest.claims.title_case import HEADLINE_VERBS
from annotator.suggest.claims.tree import NOMINAL, Tree

_POINTING = words_of("this that these those more word words also again another and it ,")
_ON = words_of("on about after over amid")
_LINKS = words_of("of the and for de la van von al bin , - .")
_DESKS = words_of("desk office pen keyboard mailbag diary")
_NAMING = frozenset(("PROPN", "NOUN", "DET", "ADP", "X"))
_BEGIN_SPEAKER = NOMINAL | {"DET", "NUM", "ADJ"}
_DASH_CHARACTERS = DASHES | {"-"}
_LONGEST_NAME, _LONGEST_LINE, _LONGEST_LABEL = 10, 18, 4  # words
_SHORT = 4  # words or letters


def labelled(tree: Tree, number: int) -> Draft | None:
    """`"WALLACE: Will she be there?`: a transcript quoted with the names; otherwise None."""
    tokens = tree.regions[number]
    if not tree.starts_paragraph(tokens[0]):
        return None
    label = [i for i in tokens[1 : 2 + _LONGEST_LABEL] if tree.words[i] or tree.form[i] == ":"]
    colon = next((n for n, i in enumerate(label) if tree.form[i] == ":"), 0)
    if not colon or not all(tree.form[i].isupper() for i in label[:colon]):
        return None
    content = set(tokens) - set(range(tokens[0], label[colon] + 1))
    if not any(tree.words[i] for i in content):
        return None
    source = set(label[:colon])
    return Draft(label[colon], content, source, {label[colon]}, "colon", region=number)


def introducer(tree: Tree, left: list[int]) -> set[int]:
    """The source in the words before a colon: their subject, sender, or first name.

    `And from Nora Hale:`, `The mayor, by mail:`, `Peter Roe:`.
    """
    words = left[:-1]
    if words and tree.form[words[-1]] == ")":  # The driver (angrily): “Never.”
        opening = next((n for n, i in enumerate(words) if tree.form[i] == "("), len(words))
        words = words[:opening]
    while words and (tree.pos[words[0]] in ("CCONJ", "ADV") or tree.form[words[0]] == ","):
        words.pop(0)
    subject = next((i for i in words if tree.base[i] == "nsubj"), None)
    if subject is not None and has_finite(tree, words):
        return {i for i in noun_phrase(tree, subject) if i < left[-1]}
    sender = next((n for n, i in enumerate(words) if tree.lower[i] in ("from", "by")), len(words))
    if all(tree.lower[i] in _POINTING for i in words[:sender]):
        words = words[sender + 1 :] or words
    if not words or has_finite(tree, words) or tree.pos[words[0]] not in _BEGIN_SPEAKER:
        return set()
    if tree.pos[words[0]] != "DET":  # Mayor on bridge: “We will not pay”
        topic = next((n for n, i in enumerate(words) if n and tree.lower[i] in _ON), len(words))
        words = words[:topic]
    return source_at_start(tree, words)


def takes_turn(tree: Tree, source: set[int], left: list[int]) -> bool:
    """Whether the words before a colon only name the next speaker: `Peter Roe: “You will.”`."""
    if not source or has_finite(tree, left):
        return False
    names = [i for i in source if tree.words[i]]
    known = any(tree.entity[i] in SPEAKERS for i in names)
    capitals = all(tree.form[i][:1].isupper() or tree.lower[i] in _LINKS for i in names)
    return len(names) <= _LONGEST_NAME and (known or capitals or _is_role(tree, source))


def _is_role(tree: Tree, source: set[int]) -> bool:
    return tree.lower[min(source)] in ("the", "a", "an", "his", "her", "one", "another")


def signature(tree: Tree, tokens: range) -> set[int]:
    """The signature of a quotation that is a paragraph, in the paragraph after or before it.

    `— Commissioner Geoffrey Hale`, `From the desk of John Roe, deputy editor`.
    """
    behind = _paragraph_from(tree, tokens[-1] + 1)
    dash = bool(behind) and tree.form[behind[0]] in _DASH_CHARACTERS
    if dash and len(behind) <= _LONGEST_LINE and not has_finite(tree, behind):
        return source_in_full(tree, _name_in(tree, behind[1:]))
    named = bool(behind) and tree.entity[behind[0]] == PERSON and tree.words[behind[-1]]
    if named and len(behind) <= _LONGEST_NAME and _is_described(tree, behind):
        return set(behind)
    before = _paragraph_to(tree, tokens[0] - 1)
    if not before or len(before) > _LONGEST_LINE or has_finite(tree, before):
        return set()
    if tree.entity[before[0]] == PERSON and tree.words[before[-1]] and _is_described(tree, before):
        return set(before)
    sender = next((n for n, i in enumerate(before[:5]) if tree.lower[i] in ("from", "by")), None)
    if sender is None:
        return set()
    rest = before[sender + 1 :]
    if len(rest) > 3 and tree.lower[rest[1]] in _DESKS and tree.lower[rest[2]] == "of":
        return _name_in(tree, rest[3:])
    sent = any(tree.lower[i] in tree.lexicon.words["document"] for i in before[:sender])
    return _name_in(tree, rest) if sent else set()


def _is_described(tree: Tree, line: list[int]) -> bool:
    """Whether a line is a name, alone or with a description: `Nora Hale, mayor`."""
    _, end = tree.names[line[0]]
    return not has_finite(tree, line) and (end > line[-1] or tree.form[end] == ",")


def name_alone(tree: Tree, right: list[int]) -> set[int]:
    """`“We will not pay,” Hale.`: a name alone up to the full stop."""
    if not right or len(right) > _SHORT or not tree.form[right[0]][:1].isupper():
        return set()
    if any(tree.pos[i] not in _NAMING or tree.region[i] >= 0 for i in right):
        return set()
    after = right[-1] + 1
    return set(right) if after >= tree.n or tree.blank[after] or tree.form[after] == "." else set()


def headline_behind(tree: Tree, right: list[int]) -> set[int]:
    """`‘You lied to us’: Hale attacks Roe`: the subject of a headline after a quotation."""
    if len(right) < _SHORT - 1 or tree.form[right[0]] != ":":
        return set()
    acts = (
        n
        for n, i in enumerate(right)
        if n > 1 and (tree.tag[i][:1] == "V" or tree.lower[i] in HEADLINE_VERBS)
    )
    verb = next(acts, 0)
    subject = right[1:verb]
    if not subject or len(subject) > _LONGEST_LABEL or tree.pos[subject[-1]] not in NOMINAL:
        return set()
    return set(subject) if tree.form[subject[0]][:1].isupper() else set()


def _name_in(tree: Tree, line: list[int]) -> set[int]:
    """The words of a line that is a name with a description; empty for other lines."""
    while line and not tree.words[line[-1]]:
        line = line[:-1]
    named = bool(line) and (tree.form[line[0]][:1].isupper() or tree.lower[line[0]] == "the")
    return set(line) if named else set()


def _paragraph_from(tree: Tree, i: int) -> list[int]:
    """The words of the paragraph that begins at or after token i."""
    while i < tree.n and (tree.blank[i] or tree.paragraph[i] < 0):
        i += 1
    if i >= tree.n or not tree.starts_paragraph(i):
        return []
    return _line(tree, range(i, min(tree.n, i + 2 * _LONGEST_LINE)), tree.paragraph[i])


def _paragraph_to(tree: Tree, i: int) -> list[int]:
    """The words of the paragraph that ends at or before token i."""
    while i >= 0 and (tree.blank[i] or tree.paragraph[i] < 0):
        i -= 1
    if i < 0:
        return []
    return _line(tree, range(i, max(-1, i - 2 * _LONGEST_LINE), -1), tree.paragraph[i])[::-1]


def _line(tree: Tree, tokens: range, here: int) -> list[int]:
    found = []
    for i in tokens:
        if tree.paragraph[i] != here:
            break
        if not tree.blank[i]:
            found.append(i)
    return found


def name_after_dash(tree: Tree, final: int, right: list[int]) -> list[int]:
    """The words after a dash behind a quotation, if they look like a name."""
    glued = tree.form[final][-1] in DASHES
    if glued or (right and (tree.form[right[0]] in DASHES or tree.form[right[0]] == "-")):
        name = right[:9] if glued else right[1:10]
        if name and tree.form[name[0]][:1].isupper():
            return name
    return _in_brackets(tree, right)


def _in_brackets(tree: Tree, right: list[int]) -> list[int]:
    """`“We will not pay” (Jon Berg, driver)`: a name in brackets."""
    if not right or tree.form[right[0]] != "(":
        return []
    end = next((n for n, i in enumerate(right[:_LONGEST_NAME]) if tree.form[i] == ")"), 0)
    name = right[1:end]
    return name if name and tree.entity[name[0]] == PERSON else []


def is_sentence(tree: Tree, tokens: range) -> bool:
    """Whether a quotation consists of whole sentences."""
    words = [i for i in tokens if tree.words[i]]
    if len(words) < 2 or not tree.form[words[0]][:1].isupper():
        return False
    if all(tree.form[i][:1].isupper() or len(tree.form[i]) < _SHORT for i in words[1:]):
        return len(words) < _SHORT and not tree.starts_paragraph(tokens[0])  # else a heading
    if not _begins_anew(tree, tokens[0]) or tree.form[tokens[-1] - 1][-1] not in ".?!…":
        return False
    after = tokens[-1] + 1
    while after < tree.n and tree.blank[after]:
        after += 1
    same = after < tree.n and tree.paragraph[after] == tree.paragraph[tokens[0]]
    return not same or tree.form[after][:1].isupper() or tree.is_mark(after)


def _begins_anew(tree: Tree, i: int) -> bool:
    """Whether token i begins its sentence."""
    before = i - 1
    while before >= 0 and tree.blank[before]:
        before -= 1
    if before < 0 or tree.paragraph[before] != tree.paragraph[i]:
        return True
    return tree.form[before][-1] in ".?!:—–" or tree.is_mark(before)
