"""Brings the stories of imported records into the log of stories."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b

from annotator.core.across.story_changes import (
    LONGEST_TITLE,
    StoryChange,
    StoryPress,
    add_to_story,
    create_story,
    to_story_decisions,
)
from annotator.core.across.story_log import Story
from annotator.core.record import Record
from annotator.store.store import Store


@dataclass(frozen=True, slots=True)
class StoryImport:
    """The records of a batch that were stored or known, who brings them in, and when (UTC)."""

    records: tuple[Record, ...]
    by: str
    now: datetime


def bring_stories(store: Store, brought: StoryImport) -> None:
    """Put the articles of records into the stories that they name.

    A story that is not known here is made, with the name of its first article as its title, since
    records have none. An article that is in a story here stays in it.
    """
    named: dict[str, list[Record]] = {}
    for record in brought.records:
        if record.story is not None:
            named.setdefault(record.story, []).append(record)
    for id, records in named.items():
        known = store.stories.held((one.article.id for one in records), (id,))
        new = [one for one in records if one.article.id not in known.of_article]
        articles = tuple(dict.fromkeys(one.article.id for one in new))
        if not articles:
            continue
        title = _title(new[0]) if id not in known.named else None
        change = add_to_story(id, articles) if title is None else _made(id, title, articles)
        mark = _mark((id, *articles))
        press = StoryPress(f"import {mark}", brought.by, brought.now)
        store.stories.append(to_story_decisions((change,), press, ids=(mark,)))


def _made(id: str, title: str, articles: tuple[str, ...]) -> StoryChange:
    return create_story(Story(id, title, articles))


def _title(record: Record) -> str:
    return " ".join(record.article.name.split())[:LONGEST_TITLE] or record.article.id[:12]


def _mark(words: Iterable[str]) -> str:
    return blake2b("\n".join(words).encode(), digest_size=16).hexdigest()
