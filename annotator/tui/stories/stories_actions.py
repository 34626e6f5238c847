"""The actions of the list of stories: one method per action of the table of keys."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from string import ascii_lowercase
from typing import TYPE_CHECKING

from annotator.core.across.story_changes import (
    LONGEST_TITLE,
    StoryChange,
    StoryPress,
    add_to_story,
    create_story,
    remove_from_story,
    rename_story,
    restore_story,
    tell_apart,
    to_story_decisions,
    withdraw_story,
)
from annotator.core.across.story_log import Story, StoryKind
from annotator.tui.app_setup import AppSetup
from annotator.tui.widgets.letter_menu import Choice, MenuPrompt, menu_of
from annotator.tui.widgets.prompts import Done, LinePrompt

if TYPE_CHECKING:
    from annotator.tui.stories.stories_screen import StoriesScreen

_DECIDED = "decided"


class TitlePrompt(LinePrompt):
    """The title of a story, to be typed; `named` gets it."""

    title, keys = "Title of the story", "enter sets it   esc leaves it "

    def __init__(self, text: str, named: Callable[[str], None]) -> None:
        super().__init__(text)
        self._named = named

    def submit(self) -> Done | None:
        title = " ".join(self.line.text.split())[:LONGEST_TITLE]
        return Done(partial(self._named, title)) if title else None


class StoriesActions:
    """What the keys of the list do."""

    def __init__(self, screen: StoriesScreen, setup: AppSetup) -> None:
        self._screen, self._setup = screen, setup

    # Decisions

    def do_stories_accept(self) -> None:
        here = self._screen.here
        if here is None or here.proposed is None:
            self._screen.say("Only what is proposed can be accepted.")
        elif here.proposed.into is not None:
            self._decide("Added.", add_to_story(here.proposed.into, here.proposed.articles))
        else:
            made = Story(self._setup.clock.new_id(), here.story.title, here.story.articles)
            self._decide("It is a story now.", create_story(made))

    def do_stories_apart(self) -> None:
        here = self._screen.here
        if here is None or here.proposed is None:
            self._screen.say(
                "Only what is proposed can be refused; o takes an article out of a story."
            )
            return
        articles = here.proposed.articles
        if here.proposed.into is not None:
            known = self._screen.loaded.around.named[here.proposed.into].articles
            changes = [tell_apart((one, other)) for one in articles for other in known]
        else:
            changes = [tell_apart(articles)]
        self._decide("They will not be proposed together again.", *changes)

    def do_stories_rename(self) -> None:
        story = self._story_here()
        if story is not None:
            self._screen.prompts.open(TitlePrompt(story.title, partial(self._rename, story)))

    def do_stories_out(self) -> None:
        story = self._story_here()
        if story is None:
            return
        choices = [
            Choice(letter, self._screen.names.get(id, id[:12]), id)
            for letter, id in zip(ascii_lowercase, story.articles, strict=False)
        ]
        menu = menu_of("story-out", "Take out", choices)
        self._screen.prompts.open(
            MenuPrompt(menu, partial(self._take_out, story), self._screen.say)
        )

    def do_stories_in(self) -> None:
        story = self._story_here()
        if story is None:
            return
        if self._screen.article is None:
            self._screen.say("Open the stories with the cursor of the queue on an article.")
        elif self._screen.article[0] in story.articles:
            self._screen.say(f"“{self._screen.article[1]}” is in it already.")
        else:
            self._decide(
                f"Put in: {self._screen.article[1]}.",
                add_to_story(story.id, [self._screen.article[0]]),
            )

    def do_stories_undo(self) -> None:
        self._screen.waiting.fetch(_DECIDED, partial(self._back_or_again, redo=False))

    def do_stories_redo(self) -> None:
        self._screen.waiting.fetch(_DECIDED, partial(self._back_or_again, redo=True))

    def _story_here(self) -> Story | None:
        here = self._screen.here
        if here is None or here.proposed is not None:
            self._screen.say(
                "Accept it first: it is only proposed." if here else "There is no story."
            )
            return None
        return here.story

    def _rename(self, story: Story, title: str) -> None:
        self._decide("Renamed.", rename_story(story, title))

    def _take_out(self, story: Story, article: str) -> None:
        self._decide("Taken out.", remove_from_story(story.id, [article]))

    def _decide(self, told: str, *changes: StoryChange) -> None:
        self._screen.waiting.fetch(_DECIDED, partial(self._decided, changes, told))

    async def _decided(self, changes: Sequence[StoryChange], told: str) -> None:
        setup, clock = self._setup, self._setup.clock
        press = StoryPress(clock.new_id(), setup.config.reviewer, clock.now())
        ids = [clock.new_id() for _ in changes]
        decisions = to_story_decisions(changes, press, ids=ids)
        await asyncio.to_thread(setup.store.stories.append, decisions)
        await self._screen.read()
        made = [one.target for one in changes if one.kind is StoryKind.CREATE]
        if made and self._screen.is_attached:
            self._screen.listed.move_to_key(made[0], tell=True)
        self._screen.say(told)

    async def _back_or_again(self, *, redo: bool) -> None:
        log = await asyncio.to_thread(self._setup.store.stories.log)
        lane = self._setup.config.reviewer
        press = log.redoable(lane) if redo else log.undoable(lane)
        if press is None:
            self._screen.say(f"There is nothing of yours to {'redo' if redo else 'undo'}.")
            return
        change = restore_story(press.id) if redo else withdraw_story(press.id)
        await self._decided([change], "Done again." if redo else "Undone.")

    # Moving

    def do_stories_down(self) -> None:
        self._screen.listed.action_move(1)

    def do_stories_up(self) -> None:
        self._screen.listed.action_move(-1)

    def do_stories_page_down(self) -> None:
        self._screen.listed.action_page(1)

    def do_stories_page_up(self) -> None:
        self._screen.listed.action_page(-1)

    def do_stories_top(self) -> None:
        self._screen.listed.action_edge(-1)

    def do_stories_bottom(self) -> None:
        self._screen.listed.action_edge(1)

    # Other screens

    def do_stories_open(self) -> None:
        here = self._screen.here
        if here is not None:
            from annotator.tui.stories.board_screen import BoardScreen

            self._screen.show_over(BoardScreen(self._setup, self._screen.keymap, here.story))

    def do_stories_help(self) -> None:
        self._screen.keys.show_help()

    def do_stories_palette(self) -> None:
        self._screen.keys.open_palette()

    def do_stories_close(self) -> None:
        self._screen.close()
