"""The stages that make the encoder: a teacher of six layers, a student of three, and a last head.

The teacher learns from all that is annotated. The student begins with the teacher's lower layers
and learns from the same, from the chances that the teacher gives for names in the treebanks, and
from what the teacher says of raw news texts (Hinton, Vinyals and Dean 2015). Then the head for
sentence starts is taught anew on the treebanks, on the encoder with its 8 bits, which no longer
changes.
"""

from __future__ import annotations

import json
import logging
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import srsly
import torch

from annotator.errors import ModelError
from annotator.suggest.encoder.encoder_pipe import CLASSES, ENCODER, HEADS
from annotator.suggest.encoder.heads import Weights
from annotator.suggest.encoder.runtime import Runtime, encoder_of
from annotator.suggest.encoder.word_pieces import WordPieces
from annotator.training.corpora import LEARNT
from annotator.training.encoder.base_weights import base_folder, vocabulary, weights_file
from annotator.training.encoder.course_data import CourseData, Epoch, raw_texts
from annotator.training.encoder.labelling import labelled, with_names
from annotator.training.encoder.learning import Course, learn
from annotator.training.encoder.measuring import measured
from annotator.training.encoder.network import Network, load_base
from annotator.training.encoder.onnx_export import heads_of, onnx_of
from annotator.training.encoder.starts_head import StartsCourse, read_words, starts_head

_log = logging.getLogger(__name__)
MADE = "made.json"
TEACHER_LAYERS, STUDENT_LAYERS = 6, 3
# Annotated names are seen less often by the student, which has them from the teacher too.
_SHARE_OF_NAMES = 0.7


@dataclass(frozen=True, slots=True)
class Recipe:
    """What the encoder is made from, and for how long it learns.

    `base` is the folder of MiniLM's weights (the installed package if None), `raw` CSV files of
    news articles, `records` finished reviews. One step reads about 1,500 word pieces.

    With `encoder`, the folder of a pipeline, only the last stage is run, on the encoder of that
    pipeline.
    """

    base: Path | None = None
    raw: Sequence[Path] = ()
    records: Path | None = None
    seed: int = 7
    threads: int = 2
    teacher_steps: int = 2500
    student_steps: int = 2700
    encoder: Path | None = None


def train_encoder(corpora: Path, work: Path, recipe: Recipe) -> Path:
    """Train the encoder and return its folder in `work`, as `annotator_encoder` reads it.

    Stages that stand finished in `work` are not run again; the file `MADE` there says how long each
    took.
    """
    torch.set_num_threads(recipe.threads)
    folder = work / "encoder"
    if recipe.encoder is None:
        base = base_folder(recipe.base)
        stages = _Stages.of(WordPieces(vocabulary(base)), corpora, work, recipe)
        _write(stages.student(stages.teacher(base)), stages.data, folder)
    else:
        stages = _Stages.of(_kept(recipe.encoder, folder), corpora, work, recipe)
    stages.heads(folder)
    return folder


class _Stages:
    def __init__(self, data: CourseData, work: Path, recipe: Recipe) -> None:
        self.data, self.work, self.recipe = data, work, recipe

    @classmethod
    def of(cls, pieces: WordPieces, corpora: Path, work: Path, recipe: Recipe) -> _Stages:
        """The stages on the texts in `corpora`, cut into these word pieces."""
        return cls(CourseData(corpora, work, pieces, recipe.records, recipe.seed), work, recipe)

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

    def heads(self, folder: Path) -> None:
        """Teach the head for sentence starts on the encoder in `folder`, and write it there.

        With one thread, so that the same weights come of it whatever their number: sums of several
        threads differ in the last digits.
        """
        torch.set_num_threads(1)
        file = self.work / HEADS
        if file.exists():
            _log.info("heads: finished before")
        else:
            _log.info("heads: training")
            unfinished = file.with_suffix(".part")
            with _timed(self.work, file.stem):
                srsly.write_msgpack(unfinished, self._taught(folder))
            unfinished.rename(file)
        shutil.copyfile(file, folder / HEADS)

    def _taught(self, folder: Path) -> Weights:
        encoder = encoder_of((folder / ENCODER).read_bytes(), Runtime.AUTO)
        weights: Weights = srsly.read_msgpack(folder / HEADS)
        trees = read_words(encoder, self.data.rows(self.data.trees))
        return {**weights, **starts_head(trees, StartsCourse(seed=self.recipe.seed))}

    def _course(self, steps: int, rate: float, stage: int) -> Course:
        return Course(steps, rate=rate, head_rate=1e-3, seed=self.recipe.seed + stage)

    def _learn(self, network: Network, file: Path, epochs: Epoch, course: Course) -> None:
        _log.info("%s: training", file.stem)
        with _timed(self.work, file.stem):
            learn(
                network, epochs, course, lambda one: measured(one, self.data.dev, self.data.classes)
            )
        unfinished = file.with_suffix(".part")
        torch.save(network.state_dict(), unfinished)
        unfinished.rename(file)


@contextmanager
def _timed(work: Path, stage: str) -> Iterator[None]:
    """Write down how long a stage took: in all, and of all processors."""
    began = time.monotonic(), time.process_time()
    yield
    file = work / MADE
    told = srsly.read_json(file) if file.exists() else {}
    seconds = time.monotonic() - began[0], time.process_time() - began[1]
    told[stage] = {"seconds": round(seconds[0]), "cpu_seconds": round(seconds[1])}
    srsly.write_json(file, told)


def _finished(network: Network, file: Path) -> bool:
    """Whether a stage finished before; its weights are then in `network`."""
    if not file.exists():
        return False
    _log.info("%s: finished before", file.stem)
    network.load_state_dict(torch.load(file))
    return True


def _kept(pipeline: Path, folder: Path) -> WordPieces:
    """Copy a pipeline's encoder to `folder` and return its word pieces.

    Raises ModelError if it has none, or one with other labels of names than are learnt.
    """
    source = pipeline / "annotator_encoder"
    if not (source / CLASSES).is_file():
        raise ModelError(
            f"{pipeline} has no encoder to keep.", hint="Give the folder of a pipeline of ours."
        )
    told = json.loads((source / CLASSES).read_text("utf-8"))
    if told["labels"] != sorted(LEARNT):
        raise ModelError(
            f"The encoder in {pipeline} knows other labels of names.",
            hint="Train from scratch, without --encoder.",
        )
    shutil.copytree(source, folder, dirs_exist_ok=True)
    return WordPieces(told["pieces"])


def _write(network: Network, data: CourseData, folder: Path) -> None:
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
