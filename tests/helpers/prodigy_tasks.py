"""Tasks as Prodigy has them, for tests: one text with its tokens, written and read back."""

from __future__ import annotations

import json
from typing import Any

from annotator.core.record import Record
from annotator.formats import prodigy
from tests.helpers.formats import read_back, written

TEXT = "Ada Low said Bo Marsh had left."
WORDS = [(0, 3), (4, 7), (8, 12), (13, 15), (16, 21), (22, 25), (26, 30), (30, 31)]
TOKENS = [
    {"text": TEXT[start:end], "start": start, "end": end, "id": number}
    for number, (start, end) in enumerate(WORDS)
]


def tasks_of(*rows: Record) -> list[dict[str, Any]]:
    content, _ = written(prodigy, rows)
    return [json.loads(line) for line in content.splitlines()]


def read_tasks(*tasks: dict[str, Any]) -> list[Any]:
    return read_back(prodigy, "".join(json.dumps(task) + "\n" for task in tasks))
