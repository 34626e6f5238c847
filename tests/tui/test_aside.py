"""What the database does not take is in a file before anything else is tried, wherever one can be
made; the file goes when the database has what it holds."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.annotations import Entity
from annotator.core.article import Article, Span
from annotator.core.decisions import Decision, accept, reject
from annotator.core.review import Review
from annotator.errors import AnnotatorError, LeaseLost, StoreError
from annotator.store.values import OpenedReview
from annotator.tui.review.session import Session
from annotator.tui.saving import aside
from annotator.tui.saving.aside import Aside, Unwritten, as_line, put_aside, write_lines
from annotator.tui.saving.writer import Saved, Saving, Writer
from tests.helpers.strategies import stamped
from tests.tui.desk import NOON, HeldClock

TEXT = "Ada met Bo and Cy."
ITEMS = tuple(Entity(f"e{at}", Span(at, at + 2), "PERSON") for at in (0, 8, 15))
ROOT = Path(__file__).parents[2]


CLOCK = HeldClock()


def session_on(writer: Writer, text: str = TEXT) -> Session:
    article = Article(text)
    review = Review.of(article.id, "ada", ITEMS)
    return Session(OpenedReview(article, review, None, NOON), writer, CLOCK)


def made(count: int = 2, text: str = TEXT) -> list[Unwritten]:
    review, found = Review.of(Article(text).id, "ada", ITEMS), list[Decision]()
    for number in range(count):
        found += stamped([(accept, reject)[number % 2](ITEMS[0])], review)
        review = review.decide(found[-1])
    return [(decision, text) for decision in found]


def on_disk(folder: Path) -> list[str]:
    """The ids of all decisions in the files of a folder, each once."""
    files = folder.glob("unsaved-*.jsonl")
    lines = [line for path in files for line in path.read_text(encoding="utf-8").splitlines()]
    return sorted({json.loads(line)["id"] for line in lines})


def ids(unwritten: Sequence[Unwritten]) -> list[str]:
    return sorted(decision.id for decision, _ in unwritten)


def until(true: Callable[[], object], seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.005)


def ignored(*_: object) -> None:
    pass


class Shelf:
    """Takes decisions like a store: at once, not at all, or not before it is let go on."""

    def __init__(self) -> None:
        self.kept: list[Decision] = []
        self.error: Exception | None = None
        self.goes_on = threading.Event()
        self.goes_on.set()
        self.seen_at: list[list[str]] = []
        self.look: Callable[[], list[str]] = list

    def append(self, decisions: Sequence[Decision], _text: str) -> None:
        self.seen_at.append(self.look())
        self.goes_on.wait(30)
        if self.error is not None:
            raise self.error
        self.kept.extend(decisions)


@contextmanager
def stuck(shelf: Shelf) -> Iterator[None]:
    shelf.goes_on.clear()
    try:
        yield
    finally:
        shelf.goes_on.set()


# Where files are made


@pytest.mark.parametrize("error", [RuntimeError("no home"), KeyError("uid 7"), OSError("gone")])
def test_a_place_that_cannot_be_found_does_not_keep_the_workspace_from_taking_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail() -> None:
        raise error

    monkeypatch.setattr(Path, "home", fail)
    monkeypatch.setattr(tempfile, "gettempdir", fail)
    (path,) = put_aside(made(), tmp_path)
    assert path.parent == tmp_path


@given(st.tuples(*[st.sampled_from(["works", "fails", "unknown"])] * 5))
def test_the_first_place_that_takes_a_file_has_it_and_none_is_needed(kinds: Sequence[str]) -> None:
    def find(kind: str, folder: Path) -> Path:
        if kind == "unknown":
            raise RuntimeError("not to be found out")
        return folder if kind == "works" else folder / "none"

    with tempfile.TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        folders = [Path(name, str(number)) for number in range(len(kinds))]
        for folder in folders:
            folder.mkdir()
        places = [lambda k=k, f=f: find(k, f) for k, f in zip(kinds, folders, strict=True)]
        patch.setattr(aside, "_places", lambda _folder: tuple(places))
        done = Aside(folders[0]).keep(made())
        if "works" in kinds:
            assert [path.parent for path in done.files] == [folders[kinds.index("works")]]
            assert not done.nowhere
        else:
            assert (done.files, list(done.nowhere)) == ((), made())
            assert done.problem


@pytest.mark.skipif(sys.platform == "win32" or os.getuid() != 0, reason="needs another user")
def test_a_user_without_a_home_loses_nothing() -> None:
    code = (
        "import os, sys\nfrom pathlib import Path\n"
        "from annotator.tui.saving.aside import put_aside\n"
        "from tests.tui.test_aside import made\nfound = made()\nos.chdir('/proc')\n"
        "os.setuid(54321)\nos.environ.pop('HOME')\nos.environ['TMPDIR'] = '/none'\n"
        "print(*put_aside(found, Path(sys.argv[1])))"
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
        (path,) = put_aside(made(), tmp_path)
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(path.read_text(encoding="utf-8").splitlines()) == 2


def test_one_article_of_which_no_file_can_be_made_does_not_hold_up_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = made(1), made(1, "Another text.")
    write, article = aside.write_lines, first[0][0].article[:12]

    def failing(path: Path, lines: Sequence[str]) -> None:
        if article in path.name:
            raise OSError("No space left on device")
        write(path, lines)

    monkeypatch.setattr(aside, "write_lines", failing)
    done = Aside(tmp_path).keep([*first, *second])
    assert (list(done.nowhere), on_disk(tmp_path)) == (first, ids(second))


def test_what_is_in_a_file_is_not_written_again_and_there_are_never_many(tmp_path: Path) -> None:
    all_of_it, files = made(60), Aside(tmp_path)
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


def test_a_file_that_somebody_removed_is_made_again(tmp_path: Path) -> None:
    files = Aside(tmp_path)
    (path,) = files.keep(made()).files
    path.unlink()
    assert files.keep(made()).files
    assert on_disk(tmp_path) == ids(made())


# When the writer puts aside


def test_what_fails_is_in_a_file_before_it_is_tried_again(tmp_path: Path) -> None:
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


def test_what_the_database_does_not_answer_to_is_in_a_file_too(tmp_path: Path) -> None:
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


def test_what_is_saved_while_it_is_put_into_a_file_is_not_called_saving(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk is slow, and the database answers before the file is there."""
    begun, goes_on, keepers = threading.Event(), threading.Event(), list[threading.Thread]()

    def slowly(path: Path, lines: Sequence[str]) -> None:
        keepers.append(threading.current_thread())
        begun.set()
        goes_on.wait(30)
        write_lines(path, lines)

    monkeypatch.setattr(aside, "write_lines", slowly)
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


