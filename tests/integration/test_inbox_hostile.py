"""The real watcher survives hostile inboxes."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from annotator.core.record import SchemeId
from annotator.export import FinishedWriter
from annotator.ingest.plan import WorkerPlan
from annotator.store.store import Store
from tests.helpers.ingesting import Watching, take_in, wait_until

ARTICLE = "The mayor of Varnholm said on Monday that the bridge would stay closed for the winter."
PAGE = f"<!DOCTYPE html><html><head><title>x</title></head><body><p>{ARTICLE}</p></body></html>"


@pytest.fixture
def watching(
    root: Path, store: Store, plan: WorkerPlan, tmp_path: Path
) -> Iterator[Callable[..., Watching]]:
    started: list[Watching] = []

    def begin(**how: Any) -> Watching:
        started.append(Watching(root, store, plan, tmp_path / "lock", **how))
        return started[-1]

    yield begin
    for one in started:
        one.end()


def rejected(store: Store) -> set[str]:
    return {file.name for file in store.files.rejected()}


def test_a_pipe_for_an_ignore_file_and_for_a_record_stop_nothing(
    root: Path, tmp_path: Path, store: Store, watching: Callable[..., Watching]
) -> None:
    records = tmp_path / "records"
    records.mkdir()
    os.mkfifo(root / ".annotatorignore")
    os.mkfifo(records / f"{'0' * 64}.ada.jsonl")
    (records / f"{'1' * 64}.ada.jsonl").symlink_to("/dev/zero")
    writer = FinishedWriter(store, records, scheme=SchemeId("a", "1"))
    writer._mark = (-1,)  # so that it looks into the folder though nothing is finished
    watching(chores=(writer,))
    (root / "a.txt").write_text(ARTICLE)
    assert wait_until(lambda: store.queue.counts().articles == 1)

    def problem() -> str:
        beat = store.watcher.last()
        return "" if beat is None else beat.status.problem

    assert wait_until(lambda: problem() != "")
    assert "This is a pipe" in problem()
    (root / ".annotatorignore").unlink()
    (root / ".annotatorignore").write_text("b.txt\n")
    (root / "b.txt").write_text(f"{ARTICLE} b")
    (root / "c.txt").write_text(f"{ARTICLE} c")
    assert wait_until(lambda: store.queue.counts().articles == 2)
    assert {Path(path).name for path in store.files.known()} == {"a.txt", "c.txt"}


ODD = {
    "deep.json": b"[" * 100_000,
    "numbers.json": b'{"text": 1e999, "id": ' + b"9" * 5_000 + b"}",
    "nan.jsonl": b'{"text": "x", "meta": NaN}\nnull\n[]\n""\n1\n{"text": {"a": []}}\n',
    "surrogate.jsonl": b'{"text": "\\ud800"}\n{"text": "\\u0000"}\n',
    "keys.json": b'{"text": "a", "text": ["b"], "": {"": {}}}',
    "nul.html": b"\0" * 5_000,
    "tags.html": b"<a><b><i>" * 5_000,
    "attributes.html": b"<body><a " + b"".join(b"x%d=1 " % n for n in range(110_000)) + b">",
    "mail.html": b"MIME-Version: 1\nFrom: a\nContent-Type: multipart/related; boundary=x\n\n--x",
    "nested.html": b"MIME-Version: 1.0\nFrom: a\nSubject: b\n"
    + b"".join(b"Content-Type: multipart/mixed; boundary=%d\n\n--%d\n" % (n, n) for n in range(99)),
    "entity.html": b'<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;">]><html><body>&c;',
    "\x1b]0;name\x07.txt": b"\0",
    "only\u200b\ufe0f.txt": "\u200b\ufe0f\u2060\ufeff".encode(),
}  # fmt: skip


def test_odd_files_do_not_stop_the_next_article(
    root: Path, store: Store, watching: Callable[..., Watching]
) -> None:
    for name, raw in ODD.items():
        (root / name).write_bytes(raw)
    (root / "loop").symlink_to(root)
    (root / "grows.txt").write_text(ARTICLE)
    done = threading.Event()

    def grow() -> None:
        while not done.wait(0.02):
            os.truncate(root / "grows.txt", os.stat(root / "grows.txt").st_size ^ 1)

    changing = threading.Thread(target=grow)
    changing.start()
    watching()
    try:
        (root / "zz.txt").write_text(f"{ARTICLE} At last.")
        names = {*ODD, "zz.txt", "loop"}
        assert wait_until(lambda: {Path(path).name for path in store.files.known()} >= names), (
            names - {Path(path).name for path in store.files.known()}
        )
    finally:
        done.set()
        changing.join()
    assert "grows.txt" not in rejected(store)
    assert {"attributes.html", "nul.html", "only\u200b\ufe0f.txt"} <= rejected(store)


def save_page(folder: Path) -> None:
    """What a browser writes beside a page."""
    below = folder / "Bridge_files"
    below.mkdir()
    (below / "saved_resource.html").write_text(PAGE.replace("winter", "phone of today"))
    for name in ("main.css", "app.js", "app.js.download", "photo.png"):
        (below / name).write_text("p{}")


def test_a_browsers_folder_is_neither_taken_in_nor_rejected(root: Path, store: Store) -> None:
    save_page(root)
    (root / "Bridge.html").write_text(PAGE)
    taken = take_in(root, store)
    assert (taken.added, taken.rejected) == (1, 0)


def test_a_late_page_clears_the_rejections_of_its_folder(
    root: Path, store: Store, watching: Callable[..., Watching]
) -> None:
    save_page(root)
    watching()
    assert wait_until(lambda: {"main.css", "app.js", "photo.png"} <= rejected(store))
    (root / "Bridge.html").write_text(PAGE)
    assert wait_until(lambda: not rejected(store))
    (root / "Bridge.html").unlink()
    (root / "Bridge_files" / "new.css").write_text("p{}")
    assert wait_until(lambda: "new.css" in rejected(store))


def test_texts_with_invisible_characters_are_kept_unchanged(root: Path, store: Store) -> None:
    texts = set()
    for number, between in enumerate("\ufe0f\U000e0061\u200d\u00ad\u2060\u200f"):
        text = ARTICLE.replace(" ", f"{between} ")
        (root / f"{number}.txt").write_text(f"{between}{text}")
        (root / f"{number}.html").write_text(PAGE.replace(ARTICLE, f"{text} In a page."))
        (root / f"{number}.json").write_text(json.dumps({"text": f"{text} In a list."}))
        texts |= {f"{between}{text}", f"{text} In a page.", f"{text} In a list."}
    taken = take_in(root, store)
    assert taken.rejected == 0
    assert {store.articles.get(one).text for one in taken.new} == texts
