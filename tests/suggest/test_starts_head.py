"""Teaching sentence starts on an encoder that no longer changes; needs torch, as all of training
does."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from annotator.errors import ModelError
from annotator.suggest.encoder.runtime import gelu
from annotator.suggest.encoder.windows import Window
from annotator.suggest.encoder.word_features import Place, Shape
from annotator.suggest.pipeline import shipped_folder

torch = pytest.importorskip("torch", reason="training needs the extra `train`")
pytest.importorskip("onnx", reason="training needs the extra `train`")

from annotator.training.encoder.recipe import Recipe, train_encoder  # noqa: E402
from annotator.training.encoder.starts_head import (  # noqa: E402
    ReadWords,
    StartsCourse,
    _Head,
    read_words,
    starts_head,
)
from annotator.training.encoder.window_rows import UNKNOWN, WindowRow  # noqa: E402

WIDTH, WORDS = 8, 600
COURSE = StartsCourse(passes=150, rate=1e-2)


def words(telling: str) -> ReadWords:
    """Sentence starts are told by one number alone, that of `telling`; half of them are unknown,
    and would mislead."""
    rng = np.random.default_rng(7)
    beside = {name: np.zeros(WORDS, np.uint8) for name in ("shapes", "places", "blanks")}
    beside[telling] = rng.integers(0, 4, WORDS).astype(np.uint8)
    unknown = np.arange(WORDS) % 2 == 1
    return ReadWords(
        rng.random((WORDS, WIDTH)).astype(np.float16),
        **beside,
        starts=np.where(unknown, UNKNOWN, beside[telling] == 2).astype(np.float32),
    )


@pytest.mark.parametrize("telling", ["shapes", "places", "blanks"])
def test_sentence_starts_are_learnt_from_what_stands_beside_vectors(telling: str) -> None:
    found = starts_head(words(telling), COURSE)
    beside = {name: [0] * 4 for name in ("shapes", "places", "blanks")}
    beside[telling] = [0, 1, 2, 3]
    inner = np.full((4, WIDTH), 0.5, np.float32) @ found["starts.mid.weight"]
    inner += found["starts.mid.bias"]
    for name, numbers in beside.items():
        inner += found[f"starts.{name}.weight"][numbers]
    inner = np.asarray(torch.nn.functional.gelu(torch.from_numpy(inner), approximate="tanh"))
    odds = (inner @ found["starts.out.weight"] + found["starts.out.bias"])[:, 0]
    assert (odds > 0).tolist() == [False, False, True, False]


def test_the_head_is_written_as_it_answered_while_it_learnt() -> None:
    """With the tables and the layer above them multiplied out."""
    torch.manual_seed(7)
    head = _Head(WIDTH).eval()
    read = replace(
        words("blanks"),
        shapes=(np.arange(WORDS) % len(Shape)).astype(np.uint8),
        places=(np.arange(WORDS) % len(Place)).astype(np.uint8),
    )
    with torch.no_grad():
        expected = head(read, torch.arange(WORDS)).numpy()
    found = head.weights()
    inner = read.vectors.astype(np.float32) @ found["starts.mid.weight"] + found["starts.mid.bias"]
    for name in ("shapes", "places", "blanks"):
        inner += found[f"starts.{name}.weight"][getattr(read, name)]
    odds = gelu(inner) @ found["starts.out.weight"] + found["starts.out.bias"]
    np.testing.assert_allclose(odds[:, 0], expected, atol=1e-5)


def test_the_same_words_and_course_give_the_same_head() -> None:
    one, other = (starts_head(words("blanks"), StartsCourse(passes=2)) for _ in range(2))
    assert all(np.array_equal(one[name], other[name]) for name in one)


def test_words_are_read_by_their_first_pieces() -> None:
    def encoder(window: Window) -> np.ndarray:
        return np.arange(len(window.ids) * 2, dtype=np.float32).reshape(-1, 2)

    none = np.full(2, UNKNOWN)
    window = Window(
        (1, 5, 6, 7, 2), (0, 1, 1, 2, 0), (0, 1, 1, 0, 0), (0, 0, 1, 0, 0), (0, 1), (1, 3),
        (3, 2),
    )  # fmt: skip
    row = WindowRow(
        window, np.array([0, 2]), none, none, np.array([1, 0], np.float32), none, none, none
    )
    read = read_words(encoder, [row, row])
    assert read.vectors.tolist() == [[2, 3], [6, 7]] * 2
    assert read.shapes.tolist() == [1, 2] * 2
    assert read.places.tolist() == [1, 0] * 2
    assert read.blanks.tolist() == [3, 2] * 2
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
