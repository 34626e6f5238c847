"""A decision that the database does not accept is in a file before anything else is tried.

The file is removed when the database has the decision.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from annotator.core.decisions import accept, reject
from annotator.errors import AnnotatorError, LeaseLost, StoreError
from annotator.tui.saving import rescue_files
from annotator.tui.saving.rescue_files import Unwritten, as_line, write_lines
from annotator.tui.saving.writer import Saved, Saving, Writer
from tests.helpers.unwritten import (
    ITEMS,
    ROOT,
    TEXT,
    Shelf,
    ids,
    ignored,
    on_disk,
    session_on,
    stuck,
    until,
)

# When the writer puts aside


def test_a_failed_decision_is_in_a_file_before_its_retry(tmp_path: Path) -> None:
    shelf = Shelf()
    shelf.error, shelf.look = StoreError("The disk is full."), lambda: on_disk(tmp_path)
    writer = Writer(shelf.append, ignored, ignored, retry_seconds=(0.01,), folder=tmp_path)
    session = session_on(writer)
    pressed = [d for change in (accept(ITEMS[0]), reject(ITEMS[1])) for d in session.press(change)]
    until(lambda: len(shelf.seen_at) > 1)
    assert pressed[0].id in shelf.seen_at[1]
    until(lambda: on_disk(tmp_path) == sorted(d.id for d in pressed))
    until(lambda: writer.saved.kept)
    assert (writer.saved.state, writer.saved.waiting) == (Saving.FAILED, 2)
    shelf.error = None
    assert writer.close()
    until(lambda: not list(tmp_path.iterdir()))
    assert shelf.kept == pressed


def test_an_unanswered_decision_is_in_a_file_too(tmp_path: Path) -> None:
    shelf, told = Shelf(), list[Saved]()
    with stuck(shelf):
        writer = Writer(shelf.append, told.append, ignored, folder=tmp_path, patience=0.05)
        session = session_on(writer)
        session.press(accept(ITEMS[0]))
        until(lambda: len(on_disk(tmp_path)) == 1)
        session.press(reject(ITEMS[1]))
        until(lambda: len(on_disk(tmp_path)) == 2)
        # It is not called "saving" for ever.
        until(lambda: writer.saved.state is Saving.FAILED)
        assert writer.saved.reason == "The database does not answer."
    assert writer.close()
    until(lambda: not list(tmp_path.iterdir()))
    assert (writer.saved, len(shelf.kept)) == (Saved(), 2)


def test_a_decision_saved_during_its_rescue_counts_as_saved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk is slow, and the database answers before the file is there."""
    begun, goes_on, keepers = threading.Event(), threading.Event(), list[threading.Thread]()

    def slowly(path: Path, lines: Sequence[str]) -> None:
        keepers.append(threading.current_thread())
        begun.set()
        goes_on.wait(30)
        write_lines(path, lines)

    monkeypatch.setattr(rescue_files, "write_lines", slowly)
    shelf = Shelf()
    with stuck(shelf):
        writer = Writer(shelf.append, ignored, ignored, folder=tmp_path, patience=0.01)
        session_on(writer).press(accept(ITEMS[0]))
        assert begun.wait(20)
    until(lambda: not writer.unwritten())
    goes_on.set()
    assert writer.close()
    keepers[0].join(20)
    assert writer.saved == Saved()


def test_a_decision_saved_before_its_rescue_leaves_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf = Shelf()
    with stuck(shelf):
        writer = Writer(shelf.append, ignored, ignored, folder=tmp_path, patience=1000)
        session_on(writer).press(accept(ITEMS[0]))

        def after_it_is_saved(path: Path, lines: Sequence[str]) -> None:
            shelf.goes_on.set()
            until(lambda: not writer.unwritten())
            write_lines(path, lines)

        monkeypatch.setattr(rescue_files, "write_lines", after_it_is_saved)
        assert writer.rescue_all().files == ()
    assert writer.close()
    assert on_disk(tmp_path) == []


def test_decisions_can_be_rescued_while_a_thread_is_stuck(tmp_path: Path) -> None:
    shelf = Shelf()
    with stuck(shelf):
        writer = Writer(shelf.append, ignored, ignored, folder=tmp_path, patience=1000)
        first, second = session_on(writer), session_on(writer, "Ada met Bo and Cy again.")
        first.press(accept(ITEMS[0]))
        second.press(accept(ITEMS[1]))
        before = time.monotonic()
        done = writer.rescue_all()
        assert time.monotonic() - before < 1
        assert (len(done.files), done.not_rescued) == (2, ())
        assert on_disk(tmp_path) == ids(writer.unwritten())
        assert not writer.close(0)
        # What comes last is put aside as well, though the threads have ended.
        first.press(reject(ITEMS[2]))
        writer.rescue_all()
        assert len(on_disk(tmp_path)) == 3


