"""Rules for spaCy's tokeniser that separate names from other words.

`U.S.-led` begins with a name like `US-led`, and the dash of `-Commissioner Hale` is not part of it.
The rules apply with every pipeline; existing Docs keep their tokens.

A tokeniser tokenises its exceptions whenever one of its parts is set. spaCy makes one with the
exceptions of the language, then reads the one of the pipeline, to which the rules are added: three
times the exceptions, more than half of the time that loading takes. `load_pipeline` does it once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import spacy
import srsly
from spacy import util
from spacy.language import Language
from spacy.tokenizer import Tokenizer
from spacy.tokens import Doc

_PREFIX = r"^[-–](?=[^\W\d_][^\W\d_])"
_INFIX = r"(?<=[A-Z]\.)[-–](?=[^\W_])"


_OF_SPACY = {"@tokenizers": "spacy.Tokenizer.v1"}
_READ_ONCE = "annotator.ReadOnce.v1"


def load_pipeline(name: str) -> Language:
    """The pipeline in the folder, or of the installed package, with this name. The tokeniser of one
    in a folder has our rules."""
    folder = Path(name)
    if folder.is_dir():
        meta, config = util.get_model_meta(folder), util.load_config(folder / "config.cfg")
        if config["nlp"].get("tokenizer") == _OF_SPACY:
            config["nlp"]["tokenizer"] = {"@tokenizers": _READ_ONCE}
            nlp = util.load_model_from_config(config, meta=meta)
            nlp.config["nlp"]["tokenizer"] = dict(_OF_SPACY)
            return nlp.from_disk(folder)
    return spacy.load(name)


class _ReadOnce:
    """Stands where the tokeniser of a pipeline will, until that is read."""

    def __init__(self, nlp: Language) -> None:
        self._nlp = nlp

    def __call__(self, text: str) -> Doc:
        """For a component that reads a text while it is made: by the tokeniser of the language."""
        make = util.registry.tokenizers.get(_OF_SPACY["@tokenizers"])
        doc: Doc = make()(self._nlp)(text)
        return doc

    def from_disk(self, file: Path, *, exclude: Iterable[str]) -> None:
        """Put the tokeniser in this file, with our rules, into the pipeline."""
        content = Path(file).read_bytes()
        tokenizer = Tokenizer(self._nlp.vocab)
        tokenizer.from_bytes(content, exclude=[*exclude, "exceptions"])
        _divide(tokenizer)
        tokenizer.rules = srsly.msgpack_loads(content)["exceptions"]
        self._nlp.tokenizer = tokenizer


@util.registry.tokenizers(_READ_ONCE)  # type: ignore[untyped-decorator]  # spaCy's
def _read_once() -> Callable[[Language], _ReadOnce]:
    return _ReadOnce


def divide_at_names(nlp: Language) -> None:
    """Add the rules to the tokeniser of a pipeline; a tokeniser of another kind is unchanged."""
    if isinstance(nlp.tokenizer, Tokenizer):
        _divide(nlp.tokenizer)


def _divide(tokenizer: Tokenizer) -> None:
    prefix = _with(tokenizer.prefix_search, _PREFIX)
    infix = _with(tokenizer.infix_finditer, _INFIX)
    if prefix is None and infix is None:
        return
    with _exceptions_aside(tokenizer):
        if prefix is not None:
            tokenizer.prefix_search = prefix.search
        if infix is not None:
            tokenizer.infix_finditer = infix.finditer


@contextmanager
def _exceptions_aside(tokenizer: Tokenizer) -> Iterator[None]:
    """Take the exceptions away while expressions are set: each would have them tokenised anew."""
    rules = tokenizer.rules
    tokenizer.rules = {}
    yield
    tokenizer.rules = rules


def _with(method: object, pattern: str) -> re.Pattern[str] | None:
    """The expression of a method, extended by `pattern`; None if it contains that already."""
    own = getattr(method, "__self__", None)
    if own is None:
        return re.compile(pattern) if method is None else None
    return None if pattern in own.pattern else re.compile(f"{own.pattern}|{pattern}")
