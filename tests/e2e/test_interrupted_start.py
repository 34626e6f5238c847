"""Ctrl+c while the command loads ends it like later: status 130, without a traceback."""

import subprocess
import sys

import pytest

_INTERRUPTED_WHILE_LOADING = """
import sys

class Interrupting:
    def find_spec(self, name, path=None, target=None):
        if name == {name!r}:
            raise KeyboardInterrupt

sys.meta_path.insert(0, Interrupting())
from annotator.__main__ import main
main()
"""


@pytest.mark.parametrize(
    "name", ["annotator.cli", "annotator.cli.context", "annotator.cli.verbs", "annotator.store"]
)
def test_an_interrupt_while_modules_load_is_no_traceback(name: str) -> None:
    code = _INTERRUPTED_WHILE_LOADING.format(name=name)
    done = subprocess.run(
        [sys.executable, "-c", code, "report"], capture_output=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (130, b"", b"")
