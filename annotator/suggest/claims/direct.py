"""Finds quotations and their sources by word order: the mark, the cue, the name.

Parsers are weak here ("...", he said) and typography is reliable, so the order decides, and the
parse only refines the extent of the source.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from annotator.lexicon.label_roles import SPEAKERS
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
from annotator.suggest.claims.cues_beside import (
    cue_to_the_left,
    cue_to_the_right,
    manner_to_the_right,
    puts_it,
)
from annotator.suggest.claims.found_claim import Draft
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
    has_finite,
    opens_adjunct,
    sentence_ends,
    source_at_start,
    without_manner,
    words_after,
    words_before,
)
from annotator.suggest.claims.tree import PAST_OR_PRESENT, Tree
from annotator.suggest.claims.word_order import TAKES_ADDRESSEE, grown_right

_NOT_A_CLAUSE = words_of("and but so then this when after before as while")
_SENTENCE = 5  # words in marks that begin with a capital: rather a sentence than a title
_INTRODUCED = 4  # words behind a colon; fewer may be the item of a list
_LONG = 6  # words; a shorter paragraph in marks may be a heading
_LONGEST_SOURCE = 60  # tokens; longer ones come of a wrong parse
_LONGEST_BREAK = 400  # characters between two quotations of one claim, the cue among them
_MOST_BETWEEN = 30  # words between them
_MARKS_AND_BLANKS = "\"“”«»„'`‘’ "


def direct_claims(tree: Tree, quotations: Sequence[Region]) -> list[Draft]:
    """A draft for each quotation with a cue beside it or standing alone; others join a draft."""
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
    """Join a quotation to that of the previous paragraph, unless a second cue follows it."""
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


@dataclass(frozen=True, slots=True)
class _Beside:
    """One quotation with the words on both sides, up to the ends of their clauses."""

    number: int
    tokens: range
    size: int  # words
    capital: bool
    end_mark: str
    at_start: bool  # of its paragraph
    left: list[int]
    right: list[int]

    @property
    def first(self) -> int:
        return self.tokens[0]

    @property
    def before(self) -> int | None:
        """The last word or mark before the quotation in its clause."""
        return self.left[-1] if self.left else None

    @classmethod
    def of(cls, tree: Tree, quotations: Sequence[Region], number: int) -> _Beside:
        """The quotation with this number and its context."""
        tokens = tree.regions[number]
        quoted = tree.text[quotations[number].start : quotations[number].end]
        return cls(
            number,
            tokens,
            tree.quoted_words[number],
            quoted.strip(_MARKS_AND_BLANKS)[:1].isupper(),
            quoted.rstrip("\"”»“'’ ")[-1:],
            tree.starts_paragraph(tokens[0]),
            words_before(tree, tokens[0] - 1),
            words_after(tree, tokens[-1] + 1),
        )


def _one(tree: Tree, quotations: Sequence[Region], number: int, last: Draft | None) -> Draft | None:
    """The claim for a quotation; None if it is none, or was joined to the last one."""
    here = _Beside.of(tree, quotations, number)
    sentence_like = _is_sentence_like(tree, here)
    if sentence_like or (here.capital and here.size >= _SENTENCE):
        found = _said_behind(tree, here)
        if found is not None:
            return found
        verb = _verb_before(tree, here)
        if verb is not None and last is not None and last.anchor == verb:
            _join(last, here)
            return None
        if verb is not None:
            return _with_cue_before(tree, number, verb, here.left)
        signed = (
            name_after_dash(tree, here.tokens[-1], here.right) if here.size >= _SENTENCE else []
        )
        if signed:
            source = source_at_start(tree, signed)
            return Draft(here.first, set(here.tokens), source, set(), "dash", region=number)
    source, colon, introduced = _introduction(tree, here)
    begins = here.at_start or colon
    if last is not None and not begins and _answers(tree, quotations, here, last):
        return Draft(here.first, set(here.tokens), set(), set(), "float", region=number)
    if last is not None and not begins and _belongs_to(tree, quotations, here, last, sentence_like):
        if _conjoined(tree, last, here.left):
            last.content.add(here.left[-1])
        _join(last, here)
        return None
    if introduced and here.before is not None:
        cue = {here.before}
        return Draft(here.first, set(here.tokens), source, cue, "colon", region=number)
    return _alone(tree, quotations, here)


def _join(last: Draft, here: _Beside) -> None:
    """`“A,” she said. “B.”`: add B to the content of the last claim."""
    last.content.update(here.tokens)
    last.region = here.number


def _is_sentence_like(tree: Tree, here: _Beside) -> bool:
    """Whether a quotation is where a sentence may begin: after a stop, a comma, a verb."""
    before = here.before
    if here.at_start or before is None:
        return True
    return tree.form[before] in (",", ":", ".") or tree.has(before, "quote")


def _said_behind(tree: Tree, here: _Beside) -> Draft | None:
    """`“A,” she said`, `“A,” Berg shrugged.`, `“A,” Ada Low:`, and the headline `“A” – Low`."""
    number, right, first = here.number, here.right, here.first
    comma = bool(right) and tree.form[right[0]] == ","
    if comma or (here.end_mark and here.end_mark in ",?!-—…"):
        after = cue_to_the_right(tree, right)
        if after is not None and not _only_goes_on(tree, after, here.left):
            return _with_cue_after(tree, number, after)
    verb_first = bool(right) and here.end_mark in tuple("?!") and tree.is_full_verb(right[0])
    if here.end_mark == "," or verb_first or (comma and here.at_start and here.capital):
        manner = manner_to_the_right(tree, right)
        if manner is not None:
            return _with_cue_after(tree, number, manner, "manner")
    name = name_alone(tree, right) if here.end_mark == "," else set()
    if name:
        return Draft(first, set(here.tokens), name, set(), "beside", region=number)
    subject = headline_behind(tree, right) if here.at_start else set()
    if subject:
        return Draft(right[0], set(here.tokens), subject, {right[0]}, "headline", region=number)
    return None


def _verb_before(tree: Tree, here: _Beside) -> int | None:
    """`She added: “A.”`: the verb that introduces a quotation; None if the quotation is a part of
    its clause."""
    if here.before is None:
        return None
    verb = cue_to_the_left(tree, here.left)
    partial = _clause_goes_on(tree, here.right, here.end_mark)
    described = not here.capital and here.size < _SENTENCE  # Roe, “the iron mayor” of Halden
    return None if partial and (verb == here.before or described) else verb


def _introduction(tree: Tree, here: _Beside) -> tuple[set[int], bool, bool]:
    """`The mayor: “A.”`: the source before a colon or dash, whether it is a colon, and whether it
    introduces the quotation."""
    mark = tree.form[here.before] if here.before is not None else ""
    source = introducer(tree, here.left) if mark == ":" or mark in DASHES else set()
    sentence = bool(source) and here.capital and is_sentence(tree, here.tokens)
    turn = takes_turn(tree, source, here.left)
    colon = mark == ":" or (sentence and turn)
    return source, colon, colon and (here.size >= _INTRODUCED or sentence or turn)


def _belongs_to(
    tree: Tree, quotations: Sequence[Region], here: _Beside, last: Draft, sentence_like: bool
) -> bool:
    """`“A,” she said. “B.”`, `“A,” he said, but “B”`: in one paragraph and close to each other."""
    if not (sentence_like and here.capital) and not _conjoined(tree, last, here.left):
        return False
    if tree.paragraph[tree.regions[last.region][-1]] != tree.paragraph[here.first]:
        return False
    between = tree.text[quotations[last.region].end : quotations[here.number].start]
    return len(between) < _LONGEST_BREAK and _goes_on(between)


def _answers(tree: Tree, quotations: Sequence[Region], here: _Beside, last: Draft) -> bool:
    """`“Why not?” “Because it is old.”`: nothing between the marks, so somebody else speaks."""
    between = tree.text[quotations[last.region].end : quotations[here.number].start]
    return here.capital and between == " " and is_sentence(tree, here.tokens)


def _alone(tree: Tree, quotations: Sequence[Region], here: _Beside) -> Draft | None:
    """`“A whole paragraph.”`: a quotation that fills its paragraph, with or without a signature."""
    number = here.number
    ends = bool(here.end_mark) and here.end_mark in ".?!…" and not here.right
    whole = here.at_start and here.size >= _LONG and ends
    if number + 1 < len(quotations) and quotations[number + 1].continues:
        whole = here.at_start
    if not whole:
        return None
    source = signature(tree, here.tokens)
    pattern = "dash" if source else "float"
    return Draft(here.first, set(here.tokens), source, set(), pattern, region=number)


def _only_goes_on(tree: Tree, after: tuple[int, set[int]], left: list[int]) -> bool:
    """`Peabody said: “A,” adding that B`: the quotation belongs to the verb before it."""
    if tree.tag[after[0]] != "VBG" or after[1] or not left:
        return False
    verb = cue_to_the_left(tree, left)
    return verb is not None and tree.tag[verb] in PAST_OR_PRESENT


def _stands_alone(tree: Tree, tokens: range) -> bool:
    """Whether it is a single word with a stop: `“Sometimes,” she said`, `Peter Roe: “Never.”`."""
    return len(tokens) > 3 and tree.form[tokens[-2]] in ",.?!" and tree.words[tokens[1]]


def _clause_goes_on(tree: Tree, right: list[int], end_mark: str) -> bool:
    """`He said “the plan” would fail`: only a part of a reported clause is in marks."""
    return bool(right) and end_mark not in tuple(",.?!…") and tree.form[right[0]] != ","


def _conjoined(tree: Tree, last: Draft, left: list[int]) -> bool:
    """`“A,” he said, but “B”`: only a conjunction is between cue and quotation."""
    if left and all(tree.lower[i] in (",", "and", "but") for i in left):
        return tree.words[left[-1]] and tree.region[left[0] - 1] == last.region
    if not left or last.anchor not in left or tree.lower[left[-1]] not in ("and", "but", "that"):
        return False
    return left[-1] - last.anchor <= 4


def _goes_on(between: str) -> bool:
    return len(between.split()) <= _MOST_BETWEEN and sentence_ends(between) <= 1


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
        source = parsed | _name_after(tree, seen, max(parsed))
    content = set(tokens) - source
    return Draft(
        verb, content, source, cue_words(tree, verb), pattern, tree.lemma(verb), region=number
    )


def _name_after(tree: Tree, seen: set[int], last: int) -> set[int]:
    """`said the engineer, Ada Low`: the name after the comma, which the parser left out."""
    rest = [i for i in sorted(seen) if i > last]
    if len(rest) < 2 or tree.form[rest[0]] != "," or tree.entity[rest[1]] not in SPEAKERS:
        return set()
    end = next((n for n, i in enumerate(rest) if n and tree.form[i] == ","), len(rest))
    return set(rest[:end])


def _with_cue_before(tree: Tree, number: int, verb: int, left: list[int]) -> Draft:
    source = repaired(tree, verb, source_words(tree, verb)) or subject_before(tree, verb, left)
    if not source and verb == left[0]:
        source = source_at_start(tree, [i for i in left[1:] if tree.form[i] not in (",", ":")])
    if any(tree.region[i] != tree.region[verb] for i in source):  # a word of what is quoted
        source = {i for i in main_subject(tree, verb) if tree.region[i] == tree.region[verb]}
    content = set(tree.regions[number])
    clause = introduced_clause(tree, verb, left)
    if clause:
        content = grown_right(tree, verb, content | clause)
    content -= source
    return Draft(
        verb, content, source, cue_words(tree, verb), "quote", tree.lemma(verb), region=number
    )


def introduced_clause(tree: Tree, verb: int, left: list[int]) -> set[int]:
    """`She said that, for him, “it is over”`: what is said before the marks; empty if nothing."""
    gap = [i for i in left if i > verb]
    if puts_it(tree, verb):
        return set()
    that = next((n for n, i in enumerate(gap) if tree.lower[i] == "that"), -1)
    if that >= 0 and tree.rel[gap[that]] == "mark":
        return set(gap[that:])
    if not gap or not has_finite(tree, gap) or tree.lemma(verb) in TAKES_ADDRESSEE:
        return set()
    clause = tree.words[gap[0]] and not opens_adjunct(tree, gap[0])
    return set(gap) if clause and tree.lower[gap[0]] not in _NOT_A_CLAUSE else set()
