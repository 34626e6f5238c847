"""For tests of claims: the shipped pipeline, hand-built trees, and claims as plain text."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from spacy.language import Language
from spacy.tokens import Doc

from annotator.suggest.claims import FoundClaim
from annotator.suggest.pipeline import Pipeline, load
from tests.helpers.english import english


class Words(NamedTuple):
    """A claim as the words of its parts, pieces joined by ` | `."""

    source: str
    cue: str
    content: str


@cache
def shipped_pipeline() -> Pipeline:
    """The shipped pipeline, loaded once."""
    return load()


def shipped() -> Language:
    """The same as spaCy has it."""
    return shipped_pipeline().nlp


def claims_in(text: str, nlp: Language | None = None) -> tuple[FoundClaim, ...]:
    found: tuple[FoundClaim, ...] = (nlp or shipped())(text)._.claims
    return found


def words_in(text: str, nlp: Language | None = None) -> list[Words]:
    """The claims that a pipeline finds in `text`, as words."""
    return [as_words(text, claim) for claim in claims_in(text, nlp)]


def as_words(text: str, claim: FoundClaim) -> Words:
    return Words(
        *(
            " | ".join(text[start:end] for start, end in pieces)
            for pieces in (claim.source, claim.cue, claim.content)
        )
    )


def tree_doc(rows: Sequence[str]) -> Doc:
    """A Doc from rows of `form tag pos head relation`; heads count from 0.

    A form that ends in `_` has no blank behind it.
    """
    fields = [row.split() for row in rows]
    return Doc(
        english().vocab,
        words=[form.rstrip("_") for form, *_ in fields],
        spaces=[not form.endswith("_") for form, *_ in fields],
        tags=[tag for _, tag, *_ in fields],
        pos=[pos for _, _, pos, *_ in fields],
        heads=[int(head) for *_, head, _ in fields],
        deps=[relation for *_, relation in fields],
    )


def quoted_in(text: str) -> list[tuple[str, str]]:
    """Source and content of each direct quotation of `text`, in order."""
    return [(one.source, one.content) for one in words_in(text) if one.content[0] in "“\"'‘«„"]


def only_claim(text: str) -> Words:
    """The one claim that the shipped pipeline finds in `text`."""
    (words,) = words_in(text)
    return words
