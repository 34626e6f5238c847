"""What can be decided about stories, and whether it fits what holds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from annotator.core.across.story_log import Stories, Story, StoryDecision, StoryKind, Told
from annotator.errors import ReviewError

LONGEST_TITLE = 200


@dataclass(frozen=True, slots=True)
class StoryChange:
    """What a decision does; with a reviewer, a time and a group it becomes one."""

    kind: StoryKind
    target: str
    before: Told | None = None
    after: Told | None = None


@dataclass(frozen=True, slots=True)
class StoryPress:
    """What the decisions of one key press share."""

    group: str
    reviewer: str
    at: datetime


def create_story(story: Story) -> StoryChange:
    """Put articles together as a story; they leave the stories that they were in."""
    return StoryChange(StoryKind.CREATE, story.id, None, story)


def rename_story(story: Story, title: str) -> StoryChange:
    """Give a story another title."""
    return StoryChange(StoryKind.RENAME, story.id, story.title, title)


def add_to_story(story: str, articles: Iterable[str]) -> StoryChange:
    """Put articles into a story; they leave the stories that they were in."""
    return StoryChange(StoryKind.ADD, story, None, tuple(articles))


def remove_from_story(story: str, articles: Iterable[str]) -> StoryChange:
    """Take articles out of a story; they are not proposed for it again."""
    return StoryChange(StoryKind.REMOVE, story, None, tuple(articles))


def tell_apart(articles: Iterable[str]) -> StoryChange:
    """Say that articles are not on one event; they are not proposed as a story again."""
    own = tuple(sorted(set(articles)))
    return StoryChange(StoryKind.APART, own[0] if own else "", None, own)


def withdraw_story(group: str) -> StoryChange:
    """Undo the decisions of a group."""
    return StoryChange(StoryKind.WITHDRAW, group)


def restore_story(group: str) -> StoryChange:
    """Redo the decisions of a group."""
    return StoryChange(StoryKind.RESTORE, group)


def to_story_decisions(
    changes: Iterable[StoryChange], press: StoryPress, *, ids: Iterable[str]
) -> tuple[StoryDecision, ...]:
    """The changes of one key press as decisions."""
    return tuple(
        StoryDecision(
            name,
            press.reviewer,
            press.at,
            press.group,
            change.kind,
            change.target,
            change.before,
            change.after,
        )
        for change, name in zip(changes, ids, strict=False)
    )


def check_story_decision(stories: Stories, decision: StoryDecision) -> None:
    """Raises ReviewError if a decision does not fit these stories, or says nothing."""
    kind, after = decision.kind, decision.after
    if kind is StoryKind.CREATE:
        if not isinstance(after, Story) or not after.articles:
            raise ReviewError("A story needs an article.")
        if decision.target in stories.named:
            raise ReviewError("There is a story with this id already.")
        check_title(after.title)
    elif kind is StoryKind.APART:
        if not isinstance(after, tuple) or len(set(after)) < 2:
            raise ReviewError("Only two articles or more can be taken apart.")
    elif kind not in (StoryKind.WITHDRAW, StoryKind.RESTORE):
        if decision.target not in stories.named:
            raise ReviewError("There is no such story any more.")
        if kind is StoryKind.RENAME:
            check_title(after if isinstance(after, str) else "")
        elif not isinstance(after, tuple) or not after:
            raise ReviewError("Choose an article.")


def check_title(title: str) -> None:
    """Raises ReviewError for a title that is empty, too long or has several lines."""
    if not title.strip():
        raise ReviewError("A story needs a title.")
    if len(title) > LONGEST_TITLE or "\n" in title:
        raise ReviewError(f"A title is one line of at most {LONGEST_TITLE} characters.")
