"""The claims component in a pipeline: Doc contents, any text, cost, other pipelines."""

from __future__ import annotations

import cProfile
import json
import re
import time
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from importlib.resources import files
from pathlib import Path

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.language import Language
from spacy.tokens import Doc, DocBin

from annotator.core.annotations import Certainty, Quotation, SourceKind, Stance, Tier
from annotator.core.text.paragraph_bounds import paragraph_spans
from annotator.lexicon.cues import lexicon
from annotator.suggest.claims import FoundClaim, claims_of
from annotator.suggest.claims.component import article_paragraphs
from annotator.suggest.claims.finder import find_claims
from tests.helpers.claim_docs import claims_in, shipped, tree_doc, words_in
from tests.helpers.examples import examples
from tests.helpers.hostile_texts import PIECES

ARTICLE = """Ferry runs aground off the northern cape

The ferry Halla ran aground on Tuesday, the harbour office said, and forty people came ashore.

“It was dark. We heard the water come in,” said Ola Brandt, a farmer who was on board. “Nobody told
us what to do.”

According to the shipping line, the captain had sailed the route for twenty years. The line denied
that the ship had been overloaded. Its director, Maria Lund, promised to pay for the hotels.

The minister said the cause was not known. She added that divers may look at the hull on Friday.

“We will find out,” she told reporters, “and we will tell you.”
""".replace("told\nus", "told us").replace("denied\nthat", "denied that")
SENTENCES = [
    "The mayor said that the road was open.",
    "“The road is open,” she said.",
    "According to him, ",
    "Advertisement",
    "said ",
    "“",
    "”",
    '"',
    "''",
    "that ",
    "the report ",
    ", ",
    ".",
    ": ",
    "\n\n",
    "READ MORE: the mayor said no",
    "reportedly ",
    "Mayor: ",
    "(",
    "and warned ",
]
# Half a character cannot be written down as UTF-8, so no article holds one.
WHOLE = [piece for piece in PIECES if not any("\ud800" <= char <= "\udfff" for char in piece)]
TEXTS = st.lists(st.sampled_from([*SENTENCES, *WHOLE]), max_size=25).map(
    lambda pieces: "".join(pieces).replace("\r\n", "\n")
)


def check(doc: Doc) -> None:
    """What holds of the claims of every text."""
    paragraphs = [(span.start, span.end) for span in paragraph_spans(doc.text)]
    for claim in doc._.claims:
        assert claim.content
        assert len(claim.cue) <= 1
        assert len(claim.source) <= 1
        for pieces in (claim.content, claim.cue, claim.source):
            last = 0
            for start, end in pieces:
                assert last <= start < end <= len(doc.text)
                assert doc.text[start:end].strip()
                assert any(low <= start and end <= high for low, high in paragraphs)
                last = end
        assert claim.quotation in set(Quotation)
        assert claim.source_kind in set(SourceKind)
        assert claim.stance in set(Stance)
        assert claim.tier in set(Tier)
        assert claim.certainty in {None, *Certainty}
        assert claim.score is None or 0.0 <= claim.score <= 1.0
        if claim.source_entity is not None:
            assert claim.source_entity in {(e.start_char, e.end_char) for e in doc.ents}


@given(TEXTS)
def test_claims_of_any_text_lie_within_paragraphs(text: str) -> None:
    check(shipped()(text))


@given(TEXTS)
def test_claims_lie_within_paragraphs_without_a_parser(text: str) -> None:
    check(bare()(text))


@examples(20)
@given(TEXTS)
def test_claims_are_deterministic(text: str) -> None:
    assert claims_in(text) == claims_in(text)


JUNK = [
    "Advertisement",
    "READ MORE: Mayor said the pier was safe",
    "Share this article:",
    "Subscribe to our newsletter",
    "Leave a comment",
    "By Ann Lund | 3 May 2019",
    "Follow us on Twitter",
    "Related stories",
    "© 2019 Harbour News. All rights reserved.",
]
PARAGRAPHS = [paragraph for paragraph in ARTICLE.split("\n") if paragraph]


@given(
    # The first line is taken for the headline unless it is plainly the page's.
    before=st.lists(st.sampled_from(JUNK[:5]), max_size=3).map(lambda lines: JUNK[:1] + lines),
    article=st.lists(st.sampled_from(PARAGRAPHS), min_size=1, max_size=6, unique=True),
    after=st.lists(st.sampled_from(JUNK), max_size=5),
)
def test_lines_around_an_article_do_not_change_its_claims(
    before: list[str], article: list[str], after: list[str]
) -> None:
    body = "\n\n".join((PARAGRAPHS[0], *(p for p in article if p != PARAGRAPHS[0]), LAST))
    head = "".join(f"{line}\n\n" for line in before)
    page = head + body + "".join(f"\n\n{line}" for line in after)
    shifted = [moved(claim, -len(head)) for claim in claims_in(page)]
    assert shifted == list(map(moved, claims_in(body)))


