"""What the list of stories shows, read from the store part by part. Calls of the store block."""

from __future__ import annotations

import asyncio
from functools import partial

from annotator.core.across.story_log import Stories, Story
from annotator.core.across.story_window import ProposedStory
from annotator.tui.app_setup import AppSetup
from annotator.tui.stories.listed_stories import ListedStory, listed

PAGE = 50
"""Stories that are read at once."""


class LoadedStories:
    """The stories read so far, below what is proposed; `count` is how many there are. `proposals`
    is None until they have been read, `around` what holds of their articles and stories."""

    def __init__(self, setup: AppSetup) -> None:
        self._setup, self._store = setup, setup.store.stories
        self.stories: tuple[Story, ...] = ()
        self.count = 0
        self.proposals: tuple[ProposedStory, ...] | None = None
        self.around = Stories()

    @property
    def has_more(self) -> bool:
        """Whether there are stories that have not been read."""
        return len(self.stories) < self.count

    @property
    def listed(self) -> list[ListedStory]:
        """The open proposals, and the stories read so far."""
        return listed(self.stories, (one for one in self.proposals or () if self._is_open(one)))

    async def load(self) -> None:
        """Read as many stories as there were."""
        await asyncio.to_thread(self._load)

    async def read_on(self) -> None:
        """Read the stories that follow."""
        self.stories += await asyncio.to_thread(self._store.page, self.stories[-1], limit=PAGE)

    async def propose(self) -> None:
        """Read the newest articles for proposals; unreadable ones are left out."""
        reviewer = self._setup.config.reviewer
        propose = partial(self._store.proposed, reviewer, damaged=lambda _: None)
        self.proposals = await asyncio.to_thread(propose)
        await asyncio.to_thread(self._look_around)

    def _load(self) -> None:
        self.count = self._store.count()
        self.stories = self._store.page(limit=max(PAGE, len(self.stories)))
        self._look_around()

    def _look_around(self) -> None:
        proposals = self.proposals or ()
        articles = [id for one in proposals for id in one.articles]
        self.around = self._store.held(articles, [one.into for one in proposals if one.into])

    def _is_open(self, proposed: ProposedStory) -> bool:
        """Whether nothing was decided on what was proposed before the list was read anew."""
        known, apart, into = self.around.of_article, self.around.apart, proposed.into
        if any(id in known for id in proposed.articles):
            return False
        if into is not None and into not in self.around.named:
            return False
        others = () if into is None else self.around.named[into].articles
        own = (*proposed.articles, *others[:1])
        return not any(frozenset((own[0], other)) in apart for other in own[1:])
