"""A reviewer at the real app on a real store, without a terminal: keys in, decisions out."""

from __future__ import annotations

import asyncio
import tomllib
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from textual import events
from textual.pilot import Pilot

from annotator.cli.review_screens import export_finished, own_findings
from annotator.core.annotations import Claim, Item, Junk, JunkKind, MadeBy
from annotator.core.arrival import Arrival, FileState
from annotator.core.article import Article, Origin, title_line
from annotator.core.claims.claim_defaults import with_guesses
from annotator.core.decisions import Decision
from annotator.core.labels import scheme_from
from annotator.core.record import PipelineId
from annotator.core.review import Review
from annotator.core.reviewing.seen_text import SHOWN_SECONDS
from annotator.core.workspace_config import WorkspaceConfig
from annotator.settings import Settings, workspace_config
from annotator.store.store import Store
from annotator.store.values import Suggested
from annotator.tui.adjudicating.adjudication_screen import AdjudicationScreen
from annotator.tui.app import AnnotatorApp
from annotator.tui.app_setup import AppSetup
from annotator.tui.article.article_view import ArticleView
from annotator.tui.queue.queue_pages import PAGE
from annotator.tui.queue.queue_screen import QueueScreen
from annotator.tui.review.actions import Workbench
from annotator.tui.review.annotation_list import AnnotationList
from annotator.tui.review.jump_prompt import Jump
from annotator.tui.review.review_screen import ReviewScreen
from annotator.tui.review.state import ReviewState
from annotator.tui.widgets.bar import Bar
from annotator.tui.widgets.letter_menu import LetterMenu, MenuPrompt
from annotator.tui.widgets.prompts import LinePrompt
from annotator.tui.widgets.virtual_list import VirtualList
from tests.helpers.items import entity, span
from tests.tui.frames import StillApp
from tests.tui.held_clock import NOON, HeldClock
from tests.tui.one_app import SharedStore
from tests.tui.quiet import settled

ROOT = Path(__file__).parents[2]
SCHEME = scheme_from(tomllib.loads((ROOT / "schema" / "labels.toml").read_text(encoding="utf-8")))
REVIEWER = "ada"

TEXT = """Ferry vote slips to spring

PORT ANSEL, March 4 – Ilva Marrow, the harbour master, said on Tuesday \
that Greyline Ferries had asked for two million crowns.

“Nobody on this quay wants a fourth winter without a boat,” she said. The council denied any delay.

Advertisement

Greyline may sell both ships, residents told the Ansel Post. Tamsin is quiet.
"""
OTHER = """Glass works fire put out

Nobody was hurt in Sund, the mayor said on Monday.
"""


def claim(text: str, content: str, cue: str, source: str, *, score: float = 0.9) -> Claim:
    found = span(text, content)
    cues = (span(text, cue),) if cue else ()
    sources = (span(text, source),) if source else ()
    made = Claim(f"c{found.start}", (found,), cues, sources, made_by=MadeBy.PIPELINE, score=score)
    return with_guesses(made, text)


def junk(text: str, words: str) -> Junk:
    found = span(text, words)
    return Junk(f"j{found.start}", found, JunkKind.AD_MARKER, made_by=MadeBy.PIPELINE, score=0.8)


def suggestions(text: str = TEXT) -> tuple[Item, ...]:
    """What a pipeline might suggest for TEXT."""
    return (
        entity(text, "PORT ANSEL", "GPE"),
        entity(text, "March 4", "DATE"),
        entity(text, "Ilva Marrow", "PERSON"),
        entity(text, "Greyline Ferries", "ORG"),
        claim(
            text,
            "that Greyline Ferries had asked for two million crowns",
            "said",
            "Ilva Marrow, the harbour master",
        ),
        junk(text, "Advertisement"),
    )


def take_in(
    store: Store,
    text: str,
    items: Iterable[Item] | None = (),
    *,
    minutes: int = 0,
    name: str = "",
    language: str = "en",
) -> str:
    """An article in the store, ready with these items (None: still waiting); its id."""
    file = name or f"{title_line(text)}.txt"
    article = Article(text, title=title_line(text), origin=Origin(name=file, outlet="Ansel Post"))
    when = NOON - timedelta(minutes=minutes)
    key = FileState(abs(hash(file)) % 10_000, len(text), 1, 1)
    store.files.take_in([Arrival(f"/inbox/{file}", key, when, (article,))])
    if items is not None:
        leased = store.work.lease("worker", limit=1000, seconds=60, now=NOON)
        results = [Suggested(one.id, tuple(items), language) for one in leased]
        store.work.attach("worker", results, PipelineId("annotator-en", "1", "0123"), now=NOON)
    return article.id


