"""Guesses the attributes of a claim from its words, as defaults for the reviewer.

Used for claims that are made or changed by hand. Suggestions have attributes from the pipeline,
which uses a parse and the entities.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import zip_longest

from annotator.core.annotations import Certainty, Claim, Quotation, SourceKind, Stance
from annotator.core.article import Spans
from annotator.lexicon.cues import Cue, lexicon
from annotator.lexicon.word_lists import words_of

_OPENING, _CLOSING = '"“«„‘', '"”»“’'
_PAIRS = re.compile(r"“[^”\n]*”|«[^»\n]*»|„[^“\n]*“|\"[^\"\n]*\"|(?<!\w)‘[^‘\n]*?’(?!\w)")

_FUTURE = re.compile(r"\b(will|would|won't|won’t|is going to|are going to)\b")
_MEASURED = 80  # characters of the content, which usually include its main verb
_ONE = words_of("a an one another some two three several unnamed anonymous")
_ARTICLES = words_of("a an the another")
_AUTHOR, _NAMED_BEFORE = words_of("we i"), words_of("he she it who him her")
_AFTER_HEAD = words_of("of in on at from for with who which that to by") | {","}
_HIDDEN = words_of("source sources anonymous anonymity unnamed unidentified")
_WORD = re.compile(r"[\w’'-]+|,")


def with_guesses(claim: Claim, text: str, *, before: Claim | None = None) -> Claim:
    """`claim` with attributes guessed from its words.

    If it was changed from the claim `before`, only attributes that had the guessed value are
    updated; those that somebody set are kept.
    """
    guess = _guessed(claim, text)
    if before is None:
        return guess
    old = _guessed(before, text)
    follow = {
        name: getattr(guess, name)
        for name in ("quotation", "source_kind", "stance", "certainty")
        if getattr(before, name) == getattr(old, name)
    }
    return replace(claim, **follow)


def stance_of_cue(word: str) -> Stance | None:
    """The stance of a cue by itself; None for other words."""
    low = word.casefold()
    if low == "according" or low in lexicon().adverbs:
        return Stance.ASSERTS
    cue = _cue_of(low)
    return Stance(cue.stance) if cue is not None else None


def quotations_in(line: str) -> list[tuple[int, int]]:
    """The outermost quotations in a line, as offsets including the marks."""
    return [found.span() for found in _PAIRS.finditer(line)]


def _guessed(claim: Claim, text: str) -> Claim:
    return replace(
        claim,
        quotation=_quotation(claim.content, text),
        source_kind=_source_kind(claim, text),
        stance=_stance(claim, text),
        certainty=_certainty(claim, text),
    )


def _quotation(content: Spans, text: str) -> Quotation:
    quoted = [_share_quoted(piece.of(text)) for piece in content]
    if all(share == 1 for share in quoted):
        return Quotation.DIRECT
    return Quotation.MIXED if any(quoted) else Quotation.INDIRECT


def _share_quoted(words: str) -> float:
    """The share of the words in quotation marks, 0 to 1 (a mark may be in another paragraph)."""
    bare = words.strip().rstrip(".,")
    inside = sum(end - start for start, end in quotations_in(bare))
    if inside >= len(bare) or (not inside and bare and bare[0] in _OPENING):
        return 1
    return 0.5 if inside or (bare and bare[-1] in _CLOSING and len(bare) > 1) else 0


def _source_kind(claim: Claim, text: str) -> SourceKind:
    if not claim.source:
        return SourceKind.UNSPECIFIED if claim.cue else SourceKind.AUTHOR
    found = _WORD.findall(" ".join(piece.of(text) for piece in claim.source))
    if not found:
        return SourceKind.NAMED
    if len(found) == 1 and found[0].casefold() in _AUTHOR | _NAMED_BEFORE | {"they"}:
        return _pronoun_kind(found[0].casefold())
    low, known = [word.casefold() for word in found], lexicon().words
    phrase = _first_phrase(found)
    head = phrase[-1].casefold()
    # The first word may be a common noun with the capital of its sentence.
    common = _ARTICLES | known["collective"] | known["document"] | known["person"]
    if any(word[0].isupper() for word in phrase[low[0] in common :]):
        return _kind_of_name(head, low, phrase)
    if head in known["document"]:
        return SourceKind.DOCUMENT
    if low[0] in _ONE or not _HIDDEN.isdisjoint(low):
        return SourceKind.ANONYMOUS
    if head in known["collective"] | known["crowd"] or re.fullmatch(r"\w*[^s]s", head):
        return SourceKind.COLLECTIVE
    # "The ministry" refers to a named one, "the officer" to an unnamed one.
    return SourceKind.ANONYMOUS if head in known["person"] else SourceKind.NAMED


def _pronoun_kind(pronoun: str) -> SourceKind:
    if pronoun in _AUTHOR:
        return SourceKind.AUTHOR
    return SourceKind.COLLECTIVE if pronoun == "they" else SourceKind.NAMED


def _first_phrase(found: list[str]) -> list[str]:
    """The words up to a modifier of the noun: a preposition, a clause, a comma."""
    end = next((n for n, word in enumerate(found) if n and word in _AFTER_HEAD), len(found))
    return found[:end]


def _kind_of_name(head: str, low: list[str], phrase: list[str]) -> SourceKind:
    """The kind of a phrase with a name: *Ansel officials*, *an Ansel official*, *Ansel Post*."""
    known = lexicon().words
    if phrase[-1][0].isupper():
        return SourceKind.COLLECTIVE if head in known["crowd"] else SourceKind.NAMED
    if head in known["document"]:
        return SourceKind.DOCUMENT
    if head in _HIDDEN or (low[0] in _ONE and head in known["person"]):
        return SourceKind.ANONYMOUS
    return SourceKind.COLLECTIVE if head in known["collective"] else SourceKind.NAMED


def _stance(claim: Claim, text: str) -> Stance:
    for piece in claim.cue:
        found = re.findall(r"[\w’']+", piece.of(text).casefold())
        for word in reversed(found):
            stance, cue = stance_of_cue(word), _cue_of(word)
            if stance is None:
                continue
            lemma = cue.lemma if cue is not None else word
            if lemma in lexicon().words["colourless"]:
                return Stance.PREDICTS if _is_of_the_future(claim, text) else stance
            return Stance.DEMANDS if _asks_for(lemma, found[-1], claim, text) else stance
    return Stance.ASSERTS


def _asks_for(lemma: str, last: str, claim: Claim, text: str) -> bool:
    """`called for B`, `asked him to leave`: a demand, whatever the usual stance of the verb."""
    if lemma not in lexicon().words["asking"]:
        return False
    behind = text[claim.cue[-1].end :]
    if last in ("for", "on") or re.match(r"\s(on|for)\b", behind):
        return True
    wanted = bool(claim.content) and re.search(r"\bto\b", claim.content[0].of(text)[:_MEASURED])
    return lemma != "call" and bool(wanted) and not re.match(r"\s(that|whether|if)\b", behind)


def _cue_of(word: str) -> Cue | None:
    return lexicon().verb(word) or lexicon().noun(word)


def _is_of_the_future(claim: Claim, text: str) -> bool:
    return claim.content != () and bool(_FUTURE.search(claim.content[0].of(text)[:_MEASURED]))


def _certainty(claim: Claim, text: str) -> Certainty | None:
    found = re.findall(r"[\w’']+", " ".join(piece.of(text) for piece in claim.content))
    low = [word.casefold() if word != "May" else word for word in found]  # May is a month
    for certainty in (Certainty.POSSIBLE, Certainty.PROBABLE, Certainty.CERTAIN):
        signs = lexicon().words[certainty.value]
        for word, after in zip_longest(low, low[1:]):
            if word in signs and (word != "expected" or after == "to"):  # not: as expected
                return certainty
    return None
