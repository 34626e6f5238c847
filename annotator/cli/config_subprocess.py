"""Settings for the screens, loaded in a subprocess.

Reading settings needs pydantic, and upgrading a database needs Alembic and SQLModel. Together they
take as much memory as the screens, but they are needed only once. `prepared` runs this module as a
program, which prints the settings as one JSON object and exits.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from annotator.core.labels import Label, LabelScheme, Role
from annotator.errors import AnnotatorError

_UPGRADE = "--upgrade"


@dataclass(frozen=True)
class Prepared:
    """The settings that the screens need; `Settings` explains each."""

    database: str
    reviewer: str
    inbox: str
    keys: dict[str, str]
    confidence: float
    theme: str | None
    reviews_per_article: int
    lease_seconds: float
    scheme: LabelScheme
    guidelines: str


def prepared(workspace: Path, reviewer: str | None, *, upgrade: bool = False) -> Prepared:
    """The settings of a workspace; `reviewer` overrides the configured one.

    With `upgrade`, the database is first upgraded to this version, or created. Raises the
    subprocess's AnnotatorError if settings, scheme or database are invalid.
    """
    words = [str(workspace), *([_UPGRADE] if upgrade else []), *([reviewer] if reviewer else [])]
    done = subprocess.run(
        [sys.executable, "-P", "-m", __name__, *words],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    try:
        said = json.loads(done.stdout)
    except ValueError as error:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise AnnotatorError(
            f"The settings could not be read (status {done.returncode}): {last}",
            hint="`annotator report` reads the same settings and shows the whole error.",
        ) from error
    if "message" in said:
        raise AnnotatorError(said["message"], hint=said["hint"])
    scheme = said.pop("scheme")
    labels = tuple(
        Label(**{**label, "role": Role(label["role"]) if label["role"] else None})
        for label in scheme.pop("labels")
    )
    return Prepared(scheme=LabelScheme(**scheme, labels=labels), **said)


def _prepare(words: list[str]) -> dict[str, Any]:
    """The output of the program: a `Prepared` as plain values."""
    from annotator.settings import bundled, load_scheme, load_settings

    folder, *rest = words
    upgrade = rest[:1] == [_UPGRADE]
    reviewer = next(iter(rest[upgrade:]), None)
    chosen = load_settings(Path(folder), {"reviewer": reviewer})
    if upgrade:
        from annotator.settings import misread_database
        from annotator.store.store import Store

        misread = misread_database(chosen, Path(folder))
        if misread is not None:
            raise misread
        Store.open(chosen.database).close()
    answer = Prepared(
        database=chosen.database,
        reviewer=chosen.reviewer,
        inbox=str(chosen.inbox),
        keys=dict(chosen.keys),
        confidence=chosen.confidence,
        theme=chosen.theme,
        reviews_per_article=chosen.reviews_per_article,
        lease_seconds=chosen.lease_seconds,
        scheme=load_scheme(chosen),
        guidelines=bundled("guidelines.md").read_text(encoding="utf-8"),
    )
    return asdict(answer)


def _main() -> None:
    try:
        said = _prepare(sys.argv[1:])
    except AnnotatorError as error:
        said = {"message": error.message, "hint": error.hint}
    print(json.dumps(said))


if __name__ == "__main__":
    _main()
