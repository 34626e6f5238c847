"""What identities cost with 10,000 articles and 5,000 identities in the store, beside 100 and 50.

    python -m tests.benchmarks.identities [--articles 10000] [--json]

Every article names ten people, of whom one in two is tied to an identity by a review of another
article. Read are, as medians: the first page of the identities, the mentions of one, the proposals
of the screen, the names around an article as they are looked up when it is opened, a decision on an
identity, and the offers of `m`. The bar is 3 times the small store.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from annotator.core.across import identity_changes as changes
from annotator.core.across.identity_changes import IdentityPress, to_identity_decisions
from annotator.core.across.identity_log import Identity, form_of
from annotator.core.annotations import Entity, MadeBy
from annotator.core.article import Span, identity_of
from annotator.core.review import Review
from annotator.core.reviewing.identity_commands import NamesInReview
from annotator.store.identities.identity_caches import index_forms
from annotator.store.identities.identity_rows import identity_decision_to_row, identity_to_row
from annotator.store.identities.open_proposals import ProposalsWanted
from annotator.store.journal.chaining import put_entries
from annotator.store.sql import columns as t
from annotator.store.sql.database import chunks
from annotator.store.sql.row_mapping import items_to_rows
from annotator.store.store import Store
from tests.helpers.building import NOW, at

BAR = 3.0
_SMALL, _ROUNDS, _NAMES = 100, 9, 10
_PROPOSED, _LISTED = 100, 50
_GIVEN = ("Ada", "Bo", "Cy", "Dora", "Emil", "Fay", "Gus", "Hanne", "Ivar", "Jette")
_SYLLABLES = ("mar", "lin", "vest", "ok", "tra", "ben", "sol", "dur", "hav", "ny", "gel", "pir")


def name_of(number: int) -> str:
    """One of any number of names, most of them with surnames of their own."""
    surname, left = "", number * 7919 % 20_736 + 20_736
    while left:
        left, place = divmod(left, len(_SYLLABLES))
        surname += _SYLLABLES[place]
    return f"{_GIVEN[number % len(_GIVEN)]} {surname.title()}"


def text_of(number: int, people: int) -> tuple[str, list[str]]:
    """The text of an article and the names in it."""
    names = [name_of((number * 3 + n * 17) % people) for n in range(_NAMES)]
    said = ". ".join(f"{name} came to the quay" for name in names)
    return f"Ferry {number}\n\n{said}.\n", names


def entities_in(text: str, names: list[str]) -> list[Entity]:
    """The names as a pipeline suggests them."""
    found: list[Entity] = []
    start = 0
    for name in names:
        start = text.index(name, start)
        span = Span(start, start + len(name))
        found.append(Entity(f"e{start}", span, "PERSON", made_by=MadeBy.PIPELINE, score=0.9))
        start = span.end
    return found


def fill(store: Store, size: int) -> None:
    """Articles with suggestions, each with a review in which half of its names are tied."""
    people = max(10, size)
    identities = [
        Identity(f"i{n}", name_of(n), "PERSON") for n in range(0, people, 2)
    ]  # every other name
    by_name = {one.name: one.id for one in identities}
    articles, sets, reviews, mentions = [], [], [], []
    for n in range(1, size + 1):
        text, names = text_of(n, people)
        id, entities = identity_of(text), entities_in(text, names)
        articles.append(_article(id, n, text))
        sets.append(_set(id, n, text, entities))
        reviews.append(_review(id, n))
        for entity in entities:
            name = entity.span.of(text)
            if name in by_name:
                mentions.append(_mention(n, entity, name, by_name[name]))
    with store.database.writing() as connection:
        tables = (
            (t.article, articles),
            (t.suggestion_set, sets),
            (t.review, reviews),
            (t.identity_mention, mentions),
            (t.identity, [identity_to_row(one) for one in identities]),
            (t.identity_press, [_press(n) for n in range(1, len(identities) + 1)]),
        )
        for table, rows in tables:
            for some in chunks(rows):
                connection.execute(insert(table), list(some))
        made = [_made(n, one) for n, one in enumerate(identities, 1)]
        put_entries(connection, t.identity_decision, made)
        index_forms(connection, {form_of(one.name, "PERSON") for one in identities})


def _article(id: str, number: int, text: str) -> dict[str, Any]:
    return {
        "id": id, "number": number, "place": number, "stage": "ready", "reviews": 1,
        "finished": 1, "tries": 0, "received": NOW, "entities": _NAMES, "claims": 0,
        "total": _NAMES, "origin": {"name": f"{number}.txt", "outlet": None, "url": None,
        "author": None, "published": None, "received": None, "part": None},
        "also_from": [], "meta": {}, "text": text, "title": f"Ferry {number}",
    }  # fmt: skip


def _set(id: str, number: int, text: str, entities: list[Entity]) -> dict[str, Any]:
    return {
        "id": number, "article_id": id, "pipeline_name": "annotator-en", "pipeline_version": "1",
        "pipeline_hash": "01", "at": NOW, "dropped": 0, "items": items_to_rows(entities, text),
    }  # fmt: skip


def _review(id: str, number: int) -> dict[str, Any]:
    return {
        "id": number, "article_id": id, "reviewer": "ra", "suggestion_set_id": number,
        "opened_at": NOW, "last_seq": 0, "answer": "accept", "total": _NAMES, "open": _NAMES,
        "entities": _NAMES, "claims": 0, "kind": "review",
    }  # fmt: skip


def _mention(review: int, entity: Entity, name: str, identity: str) -> dict[str, Any]:
    return {
        "review_id": review, "item": entity.id, "identity": identity, "at": NOW,
        "form": form_of(name, "PERSON"), "label": "PERSON", "start": entity.span.start,
        "end": entity.span.end, "reviewer": "ra",
    }  # fmt: skip


def _made(number: int, identity: Identity) -> dict[str, Any]:
    press = IdentityPress(f"made{number}", "ra", NOW)
    made = to_identity_decisions([changes.create(identity)], press, ids=[f"made{number}"])
    return identity_decision_to_row(made[0], number)


def _press(number: int) -> dict[str, Any]:
    return {"group": f"made{number}", "lane": "ra", "place": number, "withdrawn": None}


def measure(size: int) -> dict[str, float]:
    """Medians in milliseconds."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(f"sqlite:///{Path(folder) / 'annotator.db'}")
        fill(store, size)
        text, names = text_of(size // 2, max(10, size))
        article, entities = identity_of(text), entities_in(text, names)
        around = store.identities.around(article, text, entities)
        review = Review.of(article, "ada", entities)
        asked = NamesInReview(around)
        numbers = count()

        def decide() -> None:
            made = Identity(f"new{next(numbers)}", "Somebody New", "PERSON")
            press = IdentityPress(f"g{made.id}", "ada", at(next(numbers)))
            form = form_of("Somebody New", "PERSON")
            own = [changes.create(made), changes.merge(form, made.id)]
            store.identities.decide(own, press, lambda: f"d{next(numbers)}")

        def rename() -> None:
            before = Identity("i0", name_of(0), "PERSON")
            press = IdentityPress(f"r{next(numbers)}", "ada", at(next(numbers)))
            change = changes.rename(before, replace(before, note=f"n{next(numbers)}"))
            store.identities.decide([change], press, lambda: f"d{next(numbers)}")

        wanted = ProposalsWanted("ada", _PROPOSED)
        acts: dict[str, Callable[[], object]] = {
            "identities": lambda: store.identities.page(limit=_LISTED),
            "mentions": lambda: store.identities.mentions("i0"),
            "proposals": lambda: store.identities.proposed(wanted),
            "around": lambda: store.identities.around(article, text, entities),
            "decision": decide,
            "rename": rename,
            "m": lambda: asked.offered(entities[0], review, text),
        }
        found = {name: _median(act) for name, act in acts.items()}
        store.close()
    return found


def _median(act: Callable[[], object]) -> float:
    taken = []
    for _ in range(_ROUNDS):
        began = time.perf_counter()
        act()
        taken.append((time.perf_counter() - began) * 1000)
    return statistics.median(taken)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    small, large = measure(_SMALL), measure(given.articles)
    ratios = {name: large[name] / small[name] for name in small}
    if given.json:
        print(json.dumps({"small": small, "large": large, "ratios": ratios}))
    else:
        for name, ratio in ratios.items():
            print(f"{name:<12} {small[name]:8.1f} ms {large[name]:8.1f} ms  {ratio:.2f} times")
    return int(any(ratio > BAR for ratio in ratios.values()))


if __name__ == "__main__":
    sys.exit(main())
