"""What the list of stories and a board cost in 10,000 articles with 500 stories beside 100 with 5.

    python -m tests.benchmarks.board_cost [--articles 10000] [--json]

Articles on invented events, 20 on each, with names and claims; every 100 further articles are in no
story. Read are medians, each by a store that has read nothing yet: the list as its screen opens,
the titles of the stories of a page of the queue, a decision, the board of one story (its articles,
the proposed ties, the grouping), and proposals of stories, for which the list does not wait. The
bar is three times the small store.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from itertools import count
from pathlib import Path

from annotator.core.across.board import story_claims
from annotator.core.across.proposals import Annotated
from annotator.core.across.story_changes import (
    StoryPress,
    create_story,
    rename_story,
    to_story_decisions,
)
from annotator.core.across.story_log import Story
from annotator.core.annotations import Item
from annotator.store.store import Store
from annotator.store.stories.story_store import StoryStore
from annotator.tui.stories.listed_stories import listed
from annotator.tui.stories.stories_loading import PAGE
from tests.benchmarks.growth import main_of
from tests.helpers.across import invented_store
from tests.helpers.building import NOW, arrival, suggest
from tests.helpers.stores import without_syncing

BAR = 3.0
_SMALL, _EACH, _ROUNDS, _BATCH = 100, 20, 7, 500


def filled(folder: str, total: int) -> Store:
    """A store of so many articles, all of them in stories, and 100 others."""
    store = without_syncing(Store.open(f"sqlite:///{Path(folder) / f'{total}.db'}"))
    articles = invented_store(total // _EACH + 5, each=_EACH)
    for start in range(0, len(articles), _BATCH):
        _take_in(store, articles[start : start + _BATCH])
    for number in range(total // _EACH):
        own = articles[number * _EACH : (number + 1) * _EACH]
        story = Story(f"s{number}", f"Story {number}", tuple(one.article.id for one in own))
        press = StoryPress(f"g{number}", "ada", NOW)
        store.stories.append(to_story_decisions((create_story(story),), press, ids=(story.id,)))
    return store


def _take_in(store: Store, articles: Sequence[Annotated]) -> None:
    store.files.take_in(
        [arrival(f"/in/{one.article.id}.txt", one.article.text) for one in articles]
    )
    items: dict[str, Sequence[Item]] = {
        one.article.id: [*one.entities, *one.claims] for one in articles
    }
    suggest(store, items)


def measured(act: Callable[[], object]) -> float:
    """The median time of a call, in milliseconds."""
    times = []
    for _ in range(_ROUNDS):
        began = time.process_time()
        act()
        times.append((time.process_time() - began) * 1000)
    return round(statistics.median(times), 2)


def costs(store: Store) -> dict[str, float]:
    """The figures of one store."""
    story = store.stories.page(limit=1)[0]
    queued = [id for one in store.stories.page(limit=3) for id in one.articles]
    presses = count()

    def fresh() -> StoryStore:
        return StoryStore(store.database, store.sight)

    def stories() -> None:
        assert fresh().count()
        assert listed(fresh().page(limit=PAGE), ())

    def decided() -> None:
        press = StoryPress(f"again {next(presses)}", "ada", NOW)
        change = rename_story(story, press.group)
        fresh().append(to_story_decisions((change,), press, ids=(press.group,)))

    def board() -> None:
        opened = fresh().open(fresh().named(story.id), "ada")
        assert story_claims(opened.annotated).arranged(opened.ties).propositions

    return {
        "list": measured(stories),
        "titles": measured(lambda: fresh().titles(queued)),
        "decision": measured(decided),
        "board": measured(board),
        "proposals": measured(lambda: fresh().proposed("ada")),
    }


def measure(number: int) -> dict[str, object]:
    """All figures; `ratio` is the largest one."""
    with tempfile.TemporaryDirectory() as folder:
        small, large = filled(folder, _SMALL), filled(folder, number)
        few, many = costs(small), costs(large)
        small.close()
        large.close()
    ratios = {name: round(many[name] / few[name], 2) for name in few}
    return {"small_ms": few, "large_ms": many, "ratios": ratios, "ratio": max(ratios.values())}


if __name__ == "__main__":
    sys.exit(main_of(__doc__ or "", measure, bar=BAR))
