"""Roles on PostgreSQL: what reviewers, leads and workers may read and do, over own connections."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import typer
from sqlalchemy import select
from typer.core import TyperCommand

from annotator.cli.context import Workspace
from annotator.cli.report_figures import report_figures as report_of
from annotator.cli.report_lines import report_lines as lines_of_report
from annotator.cli.roles import roles
from annotator.core.annotations import MadeBy
from annotator.core.assignment import ReviewPlan, overlap_draw
from annotator.core.decisions import Kind, accept, finish, reopen, withdraw
from annotator.errors import LeaseLost, SettingsError, StoreError
from annotator.store.reviewing.remembering import remember_everything
from annotator.store.roles.role_script import Blindness, role_script
from annotator.store.sql import columns as t
from annotator.store.store import Store
from annotator.store.values import QueueView
from annotator.tui.review.review_screen import ReviewScreen
from tests.helpers.building import arrival, at, open_, press, ready
from tests.helpers.bundling import bring, items, out, work
from tests.helpers.role_desk import MEMBERS, OF_REVIEWS, RoleDesk, half_done, tried, two_finished
from tests.helpers.stores import empty_store, fresh_database
from tests.tui.desk import TEXT, at_desk, suggestions, take_in


def test_a_reviewer_changes_only_rows_of_their_own_reviews(role_desk: RoleDesk) -> None:
    with role_desk.line_of() as owner, role_desk.line_of("ada") as ada:
        for table in sorted(OF_REVIEWS):
            own = "JOIN review r ON r.id = review_id WHERE r.reviewer = 'ada'"
            mine = owner.execute(f"SELECT count(*) FROM {table} {own}").fetchone()[0]
            assert tried(ada, f"DELETE FROM {table}") == mine
        assert tried(ada, "UPDATE review SET leased_until = NULL") == 1
        assert tried(ada, "DELETE FROM review") == 0  # it has decisions
        pressed = "UPDATE identity_press SET withdrawn = 1 WHERE lane LIKE '%'"
        assert tried(ada, pressed) == 1


def test_a_reviewer_reads_nothing_of_an_open_review_of_somebody_else(role_desk: RoleDesk) -> None:
    with role_desk.line_of("bo") as line:
        for table in sorted(OF_REVIEWS | {"decision"}):
            read = f"SELECT DISTINCT r.reviewer FROM {table} JOIN review r ON r.id = review_id"
            assert {row[0] for row in line.execute(read)} <= {"bo"}, table
        assert line.execute("SELECT count(*) FROM decision").fetchone()[0] > 0


def test_a_finished_review_is_read_by_those_who_have_finished_theirs(role_desk: RoleDesk) -> None:
    read = "SELECT count(*) FROM decision JOIN review r ON r.id = review_id WHERE reviewer = 'bo'"
    mine = "UPDATE review SET finished_at = opened_at WHERE reviewer = 'ada'"
    with role_desk.line_of("ada") as line:
        assert line.execute(read).fetchone()[0] == 0
        line.execute(mine)  # the log still says that it is open
        assert line.execute(read).fetchone()[0] == 0
        line.execute(
            'INSERT INTO decision (id, review_id, seq, at, "group", kind, keys, seconds, chain) '
            "SELECT 'done', id, last_seq + 1, now(), 'g', 'finish', 0, 0, 'x' FROM review "
            "WHERE reviewer = 'ada'"
        )
        assert line.execute(read).fetchone()[0] == 4


def test_the_server_draws_the_same_shared_articles(role_desk: RoleDesk) -> None:
    names = [f"{number:064x}" for number in range(300)] + ["", "é"]
    with role_desk.line_of() as line:
        asked = "SELECT annotator_overlap_draw(name) FROM unnest(%s::text[]) name"
        drawn = [row[0] for row in line.execute(asked, [names])]
    assert drawn == [overlap_draw(name) for name in names]


@pytest.mark.parametrize(("overlap", "readable"), [(0.0, 4), (1.0, 0)])
def test_a_finished_review_is_hidden_while_its_article_wants_another(
    role_desk: RoleDesk, overlap: float, readable: int
) -> None:
    script = role_script(Blindness(ReviewPlan(1, overlap=overlap)), MEMBERS)
    with role_desk.line_of() as line:
        line.execute(script.replace("BEGIN;", "").replace("COMMIT;", ""))  # not to be kept
        line.execute("SET LOCAL ROLE cy")
        assert line.execute("SELECT count(*) FROM decision").fetchone()[0] == readable


def test_a_lead_reads_all_finished_reviews(role_desk: RoleDesk) -> None:
    read = "SELECT DISTINCT r.reviewer FROM decision JOIN review r ON r.id = review_id"
    with role_desk.line_of("lee") as line:
        assert [row[0] for row in line.execute(read)] == ["bo"]


def test_a_name_that_is_not_the_role_is_refused_with_a_way_out(role_desk: RoleDesk) -> None:
    with role_desk.store_of("ada") as store:
        article = store.queue.page(QueueView("ada"), offset=0, limit=1)[0].id
        with pytest.raises(StoreError, match="only under the name of the role") as refused:
            open_(store, article, "cy", reviews_per_article=9)
    assert "--reviewer" in refused.value.hint
    assert "a-secret-word" not in refused.value.message + refused.value.hint


def test_a_forbidden_action_gives_one_sentence(role_desk: RoleDesk) -> None:
    with role_desk.store_of("ada") as store, pytest.raises(StoreError, match="does not let") as why:
        store.files.take_in([arrival("/inbox/new.txt", "Nobody came to the pier on Sunday.\n")])
    assert "owner" in why.value.hint
    assert "a-secret-word" not in why.value.message


def test_an_export_says_which_reviews_may_not_be_read(role_desk: RoleDesk) -> None:
    with role_desk.store_of("lee") as store:
        assert [one.review.reviewer for one in store.finished.reviews()] == ["bo"]
    with role_desk.store_of("bo") as store:
        assert [one.review.reviewer for one in store.finished.reviews()] == ["bo"]
    with role_desk.store_of("ada") as store:
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
                opened = half_done(ada, article, "ada")
                opened = press(ada, opened, finish())
                opened = press(ada, opened, reopen())
                opened = press(ada, opened, withdraw(opened.review.decisions[-1].group))
                ada.reviews.release(article, "ada")
            with desk.store_of("bo") as bo:
                opened = half_done(bo, article, "bo")
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


def test_decisions_of_colleagues_on_the_same_article_do_not_count(role_desk: RoleDesk) -> None:
    """Though the reviewer's role cannot read their reviews."""
    with role_desk.store_of() as owner, role_desk.store_of("lee") as lee:
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


def test_open_reviews_are_read_by_all_where_reviews_are_not_blind(own_postgresql: str) -> None:
    with fresh_database(own_postgresql) as url:
        desk = RoleDesk(url)
        with desk.store_of() as owner:
            half_done(owner, ready(owner), "ada")
        desk.run_script(Blindness(open=True))
        with desk.line_of("bo") as line:
            assert line.execute("SELECT count(*) FROM decision").fetchone()[0] == 3
            assert tried(line, "DELETE FROM decision") is None


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
