"""Four workers on two machines on one queue of jobs, beside four plain workers on one machine.

`python -m tests.benchmarks.cluster [--articles 2000] [--kills 10] [--compared 600] [--runs 2]
[--model PATH] [--json]`

The machines are network namespaces of their own, each with `annotator work`, that reach a
PostgreSQL server at another address; without the rights for that they are processes beside each
other. First `--articles` while workers are killed at random: each must be stored exactly once. Then
`--compared` articles by either queue, in turns: CPU seconds of all processes of the workers, from
the first text to the last commit, loading left out (bar: 1.05 of the plain workers'), and of the
server. At last what waiting workers cost the server. By default the pipeline is a cheap one, so
that the queue shows and no bar is asked of it; `--model shipped` takes ours. Linux.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from sqlalchemy import func, select

from annotator.store.sql import columns as t
from annotator.store.sql.patience import AT_WORK
from annotator.store.store import Store
from tests.benchmarks.ingest_cost import cpu_of
from tests.helpers.building import arrival
from tests.helpers.ingesting import save_quick_pipeline
from tests.helpers.own_server import Server, own_server, programs
from tests.helpers.stores import fresh_database

CPU_BAR = 1.05
_NETWORK = "10.77.{}.{}"
_READY = "A worker is ready"
_SAID = """
the harbour council said on monday that ferries would not sail before spring because ice had
closed northern inlet while residents of varnholm asked why no vote was held and mayor marrow
denied any delay fish prices rose again by nine crowns according to quay office which opened new
hall last week with music bread soup speeches maps lanterns boats nets ropes anchors
"""


@dataclass
class Machine:
    """A host with workers: how to run a program on it, and where it finds the server."""

    prefix: tuple[str, ...]
    server: str
    ready: int = 0
    told: list[str] = field(default_factory=list)
    process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    def start(self, folder: Path, *, database: str, queue: str, workers: int, model: str) -> None:
        folder.mkdir()
        lines = [f'database = "{database}"', f'queue = "{queue}"', f"workers = {workers}"]
        if model:
            lines.append(f'model = "{model}"')
        (folder / "annotator.toml").write_text("\n".join(lines) + "\n")
        words = [sys.executable, "-P", "-m", "annotator", "--workspace", str(folder), "work"]
        self.process = subprocess.Popen(
            [*self.prefix, *words, "--json-logs"], stderr=subprocess.PIPE
        )
        assert self.process.stderr is not None
        threading.Thread(target=self._read, args=(self.process.stderr,), daemon=True).start()

    def _read(self, stream: IO[bytes]) -> None:
        for line in stream:
            self.told.append(line.decode(errors="replace"))
            self.ready += _READY in self.told[-1]

    def stop(self) -> int:
        assert self.process is not None
        os.kill(self._annotator, signal.SIGTERM)
        return self.process.wait(90)

    @property
    def _annotator(self) -> int:
        """The process of the program; `ip netns exec` becomes it."""
        return self.pid

    @property
    def workers(self) -> list[int]:
        return _children(self._annotator)

    def cpu(self) -> float:
        return _cpu_with_dead([self._annotator]) + sum(map(_cpu, self.workers))


def main() -> int:
    """Prints the figures; exit status 1 if an article is not stored once or the bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=2000)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--compared", type=int, default=600)
    parser.add_argument("--runs", type=int, default=2)
    parser.add_argument("--model", default="")
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    folder = programs()
    if folder is None:
        print("There is no PostgreSQL on this machine.", file=sys.stderr)
        return 2
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server = stack.enter_context(own_server(folder, networks=("10.77.0.0/16",)))
        made = _Benchmark(server, home, _pipeline(home, chosen.model))
        result = made.run(chosen)
    print(json.dumps(result) if chosen.json else json.dumps(result, indent=2))
    good = result["stored_once"] == result["articles"]
    good &= chosen.model != "shipped" or result["cpu_ratio"] <= CPU_BAR
    return 0 if good else 1


