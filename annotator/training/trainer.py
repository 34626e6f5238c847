"""Trains a pipeline from corpora; the same corpora and seed give the same pipeline."""

from __future__ import annotations

import logging
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import spacy
from spacy.language import Language
from spacy.training.initialize import init_nlp
from spacy.training.loop import train as run_stage
from spacy.util import load_config

from annotator.core.record import PipelineId
from annotator.errors import ModelError
from annotator.suggest.pipeline import Pipeline
from annotator.training import name_augmenter  # noqa: F401  # registers the augmenter that the stages name
from annotator.training.assemble import assemble, average, check_output, set_scores, write
from annotator.training.calibrate import calibrate
from annotator.training.corpora import (
    common_words,
    read_docs,
    write_names,
    write_silver,
    write_treebanks,
)
from annotator.training.evaluation import evaluate

_log = logging.getLogger(__name__)
_NAME_SCORES = ("PERSON", "ORG", "GPE", "LOC", "FAC", "NORP", "EVENT", "LAW")


@dataclass(frozen=True, slots=True)
class TrainingOptions:
    """`records` are finished reviews to learn names from as well. Entity scores are learnt from
    `calibration`, gold files (`.jsonl`, or `.spacy` with the labels of the world newswire); without
    any, from the development part of the corpora. `work` is the folder for intermediate results
    (beside the output by default); stages that finished there are not run again. `max_steps` cuts
    every stage short, for a trial."""

    records: Path | None = None
    calibration: Sequence[Path] = ()
    seed: int = 7
    work: Path | None = None
    max_steps: int | None = None


USUAL = TrainingOptions()


def train(corpora: Path, output: Path, options: TrainingOptions = USUAL) -> dict[str, Any]:
    """Train a pipeline from `corpora` (a folder with `ud/` and `ner/`), write it to `output`.

    Returns the scores on the development parts, as fractions. Raises ModelError, before anything is
    trained, if `output` is neither new nor a pipeline.
    """
    corpora, output = Path(corpora), Path(output)
    check_output(output)
    work = options.work or output.with_name(output.name + "-work")
    data = work / "data"
    data.mkdir(parents=True, exist_ok=True)
    blank = spacy.blank("en")
    _log.info("Tokens for the parser: %s", write_treebanks(corpora, data, blank.vocab))
    sizes = write_names(corpora, data, blank, records=options.records, seed=options.seed)
    _log.info("Tokens for the recogniser: %s", sizes)
    stage = _Stages(corpora, work, options.seed, options.max_steps)

    parser = stage.run("parser", train=data / "parser_train.spacy", dev=data / "parser_dev.spacy")
    first = stage.names("names", data / "names.spacy")
    second = stage.names("names_joined", data / "joined.spacy", first=first)
    treebank = read_docs(data / "parser_train.spacy", blank.vocab)
    words = common_words([*treebank, *read_docs(data / "names.spacy", blank.vocab)])
    silver = data / "silver.spacy"
    teacher = _whole(parser, second, treebank, words)
    with teacher.select_pipes(disable=["annotator_claims", "annotator_scores"]):
        web = corpora / "ud" / "ewt_train.spacy"
        _log.info(
            "Tokens with silver: %d", write_silver(teacher, web, data / "joined.spacy", silver)
        )
    third = stage.names("names_silver", silver, first=second)

    dev = data / "parser_dev.spacy"
    stage.run("parser_all", train=data / "parser_all.spacy", dev=dev, first=parser)
    last = work / "parser_all" / "model-last"
    nlp = _whole(average(parser, last, work / "parser_mean"), third, treebank, words)
    nlp.get_pipe("annotator_scores").weights = calibrate(
        nlp, options.calibration or [corpora / "ner" / "dev.spacy"]
    )
    write(nlp, output)
    scores = measured(nlp, teacher, corpora)
    set_scores(output, scores)
    return scores


def measured(nlp: Language, before: Language, corpora: Path) -> dict[str, Any]:
    """Scores of a pipeline on the development parts of the corpora, as fractions.

    Entities are those of `nlp`; tags and dependencies those of the pipeline `before` its parser had
    seen the development parts of the treebanks.
    """
    pipeline = Pipeline(nlp, PipelineId("trained", "", ""))
    parsing = Pipeline(before, PipelineId("before", "", ""))
    ner = evaluate(pipeline, corpora / "ner" / "dev.spacy", labels=_NAME_SCORES)["entities"]
    scores: dict[str, Any] = {
        "ents_p": ner["precision"],
        "ents_r": ner["recall"],
        "ents_f": ner["f"],
    }
    scores["ents_per_type"] = {
        label: {"p": row["precision"], "r": row["recall"], "f": row["f"]}
        for label, row in ner["labels"].items()
    }
    for bank in ("ewt", "gum"):
        found = evaluate(parsing, corpora / "ud" / f"{bank}_dev.spacy")
        scores[bank] = {
            "tag_acc": found["tags"]["f"],
            "lemma_acc": found["lemmas"]["f"],
            "dep_uas": found["dependencies"]["heads"]["f"],
            "dep_las": found["dependencies"]["f"],
            "sents_f": found["sentences"]["f"],
        }
    rounded: dict[str, Any] = _rounded(scores)
    return rounded


class _Stages:
    """Runs the stages of training; stages finished in the work folder are skipped."""

    def __init__(self, corpora: Path, work: Path, seed: int, max_steps: int | None) -> None:
        self.corpora, self.work, self.seed, self.max_steps = corpora, work, seed, max_steps

    def names(self, stage: str, train: Path, *, first: Path | None = None) -> Path:
        return self.run(stage, train=train, dev=self.corpora / "ner" / "dev.spacy", first=first)

    def run(self, stage: str, *, train: Path, dev: Path, first: Path | None = None) -> Path:
        """The best pipeline of a stage, by its score on `dev`."""
        best = self.work / stage / "model-best"
        finished = self.work / stage / "finished"
        if finished.exists():
            _log.info("%s: finished before", stage)
            return best
        config = load_config(_config(stage), overrides=self._overrides(stage, train, dev, first))
        _log.info("%s: training", stage)
        nlp = init_nlp(config)
        (self.work / stage).mkdir(parents=True, exist_ok=True)
        run_stage(nlp, self.work / stage, stdout=sys.stderr, stderr=sys.stderr)
        finished.touch()
        return best

    def _overrides(self, stage: str, train: Path, dev: Path, first: Path | None) -> dict[str, Any]:
        overrides: dict[str, Any] = {
            "paths.train": str(train),
            "paths.dev": str(dev),
            "system.seed": self.seed,
        }
        if stage.startswith("parser"):
            overrides["paths.variants"] = str(_config("orth_variants", "json"))
        else:
            overrides["paths.names"] = str(self.work / "data" / "names.json")
        if first is not None:
            overrides["paths.first"] = str(first)
        if self.max_steps is not None:
            overrides["training.max_steps"] = self.max_steps
            overrides["training.eval_frequency"] = self.max_steps
        return overrides


def _config(name: str, suffix: str = "cfg") -> Path:
    path = Path(str(files("annotator.training").joinpath("configs", f"{name}.{suffix}")))
    if not path.exists():
        raise ModelError(f"{path.name} is missing.", hint="Install annotator again.")
    return path


def _whole(parser: Path, names: Path, treebank: list[Any], words: frozenset[str]) -> Language:
    nlp = assemble(parser, names, treebank)
    nlp.get_pipe("annotator_consistency").common_words = words
    return nlp


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _rounded(inner) for key, inner in value.items()}
    return round(value, 4)