def test_what_is_saved_before_its_file_is_there_leaves_none(
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

        monkeypatch.setattr(aside, "write_lines", after_it_is_saved)
        assert writer.put_aside_now().files == ()
    assert writer.close()
    assert on_disk(tmp_path) == []


def test_it_can_be_put_aside_at_any_moment_while_a_thread_is_stuck(tmp_path: Path) -> None:
    shelf = Shelf()
    with stuck(shelf):
        writer = Writer(shelf.append, ignored, ignored, folder=tmp_path, patience=1000)
        first, second = session_on(writer), session_on(writer, "Ada met Bo and Cy again.")
        first.press(accept(ITEMS[0]))
        second.press(accept(ITEMS[1]))
        before = time.monotonic()
        done = writer.put_aside_now()
        assert time.monotonic() - before < 1
        assert (len(done.files), done.nowhere) == (2, ())
        assert on_disk(tmp_path) == ids(writer.unwritten())
        assert not writer.close(0)
        # What comes last is put aside as well, though the threads have ended.
        first.press(reject(ITEMS[2]))
        writer.put_aside_now()
        assert len(on_disk(tmp_path)) == 3


@pytest.mark.skipif(not hasattr(signal, "SIGUSR1"), reason="no such signal there")
def test_a_signals_handler_may_put_aside_whatever_its_thread_was_doing(tmp_path: Path) -> None:
    shelf = Shelf()
    with stuck(shelf):
        writer = Writer(shelf.append, ignored, ignored, folder=tmp_path, patience=1000)
        session_on(writer).press(accept(ITEMS[0]))
        before = signal.signal(signal.SIGUSR1, lambda *_: writer.put_aside_now() and None)
        assert writer._aside is not None
        try:
            with writer._something, writer._aside._lock:
                os.kill(os.getpid(), signal.SIGUSR1)
                until(lambda: on_disk(tmp_path))
        finally:
            signal.signal(signal.SIGUSR1, before)


def test_a_killed_process_leaves_what_was_not_saved(tmp_path: Path) -> None:
    code = (
        "import sys, time\nfrom pathlib import Path\nfrom tests.tui.test_aside import *\n"
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
def test_nothing_that_goes_wrong_ends_the_writers_thread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("odd")

    shelf = Shelf()
    shelf.error = LeaseLost("bo took it up.")
    if broken == "places":
        monkeypatch.setattr(aside, "_put", fail)
    given: dict[str, Callable[..., None]] = {"lost": ignored, "changed": ignored, broken: fail}
    writer = Writer(shelf.append, given["changed"], given["lost"], folder=tmp_path)
    session_on(writer).press(accept(ITEMS[0]))
    until(lambda: not writer.unwritten())
    shelf.error = None
    session_on(writer, "Ada met Bo and Cy again.").press(accept(ITEMS[0]))
    assert writer.close()
    assert len(shelf.kept) == 1
    monkeypatch.undo()
    assert len(on_disk(tmp_path)) + len(writer.put_aside_now().files) > 0


def test_what_is_refused_is_in_a_file_before_it_is_told(tmp_path: Path) -> None:
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


def test_what_no_file_takes_is_kept_until_one_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError("No space left on device")

    shelf = Shelf()
    shelf.error = LeaseLost("bo took it up.")
    monkeypatch.setattr(aside, "write_lines", full)
    writer = Writer(shelf.append, ignored, ignored, folder=tmp_path)
    (decision,) = session_on(writer).press(accept(ITEMS[0]))
    assert writer.close()
    aside_now = writer.put_aside_now()
    assert aside_now.nowhere == ((decision, TEXT),)
    assert aside_now.problem == "No space left on device"
    assert json.loads(as_line(*aside_now.nowhere[0]))["id"] == decision.id
    monkeypatch.undo()
    assert writer.put_aside_now().nowhere == ()
    assert on_disk(tmp_path) == [decision.id]


def test_of_a_session_of_which_one_was_refused_none_is_taken_any_more(tmp_path: Path) -> None:
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
