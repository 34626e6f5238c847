"""Component: paragraph ends end sentences."""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc

from annotator.core.text.paragraph_bounds import is_hard_wrapped


class Paragraphs:
    """The component: sets a sentence start after each paragraph end, which the parser keeps."""

    def __call__(self, doc: Doc) -> Doc:
        text = doc.text
        if "\n" in text:
            ends = 2 if is_hard_wrapped(text) else 1
            # Setting tokens one by one would scan the whole Doc each time.
            starts = doc.to_array("SENT_START")
            for token in doc[:-1]:
                if token.is_space and token.text.count("\n") >= ends:
                    starts[token.i + 1] = 1
            doc.from_array(["SENT_START"], starts)
        return doc


@Language.factory("annotator_paragraphs", assigns=["token.is_sent_start"])  # type: ignore[untyped-decorator]  # spaCy's
def make_paragraphs(nlp: Language, name: str) -> Paragraphs:  # noqa: ARG001  (spaCy names both)
    """The component; it has no settings and needs no training."""
    return Paragraphs()
