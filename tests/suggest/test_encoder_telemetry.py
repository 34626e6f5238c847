"""The library that runs the encoder reports to nobody, and leaves nothing in the home folder."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("onnxruntime")

_RUN = """
from annotator.suggest.encoder.runtime import Runtime, encoder_of
from annotator.suggest.pipeline import shipped_folder
model = shipped_folder() / "annotator_encoder" / "encoder.onnx"
encoder_of(model.read_bytes(), Runtime.ONNX)
"""


def test_nothing_is_left_in_the_home_folder(tmp_path: Path) -> None:
    environment = {k: v for k, v in os.environ.items() if k != "ORT_DISABLE_TELEMETRY"}
    environment |= {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    subprocess.run([sys.executable, "-c", _RUN], env=environment, check=True, timeout=120)
    assert list(tmp_path.iterdir()) == []
