"""`annotator add`, interrupted in the middle of a long article."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest


@pytest.mark.usefixtures("shipped_pipeline", "forked")
def test_the_first_interrupt_reports_that_the_current_batch_is_finished(
    workspace: Path, tmp_path: Path
) -> None:
    article = tmp_path / "long.txt"
    article.write_text("Nora Hale said that the bridge in Oslo was unsafe. " * 2_000)
    process = added(workspace, article)
    assert process.stderr is not None
    while process.poll() is None and not is_in_hand(workspace):
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    said = process.stderr.readline() + process.stderr.readline()
    assert b"Stopping after the current batch; press ctrl+c again to stop at once." in said
    assert process.poll() is None
    process.send_signal(signal.SIGINT)
    _, rest = process.communicate(timeout=60)
    assert process.returncode == 130
    assert b"Stopped. The next `annotator add`" in rest


def added(workspace: Path, file: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "annotator", "--workspace", str(workspace), "add", str(file)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={k: v for k, v in os.environ.items() if not k.startswith("ANNOTATOR_")},
    )


def is_in_hand(workspace: Path) -> bool:
    """Whether a worker has begun with the article."""
    try:
        connection = sqlite3.connect(workspace / "annotator.db", timeout=30)
        try:
            found = connection.execute(
                "SELECT count(*) FROM article WHERE leased_until IS NOT NULL"
            )
            return bool(found.fetchone()[0])
        finally:
            connection.close()
    except sqlite3.OperationalError:  # not made yet
        return False
