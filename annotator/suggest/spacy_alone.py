"""Imports spaCy without its command line.

`import spacy` imports `spacy.cli` for one function, `spacy.info`. That brings some 300 modules
along (an HTTP client, a downloader, templates), and an article waits for them.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

_COMMAND_LINE = "spacy.cli.info"


def import_spacy() -> Any:
    """The module `spacy`; its command line is imported when it is used."""
    if "spacy" in sys.modules or _COMMAND_LINE in sys.modules:
        import spacy

        return spacy
    stand_in = ModuleType(_COMMAND_LINE)
    vars(stand_in)["info"] = _info
    sys.modules[_COMMAND_LINE] = stand_in
    try:
        import spacy
    finally:
        del sys.modules[_COMMAND_LINE]
    return spacy


def _info(*words: Any, **options: Any) -> Any:
    from spacy.cli.info import info

    return info(*words, **options)
