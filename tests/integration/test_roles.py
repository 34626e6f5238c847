"""Roles on PostgreSQL: what a reviewer, a lead and a worker may do, over own connections."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import typer
from sqlalchemy import create_engine, inspect, make_url, select
from typer.core import TyperCommand

from annotator.cli.context import Workspace
from annotator.cli.report_figures import report_figures as report_of
from annotator.cli.report_lines import report_lines as lines_of_report
from annotator.cli.roles import roles
from annotator.core.annotations import Entity, MadeBy
from annotator.core.assignment import ReviewPlan, overlap_draw
from annotator.core.decisions import Kind, accept, finish, link, reject, reopen, withdraw
from annotator.errors import LeaseLost, ReviewError, SettingsError, StoreError
from annotator.store.reviewing.remembering import remember_everything
from annotator.store.roles.role_script import Blindness, Members, role_script
from annotator.store.roles.table_access import ACCESS
from annotator.store.sql import columns as t
from annotator.store.store import Store
from annotator.store.values import AdjudicationTerms, OpenedReview, QueueView
from annotator.tui.review.review_screen import ReviewScreen
from tests.helpers.building import arrival, at, open_, press, ready, suggest
from tests.helpers.bundling import bring, items, out, work
from tests.helpers.items import entity_at, record_of
from tests.helpers.older_store import set_back
from tests.helpers.stores import empty_store, fresh_database
from tests.tui.desk import TEXT, at_desk, suggestions, take_in

psycopg = pytest.importorskip("psycopg")
MEMBERS = Members(("ada", "bo", "cy"), ("lee",), ("robot",))
PEOPLE = ("ada", "bo", "lee", "robot")


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


@pytest.fixture(scope="module")
def shared(own_postgresql: str) -> Iterator[RoleDesk]:
    """An article that is to have two reviews: ada's is open, bo's is finished."""
    with fresh_database(own_postgresql) as url:
        desk = RoleDesk(url)
        with desk.store_of() as store:
            article = ready(store)
            for name in ("ada", "bo"):
                opened = _half_done(store, article, name)
            press(store, opened, finish())
        desk.run_script(Blindness(ReviewPlan(2)))
        yield desk


def _half_done(store: Store, article: str, name: str) -> OpenedReview:
    """A review with one suggestion accepted, one rejected, one tied to an identity."""
    opened = open_(store, article, name, reviews_per_article=2)
    first, second, third = opened.review.suggestions
    opened = press(store, opened, accept(first), reject(second))
    tied = opened.review.held[third.id].item
    assert isinstance(tied, Entity)
    return press(store, opened, link(tied, replace(tied, identity=f"harbour-{name}")))


def _tried(line: Any, statement: str) -> int | None:
    """The number of rows that a statement changes or reads; None if it is not permitted."""
    try:
        with line.transaction(force_rollback=True):
            return int(line.execute(statement).rowcount)
    except psycopg.errors.InsufficientPrivilege:
        return None
    except psycopg.Error:  # it was permitted, but does not fit other rows
        return 0


def _tables(desk: RoleDesk) -> dict[str, list[str]]:
    with desk.store_of() as store, store.database.reading() as connection:
        there = inspect(connection)
        names = [*there.get_table_names(), *there.get_view_names()]
        names.remove("tally")  # a view that counts: not to be written by anybody
        return {name: [one["name"] for one in there.get_columns(name)] for name in names}


CACHES = frozenset({"identity", "identity_redirect", "identity_form", "identity_apart"})
CACHES |= {"memory_form", "name_key", "identity_press", "story", "story_article", "story_apart"}
OF_REVIEWS = frozenset({"carried", "identity_mention", "memory_entry"})
INTAKE = frozenset({"source", "source_article", "suggested_form", "likeness", "shingle_band"})
INTAKE |= {"article_words", "heartbeat"}
NEVER_CHANGED = frozenset({"decision", "identity_decision", "story_decision"})


def test_every_table_says_who_may_write_it(shared: RoleDesk) -> None:
    assert {*_tables(shared), "tally"} == ACCESS.keys()


@pytest.mark.parametrize("role", PEOPLE)
def test_nobody_empties_a_table(shared: RoleDesk, role: str) -> None:
    with shared.line_of(role) as line:
        assert [
            one for one in _tables(shared) if _tried(line, f"TRUNCATE {one} CASCADE") is not None
        ] == []


@pytest.mark.parametrize(
    ("role", "tables"),
    [
        ("ada", {"review", "suggestion_set"} | OF_REVIEWS | CACHES),
        ("lee", {"review", "suggestion_set"} | OF_REVIEWS | CACHES),
        ("robot", INTAKE),
    ],
)
def test_rows_are_removed_from_these_tables_alone(
    shared: RoleDesk, role: str, tables: frozenset[str]
) -> None:
    with shared.line_of(role) as line:
        removed = {one for one in _tables(shared) if _tried(line, f"DELETE FROM {one}") is not None}
    assert removed == tables


@pytest.mark.parametrize(
    ("role", "tables"),
    [
        (
            "ada",
            {
                "review",
                "decision",
                "identity_decision",
                "story_decision",
                "log_head",
                "suggestion_set",
            }
            | (OF_REVIEWS | CACHES),
        ),
        ("robot", INTAKE | {"article", "suggestion_set", "opinion", "check_gold"}),
    ],
)
def test_rows_are_added_to_these_tables_alone(
    shared: RoleDesk, role: str, tables: frozenset[str]
) -> None:
    added = "SELECT has_table_privilege(%s, 'INSERT')"
    with shared.line_of(role) as line:
        found = {one for one in _tables(shared) if line.execute(added, [one]).fetchone()[0]}
    assert found == tables


@pytest.mark.parametrize(
    ("role", "tables"),
    [
        ("ada", {"review", "article", "source", "log_head"} | CACHES),
        ("robot", {"article", "check_gold"} | INTAKE),
    ],
)
def test_rows_are_changed_in_these_tables_alone(
    shared: RoleDesk, role: str, tables: frozenset[str]
) -> None:
    changed: dict[str, set[str]] = {}
    with shared.line_of(role) as line:
        for table, columns in _tables(shared).items():
            for one in columns:
                if _tried(line, f'UPDATE {table} SET "{one}" = "{one}"') is not None:
                    changed.setdefault(table, set()).add(one)
    assert changed.keys() == tables
    if role == "ada":
        assert changed["article"] == {"reviews", "finished", "story_place", "set_aside"}
        assert changed["source"] == {"retry", "reason", "hint"}
        assert changed["review"].isdisjoint({"id", "article_id", "reviewer"})
    else:
        assert changed["article"].isdisjoint({"id", "number", "text", "received"})


def test_a_reviewer_changes_only_rows_of_their_own_reviews(shared: RoleDesk) -> None:
    with shared.line_of() as owner, shared.line_of("ada") as ada:
        for table in sorted(OF_REVIEWS):
            own = "JOIN review r ON r.id = review_id WHERE r.reviewer = 'ada'"
            mine = owner.execute(f"SELECT count(*) FROM {table} {own}").fetchone()[0]
            assert _tried(ada, f"DELETE FROM {table}") == mine
        assert _tried(ada, "UPDATE review SET leased_until = NULL") == 1
        assert _tried(ada, "DELETE FROM review") == 0  # it has decisions
        pressed = "UPDATE identity_press SET withdrawn = 1 WHERE lane LIKE '%'"
        assert _tried(ada, pressed) == 1


def test_a_reviewer_reads_nothing_of_an_open_review_of_somebody_else(shared: RoleDesk) -> None:
    with shared.line_of("bo") as line:
        for table in sorted(OF_REVIEWS | {"decision"}):
            read = f"SELECT DISTINCT r.reviewer FROM {table} JOIN review r ON r.id = review_id"
            assert {row[0] for row in line.execute(read)} <= {"bo"}, table
        assert line.execute("SELECT count(*) FROM decision").fetchone()[0] > 0


def test_a_finished_review_is_read_by_those_who_have_finished_theirs(shared: RoleDesk) -> None:
    read = "SELECT count(*) FROM decision JOIN review r ON r.id = review_id WHERE reviewer = 'bo'"
    mine = "UPDATE review SET finished_at = opened_at WHERE reviewer = 'ada'"
    with shared.line_of("ada") as line:
        assert line.execute(read).fetchone()[0] == 0
        line.execute(mine)  # the log still says that it is open
        assert line.execute(read).fetchone()[0] == 0
        line.execute(
            'INSERT INTO decision (id, review_id, seq, at, "group", kind, keys, seconds, chain) '
            "SELECT 'done', id, last_seq + 1, now(), 'g', 'finish', 0, 0, 'x' FROM review "
            "WHERE reviewer = 'ada'"
        )
        assert line.execute(read).fetchone()[0] == 4


def test_the_server_draws_the_same_shared_articles(shared: RoleDesk) -> None:
    names = [f"{number:064x}" for number in range(300)] + ["", "é"]
    with shared.line_of() as line:
        asked = "SELECT annotator_overlap_draw(name) FROM unnest(%s::text[]) name"
        drawn = [row[0] for row in line.execute(asked, [names])]
    assert drawn == [overlap_draw(name) for name in names]


@pytest.mark.parametrize(("overlap", "readable"), [(0.0, 4), (1.0, 0)])
def test_a_finished_review_is_hidden_while_its_article_wants_another(
    shared: RoleDesk, overlap: float, readable: int
) -> None:
    script = role_script(Blindness(ReviewPlan(1, overlap=overlap)), MEMBERS)
    with shared.line_of() as line:
        line.execute(script.replace("BEGIN;", "").replace("COMMIT;", ""))  # not to be kept
        line.execute("SET LOCAL ROLE cy")
        assert line.execute("SELECT count(*) FROM decision").fetchone()[0] == readable


def test_a_lead_reads_all_finished_reviews(shared: RoleDesk) -> None:
    read = "SELECT DISTINCT r.reviewer FROM decision JOIN review r ON r.id = review_id"
    with shared.line_of("lee") as line:
        assert [row[0] for row in line.execute(read)] == ["bo"]


IN_ANOTHER_NAME = (
    "INSERT INTO review (article_id, reviewer, opened_at, lease_seconds, last_seq, answer, total, "
    "open, entities, claims) SELECT id, 'lee', now(), 0, 0, 'accept', 0, 0, 0, 0 FROM article",
    'INSERT INTO decision (id, review_id, seq, at, "group", kind, keys, seconds) '
    "SELECT 'forged', id, 99, now(), 'g', 'reopen', 0, 0 FROM review WHERE reviewer = 'bo'",
    'INSERT INTO identity_decision (number, id, reviewer, at, "group", kind, target) '
    "VALUES (99, 'forged', 'bo', now(), 'g', 'create', 'x')",
    'INSERT INTO story_decision (number, id, reviewer, at, "group", kind, target) '
    "VALUES (99, 'forged', 'bo', now(), 'g', 'create', 'x')",
    "INSERT INTO carried (review_id, from_review_id, item) SELECT id, id, '{}' FROM review "
    "WHERE reviewer = 'bo'",
    "INSERT INTO suggestion_set (article_id, pipeline_name, pipeline_version, pipeline_hash, at, "
    "dropped, items) SELECT id, 'mine', '1', 'x', now(), 0, '[]' FROM article",
)


@pytest.mark.parametrize("forged", IN_ANOTHER_NAME)
def test_nobody_writes_in_another_name(shared: RoleDesk, forged: str) -> None:
    with (
        shared.line_of("ada") as line,
        pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"),
    ):
        line.execute(forged)


def test_a_name_that_is_not_the_role_is_refused_with_a_way_out(shared: RoleDesk) -> None:
    with shared.store_of("ada") as store:
        article = store.queue.page(QueueView("ada"), offset=0, limit=1)[0].id
        with pytest.raises(StoreError, match="only under the name of the role") as refused:
            open_(store, article, "cy", reviews_per_article=9)
    assert "--reviewer" in refused.value.hint
    assert "a-secret-word" not in refused.value.message + refused.value.hint


def test_what_a_role_may_not_do_is_said_in_a_sentence(shared: RoleDesk) -> None:
    with shared.store_of("ada") as store, pytest.raises(StoreError, match="does not let") as why:
        store.files.take_in([arrival("/inbox/new.txt", "Nobody came to the pier on Sunday.\n")])
    assert "owner" in why.value.hint
    assert "a-secret-word" not in why.value.message


def test_an_export_says_which_reviews_may_not_be_read(shared: RoleDesk) -> None:
    with shared.store_of("lee") as store:
        assert [one.review.reviewer for one in store.finished.reviews()] == ["bo"]
    with shared.store_of("bo") as store:
        assert [one.review.reviewer for one in store.finished.reviews()] == ["bo"]
    with shared.store_of("ada") as store:
        assert list(store.finished.reviews(reviewer="ada")) == []
        with pytest.raises(StoreError, match="finished review by bo") as refused:
            list(store.finished.reviews())
    assert "annotator_lead" in refused.value.hint


def test_a_report_says_what_the_role_may_not_read_and_goes_on(own_postgresql: str) -> None:
    with fresh_database(own_postgresql) as url:
        desk = RoleDesk(url)
        with desk.store_of() as owner:
            two_finished(owner)
            whole = report_of(owner, at(9))
            assert (whole["reads_everything"], whole["agreement"]["hidden"]) == (True, {})
            opened = owner.reviews.open(
                owner.queue.page(QueueView("cy"), offset=0, limit=1)[0].id,
                "cy",
                now=at(1),
                lease_seconds=600,
                plan=ReviewPlan(3),
            )
            press(owner, opened, accept(opened.review.suggestions[0]))
        desk.run_script(Blindness(ReviewPlan(3)))
        with desk.store_of("cy") as cy:
            own = report_of(cy, at(9))
        assert [one["reviewer"] for one in own["reviewers"]] == ["cy"]
        assert (own["agreement"]["pairs"], own["agreement"]["hidden"]) == (0, {"ada": 1, "bo": 1})
        told = "\n".join(lines_of_report(own | {"model": ""}))
        assert "may not read all reviews" in told
        assert "does not let you read 1 review by ada, 1 review by bo" in told
        with desk.store_of("lee") as lee:
            assert report_of(lee, at(9))["agreement"]["hidden"] == {}


def test_a_worker_takes_articles_in_and_a_reviewer_reviews_them(own_postgresql: str) -> None:
    words = "Ada Low met Bo Marsh in Port Ellis.\n\nNobody else was asked.\n"
    with fresh_database(own_postgresql) as url:
        desk = RoleDesk(url)
        with desk.store_of() as owner:
            desk.run_script(Blindness(ReviewPlan(2)))
            with desk.store_of("robot") as robot:
                article = ready(robot, words)
                ready(robot, words.replace("asked", "invited"))
            with desk.store_of("ada") as ada:
                opened = _half_done(ada, article, "ada")
                opened = press(ada, opened, finish())
                opened = press(ada, opened, reopen())
                opened = press(ada, opened, withdraw(opened.review.decisions[-1].group))
                ada.reviews.release(article, "ada")
            with desk.store_of("bo") as bo:
                opened = _half_done(bo, article, "bo")
                opened = press(bo, opened, withdraw(opened.review.decisions[-1].group))
                opened = press(bo, opened, finish())
            kinds = [one.kind for one in owner.reviews.get(article, "bo").review.decisions]
            assert kinds == ["accept", "reject", "link", "withdraw", "finish"]
            kept = _memory(owner)
            assert kept
            with owner.database.writing() as connection:
                remember_everything(connection)
            assert _memory(owner) == kept


def _memory(store: Store) -> list[Any]:
    with store.database.reading() as connection:
        return sorted(map(tuple, connection.execute(select(t.memory_form))), key=repr)


def test_what_colleagues_taught_is_left_out_on_the_same_article(shared: RoleDesk) -> None:
    """Though the reviewer's role cannot read their reviews."""
    with shared.store_of() as owner, shared.store_of("lee") as lee:
        article = owner.queue.page(QueueView("lee"), offset=0, limit=1)[0].id
        found = open_(lee, article, "lee", reviews_per_article=9).review.suggestions
        assert {one.made_by for one in found} == {MadeBy.PIPELINE}
        lee.reviews.release(article, "lee")


