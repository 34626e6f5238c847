"""Teaching sentence starts on an encoder that no longer changes; needs torch, as all of training
does."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from annotator.errors import ModelError
from annotator.suggest.encoder.windows import Window
from annotator.suggest.pipeline import shipped_folder

torch = pytest.importorskip("torch", reason="training needs the extra `train`")
pytest.importorskip("onnx", reason="training needs the extra `train`")

from annotator.training.encoder.recipe import Recipe, train_encoder  # noqa: E402
from annotator.training.encoder.starts_head import (  # noqa: E402
    ReadWords,
    StartsCourse,
    read_words,
    starts_head,
)
from annotator.training.encoder.window_rows import UNKNOWN, WindowRow  # noqa: E402

WIDTH, WORDS = 8, 600
COURSE = StartsCourse(passes=150, rate=1e-2)


def weights() -> dict[str, np.ndarray]:
    """As much of the heads' weights as is needed."""
    return {
        "shapes.weight": np.zeros((3, 2), np.float32),
        "places.weight": np.zeros((2, 2), np.float32),
    }


def words() -> ReadWords:
    """Sentence starts are told by blanks alone; half of them are unknown, and would mislead."""
    rng = np.random.default_rng(7)
    blanks = rng.integers(0, 2, (WORDS, 2))
    starts = (blanks[:, 0] > blanks[:, 1]).astype(np.float32)
    unknown = np.arange(WORDS) % 2 == 1
    return ReadWords(
        rng.random((WORDS, WIDTH)).astype(np.float16),
        np.zeros(WORDS, np.uint8),
        np.zeros(WORDS, np.uint8),
        blanks.astype(np.float16),
        np.where(unknown, UNKNOWN, starts).astype(np.float32),
    )


def test_sentence_starts_are_learnt_from_blanks() -> None:
    found = starts_head(words(), weights(), COURSE)
    x = np.zeros((4, WIDTH + 6), np.float32)
    x[:, :WIDTH], x[:, -2:] = 0.5, [(0, 0), (0, 1), (1, 0), (1, 1)]
    inner = x @ found["starts.mid.weight"] + found["starts.mid.bias"]
    inner = np.asarray(torch.nn.functional.gelu(torch.from_numpy(inner), approximate="tanh"))
    odds = (inner @ found["starts.out.weight"] + found["starts.out.bias"])[:, 0]
    assert (odds > 0).tolist() == [False, False, True, False]


def test_the_same_words_and_course_give_the_same_head() -> None:
    one, other = (starts_head(words(), weights(), COURSE) for _ in range(2))
    assert all(np.array_equal(one[name], other[name]) for name in one)


def test_words_are_read_by_their_first_pieces() -> None:
    def encoder(window: Window) -> np.ndarray:
        return np.arange(len(window.ids) * 2, dtype=np.float32).reshape(-1, 2)

    none = np.full(2, UNKNOWN)
    window = Window(
        (1, 5, 6, 7, 2), (0, 1, 1, 2, 0), (0, 1, 1, 0, 0), (0, 0, 1, 0, 0), (0, 1), (1, 3),
        ((True, True), (True, False)),
    )  # fmt: skip
    row = WindowRow(
        window, np.array([0, 2]), none, none, np.array([1, 0], np.float32), none, none, none
    )
    read = read_words(encoder, [row, row])
    assert read.vectors.tolist() == [[2, 3], [6, 7]] * 2
    assert read.shapes.tolist() == [1, 2] * 2
    assert read.places.tolist() == [1, 0] * 2
    assert read.blanks.tolist() == [[1, 1], [1, 0]] * 2
    assert read.starts.tolist() == [1, 0] * 2


def test_a_folder_without_an_encoder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no encoder to keep"):
        train_encoder(tmp_path, tmp_path, Recipe(encoder=tmp_path))


def test_an_encoder_with_other_labels_is_refused(tmp_path: Path) -> None:
    shutil.copytree(shipped_folder() / "annotator_encoder", tmp_path / "annotator_encoder")
    classes = tmp_path / "annotator_encoder" / "classes.json"
    classes.write_text(classes.read_text("utf-8").replace('"PERSON"', '"SHIP"'), "utf-8")
    with pytest.raises(ModelError, match="other labels"):
        train_encoder(tmp_path, tmp_path, Recipe(encoder=tmp_path))
