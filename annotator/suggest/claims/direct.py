"""Quotations and their speakers, by the order of words: the mark, the cue, the name.

The parser is weakest just here ("...", he said), the typography strongest, so the order decides and
the parse only refines how far the source reaches.
"""

from __future__ import annotations

from collections.abc import Sequence

from annotator.lexicon.word_lists import words_of
from annotator.suggest.claims.beside import (
    headline_behind,
    introducer,
    is_sentence,
    labelled,
    name_after_dash,
    name_alone,
    signature,
    takes_turn,
)
from annotator.suggest.claims.quotations import Region
from annotator.suggest.claims.sources import (
    main_subject,
    noun_phrase,
    repaired,
    source_noun,
    source_words,
    subject_before,
)
from annotator.suggest.claims.surface import (
    DASHES,
    cue_words,
    sentence_ends,
    source_at_start,
    without_manner,
    words_after,
    words_before,
)
from annotator.suggest.claims.tree import NOMINAL, PAST_OR_PRESENT, Tree
from annotator.suggest.claims.values import Draft

_NOT_A_SPEAKER = words_of("that this it him her me them")
_RELATIVE = words_of("who which that")
_LONGEST_MANNER = 6  # words
_FARTHEST_CUE = 34
_LONGEST_SOURCE = 60
_MARKS_AND_BLANKS = "\"“”«»„'`‘’ "


def direct_claims(tree: Tree, quotations: Sequence[Region]) -> list[Draft]:
    """A draft for every quotation that has a cue beside it or stands alone; others join one."""
    drafts: list[Draft] = []
    for number, quotation in enumerate(quotations):
        tokens = tree.regions[number]
        if not tokens or (tree.quoted_words[number] < 2 and not _stands_alone(tree, tokens)):
            continue
        last = drafts[-1] if drafts else None
        turn = labelled(tree, number)
        if turn is not None:
            drafts.append(turn)
            continue
        if quotation.continues and last is not None and last.region == number - 1:
            again = _go_on(tree, last, number)
            if again is not None:
                drafts.append(again)
            continue
        found = _one(tree, quotations, number, last)
        if found is not None:
            drafts.append(found)
    return drafts


def _go_on(tree: Tree, last: Draft, number: int) -> Draft | None:
    """Join a quotation to the one of the paragraph before; a second cue after it begins anew."""
    tokens = tree.regions[number]
    after = cue_to_the_right(tree, words_after(tree, tokens[-1] + 1))
    if after is not None and last.cue:
        return _with_cue_after(tree, number, after)
    last.content.update(tokens)
    last.region = number
    if after is not None:
        last.anchor = after[0]
        last.cue = cue_words(tree, after[0])
        last.source = after[1] or last.source
        last.pattern = "quote"
        last.lemma = tree.lemma(after[0])
    return None


