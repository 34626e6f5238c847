"""Records to and from what other tools read, one small module each."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

from annotator.errors import ExportError

# The name that `--format` takes, and the module that writes it; `base` says what a module has.
FORMATS = {
    "jsonl": "jsonl",
    "spacy": "docbin",
    "conll": "conll",
    "brat": "brat",
    "hf": "hf",
    "prodigy": "prodigy",
    "label-studio": "label_studio",
    "csv": "spreadsheet",
    "offsets": "offsets",
}


def format_named(name: str) -> ModuleType:
    """The module that writes (and perhaps reads) a format; ExportError lists those there are."""
    if name not in FORMATS:
        raise ExportError(f"No format is called {name!r}.", hint=f"One of {', '.join(FORMATS)}.")
    return import_module(f"annotator.formats.{FORMATS[name]}")
