"""The configuration of workers, and the JSON lines that they exchange with their pool."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

MODEL_ERROR = 3
"""Exit status of a worker that cannot start, so that restarting is pointless."""


@dataclass(frozen=True, slots=True)
class SuggesterPlan:
    """A further pipeline: its name, its package or path, the URLs that it may reach, which of its
    labels mean which of ours (others keep their names), and how many seconds one article may
    take."""

    name: str
    model: str
    addresses: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 60.0


@dataclass(frozen=True, slots=True)
class WorkerPlan:
    """The configuration of a worker.

    `database` is an SQLAlchemy URL, `model` a package or path (None: the one we ship), `labels` the
    labels of the scheme (empty: all), `suggesters` the pipelines beside it. Leases last
    `lease_seconds` and are renewed during a batch; an article fails after `max_tries`. With `jobs`,
    workers get their articles from the queue of jobs, where one without a heartbeat for
    `stalled_seconds` counts as dead.
    """

    database: str
    model: str | None = None
    encoder_runtime: str = "auto"
    labels: tuple[str, ...] = ()
    batch: int = 32
    lease_seconds: float = 20.0
    max_tries: int = 3
    suggesters: tuple[SuggesterPlan, ...] = ()
    jobs: bool = False
    stalled_seconds: float = 30.0

    def to_json(self, name: str) -> bytes:
        """The plan as JSON for the standard input of a worker."""
        return json.dumps({"name": name, **asdict(self)}).encode() + b"\n"


def plan_from_json(line: bytes) -> tuple[str, WorkerPlan]:
    """The worker's name and its plan."""
    plain: dict[str, Any] = json.loads(line)
    name = plain.pop("name")
    lists = {"labels": tuple(plain["labels"])}
    lists["suggesters"] = tuple(map(suggester_plan, plain["suggesters"]))
    return name, WorkerPlan(**plain | lists)


def suggester_plan(plain: Mapping[str, Any]) -> SuggesterPlan:
    """A suggester from the fields of its plan."""
    return SuggesterPlan(**{**plain, "addresses": tuple(plain["addresses"])})


def default_workers(cores: int | None) -> int:
    """Leave one core to the reviewer; more than four workers only on request."""
    return max(1, min(4, (cores or 1) - 1))


class WorkerEvent(StrEnum):
    """The events that a worker sends to its pool: pipeline loaded, a seat in the queue of jobs,
    batch begun or done, article given up, temporary trouble, fatal error; NOISE is any other
    line."""

    READY = "ready"
    SEATED = "seated"
    BEGUN = "begun"
    DONE = "done"
    FAILED = "failed"
    TROUBLE = "trouble"
    ERROR = "error"
    NOISE = "noise"


def event(kind: WorkerEvent, **fields: Any) -> bytes:
    """An event as one line of JSON."""
    return json.dumps({"event": kind, **fields}).encode() + b"\n"


def event_from(line: bytes) -> Mapping[str, Any]:
    """An event from a worker, its kind under "event"; any other line has the kind NOISE."""
    try:
        plain = json.loads(line)
        return {**plain, "event": WorkerEvent(plain["event"])}
    except (ValueError, TypeError, KeyError):
        return {"event": WorkerEvent.NOISE}