def _one(tree: Tree, quotations: Sequence[Region], number: int, last: Draft | None) -> Draft | None:
    tokens, size = tree.regions[number], tree.quoted_words[number]
    first, final = tokens[0], tokens[-1]
    quoted = tree.text[quotations[number].start : quotations[number].end]
    capital = quoted.strip(_MARKS_AND_BLANKS)[:1].isupper()
    end_mark = quoted.rstrip("\"”»“'’ ")[-1:]
    at_start = tree.starts_paragraph(first)
    left = words_before(tree, first - 1)
    right = words_after(tree, final + 1)
    before = left[-1] if left else None
    sentence_like = (
        at_start
        or before is None
        or tree.form[before] in (",", ":", ".")
        or tree.has(before, "quote")
    )
    if sentence_like or (capital and size >= 5):
        comma = bool(right) and tree.form[right[0]] == ","
        after = None
        if comma or (end_mark and end_mark in ",?!-—…"):
            after = cue_to_the_right(tree, right)
        if after is not None and not _only_goes_on(tree, after, left):
            return _with_cue_after(tree, number, after)
        verb_first = bool(right) and end_mark in tuple("?!") and tree.is_full_verb(right[0])
        if end_mark == "," or verb_first or (comma and at_start and capital):
            after = _manner_to_the_right(tree, right)
            if after is not None:
                return _with_cue_after(tree, number, after, "manner")
        name = name_alone(tree, right) if end_mark == "," else set()
        if name:
            return Draft(first, set(tokens), name, set(), "beside", region=number)
        subject = headline_behind(tree, right) if at_start else set()
        if subject:
            return Draft(right[0], set(tokens), subject, {right[0]}, "headline", region=number)
        verb = cue_to_the_left(tree, left) if before is not None else None
        if verb is not None and verb == before and _clause_goes_on(tree, right, end_mark):
            verb = None
        if verb is not None:
            if last is not None and last.anchor == verb:
                last.content.update(tokens)
                last.region = number
                return None
            return _with_cue_before(tree, number, verb, left)
        signed = name_after_dash(tree, final, right) if size >= 5 else []
        if signed:
            source = source_at_start(tree, signed)
            return Draft(first, set(tokens), source, set(), "dash", region=number)
    mark = tree.form[before] if before is not None else ""
    source = introducer(tree, left) if mark == ":" or mark in DASHES else set()
    sentence = bool(source) and capital and is_sentence(tree, tokens)
    turn = takes_turn(tree, source, left)
    colon = mark == ":" or (sentence and turn)
    introduced = colon and (size >= 4 or sentence or turn)
    if (
        last is not None
        and not (at_start or colon)
        and ((sentence_like and capital) or _conjoined(tree, last, left))
    ):
        between = tree.text[quotations[last.region].end : quotations[number].start]
        same_paragraph = tree.paragraph[tree.regions[last.region][-1]] == tree.paragraph[first]
        if same_paragraph and len(between) < 400 and _goes_on(between):
            if _conjoined(tree, last, left):
                last.content.add(left[-1])
            last.content.update(tokens)
            last.region = number
            return None
    whole = at_start and size >= 6 and end_mark and end_mark in ".?!…" and not right
    if number + 1 < len(quotations) and quotations[number + 1].continues:
        whole = at_start
    if introduced and before is not None:
        return Draft(first, set(tokens), source, {before}, "colon", region=number)
    if whole:
        source = signature(tree, tokens)
        return Draft(
            first, set(tokens), source, set(), "dash" if source else "float", region=number
        )
    return None


def _only_goes_on(tree: Tree, after: tuple[int, set[int]], left: list[int]) -> bool:
    """`Peabody said: “A,” adding that B`: the quotation belongs to the verb before it."""
    if tree.tag[after[0]] != "VBG" or after[1] or not left:
        return False
    verb = cue_to_the_left(tree, left)
    return verb is not None and tree.tag[verb] in PAST_OR_PRESENT


def _stands_alone(tree: Tree, tokens: range) -> bool:
    """A single word, but with a stop: `“Sometimes,” she said, “...”`, `Peter Roe: “Never.”`."""
    return len(tokens) > 3 and tree.form[tokens[-2]] in ",.?!" and tree.words[tokens[1]]


def _clause_goes_on(tree: Tree, right: list[int], end_mark: str) -> bool:
    """`He said “the plan” would fail`: the marks hold a part of a reported clause alone."""
    return bool(right) and end_mark not in tuple(",.?!…") and tree.form[right[0]] != ","


def _conjoined(tree: Tree, last: Draft, left: list[int]) -> bool:
    """`“A,” he said, but “B”`: nothing but a conjunction between the cue and the next quotation."""
    if left and all(tree.lower[i] in (",", "and", "but") for i in left):
        return tree.words[left[-1]] and tree.region[left[0] - 1] == last.region
    if not left or last.anchor not in left or tree.lower[left[-1]] not in ("and", "but", "that"):
        return False
    return left[-1] - last.anchor <= 4


def _goes_on(between: str) -> bool:
    return len(between.split()) <= 30 and sentence_ends(between) <= 1


def _with_cue_after(
    tree: Tree, number: int, after: tuple[int, set[int]], pattern: str = "quote"
) -> Draft:
    verb, seen = after
    tokens = tree.regions[number]
    noun = source_noun(tree, verb)
    parsed = noun_phrase(tree, noun) if noun is not None else set()
    source = seen or parsed
    if parsed and min(parsed) > verb:
        parsed = without_manner(tree, parsed)
    behind = bool(seen and parsed) and min(parsed) >= tokens[-1] and bool(parsed & seen)
    if behind and max(parsed) - min(parsed) < _LONGEST_SOURCE:
        source = parsed
    content = set(tokens) - source
    return Draft(
        verb, content, source, cue_words(tree, verb), pattern, tree.lemma(verb), region=number
    )


