"""The key `c` and the pipeline use one lexicon: their results on its examples, compared."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import pytest

from annotator.core.annotations import Claim
from annotator.core.claims.claim_heuristics import propose_claim
from annotator.core.text.words import Words
from annotator.lexicon.cues import lexicon
from annotator.suggest.claims.found_claim import FoundClaim, Pieces
from tests.helpers.claim_docs import shipped

TABLE = json.loads(files("annotator.lexicon").joinpath("cues.json").read_text("utf-8"))
EXAMPLES = [
    (kind, lemma, entry["example"])
    for kind in ("verbs", "nouns", "adverbs")
    for lemma, entry in TABLE[kind].items()
]
# Where the key takes another cue than the pipeline does, and why.
_NOTHING = "the pipeline suggests nothing here: the parse of the example is wrong, or too unsure"
_WITH_THE_VERB = "the pipeline takes the verb before the noun where the parse gives it the clause"
_WITHIN = "the pipeline has the noun's claim within that of the verb; the key takes the outer one"
KNOWN: dict[tuple[str, str], str] = {
    **dict.fromkeys(
        (
            ("verbs", verb)
            for verb in (
                *("consider", "discuss", "dream", "infer", "need", "ponder", "relate", "require"),
            )
        ),
        _NOTHING,
    ),
    **dict.fromkeys(
        (("nouns", noun) for noun in ("acknowledgment", "admission", "assertion", "view")),
        _NOTHING,
    ),
    **dict.fromkeys((("nouns", n) for n in ("allegation", "criticism", "denial")), _WITH_THE_VERB),
    **dict.fromkeys((("nouns", n) for n in ("accusation", "report", "rumor", "rumour")), _WITHIN),
    ("verbs", "lash"): "only the parse tells that *out* belongs to the verb",
    ("verbs", "point"): "without a parse *to* may begin an infinitive, which point takes too",
    ("verbs", "quote"): "*as saying* is a cue of its own where there is no parse",
}
# Where the key, too, takes another word than the one that the example is for.
_OTHERS = {
    ("nouns", noun): "its verb is in the lexicon, and takes the noun as its object"
    for noun in (
        *("accusation", "charge", "concern", "demand", "doubt", "hope", "notion", "proposal"),
        *("report", "rumor", "rumour", "suspicion"),
    )
} | {("nouns", "view"): "only the parse tells that the clause behind *the panel* is the view"}


@dataclass(frozen=True)
class _Pair:
    """One example: what the pipeline found, and what the key proposes with the caret in it."""

    text: str
    found: FoundClaim | None
    proposed: Claim | None

    def agree_on(self, part: str) -> bool:
        assert self.found is not None
        spans = getattr(self.proposed, part) if self.proposed else ()
        pieces: Pieces = getattr(self.found, part)
        return tuple((span.start, span.end) for span in spans) == pieces


@cache
def _pairs() -> dict[tuple[str, str], _Pair]:
    docs = shipped().pipe(example for _, _, example in EXAMPLES)
    return {
        (kind, lemma): _pair(lemma, doc.text, doc._.claims)
        for (kind, lemma, _), doc in zip(EXAMPLES, docs, strict=True)
    }


def _pair(lemma: str, text: str, found: tuple[FoundClaim, ...]) -> _Pair:
    """The example's claim by its own word, else the first that the pipeline found."""
    own = (claim for claim in found if any(_is_of(lemma, text[a:b]) for a, b in claim.cue))
    claim = next(own, next(iter(found), None))
    if claim is None:
        return _Pair(text, None, None)
    caret = sum(claim.content[0]) // 2
    return _Pair(text, claim, propose_claim(Words(text), id="c", caret=caret))


def _is_of(lemma: str, cue: str) -> bool:
    read = lexicon()
    words = re.findall(r"\w+", cue.lower())
    cues = [one for word in words for one in (read.verb(word), read.noun(word)) if one]
    return lemma in words or any(one.lemma == lemma for one in cues)


@pytest.mark.parametrize(("kind", "lemma"), [(kind, lemma) for kind, lemma, _ in EXAMPLES])
def test_key_and_pipeline_find_the_same_cue_apart_from_known_differences(
    kind: str, lemma: str
) -> None:
    pair = _pairs()[kind, lemma]
    same = pair.found is not None and pair.agree_on("cue")
    assert same == ((kind, lemma) not in KNOWN), (pair.text, pair.found, pair.proposed)


@pytest.mark.parametrize(("kind", "lemma", "example"), EXAMPLES)
def test_the_key_finds_the_cue_of_each_example(kind: str, lemma: str, example: str) -> None:
    claims = [propose_claim(Words(example), id="c", caret=at) for at in (3, len(example) - 3)]
    cues = {span.of(example) for claim in claims if claim for span in claim.cue}
    assert any(_is_of(lemma, cue) for cue in cues) != ((kind, lemma) in _OTHERS), cues


def test_known_differences_have_a_reason_and_are_few() -> None:
    assert all(KNOWN.values())
    assert len(KNOWN) <= 0.12 * len(EXAMPLES)


def test_source_and_content_mostly_agree() -> None:
    pairs = [
        pair
        for place, pair in _pairs().items()
        if pair.found is not None and KNOWN.get(place) != _WITHIN
    ]
    for part in ("source", "content"):
        assert sum(pair.agree_on(part) for pair in pairs) >= 0.94 * len(pairs)
