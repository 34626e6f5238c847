"""What is read of a watched inbox, in which order, and what is read again."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from annotator.core.arrival import Arrival
from annotator.inbox import incoming, readers, reading
from annotator.inbox.inbox import Inbox
from annotator.inbox.incoming import Incoming
from annotator.inbox.reading import ReadingRules
from tests.helpers.packing import tarred, zipped


class Clock:
    """A clock that moves only when told."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def inbox(root: Path, clock: Clock) -> Iterator[Inbox]:
    inbox = Inbox(root, known={}, settle_seconds=0.3, rescan_seconds=1.0, events=False, clock=clock)
    yield inbox
    inbox.close()


Read = Callable[..., list[Sequence[Arrival]]]


@pytest.fixture
def read(inbox: Inbox, clock: Clock) -> Read:
    """What is given next, all of it confirmed unless `confirmed` says how many batches."""

    def read_on(files: Incoming, *, confirmed: int = 100) -> list[Sequence[Arrival]]:
        given: list[Sequence[Arrival]] = []
        for _ in range(2):  # a file is seen by the first scan and complete by the second
            clock.now += 60.0
            inbox.scan_within(0.0)
            for batch in files.batches():
                if len(given) < confirmed:
                    files.confirm(batch)
                given.append(batch)
            if given:
                break
        return given

    return read_on


@pytest.fixture
def files(inbox: Inbox) -> Incoming:
    return Incoming(inbox, ReadingRules(), go_on=lambda: True)


def lines(count: int) -> str:
    return "".join(f'{{"text": "The mayor said no {number} times."}}\n' for number in range(count))


def names(batches: list[Sequence[Arrival]]) -> list[list[str]]:
    return [[Path(arrival.path).name for arrival in batch] for batch in batches]


def pieces(batches: list[Sequence[Arrival]]) -> list[int]:
    return [arrival.piece for batch in batches for arrival in batch]


def test_confirmed_files_are_given_once(root: Path, files: Incoming, read: Read) -> None:
    (root / "a.txt").write_text("The mayor said no.")
    (root / "b.txt").write_text("")
    ((good, bad),) = read(files)
    assert [article.text for article in good.articles] == ["The mayor said no."]
    assert bad.rejection is not None
    assert read(files) == []
    (root / "b.txt").write_text("The mayor said yes.")
    assert names(read(files)) == [["b.txt"]]


def test_unconfirmed_files_are_given_again(root: Path, files: Incoming, read: Read) -> None:
    (root / "a.txt").write_text("The mayor said no.")
    assert names(read(files, confirmed=0)) == [["a.txt"]]
    assert names(read(files)) == [["a.txt"]]
    assert read(files) == []


@pytest.fixture
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files of 1,000 bytes are long, and read two articles at a time."""
    monkeypatch.setattr(incoming, "_LONG", 1000)
    monkeypatch.setattr(reading, "_ARTICLES", 2)
    monkeypatch.setattr(readers, "PIECE", 2)


@pytest.mark.usefixtures("small_pieces")
def test_after_a_piece_that_was_not_confirmed_a_file_is_given_from_its_beginning(
    root: Path, files: Incoming, read: Read
) -> None:
    (root / "all.jsonl").write_text(lines(5))
    assert pieces(read(files, confirmed=1)) == [0, 1]
    assert pieces(read(files)) == [0, 1, 2]
    assert read(files) == []


@pytest.mark.usefixtures("small_pieces")
def test_a_long_file_gives_way_to_short_ones(root: Path, files: Incoming, read: Read) -> None:
    (root / "long.jsonl").write_text(lines(30))
    assert pieces(read(files)) == [0]
    (root / "a.txt").write_text("The mayor said no.")
    assert pieces(read(files)) == [1]
    assert names(read(files)) == [["a.txt"], ["long.jsonl"]]
    assert files.has_more


@pytest.mark.parametrize("suffix", ["zip", "tgz", "jsonl.gz"])
@pytest.mark.usefixtures("small_pieces")
def test_an_archive_gives_way_to_other_files_however_small_it_is(
    root: Path, files: Incoming, read: Read, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(incoming, "_LONG", 1_000_000)
    rows = lines(30).encode()
    packed = {"zip": zipped({"a.jsonl": rows}), "tgz": tarred({"a.jsonl": rows})}
    (root / f"long.{suffix}").write_bytes(packed.get(suffix, gzip.compress(rows)))
    assert pieces(read(files)) == [0]
    (root / "a.txt").write_text("The mayor said no.")
    assert pieces(read(files)) == [1]
    assert names(read(files)) == [["a.txt"], [f"long.{suffix}"]]


def test_reading_stops_when_it_is_asked_to(root: Path, inbox: Inbox, read: Read) -> None:
    for number in range(5):
        (root / f"{number}.txt").write_text(f"The mayor said no {number} times.")
    asked = iter((True, True, True, False))
    files = Incoming(inbox, ReadingRules(), go_on=lambda: next(asked, False))
    assert names(read(files)) == [["0.txt", "1.txt"]]
