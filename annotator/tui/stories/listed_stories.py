"""Stories and proposals as rows of a list; pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from annotator.core.across.story_log import Story
from annotator.core.across.story_window import ProposedStory
from annotator.core.text.counted import many
from annotator.tui.terminal.cells import width_of
from annotator.tui.widgets.rows import Cell, Row

_COUNT = 12


@dataclass(frozen=True, slots=True)
class ListedStory:
    """A line of the list: a story, or what is proposed as one or for one."""

    story: Story
    proposed: ProposedStory | None = None

    @property
    def key(self) -> str:
        """Its key in the list."""
        if self.proposed is None:
            return self.story.id
        return f"proposed {self.proposed.articles[0]}"

    @property
    def row(self) -> Row:
        """Its row: how many articles, the title, and whether it is only proposed."""
        number = len(self.story.articles)
        count = Cell(many(number, "article"), "muted", _COUNT, align_right=True)
        if self.proposed is None:
            return Row.of(self.key, count, Cell(self.story.title, "strong"))
        told = "proposed" if self.proposed.into is None else "proposed for it"
        title = Cell(self.story.title, "normal", italic=True)
        return Row.of(self.key, count, title, Cell(told, "accent", width_of(told)))


def listed(stories: Iterable[Story], proposals: Iterable[ProposedStory]) -> list[ListedStory]:
    """Proposals first, since they wait for somebody; then stories, as they come."""
    proposed = [ListedStory(Story("", one.title, one.articles), one) for one in proposals]
    return [*proposed, *map(ListedStory, stories)]