def test_the_verb_prints_the_script(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    url = "postgresql+psycopg://owner:a-secret-word@host/desk"
    (tmp_path / "annotator.toml").write_text(f'database = "{url}"\nreviews_per_article = 2\n')
    context = typer.Context(TyperCommand("roles"), obj=Workspace(tmp_path))
    roles(context, ["ada", "bo", "cy"], ["lee"], ["robot"])
    out = capsys.readouterr().out
    assert out == role_script(Blindness(ReviewPlan(2)), MEMBERS)
    assert "a-secret-word" not in out
    with pytest.raises(SettingsError, match="name of a role"):
        roles(context, ["x" * 64])


def test_the_verb_says_that_sqlite_has_no_roles(tmp_path: Path) -> None:
    (tmp_path / "annotator.toml").touch()
    with pytest.raises(SettingsError, match="SQLite has no roles"):
        roles(typer.Context(TyperCommand("roles"), obj=Workspace(tmp_path)))


async def test_the_screens_work_under_the_role_of_a_reviewer(
    own_postgresql: str, tmp_path: Path
) -> None:
    with fresh_database(own_postgresql) as url:
        desk = RoleDesk(url)
        with desk.store_of() as owner:
            desk.run_script(Blindness())
            article = take_in(owner, TEXT, suggestions())
            with desk.store_of("ada") as ada:
                async with at_desk(ada, folder=tmp_path) as screens:
                    await screens.press("enter")
                    await screens.until(lambda: isinstance(screens.app.screen, ReviewScreen))
                    await screens.press("a", "x", "u", "A")
                    await screens.until(lambda: _is_finished(owner, article))
            kinds = {one.kind for one in owner.reviews.get(article, "ada").review.decisions}
            assert {Kind.ACCEPT, Kind.REJECT, Kind.WITHDRAW, Kind.FINISH} <= kinds


def _is_finished(store: Store, article: str) -> bool:
    return store.reviews.get(article, "ada").review.finished is not None


def two_finished(store: Store) -> str:
    """An article on which ada and bo differ."""
    article = ready(store)
    for name, decide in (("ada", accept), ("bo", reject)):
        opened = open_(store, article, name, reviews_per_article=2)
        press(store, opened, *map(decide, opened.review.suggestions), finish())
    return article


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
            assert _tried(line, ADJUDICATED) is None
            assert _tried(line, "UPDATE review SET kind = 'adjudication'") is None
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
                assert _tried(line, ADJUDICATED) == changed, role


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


def test_an_expired_lease_of_somebody_else_is_released(own_postgresql: str) -> None:
    with fresh_database(own_postgresql) as url:
        desk = RoleDesk(url)
        with desk.store_of() as owner:
            article = ready(owner)
        desk.run_script(Blindness())
        with desk.store_of("ada") as ada, desk.store_of("bo") as bo:
            opened = open_(ada, article, "ada")
            opened = press(ada, opened, accept(opened.review.suggestions[0]))
            theirs = open_(bo, article, "bo", now=at(5000))
            assert theirs.half_done == ("ada",)
            with pytest.raises(LeaseLost):
                press(ada, opened, accept(opened.review.suggestions[1]))


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
            assert _tried(line, "DELETE FROM memory_form") is not None
            assert _tried(line, "DELETE FROM decision") is None
            assert _tried(line, ADJUDICATED) is None


def test_open_reviews_are_read_by_all_where_reviews_are_not_blind(own_postgresql: str) -> None:
    with fresh_database(own_postgresql) as url:
        desk = RoleDesk(url)
        with desk.store_of() as owner:
            _half_done(owner, ready(owner), "ada")
        desk.run_script(Blindness(open=True))
        with desk.line_of("bo") as line:
            assert line.execute("SELECT count(*) FROM decision").fetchone()[0] == 3
            assert _tried(line, "DELETE FROM decision") is None


def test_reviewers_take_along_and_bring_home_what_is_theirs_only(
    own_postgresql: str, tmp_path: Path
) -> None:
    with fresh_database(own_postgresql) as url, closing(empty_store(tmp_path / "away.db")) as away:
        desk = RoleDesk(url)
        with desk.store_of() as store:
            article = ready(store)
        desk.run_script(Blindness(ReviewPlan(1)))
        with desk.store_of("bo") as store:
            out(store, tmp_path / "out", article, who=("bo",))
        bring(away, tmp_path / "out")
        work(away, article, "bo", accept(items(away, article, "bo")[0]), later=5)
        work(away, article, "bo", finish(), later=10)
        out(away, tmp_path / "back", article, who=("bo",))
        with desk.store_of("ada") as store, pytest.raises(StoreError, match="under the name"):
            bring(store, tmp_path / "back")
        with desk.store_of("bo") as store:
            assert bring(store, tmp_path / "back").decided == {"bo": 2}
