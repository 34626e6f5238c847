"""What was chosen for the screens of a workspace: the recent lines of the palette, for example.

Kept in `.annotator/preferences.json` of the workspace. Nothing depends on it: where it cannot be
read or written, screens begin with nothing chosen.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias

Chosen: TypeAlias = str | Sequence[str]

_FILE = Path(".annotator") / "preferences.json"


class Preferences:
    """The choices of one workspace, by name."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / _FILE
        self._chosen: dict[str, Chosen] = _read(self._file)

    def word(self, name: str) -> str | None:
        """The word chosen under a name; None if none was."""
        found = self._chosen.get(name)
        return found if isinstance(found, str) else None

    def words(self, name: str) -> tuple[str, ...]:
        """The words chosen under a name, in order."""
        found = self._chosen.get(name, ())
        return () if isinstance(found, str) else tuple(found)

    def choose(self, name: str, chosen: Chosen) -> None:
        """Choose a word, or several, until `save` only for this session."""
        self._chosen[name] = chosen

    def save(self) -> None:
        """Keep the choices for later sessions, beside those that others have made meanwhile."""
        from annotator.replacing import replacing_file  # the first frame waits for this module

        with contextlib.suppress(OSError):
            self._file.parent.mkdir(exist_ok=True)
            import json

            told = json.dumps(_read(self._file) | self._chosen, ensure_ascii=False, indent=1)
            with replacing_file(self._file) as written:
                written.write_text(told + "\n", encoding="utf-8", errors="replace")


def _read(file: Path) -> dict[str, Chosen]:
    """The choices in a file; none if it cannot be read."""
    try:
        if not file.is_file():  # a pipe would be waited for
            return {}
        import json  # only where there is a file: the first frame waits for this

        found = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {name: chosen for name, chosen in found.items() if _is_choice(chosen)}


def _is_choice(value: object) -> bool:
    if isinstance(value, list):
        return all(isinstance(word, str) for word in value)
    return isinstance(value, str)
