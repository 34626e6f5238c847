"""Files to articles to suggestions: added once, or watched, with real worker processes."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import spacy
from spacy.language import Language

from annotator.core.annotations import Entity
from annotator.core.article import Article
from annotator.errors import ModelError, ReadError, StoreError
from annotator.inbox.ignoring import Ignoring
from annotator.inbox.scanning import scan
from annotator.ingest import adding
from annotator.ingest.adding import Added, add
from annotator.ingest.lock import AlreadyWatched, WatcherLock
from annotator.ingest.plan import WorkerPlan
from annotator.ingest.pool import Pool
from annotator.ingest.stopping import Stop
from annotator.ingest.takein import BATCH, ReadingRules, arrival_of, batches_of
from annotator.ingest.watching import watch
from annotator.store.store import Store
from annotator.store.values import Arrival, FileKey, Stage, TakenIn

TEXT = "Bridge closed\n\nThe mayor of Varnholm said on day {} that the bridge would stay closed.\n"


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real pipeline that is quick: a ruler that knows one name."""
    nlp = spacy.blank("en")
    ruler = nlp.add_pipe("entity_ruler")
    ruler.add_patterns([{"label": "GPE", "pattern": "Varnholm"}])
    folder = tmp_path_factory.mktemp("model")
    nlp.to_disk(folder)
    return folder


@pytest.fixture
def plan(store: Store, model: Path) -> WorkerPlan:
    url = store.database.url.render_as_string(hide_password=False)
    return WorkerPlan(url, str(model), lease_seconds=2.0)


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


def fill(folder: Path, count: int) -> None:
    for number in range(count):
        (folder / f"{number}.txt").write_text(TEXT.format(number))


def wait_until(true: Callable[[], bool], *, within: float = 20.0) -> bool:
    end = time.monotonic() + within
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


# Added once


def test_everything_added_is_suggested_for_and_a_second_time_known(
    inbox: Path, store: Store, plan: WorkerPlan
) -> None:
    fill(inbox, 40)
    (inbox / "bad.txt").write_bytes(b"\0")
    (inbox / "note.xyz").write_text("No reader for this.")
    told: list[tuple[int, int]] = []
    first = add([inbox], store=store, plan=plan, progress=lambda *what: told.append(what))
    assert first == Added(added=40, rejected=2)
    assert (told[0], told[-1]) == ((0, 40), (40, 40))
    assert store.counts().ready == 40
    assert all(
        any(isinstance(item, Entity) and item.label == "GPE" for item in items)
        for _, items, _ in store.unreviewed()
    )
    assert add([inbox], store=store, plan=plan) == Added(known=40, rejected=2)


def test_nothing_to_do_starts_no_worker(inbox: Path, store: Store, plan: WorkerPlan) -> None:
    nowhere = replace(plan, model="/no/such/model")
    assert add([inbox], store=store, plan=nowhere) == Added()


def test_a_missing_pipeline_is_an_error_and_the_articles_wait(
    inbox: Path, store: Store, plan: WorkerPlan
) -> None:
    fill(inbox, 2)
    with pytest.raises(ModelError, match="no/such/model") as caught:
        add([inbox], store=store, plan=replace(plan, model="/no/such/model"))
    assert "annotator.toml" in caught.value.hint
    assert store.counts().waiting == 2


def test_a_path_that_does_not_exist_stops_before_anything_is_done(
    inbox: Path, store: Store, plan: WorkerPlan
) -> None:
    fill(inbox, 1)
    with pytest.raises(ReadError, match=r"no file or folder .*gone\.txt"):
        add([inbox, inbox / "gone.txt"], store=store, plan=plan)
    assert store.counts().articles == 0


def test_a_file_named_itself_is_read_even_where_a_folder_passes_it_over(
    inbox: Path, store: Store, plan: WorkerPlan
) -> None:
    (inbox / "README.md").write_text(TEXT.format(1))
    assert add([inbox], store=store, plan=plan) == Added()
    assert add([inbox / "README.md"], store=store, plan=plan) == Added(added=1)


