"""Files to import for tests: generated records, imported through the real store."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from annotator.core.annotations import Entity, MadeBy, Verdict
from annotator.core.article import Article, Origin
from annotator.core.record import PipelineId, Record, ReviewFacts, SchemeId
from annotator.formats.jsonl import line_of
from annotator.importing.found_records import Sources
from annotator.importing.import_batches import Imported, Whose, import_files
from annotator.importing.label_mapping import Naming
from annotator.store.store import Store
from tests.helpers.building import NOW
from tests.helpers.items import span
from tests.helpers.strategies import LABELS

TEXT = "Ada Low met Bo Marsh in Port Ellis, for the {}th time."
PIPELINE = PipelineId("theirs", "2", "beef")
FACTS = ReviewFacts("carol", "review", NOW, NOW, 12.5, 7, 3)
SCHEME = SchemeId("news", "1")


def entity(text: str, words: str, label: str, verdict: Verdict, **more: Any) -> Entity:
    found = span(text, words)
    made = MadeBy.REVIEWER if verdict is Verdict.ADDED else MadeBy.PIPELINE
    return Entity(f"e{found.start}", found, label, made_by=made, verdict=verdict, **more)


def record(number: int = 1, **changes: Any) -> Record:
    """A finished review: one entity accepted, one corrected, one added, one turned down."""
    text = TEXT.format(number)
    down = entity(text, "Port", "PERSON", Verdict.PENDING)
    made = Record(
        Article(text, title=f"Meeting {number}", origin=Origin(name=f"{number}.txt")),
        SCHEME,
        PIPELINE,
        review=FACTS,
        entities=(
            entity(text, "Ada Low", "PERSON", Verdict.ACCEPTED, score=0.75),
            entity(text, "Bo Marsh", "PERSON", Verdict.CORRECTED, note="sure"),
            entity(text, "Port Ellis", "GPE", Verdict.ADDED),
        ),
        rejected=(replace(down, id=""),),
    )
    return replace(made, **changes)


def write(path: Path, records: Iterable[Record]) -> Path:
    path.write_bytes(b"".join(map(line_of, records)))
    return path


def bring_in(
    store: Store, *paths: Path, reviewer: str | None = None, labels: Any = LABELS, **how: Any
) -> Imported:
    """What the verb does, with the labels of the test's own scheme; `each` and `partial` as in
    Whose."""
    whose = Whose(reviewer, **{key: how.pop(key) for key in ("each", "partial") if key in how})
    names = how.pop("names", {})
    wanted = {key: how.pop(key) for key in ("format", "offsets") if key in how}
    return import_files(
        Sources(paths, received=NOW, **wanted),
        store=store,
        naming=Naming(labels, names),
        whose=whose,
        now=NOW,
        **how,
    )
