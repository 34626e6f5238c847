"""Reported speech: each verb of the lexicon with what it governs, by parse and order of words."""

from __future__ import annotations

from annotator.lexicon.word_lists import words_of
from annotator.suggest.claims import order
from annotator.suggest.claims.frames import governed
from annotator.suggest.claims.sources import (
    noun_phrase,
    repaired,
    source_words,
    subject_before,
)
from annotator.suggest.claims.surface import cue_words, without_connective
from annotator.suggest.claims.tree import FINITE, PAST_OR_PRESENT, Tree
from annotator.suggest.claims.values import Draft

_PARTICLES = words_of("on for to of about out against in with upon at")
_MAY_QUOTE = frozenset(("", "clause", "object"))
_NO_SUBJECT = frozenset(("passive", "quoted as", "hearsay"))
_PLAIN_SPEECH = words_of("say add note argue claim")
_PARTICIPLES = words_of("said told put mentioned noted")
_POINTING = words_of("that this so all as it")
_THAT = (["that"], ["this"], ["being"])
_TO_SAY = words_of("needless strange sad suffice sorry enough")
_NEAR_START = 4
_LONG_QUOTATION = 6  # words; inside one, verbs belong to what is quoted


def reported_claims(tree: Tree, drafts: list[Draft]) -> list[Draft]:
    """Drafts for the verbs that `drafts`, the quotations, have not used."""
    used = {draft.anchor for draft in drafts if draft.cue}
    taken = {i for draft in drafts for i in draft.content}
    found: list[Draft] = []
    for verb, cue in enumerate(tree.cue):
        if cue is None or verb in used or verb in taken or tree.paragraph[verb] < 0:
            continue
        if not tree.is_verb(verb) or tree.pos[verb] == "AUX" or in_long_quotation(tree, verb):
            continue
        if _is_phrase(tree, verb):
            continue
        draft = _reported(tree, verb, taken)
        if draft is not None:
            if _fronted_question(tree, verb):
                draft.source = set()
            elif found and _same_speaker(tree, found[-1], draft):
                draft.source = set(found[-1].source)
            found.append(draft)
    return found


def _is_phrase(tree: Tree, verb: int) -> bool:
    """`Having said that, ...`, `That said, ...`, `needless to say`: nobody says anything."""
    before, after = _words_at(tree, verb - 2, verb), _words_at(tree, verb + 1, verb + 3)
    if tree.lemma(verb) not in ("say", "tell", "speak", "put", "mention", "note"):
        return False
    if tree.form[verb] in _PARTICIPLES and before[-1:] == ["having"]:
        return bool(after) and after[0] in _POINTING
    if tree.lower[verb] in _PARTICIPLES and after[:1] == [","] and before[-1:] in _THAT:
        return verb - tree.low[verb] <= _NEAR_START
    if before[-1:] != ["to"]:
        return False
    return after[:1] == ["nothing"] or before[0] in _TO_SAY or before == ["is", "to"]


def _words_at(tree: Tree, start: int, end: int) -> list[str]:
    return tree.lower[max(start, 0) : max(end, 0)]


def _same_speaker(tree: Tree, before: Draft, draft: Draft) -> bool:
    """`said A and warned B`, `said A, adding B`: the second verb has the source of the first."""
    verb, end = draft.anchor, max(before.content)
    if not before.source or tree.low[verb] != tree.low[before.anchor] or not end < verb <= end + 5:
        return False
    between = [tree.lower[i] for i in range(end + 1, verb) if tree.pos[i] != "ADV"]
    if tree.tag[verb] == "VBG":
        return between == [","]
    if any(tree.children(verb, "nsubj")):
        return False
    return tree.tag[verb] == tree.tag[before.anchor] and between[-1:] in (["and"], ["but"])


def _fronted_question(tree: Tree, verb: int) -> bool:
    """`Asked whether she would resign, the mayor ...`: the text does not say who asks."""
    if tree.form[verb] != "Asked" or verb + 1 >= tree.n or tree.is_mark(verb + 1):
        return False
    return all(tree.blank[i] for i in range(tree.low[verb], verb))


def in_long_quotation(tree: Tree, i: int) -> bool:
    """Whether token i stands in a quotation so long that its verbs are what is quoted."""
    region = tree.region[i]
    return region >= 0 and tree.quoted_words[region] >= _LONG_QUOTATION


