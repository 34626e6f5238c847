"""Claims by verbs: each verb of the lexicon with its content, by parse and word order."""

from __future__ import annotations

from typing import NamedTuple

from annotator.lexicon.word_lists import words_of
from annotator.suggest.claims import word_order
from annotator.suggest.claims.found_claim import Draft
from annotator.suggest.claims.frames import governed
from annotator.suggest.claims.sources import (
    noun_phrase,
    repaired,
    source_words,
    subject_before,
)
from annotator.suggest.claims.surface import cue_words, has_finite, without_connective
from annotator.suggest.claims.tree import FINITE, PAST_OR_PRESENT, Tree

_PARTICLES = words_of("on for to of about out against in with upon at")
_MAY_QUOTE = frozenset(("", "clause", "object"))
_NO_SUBJECT = frozenset(("passive", "quoted as", "hearsay"))
# Patterns found by words and marks, whose content may contain quotations that are claims already.
_OVER_QUOTATIONS = _NO_SUBJECT | {"order", "around", "quote"}
_PLAIN_SPEECH = words_of("say add note argue claim")
_PARTICIPLES = words_of("said told put mentioned noted")
_POINTING = words_of("that this so all as it")
_THAT = (["that"], ["this"], ["being"])
_TO_SAY = words_of("needless strange sad suffice sorry enough")
_NEAR_START = 4
_LONG_QUOTATION = 6  # words; inside one, verbs belong to what is quoted
_SHORTEST_QUOTATION = 3  # words; fewer in marks behind a verb are a name or a word made fun of
_FARTHEST_SOURCE = 40  # tokens; a source farther from its verb comes of a wrong parse
# Maximum number of words between the verb with its source and a quotation that it introduces
# (addressee, place, time); fewer without a comma or colon before the marks.
_FARTHEST_AFTER, _NEAR_AFTER = 14, 6
_FARTHEST_BEFORE = 3  # marks and words between a quotation and who said it


def reported_claims(tree: Tree, drafts: list[Draft]) -> list[Draft]:
    """Drafts for the verbs that the `drafts` of quotations do not use."""
    used = {draft.anchor for draft in drafts if draft.cue}
    taken = {i for draft in drafts for i in draft.content}
    found: list[Draft] = []
    for verb in tree.cues:
        if verb in used or verb in taken or tree.paragraph[verb] < 0:
            continue
        if not tree.is_verb(verb) or tree.pos[verb] == "AUX" or in_long_quotation(tree, verb):
            continue
        if _is_phrase(tree, verb) or tree.rel[verb] == "amod":  # the alleged thief
            continue
        draft = _reported(tree, verb, taken)
        if draft is not None:
            if _fronted_question(tree, verb):
                draft.source = set()
            elif found and _same_speaker(tree, found[-1], draft):
                draft.source = set(found[-1].source)
            elif not draft.source and tree.tag[verb] == "VBG":
                draft.source = _of_quotation(tree, verb, drafts)
            found.append(draft)
    return found


def reported_claim(tree: Tree, verb: int) -> Draft | None:
    """The claim by one verb, whatever else its words belong to; None if it says nothing."""
    return None if _is_phrase(tree, verb) else _reported(tree, verb, set())


def _is_phrase(tree: Tree, verb: int) -> bool:
    """Whether it is a set phrase: `Having said that, ...`, `That said, ...`, `needless to say`."""
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


def _of_quotation(tree: Tree, verb: int, drafts: list[Draft]) -> set[int]:
    """`“A,” she said, adding that B`: the source of the quotation in the same sentence."""
    if tree.form[verb - 1] != ",":
        return set()
    near = (one for one in drafts if one.cue and tree.low[verb] <= one.anchor < verb)
    last = max(near, key=lambda one: one.anchor, default=None)
    return set(last.source) if last is not None else set()


def _fronted_question(tree: Tree, verb: int) -> bool:
    """`Asked whether she would resign, the mayor ...`: the source of the question is not given."""
    if tree.form[verb] != "Asked" or verb + 1 >= tree.n or tree.is_mark(verb + 1):
        return False
    return all(tree.blank[i] for i in range(tree.low[verb], verb))


def in_long_quotation(tree: Tree, i: int) -> bool:
    """Whether token i is in a quotation so long that its verbs are part of the speech."""
    region = tree.region[i]
    return region >= 0 and tree.quoted_words[region] >= _LONG_QUOTATION


