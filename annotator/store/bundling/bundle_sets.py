"""The suggestion sets of an article in a bundle, stored when they are needed."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, insert, select

from annotator.core.adjudicating.compared_rows import comparison_to_dict
from annotator.core.bundled import BundledArticle, BundledSet
from annotator.core.records.suggesters import suggesters_to_list
from annotator.store.reviewing.form_index import index_sets
from annotator.store.reviewing.second_opinions import opinions_to_rows, put_opinions
from annotator.store.sql import columns as t
from annotator.store.sql.row_mapping import newest_suggestions, set_to_row
from annotator.store.values import SecondOpinion

Plain = dict[str, Any]


class BundleSets:
    """Stores each set once, and knows its id here."""

    def __init__(self, connection: Connection, one: BundledArticle) -> None:
        self.connection, self.one = connection, one
        self.ids: dict[int, int] = {}

    def row_of(self, place: int | None) -> Row[Any] | None:
        """The row of the set at this place, stored if it was not; None for no set."""
        if place is None:
            return None
        c = t.suggestion_set.c
        wanted = select(t.suggestion_set).where(c.id == self.id_of(place))
        return self.connection.execute(wanted).one()

    def id_of(self, place: int) -> int:
        """The id of the set at this place here."""
        if place not in self.ids:
            self.ids[place] = self._found(place) or self._put(place)
        return self.ids[place]

    def newest(self) -> int | None:
        """The place of the last set that a pipeline made."""
        own = [n for n, one in enumerate(self.one.sets) if _is_of_pipeline(one)]
        return own[-1] if own else None

    def _values(self, place: int) -> Plain:
        own = self.one.sets[place]
        return set_to_row(self.one.article, own.items, own.pipeline, own.at) | {
            "dropped": own.dropped,
            "suggesters": suggesters_to_list(own.suggesters) or None,
            "comparison": None if own.comparison is None else comparison_to_dict(own.comparison),
        }

    def _found(self, place: int) -> int | None:
        """The id of a set here that says the same."""
        values = self._values(place)
        c = t.suggestion_set.c
        same = ("article_id", "pipeline_name", "pipeline_version", "pipeline_hash", "at", "dropped")
        rows = self.connection.execute(
            select(t.suggestion_set)
            .where(*(c[name] == values[name] for name in same))
            .order_by(c.id)
        ).fetchall()
        for row in rows:
            said = list(row.items), row.suggesters, row.comparison
            if said == (values["items"], values["suggesters"], values["comparison"]):
                return int(row.id)
        return None

    def _put(self, place: int) -> int:
        own, values = self.one.sets[place], self._values(place)
        there = newest_suggestions(self.connection, self.one.article.id)
        base = None if own.base is None else self.id_of(own.base)
        if base is None and there is not None:
            base = there.id  # what is here already stays the newest
        if base is None and own.comparison is not None:
            base = 0  # the answers of people are never the newest suggestions
        key = self.connection.execute(
            insert(t.suggestion_set).values(values | {"base_id": base})
        ).inserted_primary_key
        assert key is not None  # of one row inserted
        if base is None:
            self._put_opinions(own, values, int(key[0]))
        return int(key[0])

    def _put_opinions(self, own: BundledSet, values: Plain, id: int) -> None:
        article = self.one.article
        said = [
            SecondOpinion(each.opinion, each.pipeline, each.dropped, each.problem)
            for each in own.opinions
        ]
        rows = {article.id: opinions_to_rows(said, article.text)}
        index_sets(self.connection, [values], rows)
        put_opinions(self.connection, rows, {article.id: id})


def _is_of_pipeline(one: BundledSet) -> bool:
    return one.base is None and one.pipeline is not None and one.comparison is None
