"""Loads a spaCy pipeline that suggests entities beside ours, and maps its entities to the text."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from annotator.core.annotations import Entity, first_problem
from annotator.core.article import Span
from annotator.core.record import PipelineId
from annotator.core.reviewing.wording import shortened
from annotator.core.text.paragraph_bounds import crosses_paragraphs
from annotator.errors import ModelError
from annotator.suggest.spacy_alone import import_spacy

if TYPE_CHECKING:
    from spacy.language import Language

    from annotator.suggest.pipeline import Pipeline

# Silent on everything that is not in their lists.
_RULES = ("entity_ruler", "span_ruler", "future_entity_ruler")
# Ours in another pipeline: it finds no entities, and takes most of the time.
_NOT_NEEDED = ("annotator_claims",)


@dataclass(frozen=True)
class SecondPipeline:
    """A loaded pipeline: `language` is its code (`xx`: any), `labels` are those of the entities
    that it finds by itself, without lists."""

    pipeline: Pipeline
    language: str
    labels: frozenset[str]

    def entities(self, text: str) -> tuple[Entity, ...]:
        """Its entities in `text`, without blanks at their edges, each within a paragraph."""
        (items,) = self.pipeline.suggest([text])
        return tuple(trimmed((one for one in items if isinstance(one, Entity)), text))


def trimmed(entities: Iterable[Entity], text: str) -> Iterable[Entity]:
    """The entities without blanks at their edges; none that crosses the end of a paragraph."""
    for one in entities:
        words = one.span.of(text)
        start = one.span.start + len(words) - len(words.lstrip())
        end = one.span.end - (len(words) - len(words.rstrip()))
        if start >= end:
            continue
        entity = replace(one, span=Span(start, end))
        if first_problem(entity, text) is None and not crosses_paragraphs(entity.span, text):
            yield entity


def folder_of(model: str, *, suggester: str) -> Path:
    """The folder with the configuration of a pipeline, given by path or by the name of an installed
    package; loads and imports nothing. Raises ModelError if there is none."""
    here = Path(model)
    if here.is_dir():
        folder = here
    elif here.exists():
        raise ModelError(
            f"The suggester {suggester} is not a spaCy pipeline: {model} is not a folder.",
            hint="Set its `model` in annotator.toml to the folder of a pipeline.",
        )
    else:
        folder = _installed(model, suggester)
    if not (folder / "config.cfg").is_file():
        raise ModelError(
            f"The suggester {suggester} is not a spaCy pipeline: {folder} has no config.cfg.",
            hint="Set its `model` in annotator.toml to a folder that `nlp.to_disk` has written, or "
            "to an installed pipeline.",
        )
    return folder


def config_of(folder: Path, *, suggester: str) -> dict[str, Any]:
    """The configuration of a pipeline; raises ModelError if it cannot be read."""
    import_spacy()
    from spacy.util import load_config

    try:
        return dict(load_config(folder / "config.cfg", interpolate=True))
    except Exception as error:  # broken in as many ways as the file has lines
        raise ModelError(
            f"The configuration of the suggester {suggester} cannot be read: {_in_one_line(error)}",
            hint=f"Correct {folder / 'config.cfg'}.",
        ) from error


def load_second(model: str, *, suggester: str) -> SecondPipeline:
    """Loads the pipeline; raises ModelError if that fails."""
    from annotator.suggest.pipeline import Pipeline, hash_of

    spacy = import_spacy()
    try:
        nlp = spacy.load(model, exclude=list(_NOT_NEEDED))
    except Exception as error:  # a broken or outdated folder fails in as many ways as it has files
        raise ModelError(
            f"The suggester {suggester} cannot be loaded: {_in_one_line(error)}",
            hint="Correct or remove it in annotator.toml.",
        ) from error
    folders = [] if nlp.path is None else [Path(nlp.path)]
    made = PipelineId(str(nlp.meta["name"]), str(nlp.meta["version"]), hash_of(folders))
    return SecondPipeline(Pipeline(nlp, made), nlp.lang, frozenset(_labels_found(nlp)))


def _in_one_line(error: Exception) -> str:
    return shortened(str(error), 300)


def _labels_found(nlp: Language) -> Iterable[str]:
    for name in nlp.pipe_names:
        meta = nlp.get_pipe_meta(name)
        sets_entities = "doc.ents" in meta.assigns or not meta.assigns
        if sets_entities and meta.factory not in _RULES:
            yield from nlp.pipe_labels.get(name, ())


def _installed(model: str, suggester: str) -> Path:
    """The data folder of an installed pipeline package."""
    try:
        spec = importlib.util.find_spec(model) if model.isidentifier() else None
    except (ImportError, ValueError):
        spec = None
    if spec is None:
        raise ModelError(
            f"The suggester {suggester} cannot be loaded: {model} is neither a folder nor an "
            "installed pipeline.",
            hint="Correct its `model` in annotator.toml, or install it.",
        )
    package = Path(next(iter(spec.submodule_search_locations or ()), spec.origin or ""))
    try:
        meta = json.loads((package / "meta.json").read_text(encoding="utf-8"))
        return package / f"{meta['lang']}_{meta['name']}-{meta['version']}"
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(
            f"The suggester {suggester} is not a spaCy pipeline: the package {model} has no "
            "pipeline in it.",
            hint="Set its `model` in annotator.toml to an installed pipeline.",
        ) from error
