"""The spaCy component `annotator_claims`: the last one, after parser and entities.

It stores claims in `doc.user_data["annotator_claims"]` as lists and dicts, so that a Doc can be
serialised; `doc._.claims` reads them as `FoundClaim`s.
"""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc

from annotator.core.text.paragraph_bounds import paragraph_spans
from annotator.suggest.claims.finder import find_claims
from annotator.suggest.claims.found_claim import FoundClaim

KEY = "annotator_claims"


class ClaimFinder:
    """Finds the claims of a Doc. Without a parser it uses only quotations and word order."""

    def __call__(self, doc: Doc) -> Doc:
        text = doc.text  # put together anew each time
        claims = find_claims(doc, article_paragraphs(doc, text), text)
        doc.user_data[KEY] = [claim.to_plain() for claim in claims]
        return doc


@Language.factory(KEY, assigns=["doc._.claims"])  # type: ignore[untyped-decorator]  # spaCy's
def make_claims(nlp: Language, name: str) -> ClaimFinder:  # noqa: ARG001  (spaCy names both)
    """The component; it has no settings and needs no training."""
    return ClaimFinder()


def claims_of(doc: Doc) -> tuple[FoundClaim, ...]:
    """The value of `doc._.claims`: the claims of a Doc, empty if the component has not run."""
    return tuple(FoundClaim.from_plain(plain) for plain in doc.user_data.get(KEY, ()))


def article_paragraphs(doc: Doc, text: str = "") -> list[tuple[int, int]]:
    """The paragraphs of a Doc as ranges of characters, without junk lines; `text` is its text, if
    it is at hand."""
    text = text or doc.text
    junk = [(span.start_char, span.end_char) for span in doc.spans.get("junk", ())]
    paragraphs = [(span.start, span.end) for span in paragraph_spans(text)]
    if not junk:
        return paragraphs
    found, at = [], 0
    for start, end in paragraphs:
        while at < len(junk) and junk[at][1] <= start:
            at += 1
        while at < len(junk) and junk[at][0] < end:
            if text[start : junk[at][0]].strip():
                found.append((start, start + len(text[start : junk[at][0]].rstrip())))
            start = junk[at][1]
            while start < end and text[start].isspace():
                start += 1
            at += 1
        if start < end:
            found.append((start, end))
    return found


if not Doc.has_extension("claims"):
    Doc.set_extension("claims", getter=claims_of)
