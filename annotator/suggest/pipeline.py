"""Loads a pipeline and makes suggestions for texts. No Doc leaves this package.

Importing this loads neither spaCy nor a model; `load` does.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from itertools import chain, compress, tee
from pathlib import Path
from typing import TYPE_CHECKING

from annotator.core.annotations import Item, problems
from annotator.core.record import PipelineId
from annotator.core.text.invisible import seen_in
from annotator.errors import ModelError
from annotator.suggest.spacy_alone import import_spacy

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

SHIPPED = "model"
_OTHER_MODEL = (
    "remove `model` from annotator.toml, or run `annotator model --use shipped`, to use the "
    "pipeline that comes with annotator"
)
_REPAIR = "reinstall annotator: the pipeline that comes with it is damaged"
# spaCy refuses texts of a million characters, and needs about 10 kB of memory for each character.
_PIECE = 100_000
# Words that only one text has are forgotten after each zone, or a long-lived worker would grow.
_TEXTS_IN_A_ZONE = 200
_CHARACTERS_IN_A_ZONE = 2_000_000
# Few texts at once: what they need then stays in the processor's cache, which matters most where
# several workers share one (two workers' CPU beside one's: 1.06 with 8, 1.10 with 32).
_BATCH = 8
# Memory goes with tokens: a text of one letter a line has five times those of prose.
_TOKENS_OF_PIECE, _TOKENS_OF_BATCH = 25_000, 40_000
# The tokeniser takes quadratic time for a word of marks only, which is not language anyway.
_ENDLESS_WORD = re.compile(r"\S{1000,}")
_HALF_PAIR = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True)
class Pipeline:
    """A spaCy pipeline with our components, and its identity."""

    nlp: Language
    id: PipelineId

    def suggest(self, texts: Iterable[str]) -> Iterator[tuple[Item, ...]]:
        """The suggestions for each text, in order: entities, claims, junk lines, by start.

        All items are made by `pipeline`, pending, and have a score if the pipeline gives one.
        """
        for zone in _zones(texts):
            yield from self._suggest_zone(zone)

    def docs(self, docs: Iterable[Doc]) -> Iterator[Doc]:
        """Annotates existing Docs; their tokenisation is kept."""
        from annotator.suggest.seen import carried_back, seen_doc

        whole, read = tee((doc, seen_doc(doc)) for doc in docs)
        found = self.nlp.pipe((seen[0] if seen else doc for doc, seen in read), batch_size=_BATCH)
        for (doc, seen), annotated in zip(whole, found, strict=True):
            yield carried_back(doc, annotated, *seen[1:]) if seen else annotated

    def _suggest_zone(self, texts: Sequence[str]) -> list[tuple[Item, ...]]:
        from annotator.suggest.items import items_of
        from annotator.suggest.long_texts import about_how_many, annotated
        from annotator.suggest.seen import on_the_whole

        seen = [seen_in(text) for text in texts]
        readable = [
            _readable(one.text if one else text) for text, one in zip(texts, seen, strict=True)
        ]
        sizes = [about_how_many(text) for text in readable]
        whole = [
            len(text) <= _PIECE and size <= _TOKENS_OF_PIECE
            for text, size in zip(readable, sizes, strict=True)
        ]
        with self.nlp.memory_zone():
            docs = chain.from_iterable(
                self.nlp.pipe(batch, batch_size=len(batch))
                for batch in _batches(compress(zip(readable, sizes, strict=True), whole))
            )
            found = [
                items_of(next(docs))
                if at_once
                else _valid(
                    items_of(annotated(self.nlp, text, _PIECE, most=_TOKENS_OF_PIECE)), text
                )
                for text, at_once in zip(readable, whole, strict=True)
            ]
            return [
                _valid(on_the_whole(items, one), text) if one else items
                for items, one, text in zip(found, seen, texts, strict=True)
            ]


def load(model: str | Path | None = None, encoder_runtime: str = "auto") -> Pipeline:
    """The pipeline that comes with annotator, or the installed package or folder with this name.

    Adds our components if they are missing. `encoder_runtime` is what runs `annotator_encoder`, if
    the pipeline has it: `onnxruntime`, `numpy`, or `auto`. Raises ModelError if it cannot be
    loaded.
    """
    keep_to_one_thread()
    import_spacy()
    from annotator.suggest.tokens import load_pipeline

    name = str(model) if model is not None else str(shipped_folder())
    try:
        nlp = load_pipeline(name)
    except Exception as error:  # a broken or outdated folder fails in as many ways as it has files
        raise _not_loaded(name, error, is_ours=model is None) from error
    if "annotator_encoder" in nlp.pipe_names:
        nlp.get_pipe("annotator_encoder").use(encoder_runtime)
    add_missing(nlp)
    meta = nlp.meta
    return Pipeline(nlp, PipelineId(str(meta["name"]), str(meta["version"]), _hash(nlp)))


def _not_loaded(name: str, error: Exception, *, is_ours: bool) -> ModelError:
    if isinstance(error, OSError) and not Path(name).is_dir():
        what = "is missing" if is_ours else "is not installed, and no folder has that name"
        advice = way_out(is_ours=True) if is_ours else f"Install it, or {_OTHER_MODEL}."
        return ModelError(f"The pipeline {name!r} {what}.", hint=advice)
    return ModelError(
        f"The pipeline {name!r} cannot be loaded: {error}", hint=way_out(is_ours=is_ours)
    )


def way_out(*, is_ours: bool) -> str:
    """What to do about a damaged pipeline: the one that comes with annotator, or another one."""
    return _capital(f"{_REPAIR if is_ours else _OTHER_MODEL}.")


def keep_to_one_thread() -> None:
    """Multiply matrices on one thread; works only before numpy is imported.

    More do not speed up short products, wait for each other, and slow down other workers.
    """
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def shipped_folder() -> Path:
    """The folder of the pipeline that comes with annotator."""
    return Path(str(files("annotator.suggest").joinpath(SHIPPED)))


def add_missing(nlp: Language) -> None:
    """Add our tokeniser rules and the missing components that need no training to a pipeline."""
    from annotator.suggest.tokens import divide_at_names

    divide_at_names(nlp)
    names = nlp.pipe_names
    if "annotator_paragraphs" not in names:
        before = next((name for name in ("parser", "senter", "sentencizer") if name in names), None)
        if before:
            nlp.add_pipe("annotator_paragraphs", before=before)
        else:
            nlp.add_pipe("annotator_paragraphs", last=True)
    if "annotator_junk" not in names:
        nlp.add_pipe("annotator_junk", first=True)
    for name in ("annotator_consistency", "annotator_claims"):
        if name not in names:
            nlp.add_pipe(name, last=True)


def _hash(nlp: Language) -> str:
    """The SHA-256 (hex) of the pipeline's folder and of our rules and lists."""
    own = Path(str(files("annotator.suggest")))
    folders = [own, Path(str(files("annotator.lexicon")))]
    if nlp.path is not None:
        folders.append(Path(nlp.path))
    return hash_of(folders, without=own / SHIPPED)