def test_the_same_text_under_another_name_is_one_article(inbox: Path, store: Store) -> None:
    (inbox / "a.txt").write_text(TEXT.format(1))
    (inbox / "b.txt").write_bytes(b"\xef\xbb\xbf" + TEXT.format(1).replace("\n", "\r\n").encode())
    taken = take_in(inbox, store)
    assert (taken.added, taken.known) == (1, 1)
    article = store.article(taken.new[0])
    assert article.origin.name == "a.txt"
    assert [origin.name for origin in article.also_from] == ["b.txt"]
    assert article.origin.received is not None
    assert article.origin.received.endswith("Z")


def test_again_makes_new_suggestions_for_what_nobody_has_opened(
    inbox: Path, store: Store, plan: WorkerPlan, tmp_path: Path
) -> None:
    fill(inbox, 2)
    add([inbox], store=store, plan=plan)
    other: Language = spacy.blank("en")
    other.to_disk(tmp_path / "other")
    add([inbox], store=store, plan=replace(plan, model=str(tmp_path / "other")), again=True)
    assert store.counts().ready == 2
    labels = {i.label for _, items, _ in store.unreviewed() for i in items if isinstance(i, Entity)}
    assert "GPE" not in labels


def test_when_asked_to_stop_what_is_in_hand_is_finished_and_the_rest_waits(
    inbox: Path, store: Store, plan: WorkerPlan
) -> None:
    fill(inbox, 60)
    stop = Stop()

    def stop_soon(done: int, total: int) -> None:  # noqa: ARG001
        if done:
            stop.ask()

    small = replace(plan, batch=4)
    done = add([inbox], store=store, plan=small, stop=stop, progress=stop_soon)
    assert done.interrupted
    counts = store.counts()
    assert counts.ready >= 4
    assert counts.ready % 4 == 0
    assert counts.ready + counts.waiting == 60
    assert len(store.lease_waiting("next", limit=1, seconds=1, now=soon())) == 1
    rest = add([inbox], store=store, plan=plan)
    assert (rest.added, store.counts().ready) == (0, 60 if not rest.interrupted else -1)


