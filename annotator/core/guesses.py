"""What a claim's attributes most likely are, read off its own words; a reviewer changes them.

The lists are short on purpose: they serve claims that are made or mended by hand. Suggestions bring
their own attributes.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from annotator.core.annotations import Certainty, Claim, Quotation, SourceKind, Stance
from annotator.core.article import Spans

_OPENING, _CLOSING = '"“«„‘', '"”»“’'
_PAIRS = re.compile(r"“[^”\n]*”|«[^»\n]*»|„[^“\n]*“|\"[^\"\n]*\"|(?<!\w)‘[^‘\n]*?’(?!\w)")

CUES: dict[Stance, str] = {
    Stance.ASSERTS: "say tell add announce state report write explain note declare confirm insist "
    "claim argue acknowledge admit tweet post comment reveal stress maintain suggest describe "
    "concede testify reply respond emphasize emphasise recall allege believe think estimate "
    "indicate point",
    Stance.DENIES: "deny reject dismiss refute dispute",
    Stance.QUESTIONS: "ask wonder question doubt",
    Stance.PREDICTS: "predict warn expect forecast anticipate fear",
    Stance.DEMANDS: "demand urge order request appeal insist",
    Stance.COMMITS: "promise vow pledge swear agree offer threaten",
    Stance.JUDGES: "accuse blame call compare criticise criticize praise welcome condemn denounce "
    "slam hail",
}
_IRREGULAR = {
    "said": "say", "told": "tell", "wrote": "write", "written": "write", "denied": "deny",
    "denies": "deny", "replied": "reply", "replies": "reply", "swore": "swear", "sworn": "swear",
    "thought": "think", "slammed": "slam", "admitted": "admit", "testified": "testify",
}  # fmt: skip
_ADDRESSING = frozenset(("tell", "warn", "assure", "remind", "inform", "promise", "ask"))
# Words that leave it to what is said whether it is a prediction.
_COLOURLESS = frozenset(("say", "tell", "write", "add", "reply", "respond", "according"))
_FUTURE = re.compile(r"\b(will|would|won't|won’t|is going to|are going to)\b")
_NOUNS = {"according": Stance.ASSERTS, "reportedly": Stance.ASSERTS, "allegedly": Stance.ASSERTS}
_COLLECTIVE = re.compile(
    r"\b(officials|residents|sources|analysts|activists|witnesses|experts|critics|reports|media|"
    r"coalition|they|people|families|troops|soldiers|leaders|lawmakers|senators|advisers|diplomats)\b",
    re.IGNORECASE,
)
_ANONYMOUS = re.compile(
    r"^(an?|one|another|some|two|three|several|unnamed|anonymous)\s|\b(source|sources)\b|anonym",
    re.IGNORECASE,
)
_PERSON = re.compile(
    r"\b(man|woman|official|officer|source|commander|soldier|resident|driver|diplomat|aide|nurse|"
    r"teacher|farmer|baker|doctor|neighbour|neighbor|cousin|uncle|brother|sister|mother|father|"
    r"guard|fighter|worker|student|witness|analyst|expert|adviser|spokesman|spokeswoman)\b",
    re.IGNORECASE,
)
_DOCUMENT = re.compile(
    r"\b(report|statement|letter|document|poll|survey|study|tweet|memo|post|paper|communiqu\w+)\b",
    re.IGNORECASE,
)
_AUTHOR = re.compile(r"^(we|i)$", re.IGNORECASE)
_PRONOUN = re.compile(r"^(he|she|it|who|him|her)$", re.IGNORECASE)


def with_guesses(claim: Claim, text: str, *, before: Claim | None = None) -> Claim:
    """`claim` with attributes guessed from its words.

    Where the claim was another `before`, only those follow that were what its words suggested: what
    somebody chose stays.
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
    """The stance that a word of saying has by itself; None for any other word."""
    low = word.casefold()
    if low in _NOUNS:
        return _NOUNS[low]
    for form in _base_forms(low):
        if form in _stances():
            return _stances()[form]
    return None