def hash_of(folders: Iterable[Path], *, without: Path | None = None) -> str:
    """The SHA-256 (hex) of the names and contents of the files in these folders, without those in
    the folder `without`."""
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            inside = path.relative_to(folder)
            if "__pycache__" in inside.parts or not path.is_file():
                continue
            if without is not None and without in path.parents:
                continue
            digest.update(inside.as_posix().encode() + b"\0")
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _valid(items: tuple[Item, ...], text: str) -> tuple[Item, ...]:
    """The items that are valid in the whole text, since a piece of it may look hard-wrapped."""
    return tuple(item for item in items if not any(problems(item, text)))


def _zones(texts: Iterable[str]) -> Iterator[list[str]]:
    zone: list[str] = []
    size = 0
    for text in texts:
        zone.append(text)
        size += len(text)
        if len(zone) >= _TEXTS_IN_A_ZONE or size >= _CHARACTERS_IN_A_ZONE:
            yield zone
            zone, size = [], 0
    if zone:
        yield zone


def _batches(texts: Iterable[tuple[str, int]]) -> Iterator[list[str]]:
    """Batches of texts, given with their approximate numbers of tokens, limited by memory."""
    batch: list[str] = []
    total = 0
    for text, size in texts:
        if batch and (len(batch) == _BATCH or total + size > _TOKENS_OF_BATCH):
            yield batch
            batch, total = [], 0
        batch.append(text)
        total += size
    if batch:
        yield batch


def _readable(text: str) -> str:
    """`text` with characters that spaCy cannot read replaced, so its length is unchanged."""
    # spaCy needs UTF-8, in which an unpaired surrogate has no form.
    text = _HALF_PAIR.sub("\ufffd", text)
    return _ENDLESS_WORD.sub(lambda word: "x" * len(word.group()), text)


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