def test_a_file_that_never_stops_changing_is_rejected(
    inbox: Path, store: Store, plan: WorkerPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(inbox, 1)
    monkeypatch.setattr(adding, "arrival_of", lambda *_: None)
    monkeypatch.setattr(adding, "_PAUSE", 0.01)
    assert add([inbox], store=store, plan=plan) == Added(rejected=1)
    (file,) = store.rejected_files()
    assert "changes while it is being read" in file.reason


def test_batches_hold_neither_many_files_nor_much_text() -> None:
    def arrival(number: int, size: int) -> Arrival:
        return Arrival(str(number), FileKey(1, 1, 1, 1), soon(), (Article("x" * size),))

    small = [arrival(n, 10) for n in range(2 * BATCH + 1)]
    large = [arrival(n, 9_000_000) for n in range(3)]
    assert [len(batch) for batch in batches_of(small)] == [BATCH, BATCH, 1]
    assert [len(batch) for batch in batches_of(large)] == [2, 1]
    assert list(batches_of([])) == []


DATA = os.environ.get("ANNOTATOR_TEST_DATA")


@pytest.mark.skipif(not DATA, reason="ANNOTATOR_TEST_DATA names no folder of real articles")
def test_real_articles_all_end_as_articles_or_with_a_reason(store: Store, plan: WorkerPlan) -> None:
    folders = [Path(DATA or "", "articles", name) for name in ("withdrawal", "world")]
    files = sum(1 for folder in folders for path in folder.rglob("*") if path.is_file())
    done = add(folders, store=store, plan=plan)
    assert files > 0
    assert done.added + done.known + done.rejected == files
    assert (done.failed, store.counts().waiting, store.counts().ready) == (0, 0, done.added)
    again = add(folders, store=store, plan=plan)
    assert again == Added(known=done.added + done.known, rejected=done.rejected)


# Whatever is dropped in


ODD: dict[str, bytes] = {
    "plain.txt": b"The mayor said no.",
    "bom.txt": b"\xef\xbb\xbfThe mayor said maybe.",
    "crlf.md": b"# Title\r\n\r\nThe mayor said yes.\r\n",
    "utf16.txt": "The mayor said naïve things.".encode("utf-16"),
    "escapes.txt": b"\x1b]0;owned\x07\x1b[2J The [bold]mayor[/bold] said no.",
    "bidi.txt": "The mayor \u202esaid\u202c \U0001f468\u200d\U0001f469 no.".encode(),
    "one-line.txt": b"The mayor said no. " * 50_000,
    "blank-lines.txt": b"\n" * 200_000 + b"The mayor said no, at last.",
    "no-spaces.txt": b"x" * 200_000,
    "combining.txt": ("Z" + "\u0301" * 5_000 + " said no.").encode(),
    "separators.txt": "One\u2028two\u2029three\x0b four\x85 five said no.".encode(),
    "UPPER.TXT": b"The mayor said NO.",
    "two\nlines.txt": b"The mayor said it on two lines.",
    "long-" + "n" * 200 + ".txt": b"The mayor said it at length.",
    " blanks .txt": b"The mayor said it between blanks.",
    "quote'\".txt": b"The mayor said it in quotes.",
}  # fmt: skip
ODD_REJECTED: dict[str, bytes] = {
    "empty.txt": b"",
    "blank.txt": b" \n\t \n",
    "million-lines.txt": b"\n" * 1_000_000,
    "nul.txt": b"The mayor\0said no.",
    "latin1.txt": "Der Bürgermeister sagte nein.".encode("latin-1"),
    "truncated.txt": "Sie sagte nein, natürlich: ü".encode()[:-1],
    "surrogate.txt": b"half \xed\xa0\x80 a pair",
    "utf16-unmarked.txt": "The mayor said no.".encode("utf-16-le"),
    "utf32.txt": "The mayor said no.".encode("utf-32"),
    "picture.txt": b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
    "program.md": b"\x7fELF" + bytes(100),
    "random.txt": bytes(range(256)) * 40,
    "rtf.txt": b"{\\rtf1\\ansi The mayor said no.}",
    "paper.txt": b"%PDF-1.4 binary",
    "letter.docx": b"PK\x03\x04" + bytes(26) + b"word/document.xml",
    "archive.zip": b"PK\x03\x04" + bytes(40),
    "page.html": b"<html><body>The mayor said no.</body></html>",
    "note.xyz": b"The mayor said no.",
    "no-suffix": b"The mayor said no.",
    "rules.txt": b"----\n====\n****\n",
    "large.txt": b"The mayor said no. " * 60_000,
}


def make_odd(folder: Path) -> None:
    for name, raw in {**ODD, **ODD_REJECTED}.items():
        (folder / name).write_bytes(raw)
    (folder / "link.txt").symlink_to("/etc/hostname")
    (folder / "dangling.txt").symlink_to("nowhere")
    (folder / "loop").symlink_to(folder)
    os.mkfifo(folder / "pipe.txt")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(folder / "socket.txt"))
    if sys.platform == "linux":
        raw_name = os.path.join(os.fsencode(folder), b"caf\xe9.txt")
        Path(os.fsdecode(raw_name)).write_bytes(b"The mayor said it in bytes.")


SPECIAL = {"link.txt", "dangling.txt", "loop", "pipe.txt", "socket.txt"}


def test_every_odd_input_ends_as_an_article_or_with_a_reason(
    inbox: Path, store: Store, plan: WorkerPlan
) -> None:
    make_odd(inbox)
    done = add([inbox], store=store, plan=plan, rules=ReadingRules(max_size=1_100_000))
    rejected = {file.name: file for file in store.rejected_files()}
    assert set(rejected) == set(ODD_REJECTED) | SPECIAL
    assert all(file.reason.endswith(".") and file.hint for file in rejected.values())
    taken = {article.origin.name for article, _, _ in store.unreviewed()}
    assert taken - {"caf\\xe9.txt"} == set(ODD)
    assert done.failed == 0
    assert done.added == len(taken)
    assert done.rejected == len(rejected)


