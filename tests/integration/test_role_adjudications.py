"""Roles on PostgreSQL: who adjudicates, and who reads the answers that are compared."""

from __future__ import annotations

import pytest
from sqlalchemy import create_engine

from annotator.core.assignment import ReviewPlan
from annotator.core.decisions import accept, finish
from annotator.errors import ReviewError
from annotator.store.roles.role_script import Blindness, role_script
from annotator.store.store import Store
from annotator.store.values import AdjudicationTerms
from tests.helpers.building import at, open_, press, ready, suggest
from tests.helpers.items import entity_at, record_of
from tests.helpers.older_store import set_back
from tests.helpers.role_desk import MEMBERS, RoleDesk, psycopg, tried, two_finished
from tests.helpers.stores import fresh_database

ADJUDICATED = (
    "INSERT INTO review (article_id, reviewer, opened_at, lease_seconds, last_seq, answer, total, "
    "open, entities, claims, kind) SELECT id, current_user, now(), 0, 0, 'accept', 0, 0, 0, 0, "
    "'adjudication' FROM article"
)


def test_who_is_not_one_of_those_who_differ_adjudicates_and_nobody_else(
    own_postgresql: str,
) -> None:
    with fresh_database(own_postgresql) as url:
        desk = RoleDesk(url)
        with desk.store_of() as owner:
            article = two_finished(owner)
            open_(owner, ready(owner, "Cy was asked too."), "cy")  # cy works here
        desk.run_script(Blindness(ReviewPlan(2)))
        terms = AdjudicationTerms(at(9), 600)
        with desk.store_of("ada") as ada, pytest.raises(ReviewError, match="while somebody else"):
            ada.adjudications.open(article, "ada", terms)
        with desk.line_of("ada") as line:
            assert tried(line, ADJUDICATED) is None
            assert tried(line, "UPDATE review SET kind = 'adjudication'") is None
        with desk.store_of("cy") as cy:
            opened = cy.adjudications.open(article, "cy", terms)
            opened = press(cy, opened, accept(opened.review.suggestions[0]), now=at(10))
            with desk.line_of("ada") as line:  # who has finished sees what is compared
                read = "SELECT count(*) FROM suggestion_set WHERE comparison IS NOT NULL"
                assert line.execute(read).fetchone()[0] == 1
            press(cy, opened, finish(), now=at(11))
        with desk.store_of() as owner:
            kept = [(one.kind, one.review.reviewer) for one in owner.finished.reviews()]
            assert kept == [("adjudication", "cy")]
        with desk.store_of("ada") as ada:
            found = list(ada.adjudications.finished(concerning="ada"))
            assert [one.review.reviewer for one in found] == ["cy"]


def test_only_those_who_are_appointed_adjudicate(own_postgresql: str) -> None:
    with fresh_database(own_postgresql) as url:
        desk = RoleDesk(url)
        with desk.store_of() as owner:
            two_finished(owner)
        with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as line:
            line.execute(role_script(Blindness(ReviewPlan(2)), MEMBERS, ("lee",)))
        for role, changed in (("ada", None), ("cy", None), ("lee", 1)):
            with desk.line_of(role) as line:
                assert tried(line, ADJUDICATED) == changed, role


def test_answers_that_are_compared_are_hidden_from_who_has_not_finished(
    own_postgresql: str,
) -> None:
    with fresh_database(own_postgresql) as url:
        desk = RoleDesk(url)
        with desk.store_of() as owner:
            article = two_finished(owner)
            opened = owner.reviews.open(
                article, "cy", now=at(1), lease_seconds=600, plan=ReviewPlan(3)
            )
            press(owner, opened, accept(opened.review.suggestions[0]))
            terms = AdjudicationTerms(at(9), 600)
            owner.adjudications.open(article, "lee", terms)
        desk.run_script(Blindness(ReviewPlan(3)))
        with desk.line_of("cy") as line:
            read = "SELECT count(*) FROM suggestion_set WHERE comparison IS NOT NULL"
            assert line.execute(read).fetchone()[0] == 0
            line.execute("UPDATE review SET finished_at = now() WHERE reviewer = 'cy'")
            assert line.execute(read).fetchone()[0] == 0
        with desk.line_of("lee") as line:
            assert line.execute(read).fetchone()[0] == 1


def test_the_gold_of_a_check_is_read_by_those_who_have_finished_it(own_postgresql: str) -> None:
    with fresh_database(own_postgresql) as url:
        desk = RoleDesk(url)
        desk_of_all = Blindness(ReviewPlan(1, checks=0.5))
        with desk.store_of() as owner:
            ready(owner)
            desk.run_script(desk_of_all)
        with desk.store_of("robot") as robot:
            robot.gold_checks.slip_in([CHECK], share=0.5)
            suggest(robot, {CHECK.article.id: CHECK.entities})
        read = "SELECT count(*) FROM check_gold"
        with desk.store_of("ada") as ada, desk.store_of("bo") as bo:
            for store, name in ((ada, "ada"), (bo, "bo")):
                terms = {"lease_seconds": 600.0, "plan": desk_of_all.plan}
                opened = store.reviews.open(CHECK.article.id, name, now=at(1), **terms)  # type: ignore[arg-type]  # as named
                opened = press(store, opened, accept(opened.review.suggestions[0]))
                assert store.gold_checks.outcome(CHECK.article.id, name) is None
                with desk.line_of(name) as line:
                    assert line.execute(read).fetchone()[0] == 0
                    line.execute("UPDATE review SET finished_at = now()")
                    assert line.execute(read).fetchone()[0] == 0
                    decided = "SELECT DISTINCT r.reviewer FROM decision JOIN review r "
                    seen = line.execute(f"{decided} ON r.id = review_id").fetchall()
                    assert seen == [(name,)]
                press(store, opened, finish(), now=at(2))
                outcome = store.gold_checks.outcome(CHECK.article.id, name)
                assert outcome is not None
                assert outcome.together.f == 1.0
            assert [one.reviewer for one in ada.gold_checks.outcomes()] == ["ada", "bo"]


CHECK = record_of("Nobody came to the pier.", entity_at(0, 6, "PERSON"))


def test_an_upgrade_gives_the_roles_their_rights_again(own_postgresql: str) -> None:
    with fresh_database(own_postgresql) as url:
        desk = RoleDesk(url)
        with desk.store_of() as owner:
            ready(owner)
        desk.run_script(Blindness())
        with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as line:
            line.execute("REVOKE ALL ON tally, memory_form FROM annotator_reviewer")
            for name in ("annotator_may_compare", "annotator_may_adjudicate"):
                line.execute(f"DROP FUNCTION {name}(text, text) CASCADE")  # earlier: not there
        engine = create_engine(url)
        with engine.begin() as connection:
            set_back(connection, "0016")
        engine.dispose()
        Store.migrate(url)
        with desk.store_of("ada") as store:
            assert store.queue.counts("ada").ready == 1
        with desk.line_of("ada") as line:
            assert tried(line, "DELETE FROM memory_form") is not None
            assert tried(line, "DELETE FROM decision") is None
            assert tried(line, ADJUDICATED) is None
