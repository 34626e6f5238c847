"""The inbox on a real disk: arrivals are noticed, only finished files are read, links never
followed."""

from __future__ import annotations

import errno
import os
import shutil
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from watchdog.events import FileCreatedEvent

from annotator.core.arrival import FileState
from annotator.errors import SettingsError
from annotator.inbox import inbox as inbox_module
from annotator.inbox.files import escaped, is_being_written, state_at
from annotator.inbox.ignoring import IGNORE_FILE
from annotator.inbox.inbox import Inbox
from annotator.inbox.watcher import Watcher, _Wake

SETTLE = 0.3
SOON = 5.0
linux = pytest.mark.skipif(sys.platform != "linux", reason="leases are Linux' own")


# The inbox


@pytest.fixture
def inbox(
    request: pytest.FixtureRequest, root: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Inbox]:
    """An inbox that is watched; where a test says so, on a system that sends no events."""
    monkeypatch.setattr(inbox_module, "RESCAN_WITHOUT_EVENTS", 0.4)
    has_events = getattr(request, "param", "events") == "events"
    one = Inbox(root, known={}, settle_seconds=SETTLE, rescan_seconds=60, events=has_events)
    yield one
    one.close()


both_ways = pytest.mark.parametrize("inbox", ["events", "no events"], indirect=True)


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


def test_existing_files_are_found(root: Path, inbox: Inbox) -> None:
    (root / "old.txt").write_text("Old.")
    assert found(inbox, 1) == ["old.txt"]


@both_ways
def test_a_new_file_is_found_within_two_seconds(root: Path, inbox: Inbox) -> None:
    found(inbox, 1, within=0.3)
    (root / "new.txt").write_text("New.")
    assert found(inbox, 1, within=2.0) == ["new.txt"]


def test_a_file_renamed_in_is_found(tmp_path: Path, root: Path, inbox: Inbox) -> None:
    found(inbox, 1, within=0.3)
    (tmp_path / "outside.txt").write_text("Moved.")
    (tmp_path / "outside.txt").rename(root / "moved.txt")
    assert found(inbox, 1) == ["moved.txt"]


@both_ways
def test_a_folder_moved_in_is_found_with_its_files(
    tmp_path: Path, root: Path, inbox: Inbox
) -> None:
    found(inbox, 1, within=0.3)
    (tmp_path / "news" / "deep").mkdir(parents=True)
    (tmp_path / "news" / "a.txt").write_text("A.")
    (tmp_path / "news" / "deep" / "b.txt").write_text("B.")
    (tmp_path / "news").rename(root / "news")
    assert sorted(found(inbox, 2)) == ["a.txt", "b.txt"]


def test_a_file_is_given_once_and_again_after_a_change(root: Path, inbox: Inbox) -> None:
    (root / "a.txt").write_text("One.")
    assert found(inbox, 1) == ["a.txt"]
    assert found(inbox, 1, within=0.7) == []
    (root / "a.txt").write_text("Two.")
    assert found(inbox, 1) == ["a.txt"]