# Watched


class Watching:
    """A watcher in a thread of its own, with everything it reported."""

    def __init__(self, inbox: Path, store: Store, plan: WorkerPlan, lock: Path, **how: Any) -> None:
        self.stop = Stop()
        self.told: list[Mapping[str, Any]] = []
        self.error: BaseException | None = None
        self.started = threading.Event()
        how = {"settle_seconds": 0.3, "report": self.told.append} | how
        self.thread = threading.Thread(
            target=self._watch, args=(inbox, store, plan, lock, how), daemon=True
        )
        self.thread.start()

    def _watch(
        self, inbox: Path, store: Store, plan: WorkerPlan, lock: Path, how: dict[str, Any]
    ) -> None:
        try:
            watch(
                inbox, store=store, plan=plan, lock=lock, stop=self.stop,
                started=self.started.set, **how,
            )  # fmt: skip
        except BaseException as error:
            self.error = error

    def end(self) -> None:
        self.stop.ask()
        self.thread.join(70)
        assert not self.thread.is_alive()


@pytest.fixture
def watching(
    inbox: Path, store: Store, plan: WorkerPlan, tmp_path: Path
) -> Iterator[Callable[..., Watching]]:
    started: list[Watching] = []

    def begin(**how: Any) -> Watching:
        started.append(Watching(inbox, store, how.pop("plan", plan), tmp_path / "lock", **how))
        return started[-1]

    yield begin
    for one in started:
        one.end()


def test_a_watcher_takes_in_suggests_gives_signs_of_life_and_does_chores(
    inbox: Path, store: Store, watching: Callable[..., Watching]
) -> None:
    chores: list[float] = []
    fill(inbox, 2)
    one = watching(chores=(lambda: chores.append(time.monotonic()),))
    assert wait_until(lambda: store.counts().ready == 2)
    dropped = time.monotonic()
    (inbox / "new.txt").write_text("The mayor said no.")
    (inbox / "copy.txt").write_text("The mayor said no.")
    (inbox / "bad.txt").write_bytes(b"\0")
    assert wait_until(lambda: store.counts().articles == 3)
    assert time.monotonic() - dropped < 2.0
    assert wait_until(lambda: store.counts().ready == 3 and len(store.known_files()) == 5)
    assert wait_until(lambda: len(chores) > 1)
    beat = store.heartbeat()
    assert beat is not None
    assert beat.pid == os.getpid()
    assert beat.details["workers"] == 1
    one.end()
    assert one.error is None
    events = [(what["event"], what["name"]) for what in one.told]
    assert sorted(name for event, name in events if event == "article")[:2] == ["0.txt", "1.txt"]
    assert len([name for event, name in events if event == "article"]) == 3
    assert [name for event, name in events if event == "rejected"] == ["bad.txt"]


def test_a_file_that_is_mended_is_taken_in_and_no_longer_rejected(
    inbox: Path, store: Store, watching: Callable[..., Watching]
) -> None:
    (inbox / "a.txt").write_bytes(b"\0")
    watching()
    assert wait_until(lambda: len(store.rejected_files()) == 1)
    (inbox / "a.txt").write_text("The mayor said no.")
    assert wait_until(lambda: store.counts().articles == 1)
    assert store.rejected_files() == ()


def test_a_second_watcher_is_told_that_there_is_one(
    store: Store, plan: WorkerPlan, inbox: Path, tmp_path: Path, watching: Callable[..., Watching]
) -> None:
    one = watching()
    assert one.started.wait(10)
    with pytest.raises(AlreadyWatched, match=f"process {os.getpid()}") as caught:
        watch(inbox, store=store, plan=plan, lock=tmp_path / "lock")
    assert caught.value.hint


def test_a_watcher_without_its_pipeline_ends_with_the_reason(
    plan: WorkerPlan, watching: Callable[..., Watching]
) -> None:
    one = watching(plan=replace(plan, model="/no/such/model"))
    one.thread.join(20)
    assert isinstance(one.error, ModelError)


