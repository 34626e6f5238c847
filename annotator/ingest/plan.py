"""What workers need to know, and the lines of JSON that they and their pool exchange."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

MODEL_ERROR = 3
"""Exit status of a worker that cannot begin, and would not the next time either."""


@dataclass(frozen=True, slots=True)
class WorkerPlan:
    """How waiting articles are worked through.

    `database` is an SQLAlchemy URL, `model` a package or path (None: the one we ship), `labels`
    what the label scheme knows (empty: everything). A lease is for `lease_seconds` and renewed
    while the batch is in hand; an article is given up after `max_tries`.
    """

    database: str
    model: str | None = None
    labels: tuple[str, ...] = ()
    batch: int = 32
    lease_seconds: float = 20.0
    max_tries: int = 3

    def to_json(self, name: str) -> bytes:
        """The plan as a worker process reads it from its standard input."""
        return json.dumps({"name": name, **asdict(self)}).encode() + b"\n"


def plan_from_json(line: bytes) -> tuple[str, WorkerPlan]:
    """The worker's name and its plan."""
    plain: dict[str, Any] = json.loads(line)
    name = plain.pop("name")
    return name, WorkerPlan(**plain | {"labels": tuple(plain["labels"])})


def default_workers(cores: int | None) -> int:
    """One core is left to the reviewer; more than four workers are asked for, not assumed."""
    return max(1, min(4, (cores or 1) - 1))


def event(kind: str, **fields: Any) -> bytes:
    return json.dumps({"event": kind, **fields}).encode() + b"\n"


def event_from(line: bytes) -> Mapping[str, Any]:
    """What a worker said; a line that is not ours counts as `{"event": "noise"}`."""
    try:
        plain = json.loads(line)
    except ValueError:
        plain = None
    return plain if isinstance(plain, dict) and "event" in plain else {"event": "noise"}