def test_a_copy_with_the_same_times_and_size_counts_as_changed(
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


def test_known_files_are_not_given(root: Path) -> None:
    (root / "a.txt").write_text("Known.")
    state = state_at(root / "a.txt")
    assert isinstance(state, FileState)
    one = Inbox(root, known={str(root / "a.txt"): state}, settle_seconds=SETTLE)
    (root / "b.txt").write_text("New.")
    assert found(one, 2, within=1.5) == ["b.txt"]
    one.close()


@linux
def test_a_slowly_written_file_is_given_once_and_complete(root: Path) -> None:
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


@both_ways
def test_a_recreated_inbox_is_watched_again(root: Path, inbox: Inbox) -> None:
    (root / "a.txt").write_text("A.")
    assert found(inbox, 1) == ["a.txt"]
    shutil.rmtree(root)
    assert found(inbox, 1, within=1.2) == []
    root.mkdir()
    (root / "b.txt").write_text("B.")
    assert found(inbox, 1) == ["b.txt"]
    (root / "c.txt").write_text("C.")
    assert found(inbox, 1) == ["c.txt"]


def test_an_unlistable_inbox_is_a_problem_until_it_can_be_listed(
    root: Path, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def closed(*_: object) -> object:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(root))

    found(inbox, 1, within=0.5)
    with monkeypatch.context() as patched:
        patched.setattr("annotator.inbox.inbox.scan", closed)
        (root / "a.txt").write_text("A.")
        assert found(inbox, 1, within=1.0) == []
        assert inbox.problem == f"the inbox {root} cannot be listed: Permission denied"
        assert inbox.scanned is None
    assert found(inbox, 1) == ["a.txt"]
    assert "cannot be listed" not in (inbox.problem or "")


def test_a_replaced_inbox_is_watched_again(root: Path, inbox: Inbox) -> None:
    found(inbox, 1, within=0.5)
    root.rename(root.with_name("elsewhere"))
    assert "is gone" in (inbox.problem or "")
    root.mkdir()
    assert "is gone" not in (inbox.problem or "")
    (root / "b.txt").write_text("B.")
    assert found(inbox, 1) == ["b.txt"]


@both_ways
def test_thousands_of_files_at_once_are_all_found(root: Path, inbox: Inbox) -> None:
    found(inbox, 1, within=0.3)
    for number in range(3000):
        folder = root / str(number % 50)
        folder.mkdir(exist_ok=True)
        (folder / f"{number}.txt").write_text(str(number))
    names = found(inbox, 3000, within=20.0)
    assert len(names) == len(set(names)) == 3000


def test_a_file_changed_while_being_read_is_given_again(root: Path, inbox: Inbox) -> None:
    (root / "a.txt").write_text("A.")
    end = time.monotonic() + SOON
    while not (seen := inbox.look()) and time.monotonic() < end:
        inbox.wait(0.05)
    inbox.look_again(seen[0].path)
    assert found(inbox, 1) == ["a.txt"]


@both_ways
def test_scanning_does_not_trigger_itself(
    root: Path, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / "a.txt").write_text("A.")
    assert found(inbox, 1) == ["a.txt"]
    monkeypatch.setattr(inbox_module, "RESCAN_WITHOUT_EVENTS", 60.0)
    found(inbox, 1, within=0.7)
    scanned = inbox.scanned
    found(inbox, 1, within=0.7)
    assert inbox.scanned == scanned


def test_a_file_anywhere_is_given_again_on_request(
    tmp_path: Path, root: Path, inbox: Inbox
) -> None:
    (root / "a.txt").write_text("A.")
    (tmp_path / "elsewhere.txt").write_text("B.")
    assert found(inbox, 1) == ["a.txt"]
    inbox.read_again(str(root / "a.txt"))
    inbox.read_again(str(tmp_path / "elsewhere.txt"))
    inbox.read_again(str(root / "gone.txt"))
    assert sorted(found(inbox, 2)) == ["a.txt", "elsewhere.txt"]


@linux
def test_a_name_that_is_not_unicode_is_found_again(root: Path, inbox: Inbox) -> None:
    path = Path(os.fsdecode(os.path.join(os.fsencode(root), b"caf\xe9.txt")))
    path.write_text("A.")
    assert found(inbox, 1) == ["caf\udce9.txt"]
    inbox.read_again(escaped(str(path)))
    assert found(inbox, 1) == ["caf\udce9.txt"]
    assert not inbox.is_gone(escaped(str(path)))


def test_removed_and_ignored_files_are_gone(tmp_path: Path, root: Path, inbox: Inbox) -> None:
    (root / "drafts").mkdir()
    for name in ("a.txt", "b.txt", "drafts/c.txt"):
        (root / name).write_text(name)
    (root / IGNORE_FILE).write_text("b.txt\ndrafts/\n")
    found(inbox, 1)
    names = ("a.txt", "b.txt", "drafts/c.txt", "d.txt")
    assert [inbox.is_gone(str(root / name)) for name in names] == [False, True, True, True]
    assert not inbox.is_gone(str(tmp_path / "elsewhere.txt"))
    assert inbox.is_gone(str(root / "drafts"))  # which could not be listed, once, and now can
    shutil.rmtree(root)
    assert not inbox.is_gone(str(root / "a.txt"))  # for all we know


def test_an_inbox_with_missing_events_is_scanned_more_often(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where the limit of watches is reached below the inbox: nobody says a word."""
    monkeypatch.setattr(_Wake, "on_any_event", lambda *_: None)
    monkeypatch.setattr(inbox_module, "RESCAN_WITHOUT_EVENTS", 0.3)
    monkeypatch.setattr(inbox_module, "_EVENTS_TAKE", 0.1)
    one = Inbox(root, known={}, settle_seconds=SETTLE, rescan_seconds=1.0)
    assert found(one, 1, within=0.5) == []
    (root / "a.txt").write_text("A.")
    assert found(one, 1) == ["a.txt"]
    began = time.monotonic()
    (root / "b.txt").write_text("B.")
    assert found(one, 1) == ["b.txt"]
    assert one._next_scan - time.monotonic() <= 0.3
    assert time.monotonic() - began < 5.0
    one.close()


def test_an_inbox_relies_on_events_while_they_arrive(root: Path) -> None:
    one = Inbox(root, known={}, settle_seconds=SETTLE, rescan_seconds=60)
    found(one, 1, within=0.3)
    (root / "a.txt").write_text("A.")
    assert found(one, 1) == ["a.txt"]
    assert one._next_scan - time.monotonic() > 50
    one.close()


def test_a_missing_inbox_is_an_error_with_advice(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="does not exist") as caught:
        Inbox(tmp_path / "nowhere", known={})
    assert "mkdir" in caught.value.hint


# Events


def test_a_failing_event_does_not_end_the_observer(root: Path) -> None:
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
    assert "The inbox is scanned every few seconds" in caplog.text
    one.close()


def test_a_network_mount_is_scanned_without_leases(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox_module, "is_without_events", lambda _: True)
    monkeypatch.setattr(inbox_module, "QUIET_ON_NETWORK", 0.6)
    monkeypatch.setattr(inbox_module, "RESCAN_WITHOUT_EVENTS", 0.3)
    # As a share answers that grants no lease to anybody.
    monkeypatch.setattr(inbox_module, "is_being_written", lambda _: True)
    one = Inbox(root, known={}, settle_seconds=SETTLE)
    (root / "a.txt").write_text("A.")
    began = time.monotonic()
    assert found(one, 1) == ["a.txt"]
    assert time.monotonic() - began >= 0.6
    assert one.problem == "the inbox is on a network mount"
    one.close()


def test_a_dead_observer_is_replaced(root: Path) -> None:
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


def test_slow_scans_of_an_idle_inbox_are_less_frequent(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Counted: listings within ten minutes of a clock of our own, each taking 0.2 s of it."""
    clock, listings = [0.0], [0]

    def slow(*_: object) -> Iterator[object]:
        listings[0] += 1
        clock[0] += 0.2
        return iter(())

    monkeypatch.setattr(inbox_module, "scan", slow)
    quiet = Inbox(root, known={}, events=False, rescan_seconds=60, clock=lambda: clock[0])
    while clock[0] < 600:
        quiet.look()
        clock[0] += 0.25
    quiet.close()
    assert listings[0] * 0.2 / 600 < 0.01
    assert listings[0] > 600 / 60