LAST = "Divers will look at the hull on Friday."


def moved(claim: FoundClaim, by: int = 0) -> FoundClaim:
    """The claim as it would be `by` characters further on."""
    entity = claim.source_entity
    return replace(
        claim,
        content=tuple((start + by, end + by) for start, end in claim.content),
        cue=tuple((start + by, end + by) for start, end in claim.cue),
        source=tuple((start + by, end + by) for start, end in claim.source),
        source_entity=(entity[0] + by, entity[1] + by) if entity else None,
    )


def test_claims_survive_bytes() -> None:
    doc = shipped()(ARTICLE)
    again = Doc(shipped().vocab).from_bytes(doc.to_bytes())
    assert claims_of(again) == doc._.claims != ()


def test_claims_survive_a_doc_bin() -> None:
    doc = shipped()(ARTICLE)
    stored = DocBin(docs=[doc], store_user_data=True).to_bytes()
    (again,) = DocBin().from_bytes(stored).get_docs(shipped().vocab)
    assert again._.claims == doc._.claims != ()


def test_claims_survive_multiprocessing() -> None:
    docs = list(shipped().pipe([ARTICLE, "No claim here."], n_process=2))
    assert [doc._.claims for doc in docs] == [claims_in(ARTICLE), ()]


def test_a_saved_pipeline_finds_the_same_claims(tmp_path: Path) -> None:
    nlp = bare()
    nlp.to_disk(tmp_path)
    assert spacy.load(tmp_path)(ARTICLE)._.claims == nlp(ARTICLE)._.claims != ()


def test_a_doc_keeps_its_own_tokens() -> None:
    words = ["The", "mayor", "said", "that", "the", "road", "was", "open", "."]
    doc = Doc(shipped().vocab, words=words)
    doc = shipped()(doc)
    assert [token.text for token in doc] == words
    assert [doc.text[slice(*claim.cue[0])] for claim in doc._.claims] == ["said"]


def test_without_a_parser_quotations_and_word_order_are_used() -> None:
    words = words_in(
        "“The bridge is closed,” said Maria Lund.\nThe mayor said that the road was open.", bare()
    )
    assert [one.content for one in words] == [
        "“The bridge is closed,”",
        "that the road was open",
    ]
    assert [one.source for one in words] == ["Maria Lund", "The mayor"]


CLEARNLP = [
    "Critics NNS NOUN 2 nsubjpass",
    "were VBD AUX 2 auxpass",
    "accused VBN VERB 2 ROOT",
    "of IN ADP 2 prep",
    "lying VBG VERB 3 pcomp",
    "by IN ADP 2 agent",
    "the DT DET 7 det",
    "mayor_ NN NOUN 5 pobj",
    ". . PUNCT 2 punct",
]
UNIVERSAL = [
    "Critics NNS NOUN 2 nsubj:pass",
    "were VBD AUX 2 aux:pass",
    "accused VBN VERB 2 ROOT",
    "of IN SCONJ 4 mark",
    "lying VBG VERB 2 advcl",
    "by IN ADP 7 case",
    "the DT DET 7 det",
    "mayor_ NN NOUN 2 obl:agent",
    ". . PUNCT 2 punct",
]


@pytest.mark.parametrize("rows", [CLEARNLP, UNIVERSAL])
def test_both_kinds_of_labels_give_the_same_claim(rows: list[str]) -> None:
    doc = tree_doc(rows)
    (claim,) = find_claims(doc, [(0, len(doc.text))])
    text = doc.text
    assert [text[start:end] for start, end in claim.source] == ["the mayor"]
    assert [text[start:end] for start, end in claim.content] == ["Critics", "of lying"]


TO_CLEARNLP = {
    "obj": "dobj",
    "nsubj:pass": "nsubjpass",
    "csubj:pass": "csubjpass",
    "aux:pass": "auxpass",
    "acl:relcl": "relcl",
    "compound:prt": "prt",
    "nmod:poss": "poss",
    "iobj": "dative",
}