@pytest.mark.skipif(not hasattr(signal, "SIGUSR1"), reason="no such signal there")
def test_a_signal_handler_can_rescue_at_any_moment(tmp_path: Path) -> None:
    shelf = Shelf()
    with stuck(shelf):
        writer = Writer(shelf.append, ignored, ignored, folder=tmp_path, patience=1000)
        session_on(writer).press(accept(ITEMS[0]))
        before = signal.signal(signal.SIGUSR1, lambda *_: writer.rescue_all() and None)
        assert writer._rescue_files is not None
        try:
            with writer._something, writer._rescue_files._lock:
                os.kill(os.getpid(), signal.SIGUSR1)
                until(lambda: on_disk(tmp_path))
        finally:
            signal.signal(signal.SIGUSR1, before)


def test_a_killed_process_leaves_unsaved_decisions_in_files(tmp_path: Path) -> None:
    code = (
        "import sys, time\nfrom pathlib import Path\n"
        "from annotator.core.decisions import accept\n"
        "from annotator.tui.saving.writer import Writer\n"
        "from tests.helpers.unwritten import ITEMS, Shelf, ignored, session_on\n"
        "shelf = Shelf()\nshelf.goes_on.clear()\n"
        "writer = Writer(shelf.append, ignored, ignored, folder=Path(sys.argv[1]), patience=0.01)\n"
        "session = session_on(writer)\n"
        "for item in ITEMS: session.press(accept(item))\ntime.sleep(60)"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], env=environment)
    try:
        until(lambda: len(on_disk(tmp_path)) == len(ITEMS), 60)
    finally:
        process.kill()
        process.wait()
    assert len(on_disk(tmp_path)) == len(ITEMS)


@pytest.mark.parametrize("broken", ["lost", "changed", "places"])
def test_no_error_ends_the_writers_thread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("odd")

    shelf = Shelf()
    shelf.error = LeaseLost("bo took it up.")
    if broken == "places":
        monkeypatch.setattr(rescue_files, "_put", fail)
    given: dict[str, Callable[..., None]] = {"lost": ignored, "changed": ignored, broken: fail}
    writer = Writer(shelf.append, given["changed"], given["lost"], folder=tmp_path)
    session_on(writer).press(accept(ITEMS[0]))
    until(lambda: not writer.unwritten())
    shelf.error = None
    session_on(writer, "Ada met Bo and Cy again.").press(accept(ITEMS[0]))
    assert writer.close()
    assert len(shelf.kept) == 1
    monkeypatch.undo()
    assert len(on_disk(tmp_path)) + len(writer.rescue_all().files) > 0


def test_a_refused_decision_is_in_a_file_before_it_is_reported(tmp_path: Path) -> None:
    shelf, found = Shelf(), list[list[str]]()

    def lost(some: Sequence[Unwritten], _error: AnnotatorError) -> None:
        assert on_disk(tmp_path) == ids(some)
        found.append(ids(some))

    shelf.error = LeaseLost("bo took it up.")
    writer = Writer(shelf.append, ignored, lost, folder=tmp_path)
    session_on(writer).press(accept(ITEMS[0]))
    assert writer.close()
    until(lambda: found)
    # It stays there, and the next start finds it.
    assert writer.saved == Saved(refused=1)
    assert on_disk(tmp_path) == found[0]


def test_decisions_without_a_file_are_kept_until_one_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError("No space left on device")

    shelf = Shelf()
    shelf.error = LeaseLost("bo took it up.")
    monkeypatch.setattr(rescue_files, "write_lines", full)
    writer = Writer(shelf.append, ignored, ignored, folder=tmp_path)
    (decision,) = session_on(writer).press(accept(ITEMS[0]))
    assert writer.close()
    rescued_now = writer.rescue_all()
    assert rescued_now.not_rescued == ((decision, TEXT),)
    assert rescued_now.problem == "No space left on device"
    assert json.loads(as_line(*rescued_now.not_rescued[0]))["id"] == decision.id
    monkeypatch.undo()
    assert writer.rescue_all().not_rescued == ()
    assert on_disk(tmp_path) == [decision.id]


def test_after_one_refusal_all_decisions_of_the_session_are_refused(tmp_path: Path) -> None:
    shelf = Shelf()
    writer = Writer(shelf.append, ignored, ignored, folder=tmp_path)
    session = session_on(writer)
    shelf.error = LeaseLost("The article was decided on elsewhere.")
    session.press(accept(ITEMS[0]))
    until(lambda: session.refused)
    shelf.error = None
    session.press(accept(ITEMS[1]))
    assert writer.settle(20)
    assert shelf.kept == []
    assert len(on_disk(tmp_path)) == 2
    # Opened again it is another session.
    again = session_on(writer)
    again.press(accept(ITEMS[2]))
    assert writer.close()
    assert [d.target for d in shelf.kept] == ["e15"]
    assert not again.refused
