"""What is known of surface forms, for screens and lists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, select, tuple_

from annotator.core.memory.entries import Subject
from annotator.core.memory.known import Form, Known, known_from_dict
from annotator.core.memory.recall import Recalling
from annotator.core.memory.ruler_patterns import Named
from annotator.store.reviewing.form_index import pending_articles
from annotator.store.reviewing.recalled import known_forms
from annotator.store.reviewing.remembering import forms_in_reviews, known_besides, recount
from annotator.store.reviewing.sight import Sight
from annotator.store.sql import columns as t
from annotator.store.sql.database import Database, chunks
from annotator.store.values import PendingChanges

_PAGE = 1000


class Forms:
    """Reads the memory; `recalling` says how it is used (None: not at all)."""

    def __init__(
        self, database: Database, sight: Sight, recalling: Recalling | None = None
    ) -> None:
        self.database, self.sight = database, sight
        self.recalling = recalling

    def known(self, form: Form, *, besides: tuple[str, str] | None = None) -> Known:
        """What is known of a form. `besides` names an article and an item in it that are left
        out, with what others than the viewer say of the article."""
        with self.database.reading() as connection:
            found = known_forms(connection, [form]).get(form, Known())
            if found == Known() or besides is None:
                return found
            viewer = self.sight.viewer
            return known_besides(
                connection, form, *besides, reviewer=viewer.reviewer if viewer else None
            )

    def corrected_by(self, article_id: str, reviewer: str) -> PendingChanges:
        """How many pending articles have suggestions that are others now, by what this reviewer has
        decided on forms of this article."""
        if self.recalling is None:
            return PendingChanges()
        r = t.review.c
        with self.database.reading() as connection:
            mine = select(r.id).where(r.article_id == article_id, r.reviewer == reviewer)
            forms = forms_in_reviews(connection, connection.execute(mine).scalars().all())
            known = known_forms(connection, forms)
            names = {form: one for (subject, form), one in known.items() if subject == "entity"}
            return pending_articles(connection, names, self.recalling)

    def add_list(self, names: Iterable[Named], *, by: str, now: datetime) -> int:
        """Add forms with their labels, each of which counts like one decision; returns how many
        are new."""
        rows = [{"form": form, "label": label, "reviewer": by, "at": now} for form, label in names]
        added: set[Named] = set()
        with self.database.writing() as connection:
            for some in chunks(rows):
                known = self._in_lists(connection, some)
                new = [row for row in some if (row["form"], row["label"]) not in known]
                if new:
                    put = self.database.insert(t.listed_form).on_conflict_do_nothing()
                    connection.execute(put, new)
                    added |= {(str(row["form"]), str(row["label"])) for row in new}
            recount(connection, {(Subject.ENTITY, form) for form, _ in added})
        return len(added)

    def remove_list(self, names: Iterable[Named]) -> int:
        """Remove forms that came in lists; returns how many there were."""
        c = t.listed_form.c
        removed = 0
        wanted = tuple(names)
        with self.database.writing() as connection:
            for some in chunks(wanted):
                here = tuple_(c.form, c.label).in_(some)
                removed += int(connection.execute(delete(t.listed_form).where(here)).rowcount)
            recount(connection, {(Subject.ENTITY, form) for form, _ in wanted})
        return removed

    def _in_lists(self, connection: Connection, rows: Sequence[dict[str, Any]]) -> set[Named]:
        c = t.listed_form.c
        forms = select(c.form, c.label).where(c.form.in_([row["form"] for row in rows]))
        return {(form, label) for form, label in connection.execute(forms)}

    def all(self) -> Iterator[tuple[str, Known]]:
        """Every form of an entity with what is known of it, in order."""
        c = t.memory_form.c
        last = ""
        while True:
            wanted = select(c.form, c.known).where(c.subject == Subject.ENTITY.value, c.form > last)
            with self.database.reading() as connection:
                rows = connection.execute(wanted.order_by(c.form).limit(_PAGE)).fetchall()
            if not rows:
                return
            for row in rows:
                yield row.form, known_from_dict(row.known)
            last = rows[-1].form
