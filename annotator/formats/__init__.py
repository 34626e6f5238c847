"""Records to and from what other tools read: a module or a folder for each."""

from __future__ import annotations

from importlib import import_module

from annotator.errors import ExportError
from annotator.formats.base import Format

# The name that `--format` takes, and the module with its `FORMAT`, which is loaded when it is used.
FORMATS = {
    "jsonl": "jsonl",
    "spacy": "docbin",
    "conll": "conll.conll_out",
    "brat": "brat.brat_out",
    "hf": "hf",
    "prodigy": "prodigy.prodigy_out",
    "label-studio": "label_studio.label_studio_out",
    "csv": "spreadsheet",
    "offsets": "offsets",
}


def format_named(name: str) -> Format:
    """The format of this name; ExportError lists those there are."""
    if name not in FORMATS:
        raise ExportError(f"No format is called {name!r}.", hint=f"One of {', '.join(FORMATS)}.")
    found = import_module(f"annotator.formats.{FORMATS[name]}").FORMAT
    assert isinstance(found, Format)
    return found