def with_clearnlp_labels(doc: Doc) -> Doc:
    """The Doc as a stock English pipeline labels it: prepositions govern their noun."""
    heads = [token.head.i for token in doc]
    deps = [TO_CLEARNLP.get(token.dep_, token.dep_) for token in doc]
    for token in doc:
        prepositions = [c for c in token.children if c.dep_ == "case" and c.i < token.i]
        if token.dep_ in ("obl", "nmod", "obl:agent") and len(prepositions) == 1:
            preposition = prepositions[0].i
            heads[preposition], heads[token.i] = heads[token.i], preposition
            deps[preposition] = "agent" if token.dep_ == "obl:agent" else "prep"
            deps[token.i] = "pobj"
    again = Doc(
        doc.vocab,
        words=[token.text for token in doc],
        spaces=[bool(token.whitespace_) for token in doc],
        tags=[token.tag_ for token in doc],
        pos=[token.pos_ for token in doc],
        heads=heads,
        deps=deps,
        ents=[f"{token.ent_iob_}-{token.ent_type_}".rstrip("-") for token in doc],
    )
    again.spans["junk"] = [again[span.start : span.end] for span in doc.spans["junk"]]
    return again


def test_an_article_with_clearnlp_labels_has_the_same_claims() -> None:
    doc = shipped()(ARTICLE)
    again = with_clearnlp_labels(doc)
    assert {"dobj", "pobj", "prep"} <= {token.dep_ for token in again}
    found = find_claims(again, article_paragraphs(again))
    assert len(found) >= 8
    assert found == doc._.claims


def test_most_examples_of_the_lexicon_are_found_by_their_verb() -> None:
    table = json.loads(files("annotator.lexicon").joinpath("cues.json").read_text("utf-8"))
    verbs = lexicon().verbs
    examples = [(lemma, entry["example"]) for lemma, entry in table["verbs"].items()]
    docs = shipped().pipe(example for _, example in examples)
    lost = [
        lemma
        for (lemma, _), doc in zip(examples, docs, strict=True)
        if not any(
            verbs[word].lemma == lemma
            for claim in doc._.claims
            for start, end in claim.cue
            for word in re.findall(r"\w+", doc.text[start:end].lower())
            if word in verbs
        )
    ]
    assert len(lost) <= 0.08 * len(examples), lost


def words(count: int) -> str:
    """An article of about so many words, its paragraphs over again."""
    text = ARTICLE * (count // len(ARTICLE.split()) + 1)
    return text[: [match.end() for match in re.finditer(r"\S+", text)][count - 1]]


def test_claims_cost_less_than_the_encoder() -> None:
    nlp, text = shipped(), words(635)
    doc = nlp(text)
    encoder, component = nlp.get_pipe("annotator_encoder"), nlp.get_pipe("annotator_claims")
    reading = min(_seconds(encoder, nlp, text) for _ in range(3))
    assert min(_seconds(component, nlp, text) for _ in range(3)) <= reading
    assert doc._.claims


@pytest.mark.parametrize("parsed", [True, False])
def test_the_cost_per_word_does_not_grow_with_the_text(*, parsed: bool) -> None:
    nlp = shipped() if parsed else bare()
    disable = {"annotator_claims", "annotator_consistency", "annotator_scores"}
    with nlp.select_pipes(disable=sorted(disable & set(nlp.pipe_names))):
        short, long = nlp(words(500)), nlp(words(5_000))
    assert _calls_to_find(long) / 5_000 <= 1.3 * _calls_to_find(short) / 500
    # What C code does is in no count of calls. Time varies, but not like the square of the length.
    assert _time_to_find(long, 2) / 5_000 <= 3 * _time_to_find(short, 20) / 500


def _time_to_find(doc: Doc, tries: int) -> float:
    """Seconds of processor time to find the claims, the best of some tries."""
    best = float("inf")
    for _ in range(tries):
        start = time.process_time()
        find_claims(doc, article_paragraphs(doc))
        best = min(best, time.process_time() - start)
    return best


def _calls_to_find(doc: Doc) -> int:
    """How many Python functions are called to find the claims: the same on every machine."""
    paragraphs = article_paragraphs(doc)
    profile = cProfile.Profile()
    profile.runcall(find_claims, doc, paragraphs)
    return sum(entry.callcount for entry in profile.getstats())


def _seconds(pipe: Callable[[Doc], Doc], nlp: Language, text: str) -> float:
    doc = nlp.make_doc(text)
    for _, earlier in nlp.pipeline:
        if earlier is pipe:
            break
        doc = earlier(doc)
    start = time.process_time()
    pipe(doc)
    return time.process_time() - start


@cache
def bare() -> Language:
    """A pipeline that neither tags nor parses."""
    nlp = spacy.blank("en")
    nlp.add_pipe("annotator_junk")
    nlp.add_pipe("annotator_claims")
    return nlp
