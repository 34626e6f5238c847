"""Properties of every claim, for any order of names, verbs and quotations."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from annotator.core.text.paragraph_bounds import paragraph_spans
from annotator.suggest.claims import FoundClaim
from annotator.suggest.claims.component import article_paragraphs
from annotator.suggest.claims.quotations import regions
from tests.helpers.claim_docs import shipped
from tests.helpers.examples import examples

_SAID = ["We will not pay", "You will", "The bridge is shut", "Never", "It is our home", "no"]
_QUOTED = st.tuples(
    st.sampled_from(
        ["“{}”", "“{},”", "“{}.”", '"{},"', '"{}."', "'{},'", "‘{}.’", "“{}", "{}”", "«{}»"]
    ),
    st.sampled_from(_SAID),
).map(lambda pair: pair[0].format(pair[1]))  # fmt: skip
_WORDS = st.sampled_from(
    [
        "Nora Hale", "Mayor Peter Roe", "she", "the drivers' union", "officials", "said",
        "told the BBC",
        "according to", "warned that", "adding", "who called it", "citing", "had said", "replied",
        "the bridge was unsafe", "the council met", "reportedly", "the claim that",
        "the “iron lady”",
        ",", ".", ":", " —", ", and", "\n\n",
    ]
)  # fmt: skip
TEXTS = st.lists(st.one_of(_QUOTED, _WORDS), min_size=1, max_size=14).map(" ".join)


def characters(pieces: tuple[tuple[int, int], ...]) -> set[int]:
    return {at for start, end in pieces for at in range(start, end)}


def found_in(text: str) -> tuple[tuple[FoundClaim, ...], list[tuple[int, int]]]:
    """The claims of a text, and where it quotes more than a few words or a whole sentence."""
    doc = shipped()(text)
    quoted = [
        (region.start, region.end)
        for region in regions(text, article_paragraphs(doc))
        if len(re.findall(r"\w+", text[region.start : region.end])) > 3
    ]
    return doc._.claims, quoted


@examples(40)
@given(TEXTS)
def test_content_cue_and_source_share_no_word(text: str) -> None:
    for claim in found_in(text)[0]:
        content, cue, source = map(characters, (claim.content, claim.cue, claim.source))
        assert content
        assert not content & cue
        assert not content & source
        assert not cue & source
        assert len(claim.cue) <= 1
        assert len(claim.source) <= 1


@examples(40)
@given(TEXTS)
def test_no_source_contains_a_quotation(text: str) -> None:
    claims, quoted = found_in(text)
    for claim in claims:
        for start, end in quoted:
            cue = characters(claim.cue)
            inside = bool(cue & set(range(start, end)))  # all of the claim lies in what is quoted
            assert inside or not characters(claim.source) & set(range(start, end))


@examples(40)
@given(TEXTS)
def test_every_piece_lies_in_one_paragraph(text: str) -> None:
    spans = [(span.start, span.end) for span in paragraph_spans(text)]
    for claim in found_in(text)[0]:
        for start, end in (*claim.content, *claim.cue, *claim.source):
            assert any(low <= start < end <= high for low, high in spans)


@examples(40)
@given(TEXTS)
def test_a_direct_quotation_continues_only_after_a_mark(text: str) -> None:
    spans = [(span.start, span.end) for span in paragraph_spans(text)]
    for claim in found_in(text)[0]:
        if claim.quotation != "direct":
            continue
        number = [
            next(n for n, (low, high) in enumerate(spans) if low <= start < high)
            for start, _ in claim.content
        ]
        for (start, _), here, before in zip(claim.content[1:], number[1:], number, strict=False):
            assert here == before or text[start] in "“\"'‘«„”»"
