"""The two stages that make the encoder: a teacher of six layers, and a student of three.

The teacher learns from all that is annotated. The student begins with the teacher's lower layers
and
learns from the same, from the chances that the teacher gives for names in the treebanks, and from
what the teacher says of raw news texts (Hinton, Vinyals and Dean 2015).
"""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import srsly
import torch

from annotator.suggest.encoder.encoder_pipe import CLASSES, ENCODER, HEADS
from annotator.suggest.encoder.word_pieces import WordPieces
from annotator.training.encoder.base_weights import base_folder, vocabulary, weights_file
from annotator.training.encoder.course_data import CourseData, Epoch, raw_texts
from annotator.training.encoder.labelling import labelled, with_names
from annotator.training.encoder.learning import Course, learn
from annotator.training.encoder.measuring import measured
from annotator.training.encoder.network import Network, load_base
from annotator.training.encoder.onnx_export import heads_of, onnx_of

_log = logging.getLogger(__name__)
TEACHER_LAYERS, STUDENT_LAYERS = 6, 3
# Annotated names are seen less often by the student, which has them from the teacher too.
_SHARE_OF_NAMES = 0.7


@dataclass(frozen=True, slots=True)
class Recipe:
    """What the encoder is made from, and for how long it learns.

    `base` is the folder of MiniLM's weights (the installed package if None), `raw` CSV files of
    news articles, `records` finished reviews. One step reads about 1,500 word pieces.
    """

    base: Path | None = None
    raw: Sequence[Path] = ()
    records: Path | None = None
    seed: int = 7
    threads: int = 2
    teacher_steps: int = 2500
    student_steps: int = 2700


def train_encoder(corpora: Path, work: Path, recipe: Recipe) -> Path:
    """Train the encoder and return its folder in `work`, as `annotator_encoder` reads it.

    Stages that stand finished in `work` are not run again.
    """
    torch.set_num_threads(recipe.threads)
    base = base_folder(recipe.base)
    pieces = WordPieces(vocabulary(base))
    data = CourseData(corpora, work, pieces, recipe.records, recipe.seed)
    stages = _Stages(data, work, recipe)
    return _write(stages.student(stages.teacher(base)), data, work / "encoder")


class _Stages:
    def __init__(self, data: CourseData, work: Path, recipe: Recipe) -> None:
        self.data, self.work, self.recipe = data, work, recipe

    def teacher(self, base: Path) -> Network:
        network = Network(TEACHER_LAYERS, **self.data.classes.sizes())
        file = self.work / "teacher.pt"
        if not _finished(network, file):
            load_base(network, weights_file(base))
            epochs = self.data.epochs(self.data.tree_rows(self.recipe.seed))
            self._learn(network, file, epochs, self._course(self.recipe.teacher_steps, 2e-4, 0))
        return network

    def student(self, teacher: Network) -> Network:
        network = Network(STUDENT_LAYERS, **self.data.classes.sizes())
        file = self.work / "student.pt"
        if not _finished(network, file):
            network.take_lower_layers(teacher)
            trees = self.data.tree_rows(self.recipe.seed)
            taught = [*with_names(trees, labelled(teacher, [row.window for row in trees]))]
            raw = [*self.data.windows(raw_texts(self.recipe.raw))]
            taught += labelled(teacher, raw)
            _log.info("%d windows from the teacher, %d of raw texts", len(taught), len(raw))
            epochs = self.data.epochs(taught, _SHARE_OF_NAMES)
            self._learn(network, file, epochs, self._course(self.recipe.student_steps, 3e-4, 1))
        return network

    def _course(self, steps: int, rate: float, stage: int) -> Course:
        return Course(steps, rate=rate, head_rate=1e-3, seed=self.recipe.seed + stage)

    def _learn(self, network: Network, file: Path, epochs: Epoch, course: Course) -> None:
        _log.info("%s: training", file.stem)
        learn(network, epochs, course, lambda one: measured(one, self.data.dev, self.data.classes))
        unfinished = file.with_suffix(".part")
        torch.save(network.state_dict(), unfinished)
        unfinished.rename(file)


def _finished(network: Network, file: Path) -> bool:
    """Whether a stage finished before; its weights are then in `network`."""
    if not file.exists():
        return False
    _log.info("%s: finished before", file.stem)
    network.load_state_dict(torch.load(file))
    return True


def _write(network: Network, data: CourseData, folder: Path) -> Path:
    """Write the files that `annotator.suggest.encoder.encoder_pipe` reads."""
    folder.mkdir(exist_ok=True)
    network.eval()
    (folder / ENCODER).write_bytes(onnx_of(network))
    srsly.write_msgpack(folder / HEADS, heads_of(network))
    told = {
        "labels": data.classes.names.labels,
        "tags": data.classes.tags,
        "morphs": data.classes.morphs,
        "relations": data.classes.relations,
        "pieces": data.pieces.vocabulary,
    }
    (folder / CLASSES).write_text(json.dumps(told, ensure_ascii=False, indent=0), "utf-8")
    return folder
