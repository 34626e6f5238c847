"""The server that forks processes: `python -m tests.helpers.fork_server FD`.

FD is a socket that listens. A request is a number and, in so many bytes, JSON; the three streams of
the new process come with it. The answer is the id of the process, and its status once it has ended.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import importlib
import importlib.metadata
import io
import json
import os
import runpy
import select
import signal
import socket
import struct
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import catalogue
import typer.main

import annotator
from annotator.cli.report_figures import report_figures
from annotator.cli.verbs import app
from annotator.core.decisions import accept, finish
from annotator.core.record import SchemeId
from annotator.export import records
from annotator.store.values import QueueView
from annotator.suggest.language import detect
from annotator.suggest.pipeline import load
from tests.helpers.building import NOW, open_, press, ready
from tests.helpers.forked import NUMBER, inherit, received
from tests.helpers.ingesting import TEXT, save_quick_pipeline
from tests.helpers.shared_statements import share_statements
from tests.helpers.stores import empty_store

# What the processes have loaded before they begin.
READY = (
    "alembic.command",
    "annotator.ingest.watching",
    "annotator.settings",
    "textual.drivers.linux_driver",
)
ROOMS = ("cli", "core", "export", "importing", "measures", "store", "tui")
"""Those of our packages that are loaded whole, apart from modules that are run as programs."""
_ONE_THREAD = ("OMP", "OPENBLAS", "MKL", "BLIS", "NUMEXPR")


class Server:
    """Forks what it is asked for, and tells who has ended; until its own input ends."""

    def __init__(self, listener: socket.socket) -> None:
        self.listener = listener
        self.running: dict[int, tuple[socket.socket, int]] = {}
        """Of each process: who is told when it ends, and the id of who asked for it."""
        self.woken, self.waker = os.pipe()
        os.set_blocking(self.waker, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self.waker, warn_on_full_buffer=False)

    def serve(self) -> dict[str, Any] | None:
        """Returns a request in the new process that is to carry it out; None when all is over."""
        while True:
            heard, _, _ = select.select((self.listener.fileno(), self.woken, 0), (), ())
            if self.woken in heard:
                os.read(self.woken, 4096)
                self._bury()
            if 0 in heard:
                return None
            if self.listener.fileno() in heard:
                request = self._answer(self.listener.accept()[0])
                if request is not None:
                    return request

    def _bury(self) -> None:
        with contextlib.suppress(ChildProcessError):
            while True:
                pid, status = os.waitpid(-1, os.WNOHANG)
                if not pid:
                    return
                asker, _ = self.running.pop(pid)
                with contextlib.suppress(OSError):
                    asker.sendall(NUMBER.pack(status))
                asker.close()

    def _answer(self, asker: socket.socket) -> dict[str, Any] | None:
        """Forks, or says who has been forked; a request only in the process that was forked."""
        size, streams, _, _ = socket.recv_fds(asker, NUMBER.size, 3)
        request: dict[str, Any] = json.loads(received(asker, NUMBER.unpack(size)[0]))
        whose = struct.unpack("3i", asker.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))[0]
        if "children" in request:
            found = [pid for pid, (_, by) in self.running.items() if by == request["children"]]
            asker.sendall(b"".join(map(NUMBER.pack, (len(found), *found))))
            asker.close()
        elif pid := os.fork():
            self.running[pid] = (asker, whose)
            asker.sendall(NUMBER.pack(pid))
        else:
            self._leave(asker)
            _put_on(request, streams)
            return request
        for stream in streams:
            os.close(stream)
        return None

    def _leave(self, asker: socket.socket) -> None:
        """In a new process: nothing of the server is left but its place."""
        inherit(self.listener.getsockname())
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for connection in (asker, self.listener, *(one for one, _ in self.running.values())):
            connection.close()
        os.close(self.woken)
        os.close(self.waker)


def _put_on(request: dict[str, Any], streams: Sequence[int]) -> None:
    """In a new process: what it has of its own."""
    if request["session"]:
        os.setsid()
    if request["umask"] >= 0:
        os.umask(request["umask"])
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    os.environ.clear()
    os.environ.update(request["environment"])
    os.chdir(request["folder"])
    added = [one for one in os.environ.get("PYTHONPATH", "").split(os.pathsep) if one]
    is_more = not {*added} <= {*sys.path}
    sys.path[:0] = added
    if is_more:
        # spaCy looks for installed packages once, when it is loaded.
        catalogue.AVAILABLE_ENTRY_POINTS = importlib.metadata.entry_points()
    _renew_streams()


def _renew_streams() -> None:
    """Standard streams as an interpreter makes them at its start."""
    given = io.TextIOWrapper(open(0, "rb", closefd=False))  # noqa: SIM115  # open to the end
    sys.stdin = sys.__stdin__ = given  # type: ignore[misc]  # typed as final
    for number, name, errors in ((1, "stdout", "strict"), (2, "stderr", "backslashreplace")):
        raw = open(number, "wb", closefd=False)  # noqa: SIM115  # open to the end
        lines = number == 2 or raw.isatty()
        stream = io.TextIOWrapper(raw, errors=errors, line_buffering=lines)
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)


def carry_out(words: Sequence[str]) -> None:
    """What `python WORDS` does."""
    if words[0] == "-P":
        words = words[1:]
    else:
        sys.path.insert(0, os.getcwd())
    first, *rest = words
    if first == "-m":
        sys.argv = rest
        sys.modules.pop(rest[0], None)
        runpy.run_module(rest[0], run_name="__main__", alter_sys=True)
    elif first == "-c":
        sys.argv = ["-c", *rest[1:]]
        exec(compile(rest[0], "<string>", "exec"), {"__name__": "__main__"})
    else:
        sys.argv = list(words)
        sys.path[0] = os.path.dirname(first)
        runpy.run_path(first, run_name="__main__")


def _get_ready() -> None:
    """Loads what processes need; a pipeline too, for what spaCy keeps, and the languages."""
    for module in (*READY, *_modules()):
        importlib.import_module(module)
    share_statements()
    _share_command()
    with tempfile.TemporaryDirectory(prefix="annotator-test-") as folder:
        save_quick_pipeline(Path(folder))
        tuple(load(folder).suggest([TEXT]))
        _use_a_store(Path(folder))
    detect(TEXT)
    gc.collect()
    gc.freeze()


def _modules() -> Iterator[str]:
    root = Path(annotator.__file__).parent
    for path in (path for room in ROOMS for path in sorted((root / room).rglob("*.py"))):
        parts = path.relative_to(root.parent).with_suffix("").parts
        if "migrations" not in parts and "__main__" not in path.read_text(encoding="utf-8"):
            yield ".".join(parts).removesuffix(".__init__")


def _share_command() -> None:
    """The verbs and their options are looked up once: it takes as long as what most verbs do."""
    build, command = typer.main.get_command, typer.main.get_command(app)
    setattr(typer.main, "get_command", lambda one: command if one is app else build(one))  # noqa: B010


def _use_a_store(folder: Path) -> None:
    """What a store does is compiled then."""
    store = empty_store(folder / "annotator.db")
    opened = open_(store, ready(store))
    press(store, opened, *(accept(one) for one in opened.review.suggestions), finish())
    store.queue.page(QueueView("ada"), offset=0, limit=10)
    report_figures(store, NOW)
    list(records(store, scheme=SchemeId("annotator", "1"), pending=True))
    store.close()


def _carry_out_and_end(words: Sequence[str]) -> None:
    """Carries it out and ends as Python does, but does not take apart all that has been loaded."""
    status = 0
    try:
        carry_out(words)
    except SystemExit as asked:
        if not isinstance(asked.code, int | None):
            raise
        status = asked.code or 0
    threading._shutdown()  # type: ignore[attr-defined]  # waits for threads, as Python does
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os._exit(status)


def main() -> None:
    """Serve; in a process that was forked, do what was asked for."""
    for library in _ONE_THREAD:
        os.environ[f"{library}_NUM_THREADS"] = "1"
    _get_ready()
    with socket.socket(fileno=int(sys.argv[1])) as listener:
        place = listener.getsockname()
        request = Server(listener).serve()
    if request is not None:
        _carry_out_and_end(request["words"])
    else:
        os.unlink(place)
        os.rmdir(os.path.dirname(place))


if __name__ == "__main__":
    main()