def _pipeline(home: Path, model: str) -> str:
    if model == "shipped":
        return ""
    if not model:
        save_quick_pipeline(home / "quick")
    return model or str(home / "quick")


@dataclass
class _Benchmark:
    server: Server
    home: Path
    model: str
    numbers: Iterator[int] = field(default_factory=lambda: iter(range(10**6)))

    def run(self, chosen: argparse.Namespace) -> dict[str, Any]:
        killed = self.killed(chosen.articles, chosen.kills) if chosen.articles else {}
        costs: dict[str, list[dict[str, float]]] = {"store": [], "cluster": []}
        for _ in range(chosen.runs):
            for queue, found in costs.items():
                found.append(self.cost(chosen.compared, queue))
        medians = {
            queue: {name: statistics.median(one[name] for one in found) for name in found[0]}
            for queue, found in costs.items()
        }
        ratio = medians["cluster"]["workers_cpu"] / medians["store"]["workers_cpu"]
        extra = medians["cluster"]["workers_cpu"] - medians["store"]["workers_cpu"]
        return {
            "articles": chosen.articles,
            "stored_once": 0,
            **killed,
            "compared": chosen.compared,
            "cpu_ratio": round(ratio, 3),
            "queue_ms_per_article": round(extra / chosen.compared * 1000, 2),
            "costs": medians,
            "runs": costs,
        }

    def killed(self, articles: int, kills: int) -> dict[str, object]:
        """Take articles in while workers are killed; how many were stored exactly once."""
        chance = random.Random(15)
        with self._machines("cluster", (2, 2)) as (store, machines):
            began = time.monotonic()
            self._take_in(store, articles)
            for n in range(kills):
                _wait(lambda n=n: _done(store) >= articles * (n + 0.5) / kills)  # type: ignore[misc]  # bound now
                with contextlib.suppress(ProcessLookupError):
                    os.kill(chance.choice(chance.choice(machines).workers), signal.SIGKILL)
            _wait(lambda: store.work.waiting() == 0)
            seconds = time.monotonic() - began
            sets = t.suggestion_set.c.article_id
            with store.database.reading() as connection:
                counted = select(func.count(sets)).group_by(sets)
                rows = connection.execute(counted).scalars().all()
            restarts = sum("is replaced" in one for each in machines for one in each.told)
        return {
            "namespaces": bool(machines[0].prefix),
            "kills": kills,
            "workers_replaced": restarts,
            "stored_once": sum(count == 1 for count in rows),
            "seconds": round(seconds, 1),
        }

    def cost(self, articles: int, queue: str) -> dict[str, float]:
        """CPU seconds of taking articles in, by workers and server, and of idling (per minute)."""
        hosts = (2, 2) if queue == "cluster" else (4,)
        with self._machines(queue, hosts) as (store, machines):
            before = sum(one.cpu() for one in machines), self._server_cpu()
            self._take_in(store, articles)
            _wait(lambda: store.work.waiting() == 0)
            after = sum(one.cpu() for one in machines), self._server_cpu()
            idle = self._server_cpu(), sum(one.cpu() for one in machines), time.monotonic()
            time.sleep(20)
            minutes = (time.monotonic() - idle[2]) / 60
            return {
                "workers_cpu": round(after[0] - before[0], 2),
                "server_cpu": round(after[1] - before[1], 2),
                "server_cpu_idle_minute": round((self._server_cpu() - idle[0]) / minutes, 2),
                "workers_cpu_idle_minute": round(
                    (sum(one.cpu() for one in machines) - idle[1]) / minutes, 2
                ),
                "connections": _connections(store),
            }

    @contextmanager
    def _machines(
        self, queue: str, workers: Sequence[int]
    ) -> Iterator[tuple[Store, list[Machine]]]:
        with ExitStack() as stack:
            url = stack.enter_context(fresh_database(self.server.url))
            store = Store.open(url, patience=AT_WORK)
            stack.callback(store.close)
            if queue == "cluster":
                store.share_work("watcher")
            machines = [stack.enter_context(_machine(n + 1)) for n in range(len(workers))]
            for machine, count in zip(machines, workers, strict=True):
                machine.start(
                    self.home / f"desk-{next(self.numbers)}",
                    database=url.replace("127.0.0.1", machine.server),
                    queue=queue,
                    workers=count,
                    model=self.model,
                )
            try:
                _wait(lambda: sum(one.ready for one in machines) == sum(workers))
                if queue == "cluster":
                    _wait(lambda: _seats(store) == sum(workers))
                time.sleep(3)  # what begins with a worker has ended
                yield store, machines
            finally:
                for machine in machines:
                    machine.stop()

    def _take_in(self, store: Store, count: int) -> None:
        texts = [_text(next(self.numbers)) for _ in range(count)]
        for start in range(0, count, 128):
            some = range(start, min(count, start + 128))
            store.files.take_in([arrival(f"/inbox/{n}.txt", texts[n]) for n in some])

    def _server_cpu(self) -> float:
        first = self.server.pid
        return _cpu_with_dead([first]) + sum(map(_cpu, _children(first)))


