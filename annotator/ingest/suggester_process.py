"""The process of one suggester: loads its pipeline, and answers texts with entities.

Started by a worker as `python -m annotator.ingest.suggester_process`, so that a pipeline that
hangs, crashes or fills the memory takes only its own suggestions with it, and so that the network
can be closed to it. Its plan is the first line of standard input, each further line a text, both as
JSON; it answers each with a line. It ends when its input ends, whatever it is doing.
"""

from __future__ import annotations

import json
import os
import queue
import signal
import sys
import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from annotator.core.network_address import NetworkAddress, address_in
from annotator.core.reviewing.wording import shortened
from annotator.errors import AnnotatorError
from annotator.ingest.own_output import own_output
from annotator.ingest.plan import SuggesterPlan, suggester_plan

if TYPE_CHECKING:
    from annotator.suggest.second_pipeline import SecondPipeline

_LONGEST_PROBLEM = 200
_INPUT = 0
_CHUNK = 1 << 16


def main() -> int:
    """Run until the input ends; returns the exit status."""
    out = own_output()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    lines: queue.Queue[bytes] = queue.Queue()
    threading.Thread(target=_listen, args=(lines,), daemon=True).start()

    def answer(plain: Mapping[str, Any]) -> None:
        os.write(out, json.dumps(plain).encode() + b"\n")

    try:
        second = _loaded(suggester_plan(json.loads(lines.get())))
    except AnnotatorError as error:
        answer({"error": error.message, "hint": error.hint})
        return 1
    made = second.pipeline.id
    answer(
        {
            "pipeline": [made.name, made.version, made.hash],
            "language": second.language,
            "labels": sorted(second.labels),
        }
    )
    while True:
        answer(_answer(second, json.loads(lines.get())))


def _loaded(plan: SuggesterPlan) -> SecondPipeline:
    """The pipeline, if it asks no server that the plan does not name."""
    from annotator.suggest.network_guard import keep_to
    from annotator.suggest.remote import check_addresses
    from annotator.suggest.second_pipeline import config_of, folder_of, load_second

    allowed = _addresses(plan)
    config = config_of(folder_of(plan.model, suggester=plan.name), suggester=plan.name)
    check_addresses(config, os.environ, suggester=plan.name, allowed=allowed)
    keep_to(allowed)
    return load_second(plan.model, suggester=plan.name)


def _addresses(plan: SuggesterPlan) -> frozenset[NetworkAddress]:
    """The addresses of the plan, which the settings have checked."""
    return frozenset(found for url in plan.addresses if (found := address_in(url)) is not None)


def _answer(second: SecondPipeline, text: str) -> dict[str, Any]:
    try:
        found = second.entities(text)
    except Exception as error:  # one bad text must not affect the others
        return {"problem": shortened(f"{type(error).__name__}: {error}", _LONGEST_PROBLEM)}
    return {"entities": [[one.span.start, one.span.end, one.label, one.score] for one in found]}


def _listen(lines: queue.Queue[bytes]) -> None:
    """Read the input line by line; at its end, end the process, even while the pipeline works."""
    # Not through sys.stdin: a thread blocked in its buffer would abort the interpreter's end.
    rest = b""
    while chunk := os.read(_INPUT, _CHUNK):
        *whole, rest = (rest + chunk).split(b"\n")
        for line in whole:
            lines.put(line)
    _end()


def _end() -> None:
    """End this process and what its pipeline has started, if they have a session of their own."""
    if os.name != "nt" and os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os._exit(0)


if __name__ == "__main__":
    sys.exit(main())
