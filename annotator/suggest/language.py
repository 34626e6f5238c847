"""Detects the language of an article."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from annotator.core.text.invisible import visible

# The first lines of a page may be a menu; a few hundred words identify a language reliably.
_SAMPLE = 1_500
_LETTERS_AT_LEAST = 25
_SURE = 0.6
_ADDRESS = re.compile(r"\S*(?:://|www\.|@)\S*")


def detect(text: str) -> str | None:
    """The ISO 639-1 code of the language of `text`; None if it is too short or unclear.

    Examines only the first 1,500 characters and takes about half a millisecond.
    """
    sample = _ADDRESS.sub(" ", visible(text)[:_SAMPLE])
    # The detector would fail on an unpaired surrogate, which no encoding supports.
    sample = sample.encode("utf-8", "ignore").decode("utf-8")
    if sum(map(str.isalpha, sample)) < _LETTERS_AT_LEAST:
        return None
    language, confidence = _identifier().classify(sample)
    return str(language) if confidence >= _SURE else None


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
