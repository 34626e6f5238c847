"""A store on PostgreSQL as reviewers, leads and workers have it, over connections of their own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from typing import Any

import pytest
from sqlalchemy import make_url

from annotator.core.annotations import Entity
from annotator.core.assignment import ReviewPlan
from annotator.core.decisions import accept, finish, link, reject
from annotator.store.roles.role_script import Blindness, Members, role_script
from annotator.store.store import Store
from annotator.store.values import OpenedReview
from tests.helpers.building import open_, press, ready
from tests.helpers.stores import fresh_database

psycopg = pytest.importorskip("psycopg")

MEMBERS = Members(("ada", "bo", "cy"), ("lee",), ("robot",))

PEOPLE = ("ada", "bo", "lee", "robot")
OF_REVIEWS = frozenset({"carried", "identity_mention", "memory_entry"})
"""The tables with what is known of single reviews."""


@dataclass(frozen=True)
class RoleDesk:
    """A database with the roles of `MEMBERS`, and what the owner put in."""

    url: str

    def url_of(self, role: str) -> str:
        made = make_url(self.url).set(username=role, password="a-secret-word")
        return made.render_as_string(hide_password=False)

    @contextmanager
    def store_of(self, role: str | None = None) -> Iterator[Store]:
        """The store as a role has it; by default as its owner has it."""
        url = self.url if role is None else self.url_of(role)
        with closing(Store.open(url, upgrade=role is None)) as store:
            yield store

    @contextmanager
    def line_of(self, role: str | None = None) -> Iterator[Any]:
        """A connection of a role, without our program; nothing that is done on it is kept."""
        url = self.url if role is None else self.url_of(role)
        with psycopg.connect(url.replace("+psycopg", "")) as line:
            yield line
            line.rollback()

    def run_script(self, blindness: Blindness) -> None:
        with psycopg.connect(self.url.replace("+psycopg", ""), autocommit=True) as line:
            line.execute(role_script(blindness, MEMBERS))


@contextmanager
def desk_with_two_reviews(server: str) -> Iterator[RoleDesk]:
    """An article that is to have two reviews: ada's is open, bo's is finished."""
    with fresh_database(server) as url:
        desk = RoleDesk(url)
        with desk.store_of() as store:
            article = ready(store)
            for name in ("ada", "bo"):
                opened = half_done(store, article, name)
            press(store, opened, finish())
        desk.run_script(Blindness(ReviewPlan(2)))
        yield desk


def half_done(store: Store, article: str, name: str) -> OpenedReview:
    """A review with one suggestion accepted, one rejected, one tied to an identity."""
    opened = open_(store, article, name, reviews_per_article=2)
    first, second, third = opened.review.suggestions
    opened = press(store, opened, accept(first), reject(second))
    tied = opened.review.held[third.id].item
    assert isinstance(tied, Entity)
    return press(store, opened, link(tied, replace(tied, identity=f"harbour-{name}")))


def tried(line: Any, statement: str) -> int | None:
    """The number of rows that a statement changes or reads; None if it is not permitted."""
    try:
        with line.transaction(force_rollback=True):
            return int(line.execute(statement).rowcount)
    except psycopg.errors.InsufficientPrivilege:
        return None
    except psycopg.Error:  # it was permitted, but does not fit other rows
        return 0


def two_finished(store: Store) -> str:
    """An article on which ada and bo differ."""
    article = ready(store)
    for name, decide in (("ada", accept), ("bo", reject)):
        opened = open_(store, article, name, reviews_per_article=2)
        press(store, opened, *map(decide, opened.review.suggestions), finish())
    return article
