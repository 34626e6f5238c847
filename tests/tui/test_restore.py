"""Unsaved decisions are restored at the next start."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.decisions import Decision, Kind, accept, finish, reject
from annotator.core.review import Review, Status
from annotator.errors import StoreError
from annotator.replacing import opened
from annotator.store.store import Store
from annotator.store.values import QueueView
from annotator.tui.saving import rescue_files
from annotator.tui.saving import restore as restoring
from annotator.tui.saving.rescue_files import rescue
from annotator.tui.saving.restore import Restored, restore, told
from tests.helpers import strategies
from tests.helpers.strategies import stamped
from tests.tui.desk import OTHER, REVIEWER, TEXT, at_desk, reviewing, suggestions, take_in
from tests.tui.held_clock import NOON

LEASE = 600.0


def open_(store: Store, article: str, reviewer: str = REVIEWER) -> Review:
    return store.reviews.open(article, reviewer, now=NOON, lease_seconds=LEASE).review


def late(review: Review) -> tuple[Decision, ...]:
    """An acceptance and a rejection that were not saved."""
    made = stamped([accept(review.open_items()[0])], review, at=NOON)
    after = review.decide(*made)
    return (*made, *stamped([reject(after.open_items()[0])], after, at=NOON))


def back(store: Store, folder: Path) -> Restored:
    return restore(store, folder, now=NOON, lease_seconds=LEASE)


def files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*unsaved*"))


@pytest.fixture
def article(store: Store) -> str:
    return take_in(store, TEXT, suggestions())


def test_a_rescued_decision_is_stored_and_its_file_removed(
    store: Store, article: str, tmp_path: Path
) -> None:
    review = open_(store, article)
    made = late(review)
    rescue(((decision, TEXT) for decision in made), tmp_path)
    assert back(store, tmp_path) == Restored(decisions=2, articles=1)
    assert store.reviews.get(article, REVIEWER).review == review.decide(*made)
    assert files(tmp_path) == []
    # Who had the article before has it still, and nobody else.
    assert store.queue.next_ready(QueueView("bo"), now=NOON) is None
    store.reviews.release(article, REVIEWER)
    assert store.queue.next_ready(QueueView("bo"), now=NOON) == article


def test_a_decision_saved_after_all_is_not_doubled(
    store: Store, article: str, tmp_path: Path
) -> None:
    made = late(open_(store, article))
    store.reviews.append(made[:1], text=TEXT)
    rescue(((decision, TEXT) for decision in made), tmp_path)
    rescue(((decision, TEXT) for decision in made), tmp_path)
    assert back(store, tmp_path).decisions == 1
    assert store.reviews.get(article, REVIEWER).review.decisions == made
    assert files(tmp_path) == []


def test_decisions_on_articles_held_by_others_stay_with_a_reason(
    store: Store, article: str, tmp_path: Path
) -> None:
    made = late(open_(store, article))
    store.reviews.release(article, REVIEWER)
    store.reviews.append(stamped([finish()], open_(store, article, "bo")), text=TEXT)
    (path,) = rescue(((decision, TEXT) for decision in made), tmp_path)
    written = path.read_bytes()
    brought = back(store, tmp_path)
    assert [one.why for one in brought.left] == ["bo has reviewed this article."] * 2
    assert path.read_bytes() == written
    assert told(brought)[1].startswith(
        f"2 decisions stay in {path.name}: bo has reviewed this article.\n"
    )


def test_only_invalid_decisions_stay(store: Store, article: str, tmp_path: Path) -> None:
    review = open_(store, article)
    made = late(review)
    # The same reviewer turned the first down elsewhere, later.
    elsewhere = stamped([reject(review.open_items()[0])], review, at=NOON)
    store.reviews.append([replaced(elsewhere[0], "elsewhere")], text=TEXT)
    (path,) = rescue(((decision, TEXT) for decision in made), tmp_path)
    brought = back(store, tmp_path)
    assert (brought.decisions, len(brought.left)) == (1, 1)
    (line,) = path.read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["kind"] == "accept"
    held = store.reviews.get(article, REVIEWER).review.held
    assert [held[d.target or ""].status for d in made] == [Status.REJECTED, Status.REJECTED]
    assert back(store, tmp_path).decisions == 0


def test_unreadable_lines_stay_unchanged(store: Store, article: str, tmp_path: Path) -> None:
    made = late(open_(store, article))
    (path,) = rescue(((decision, TEXT) for decision in made), tmp_path)
    torn = path.read_bytes().splitlines()[0][:40]
    odd = [torn, b"{}", b"[1]", b'"\xff"', b"null", b'{"id": 1}']
    path.write_bytes(path.read_bytes() + b"\n".join([b"", *odd]) + b"\n")
    brought = back(store, tmp_path)
    assert brought.decisions == 2
    assert [one.why for one in brought.left] == [f"Line {n} is no decision." for n in range(4, 10)]
    assert path.read_bytes() == b"\n".join(odd) + b"\n"


def test_decisions_on_text_not_in_the_article_stay(
    store: Store, article: str, tmp_path: Path
) -> None:
    made = late(open_(store, article))
    (path,) = rescue(((decision, TEXT) for decision in made), tmp_path)
    path.write_text(path.read_text(encoding="utf-8").replace("PORT ANSEL", "PORT AUSEL"))
    brought = back(store, tmp_path)
    assert "What it quotes does not stand in the article there." in {
        one.why for one in brought.left
    }
    assert store.queue.next_ready(QueueView(REVIEWER), now=NOON) == article


def test_decisions_on_a_purged_article_are_removed(
    store: Store, article: str, tmp_path: Path
) -> None:
    made = late(open_(store, article))
    store.purge.article(article, by="bo", now=NOON)
    rescue(((decision, TEXT) for decision in made), tmp_path)
    brought = back(store, tmp_path)
    assert (brought.purged, brought.left, files(tmp_path)) == (2, (), [])
    assert told(brought)[0] == ("2 decisions on a purged article were removed with it.")


def test_decisions_on_a_missing_article_stay(store: Store, article: str, tmp_path: Path) -> None:
    made = [replace(decision, article="b" * 64) for decision in late(open_(store, article))]
    rescue(((decision, TEXT) for decision in made), tmp_path)
    assert {one.why for one in back(store, tmp_path).left} == {
        "No article has the id bbbbbbbbbbbb."
    }


def test_decisions_are_restored_under_their_reviewers_names(store: Store, tmp_path: Path) -> None:
    first, second = take_in(store, TEXT, suggestions()), take_in(store, OTHER, ())
    rescue(((d, TEXT) for d in late(open_(store, first, "bo"))), tmp_path)
    rescue(((d, OTHER) for d in stamped([finish()], open_(store, second, "cy"))), tmp_path)
    store.reviews.release(first, "bo")
    store.reviews.release(second, "cy")
    assert back(store, tmp_path) == Restored(decisions=3, articles=2)
    assert len(store.reviews.get(first, "bo").review.decisions) == 2
    assert store.reviews.get(second, "cy").review.finished


@given(strategies.decisions())
def test_any_decision_survives_a_file(tmp_path: Path, case: tuple[Decision, str]) -> None:
    decision, text = case
    (path,) = rescue([(decision, text)], tmp_path)
    ((line,),) = (list(restoring._lines(tmp_path)),)
    path.unlink()
    assert line.decision == decision


@given(st.text(st.characters(), min_size=1))
def test_a_note_with_any_characters_is_kept(tmp_path: Path, words: str) -> None:
    decision = Decision("d", "a" * 64, "ada", NOON, 1, "g", Kind.FINISH, target=words)
    (path,) = rescue([(decision, "")], tmp_path)
    ((line,),) = (list(restoring._lines(tmp_path)),)
    path.unlink()
    assert line.decision == decision


def test_another_folder_is_used_if_one_is_not_writable(
    store: Store, article: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    made = late(open_(store, article))
    (path,) = rescue(((decision, TEXT) for decision in made), tmp_path / "none")
    assert path.parent == home
    assert len(path.read_text(encoding="utf-8").splitlines()) == 2
    assert files(home) == [path]


async def test_restored_decisions_are_reported_before_anything_is_opened(
    store: Store, article: str, tmp_path: Path
) -> None:
    made = late(open_(store, article))
    rescue(((decision, TEXT) for decision in made), tmp_path)
    (tmp_path / "unsaved-x.jsonl").write_text("torn", encoding="utf-8")
    async with at_desk(store, folder=tmp_path) as desk:
        notes = [(note.severity, note.message) for note in desk.app._notifications]
        assert notes[0] == (
            "information",
            "2 decisions in 1 article that could not be saved before are saved now.",
        )
        assert notes[1][0] == "warning"
        assert notes[1][1].startswith("1 decision stays in unsaved-x.jsonl: Line 1 is no decision.")
        assert store.reviews.get(article, REVIEWER).review.decisions == made
        assert desk.queue.rows.seen is not None
        assert desk.queue.rows.seen.counts.in_review == 1


def killed_while_writing(folder: Path, made: Iterable[Decision], *, torn: str = "") -> Path:
    """What a killed writer leaves: a hidden file of lines, the last of them perhaps half."""
    (path,) = rescue(((decision, TEXT) for decision in made), folder)
    hidden = path.with_name(f".{path.name}.ab12cd34")
    path.rename(hidden)
    with hidden.open("a") as file:
        file.write(torn)
    return hidden


async def test_a_partial_file_is_taken_up_at_the_next_start(
    store: Store, article: str, tmp_path: Path
) -> None:
    made = late(open_(store, article))
    killed_while_writing(tmp_path, made, torn='{"id": "half')
    (tmp_path / ".unsaved-empty.jsonl.1").touch()
    (tmp_path / ".unsaved-link").symlink_to("/dev/zero")
    async with at_desk(store, folder=tmp_path) as desk:
        assert desk.app._notifications
    assert store.reviews.get(article, REVIEWER).review.decisions == made
    # A link is none of ours.
    assert [path.name for path in files(tmp_path)] == [".unsaved-link"]


def test_a_file_still_being_written_is_left_alone(
    store: Store, article: str, tmp_path: Path
) -> None:
    hidden = killed_while_writing(tmp_path, late(open_(store, article)))
    with opened(hidden) as descriptor:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        assert back(store, tmp_path).decisions == 0
        assert hidden.exists()
    assert back(store, tmp_path).decisions == 2
    assert files(tmp_path) == []


def test_decisions_in_another_file_are_not_taken_up_twice(
    store: Store, article: str, tmp_path: Path
) -> None:
    made = late(open_(store, article))
    killed_while_writing(tmp_path, made)
    rescue(((decision, TEXT) for decision in made), tmp_path)
    assert back(store, tmp_path).decisions == 2
    assert files(tmp_path) == []


def test_a_file_too_large_to_be_ours_is_not_read(store: Store, tmp_path: Path) -> None:
    (tmp_path / "unsaved-huge.jsonl").touch()
    os.truncate(tmp_path / "unsaved-huge.jsonl", 1 << 40)
    (left,) = back(store, tmp_path).left
    assert "larger than" in left.why


async def test_an_article_that_could_not_be_released_is_reported(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(*_: object, **__: object) -> None:
        raise StoreError("The database is locked by somebody else.")

    async with reviewing(store, folder=tmp_path) as desk:
        article, release = desk.review.article, store.reviews.release
        monkeypatch.setattr(store.reviews, "release", locked)
        desk.app.leaving.let_go()
        desk.app.leaving.finish_writing(5)
    assert "could not be released" in "".join(desk.app.leaving.last_words())
    release(article, REVIEWER)


async def test_a_short_lock_delays_saving_and_release_on_leaving(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with reviewing(store, folder=tmp_path) as desk:
        append, article = store.reviews.append, desk.review.article
        monkeypatch.setattr(store.reviews, "append", fails_at_first := FailsUntilAsked(append))
        desk.screen.press("a", "a")
        await desk.until(lambda: fails_at_first.failed)
        desk.app.leaving.let_go()
        fails_at_first.works = True
        desk.app.leaving.finish_writing(20)
    assert list(desk.app.leaving.last_words()) == []
    assert len(store.reviews.get(article, REVIEWER).review.decisions) == 1
    assert store.queue.next_ready(QueueView("bo"), now=NOON) == article


class FailsUntilAsked:
    """Appends decisions once it is told to work."""

    def __init__(self, append: Callable[..., None]) -> None:
        self._append, self.failed, self.works = append, False, False

    def __call__(self, *given: Any, **options: Any) -> None:
        if not self.works:
            self.failed = True
            raise StoreError("The database is locked by somebody else.")
        self._append(*given, **options)


def replaced(decision: Decision, name: str) -> Decision:
    return replace(decision, id=name, group=name)


async def test_decisions_without_a_file_are_printed_line_by_line(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*_: object, **__: object) -> None:
        raise OSError("No space left on device")

    async with reviewing(store, folder=tmp_path) as desk:
        monkeypatch.setattr(store.reviews, "append", failing)
        monkeypatch.setattr(rescue_files, "write_lines", failing)
        desk.screen.press("a", "a")
        desk.app.leaving.finish_writing(0.05)
    head, line, *_ = desk.app.leaving.last_words()
    assert "No space left on device" in head
    (tmp_path / "unsaved-1.jsonl").write_text(f"{line}\n", encoding="utf-8")
    monkeypatch.undo()
    assert back(store, tmp_path).decisions == 1
