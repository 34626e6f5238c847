"""Eight reviewers at once, killed at random, while articles arrive and the database fails."""

from __future__ import annotations

from pathlib import Path

import pytest

from annotator.core.assignment import ReviewPlan
from annotator.store.store import Store
from tests.benchmarks.reviewers import (
    Team,
    TeamOutcome,
    faults_of,
    held_for_ever,
    lost_decisions,
    reviewed_too_often,
    team_at_work,
)
from tests.helpers.own_server import own_server, programs
from tests.helpers.store_caches import assert_caches_are_right

FOLDER = programs()
pytestmark = pytest.mark.usefixtures("forked")


def assert_nothing_is_lost(team: Team, outcome: TeamOutcome) -> None:
    store = Store.open(team.url)
    assert outcome.acknowledged
    assert outcome.killed
    assert lost_decisions(store, outcome) == 0
    assert reviewed_too_often(store, ReviewPlan(overlap=team.overlap)) == 0
    assert held_for_ever(store, team) == 0
    # Errors about a locked database are counted by the benchmark: a busy machine may starve a save
    # for longer than it waits, and it is tried again.
    assert (outcome.counts["unwritten"], outcome.unread) == (0, [])
    assert_caches_are_right(store)
    store.close()


def test_on_sqlite_nothing_is_lost_doubled_or_held_for_ever(tmp_path: Path) -> None:
    team = Team(f"sqlite:///{tmp_path / 'team.db'}", tmp_path, seconds=2.0, articles=12, think=0.1)
    outcome = team_at_work(team)
    assert_nothing_is_lost(team, outcome)


@pytest.mark.skipif(FOLDER is None, reason="no PostgreSQL on this machine")
def test_a_server_that_fails_loses_nothing_and_reviewers_are_told_and_go_on(
    tmp_path: Path,
) -> None:
    pytest.importorskip("psycopg")
    assert FOLDER is not None
    with own_server(FOLDER) as server:
        faults = faults_of(server, seconds=3.0, gone=0.5)
        team = Team(server.url, tmp_path, seconds=3.0, articles=12, think=0.1, faults=faults)
        outcome = team_at_work(team)
        assert_nothing_is_lost(team, outcome)
        assert outcome.told
