"""Files and folders are replaced atomically, whenever their writer is killed."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from annotator.errors import ExportError
from annotator.export import writing
from annotator.export.writing import MANIFEST, replacing_folder
from annotator.replacing import TEMPORARY, remove_leftovers, replacing_file

FILES = 30
DELAYS = (0.0, 0.001, 0.002, 0.004, 0.007, 0.011, 0.017, 0.026, 0.04, 0.06)

_FOLDERS_FOR_EVER = """
import itertools, sys
from pathlib import Path
from annotator.export import writing
if sys.argv[2] == "in two steps":
    writing._exchange = lambda one, other: False
print("ready", flush=True)
for generation in itertools.count():
    with writing.replacing_folder(Path(sys.argv[1])) as folder:
        for n in range(30):
            (folder / f"{n}.txt").write_text(str(generation))
"""


@pytest.fixture(params=["in one step", "in two steps"])
def steps(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """How a folder takes the place of another: as Linux can, and as every system can."""
    way: str = request.param
    if way == "in one step" and sys.platform != "linux":
        pytest.skip("folders are exchanged in one step on Linux alone")
    if way == "in two steps":
        monkeypatch.setattr(writing, "_exchange", lambda one, other: False)  # noqa: ARG005
    return way


def fill(target: Path, text: str = "new", names: tuple[str, ...] = ("a.txt", "b.txt")) -> None:
    with replacing_folder(target) as folder:
        for name in names:
            (folder / name).write_text(text)


def texts(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in folder.iterdir() if path.name != MANIFEST}


def killed_after(delay: float, *arguments: str) -> None:
    """Starts a writer that never ends, and kills it so many seconds after its first result."""
    command = [sys.executable, "-c", _FOLDERS_FOR_EVER, *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"ready\n"
        while not Path(arguments[0]).exists():
            time.sleep(0.001)
        time.sleep(delay)
        writer.kill()


# A folder


def test_a_folder_replaces_another(tmp_path: Path, steps: str) -> None:  # noqa: ARG001
    fill(tmp_path / "out", "old", ("a.txt", "gone.txt"))
    fill(tmp_path / "out")
    assert texts(tmp_path / "out") == {"a.txt": "new", "b.txt": "new"}
    assert os.listdir(tmp_path) == ["out"]


def test_an_empty_folder_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    fill(tmp_path / "out")
    assert texts(tmp_path / "out") == {"a.txt": "new", "b.txt": "new"}


@pytest.mark.usefixtures("forked")
def test_a_killed_writer_leaves_the_old_folder_or_the_new_one(tmp_path: Path, steps: str) -> None:
    target = tmp_path / "out"
    seen = set()
    for delay in DELAYS:
        killed_after(delay, str(target), steps)
        if steps == "in one step":
            assert target.exists()
        writing._heal(target)
        found = texts(target)
        assert len(found) == FILES
        assert len(set(found.values())) == 1
        seen.add(found["0.txt"])
        fill(target, "healed", tuple(f"{n}.txt" for n in range(FILES)))
    assert len(seen) > 1
    remove_leftovers(tmp_path)
    assert os.listdir(tmp_path) == ["out"]


def test_a_folder_moved_by_a_killed_writer_is_restored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "out"
    fill(target, "old")
    monkeypatch.setattr(writing, "_exchange", lambda one, other: False)  # noqa: ARG005
    os.rename(target, writing._aside(target))  # here it was killed
    with pytest.raises(KeyboardInterrupt), replacing_folder(target):
        raise KeyboardInterrupt
    assert texts(target) == {"a.txt": "old", "b.txt": "old"}


def test_a_failing_block_leaves_only_the_old_folder(tmp_path: Path) -> None:
    fill(tmp_path / "out", "old")
    with pytest.raises(FileNotFoundError), replacing_folder(tmp_path / "out") as folder:
        (folder / "below" / "a.txt").write_text("half")
    assert texts(tmp_path / "out") == {"a.txt": "old", "b.txt": "old"}
    assert os.listdir(tmp_path) == ["out"]


def test_a_foreign_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work")
    with pytest.raises(ExportError, match=r"thesis\.txt") as caught:
        fill(tmp_path / "mine")
    assert "another folder" in caught.value.hint
    assert texts(tmp_path / "mine") == {"thesis.txt": "years of work"}


@pytest.mark.parametrize("name", ["a.txt", "mine.txt", "below/mine.txt"])
def test_manual_changes_are_never_replaced(tmp_path: Path, name: str) -> None:
    fill(tmp_path / "out", "old")
    (tmp_path / "out" / "below").mkdir()
    (tmp_path / "out" / name).write_text("by hand")
    with pytest.raises(ExportError, match=name):
        fill(tmp_path / "out")
    assert (tmp_path / "out" / name).read_text() == "by hand"


def test_a_link_in_a_folder_counts_as_foreign(tmp_path: Path) -> None:
    fill(tmp_path / "out")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "out" / "link").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ExportError, match="link"):
        fill(tmp_path / "out")


def test_a_foreign_manifest_does_not_make_a_folder_ours(tmp_path: Path) -> None:
    fill(tmp_path / "out")
    manifest = tmp_path / "out" / MANIFEST
    manifest.write_bytes(manifest.read_bytes().split(b"\n", 1)[1])
    with pytest.raises(ExportError, match="added or changed since the last export"):
        fill(tmp_path / "out")


def test_a_file_is_not_replaced_by_a_folder(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    with pytest.raises(ExportError, match="is a file"):
        fill(tmp_path / "out")


def test_sha256sum_can_check_the_manifest(tmp_path: Path) -> None:
    fill(tmp_path / "out")
    done = subprocess.run(
        ["sha256sum", "--check", "--strict", MANIFEST],
        cwd=tmp_path / "out",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0
    assert done.stdout == "a.txt: OK\nb.txt: OK\n"


def test_a_folder_keeps_its_permissions(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir(mode=0o750)
    (tmp_path / "usual").mkdir()
    fill(tmp_path / "out")
    fill(tmp_path / "new")
    assert (tmp_path / "out").stat().st_mode & 0o777 == 0o750
    assert (tmp_path / "new").stat().st_mode == (tmp_path / "usual").stat().st_mode


# Leftovers


def test_leftovers_are_removed_and_work_in_progress_is_not(tmp_path: Path) -> None:
    (tmp_path / f"{TEMPORARY}dead").mkdir()
    (tmp_path / f"{TEMPORARY}dead" / "half.txt").touch()
    (tmp_path / f"{TEMPORARY}gone.jsonl").touch()
    with replacing_file(tmp_path / "a.txt"), replacing_folder(tmp_path / "b"):
        assert len(os.listdir(tmp_path)) == 4
        remove_leftovers(tmp_path)
        assert len(os.listdir(tmp_path)) == 2
    assert sorted(os.listdir(tmp_path)) == ["a.txt", "b"]


def test_an_unwritable_file_is_an_error_without_leftovers(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="full of it"), replacing_file(tmp_path / "a.txt") as file:
        raise OSError(28, f"{file} is full of it")
    assert os.listdir(tmp_path) == []
