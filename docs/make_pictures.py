"""Makes the pictures of the README from the real app over the sample articles.

    .venv/bin/python docs/make_pictures.py [NAME...]

Workspaces of their own are made in temporary folders, the seeds are taken in with our pipeline, or
their gold of several articles on one event is brought in, and the screens are drawn without a
terminal. What is written: queue.svg, review.svg and board.svg, or those named, beside this file.
Time stands still, so that the same program makes the same pictures.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from annotator.core.record import Record, record_from_dict  # noqa: E402
from annotator.core.watcher_status import Heartbeat, WatcherStatus  # noqa: E402
from annotator.formats.jsonl import line_of  # noqa: E402
from annotator.importing.found_records import Sources  # noqa: E402
from annotator.importing.import_batches import Whose, import_files  # noqa: E402
from annotator.importing.label_mapping import Naming  # noqa: E402
from annotator.ingest.adding import add  # noqa: E402
from annotator.ingest.plan import WorkerPlan  # noqa: E402
from annotator.settings import Settings, load_scheme, workspace_config  # noqa: E402
from annotator.store.store import Store  # noqa: E402
from annotator.tui.app import AnnotatorApp  # noqa: E402
from annotator.tui.clock import Clock  # noqa: E402
from annotator.tui.setup import AppSetup  # noqa: E402

SIZE = (120, 36)
_FONT = re.compile(r"@font-face\s*{[^}]*}\s*", re.DOTALL)


@dataclass(frozen=True)
class Picture:
    """What is typed before a picture is taken, and the file that it becomes."""

    name: str
    keys: Sequence[str] = field(default_factory=tuple)
    of_a_story: bool = False


# In this order: the queue shows what became of the articles.
PICTURES = (
    Picture("review", ("enter", *"aaaaaaaaaaaaaaaaaaaaaaaa")),
    Picture("queue", ("j", "enter", "A", "A", "q", "k")),
    Picture("board", ("S", "enter", "l"), of_a_story=True),
)
_SLOW = ("enter", "A", "q", "S")


class StandingClock(Clock):
    """A clock that shows the moment at which it was made, for ever."""

    def __init__(self) -> None:
        super().__init__()
        self._standing = datetime.now(UTC)

    def now(self) -> datetime:
        return self._standing


def setup_in(folder: Path) -> AppSetup:
    """A store with the seeds and their suggestions, and the shipped scheme."""
    url = f"sqlite:///{folder / 'annotator.db'}"
    store = Store.open(url)
    add(sorted((HERE.parent / "seeds").glob("*.txt")), store=store, plan=WorkerPlan(url))
    return _over(store, folder)


def story_in(folder: Path) -> AppSetup:
    """A store with the reviewed articles on the ferry, as one story."""
    store = Store.open(f"sqlite:///{folder / 'annotator.db'}")
    now = datetime.now(UTC)
    lines = (HERE.parent / "seeds" / "across" / "articles.jsonl").read_text("utf-8").splitlines()
    found = [_from_its_outlet(record_from_dict(json.loads(line))) for line in lines]
    file = folder / "ferry.jsonl"
    file.write_bytes(b"".join(line_of(replace(one, story="ferry")) for one in found))
    labels = [label.name for label in load_scheme(Settings())]
    import_files(
        Sources((file,), received=now),
        store=store,
        naming=Naming(labels),
        whose=Whose("reviewer"),
        now=now,
    )
    return _over(store, folder)


def _from_its_outlet(record: Record) -> Record:
    """The record with the outlet that its file is named after."""
    origin = record.article.origin
    outlet = (origin.name or "").partition(".")[0].replace("-", " ").title()
    return replace(record, article=replace(record.article, origin=replace(origin, outlet=outlet)))


def _over(store: Store, folder: Path) -> AppSetup:
    clock = StandingClock()
    watching = WatcherStatus(scanned_seconds_ago=3)
    store.watcher.beat(Heartbeat(clock.now(), 1, clock.now(), watching))
    config = workspace_config(Settings(reviewer="reviewer"), folder)
    return AppSetup(store, replace(config, name="newsdesk", inbox="seeds"), clock=clock)


async def take(setup: AppSetup, picture: Picture) -> None:
    """Types the keys of a picture into the app and writes what it then shows."""
    app = AnnotatorApp(lambda: setup)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause(1.5)
        for key in picture.keys:
            await pilot.press(key)
            await pilot.pause(1.0 if key in _SLOW else 0.02)
        await pilot.pause(0.5)
        svg = app.export_screenshot(title="annotator")
    # Viewers without a network have no web font, and would close up the blanks between words.
    svg = _FONT.sub("", svg).replace("Fira Code", "DejaVu Sans Mono, monospace")
    svg = svg.replace("<svg ", '<svg xml:space="preserve" ', 1)
    (HERE / f"{picture.name}.svg").write_text(svg, encoding="utf-8")


def main() -> None:
    names = sys.argv[1:] or [picture.name for picture in PICTURES]
    for of_a_story, make in ((False, setup_in), (True, story_in)):
        wanted = [one for one in PICTURES if one.name in names and one.of_a_story is of_a_story]
        if not wanted:
            continue
        with tempfile.TemporaryDirectory() as folder:
            setup = make(Path(folder))
            for picture in wanted:
                asyncio.run(take(setup, picture))
            setup.store.close()


if __name__ == "__main__":
    main()
