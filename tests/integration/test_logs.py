"""Standard error of a service: one JSON object per line, from every logger."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

_SPEAKING = """
import logging, warnings
from pathlib import Path
from annotator import logs
logs.to_stderr(as_json=True)
logging.getLogger("annotator.inbox").info("Taken in.")
logging.getLogger("watchdog.observers").warning("Inotify queue overflowed")
logging.getLogger("watchdog.observers").error("Broken")
warnings.warn("A library is old.\\nVery old.", DeprecationWarning)
warnings.warn("Something is odd.\\nVery odd.", RuntimeWarning)
"""


def test_every_line_of_any_logger_is_json() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "default", "-c", _SPEAKING],
        capture_output=True,
        text=True,
        check=True,
    )
    said = [json.loads(line) for line in done.stderr.splitlines()]
    assert [(one["level"], one["logger"]) for one in said] == [
        ("info", "annotator.inbox"),
        ("error", "watchdog.observers"),
        ("warning", "py.warnings"),
        ("warning", "py.warnings"),
    ]
    assert "Very odd." in said[-1]["message"]


_LOGS = """
import logging, sys
from pathlib import Path
from annotator.logs import to_file
file = to_file(Path(sys.argv[1]))
logging.getLogger("annotator.screens").error("Broken")
print(file)
"""


def _log_to(file: Path, home: Path) -> tuple[Path, str]:
    done = subprocess.run(
        [sys.executable, "-c", _LOGS, str(file)],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "HOME": str(home), "TMPDIR": str(home)},
    )
    assert done.stderr == ""
    used = Path(done.stdout.strip())
    return used, used.read_text(encoding="utf-8")


def test_the_log_is_the_given_file(tmp_path: Path) -> None:
    used, said = _log_to(tmp_path / "annotator.log", tmp_path / "home")
    assert used == tmp_path / "annotator.log"
    assert "Broken" in said


def test_an_unwritable_log_is_replaced_by_one_beside_it(tmp_path: Path) -> None:
    (tmp_path / "annotator.log").mkdir()
    used, said = _log_to(tmp_path / "annotator.log", tmp_path / "home")
    assert used.parent == tmp_path
    assert used.name.startswith("annotator-")
    assert "Broken" in said


def test_in_an_unwritable_folder_the_log_goes_to_the_home_folder(tmp_path: Path) -> None:
    used, said = _log_to(tmp_path / "gone" / "annotator.log", tmp_path / "home")
    assert tmp_path / "home" in used.parents
    assert "Broken" in said


def test_without_a_writable_folder_nothing_is_logged(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file, in which no folder can be made")
    done = subprocess.run(
        [sys.executable, "-c", _LOGS, str(tmp_path / "gone" / "annotator.log")],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "HOME": str(tmp_path / "home")},
    )
    assert done.stderr == ""