def test_trouble_with_the_database_stops_nothing(
    inbox: Path,
    store: Store,
    watching: Callable[..., Watching],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    take_in, failures = store.take_in, iter([StoreError("The disk is full.", hint="Free some.")])

    def fail_once(arrivals: Any) -> Any:
        for failure in failures:
            raise failure
        return take_in(arrivals)

    monkeypatch.setattr(store, "take_in", fail_once)
    monkeypatch.setattr("annotator.ingest.watching._AFTER_TROUBLE", 0.2)
    fill(inbox, 1)
    watching()
    assert wait_until(lambda: store.counts().articles == 1)
    assert "The disk is full. Free some." in caplog.text


def test_a_lock_is_free_again_when_it_is_let_go(tmp_path: Path) -> None:
    one, other = WatcherLock(tmp_path / "lock"), WatcherLock(tmp_path / "lock")
    assert one.acquire()
    assert not other.acquire()
    assert other.holder() == str(os.getpid())
    one.release()
    assert other.acquire()
    other.release()


# Workers that die


_KILLER = """
import os, signal
import spacy
from spacy.language import Language

@Language.component("tests_killer")
def killer(doc):
    if "deadly" in doc.text:
        os.kill(os.getpid(), signal.SIGKILL)
    if "unreadable" in doc.text:
        raise ValueError("no tokens")
    return doc

def load(**_):
    nlp = spacy.blank("en")
    nlp.add_pipe("tests_killer")
    return nlp
"""


@pytest.fixture
def killer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """An installed pipeline that ends its process at one word, and fails at another."""
    packages = tmp_path / "packages"
    (packages / "tests_killer_pipeline").mkdir(parents=True)
    (packages / "tests_killer_pipeline" / "__init__.py").write_text(_KILLER)
    facts = packages / "tests_killer_pipeline-1.0.dist-info"
    facts.mkdir()
    names = "Metadata-Version: 2.1\nName: tests_killer_pipeline\nVersion: 1.0\n"
    (facts / "METADATA").write_text(names)
    monkeypatch.setenv("PYTHONPATH", str(packages))
    return "tests_killer_pipeline"


def test_a_text_that_kills_its_workers_is_set_aside_and_takes_no_other_with_it(
    inbox: Path, store: Store, plan: WorkerPlan, killer: str
) -> None:
    fill(inbox, 20)
    (inbox / "1-deadly.txt").write_text("This text is deadly.")
    (inbox / "1-unreadable.txt").write_text("This text is unreadable.")
    done = add([inbox], store=store, plan=replace(plan, model=killer, max_tries=2))
    assert done == Added(added=22, failed=2)
    problems = {
        row.title: row.problem
        for row in store.queue("ana", offset=0, limit=99)
        if row.stage is Stage.FAILED
    }
    assert problems == {
        "This text is deadly.": "The pipeline stopped 2 times at this text.",
        "This text is unreadable.": "The pipeline failed on this text (ValueError: no tokens).",
    }


def test_a_killed_worker_is_replaced_and_its_articles_are_done(
    inbox: Path, store: Store, plan: WorkerPlan
) -> None:
    fill(inbox, 30)
    pool = Pool(replace(plan, batch=5), store=store, workers=2)
    pool.start()
    killed = pool.pids[0]
    os.kill(killed, signal.SIGKILL)
    take_in(inbox, store)
    pool.wake()
    assert wait_until(lambda: (pool.tick(0.1), store.counts().ready == 30)[1])
    assert killed not in pool.pids
    assert pool.restarts == 1
    pool.stop()
    assert len(pool) == 0


def take_in(folder: Path, store: Store) -> TakenIn:
    """What `add` does before any worker has begun."""
    files = sorted(scan(folder, Ignoring(folder)), key=lambda seen: seen.path)
    arrivals = [arrival_of(seen, ReadingRules()) for seen in files]
    return store.take_in([arrival for arrival in arrivals if arrival])


def soon() -> datetime:
    return datetime.now(UTC)
