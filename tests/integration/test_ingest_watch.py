"""The watcher: files are taken in as they arrive."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from annotator.core.watcher_status import Heartbeat
from annotator.errors import ModelError, SettingsError, StoreError
from annotator.inbox import incoming
from annotator.inbox.files import state_at
from annotator.inbox.reading import arrivals_of
from annotator.ingest.adding import add
from annotator.ingest.lock import AlreadyWatched, WatcherLock, watching_alone
from annotator.ingest.plan import WorkerPlan
from annotator.ingest.reading_heartbeat import ReadingHeartbeat
from annotator.store.store import Store
from tests.helpers.ingesting import Watching, fill, wait_until


@pytest.fixture
def watching(
    root: Path, store: Store, plan: WorkerPlan, tmp_path: Path
) -> Iterator[Callable[..., Watching]]:
    started: list[Watching] = []

    def begin(**how: Any) -> Watching:
        started.append(Watching(root, store, how.pop("plan", plan), tmp_path / "lock", **how))
        return started[-1]

    yield begin
    for one in started:
        one.end()


def test_a_watcher_takes_in_suggests_sends_heartbeats_and_does_chores(
    root: Path, store: Store, watching: Callable[..., Watching]
) -> None:
    chores: list[float] = []
    fill(root, 2)
    one = watching(chores=(lambda: chores.append(time.monotonic()),))
    assert wait_until(lambda: store.queue.counts().ready == 2)
    (root / "new.txt").write_text("The mayor said no.")
    (root / "copy.txt").write_text("The mayor said no.")
    (root / "bad.txt").write_bytes(b"\0")
    assert wait_until(lambda: store.queue.counts().articles == 3)
    assert wait_until(lambda: store.queue.counts().ready == 3 and len(store.files.known()) == 5)
    assert wait_until(lambda: len(chores) > 1)
    beat = store.watcher.last()
    assert beat is not None
    assert beat.pid == os.getpid()
    assert beat.status.workers == 1
    assert beat.is_recent(beat.at)
    one.end()
    assert one.error is None
    last = store.watcher.last()
    assert last is not None
    assert not last.is_recent(last.at)
    events = [(what["event"], what["name"]) for what in one.told]
    assert sorted(name for event, name in events if event == "article")[:2] == ["0.txt", "1.txt"]
    assert len([name for event, name in events if event == "article"]) == 3
    assert [name for event, name in events if event == "rejected"] == ["bad.txt"]


def test_a_fixed_file_is_taken_in_and_no_longer_rejected(
    root: Path, store: Store, watching: Callable[..., Watching]
) -> None:
    (root / "a.txt").write_bytes(b"\0")
    watching()
    assert wait_until(lambda: len(store.files.rejected()) == 1)
    (root / "a.txt").write_text("The mayor said no.")
    assert wait_until(lambda: store.queue.counts().articles == 1)
    assert store.files.rejected() == ()


def test_a_rejected_file_is_retried_on_request(
    root: Path, tmp_path: Path, store: Store, plan: WorkerPlan, watching: Callable[..., Watching]
) -> None:
    (root / "bad.txt").write_bytes(b"\0")
    (tmp_path / "elsewhere.txt").write_bytes(b"\0")
    add([tmp_path / "elsewhere.txt"], store=store, plan=plan)
    watching(rescan_seconds=600.0)
    assert wait_until(lambda: len(store.files.rejected()) == 2)
    for _ in range(2):  # and as often as it is wanted
        assert store.files.retry() == 2
        assert wait_until(lambda: store.files.rejected_paths(to_retry=True) == ())
        assert len(store.files.rejected()) == 2


def test_a_removed_rejected_file_is_no_longer_listed(
    root: Path, store: Store, watching: Callable[..., Watching]
) -> None:
    for name in ("removed.txt", "ignored.txt", "stays.txt"):
        (root / name).write_bytes(b"\0")
    watching()
    assert wait_until(lambda: len(store.files.rejected()) == 3)
    (root / "removed.txt").unlink()
    (root / ".annotatorignore").write_text("ignored.txt\n")
    assert wait_until(lambda: len(store.files.rejected()) == 1)
    assert [file.name for file in store.files.rejected()] == ["stays.txt"]
    (root / "removed.txt").write_text("The mayor said no.")
    assert wait_until(lambda: store.queue.counts().articles == 1)


def test_an_arrival_waits_for_at_most_one_piece_of_a_long_file(
    root: Path,
    store: Store,
    watching: Callable[..., Watching],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("annotator.inbox.readers.PIECE", 2)
    monkeypatch.setattr("annotator.inbox.reading._ARTICLES", 2)
    monkeypatch.setattr("annotator.inbox.incoming._LONG", 1000)
    take_in = store.files.take_in

    def take_in_slowly(arrivals: Any, **how: Any) -> Any:
        time.sleep(0.1 if arrivals[0].path.endswith(".jsonl") else 0.0)
        return take_in(arrivals, **how)

    monkeypatch.setattr(store.files, "take_in", take_in_slowly)
    for name, many in (("all", 60), ("some", 20)):
        lines = (f'{{"text": "The mayor said no to {name} {n} times."}}\n' for n in range(many))
        (root / f"{name}.jsonl").write_text("".join(lines))
    one = watching()
    assert wait_until(lambda: len(one.told) > 5)
    (root / "news.txt").write_text("The mayor said yes.")
    assert wait_until(lambda: len(one.told) == 81)
    names = [what["name"] for what in one.told]
    assert names[-1] == "all.jsonl"
    assert set(names[:20]) <= {"some.jsonl", "news.txt"}
    assert len(set(store.files.known())) == 3


def test_heartbeats_continue_during_a_slow_batch(
    root: Path,
    store: Store,
    watching: Callable[..., Watching],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("annotator.ingest.watching.HEARTBEAT", 0.1)
    monkeypatch.setattr("annotator.ingest.watching._LONGEST_READING", 0.1)
    done: list[str] = []
    read = arrivals_of

    def noted(what: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def noting(*how: Any, **more: Any) -> Any:
            done.append(what)
            return call(*how, **more)

        return noting

    def read_slowly(*how: Any) -> Any:
        time.sleep(0.2)
        return read(*how)

    monkeypatch.setattr(incoming, "arrivals_of", noted("read", read_slowly))
    monkeypatch.setattr(store.watcher, "beat", noted("beat", store.watcher.beat))
    monkeypatch.setattr(store.files, "take_in", noted("taken", store.files.take_in))
    fill(root, 8)
    watching()
    assert wait_until(lambda: "taken" in done)
    reading = done[done.index("read") : done.index("taken")]
    assert reading.count("read") > 1
    assert reading.count("beat") >= reading.count("read") // 2


def test_heartbeats_continue_while_one_document_is_read(
    root: Path,
    store: Store,
    watching: Callable[..., Watching],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("annotator.ingest.watching.HEARTBEAT", 0.05)
    beats: list[Heartbeat] = []
    beat, read = store.watcher.beat, arrivals_of
    seen_while_read: list[bool] = []

    def noted(one: Heartbeat) -> None:
        beats.append(one)
        beat(one)

    def read_slowly(*how: Any) -> Any:
        before = len(beats)
        seen_while_read.append(wait_until(lambda: len(beats) >= before + 3))
        return read(*how)

    monkeypatch.setattr(incoming, "arrivals_of", read_slowly)
    monkeypatch.setattr(store.watcher, "beat", noted)
    (root / "slow.txt").write_text("The mayor said no.")
    one = watching()
    assert wait_until(lambda: store.queue.counts().articles == 1)
    assert seen_while_read == [True]
    one.end()
    assert [one.status.has_ended for one in beats].index(True) == len(beats) - 1


def test_there_are_heartbeats_only_while_something_is_read() -> None:
    beats: list[float] = []
    reading = ReadingHeartbeat(lambda: beats.append(time.monotonic()), 0.02)

    def slow() -> Iterator[int]:
        for number in range(2):
            before = len(beats)
            assert wait_until(lambda before=before: len(beats) >= before + 2)  # type: ignore[misc]
            yield number

    reading.start()
    for _ in reading.each(slow()):
        time.sleep(0.03)  # one that was due may still come
        before = len(beats)
        time.sleep(0.1)
        assert len(beats) == before
    reading.end()
    assert len(beats) >= 4


def test_a_heartbeat_that_cannot_be_sent_does_not_end_those_that_follow() -> None:
    tried: list[int] = []

    def fail() -> None:
        tried.append(len(tried))
        raise (StoreError("The database is busy.", hint="Wait."), ValueError("x"))[len(tried) % 2]

    reading = ReadingHeartbeat(fail, 0.01)
    reading.start()
    assert [*reading.each(wait_until(lambda: len(tried) >= 4) for _ in range(1))] == [True]
    reading.end()


def test_a_partly_stored_long_file_is_read_again_from_the_start(
    root: Path,
    store: Store,
    watching: Callable[..., Watching],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("annotator.inbox.readers.PIECE", 2)
    monkeypatch.setattr("annotator.inbox.reading._ARTICLES", 2)
    monkeypatch.setattr("annotator.ingest.watching._AFTER_TROUBLE", 0.2)
    take_in, batches = store.files.take_in, iter(range(100))

    def fail_at_the_second(arrivals: Any, **how: Any) -> Any:
        if next(batches) == 1:
            raise StoreError("The disk is full.", hint="Free some.")
        return take_in(arrivals, **how)

    monkeypatch.setattr(store.files, "take_in", fail_at_the_second)
    lines = "".join(f'{{"text": "The mayor said no {n} times."}}\n' for n in range(7))
    (root / "all.jsonl").write_text(lines)
    watching()
    assert wait_until(lambda: store.queue.counts().articles == 7)
    state = state_at(root / "all.jsonl")
    assert state is not None
    assert wait_until(lambda: store.files.known() == {str(root / "all.jsonl"): state})


def test_a_second_watcher_is_refused(tmp_path: Path, watching: Callable[..., Watching]) -> None:
    one = watching()
    assert one.started.wait(10)
    with (
        pytest.raises(AlreadyWatched, match=f"process {os.getpid()}") as caught,
        watching_alone(tmp_path / "lock"),
    ):
        pass
    assert caught.value.hint


def test_a_watcher_without_pipeline_ends_with_the_reason(
    plan: WorkerPlan, watching: Callable[..., Watching]
) -> None:
    one = watching(plan=replace(plan, model="/no/such/model"))
    one.thread.join(20)
    assert isinstance(one.error, ModelError)


def test_database_errors_do_not_stop_the_watcher(
    root: Path,
    store: Store,
    watching: Callable[..., Watching],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    take_in, failures = (
        store.files.take_in,
        iter([StoreError("The disk is full.", hint="Free some.")]),
    )

    def fail_once(arrivals: Any, **how: Any) -> Any:
        for failure in failures:
            raise failure
        return take_in(arrivals, **how)

    monkeypatch.setattr(store.files, "take_in", fail_once)
    monkeypatch.setattr("annotator.ingest.watching._AFTER_TROUBLE", 0.2)
    fill(root, 1)
    watching()
    assert wait_until(lambda: store.queue.counts().articles == 1)
    assert "The disk is full. Free some." in caplog.text


def test_a_released_lock_is_free(tmp_path: Path) -> None:
    one, other = WatcherLock(tmp_path / "lock"), WatcherLock(tmp_path / "lock")
    assert one.acquire()
    assert not other.acquire()
    assert other.holder() == str(os.getpid())
    one.release()
    assert other.acquire()
    other.release()


@pytest.mark.parametrize("place", ["folder", "link", "link to nothing"])
def test_an_unlockable_file_is_not_another_watcher(tmp_path: Path, place: str) -> None:
    lock = tmp_path / "lock"
    if place == "folder":
        lock.mkdir()
    else:
        lock.symlink_to(tmp_path / "other")
    if place == "link":
        (tmp_path / "other").write_text("not ours\n")
    with pytest.raises(SettingsError, match="cannot be locked"):
        WatcherLock(lock).acquire()
    assert place != "link" or (tmp_path / "other").read_text() == "not ours\n"
