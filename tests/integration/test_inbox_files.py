"""Single files and folder scans: read completely or refused, links never followed."""

from __future__ import annotations

import errno
import os
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from annotator.errors import ReadError
from annotator.inbox import files
from annotator.inbox.files import contents_of, escaped, is_being_written, state_at
from annotator.inbox.ignoring import IGNORE_FILE, Ignoring
from annotator.inbox.reading import ReadingRules, arrivals_of
from annotator.inbox.scanning import scan

SETTLE = 0.3
SOON = 5.0
linux = pytest.mark.skipif(sys.platform != "linux", reason="leases are Linux' own")


# One file


def test_a_file_is_read_whole_with_its_state(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"All of it.\r\n")
    contents = contents_of(str(path), max_size=100)
    assert contents is not None
    assert contents.raw == b"All of it.\r\n"
    assert contents.state == state_at(path)


def make_link(path: Path) -> None:
    (path.parent / "target").write_text("Words.")
    path.symlink_to("target")


def make_link_out(path: Path) -> None:
    path.symlink_to("/etc/hostname")


def make_folder(path: Path) -> None:
    path.mkdir()


def make_pipe(path: Path) -> None:
    os.mkfifo(path)


def make_socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))


@pytest.mark.parametrize(
    ("make", "what"),
    [
        (make_link, "a link"),
        (make_link_out, "a link"),
        (make_folder, "a folder"),
        (make_pipe, "a pipe"),
        (make_socket, "a socket"),
    ],
)
def test_an_irregular_file_is_refused(
    tmp_path: Path, make: Callable[[Path], None], what: str
) -> None:
    make(tmp_path / "x")
    with pytest.raises(ReadError, match=what) as caught:
        contents_of(str(tmp_path / "x"), max_size=100)
    assert caught.value.hint


