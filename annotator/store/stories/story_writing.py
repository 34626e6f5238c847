"""Appends decisions on stories, and keeps what holds by them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from sqlalchemy import Connection, func, select

from annotator.core.across.story_changes import check_story_decision
from annotator.core.across.story_log import Stories, StoryDecision, StoryKind, articles_in
from annotator.store.journal.chaining import last_number, put_entries
from annotator.store.sql import columns as t
from annotator.store.sql.database import chunks
from annotator.store.stories.story_cache import HeldStories, held_of, keep, rebuild_stories
from annotator.store.stories.story_rows import read_story_log, story_decision_to_row

_UNDOING = (StoryKind.WITHDRAW, StoryKind.RESTORE)


def write_story_decisions(connection: Connection, decisions: Sequence[StoryDecision]) -> None:
    """Append those that are not in the log, whose lock is taken.

    Decisions are folded onto what holds of their stories and articles; the whole log is folded only
    where they are no later than all that it has, or undo or redo something.

    Raises ReviewError if one does not fit what holds.
    """
    new = _not_there(connection, decisions)
    if not new:
        return
    first = last_number(connection, t.story_decision) + 1
    rows = [story_decision_to_row(one, number) for number, one in enumerate(new, first)]
    if _come_last(connection, new):
        named = [article for one in new for article in articles_in(one.after)]
        before = held_of(connection, named, [one.target for one in new])
        after = _checked(before, new, first)
        put_entries(connection, t.story_decision, rows)
        keep(connection, before, after)
        return
    log, _ = read_story_log(connection)
    for decision in new:
        check_story_decision(Stories.of(log), decision)
        log = log.after(decision)
    put_entries(connection, t.story_decision, rows)
    rebuild_stories(connection)


def _not_there(connection: Connection, decisions: Sequence[StoryDecision]) -> list[StoryDecision]:
    c = t.story_decision.c
    new = {one.id: one for one in decisions}
    for some in chunks(list(new)):
        for id in connection.execute(select(c.id).where(c.id.in_(some))).scalars():
            del new[id]
    return [*new.values()]


def _come_last(connection: Connection, new: Sequence[StoryDecision]) -> bool:
    """Whether these are what is folded last, and no undoing."""
    c = t.story_decision.c
    newest = connection.execute(select(func.max(c.at))).scalar()
    times = [*([] if newest is None else [newest]), *(one.at for one in new)]
    groups = [group for group, _ in groupby(new, key=lambda one: one.group)]
    if any(one.kind in _UNDOING for one in new) or times != sorted(times):
        return False
    if len(set(groups)) < len(groups):
        return False
    known = select(c.id).where(c.group.in_(groups)).limit(1)
    return connection.execute(known).first() is None


def _checked(before: HeldStories, new: Sequence[StoryDecision], first: int) -> HeldStories:
    stories, made = before.stories, dict(before.made)
    for number, one in enumerate(new, first):
        check_story_decision(stories, one)
        stories = stories.after(one)
        if one.kind is StoryKind.CREATE:
            made[one.target] = (one.at, number)
    return HeldStories(stories, made)