def _with_cue_before(tree: Tree, number: int, verb: int, left: list[int]) -> Draft:
    source = repaired(tree, verb, source_words(tree, verb)) or subject_before(tree, verb, left)
    if not source and verb == left[0]:
        source = source_at_start(tree, [i for i in left[1:] if tree.form[i] not in (",", ":")])
    if any(tree.region[i] != tree.region[verb] for i in source):  # a word of what is quoted
        source = {i for i in main_subject(tree, verb) if tree.region[i] == tree.region[verb]}
    content = set(tree.regions[number]) - source
    return Draft(
        verb, content, source, cue_words(tree, verb), "quote", tree.lemma(verb), region=number
    )


def cue_to_the_right(tree: Tree, stretch: list[int]) -> tuple[int, set[int]] | None:
    """In the words after a quotation: cue and source, as in `she said` or `said the mayor`."""
    begin = 0
    while begin < len(stretch) and (
        tree.form[stretch[begin]] in DASHES or tree.form[stretch[begin]] in (",", "-")
    ):
        begin += 1
    stretch = stretch[begin:]
    for n, i in enumerate(stretch[:_FARTHEST_CUE]):
        if not tree.has(i, "quote") or (n > 1 and tree.lower[i - 1] in _RELATIVE):
            continue
        at_end = i == stretch[-1] and n > 0 and tree.pos[i - 1] in NOMINAL
        if not (tree.is_full_verb(i) or n == 0 or at_end):
            continue
        before = stretch[:n]
        if all(tree.pos[x] in ("ADV", "AUX", "CCONJ") for x in before):
            following = stretch[n + 1 :]
            coordinated = any(tree.pos[x] == "CCONJ" for x in before)
            if coordinated and following and tree.lower[following[0]] == "that":
                return None
            if (
                following
                and tree.pos[following[0]] in ("NOUN", "PROPN", "PRON", "DET", "ADJ", "NUM")
                and tree.lower[following[0]] not in _NOT_A_SPEAKER
            ):
                return i, source_at_start(tree, following)
            return i, set()
        if n > 6 and tree.tag[i] == "VBG":
            return None
        while before and (tree.pos[before[-1]] in ("ADV", "AUX") or tree.form[before[-1]] == ","):
            before.pop()
        while before and tree.lower[before[0]] in ("and", "but", "then", "as", "later", ","):
            before.pop(0)
        return i, set(before)
    return None


def _manner_to_the_right(tree: Tree, stretch: list[int]) -> tuple[int, set[int]] | None:
    """`Berg shrugged.` and `laughed Ada Low.` behind a quotation: nothing but speaker and verb."""
    words = [i for i in stretch if tree.form[i] not in (",", "-") and tree.form[i] not in DASHES]
    while words and tree.pos[words[-1]] == "ADV":
        words.pop()
    if not 2 <= len(words) <= _LONGEST_MANNER:
        return None
    past = [i for i in words if tree.tag[i] in ("VBD", "VBN") and tree.form[i].islower()]
    if len(past) != 1 or tree.cue[past[0]] is not None or tree.pos[past[0]] == "AUX":
        return None
    verb = past[0]
    who = words[:-1] if verb == words[-1] else words[1:] if verb == words[0] else []
    if not who or tree.pos[who[-1]] not in NOMINAL or tree.lower[who[-1]] in _NOT_A_SPEAKER:
        return None
    return verb, set(who)


def _puts_it(tree: Tree, i: int) -> bool:
    """`as the mayor put it, “...”`."""
    return tree.lower[i] in ("put", "puts") and i + 1 < tree.n and tree.lower[i + 1] == "it"


def cue_to_the_left(tree: Tree, stretch: list[int]) -> int | None:
    """In the words before a quotation: the verb that introduces it, as in `She added: “...”`."""
    verbs = [
        i for i in stretch if (tree.has(i, "quote") and tree.is_full_verb(i)) or _puts_it(tree, i)
    ]
    if not verbs:
        return None
    verb = verbs[-1]
    distance = sum(tree.words[i] for i in stretch if i > verb)
    if tree.form[stretch[-1]] in (",", ":"):
        return verb if distance <= 14 else None
    return verb if distance == 0 and verb == stretch[-1] else None
