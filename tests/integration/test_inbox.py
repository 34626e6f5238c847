"""The inbox on a real disk: what arrives is noticed, finished files only, links never followed."""

from __future__ import annotations

import os
import shutil
import socket
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from watchdog.events import FileCreatedEvent

from annotator.errors import ReadError, SettingsError
from annotator.inbox import files
from annotator.inbox import inbox as inbox_module
from annotator.inbox.files import FileState, contents_of, escaped, is_being_written, state_at
from annotator.inbox.ignoring import IGNORE_FILE, Ignoring
from annotator.inbox.inbox import Inbox
from annotator.inbox.scanning import scan
from annotator.inbox.watcher import Watcher, _Wake

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
def test_what_is_no_ordinary_file_is_refused(
    tmp_path: Path, make: Callable[[Path], None], what: str
) -> None:
    make(tmp_path / "x")
    with pytest.raises(ReadError, match=what) as caught:
        contents_of(str(tmp_path / "x"), max_size=100)
    assert caught.value.hint


def test_a_file_that_is_too_large_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "large.txt"
    with path.open("wb") as stream:
        stream.truncate(200_000_000)
    with pytest.raises(ReadError, match=r"200 MB, where 20 MB") as caught:
        contents_of(str(path), max_size=20_000_000)
    assert "max_size" in caught.value.hint


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_says_how_to_mend_it(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("Words.")
    path.chmod(0)
    with pytest.raises(ReadError, match="permission") as caught:
        contents_of(str(path), max_size=100)
    assert "chmod" in caught.value.hint


def test_a_file_that_vanished_is_nothing(tmp_path: Path) -> None:
    assert contents_of(str(tmp_path / "gone.txt"), max_size=100) is None
    assert contents_of(str(tmp_path / "gone" / "a.txt"), max_size=100) is None


@pytest.mark.parametrize("change", ["grow", "replace", "remove", "rewrite"])
def test_a_file_that_changes_while_it_is_read_is_not_taken(
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
def test_the_system_says_whether_somebody_writes(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    with path.open("w") as stream:
        stream.write("Half an")
        stream.flush()
        if is_being_written(str(path)) is None:
            pytest.skip("this file system grants no leases")
        assert is_being_written(str(path)) is True
    assert is_being_written(str(path)) is False


@linux
def test_what_is_no_ordinary_file_is_not_opened_to_ask(tmp_path: Path) -> None:
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
def test_a_writer_that_comes_while_we_ask_does_not_end_the_process(tmp_path: Path) -> None:
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


def test_a_scan_passes_over_what_is_not_meant_as_an_article(tmp_path: Path) -> None:
    for folder in ("gold", ".git", "_drafts", "news"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.txt").touch()
    for name in ("README.md", ".hidden.txt", "a.txt.part"):
        (tmp_path / name).touch()
    (tmp_path / IGNORE_FILE).write_text("gold/\n")
    assert paths_in(tmp_path) == {"news/a.txt"}


@linux
def test_names_that_are_no_text_are_escaped(tmp_path: Path) -> None:
    for name in (b"caf\xe9.txt", b"two\nlines.txt", "caf\u00e9.txt".encode()):
        Path(os.fsdecode(os.path.join(os.fsencode(tmp_path), name))).touch()
    assert paths_in(tmp_path) == {"caf\\xe9.txt", "two\nlines.txt", "café.txt"}


@pytest.mark.skipif(os.geteuid() == 0, reason="root may list everything")
def test_a_folder_that_cannot_be_listed_is_a_problem_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "closed").mkdir(mode=0)
    (seen,) = scan(tmp_path, Ignoring(tmp_path))
    (tmp_path / "closed").chmod(stat.S_IRWXU)
    assert seen.problem == "Permission denied"


# The inbox


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


@pytest.fixture(params=["events", "no events"])
def inbox(
    request: pytest.FixtureRequest, root: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Inbox]:
    monkeypatch.setattr(inbox_module, "RESCAN_WITHOUT_EVENTS", 0.4)
    has_events = request.param == "events"
    one = Inbox(root, known={}, settle_seconds=SETTLE, rescan_seconds=60, events=has_events)
    yield one
    one.close()


def found(inbox: Inbox, count: int, *, within: float = SOON) -> list[str]:
    """Names of what is to be read, until there are `count` of them or the time is over."""
    names: list[str] = []
    end = time.monotonic() + within
    while len(names) < count and time.monotonic() < end:
        inbox.wait(0.05)
        for seen in inbox.look():
            names.append(Path(seen.path).name)
            inbox.handled(seen.path, seen.state)
    return names


def test_what_lay_there_before_is_found(root: Path, inbox: Inbox) -> None:
    (root / "old.txt").write_text("Old.")
    assert found(inbox, 1) == ["old.txt"]


def test_what_is_dropped_later_is_found_within_two_seconds(root: Path, inbox: Inbox) -> None:
    found(inbox, 1, within=0.3)
    (root / "new.txt").write_text("New.")
    assert found(inbox, 1, within=2.0) == ["new.txt"]


def test_a_file_renamed_in_is_found(tmp_path: Path, root: Path, inbox: Inbox) -> None:
    found(inbox, 1, within=0.3)
    (tmp_path / "outside.txt").write_text("Moved.")
    (tmp_path / "outside.txt").rename(root / "moved.txt")
    assert found(inbox, 1) == ["moved.txt"]


def test_a_folder_moved_in_is_found_with_all_below_it(
    tmp_path: Path, root: Path, inbox: Inbox
) -> None:
    found(inbox, 1, within=0.3)
    (tmp_path / "news" / "deep").mkdir(parents=True)
    (tmp_path / "news" / "a.txt").write_text("A.")
    (tmp_path / "news" / "deep" / "b.txt").write_text("B.")
    (tmp_path / "news").rename(root / "news")
    assert sorted(found(inbox, 2)) == ["a.txt", "b.txt"]


def test_a_file_is_given_once_and_again_when_it_has_changed(root: Path, inbox: Inbox) -> None:
    (root / "a.txt").write_text("One.")
    assert found(inbox, 1) == ["a.txt"]
    assert found(inbox, 1, within=0.7) == []
    (root / "a.txt").write_text("Two.")
    assert found(inbox, 1) == ["a.txt"]


def test_a_copy_that_kept_times_and_size_is_seen_as_changed(
    tmp_path: Path, root: Path, inbox: Inbox
) -> None:
    (root / "a.txt").write_text("One.")
    assert found(inbox, 1) == ["a.txt"]
    (tmp_path / "b.txt").write_text("Two.")
    shutil.copystat(root / "a.txt", tmp_path / "b.txt")
    with (root / "a.txt").open("w") as stream:
        stream.write("Two.")
    shutil.copystat(tmp_path / "b.txt", root / "a.txt")
    assert found(inbox, 1) == ["a.txt"]


def test_what_the_store_knows_already_is_not_given(root: Path) -> None:
    (root / "a.txt").write_text("Known.")
    state = state_at(root / "a.txt")
    assert isinstance(state, FileState)
    one = Inbox(root, known={str(root / "a.txt"): state}, settle_seconds=SETTLE)
    (root / "b.txt").write_text("New.")
    assert found(one, 2, within=1.5) == ["b.txt"]
    one.close()


@linux
def test_a_slow_writer_s_file_is_given_once_and_whole(root: Path) -> None:
    (root / "before.txt").touch()
    if is_being_written(str(root / "before.txt")) is None:
        pytest.skip("this file system grants no leases")
    (root / "before.txt").unlink()
    inbox = Inbox(root, known={}, settle_seconds=SETTLE)
    sizes: list[int] = []

    def write() -> None:
        with (root / "slow.txt").open("w") as stream:
            for _ in range(2):
                stream.write("Part of the text. ")
                stream.flush()
                time.sleep(4 * SETTLE)

    writer = threading.Thread(target=write)
    writer.start()
    end = time.monotonic() + 4 * 2 * SETTLE + 1.5
    while time.monotonic() < end:
        inbox.wait(0.05)
        for seen in inbox.look():
            sizes.append(seen.state.size)
            inbox.handled(seen.path, seen.state)
    writer.join()
    inbox.close()
    assert sizes == [36]


def test_an_inbox_that_is_removed_and_made_anew_is_watched_again(root: Path, inbox: Inbox) -> None:
    (root / "a.txt").write_text("A.")
    assert found(inbox, 1) == ["a.txt"]
    shutil.rmtree(root)
    assert found(inbox, 1, within=1.2) == []
    root.mkdir()
    (root / "b.txt").write_text("B.")
    assert found(inbox, 1) == ["b.txt"]
    (root / "c.txt").write_text("C.")
    assert found(inbox, 1) == ["c.txt"]


def test_an_inbox_that_is_renamed_and_replaced_is_watched_again(root: Path, inbox: Inbox) -> None:
    found(inbox, 1, within=0.5)
    root.rename(root.with_name("elsewhere"))
    root.mkdir()
    (root / "b.txt").write_text("B.")
    assert found(inbox, 1) == ["b.txt"]


def test_thousands_of_files_at_once_are_all_found(root: Path, inbox: Inbox) -> None:
    found(inbox, 1, within=0.3)
    for number in range(3000):
        folder = root / str(number % 50)
        folder.mkdir(exist_ok=True)
        (folder / f"{number}.txt").write_text(str(number))
    names = found(inbox, 3000, within=20.0)
    assert len(names) == len(set(names)) == 3000


def test_a_file_that_changed_while_it_was_read_is_given_again(root: Path, inbox: Inbox) -> None:
    (root / "a.txt").write_text("A.")
    end = time.monotonic() + SOON
    while not (seen := inbox.look()) and time.monotonic() < end:
        inbox.wait(0.05)
    inbox.look_again(seen[0].path)
    assert found(inbox, 1) == ["a.txt"]


def test_looking_does_not_wake_itself(
    root: Path, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / "a.txt").write_text("A.")
    assert found(inbox, 1) == ["a.txt"]
    monkeypatch.setattr(inbox_module, "RESCAN_WITHOUT_EVENTS", 60.0)
    found(inbox, 1, within=0.7)
    scanned = inbox.scanned
    found(inbox, 1, within=0.7)
    assert inbox.scanned == scanned


def test_an_inbox_that_does_not_exist_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="no inbox folder") as caught:
        Inbox(tmp_path / "nowhere", known={})
    assert "mkdir" in caught.value.hint


# Events


def test_an_event_that_cannot_be_handled_does_not_end_the_observer(root: Path) -> None:
    class Broken(threading.Event):
        def set(self) -> None:
            raise RuntimeError("no")

    _Wake(Broken()).on_any_event(FileCreatedEvent(str(root / "a.txt")))  # or it would raise


def test_a_system_without_events_is_scanned_instead(
    root: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    class Limited:
        def schedule(self, *_: object, **__: object) -> None: ...

        def start(self) -> None:
            raise OSError(28, "inotify watch limit reached")

        def stop(self) -> None: ...

        def join(self, *_: object) -> None:
            raise RuntimeError("cannot join thread before it is started")

    monkeypatch.setattr("annotator.inbox.watcher.Observer", Limited)
    monkeypatch.setattr(inbox_module, "RESCAN_WITHOUT_EVENTS", 0.3)
    one = Inbox(root, known={}, settle_seconds=SETTLE)
    found(one, 1, within=0.3)
    (root / "a.txt").write_text("A.")
    assert found(one, 1) == ["a.txt"]
    assert "inotify watch limit reached" in (one.problem or "")
    assert "Files are looked for every few seconds" in caplog.text
    one.close()


def test_an_observer_that_died_is_replaced(root: Path) -> None:
    wake = threading.Event()
    watcher = Watcher(root, wake)
    watcher.check()
    assert watcher.has_events
    assert watcher._observer is not None
    watcher._observer.stop()
    watcher._observer.join()
    assert not watcher.has_events
    watcher.check()
    assert watcher.has_events
    watcher.stop()
