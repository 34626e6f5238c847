"""Polls the store in a thread, and reports what it saw whenever something changed."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from annotator.core.states import QueueOrder, QueueView
from annotator.errors import AnnotatorError, StoreError
from annotator.tui.queue.listing import Listing, view_of

if TYPE_CHECKING:
    from annotator.core.watcher_status import Heartbeat
    from annotator.store.values import Counts
    from annotator.tui.app_setup import AppSetup

POLL_SECONDS = 0.3
_AFTER_FAILURE = 2.0
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PollRequest:
    """What to look for: the length of a listing, and the position of one of its articles."""

    listing: Listing
    cursor: str | None
    mark: int | None = None
    """The newest article when the list last showed everything."""


@dataclass(frozen=True, slots=True)
class ListedGroup:
    """Rows below one heading: the place of the first, the title of their story and their number;
    None for the articles that are in no story."""

    place: int
    title: str = ""
    articles: int | None = None


@dataclass(frozen=True, slots=True)
class PollResult:
    """The result of a look at the store: counts, the list's length, the position of the cursor's
    article, the newest article, the number of arrivals since the mark above all older rows, the
    positions of those among them, and the groups with a heading in a queue by story."""

    counts: Counts
    size: int
    wanted: PollRequest
    position: int | None
    heartbeat: Heartbeat | None
    newest: int = 0
    above: int = 0
    among: tuple[int, ...] = ()
    groups: tuple[ListedGroup, ...] = ()


class Poller:
    """Checks for changes several times a second; a check costs microseconds."""

    def __init__(
        self,
        setup: AppSetup,
        wanted: Callable[[], PollRequest],
        tell: Callable[[PollResult | AnnotatorError], object],
    ) -> None:
        """`wanted` and `tell` are called in the poller's thread."""
        self._setup, self._wanted, self._tell = setup, wanted, tell
        self._stopped = threading.Event()
        self._rests = False
        self._wake = threading.Event()
        # A hint comes sooner than the next poll, or not at all.
        self._hints = setup.store.hints(self._wake.set)
        self._thread = threading.Thread(target=self._run, name="annotator-poll", daemon=True)
        self._thread.start()

    def look(self) -> None:
        """Look at once, whether anything changed or not, and continue to poll."""
        self._rests = False
        self._wake.set()

    def rest(self) -> None:
        """Pause until the next `look`."""
        self._rests = True

    def stop(self) -> None:
        """End the thread; nothing is reported afterwards."""
        self._stopped.set()
        if self._hints is not None:
            self._hints.stop()
        self._wake.set()
        self._thread.join(timeout=5)

    def _run(self) -> None:
        version: int | None = None
        while not self._stopped.is_set():
            asked = self._wake.is_set()
            self._wake.clear()
            if self._rests:
                self._wake.wait(POLL_SECONDS)
                continue
            try:
                now = self._setup.store.data_version()
                if now != version or asked:
                    seen = self._look()
                    if not self._stopped.is_set():
                        self._tell(seen)
                    version = now
                self._wake.wait(POLL_SECONDS)
            except AnnotatorError as error:
                version = None
                self._tell(error)
                self._wake.wait(_AFTER_FAILURE)
            except Exception as error:
                # An unexpected error must not end the thread: keys wait for its results.
                version = None
                _log.exception("the queue could not be looked at")
                self._tell(_unforeseen(error))
                self._wake.wait(_AFTER_FAILURE)

    def _look(self) -> PollResult:
        setup, wanted = self._setup, self._wanted()
        store, listing, cursor = setup.store, wanted.listing, wanted.cursor
        view, position, newest = view_of(setup, listing), None, store.queue.newest()
        if cursor is not None:
            position = store.queue.position(view, cursor)
        return PollResult(
            store.queue.counts(setup.config.reviewer, plan=setup.config.plan),
            store.queue.size(view),
            wanted,
            position,
            store.watcher.last(),
            newest,
            self._above(wanted, newest, view),
            self._among(wanted, newest, view),
            self._groups(view),
        )

    def _groups(self, view: QueueView) -> tuple[ListedGroup, ...]:
        """The stories with the places of their first rows, and the rest; only in a queue by
        story."""
        if view.order is not QueueOrder.BY_STORY:
            return ()
        sizes, found, place = self._setup.store.queue.story_sizes(view), list[ListedGroup](), 0
        titles = self._setup.store.stories.titles(article for article, _ in sizes)
        for article, number in sizes:
            found.append(ListedGroup(place, titles.get(article, ""), number))
            place += number
        return (*found, ListedGroup(place)) if found else ()

    def _above(self, wanted: PollRequest, newest: int, view: QueueView) -> int:
        """The number of arrivals since the mark above all older rows."""
        if wanted.mark is None or newest <= wanted.mark:
            return 0
        return self._setup.store.queue.arrived_above(view, wanted.mark)

    def _among(self, wanted: PollRequest, newest: int, view: QueueView) -> tuple[int, ...]:
        """The positions of arrivals since the mark among older rows."""
        queue = self._setup.store.queue
        if wanted.mark is None or newest <= wanted.mark:
            return ()
        late = queue.arrived_among(view, wanted.mark)
        places = (queue.position(view, one) for one in late)
        return tuple(sorted({place for place in places if place is not None}))


def _unforeseen(error: Exception) -> AnnotatorError:
    return StoreError(
        f"The queue cannot be read ({type(error).__name__}).",
        hint="It is tried again; annotator.log says more.",
    )
