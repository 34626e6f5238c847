"""Makes the pictures of the README from the real app over the sample articles.

    .venv/bin/python docs/make_pictures.py [NAME...]

Workspaces of their own are made in temporary folders, the seeds are taken in with our pipeline, or
their gold of several articles on one event is brought in, and the screens are drawn without a
terminal. What is written, or those of it that are named: queue.svg, review.svg, board.svg,
pairs.svg, agreement.svg and adjudication.svg, beside this file.
Time stands still, so that the same program makes the same pictures.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from annotator.core.annotations import Stance  # noqa: E402
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
from annotator.tui.app_setup import AppSetup  # noqa: E402
from annotator.tui.clock import Clock  # noqa: E402

SIZE = (120, 36)
GOLD = sorted((HERE.parent / "seeds" / "gold").glob("*.jsonl"))
ACROSS = HERE.parent / "seeds" / "across" / "articles.jsonl"
CONFUSED = {
    "GPE": "LOC",
    "LOC": "GPE",
    "ORG": "GPE",
    "FAC": "LOC",
    "NORP": "GPE",
    "DATE": "CARDINAL",
}
_FONT = re.compile(r"@font-face\s*{[^}]*}\s*", re.DOTALL)


@dataclass(frozen=True)
class Picture:
    """What is typed before a picture is taken, and the file that it becomes."""

    name: str
    keys: Sequence[str] = field(default_factory=tuple)
    over: str = "seeds"
    """The store that it is taken of, one of `STORES`."""


# In this order: the queue shows what became of the articles.
PICTURES = (
    Picture("review", ("enter", *"aaaaaaaaaaaaaaaaaaaaaaaa")),
    Picture("queue", ("j", "enter", "A", "A", "q", "k")),
    Picture("board", ("S", "enter", "l"), over="story"),
    Picture("pairs", ("S", "enter", "t", "f", "j"), over="story"),
    Picture("agreement", ("K", "enter"), over="reviews"),
    Picture("adjudication", (*"jjjjjjjj", "D", "b", "b"), over="differences"),
)
_SLOW = ("enter", "A", "q", "S", "K", "D")


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
    found = map(_from_its_outlet, _records(ACROSS))
    _bring_in(store, folder, [replace(one, story="ferry") for one in found], "reviewer")
    return _over(store, folder)


def reviews_in(folder: Path) -> AppSetup:
    """A store with all reviewed seeds, and a colleague's reviews, which differ here and there."""
    store = Store.open(f"sqlite:///{folder / 'annotator.db'}")
    found = [record for file in (*GOLD, ACROSS) for record in _records(file)]
    _bring_in(store, folder, found, "reviewer")
    _bring_in(store, folder, [_as_colleague(one) for one in found], "colleague")
    return _over(store, folder, reviews_per_article=2)


def differences_in(folder: Path) -> AppSetup:
    """The same for somebody who has reviewed nothing."""
    setup = reviews_in(folder)
    return replace(setup, config=replace(setup.config, reviewer="editor"))


def _records(file: Path) -> Iterator[Record]:
    for line in file.read_text("utf-8").splitlines():
        yield record_from_dict(json.loads(line))


def _bring_in(store: Store, folder: Path, records: Iterable[Record], reviewer: str) -> None:
    """Import records as finished reviews of this reviewer."""
    file = folder / f"{reviewer}.jsonl"
    file.write_bytes(b"".join(map(line_of, records)))
    now = datetime.now(UTC)
    labels = [label.name for label in load_scheme(Settings())]
    import_files(
        Sources((file,), received=now),
        store=store,
        naming=Naming(labels),
        whose=Whose(reviewer),
        now=now,
    )


def _as_colleague(record: Record) -> Record:
    """The record with every ninth entity under a label that is often confused with its own, and
    every fourteenth not marked."""
    entities = [
        replace(one, label=CONFUSED.get(one.label, one.label)) if n % 9 == 4 else one
        for n, one in enumerate(record.entities)
        if n % 14 != 6
    ]
    kept = {one.id for one in entities}
    claims = [
        replace(
            one,
            stance=Stance.JUDGES if n % 8 == 3 else one.stance,
            source_entity=one.source_entity if one.source_entity in kept else None,
        )
        for n, one in enumerate(record.claims)
    ]
    return replace(record, entities=tuple(entities), claims=tuple(claims), ties=())


def _from_its_outlet(record: Record) -> Record:
    """The record with the outlet that its file is named after."""
    origin = record.article.origin
    outlet = (origin.name or "").partition(".")[0].replace("-", " ").title()
    return replace(record, article=replace(record.article, origin=replace(origin, outlet=outlet)))


def _over(store: Store, folder: Path, *, reviews_per_article: int = 1) -> AppSetup:
    clock = StandingClock()
    watching = WatcherStatus(scanned_seconds_ago=3)
    store.watcher.beat(Heartbeat(clock.now(), 1, clock.now(), watching))
    config = workspace_config(Settings(reviewer="reviewer"), folder)
    config = replace(
        config, name="newsdesk", inbox="seeds", reviews_per_article=reviews_per_article
    )
    return AppSetup(store, config, clock=clock)


async def take(setup: AppSetup, picture: Picture) -> None:
    """Types the keys of a picture into the app and writes what it then shows."""
    app = AnnotatorApp(lambda: setup)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause(1.5)
        for key in picture.keys:
            await pilot.press(key)
            await pilot.pause(1.0 if key in _SLOW else 0.02)
            while getattr(app.screen, "is_reading", False):
                await pilot.pause(0.1)
        await pilot.pause(0.5)
        svg = app.export_screenshot(title="annotator")
    # Viewers without a network have no web font, and would close up the blanks between words.
    svg = _FONT.sub("", svg).replace("Fira Code", "DejaVu Sans Mono, monospace")
    svg = svg.replace("<svg ", '<svg xml:space="preserve" ', 1)
    (HERE / f"{picture.name}.svg").write_text(svg, encoding="utf-8")


def main() -> None:
    names = sys.argv[1:] or [picture.name for picture in PICTURES]
    for over, make in STORES.items():
        wanted = [one for one in PICTURES if one.name in names and one.over == over]
        if not wanted:
            continue
        with tempfile.TemporaryDirectory() as folder:
            setup = make(Path(folder))
            for picture in wanted:
                asyncio.run(take(setup, picture))
            setup.store.close()


STORES = {
    "seeds": setup_in,
    "story": story_in,
    "reviews": reviews_in,
    "differences": differences_in,
}

if __name__ == "__main__":
    main()