def drawn(listed: VirtualList) -> list[str]:
    """The lines of a list as the terminal gets them."""
    return [listed.render_line(y).text.rstrip() for y in range(listed.size.height)]


@dataclass
class Desk:
    """The app at work."""

    app: AnnotatorApp
    pilot: Pilot[Any]
    store: Store
    clock: HeldClock

    @property
    def queue(self) -> QueueScreen:
        return self.app.queue

    @property
    def screen(self) -> ReviewScreen:
        screen = self.app.screen
        assert isinstance(screen, ReviewScreen)
        return screen

    @property
    def work(self) -> Workbench:
        """The parts that work on the current article."""
        work = self.screen.work
        assert work is not None
        return work

    @property
    def state(self) -> ReviewState:
        return self.work.state

    @property
    def review(self) -> Review:
        """The review as the screen has it."""
        return self.state.review

    @property
    def text(self) -> str:
        return self.state.text

    @property
    def item(self) -> Item | None:
        """The item in focus."""
        return self.state.item

    @property
    def focus_id(self) -> str | None:
        return self.state.focus.id

    @property
    def view(self) -> ArticleView:
        return self.screen.page.view

    @property
    def panel(self) -> AnnotationList:
        return self.screen.page.panel

    @property
    def menu(self) -> LetterMenu[object] | None:
        """The open letter menu."""
        prompt = self.screen.page.prompts.current
        return prompt.menu if isinstance(prompt, MenuPrompt) else None

    @property
    def typed(self) -> str:
        """The text typed into the open line."""
        prompt = self.screen.page.prompts.current
        assert isinstance(prompt, LinePrompt)
        return prompt.line.text

    async def press(self, *keys: str) -> None:
        """Sends real key events, one after the other, and waits until all is done. No key is held
        down from one call to the next, however fast the calls follow."""
        self.lift_keys()
        self.clock.elapsed += SHOWN_SECONDS  # what is drawn has been seen
        for key in keys:
            name, character = _key(key)
            self.app.post_message(events.Key(name, character))
        await self.settle()

    def lift_keys(self) -> None:
        """What is pressed next is no repetition of a key that is held down."""
        self.app.keyboard._last = None

    async def settle(self) -> None:
        """Waits until nothing is being loaded or written, and draws how things are by then."""
        for _ in range(400):
            await settled(self.app)
            top = self.app.screen
            busy = isinstance(top, ReviewScreen | AdjudicationScreen) and not top.takes_keys
            if not busy and self.app.writer is not None and self.app.writer.settle(0):
                break
            await asyncio.sleep(0.005)
        await settled(self.app)

    async def until(self, condition: Any) -> None:
        """Waits until `condition()` holds; fails where it does not within five seconds."""
        for _ in range(1000):
            if condition():
                return
            await asyncio.sleep(0.005)
        raise AssertionError("waited in vain")

    def stored(self, article: str) -> Review:
        """The review as the store has it."""
        return self.store.reviews.get(article, REVIEWER).review

    def decisions(self) -> tuple[Decision, ...]:
        return self.review.decisions

    def bar(self, name: str) -> str:
        return self.line(name).plain

    def line(self, name: str) -> Bar:
        """The line of words with this name."""
        return self.app.screen.query_one(f"#{name}", Bar)

    def drawn(self, name: str) -> str:
        """The first line of a bar as the terminal gets it."""
        return self.line(name).render_line(0).text

    def words(self, id: str) -> str:
        """The text of an item."""
        return self.review.held[id].item.span.of(self.text)

    def focused(self) -> str:
        """The words of the item in focus."""
        assert self.item is not None
        return self.item.span.of(self.text)

    def select(self, words: str, nth: int = 0) -> None:
        """Selects as a mouse would."""
        found = span(self.text, words, nth)
        self.work.caret.select(found, caret=found.start)

    def put_caret(self, words: str, nth: int = 0) -> None:
        self.work.caret.put(span(self.text, words, nth).start)

    async def jump(self, words: str) -> None:
        """Jump to the first visible place with these words."""
        await self.press("f")
        jump = self.screen.page.prompts.current
        assert isinstance(jump, Jump)
        target = next(one for one in jump.targets if self.text[one.start :].startswith(words))
        for letter in target.of(self.text):
            await self.press(letter)
            hint = jump.hint_of(target)
            await self.press(*(hint if self.jumps() else ""))
            if not self.jumps():
                self.work.questions.expect_rest("")  # a pause
                return

    def jumps(self) -> bool:
        """Whether a jump is open."""
        return isinstance(self.screen.page.prompts.current, Jump)

    async def focus_claim(self) -> None:
        """Goes from item to item until a claim is in focus."""
        for _ in range(8):
            if isinstance(self.item, Claim):
                return
            await self.press("n")
        raise AssertionError("no claim came into focus")


