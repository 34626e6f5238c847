"""Stores with a journal, and changes to it that no program of ours would make."""

from __future__ import annotations

import random
import sqlite3
import struct
from contextlib import closing
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from annotator.core.across import identity_changes
from annotator.core.across.identity_changes import IdentityPress
from annotator.core.across.identity_log import Identity
from annotator.core.across.story_changes import StoryPress, create_story, to_story_decisions
from annotator.core.across.story_log import Story
from annotator.core.annotations import Entity
from annotator.core.decisions import (
    Change,
    Decision,
    accept,
    add,
    finish,
    note,
    note_article,
    reject,
    relabel,
)
from annotator.core.journal.journal_problems import Problem
from annotator.core.review import Review
from annotator.store.store import Store
from tests.helpers.building import NOW, TEXT, at, open_, press, ready
from tests.helpers.items import entity
from tests.helpers.strategies import stamped

_NAMES = ("Ada Low", "Bo Marsh", "Port Ellis", "Cy Dunn", "Lower Quay")


def two_reviews(store: Store) -> str:
    """Two reviews of one article, one of them finished; two identities, two decisions on a story.
    The id of the article."""
    article_id = ready(store)
    for reviewer in ("ada", "bo"):
        opened = open_(store, article_id, reviewer, reviews_per_article=2)
        first, second, _ = opened.review.items
        opened = press(store, opened, accept(first), note(first, "Ærlig \ud83d\ude00"), now=at(1.5))
        opened = press(store, opened, reject(second), now=at(2))
        opened = press(store, opened, add(entity(TEXT, "She", "PERSON", id="she")), now=at(3))
        undo = opened.review.undo()
        assert undo is not None
        opened = press(store, opened, undo, now=at(4))
        if reviewer == "ada":
            press(store, opened, finish(), now=at(5))
    ids = map("i{}".format, count())
    for number, name in enumerate(("Ada Low", "Bo Marsh")):
        create = identity_changes.create(Identity(f"q{number}", name, "PERSON"))
        by = IdentityPress(f"g{number}", "ada", NOW)
        store.identities.decide([create], by, lambda: next(ids))
    for number in range(2):
        told = [create_story(Story(f"s{number}", "Ferry", (article_id,)))]
        press_ = StoryPress(f"h{number}", "bo", NOW)
        store.stories.append(to_story_decisions(told, press_, ids=ids))
    ready(store, "Nobody has opened this one.\n")
    return article_id


def problems(store: Store) -> list[Problem]:
    """Everything wrong with a store; the files of its exports aside."""
    found: list[Problem] = []
    for article in store.checks.articles():
        found += article.problems
    found += [log.problem for log in store.checks.logs() if log.problem is not None]
    return [*found, *store.checks.whole()]


def simulated(store: Store, number: int) -> str:
    """A finished review of an article of its own, decided at random, the same each time; the id of
    the article."""
    chance = random.Random(number)
    words = " ".join(chance.choices((*_NAMES, "met", "near", "said", "the"), k=40))
    text = f"Number {number}\n\n{words}.\n"
    names = [name for name in _NAMES if name in text]
    article_id = ready(store, text, [entity(text, name, "PERSON") for name in names])
    opened = open_(store, article_id, f"reviewer{number % 3}")
    review = opened.review
    presses: list[Decision] = []
    for place in range(chance.randrange(4, 14)):
        made = stamped([_any_change(chance, review, text)], review, at=at(place))
        review = review.decide(*made)
        presses += made
    presses += stamped([finish()], review, at=at(60))
    store.reviews.append(presses, text=text)
    return article_id


def _any_change(chance: random.Random, review: Review, text: str) -> Change:
    back = [one for one in (review.undo(), review.redo()) if one is not None]
    if back and chance.random() < 0.3:
        return chance.choice(back)
    items = [one for one in review.items if isinstance(one, Entity)]
    if not items or chance.random() < 0.2:
        start = chance.randrange(len(text) - 6)
        return add(entity(text, text[start : start + 5], "ORG", id=f"new{review.next_seq}"))
    item = chance.choice(items)
    return chance.choice(
        (
            accept(item),
            reject(item),
            relabel(item, "GPE"),
            note(item, "unsure"),
            note_article(review.reviewer, at(0), "Odd."),
        )
    )


@dataclass(frozen=True)
class Cell:
    """A stored value: its table, row and column."""

    table: str
    rowid: int
    column: str
    value: Any


def cells(file: Path, table: str, columns: tuple[str, ...]) -> list[Cell]:
    """All values that are not null in these columns, in stored form."""
    with closing(sqlite3.connect(file)) as database:
        return [
            Cell(table, rowid, column, value)
            for column in columns
            for rowid, value in database.execute(f'SELECT rowid, "{column}" FROM "{table}"')
            if value is not None and value != ""
        ]


def flip(file: Path, cell: Cell, bit: int) -> bool:
    """Flip a bit of a stored value, counted round its bytes; False if the database has no such
    value."""
    changed = _flipped(cell.value, bit)
    where = f'"{cell.table}" SET "{cell.column}" = {_placeholder(changed)} WHERE rowid = ?'
    with closing(unprotected(file)) as database:
        try:
            database.execute(f"UPDATE {where}", (changed, cell.rowid))
        except sqlite3.IntegrityError:
            return False
        database.commit()
        database.text_factory = bytes
        now = f'SELECT "{cell.column}" FROM "{cell.table}" WHERE rowid = ?'
        (value,) = next(database.execute(now, (cell.rowid,)), (cell.value,))
    before = cell.value.encode() if isinstance(cell.value, str) else cell.value
    return value is not None and repr(value) != repr(before)


def unprotected(file: Path) -> sqlite3.Connection:
    """A connection of a stranger: without triggers and foreign keys."""
    database = sqlite3.connect(file)
    database.execute("PRAGMA foreign_keys = OFF")
    triggers = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    for (name,) in database.execute(triggers).fetchall():
        database.execute(f'DROP TRIGGER "{name}"')
    return database


def _flipped(value: Any, bit: int) -> Any:
    match value:
        case str():
            return _flipped(value.encode(), bit)
        case bytes():
            place = bit // 8 % len(value)
            return value[:place] + bytes([value[place] ^ 1 << bit % 8]) + value[place + 1 :]
        case int():
            whole = value.to_bytes(8, "big", signed=True)
            return int.from_bytes(_flipped(whole, bit), "big", signed=True)
        case float():
            return struct.unpack(">d", _flipped(struct.pack(">d", value), bit))[0]
    raise TypeError(value)


def _placeholder(value: Any) -> str:
    return "CAST(? AS TEXT)" if isinstance(value, bytes) else "?"