def _reported(tree: Tree, verb: int, taken: set[int]) -> Draft | None:
    cue = tree.cue[verb]
    assert cue is not None
    content, pattern = governed(tree, verb)
    source = source_words(tree, verb)
    if "order" in cue.frames or cue.lemma == "tell":
        around, speaker = order.around(tree, verb)
        if around:
            content, pattern = without_connective(tree, around), "around"
            if speaker and (not speaker & source or source & (around - speaker)):
                source = speaker
        elif "order" in cue.frames:
            content, pattern = _mended(tree, verb, content, pattern)
    only_that = pattern == "object" and tree.lower[min(content)] == "that"
    if (not content or only_that) and "clause" in cue.frames and _that_follows(tree, verb):
        content, pattern = order.after(tree, verb), "order"
    if pattern == "clause" and "quote" in cue.frames and min(content) > verb:
        content = order.from_that(tree, content)
    if pattern == "clause":
        content = order.with_subject(tree, verb, content)
        content = order.grown_right(tree, verb, content)
    quoted = _touching_quotation(tree, verb, source) if pattern in _MAY_QUOTE else None
    if quoted is not None and _is_labelled(tree.regions[quoted], taken):
        quoted = None
    if quoted is not None and not content.intersection(tree.regions[quoted]):
        weak = "quote" in cue.frames and pattern in ("object", "infinitive")
        partial = order.up_to_quotation(tree, verb, tree.regions[quoted]) if not content else set()
        if partial:
            content, pattern = partial, "order"
        elif not content or weak:
            content, pattern = set(tree.regions[quoted]), "quote"
    if not content or (tree.tag[verb] == "VBG" and _is_expletive(tree, source)):
        return None
    if cue.lemma == "ask" and tree.lower[min(content)] == "not":  # who asked not to be named
        return None
    if {tree.lower[i] for i in content} == {"anonymity"}:  # who asked for anonymity
        return None
    words = cue_words(tree, verb)
    if pattern == "quoted as":
        words |= {verb + 1, verb + 2}
        subject = next(tree.children(verb, "nsubj"), None)
        source = noun_phrase(tree, subject) if subject is not None else set()
    if pattern == "preposition":
        words |= _particles(tree, verb, content)
    if not source and tree.tag[verb] in PAST_OR_PRESENT and pattern not in _NO_SUBJECT:
        source = subject_before(tree, verb, tree.sentence_words(verb))
    if "quote" in cue.frames and pattern in ("clause", "quote", "order", "around"):
        source = repaired(tree, verb, source)
    content = {
        i
        for i in content - source - words
        if tree.paragraph[i] == tree.paragraph[verb] or tree.region[i] >= 0
    }
    if pattern not in ("order", "around", "quote", *_NO_SUBJECT):
        content -= taken
    if not content:
        return None
    return Draft(verb, content, source, words, pattern, cue.lemma)


def _that_follows(tree: Tree, verb: int) -> bool:
    """`posits that ...`, `reminded the jury that ...`: a clause, whatever the parser made of it."""
    for i in range(verb + 1, min(verb + 7, tree.high[verb])):
        if tree.lower[i] == "that":
            return tree.tag[i] != "DT"
        if not tree.words[i] or tree.tag[i] in FINITE:
            return False
    return False


def _is_labelled(quotation: range, taken: set[int]) -> bool:
    """Whether all but the beginning of a quotation is taken: a record that names its speakers."""
    return quotation[0] not in taken and not taken.isdisjoint(quotation)


def _is_expletive(tree: Tree, source: set[int]) -> bool:
    """`It is worth noting that ...`: nobody notes it."""
    return {tree.lower[i] for i in source} == {"it"}


def _mended(tree: Tree, verb: int, content: set[int], pattern: str) -> tuple[set[int], str]:
    """The clause after the verb, where the parse gave none or only part of it."""
    plain_infinitive = pattern == "infinitive" and tree.lemma(verb) in _PLAIN_SPEECH
    if not content or plain_infinitive:
        rest = order.after(tree, verb)
        return (rest, "order") if rest else (content, pattern)
    if pattern == "clause" and min(content) > verb:
        cut = order.from_that(tree, content)
        if cut == content:
            return order.grown_left(tree, verb, content), pattern
    return content, pattern


def _particles(tree: Tree, verb: int, content: set[int]) -> set[int]:
    found = set()
    i = verb + 1
    while i < tree.n and i not in content and tree.lower[i] in _PARTICLES:
        found.add(i)
        i += 1
    return found


def _touching_quotation(tree: Tree, verb: int, source: set[int]) -> int | None:
    """The number of the quotation that touches cue and source, if one does."""
    low, high = min(source | {verb}), max(source | {verb})
    if high - low > 40:
        low = high = verb
    steps, i = 0, high + 1
    while i < tree.n and steps < 14:
        number = tree.region[i]
        if number >= 0:
            size, before = tree.quoted_words[number], tree.form[i - 1]
            if size >= 3 and (before in (",", ":") or steps <= 1 or (size >= 6 and steps <= 6)):
                return number
            break
        if tree.form[i] in (".", ";", "?", "!") or (
            tree.paragraph[i] != tree.paragraph[verb] and tree.words[i]
        ):
            break
        steps += not tree.blank[i]
        i += 1
    steps, i = 0, low - 1
    while i >= 0 and steps < 3:
        number = tree.region[i]
        if number >= 0:
            return number if tree.quoted_words[number] >= 2 else None
        if tree.form[i] == ";" or (tree.paragraph[i] != tree.paragraph[verb]):
            break
        steps += not tree.blank[i]
        i -= 1
    return None