def fresh(desk: Desk) -> bool:
    """Whether every row in view of the queue has been read since the last change."""
    queue, listed = desk.queue, desk.queue.rows.listed
    first = listed.scroll_offset.y + queue.rows.hidden
    seen = range(first, min(first + listed.size.height, queue.rows.hidden + listed.count))
    return all(queue.rows.pages.is_fresh(place) for place in seen)


def beside(store: Store) -> Path:
    """The folder of the store's database, like a workspace."""
    assert store.database.file is not None
    return store.database.file.parent


def config_of(store: Store, **changes: Any) -> WorkspaceConfig:
    """A configuration with default settings, for a workspace with the store's database, or for the
    `folder` that is named."""
    folder = changes.pop("folder", None) or beside(store)
    config = workspace_config(Settings(reviewer=REVIEWER), folder)
    named = {"name": "demo", "scheme": SCHEME, "guidelines": "", "inbox": "", **changes}
    return replace(config, **named)


def first_page_is_loaded(app: AnnotatorApp) -> bool:
    """Whether the app has been set up and the first rows of its queue have been read."""
    if app.setup is None or (seen := app.queue.rows.seen) is None:
        return False
    return len(app.queue.rows.pages) >= min(seen.size, PAGE)


@asynccontextmanager
async def at_desk(
    store: Store, *, size: tuple[int, int] = (100, 30), **changes: Any
) -> AsyncIterator[Desk]:
    """The app with its queue loaded; with `all_frames`, it draws as many as for a terminal."""
    kind = AnnotatorApp if changes.pop("all_frames", False) else StillApp
    clock, problem = changes.pop("clock", None) or HeldClock(), changes.pop("watcher_problem", None)
    config = config_of(store, **changes)
    setup = AppSetup(
        store,
        config,
        problem,
        clock,
        lambda: own_findings(store, config),
        export=lambda target: export_finished(store, config, target),
    )
    app = kind(lambda: setup)
    try:
        async with app.run_test(size=size) as pilot:
            desk = Desk(app, pilot, store, clock)
            await desk.until(lambda: first_page_is_loaded(app))
            await pilot.pause()
            yield desk
    finally:
        if app.writer is not None:
            app.writer.close(0)  # its threads would keep the app, and all it holds, for ever


@asynccontextmanager
async def reviewing(
    store: Store, text: str = TEXT, items: Iterable[Item] | None = None, **named: Any
) -> AsyncIterator[Desk]:
    """The app with one article open; a running one if the tests of a module share it."""
    article = take_in(store, text, suggestions(text) if items is None else items)
    start = partial(_opening_the_first, store, **named)
    if isinstance(store, SharedStore) and not named:
        async with store.app.reviewing(article, start) as desk:
            yield desk
    else:
        async with start() as desk:
            yield desk


@asynccontextmanager
async def _opening_the_first(store: Store, **named: Any) -> AsyncIterator[Desk]:
    """The app with the first article of its queue open."""
    async with at_desk(store, **named) as desk:
        await desk.press("enter")
        await desk.until(lambda: isinstance(desk.app.screen, ReviewScreen))
        await desk.settle()
        desk.lift_keys()
        yield desk


_NAMES = {" ": "space", "(": "left_parenthesis", ")": "right_parenthesis"}


def _key(key: str) -> tuple[str, str | None]:
    if key == "space":
        return "space", " "
    if len(key) == 1:
        return _NAMES.get(key, key), key
    return key, None