def is_addressing(cue: str) -> bool:
    """Whether whoever is spoken to stands between these words of saying and what is said."""
    words = re.findall(r"[\w’']+", cue.casefold())
    return any(form in _ADDRESSING for word in words for form in _base_forms(word))


def quotations_in(line: str) -> list[tuple[int, int]]:
    """Where quotations stand in a line, marks included; the outermost marks only."""
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
    """1 where all of the words stand in marks (one may lie in another paragraph), 0 where none."""
    bare = words.strip().rstrip(".,")
    inside = sum(end - start for start, end in quotations_in(bare))
    if inside >= len(bare) or (not inside and bare and bare[0] in _OPENING):
        return 1
    return 0.5 if inside or (bare and bare[-1] in _CLOSING and len(bare) > 1) else 0


def _source_kind(claim: Claim, text: str) -> SourceKind:
    if not claim.source:
        return SourceKind.UNSPECIFIED if claim.cue else SourceKind.AUTHOR
    words = " ".join(piece.of(text) for piece in claim.source)
    if _AUTHOR.match(words):
        return SourceKind.AUTHOR
    if _PRONOUN.match(words):
        return SourceKind.NAMED
    if _DOCUMENT.match(re.sub(r"^(an?|the|another) ", "", words.casefold())):
        return SourceKind.DOCUMENT
    if _ANONYMOUS.search(words) and not re.search(r"\b[A-Z]\w+ [A-Z]\w+", words):
        return SourceKind.ANONYMOUS
    if _COLLECTIVE.search(words):
        return SourceKind.COLLECTIVE
    if _DOCUMENT.search(words) and not re.match(r"[A-Z]\w+ [A-Z]", words):
        return SourceKind.DOCUMENT
    if not re.search(r"(?<!^)\b[A-Z]", words) and not re.match(r"[A-Z]\w*$", words):
        if re.search(r"[^s]s\b", words):
            return SourceKind.COLLECTIVE
        # "The ministry" stands for one that was named, "the officer" for one that was not.
        return SourceKind.ANONYMOUS if _PERSON.search(words) else SourceKind.NAMED
    return SourceKind.NAMED


def _stance(claim: Claim, text: str) -> Stance:
    for piece in claim.cue:
        for word in reversed(re.findall(r"[\w’']+", piece.of(text))):
            stance = stance_of_cue(word)
            if stance and set(_base_forms(word.casefold())) & _COLOURLESS:
                return Stance.PREDICTS if _is_of_the_future(claim, text) else stance
            if stance is Stance.JUDGES and re.match(r"\s(on|for)\b", text[piece.end :]):
                return Stance.DEMANDS
            if stance:
                return stance
    return Stance.ASSERTS


def _is_of_the_future(claim: Claim, text: str) -> bool:
    return claim.content != () and bool(_FUTURE.search(claim.content[0].of(text)[:80]))


def _certainty(claim: Claim, text: str) -> Certainty | None:
    words = " ".join(piece.of(text) for piece in claim.content)
    for certainty, pattern in _CERTAINTIES:
        if pattern.search(words):
            return certainty
    return None


_CERTAINTIES = (
    (Certainty.CERTAIN, re.compile(r"\b(certainly|no doubt|undoubtedly|it is clear that)\b", re.I)),
    (Certainty.PROBABLE, re.compile(r"\b(likely|probably|(is|are|was|were) expected to)\b", re.I)),
    (Certainty.POSSIBLE, re.compile(r"\b(might|could|possibly|perhaps|(?-i:may))\b", re.I)),
)


@lru_cache(1)
def _stances() -> dict[str, Stance]:
    return {verb: stance for stance, verbs in reversed(CUES.items()) for verb in verbs.split()}


def _base_forms(word: str) -> tuple[str, ...]:
    """What a form of a verb may be a form of, the likeliest first."""
    if word in _IRREGULAR:
        return (_IRREGULAR[word],)
    forms = [word]
    for ending in ("ing", "ed", "es", "s", "d"):
        if word.endswith(ending):
            stem = word[: -len(ending)]
            forms += [stem, stem + "e"]
    return tuple(forms)
