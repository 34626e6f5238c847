"""Forked processes behave as started ones do."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.helpers.forked import Forked, children_of

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="other systems start all processes")
_TELL = "import os, sys; print(os.getcwd(), os.environ.get('MARK'), sys.argv[1:], sys.stdin.read())"
_NEST = """
import subprocess, sys
words = [sys.executable, "-c", "import sys; sys.stdin.read()"]
inner = subprocess.Popen(words, stdin=subprocess.PIPE)
print(inner.pid, flush=True)
sys.stdin.read()
inner.communicate()
sys.exit(inner.returncode)
"""


@pytest.mark.parametrize("start", [subprocess.Popen, Forked])
def test_streams_folder_environment_and_words_are_its_own(
    start: type[subprocess.Popen[str]], tmp_path: Path
) -> None:
    process = start(
        [sys.executable, "-c", _TELL, "one", "two"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
        env={**os.environ, "MARK": "here"},
    )
    said, _ = process.communicate("given")
    assert (process.returncode, said) == (0, f"{tmp_path} here ['one', 'two'] given\n")


@pytest.mark.parametrize("start", [subprocess.Popen, Forked])
@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("pass", 0),
        ("import sys; sys.exit(7)", 7),
        ("import sys; sys.exit('no')", 1),
        ("1 / 0", 1),
        ("import os; os.kill(os.getpid(), 9)", -9),
        ("import atexit, os; atexit.register(os._exit, 5)", 5),
    ],
)
def test_it_ends_with_the_same_status(
    start: type[subprocess.Popen[bytes]], code: str, status: int
) -> None:
    process = start([sys.executable, "-c", code], stderr=subprocess.DEVNULL)
    assert process.wait(60) == status == process.poll()


def test_a_forked_process_forks_what_it_starts() -> None:
    command = [sys.executable, "-c", _NEST]
    with Forked(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        inner = int(process.stdout.readline())
        assert process.pid in children_of(os.getpid())
        assert children_of(process.pid) == [inner]
        process.communicate(b"")
    assert process.returncode == 0
    assert children_of(process.pid) == []


def test_waiting_is_limited_and_a_killed_process_is_gone() -> None:
    process = Forked([sys.executable, "-c", "import time; time.sleep(600)"])
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(0.05)
    assert process.poll() is None
    began = time.monotonic()
    process.kill()
    assert process.wait() == -9
    assert time.monotonic() - began < 60


def test_other_programs_are_started_as_usual() -> None:
    done = Forked(["echo", "as usual"], stdout=subprocess.PIPE)
    assert done.communicate()[0] == b"as usual\n"
