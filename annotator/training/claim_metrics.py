"""How right found claims are, compared with claims that people marked.

Spans become sets of word tokens (runs of letters and digits), so that marks, blanks and tokenisers
do not matter, and a content's leading *that* is dropped. Then, over all texts:

    exact   contents equal, one to one
    half    contents with a Dice overlap of at least one half, one to one, best pairs first
    tuple   half, and the sources overlap or both are empty: what a reviewer accepts with an edge
            mended at most
    soft    shares of words covered (Johansson and Moschitti 2010, as Pareti et al. 2013 use it)

`subset` measures claims of one kind: `reported` (a reporting word in the cue, or marks in the
content), `direct` (the content opens with a mark). A found claim is right if it matches any marked
one.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal, NamedTuple

Pieces = tuple[tuple[int, int], ...]
Subset = Literal["reported", "direct"]
ATTRIBUTES = ("quotation", "source_kind", "stance", "certainty")

_WORD = re.compile(r"[^\W_]+")
_MARKED = re.compile("[\"“”«]|''")
_OPENS_WITH_MARK = re.compile("\\s*(?:[\"“«]|'')")
_ENOUGH = 0.5
# A form of one of these verbs in the cue makes a claim a reported one.
_REPORTING_FORMS = """
say says said saying tell tells told telling add adds added adding write writes wrote writing note
notes noted noting announce announces announced announcing report reports reported reporting state
states stated stating claim claims claimed claiming argue argues argued arguing insist insists
insisted insisting warn warns warned warning acknowledge acknowledges acknowledged explain
explains explained explaining tweet tweets tweeted tweeting suggest suggests suggested suggesting
reply replies replied respond responds responded deny denies denied denying confirm confirms
confirmed confirming admit admits admitted allege alleges alleged assert asserts asserted declare
declares declared declaring according stress stresses stressed emphasize emphasized conclude
concludes concluded predict predicts predicted promise promises promised vow vows vowed pledge
pledged ask asks asked asking quote quoted recall recalls recalled describe described reveal
revealed maintain maintains maintained contend contends contended accuse accuses accused accusing
urge urges urged call calls called calling
"""
_REPORTING = frozenset(_REPORTING_FORMS.split())


class PRF(NamedTuple):
    """Precision, recall and their harmonic mean, as fractions."""

    precision: float
    recall: float
    f: float

    @classmethod
    def of(cls, right_found: float, found: float, right_gold: float, gold: float) -> PRF:
        """From how many of those found and of those marked were right; 0 where there are none."""
        precision = right_found / found if found else 0.0
        recall = right_gold / gold if gold else 0.0
        both = precision + recall
        return cls(precision, recall, 2 * precision * recall / both if both else 0.0)


@dataclass(frozen=True, slots=True)
class MeasuredClaim:
    """What is compared of a claim; pieces are ranges of characters, `attributes` by name."""

    content: Pieces
    cue: Pieces = ()
    source: Pieces = ()
    attributes: Mapping[str, str | None] = field(default_factory=dict)
    pattern: str = ""
    tier: str = ""


@dataclass(frozen=True, slots=True)
class ClaimDoc:
    """A text with its claims, marked by people or found."""

    text: str
    claims: tuple[MeasuredClaim, ...] = ()


@dataclass(frozen=True, slots=True)
class Precision:
    """Of `found` claims the shares that half match and that match as tuples."""

    found: int
    half: float
    tuple: float


@dataclass(frozen=True, slots=True)
class ClaimScores:
    """All measures as fractions; `source_right` and `attributes` are of the half-matched claims."""

    gold: int
    found: int
    exact: PRF
    half: PRF
    tuple: PRF
    soft: PRF
    words: Mapping[str, PRF]
    source_exact: float
    source_right: float
    attributes: Mapping[str, float]
    patterns: Mapping[str, Precision]
    tiers: Mapping[str, Precision]

    def to_plain(self) -> dict[str, Any]:
        """The same as dicts and numbers."""
        plain = asdict(self)
        for name in ("exact", "half", "tuple", "soft"):
            plain[name] = getattr(self, name)._asdict()
        plain["words"] = {role: prf._asdict() for role, prf in self.words.items()}
        return plain


def score(
    gold: Mapping[str, ClaimDoc], found: Mapping[str, ClaimDoc], subset: Subset | None = None
) -> ClaimScores:
    """The claims `found` in each text against `gold`; a text that `found` lacks has none."""
    tally = _Tally(subset)
    for name, marked in gold.items():
        tally.add(marked.text, marked.claims, found[name].claims if name in found else ())
    tiers = sorted({claim.tier for doc in found.values() for claim in doc.claims if claim.tier})
    return replace(
        tally.scores(), tiers={tier: _tier_alone(gold, found, tier, subset) for tier in tiers}
    )


def without_undecided(
    marked: ClaimDoc, found: Iterable[MeasuredClaim], undecided: Iterable[MeasuredClaim]
) -> tuple[MeasuredClaim, ...]:
    """The claims `found`, without those that half match one on which nobody decided.

    A claim that half matches a marked one at least as well stays.
    """
    text, found = marked.text, tuple(found)
    words = [(match.start(), match.end(), match.group().lower()) for match in _WORD.finditer(text)]
    known, unknown = _bags(marked.claims, words, text), _bags(undecided, words, text)
    if not unknown:
        return found
    left_out = set()
    for bag in _bags(found, words, text):
        best = max((_dice(bag.content, one.content) for one in known), default=0.0)
        open_ = max(_dice(bag.content, one.content) for one in unknown)
        if open_ >= _ENOUGH and open_ > best:
            left_out.add(id(bag.claim))
    return tuple(claim for claim in found if id(claim) not in left_out)


def without_unknown(
    marked: ClaimDoc, found: Iterable[MeasuredClaim], unknown: Pieces
) -> tuple[MeasuredClaim, ...]:
    """The claims `found`, without those in a stretch of which nothing is known, unless they half
    match a marked one."""
    every = tuple(found)
    if not unknown:
        return every
    text = marked.text
    words = [(match.start(), match.end(), match.group().lower()) for match in _WORD.finditer(text)]
    known = _bags(marked.claims, words, text)
    return tuple(
        bag.claim
        for bag in _bags(every, words, text)
        if any(_dice(bag.content, one.content) >= _ENOUGH for one in known)
        or not any(
            start < stop and begin < end
            for start, end in bag.claim.content
            for begin, stop in unknown
        )
    )


def compared(
    marked: ClaimDoc, found: Iterable[MeasuredClaim]
) -> tuple[list[tuple[Bag, Bag]], list[Bag], list[Bag]]:
    """The claims of one text: pairs whose contents half match, the best first; marked claims that
    were missed; found ones that nobody marked."""
    text = marked.text
    words = [(match.start(), match.end(), match.group().lower()) for match in _WORD.finditer(text)]
    theirs, ours = _bags(marked.claims, words, text), _bags(found, words, text)
    pairs = _matched(theirs, ours, lambda a, b: _dice(a.content, b.content), _ENOUGH)
    seen, used = {i for i, _ in pairs}, {j for _, j in pairs}
    return (
        [(theirs[i], ours[j]) for i, j in pairs],
        [bag for i, bag in enumerate(theirs) if i not in seen],
        [bag for j, bag in enumerate(ours) if j not in used],
    )


def _tier_alone(
    gold: Mapping[str, ClaimDoc],
    found: Mapping[str, ClaimDoc],
    tier: str,
    subset: Subset | None,
) -> Precision:
    """The precision of the claims of one tier, matched as if there were no others."""
    tally = _Tally(subset)
    for name, marked in gold.items():
        claims = found[name].claims if name in found else ()
        tally.add(marked.text, marked.claims, [one for one in claims if one.tier == tier])
    scores = tally.scores()
    return Precision(scores.found, scores.half.precision, scores.tuple.precision)


@dataclass(frozen=True, slots=True)
class Bag:
    """A claim as sets of word numbers; `reported` and `direct` say of which kinds it is."""

    content: frozenset[int]
    source: frozenset[int]
    cue: frozenset[int]
    reported: bool
    direct: bool
    claim: MeasuredClaim

    def sources_agree(self, other: Bag) -> bool:
        """Whether the sources share a word, or both name nobody."""
        return bool(self.source & other.source) or not (self.source or other.source)


@dataclass(slots=True)
class _Tally:
    """Counts over texts."""

    subset: Subset | None
    count: Counter[str] = field(default_factory=Counter)
    soft: list[float] = field(default_factory=lambda: [0.0, 0.0])
    word_counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    found_by_pattern: Counter[str] = field(default_factory=Counter)
    half_by_pattern: Counter[str] = field(default_factory=Counter)
    tuple_by_pattern: Counter[str] = field(default_factory=Counter)
    same: Counter[str] = field(default_factory=Counter)
    compared: Counter[str] = field(default_factory=Counter)

    def add(
        self, text: str, marked: Iterable[MeasuredClaim], claims: Iterable[MeasuredClaim]
    ) -> None:
        words = [
            (match.start(), match.end(), match.group().lower()) for match in _WORD.finditer(text)
        ]
        gold = _bags(marked, words, text)
        found = _bags(claims, words, text)
        gold_in = [self._counts(bag) for bag in gold]
        found_in = [self._counts(bag) for bag in found]
        self.count["gold"] += sum(gold_in)
        self.count["found"] += sum(found_in)
        for i, j in _matched(gold, found, lambda a, b: float(a.content == b.content), 1.0):
            self.count["exact gold"] += gold_in[i]
            self.count["exact found"] += found_in[j]
        for bag, counts in zip(found, found_in, strict=True):
            self.found_by_pattern[bag.claim.pattern] += counts
        for i, j in _matched(gold, found, lambda a, b: _dice(a.content, b.content), _ENOUGH):
            self._add_pair(gold[i], found[j], gold_in[i], found_in[j])
        self._add_soft(
            [bag for bag, counts in zip(gold, gold_in, strict=True) if counts],
            [bag for bag, counts in zip(found, found_in, strict=True) if counts],
            gold,
            found,
        )

    def scores(self) -> ClaimScores:
        count = self.count
        pairs = count["pairs"] or 1
        return ClaimScores(
            gold=count["gold"],
            found=count["found"],
            exact=self._prf("exact"),
            half=self._prf("half"),
            tuple=self._prf("tuple"),
            soft=PRF.of(self.soft[0], count["found"], self.soft[1], count["gold"]),
            words={
                role: PRF.of(
                    self.word_counts[role, "both"],
                    self.word_counts[role, "found"],
                    self.word_counts[role, "both"],
                    self.word_counts[role, "gold"],
                )
                for role in ("content", "source", "cue")
            },
            source_exact=count["source exact"] / pairs,
            source_right=count["source right"] / pairs,
            attributes={name: self.same[name] / n for name, n in self.compared.items()},
            patterns={
                name: Precision(n, self.half_by_pattern[name] / n, self.tuple_by_pattern[name] / n)
                for name, n in sorted(self.found_by_pattern.items())
                if n
            },
            tiers={},
        )

    def _counts(self, bag: Bag) -> bool:
        return self.subset is None or (bag.reported if self.subset == "reported" else bag.direct)

    def _prf(self, name: str) -> PRF:
        count = self.count
        return PRF.of(count[name + " found"], count["found"], count[name + " gold"], count["gold"])

    def _add_pair(self, gold: Bag, found: Bag, gold_in: bool, found_in: bool) -> None:
        right = gold.sources_agree(found)
        self.count["half gold"] += gold_in
        self.count["half found"] += found_in
        self.count["tuple gold"] += right and gold_in
        self.count["tuple found"] += right and found_in
        self.half_by_pattern[found.claim.pattern] += found_in
        self.tuple_by_pattern[found.claim.pattern] += right and found_in
        if not gold_in:
            return
        self.count["pairs"] += 1
        self.count["source exact"] += gold.source == found.source
        self.count["source right"] += right
        for name in gold.claim.attributes.keys() & found.claim.attributes.keys():
            self.compared[name] += 1
            self.same[name] += gold.claim.attributes[name] == found.claim.attributes[name]

    def _add_soft(
        self, gold_in: list[Bag], found_in: list[Bag], gold: list[Bag], found: list[Bag]
    ) -> None:
        self.soft[0] += sum(_covered(bag, gold) for bag in found_in)
        self.soft[1] += sum(_covered(bag, found) for bag in gold_in)
        for role in ("content", "source", "cue"):
            marked = {word for bag in gold for word in getattr(bag, role)}
            seen = {word for bag in found for word in getattr(bag, role)}
            self.word_counts[role, "both"] += len(marked & seen)
            self.word_counts[role, "gold"] += len(marked)
            self.word_counts[role, "found"] += len(seen)


def _bags(
    claims: Iterable[MeasuredClaim], words: list[tuple[int, int, str]], text: str
) -> list[Bag]:
    """The claims as word sets; those without a word in their content are left out."""
    bags = []
    for claim in claims:
        content = _word_numbers(claim.content, words)
        if len(content) > 1 and words[min(content)][2] == "that":
            content -= {min(content)}
        if not content:
            continue
        cue = _word_numbers(claim.cue, words)
        raw = "".join(text[start:end] for start, end in claim.content)
        bags.append(
            Bag(
                content,
                _word_numbers(claim.source, words),
                cue,
                any(words[i][2] in _REPORTING for i in cue) or bool(_MARKED.search(raw)),
                bool(_OPENS_WITH_MARK.match(raw)),
                claim,
            )
        )
    return bags


def _word_numbers(pieces: Pieces, words: list[tuple[int, int, str]]) -> frozenset[int]:
    found: set[int] = set()
    for start, end in pieces:
        i = bisect_right(words, start, key=lambda word: word[1])
        while i < len(words) and words[i][0] < end:
            found.add(i)
            i += 1
    return frozenset(found)


def _matched(
    gold: list[Bag], found: list[Bag], alike: Callable[[Bag, Bag], float], floor: float
) -> list[tuple[int, int]]:
    """Pairs of at least `floor`, one to one, the best first, ties in order."""
    pairs = sorted(
        ((-alike(a, b), i, j) for i, a in enumerate(gold) for j, b in enumerate(found)),
    )
    used_gold: set[int] = set()
    used_found: set[int] = set()
    matched = []
    for negative, i, j in pairs:
        if -negative < floor:
            break
        if i not in used_gold and j not in used_found:
            used_gold.add(i)
            used_found.add(j)
            matched.append((i, j))
    return matched


def _dice(one: frozenset[int], other: frozenset[int]) -> float:
    return 2 * len(one & other) / (len(one) + len(other)) if one and other else 0.0


def _covered(bag: Bag, others: list[Bag]) -> float:
    return min(1.0, sum(len(bag.content & other.content) for other in others) / len(bag.content))
