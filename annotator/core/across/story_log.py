"""Stories and what people decided about them: a log, and what holds by it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import TypeAlias

from annotator.core.across.shared_log import SharedLog


@dataclass(frozen=True, slots=True)
class Story:
    """Articles on one event, by id, in the order in which they were put together."""

    id: str
    title: str
    articles: tuple[str, ...] = ()


class StoryKind(StrEnum):
    """The kinds of decisions on stories."""

    CREATE = "create"
    RENAME = "rename"
    ADD = "add"
    REMOVE = "remove"
    APART = "apart"
    WITHDRAW = "withdraw"
    RESTORE = "restore"


Told: TypeAlias = Story | str | tuple[str, ...]
Pair: TypeAlias = frozenset[str]


@dataclass(frozen=True, slots=True)
class StoryDecision:
    """One decision on stories, as it was made.

    | kind | target | before | after |
    |---|---|---|---|
    | create | id | | the story with its articles |
    | rename | id | title | title |
    | add, remove | id | | ids of articles |
    | apart | an article | | ids of articles that are not on one event |
    | withdraw, restore | group | | |

    `at` is UTC. One key press is one `group`.
    """

    id: str
    reviewer: str
    at: datetime
    group: str
    kind: StoryKind
    target: str
    before: Told | None = None
    after: Told | None = None

    @property
    def lane(self) -> str:
        """Whose undo it belongs to."""
        return self.reviewer


@dataclass(frozen=True)
class Stories:
    """What holds by the standing decisions: the stories by id, the story of each article, and the
    pairs of articles that people took apart, also where they have been put together since.

    It may be what holds of some stories and articles only.
    """

    named: Mapping[str, Story] = field(default_factory=dict)
    of_article: Mapping[str, str] = field(default_factory=dict)
    taken_apart: frozenset[Pair] = frozenset()

    @classmethod
    def of(cls, log: SharedLog[StoryDecision]) -> Stories:
        """The stories by the decisions of a log that stand.

        An article is in one story at most: the one that it was put into last. A decision on a
        story whose `create` was undone has no effect.
        """
        return cls().after(*log.standing)

    def after(self, *decisions: StoryDecision) -> Stories:
        """The stories when these decisions, which are no undoing, are made in addition.

        Of what they are about (`articles_in`, their targets), everything must be here.
        """
        fold = _StoryFold(self)
        for decision in decisions:
            fold.take(decision)
        return fold.result()

    @property
    def standing(self) -> tuple[Story, ...]:
        """The stories that have articles, the one made last first."""
        return tuple(one for one in tuple(self.named.values())[::-1] if one.articles)

    @cached_property
    def apart(self) -> frozenset[Pair]:
        """The pairs of articles that are not to be proposed as one story."""
        return frozenset(pair for pair in self.taken_apart if not self._are_together(pair))

    def _are_together(self, pair: Pair) -> bool:
        stories = {self.of_article.get(article) for article in pair}
        return len(stories) == 1 and None not in stories


class _StoryFold:
    """Takes decisions one after the other."""

    def __init__(self, stories: Stories) -> None:
        self.named = dict(stories.named)
        self.members = {id: dict.fromkeys(one.articles) for id, one in stories.named.items()}
        self.of_article = dict(stories.of_article)
        self.taken_apart = set(stories.taken_apart)

    def result(self) -> Stories:
        named = {
            id: replace(one, articles=tuple(self.members[id])) for id, one in self.named.items()
        }
        return Stories(named, self.of_article, frozenset(self.taken_apart))

    def take(self, decision: StoryDecision) -> None:
        match decision.kind, decision.after:
            case StoryKind.CREATE, Story() as made if decision.target not in self.named:
                self.named[decision.target] = Story(decision.target, made.title)
                self.members[decision.target] = {}
                self._put(decision.target, made.articles)
            case StoryKind.RENAME, str() as title if decision.target in self.named:
                self.named[decision.target] = Story(decision.target, title)
            case StoryKind.ADD, tuple() as articles if decision.target in self.named:
                self._put(decision.target, articles)
            case StoryKind.REMOVE, tuple() as articles:
                self._take_out(decision.target, articles)
            case StoryKind.APART, tuple() as articles:
                self.taken_apart |= pairs_of(articles)

    def _put(self, story: str, articles: Iterable[str]) -> None:
        for article in articles:
            before = self.of_article.get(article)
            if before is not None and before != story:
                self._take_out(before, (article,))
            self.of_article[article] = story
            self.members[story][article] = None

    def _take_out(self, story: str, articles: Iterable[str]) -> None:
        own = [one for one in articles if self.of_article.get(one) == story]
        for article in own:
            del self.of_article[article]
            del self.members[story][article]
        for article in own:
            self.taken_apart |= {frozenset((article, left)) for left in self.members[story]}


def articles_in(told: Told | None) -> tuple[str, ...]:
    """The articles that a decision names before or after it."""
    if isinstance(told, Story):
        return told.articles
    return told if isinstance(told, tuple) else ()


def pairs_of(articles: Iterable[str]) -> set[Pair]:
    """All pairs of some articles."""
    own = sorted(set(articles))
    return {frozenset((one, other)) for n, one in enumerate(own) for other in own[n + 1 :]}
