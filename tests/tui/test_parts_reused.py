"""The parts of the review screen serve another screen, with reviews and actions of its own."""

from __future__ import annotations

from dataclasses import dataclass, field

from textual.app import ComposeResult

from annotator.core.assignment import ReviewPlan
from annotator.core.decisions import Kind
from annotator.store.store import Store
from annotator.store.values import OpenedReview
from annotator.tui.app_setup import AppSetup
from annotator.tui.article.article_view import ArticleView
from annotator.tui.keys import KeyMap, Mode
from annotator.tui.review.actions import ACTIONS, Workbench
from annotator.tui.review.annotation_list import AnnotationList
from annotator.tui.review.loader import Loader
from annotator.tui.review.page import Page
from annotator.tui.review.questions import Questions
from annotator.tui.review.review_source import ReviewStart
from annotator.tui.review.session import Session
from annotator.tui.review.state import Habits, ReviewState
from annotator.tui.review.status import StatusLines
from annotator.tui.saving.writer import Writer
from annotator.tui.screens.layers import KeyScreen
from annotator.tui.terminal.keyboard import Typed
from tests.tui.desk import OTHER, TEXT, at_desk, suggestions, take_in

SECOND = "second reader"


@dataclass
class SecondReadings:
    """Some articles in a fixed order, each reviewed once more under another name."""

    setup: AppSetup
    articles: tuple[str, ...]
    released: list[str] = field(default_factory=list)

    def open(self, article: str) -> OpenedReview:
        now = self.setup.clock.now()
        return self.setup.store.reviews.open(
            article, SECOND, now=now, lease_seconds=60, plan=ReviewPlan(2)
        )

    def next_after(self, article: str) -> str | None:
        return next(iter(self.articles[self.articles.index(article) + 1 :]), None)

    def told_of(self, _article: str) -> str:
        return ""

    def left(self) -> int | None:
        return None

    def renew(self, article: str) -> None:
        """Nobody else reads it."""

    def release(self, article: str) -> None:
        self.released.append(article)
        self.setup.store.reviews.release(article, SECOND)


class SecondScreen(KeyScreen):
    """Puts the parts together; `z` is a key of its own."""

    def __init__(
        self, setup: AppSetup, keymap: KeyMap, writer: Writer, source: SecondReadings
    ) -> None:
        super().__init__()
        self.setup, self.keymap, self._writer, self.source = setup, keymap, writer, source
        colors = setup.config.label_colors
        view = ArticleView(colors, snap=lambda span: span, id="article")
        lines = StatusLines(self, setup, keymap, writer, view)
        self.page = Page(view, AnnotationList(colors, id="panel"), lines)
        self.loader = Loader(self, source, writer, self._show, self.act)
        self.questions = Questions()
        self.work: Workbench | None = None

    def compose(self) -> ComposeResult:
        lines = self.page.lines
        yield from (lines.header, self.page.view, self.page.panel, lines.detail)
        yield from (lines.guideline, lines.labels, lines.hints, lines.prompt)

    def on_mount(self) -> None:
        self.loader.begin(ReviewStart(self.source.articles[0]))

    def _show(self, opened: OpenedReview) -> Session:
        session, config = Session(opened, self._writer, self.setup.clock), self.setup.config
        state = ReviewState(session, Habits(), config)
        self.work = Workbench(state, self.page, self.setup, self.questions, self.loader)
        self.work.actions = {
            **ACTIONS,
            "mark_all": lambda work: work.accepting.accept_all(work.state),
        }
        self.page.view.set_text(state.text, self.work.navigation.all_marks())
        self.page.lines.show(state)
        self.work.listing.show()
        self.work.navigation.next_open()
        return session

    def take(self, typed: Typed) -> None:
        if self.questions.take(typed):
            super().take(typed)

    def press(self, pressed: str, character: str | None) -> None:
        if self.page.prompts.current is not None:
            self.page.prompts.press(pressed, character)
        elif pressed == "z":
            self.act("mark_all")
        elif (action := self.keymap.action(Mode.REVIEW, pressed)) is not None:
            self.act(action)

    def act(self, action: str) -> None:
        assert self.work is not None
        self.work.act(action)


async def test_another_screen_reviews_with_the_same_parts(store: Store) -> None:
    first, second = take_in(store, TEXT, suggestions()), take_in(store, OTHER, ())
    async with at_desk(store, reviews_per_article=2) as desk:
        assert desk.app.setup is not None
        assert desk.app.writer is not None
        source = SecondReadings(desk.app.setup, (first, second))
        screen = SecondScreen(desk.app.setup, desk.app.keymap, desk.app.writer, source)
        desk.queue.show_over(screen)
        await desk.until(lambda: screen.work is not None and screen.takes_keys)
        await desk.press("a", "l", "p")
        await desk.press("z")
        await desk.until(lambda: screen.loader.article == second and screen.takes_keys)
        await desk.press("z")
        await desk.until(lambda: desk.app.screen is desk.queue)
        await desk.settle()
        assert source.released == [first, second]
    kinds = [one.kind for one in store.reviews.get(first, SECOND).review.decisions]
    assert kinds[0] is Kind.ACCEPT
    assert kinds[-1] is Kind.FINISH
    assert Kind.CORRECT in kinds
