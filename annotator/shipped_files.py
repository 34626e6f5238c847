"""The files that come with annotator: inside the package in a wheel, beside it in a clone."""

from __future__ import annotations

from pathlib import Path

from annotator.errors import SettingsError


def bundled(name: str) -> Path:
    """The path of a file of `schema/`: inside the package in a wheel, at the top in a clone.

    Raises SettingsError if it is in neither.
    """
    package = Path(__file__).parent
    for folder in (package / "schema", package.parent / "schema"):
        if (folder / name).is_file():
            return folder / name
    raise SettingsError(f"The shipped file {name} is missing.", hint="Install annotator again.")


def shipped_gold() -> list[Path]:
    """The reviewed articles that come with annotator: inside the package in a wheel, in `seeds/` in
    a clone. Raises SettingsError if there are none."""
    package = Path(__file__).parent
    for folder in (package / "gold", package.parent / "seeds" / "gold"):
        if found := sorted(folder.glob("*.jsonl")):
            return found
    raise SettingsError("The shipped gold is missing.", hint="Install annotator again.")