def _text(number: int) -> str:
    chance = random.Random(number)
    said = (" ".join(chance.choices(_SAID.split(), k=14)).capitalize() + "." for _ in range(18))
    lines = "\n\n".join(" ".join(part) for part in zip(said, said, said, strict=True))
    return f"Note {number}\n\n{lines}\n"


@contextmanager
def _machine(number: int) -> Iterator[Machine]:
    """A network namespace with a line to this machine; without the rights, this machine."""
    name, here = f"annotator{number}", _NETWORK.format(number, 1)
    there, outer, inner = _NETWORK.format(number, 2), f"annout{number}", f"annin{number}"
    inside = ("ip", "netns", "exec", name)
    try:
        _ip("netns", "add", name)
    except (OSError, subprocess.CalledProcessError):
        yield Machine((), "127.0.0.1")
        return
    try:
        _ip("link", "add", outer, "type", "veth", "peer", "name", inner)
        _ip("link", "set", inner, "netns", name)
        _ip("addr", "add", f"{here}/24", "dev", outer)
        _ip("link", "set", outer, "up")
        _ip("-n", name, "addr", "add", f"{there}/24", "dev", inner)
        _ip("-n", name, "link", "set", inner, "up")
        _ip("-n", name, "link", "set", "lo", "up")
        yield Machine(inside, here)
    finally:
        _ip("netns", "delete", name)


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)


def _children(pid: int) -> list[int]:
    found: list[int] = []
    with contextlib.suppress(OSError):
        for thread in Path(f"/proc/{pid}/task").iterdir():
            found += map(int, (thread / "children").read_text().split())
    return found


def _cpu(pid: int) -> float:
    with contextlib.suppress(OSError):
        return cpu_of(pid)
    return 0.0


def _cpu_with_dead(pids: Sequence[int]) -> float:
    """CPU seconds of processes and of their children that have ended."""
    total = 0.0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        total += sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")
    return total


def _done(store: Store) -> int:
    return store.queue.counts().ready


def _seats(store: Store) -> int:
    asked = "SELECT count(*) FROM annotator_jobs.procrastinate_workers"
    with store.database.reading() as connection:
        return int(connection.exec_driver_sql(asked).scalar_one())


def _connections(store: Store) -> float:
    """Connections of the workers to the database."""
    with store.database.reading() as connection:
        asked = "SELECT count(*) - 1 FROM pg_stat_activity WHERE datname = current_database()"
        return float(connection.exec_driver_sql(asked).scalar_one())


def _wait(true: Callable[[], bool], within: float = 1800) -> None:
    end = time.monotonic() + within
    while not true():
        if time.monotonic() > end:
            raise TimeoutError("The workers are not done.")
        time.sleep(0.1)


if __name__ == "__main__":
    sys.exit(main())
