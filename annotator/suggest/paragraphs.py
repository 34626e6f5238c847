"""Component: paragraph ends end sentences."""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc

from annotator.core.text.paragraph_bounds import is_hard_wrapped


def paragraph_ends(doc: Doc) -> list[int]:
    """The numbers of the blank tokens that end a paragraph: in hard-wrapped text, blank lines."""
    text = doc.text
    if "\n" not in text:
        return []
    ends = 2 if is_hard_wrapped(text) else 1
    return [token.i for token in doc if token.is_space and token.text.count("\n") >= ends]


class Paragraphs:
    """The component: sets a sentence start after each paragraph end, which the encoder, or the
    parser of another pipeline, keeps."""

    def __call__(self, doc: Doc) -> Doc:
        if ends := paragraph_ends(doc):
            # Setting tokens one by one would scan the whole Doc each time.
            starts = doc.to_array("SENT_START")
            for end in ends:
                if end + 1 < len(doc):
                    starts[end + 1] = 1
            doc.from_array(["SENT_START"], starts)
        return doc


@Language.factory("annotator_paragraphs", assigns=["token.is_sent_start"])  # type: ignore[untyped-decorator]  # spaCy's
def make_paragraphs(nlp: Language, name: str) -> Paragraphs:  # noqa: ARG001  (spaCy names both)
    """The component; it has no settings and needs no training."""
    return Paragraphs()