class _PartialClaim(NamedTuple):
    """The content of a cue so far, how it was found, and the source (as tokens)."""

    content: set[int]
    pattern: str
    source: set[int]


def _reported(tree: Tree, verb: int, taken: set[int]) -> Draft | None:
    """`The mayor said the road is open`: by the parse, then word order, then quotation marks."""
    read = _PartialClaim(*governed(tree, verb), source_words(tree, verb))
    for step in (_by_order, _from_that, _to_its_ends):
        read = step(tree, verb, read)
    read = _with_quotation(tree, verb, read, taken)
    if not read.content or _says_nothing(tree, verb, read):
        return None
    words = _cue_words(tree, verb, read)
    source = _source(tree, verb, read)
    content = {
        i
        for i in read.content - source - words
        if tree.paragraph[i] == tree.paragraph[verb] or tree.region[i] >= 0
    }
    if read.pattern not in _OVER_QUOTATIONS:
        content -= taken
    if not content:
        return None
    return Draft(verb, content, source, words, read.pattern, tree.lemma(verb))


def _by_order(tree: Tree, verb: int, read: _PartialClaim) -> _PartialClaim:
    """`A, the mayor said, B`: A and B; also completes a clause that the parse missed."""
    ordered = tree.has(verb, "order")
    if not ordered and tree.lemma(verb) != "tell":
        return read
    around, speaker = word_order.around(tree, verb)
    # Only headlines do without a finite verb: `Bridge unsafe, says mayor`.
    if around and (has_finite(tree, around) or tree.tag[verb] in ("VBZ", "VBP")):
        theirs = speaker and (not speaker & read.source or read.source & (around - speaker))
        content = without_connective(tree, around)
        return _PartialClaim(content, "around", speaker if theirs else read.source)
    if not ordered:
        return read
    return _PartialClaim(*_mended(tree, verb, read.content, read.pattern), read.source)


def _from_that(tree: Tree, verb: int, read: _PartialClaim) -> _PartialClaim:
    """`reminded the jury that the road is open`: the clause, if the parse has no content."""
    only_that = read.pattern == "object" and tree.lower[min(read.content)] == "that"
    if read.content and not only_that:
        return read
    if not tree.has(verb, "clause") or not _that_follows(tree, verb):
        return read
    return _PartialClaim(word_order.after(tree, verb), "order", read.source)


def _to_its_ends(tree: Tree, verb: int, read: _PartialClaim) -> _PartialClaim:
    """`said on Friday that the road is open and dry`: the clause without the day, to its end."""
    if read.pattern != "clause":
        return read
    content = read.content
    if tree.has(verb, "quote") and min(content) > verb:
        content = word_order.from_that(tree, content)
    content = word_order.with_subject(tree, verb, content)
    return read._replace(content=word_order.grown_right(tree, verb, content))


def _with_quotation(tree: Tree, verb: int, read: _PartialClaim, taken: set[int]) -> _PartialClaim:
    """`said the road “is open”`: the quotation adjacent to the cue, if the parse missed it."""
    if read.pattern not in _MAY_QUOTE:
        return read
    quoted = _touching_quotation(tree, verb, read.source)
    if quoted is None or _is_labelled(tree.regions[quoted], taken):
        return read
    quotation = tree.regions[quoted]
    if read.content and min(read.content) == quotation[0]:
        whole = word_order.up_to_quotation(tree, verb, quotation)
        return read._replace(content=read.content | whole)
    if read.content.intersection(quotation):
        return read
    partial = word_order.up_to_quotation(tree, verb, quotation) if not read.content else set()
    if partial:
        return _PartialClaim(partial, "order", read.source)
    weak = tree.has(verb, "quote") and read.pattern in ("object", "infinitive")
    if read.content and not weak:
        return read
    return _PartialClaim(set(quotation), "quote", read.source)


def _says_nothing(tree: Tree, verb: int, read: _PartialClaim) -> bool:
    """`It is worth noting that A`, `who asked not to be named`, `who asked for anonymity`."""
    governed_by = not any(tree.children(verb, "nsubj"))
    if tree.tag[verb] == "VBG" and governed_by and _is_expletive(tree, read.source):
        return True
    if tree.tag[verb] == "VB" and tree.rel[verb] == "ROOT" and not read.source:
        return True  # Ask yourself whether A
    unnamed = tree.lemma(verb) == "ask" and tree.lower[min(read.content)] == "not"
    return unnamed or {tree.lower[i] for i in read.content} == {"anonymity"}


