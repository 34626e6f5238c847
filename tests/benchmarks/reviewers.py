"""Reviewers at work together, killed at random, while articles arrive and the database fails.

`python -m tests.benchmarks.reviewers [--seconds 120] [--kill-every 5] [--postgresql] [--json]`.
Eight processes review with the product's own store, sessions and writer, with short leases and
random pauses; half of the articles want two reviews. On PostgreSQL, which it starts itself, the
server is restarted, one of its processes is killed, and it is gone for 30 seconds.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import func, select

from annotator.core.assignment import ReviewPlan
from annotator.core.decisions import accept, reject
from annotator.errors import AnnotatorError, LeaseLost
from annotator.store.sql import columns as t
from annotator.store.store import Store
from annotator.store.values import Suggested
from tests.helpers.building import (
    PIPELINE,
    TEXT,
    arrival,
    open_,
    press,
    ready,
    suggest,
    waiting,
)
from tests.helpers.items import entity
from tests.helpers.own_server import Server, own_server, programs
from tests.helpers.simulated_reviewer import ReviewerWork

NAMES = ("Ada Low", "Bo Marsh", "Port Ellis")
Fault = tuple[float, Callable[[], None]]
"""Something that fails, so many seconds after the beginning."""


@dataclass(frozen=True)
class Team:
    """How many review for how many seconds, which of them are killed how often (seconds), and what
    else fails."""

    url: str
    folder: Path
    seconds: float
    seed: int = 0
    reviewers: int = 8
    articles: int = 40
    think: float = 0.02
    lease: float = 2.0
    overlap: float = 0.5
    kill_every: float = 0.5
    faults: Sequence[Fault] = ()


@dataclass
class TeamOutcome:
    """What the processes said."""

    acknowledged: set[str] = field(default_factory=set)
    milliseconds: list[float] = field(default_factory=list)
    told: Counter[str] = field(default_factory=Counter)
    killed: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    unread: list[str] = field(default_factory=list)

    @property
    def locked(self) -> int:
        """The number of errors about a locked database."""
        return sum(many for words, many in self.told.items() if "lock" in words.lower())

    def hear(self, line: str) -> None:
        try:
            said = json.loads(line)
        except ValueError:
            self.unread.append(line)  # cut off by a kill, or a traceback
            return
        self.acknowledged.update(said.get("ack", ()))
        if "ms" in said:
            self.milliseconds.append(said["ms"])
        if "trouble" in said:
            self.told[said["trouble"]] += 1
        for name in ("late", "taken", "restored", "unwritten"):
            self.counts[name] += said.get(name, 0)


def quiet_median(store: Store, presses: int = 100) -> float:
    """The median time of a save in milliseconds, by one reviewer alone."""
    opened = open_(store, ready(store, f"{TEXT}Quiet.\n"), "quiet", now=store.now())
    took = []
    for turn in range(presses):
        verb = accept if turn % 2 else reject
        change = verb(opened.review.held[opened.review.suggestions[0].id].item)
        began = time.perf_counter()
        opened = press(store, opened, change, now=store.now())
        took.append(1000 * (time.perf_counter() - began))
    store.reviews.release(opened.article.id, "quiet")
    return median(took)


class TeamRun:
    """The processes of a team, started, killed and started again."""

    def __init__(self, team: Team) -> None:
        self.team, self.random, self.outcome = team, random.Random(team.seed), TeamOutcome()
        self.running: dict[str, subprocess.Popen[str]] = {}
        self.working: set[str] = set()
        self.listeners: list[threading.Thread] = []
        self.over = threading.Event()

    def run(self) -> TeamOutcome:
        """Work until the time is over; returns what was said."""
        try:
            helpers = self._work()
            self.over.set()
            for process in self.running.values():
                assert process.stdin is not None  # it is a pipe
                process.stdin.close()
            for process in self.running.values():
                process.wait(90)
            for one in (*helpers, *self.listeners):
                one.join(90)
        finally:
            self.over.set()
            for process in self.running.values():
                process.kill()
        return self.outcome

    def _work(self) -> list[threading.Thread]:
        """Start everybody and kill some, for as long as the team works."""
        team = self.team
        for n in range(team.reviewers):
            self._start(f"reviewer {n}")
        while len(self.working) < team.reviewers:
            time.sleep(0.01)
        began = time.time()
        helpers = [threading.Thread(target=self._add_articles)]
        helpers += [
            threading.Thread(target=self._fail, args=(began + after, fault))
            for after, fault in team.faults
        ]
        for one in helpers:
            one.start()
        while time.time() < began + team.seconds:
            time.sleep(team.kill_every)
            self._kill_one()
        return helpers

    def _start(self, name: str) -> None:
        team = self.team
        work = ReviewerWork(
            team.url,
            name,
            str(self._folder(name)),
            self.random.randrange(1 << 30),
            team.think,
            team.lease,
            team.overlap,
        )
        words = [sys.executable, "-m", "tests.helpers.simulated_reviewer", json.dumps(asdict(work))]
        process = subprocess.Popen(
            words,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        self.running[name] = process
        listener = threading.Thread(target=self._listen, args=(name, process))
        listener.start()
        self.listeners.append(listener)

    def _folder(self, name: str) -> Path:
        folder = self.team.folder / name.replace(" ", "-")
        folder.mkdir(exist_ok=True)
        return folder

    def _listen(self, name: str, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None  # it is a pipe
        for line in process.stdout:
            self.outcome.hear(line)
            if self.running.get(name) is process:
                self.working.add(name)

    def _kill_one(self) -> None:
        """Kill one of those that are at work, and start it again."""
        if not self.working:
            return
        name = self.random.choice(sorted(self.working))
        self.working.discard(name)
        self.running[name].kill()
        self.running[name].wait(30)
        self.outcome.killed.append(name)
        self._start(name)

    def _add_articles(self) -> None:
        """What a watcher and its worker do with the store, article by article."""
        store = Store.open(self.team.url)
        number = 0
        while not self.over.wait(0.05):
            number += 1
            text = f"{TEXT}Arrived as number {number}.\n"
            try:
                store.files.take_in([arrival(f"/inbox/new{number}.txt", text)])
                leased = store.work.lease("worker", limit=10, seconds=60, now=store.now())
                done = [Suggested(one.id, suggestions(one.text), "en") for one in leased]
                store.work.attach("worker", done, PIPELINE, now=store.now())
            except AnnotatorError as error:
                self.outcome.told[error.message] += 1
        store.close()

    def _fail(self, at: float, fault: Callable[[], None]) -> None:
        if not self.over.wait(max(0.0, at - time.time())):
            fault()


def suggestions(text: str) -> tuple[Any, ...]:
    return tuple(entity(text, name) for name in NAMES)


def team_at_work(team: Team) -> TeamOutcome:
    """Let a team work on new articles; returns what was said."""
    store = Store.open(team.url)
    texts = [f"{TEXT}Ready as number {number}.\n" for number in range(team.articles)]
    suggest(
        store,
        {id: suggestions(text) for id, text in zip(waiting(store, *texts), texts, strict=True)},
    )
    store.close()
    return TeamRun(team).run()


def lost_decisions(store: Store, outcome: TeamOutcome) -> int:
    """How many decisions that were called saved are not in the store."""
    with store.database.reading() as connection:
        stored = set(connection.execute(select(t.decision.c.id)).scalars())
    return len(outcome.acknowledged - stored)


def reviewed_too_often(store: Store, plan: ReviewPlan) -> int:
    """How many articles have more finished reviews than they want."""
    r = t.review.c
    done = select(r.article_id, func.count()).where(r.finished_at.is_not(None))
    with store.database.reading() as connection:
        rows = connection.execute(done.group_by(r.article_id)).all()
    return sum(many > plan.reviews_of(article) for article, many in rows)


def held_for_ever(store: Store, team: Team) -> int:
    """How many articles that still want a review nobody can take once all leases have run out."""
    r, plan = t.review.c, ReviewPlan(overlap=team.overlap)
    later = store.now() + timedelta(seconds=team.lease + 1)
    done = func.count(r.finished_at)
    with store.database.reading() as connection:
        rows = connection.execute(select(r.article_id, done).group_by(r.article_id)).all()
    held = 0
    for article in (id for id, finished in rows if finished < plan.reviews_of(id)):
        try:
            store.reviews.open(article, "late", now=later, lease_seconds=team.lease, plan=plan)
        except LeaseLost:
            held += 1
        else:
            store.reviews.release(article, "late")
    return held


def figures(team: Team) -> dict[str, Any]:
    """A whole run, in figures."""
    store = Store.open(team.url)
    quiet = quiet_median(store)
    store.close()  # its connections end with the server
    outcome = team_at_work(team)
    ordered = sorted(outcome.milliseconds)
    p99 = ordered[int(0.99 * (len(ordered) - 1))]
    result = {
        "reviewers": team.reviewers,
        "seconds": team.seconds,
        "kills": len(outcome.killed),
        "saves": len(ordered),
        "decisions": len(outcome.acknowledged),
        "finished": store.queue.counts().finished,
        "lost": lost_decisions(store, outcome),
        "too_often": reviewed_too_often(store, ReviewPlan(overlap=team.overlap)),
        "locked": outcome.locked,
        "held_for_ever": held_for_ever(store, team),
        "unwritten": outcome.counts["unwritten"],
        "restored": outcome.counts["restored"],
        "late": outcome.counts["late"],
        "told": dict(outcome.told),
        "unread": outcome.unread[:5],
        "quiet_median_ms": round(quiet, 2),
        "median_ms": round(median(ordered), 2),
        "p99_ms": round(p99, 2),
        "ratio": round(p99 / quiet, 1),
    }
    store.close()
    return result


def faults_of(server: Server, seconds: float, gone: float) -> Sequence[Fault]:
    """A restart, a killed process of the server, and a server that is gone for a while."""
    return (
        (0.15 * seconds, server.restart),
        (0.35 * seconds, server.kill_a_backend),
        (0.5 * seconds, lambda: server.be_gone(gone)),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=120.0)
    parser.add_argument("--think", type=float, default=0.2)
    parser.add_argument("--gone", type=float, default=30.0)
    parser.add_argument("--kill-every", type=float, default=5.0)
    parser.add_argument("--postgresql", action="store_true")
    parser.add_argument("--json", action="store_true")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="annotator-team-") as name:
        folder = Path(name)
        team = Team("", folder, wanted.seconds, think=wanted.think, kill_every=wanted.kill_every)
        if not wanted.postgresql:
            result = figures(replace(team, url=f"sqlite:///{folder / 'team.db'}"))
        else:
            place = programs()
            assert place is not None, "no PostgreSQL on this machine"
            with own_server(place) as server:
                faults = faults_of(server, wanted.seconds, wanted.gone)
                result = figures(replace(team, url=server.url, faults=faults))
    print(json.dumps(result, indent=None if wanted.json else 2))


if __name__ == "__main__":
    main()
