"""Versions of the pipeline in a workspace: kept, chosen, taken back."""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

import pytest

from annotator.cli.model import in_use
from annotator.errors import ModelError, SettingsError
from annotator.settings import load_settings
from annotator.training.own_reviews.versions import (
    MADE_FROM,
    ModelVersion,
    UnfinishedVersion,
    begun_version,
    folder_in_use,
    hash_of,
    learnt_from,
    use,
    use_the_one_before,
    versions,
)

LAYERS = b"layers" * 200_000
HEADS = "annotator_encoder/heads.msgpack"


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """A pipeline's folder, as far as versions look at it."""
    folder = tmp_path / "base"
    (folder / "annotator_encoder").mkdir(parents=True)
    (folder / HEADS).write_bytes(b"shipped heads")
    (folder / "annotator_encoder" / "encoder.onnx").write_bytes(LAYERS)
    meta = {"name": "news", "version": "2.0.0", "performance": {"ents_f": 0.8}}
    (folder / "meta.json").write_text(json.dumps(meta))
    (folder / "config.cfg").write_text("[nlp]\n")
    return folder


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace."""
    monkeypatch.delenv("ANNOTATOR_MODEL", raising=False)
    folder = tmp_path / "desk"
    folder.mkdir()
    (folder / "annotator.toml").write_text("")
    return folder.resolve()


def write_version(
    desk: Path,
    base: Path,
    changed: Mapping[str, bytes] = MappingProxyType({}),
    made_from: Mapping[str, object] = MappingProxyType({}),
    check: Callable[[Path], object] = lambda _: None,
) -> ModelVersion:
    with begun_version(desk, base) as version:
        return version.finish(changed, made_from, check)


@pytest.fixture
def trained(desk: Path, base: Path) -> Callable[[], ModelVersion]:
    """Writes the next version."""

    def write() -> ModelVersion:
        return write_version(
            desk, base, {HEADS: b"own heads"}, {"taught": ["a", "b"], "held_out": ["c"]}
        )

    return write


def test_a_version_is_a_whole_pipeline_that_says_what_it_was_made_from(
    trained: Callable[[], ModelVersion],
) -> None:
    made = trained()
    meta = json.loads((made.folder / "meta.json").read_text())
    assert (made.number, made.reviews, made.records) == (1, 3, ("a", "b", "c"))
    assert meta["version"] == "2.0.0+own.1"
    assert meta[MADE_FROM] == {"number": 1, "taught": ["a", "b"], "held_out": ["c"]}
    assert "performance" not in meta
    assert (made.folder / HEADS).read_bytes() == b"own heads"
    assert (made.folder / "annotator_encoder" / "encoder.onnx").read_bytes() == LAYERS


def test_the_shipped_pipeline_is_linked_and_stays_as_it_was(
    trained: Callable[[], ModelVersion], base: Path
) -> None:
    before = hash_of(base)
    made = trained()
    layers = Path("annotator_encoder") / "encoder.onnx"
    assert (made.folder / layers).samefile(base / layers)
    assert hash_of(base) == before


def test_a_setting_changed_in_a_version_changes_nothing_else(
    trained: Callable[[], ModelVersion], base: Path
) -> None:
    before = hash_of(base)
    with (trained().folder / "config.cfg").open("a") as file:
        file.write("batch_size = 1\n")
    assert hash_of(base) == before


def test_without_links_files_are_copied(
    trained: Callable[[], ModelVersion], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(1, "not permitted")

    monkeypatch.setattr(os, "link", refuse)
    assert (trained().folder / "annotator_encoder" / "encoder.onnx").read_bytes() == LAYERS


def test_every_version_is_kept(desk: Path, trained: Callable[[], ModelVersion]) -> None:
    trained()
    trained()
    assert [one.number for one in versions(desk)] == [1, 2]


@pytest.mark.parametrize("error", [ModelError("It does not load."), KeyboardInterrupt()])
def test_failed_and_interrupted_loading_leaves_nothing(
    desk: Path, base: Path, error: BaseException
) -> None:
    def fail(_: Path) -> None:
        raise error

    with pytest.raises(type(error)):
        write_version(desk, base, check=fail)
    assert not (desk / "models").exists()


@pytest.mark.parametrize("error", [ModelError("It got worse."), KeyboardInterrupt()])
def test_training_that_comes_to_nothing_leaves_what_was_there(
    desk: Path, base: Path, trained: Callable[[], ModelVersion], error: BaseException
) -> None:
    def train(version: UnfinishedVersion) -> None:
        assert (version.folder / HEADS).read_bytes() == b"shipped heads"
        raise error

    trained()
    with pytest.raises(type(error)), begun_version(desk, base) as version:
        train(version)
    assert [path.name for path in (desk / "models").iterdir()] == ["1"]


def test_a_full_disk_shows_before_the_training(
    desk: Path, base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "source", None, "target")

    monkeypatch.setattr(os, "link", refuse)
    monkeypatch.setattr(shutil, "copyfile", refuse)
    began = False
    with pytest.raises(OSError, match="No space left"), begun_version(desk, base):
        began = True
    assert not began
    assert not (desk / "models").exists()


def test_a_file_named_models_holds_no_versions(desk: Path, base: Path) -> None:
    (desk / "models").write_text("a list of models")
    assert load_settings(desk).model is None
    assert versions(desk) == []
    for act in (lambda: use(desk, "shipped"), lambda: write_version(desk, base)):
        with pytest.raises(ModelError, match="is not a folder"):
            act()
    assert (desk / "models").read_text() == "a list of models"


@pytest.mark.parametrize("name", ["1", "2"])
def test_names_of_others_are_kept(
    desk: Path, base: Path, trained: Callable[[], ModelVersion], name: str
) -> None:
    (desk / "models").mkdir()
    (desk / "models" / name).symlink_to("nowhere")
    (desk / "models" / "007").mkdir()
    (desk / "models" / "desk").mkdir()
    numbers = [trained().number, write_version(desk, base).number]
    assert numbers == [one for one in (1, 2, 3) if str(one) != name]
    assert [one.number for one in versions(desk)] == numbers
    assert (desk / "models" / name).is_symlink()


def test_two_that_train_at_once_get_two_numbers(desk: Path, base: Path) -> None:
    others: list[ModelVersion] = []

    def somebody_else_finishes(_: Path) -> None:
        others.append(write_version(desk, base))

    made = write_version(desk, base, check=somebody_else_finishes)
    assert (others[0].number, made.number) == (1, 2)
    assert json.loads((made.folder / "meta.json").read_text())[MADE_FROM]["number"] == 2


def test_the_versions_that_an_article_was_used_for_are_found(
    desk: Path, trained: Callable[[], ModelVersion]
) -> None:
    made = trained()
    assert learnt_from(desk, "a") == learnt_from(desk, "c") == [made.folder]
    assert learnt_from(desk, "x") == []


def test_nothing_in_use_is_the_shipped_pipeline(desk: Path) -> None:
    assert folder_in_use(desk) is None
    assert load_settings(desk).model is None
    assert in_use(desk, None) == "shipped"


def test_the_setting_falls_back_to_the_version_in_use(
    desk: Path, trained: Callable[[], ModelVersion], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = trained()
    use(desk, "1")
    assert load_settings(desk).model == str(made.folder)
    assert in_use(desk, load_settings(desk).model) == "1"
    monkeypatch.setenv("ANNOTATOR_MODEL", "en_core_web_sm")
    assert load_settings(desk).model == "en_core_web_sm"
    assert in_use(desk, load_settings(desk).model) == "en_core_web_sm"


def test_one_goes_back_step_by_step(desk: Path, trained: Callable[[], ModelVersion]) -> None:
    for _ in range(3):
        use(desk, str(trained().number))
    steps = [use_the_one_before(desk) for _ in range(3)]
    assert steps == ["2", "1", "shipped"]
    assert folder_in_use(desk) is None
    with pytest.raises(ModelError, match="No other version"):
        use_the_one_before(desk)


def test_a_version_that_was_removed_is_passed_over(
    desk: Path, trained: Callable[[], ModelVersion]
) -> None:
    for _ in range(2):
        use(desk, str(trained().number))
    (desk / "models" / "1").rename(desk / "elsewhere")
    assert use_the_one_before(desk) == "shipped"


def test_using_the_same_again_is_no_step(desk: Path, trained: Callable[[], ModelVersion]) -> None:
    trained()
    use(desk, "1")
    use(desk, "1")
    assert use_the_one_before(desk) == "shipped"


@pytest.mark.parametrize("name", ["2", "0", "x", "", "../base", "-1", "١"])
def test_only_a_version_that_is_there_can_be_used(
    desk: Path, trained: Callable[[], ModelVersion], name: str
) -> None:
    trained()
    with pytest.raises(ModelError) as caught:
        use(desk, name)
    assert caught.value.hint == "Versions: 1, shipped."
    assert folder_in_use(desk) is None


@pytest.mark.parametrize(
    "damaged", [b"", b"latest\n", b"\xff", b"../1\n", "١".encode(), b"01", b"-1", b"9" * 30]
)
def test_a_damaged_choice_is_reported_and_mended(desk: Path, damaged: bytes) -> None:
    (desk / "models").mkdir()
    (desk / "models" / "current").write_bytes(damaged)
    with pytest.raises(SettingsError) as caught:
        load_settings(desk)
    assert "annotator model --use shipped" in caught.value.hint
    use(desk, "shipped")
    assert load_settings(desk).model is None


def test_a_choice_that_cannot_be_read_is_named_once(desk: Path) -> None:
    file = desk / "models" / "current"
    file.mkdir(parents=True)
    with pytest.raises(SettingsError) as caught:
        load_settings(desk)
    assert caught.value.message == f"{file} cannot be read: Is a directory."


def test_a_version_with_a_damaged_meta_is_listed_without_figures(
    desk: Path, trained: Callable[[], ModelVersion]
) -> None:
    (trained().folder / "meta.json").write_text("{")
    assert [(one.number, one.reviews) for one in versions(desk)] == [(1, 0)]
