"""A PostgreSQL server for one test, which can suspend and resume it."""

from __future__ import annotations

import contextlib
import glob
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

_PLACES = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql*/bin")
_QUICK = "-c fsync=off -c shared_buffers=8MB"
_RESTART_SECONDS = 10


def programs() -> Path | None:
    """The folder with PostgreSQL's own programs, where this user can run a server; or None."""
    found = shutil.which("initdb")
    folders = [Path(found).parent] if found else []
    folders += [Path(name) for place in _PLACES for name in sorted(glob.glob(place))]
    able = os.geteuid() != 0 or _unprivileged() is not None
    return next((one for one in reversed(folders) if (one / "pg_ctl").exists() and able), None)


class Server:
    """A server in a folder, on a port of this machine."""

    def __init__(self, folder: Path, port: int, call: Callable[..., None]) -> None:
        self.folder, self._control = folder, call
        self.url = f"postgresql+psycopg://postgres@127.0.0.1:{port}/postgres"

    @property
    def pid(self) -> int:
        """The first of the server's processes."""
        return int((self.folder / "postmaster.pid").read_text().split()[0])

    def stop(self) -> None:
        """Suspend the server with all its processes, like a hanging machine."""
        self._signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self._signal(signal.SIGCONT)

    def restart(self) -> None:
        """Stop the server, ending all connections, and start it again."""
        self._control("-m", "fast", "stop")
        self._control("start")

    def be_gone(self, seconds: float) -> None:
        """Stop the server, and start it again later."""
        self._control("-m", "immediate", "stop")
        time.sleep(seconds)
        self._control("start")

    def kill_a_backend(self) -> None:
        """Kill the process of one connection; the server then ends all others, and recovers. One
        that is being started again is waited for."""
        until = time.monotonic() + _RESTART_SECONDS
        while not (self.folder / "postmaster.pid").exists() and time.monotonic() < until:
            time.sleep(0.05)
        rows = subprocess.run(
            ["ps", "-o", "pid=,args=", "--ppid", str(self.pid)],
            capture_output=True,
            text=True,
            check=False,
        ).stdout.splitlines()
        serving = [int(row.split()[0]) for row in rows if "127.0.0.1" in row]
        if serving:
            with contextlib.suppress(ProcessLookupError):
                os.kill(serving[0], signal.SIGKILL)

    def _signal(self, number: int) -> None:
        first = self.pid
        rest = subprocess.run(
            ["pgrep", "-P", str(first)], capture_output=True, text=True, check=False
        ).stdout.split()
        for process in (first, *map(int, rest)):
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, number)


@contextmanager
def own_server(folder: Path, networks: Sequence[str] = ()) -> Iterator[Server]:
    """A temporary server; `folder` has the programs. It listens to this machine, and to machines in
    `networks` (such as `10.77.0.0/16`)."""
    home = Path(tempfile.mkdtemp(prefix="annotator-pg-"))
    user = _unprivileged() if os.geteuid() == 0 else None
    if user is not None:
        os.chown(home, user.pw_uid, user.pw_gid)
    port, data = _free_port(), home / "data"
    made = [str(folder / "initdb"), "-D", str(data), "-A", "trust", "-U", "postgres", "-N"]
    listens = "*" if networks else "127.0.0.1"
    options = (
        f"{_QUICK} -c listen_addresses={listens} -c port={port} -c unix_socket_directories={home}"
    )
    control = [str(folder / "pg_ctl"), "-D", str(data), "-w"]
    begins = ["-l", str(home / "log"), "-o", options]

    def call(*words: str) -> None:
        _call([*control, *(begins if words[-1] == "start" else ()), *words], user)

    server = Server(data, port, call)
    try:
        _call(made, user)
        with (data / "pg_hba.conf").open("a") as rules:
            rules.writelines(f"host all all {network} trust\n" for network in networks)
        call("start")
        yield server
        server.go_on()
    finally:
        with contextlib.suppress(subprocess.CalledProcessError, OSError):
            server.go_on()
            _call([*control, "-m", "immediate", "stop"], user)
        shutil.rmtree(home, ignore_errors=True)


def _call(words: Sequence[str], user: pwd.struct_passwd | None) -> None:
    subprocess.run(
        words,
        check=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
        user=None if user is None else user.pw_uid,
        group=None if user is None else user.pw_gid,
        extra_groups=None if user is None else [],
    )


def _unprivileged() -> pwd.struct_passwd | None:
    """An unprivileged user to run a server as, because PostgreSQL refuses root."""
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    return None


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