def _cue_words(tree: Tree, verb: int, read: _PartialClaim) -> set[int]:
    """`has said`, `was quoted as saying`, `called for`."""
    words = cue_words(tree, verb)
    if read.pattern == "quoted as":
        words |= {verb + 1, verb + 2}
    if read.pattern == "preposition":
        words |= _particles(tree, verb, read.content)
    return words


def _source(tree: Tree, verb: int, read: _PartialClaim) -> set[int]:
    """The source by the parse, otherwise by the words before the verb: `the mayor said`."""
    source = read.source
    if read.pattern == "quoted as":
        subject = next(tree.children(verb, "nsubj"), None)
        source = noun_phrase(tree, subject) if subject is not None else set()
    if not source and tree.tag[verb] in PAST_OR_PRESENT and read.pattern not in _NO_SUBJECT:
        source = subject_before(tree, verb, tree.sentence_words(verb))
    if tree.has(verb, "quote") and read.pattern in ("clause", "quote", "order", "around"):
        source = repaired(tree, verb, source)
    return source


def _that_follows(tree: Tree, verb: int) -> bool:
    """Whether `that` follows: `posits that ...`, `reminded the jury that ...`."""
    for i in range(verb + 1, min(verb + 7, tree.high[verb])):
        if tree.lower[i] == "that":
            return tree.tag[i] != "DT"
        if not tree.words[i] or tree.tag[i] in FINITE:
            return False
    return False


def _is_labelled(quotation: range, taken: set[int]) -> bool:
    """Whether all except the beginning of a quotation is taken, as in a transcript."""
    return quotation[0] not in taken and not taken.isdisjoint(quotation)


def _is_expletive(tree: Tree, source: set[int]) -> bool:
    """`It is worth noting that ...`: the subject is not a source."""
    return {tree.lower[i] for i in source} == {"it"}


def _mended(tree: Tree, verb: int, content: set[int], pattern: str) -> tuple[set[int], str]:
    """The clause after the verb, if the parse has none or only a part of it."""
    plain_infinitive = pattern == "infinitive" and tree.lemma(verb) in _PLAIN_SPEECH
    if not content or plain_infinitive:
        rest = word_order.after(tree, verb)
        return (rest, "order") if rest else (content, pattern)
    if pattern == "clause" and min(content) > verb:
        cut = word_order.from_that(tree, content)
        if cut == content:
            return word_order.grown_left(tree, verb, content), pattern
    return content, pattern


def _particles(tree: Tree, verb: int, content: set[int]) -> set[int]:
    found = set()
    i = verb + 1
    while i < tree.n and i not in content and tree.lower[i] in _PARTICLES:
        found.add(i)
        i += 1
    return found


def _touching_quotation(tree: Tree, verb: int, source: set[int]) -> int | None:
    """The number of the quotation adjacent to cue or source; None if there is none."""
    low, high = min(source | {verb}), max(source | {verb})
    if high - low > _FARTHEST_SOURCE:
        low = high = verb
    after = _quotation_after(tree, verb, high)
    return after if after is not None else _quotation_before(tree, verb, low)


def _quotation_after(tree: Tree, verb: int, high: int) -> int | None:
    """`The mayor told the council on Friday, “the road is open”`: the next one, if it is near."""
    steps, i = 0, high + 1
    while i < tree.n and steps < _FARTHEST_AFTER:
        number = tree.region[i]
        if number >= 0:
            size, before = tree.quoted_words[number], tree.form[i - 1]
            near = steps <= 1 or (size >= _LONG_QUOTATION and steps <= _NEAR_AFTER)
            named = tree.pos[i - 1] == "ADP"  # said on “The Morning Show”
            introduced = before in (",", ":") or (near and not named)
            return number if size >= _SHORTEST_QUOTATION and introduced else None
        over = tree.paragraph[i] != tree.paragraph[verb] and tree.words[i]
        if tree.form[i] in (".", ";", "?", "!") or over:
            return None
        steps += not tree.blank[i]
        i += 1
    return None


def _quotation_before(tree: Tree, verb: int, low: int) -> int | None:
    """`“The road is open”, the mayor said`: the previous one, if only commas are between; else
    None."""
    steps, i = 0, low - 1
    while i >= 0 and steps < _FARTHEST_BEFORE:
        number = tree.region[i]
        if number >= 0:
            return number if tree.quoted_words[number] >= 2 else None
        if tree.form[i] == ";" or tree.paragraph[i] != tree.paragraph[verb]:
            return None
        steps += not tree.blank[i]
        i -= 1
    return None