def test_a_too_large_file_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "large.txt"
    with path.open("wb") as stream:
        stream.truncate(200_000_000)
    with pytest.raises(ReadError, match=r"200 MB, where 20 MB") as caught:
        contents_of(str(path), max_size=20_000_000)
    assert "max_size" in caught.value.hint


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_file_is_refused_with_advice(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("Words.")
    path.chmod(0)
    with pytest.raises(ReadError, match="permission") as caught:
        contents_of(str(path), max_size=100)
    assert "chmod" in caught.value.hint


def test_a_vanished_file_is_skipped(tmp_path: Path) -> None:
    assert contents_of(str(tmp_path / "gone.txt"), max_size=100) is None
    assert contents_of(str(tmp_path / "gone" / "a.txt"), max_size=100) is None


@pytest.mark.parametrize("change", ["grow", "replace", "remove", "rewrite"])
def test_a_file_changing_while_being_read_is_not_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    path = tmp_path / "a.txt"
    path.write_text("First words.")
    read = files._all_of

    def read_and_change(descriptor: int, size: int) -> bytes:
        raw = read(descriptor, size)
        if change == "grow":
            with path.open("a") as stream:
                stream.write(" More.")
        elif change == "replace":
            (tmp_path / "b").write_text("First words.")
            (tmp_path / "b").rename(path)
        elif change == "remove":
            path.unlink()
        else:
            time.sleep(0.02)  # a clock tick of the file system
            path.write_text("Other words.")
        return raw

    monkeypatch.setattr(files, "_all_of", read_and_change)
    assert contents_of(str(path), max_size=100) is None


@linux
def test_the_system_reports_writers(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    with path.open("w") as stream:
        stream.write("Half an")
        stream.flush()
        if is_being_written(str(path)) is None:
            pytest.skip("this file system grants no leases")
        assert is_being_written(str(path)) is True
    assert is_being_written(str(path)) is False


@linux
def test_an_irregular_file_is_not_opened_to_check(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert is_being_written(str(tmp_path / "pipe")) is None
    assert is_being_written(str(tmp_path / "gone")) is None


_ASK_AND_WRITE = """
import sys, threading, time
from annotator.inbox.files import is_being_written
path, end = sys.argv[1], time.monotonic() + 1.0
def write():
    while time.monotonic() < end:
        open(path, "a").close()
writer = threading.Thread(target=write)
writer.start()
while time.monotonic() < end:
    is_being_written(path)
writer.join()
print("alive")
"""


@linux
def test_a_writer_during_the_check_does_not_end_the_process(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.touch()
    command = [sys.executable, "-c", _ASK_AND_WRITE, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert (done.returncode, done.stdout) == (0, "alive\n"), done.stderr


# The folder


def paths_in(root: Path) -> set[str]:
    return {escaped(os.path.relpath(seen.path, root)) for seen in scan(root, Ignoring(root))}


def test_a_scan_finds_files_at_every_depth_and_follows_no_link(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.txt").touch()
    root = tmp_path / "inbox"
    (root / "a" / "b").mkdir(parents=True)
    for name in ("1.txt", "a/2.txt", "a/b/3.md"):
        (root / name).touch()
    (root / "link").symlink_to(outside)
    (root / "loop").symlink_to(root)
    assert paths_in(root) == {"1.txt", "a/2.txt", "a/b/3.md", "link", "loop"}


def test_a_scan_skips_ignored_files(tmp_path: Path) -> None:
    for folder in ("gold", ".git", "_drafts", "news"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.txt").touch()
    for name in ("README.md", ".hidden.txt", "a.txt.part"):
        (tmp_path / name).touch()
    (tmp_path / IGNORE_FILE).write_text("gold/\n")
    assert paths_in(tmp_path) == {"news/a.txt"}


@linux
def test_names_that_are_not_unicode_are_escaped(tmp_path: Path) -> None:
    for name in (b"caf\xe9.txt", b"two\nlines.txt", "caf\u00e9.txt".encode()):
        Path(os.fsdecode(os.path.join(os.fsencode(tmp_path), name))).touch()
    assert paths_in(tmp_path) == {"caf\\xe9.txt", "two\nlines.txt", "café.txt"}


@linux
def test_a_too_deep_folder_is_a_problem_until_it_is_moved(tmp_path: Path) -> None:
    here = os.open(tmp_path, os.O_RDONLY)
    descriptor = os.dup(here)
    for _ in range(30):
        os.mkdir("d" * 200, dir_fd=descriptor)
        below = os.open("d" * 200, os.O_RDONLY, dir_fd=descriptor)
        os.close(descriptor)
        descriptor = below
    os.close(descriptor)
    (seen,) = scan(tmp_path, Ignoring(tmp_path))
    assert seen.problem == os.strerror(errno.ENAMETOOLONG)
    assert state_at(seen.path) is not None
    (arrival,) = arrivals_of(seen, ReadingRules())
    assert arrival.rejection is not None
    assert "move it further up" in arrival.rejection.hint
    os.rename("d" * 200, "moved", src_dir_fd=here, dst_dir_fd=here)
    os.close(here)
    assert state_at(seen.path) is None


class NameAlone:
    """What the system tells of a file in a folder that may be listed (r) but not gone into (x)."""

    def __init__(self, path: str) -> None:
        self.name, self.path = os.path.basename(path), path

    def is_dir(self, **_: bool) -> bool:
        return False

    def stat(self, **_: bool) -> os.stat_result:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))


class Listing(list[NameAlone]):
    """As `os.scandir` gives it."""

    def __enter__(self) -> Listing:
        return self

    def __exit__(self, *_: object) -> None:
        self.clear()


def test_a_folder_with_unreadable_entries_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    half = tmp_path / "half"
    half.mkdir()
    listing = Listing([NameAlone(str(half / name)) for name in ("a.txt", "b.txt")])
    really = os.scandir
    # Not by permissions: those do not hold for root, as which tests may run.
    monkeypatch.setattr(os, "scandir", lambda path: listing if path == str(half) else really(path))
    (seen,) = scan(tmp_path, Ignoring(tmp_path))
    assert (seen.path, seen.problem) == (str(half), "Permission denied")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may list everything")
def test_an_unlistable_folder_is_reported(tmp_path: Path) -> None:
    (tmp_path / "closed").mkdir(mode=0)
    (seen,) = scan(tmp_path, Ignoring(tmp_path))
    (tmp_path / "closed").chmod(stat.S_IRWXU)
    assert seen.problem == "Permission denied"
