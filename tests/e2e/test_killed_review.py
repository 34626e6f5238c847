"""A review is killed: saved decisions are kept, and undo goes all the way back."""

from __future__ import annotations

import random
import re
import signal
import time
from pathlib import Path

import pytest

from annotator.core.annotations import Entity, MadeBy
from annotator.core.article import Article, Span
from annotator.core.review import Review, Status
from annotator.store.store import Store
from tests.e2e.screens import at_the_queue
from tests.helpers.stores import empty_store
from tests.helpers.terminal import Terminal
from tests.tui.desk import take_in

pytestmark = pytest.mark.usefixtures("forked")
DECISIONS = 200
REVIEWER = "ada"
TEXT = "Ferries\n\n" + "\n\n".join(
    " ".join(f"Name{line * 10 + word} went" for word in range(10)) for line in range(22)
)
ITEMS = tuple(
    Entity(f"e{n}", Span(*found.span()), "PERSON", made_by=MadeBy.PIPELINE, score=0.9)
    for n, found in enumerate(re.finditer(r"Name\d+", TEXT))
)
_STYLES = re.compile(rb"\x1b\[[0-9;?]*[A-Za-z]")
_MARK = re.compile(rf"(\d+)/{len(ITEMS)}  ● saved")


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    (tmp_path / "annotator.toml").write_text(f'reviewer = "{REVIEWER}"\n')
    store = empty_store(tmp_path / "annotator.db")
    take_in(store, TEXT, ITEMS)
    store.close()
    return tmp_path


def _screens(workspace: Path) -> Terminal:
    """The review screen on the only article, in a process of its own."""
    environment = {"ANNOTATOR_REVIEWER": REVIEWER}
    terminal = at_the_queue(workspace, words=b"Ferries", environment=environment)
    terminal.type("\r")
    terminal.wait_for(b"accept")
    return terminal


def _acknowledged(terminal: Terminal) -> list[int]:
    """How many decisions stood each time that the mark said saved."""
    written = _STYLES.sub(b"", terminal.output).decode("utf-8", "replace")
    return [int(found[1]) for found in _MARK.finditer(written)]


def _stored(workspace: Path) -> Review:
    store = Store.open(f"sqlite:///{workspace / 'annotator.db'}")
    review = store.reviews.get(Article(TEXT).id, REVIEWER).review
    store.close()
    return review


@pytest.mark.parametrize("seed", [11, None])
def test_saved_decisions_survive_a_kill_and_can_be_undone(
    workspace: Path, seed: int | None
) -> None:
    seed = random.randrange(10**6) if seed is None else seed
    print("seed", seed)  # shown where the test fails
    dice = random.Random(seed)
    with _screens(workspace) as terminal:
        for _ in range(dice.randint(1, DECISIONS)):
            terminal.type(dice.choice("aax2"))
            terminal.read(dice.choice((0, 0, 0.01, 0.03)))
        while terminal.read(0):
            pass
        terminal.process.send_signal(signal.SIGKILL)
        terminal.process.wait()
        acknowledged = max(_acknowledged(terminal))

    review = _stored(workspace)
    assert len(review.decisions) >= acknowledged
    assert [decision.seq for decision in review.decisions] == [
        n + 1 for n in range(len(review.decisions))
    ]

    with _screens(workspace) as terminal:
        # What the killed screens had put into a file, on a slow machine, has come back by now.
        terminal.type("u" * len(_stored(workspace).decisions))
        terminal.wait_for(f" 0/{len(ITEMS)}".encode(), 60)
        # On a busy machine the screen shows what is undone well before it is written.
        until = time.monotonic() + 60
        while _acknowledged(terminal)[-1:] != [0] and time.monotonic() < until:
            terminal.read(0.5)
        assert _acknowledged(terminal)[-1] == 0
    undone = _stored(workspace)
    assert not undone.undoable
    assert {held.status for held in undone.held.values()} == {Status.OPEN}
