"""The files for decisions that the database does not accept."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.tui.saving import rescue_files
from annotator.tui.saving.rescue_files import RescueFiles, rescue
from tests.helpers.unwritten import (
    ROOT,
    ids,
    made,
    on_disk,
)

# Where files are made


@pytest.mark.parametrize("error", [RuntimeError("no home"), KeyError("uid 7"), OSError("gone")])
def test_an_unavailable_fallback_folder_does_not_matter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail() -> None:
        raise error

    monkeypatch.setattr(Path, "home", fail)
    monkeypatch.setattr(tempfile, "gettempdir", fail)
    (path,) = rescue(made(), tmp_path)
    assert path.parent == tmp_path


@given(st.tuples(*[st.sampled_from(["works", "fails", "unknown"])] * 5))
def test_the_first_writable_folder_gets_the_file(kinds: Sequence[str]) -> None:
    def find(kind: str, folder: Path) -> Path:
        if kind == "unknown":
            raise RuntimeError("not to be found out")
        return folder if kind == "works" else folder / "none"

    with tempfile.TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        folders = [Path(name, str(number)) for number in range(len(kinds))]
        for folder in folders:
            folder.mkdir()
        places = [lambda k=k, f=f: find(k, f) for k, f in zip(kinds, folders, strict=True)]
        patch.setattr(rescue_files, "_places", lambda _folder: tuple(places))
        done = RescueFiles(folders[0]).keep(made())
        if "works" in kinds:
            assert [path.parent for path in done.files] == [folders[kinds.index("works")]]
            assert not done.not_rescued
        else:
            assert (done.files, list(done.not_rescued)) == ((), made())
            assert done.problem


@pytest.mark.skipif(sys.platform == "win32" or os.getuid() != 0, reason="needs another user")
def test_a_user_without_a_home_loses_nothing() -> None:
    code = (
        "import os, sys\nfrom pathlib import Path\n"
        "from annotator.tui.saving.rescue_files import rescue\n"
        "from tests.helpers.unwritten import made\nfound = made()\nos.chdir('/proc')\n"
        "os.setuid(54321)\nos.environ.pop('HOME')\nos.environ['TMPDIR'] = '/none'\n"
        "print(*rescue(found, Path(sys.argv[1])))"
    )
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o777)
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-c", code, name]
        done = subprocess.run(command, capture_output=True, text=True, env=environment)
        files = [str(path) for path in Path(name).glob("unsaved-*")]
        assert (len(files), files) == (1, done.stdout.split()), done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="no such rights there")
@pytest.mark.parametrize("umask", [0o000, 0o022, 0o777])
def test_only_its_owner_can_read_a_file(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        (path,) = rescue(made(), tmp_path)
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(path.read_text(encoding="utf-8").splitlines()) == 2


def test_one_failing_file_does_not_block_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = made(1), made(1, "Another text.")
    write, article = rescue_files.write_lines, first[0][0].article[:12]

    def failing(path: Path, lines: Sequence[str]) -> None:
        if article in path.name:
            raise OSError("No space left on device")
        write(path, lines)

    monkeypatch.setattr(rescue_files, "write_lines", failing)
    done = RescueFiles(tmp_path).keep([*first, *second])
    assert (list(done.not_rescued), on_disk(tmp_path)) == (first, ids(second))


def test_decisions_are_written_once_and_into_few_files(tmp_path: Path) -> None:
    all_of_it, files = made(60), RescueFiles(tmp_path)
    for number in range(1, 61):
        files.keep(all_of_it[:number])
        assert on_disk(tmp_path) == ids(all_of_it[:number])
        assert len(list(tmp_path.iterdir())) <= 9
    before = {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    files.keep(all_of_it)
    assert before == {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    files.keep_only(ids(all_of_it[-1:]))
    assert set(ids(all_of_it[-1:])) <= set(on_disk(tmp_path))
    files.keep_only([])
    assert not list(tmp_path.iterdir())


def test_a_removed_file_is_written_again(tmp_path: Path) -> None:
    files = RescueFiles(tmp_path)
    (path,) = files.keep(made()).files
    path.unlink()
    assert files.keep(made()).files
    assert on_disk(tmp_path) == ids(made())
