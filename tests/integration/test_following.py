"""A file that grows as reviews finish: each once, whole lines, and where it ended after a kill."""

from __future__ import annotations

import resource
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from annotator.core.decisions import accept, finish, reopen
from annotator.core.record import SchemeId
from annotator.errors import ExportError
from annotator.export import records
from annotator.export.following import Follower, GrowingFile, TargetReplaced
from annotator.export.records import RecordFilter
from annotator.formats.jsonl import line_of, records_in
from annotator.store.store import Store
from tests.helpers.building import NOW, arrival, open_, press, suggest
from tests.helpers.items import entity
from tests.helpers.stores import as_before

SCHEME = SchemeId("news", "1")
TEXTS = tuple(f"Ada Low spoke on day {n}." for n in range(4))


@pytest.fixture
def filled(store: Store) -> Store:
    """Four articles with one suggestion each, nobody having looked."""
    return as_before(store, _fill)


def _fill(store: Store) -> None:
    for n, text in enumerate(TEXTS):
        store.files.take_in([arrival(f"/in/{n}.txt", text, inode=n)])
    suggest(store, {id_of(text): [entity(text, "Ada Low")] for text in TEXTS})


def id_of(text: str) -> str:
    return arrival("/x.txt", text).articles[0].id


def finished(store: Store, number: int, reviewer: str = "ada") -> None:
    opened = open_(store, id_of(TEXTS[number]), reviewer, reviews_per_article=9)
    press(store, opened, *map(accept, opened.review.items), finish(), now=NOW)


@contextmanager
def following(store: Store, file: Path, wanted: RecordFilter | None = None) -> Iterator[Follower]:
    with GrowingFile.opened(file) as lines:
        yield Follower(store, SCHEME, lines, wanted or RecordFilter())


def lines_of(store: Store) -> set[bytes]:
    return {line_of(one) for one in records(store, scheme=SCHEME)}


def test_each_review_is_written_once_as_it_finishes(filled: Store, tmp_path: Path) -> None:
    file = tmp_path / "out.jsonl"
    with following(filled, file) as follower:
        assert follower() == 0
        finished(filled, 0)
        finished(filled, 1, "bo")
        assert (follower(), follower()) == (2, 0)
        finished(filled, 1)
        assert follower() == 1
    written = file.read_bytes().splitlines(keepends=True)
    assert len(written) == 3
    assert set(written) == lines_of(filled)
    with following(filled, file) as again:
        finished(filled, 2)
        assert (again(), again.written) == (1, 1)
    assert len(list(records_in(file))) == 4


def test_a_review_finished_anew_is_written_again(filled: Store, tmp_path: Path) -> None:
    file = tmp_path / "out.jsonl"
    finished(filled, 0)
    with following(filled, file) as follower:
        assert follower() == 1
        opened = open_(filled, id_of(TEXTS[0]))
        opened = press(filled, opened, reopen())
        assert follower() == 0
        press(filled, opened, finish())
        assert follower() == 1
    first, last = records_in(file)
    assert first.review.decisions < last.review.decisions
    with following(filled, file) as again:
        assert again() == 0


@pytest.mark.parametrize("cut", [1, 2, 40])
def test_a_line_that_a_kill_cut_is_written_anew(filled: Store, tmp_path: Path, cut: int) -> None:
    file = tmp_path / "out.jsonl"
    for number in (0, 1):
        finished(filled, number)
    with following(filled, file) as follower:
        follower()
    whole = file.read_bytes()
    file.write_bytes(whole[:-cut])
    with following(filled, file) as again:
        assert again() == (cut > 1)
        finished(filled, 2)
        assert again() == 1
    assert file.read_bytes()[: len(whole)] == whole
    assert len(list(records_in(file))) == 3


def test_partial_writes_after_a_power_loss_are_cut_off(filled: Store, tmp_path: Path) -> None:
    file = tmp_path / "out.jsonl"
    for left in (b"{", b'{"format":"annotator.record/1","id"', b"\0" * 9):
        file.write_bytes(left)
        with following(filled, file) as follower:
            assert follower() == 0
        assert file.read_bytes() == b""


def test_a_line_that_does_not_fit_leaves_the_file_as_it_was(filled: Store, tmp_path: Path) -> None:
    file = tmp_path / "out.jsonl"
    finished(filled, 0)
    with following(filled, file) as follower:
        follower()
        before = file.read_bytes()
        finished(filled, 1)
        usual = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        limits = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) + 100, limits[1]))
        try:
            with pytest.raises(ExportError, match="cannot be written"):
                follower.lines.append(b"x" * 200 + b"\n")
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
            signal.signal(signal.SIGXFSZ, usual)
        assert file.read_bytes() == before
        assert follower() == 1
    assert len(list(records_in(file))) == 2


def test_only_one_follows_into_a_file(filled: Store, tmp_path: Path) -> None:
    file = tmp_path / "out.jsonl"
    with (
        following(filled, file),
        pytest.raises(ExportError, match="already"),
        following(filled, file),
    ):
        pass


@pytest.mark.parametrize(
    "content",
    [b"a note\n", b"a note", b'{"text": "x"}\n', b'{"text": "x"}', b"\0\n", b'{"format":\n'],
)
def test_a_file_of_something_else_is_left_alone(
    filled: Store, tmp_path: Path, content: bytes
) -> None:
    file = tmp_path / "out.jsonl"
    file.write_bytes(content)
    with following(filled, file) as follower, pytest.raises(ExportError, match="is no record"):
        follower()
    assert file.read_bytes() == content


def _remove(file: Path) -> None:
    file.unlink()


def _replace(file: Path) -> None:
    """As an editor, a purge by hand or `export` does: without the first record."""
    rest = file.read_bytes().splitlines(keepends=True)[1:]
    (file.parent / "new").write_bytes(b"".join(rest))
    (file.parent / "new").replace(file)


def _link(file: Path) -> None:
    file.rename(file.parent / "old")
    file.symlink_to(file.parent / "old")


@pytest.mark.parametrize("change", [_remove, _replace, _link])
def test_a_file_that_was_replaced_is_not_written_to_in_vain(
    filled: Store, tmp_path: Path, change: Callable[[Path], None]
) -> None:
    file = tmp_path / "out.jsonl"
    for number in (0, 1):
        finished(filled, number)
    with following(filled, file) as follower:
        assert follower() == 2
        change(file)
        finished(filled, 2)
        with pytest.raises(TargetReplaced, match="removed or replaced"):
            follower()
        assert follower.written == 2
    if not file.is_symlink():
        with following(filled, file) as again:
            again()
        assert {line_of(one) for one in records_in(file)} == lines_of(filled)


def test_links_and_folders_are_refused(filled: Store, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    for place, why in ((tmp_path / "link", "is a link"), (tmp_path, "not a regular file")):
        with pytest.raises(ExportError, match=why), following(filled, place):
            pass


def test_filters_apply(filled: Store, tmp_path: Path) -> None:
    file = tmp_path / "out.jsonl"
    with following(filled, file, RecordFilter(reviewer="bo", labels=frozenset({"ORG"}))) as one:
        finished(filled, 0)
        finished(filled, 0, "bo")
        assert one() == 1
    (record,) = records_in(file)
    assert (record.review.reviewer, record.entities) == ("bo", ())
