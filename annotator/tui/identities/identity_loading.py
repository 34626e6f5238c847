"""What the identities screen shows, read from the store part by part."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING

from annotator.core.across.identity_acts import Changes
from annotator.core.across.identity_changes import IdentityPress
from annotator.core.text.counted import many
from annotator.tui.app_setup import AppSetup
from annotator.tui.identities.identity_entries import (
    IdentityEntries,
    IdentityEntry,
    IdentityListEntry,
    ProposedEntry,
)

if TYPE_CHECKING:
    from annotator.store.identities.identity_store import MentionedIn
    from annotator.store.identities.open_proposals import ProposedIdentities

NEWEST = 100
"""The newest articles that proposals are from at first."""
FURTHER = 10
"""How many times as many articles are read when further ones are asked for."""
PAGE = 50
"""Identities that are read at once."""
_MENTIONS = 100


class ReadingStopped(Exception):
    """Nobody waits for the articles any more."""


class LoadedIdentities:
    """The entries read so far, and what is decided on them. `proposed` is None until proposals have
    been read."""

    def __init__(self, setup: AppSetup) -> None:
        self._setup, self._store = setup, setup.store.identities
        self.entries = IdentityEntries()
        self.proposed: ProposedIdentities | None = None
        self.has_more = False
        self._newest = NEWEST
        self._reading = threading.Event()
        self._read = ""

    async def load(self) -> None:
        """Read as many identities as there were."""
        wanted = max(PAGE, len(self.entries.identities))
        page = await asyncio.to_thread(self._store.page, limit=wanted)
        self.has_more = len(page) == wanted
        self.entries = IdentityEntries(self.entries.proposals, map(IdentityEntry, page))

    async def read_on(self) -> None:
        """Read the identities that follow."""
        last = self.entries.identities[-1].one.identity
        page = await asyncio.to_thread(self._store.page, last, limit=PAGE)
        self.has_more = len(page) == PAGE
        own = (*self.entries.identities, *map(IdentityEntry, page))
        self.entries = IdentityEntries(self.entries.proposals, own)

    def want_further(self) -> str:
        """Propose from more articles from now on; returns why not, or nothing."""
        if self.proposed is None:
            return "Articles are being read; their number stands here when they are."
        if self.proposed.read >= self.proposed.articles:
            return "All articles have been read."
        self._newest *= FURTHER
        self.proposed = None
        return ""

    def stop(self) -> None:
        """End the reading of articles that is under way."""
        self._reading.clear()

    async def propose(self) -> None:
        """Read the newest articles for proposals; unreadable ones are left out. An earlier reading
        that is still under way ends."""
        from annotator.store.identities.open_proposals import ProposalsWanted

        self._reading.clear()
        self._reading = reading = threading.Event()
        reading.set()

        def told(done: int, of: int) -> None:
            if not reading.is_set():
                raise ReadingStopped
            self._read = f" {done:,} of {of:,}"

        wanted = ProposalsWanted(self._setup.config.reviewer, self._newest, told, lambda _: None)
        try:
            self.proposed = await asyncio.to_thread(self._store.proposed, wanted)
        except ReadingStopped:
            return
        finally:
            self._read = ""
        proposals = map(ProposedEntry, self.proposed.proposals)
        self.entries = IdentityEntries(proposals, self.entries.identities)

    def decide(self, changes: Changes) -> object:
        """Store changes as one key press; returns what was made."""
        return self._store.decide(changes, self._press(), self._setup.clock.new_id)

    def take_back(self, *, again: bool) -> object:
        """Undo the reviewer's last key press, or do it again; returns what that concerned."""
        act = self._store.redo if again else self._store.undo
        return act(self._press(), self._setup.clock.new_id)

    def _press(self) -> IdentityPress:
        clock = self._setup.clock
        return IdentityPress(clock.new_id(), self._setup.config.reviewer, clock.now())

    def drop(self, gone: str | None) -> None:
        """Leave out the proposal with this key, which was decided on."""
        kept = (one for one in self.entries.proposals if one.key != gone)
        self.entries = IdentityEntries(kept, self.entries.identities)

    async def mentions_of(self, entry: IdentityListEntry | None) -> tuple[MentionedIn, ...]:
        """The mentions of an entry in context, the first hundred."""
        return await asyncio.to_thread(self._mentions_of, entry)

    def _mentions_of(self, entry: IdentityListEntry | None) -> tuple[MentionedIn, ...]:
        match entry:
            case IdentityEntry():
                return self._store.mentions(entry.one.identity.id, limit=_MENTIONS)
            case ProposedEntry() if self.proposed is not None:
                places = self.proposed.places_of(entry.one)[:_MENTIONS]
                return self._store.in_context(places, entry.one.proposal.type)
            case _:
                return ()

    @property
    def why_empty(self) -> str:
        """Why none is listed."""
        if self.proposed is None:
            return "Names that may be one are being looked for."
        return "No identity yet, and no names seem to be of one."

    @property
    def counted(self) -> str:
        """How many there are, in words."""
        told = many(len(self.entries.identities), "identity", "identities")
        if self.has_more:
            told = f"{len(self.entries.identities):,}+ identities"
        if self.proposed is None:
            return f"{told}, reading articles{self._read} … "
        read, of = self.proposed.read, self.proposed.articles
        among = f" of the newest {many(read, 'article')} (+ more)" if read < of else ""
        return f"{len(self.entries.proposals):,} proposed{among}, {told} "
