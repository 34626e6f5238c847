"""Trains a pipeline from corpora; the same corpora and seed give the same pipeline."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import spacy
import srsly
from spacy.language import Language

from annotator.core.record import PipelineId
from annotator.suggest.encoder.encoder_pipe import ENCODER
from annotator.suggest.pipeline import Pipeline
from annotator.training.assemble import assemble, check_output, set_facts, write
from annotator.training.calibrate import calibrate
from annotator.training.corpora import TREEBANKS, common_words, read_docs
from annotator.training.evaluation import evaluate

if TYPE_CHECKING:
    from annotator.training.encoder.recipe import Recipe

_log = logging.getLogger(__name__)
_NAME_SCORES = ("PERSON", "ORG", "GPE", "LOC", "FAC", "NORP", "EVENT", "LAW")


@dataclass(frozen=True, slots=True)
class TrainingOptions:
    """How a pipeline is trained: the `recipe` of its encoder, and what is learnt around it.

    Entity scores are learnt from `calibration`, gold files (`.jsonl`, or `.spacy` with the labels
    of the world newswire); without any, from the development part of the corpora. `work` is the
    folder for intermediate results (beside the output by default); stages that finished there are
    not run again.
    """

    recipe: Recipe
    calibration: Sequence[Path] = field(default=())
    work: Path | None = None


def train(corpora: Path, output: Path, options: TrainingOptions) -> dict[str, Any]:
    """Train a pipeline from `corpora` (a folder with `ud/` and `ner/`), write it to `output`.

    Returns the scores on the development parts, as fractions. Raises ModelError, before anything is
    trained, if `output` is neither new nor a pipeline.
    """
    from annotator.training.encoder.recipe import train_encoder

    corpora, output = Path(corpora), Path(output)
    check_output(output)
    work = options.work or output.with_name(output.name + "-work")
    work.mkdir(parents=True, exist_ok=True)
    encoder = train_encoder(corpora, work, options.recipe)
    nlp = whole(encoder, corpora, work)
    nlp.get_pipe("annotator_scores").weights = calibrate(
        nlp, options.calibration or [corpora / "ner" / "dev.spacy"]
    )
    write(nlp, output)
    scores = measured(nlp, corpora)
    set_facts(output, scores, _how_made(output, work, options.recipe))
    return scores


def _how_made(output: Path, work: Path, recipe: Recipe) -> dict[str, Any]:
    """What made the encoder: the hash of its weights, how long each stage took, and the pipeline
    whose encoder was kept, if it was."""
    from annotator.training.encoder.recipe import MADE

    encoder = output / "annotator_encoder" / ENCODER
    made: dict[str, Any] = {
        "encoder": {"sha256": hashlib.sha256(encoder.read_bytes()).hexdigest()},
        "seed": recipe.seed,
        "stages": srsly.read_json(work / MADE) if (work / MADE).exists() else {},
    }
    if recipe.encoder is not None:
        kept = srsly.read_json(recipe.encoder / "meta.json")
        made["encoder"]["kept_from"] = f"{kept['name']} {kept['version']}"
    return made


def whole(encoder: Path, corpora: Path, work: Path) -> Language:
    """The pipeline around a trained encoder; `work` holds the texts it learnt names from."""
    vocab = spacy.blank("en").vocab
    files = (corpora / "ud" / f"{bank}_train.spacy" for bank in TREEBANKS)
    treebank = [doc for file in files for doc in read_docs(file, vocab)]
    words = common_words([*treebank, *read_docs(work / "names.spacy", vocab)])
    return assemble(encoder, treebank, words)


def measured(nlp: Language, corpora: Path) -> dict[str, Any]:
    """Scores of a pipeline on the development parts of the corpora, as fractions."""
    pipeline = Pipeline(nlp, PipelineId("trained", "", ""))
    names = evaluate(pipeline, corpora / "ner" / "dev.spacy", labels=_NAME_SCORES)["entities"]
    scores: dict[str, Any] = {
        "ents_p": names["precision"],
        "ents_r": names["recall"],
        "ents_f": names["f"],
    }
    scores["ents_per_type"] = {
        label: {"p": row["precision"], "r": row["recall"], "f": row["f"]}
        for label, row in names["labels"].items()
    }
    for bank in TREEBANKS:
        found = evaluate(pipeline, corpora / "ud" / f"{bank}_dev.spacy")
        scores[bank] = {
            "tag_acc": found["tags"]["f"],
            "lemma_acc": found["lemmas"]["f"],
            "dep_uas": found["dependencies"]["heads"]["f"],
            "dep_las": found["dependencies"]["f"],
            "sents_f": found["sentences"]["f"],
        }
    rounded: dict[str, Any] = _rounded(scores)
    return rounded


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _rounded(inner) for key, inner in value.items()}
    return round(value, 4)
