"""Reads gold: records of finished reviews, or a spaCy `.spacy` file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from spacy.tokens import Doc
from spacy.vocab import Vocab

from annotator.core.annotations import Verdict
from annotator.core.article import Span
from annotator.core.labels import label_map_rows
from annotator.core.record import Record
from annotator.core.records.unknown import apart_from
from annotator.errors import AnnotatorError, RecordError
from annotator.formats.jsonl import records_in
from annotator.training.corpora import read_docs

Labelled = tuple[Span, str]


@dataclass(frozen=True)
class Gold:
    """One text with its gold annotations, and its `doc` or `record`.

    Items with `unknown` spans are undecided: suggestions equal to them are neither right nor wrong.
    Nothing at all is known within `stretches`.
    """

    text: str
    entities: tuple[Labelled, ...]
    unknown: tuple[Span, ...] = ()
    stretches: tuple[Span, ...] = ()
    doc: Doc | None = None
    record: Record | None = None


def read_gold(path: Path, vocab: Vocab) -> list[Gold]:
    """The texts of a gold file; raises AnnotatorError if it cannot be read.

    Skipped and unreviewed articles are omitted.
    """
    if not path.exists():
        raise RecordError(f"There is no file {path}.", hint="Give a .jsonl or .spacy file.")
    if path.suffix == ".spacy":
        return [_of_doc(doc) for doc in read_docs(path, vocab)]
    paths = sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
    return [
        gold_of(record)
        for each in paths
        for record in records_in(each)
        if record.answer == "accept" and record.review.kind != "none"
    ]


def read_label_map(path: str | Path) -> dict[str, tuple[str, ...]]:
    """A label mapping from lines such as `LOCATION=GPE,LOC,FAC`: our labels for each gold label.

    `world` is the shipped mapping. Raises AnnotatorError for an invalid line, or if two lines use
    the same label of ours.
    """
    shipped = Path(__file__).parent / "maps" / f"{path}.map"
    file = shipped if shipped.exists() and not Path(path).exists() else Path(path)
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise AnnotatorError(
            f"The label mapping {path} cannot be read.",
            hint="Give a text file, or the name `world`.",
        ) from error
    rows: dict[str, tuple[str, ...]] = {}
    taken: dict[str, str] = defaultdict(str)
    for gold, names in label_map_rows(lines, file.name):
        for name in names:
            if taken[name]:
                raise AnnotatorError(
                    f"{file.name} maps {name} to {taken[name]} and to {gold}.",
                    hint="Use each of our labels on one line only.",
                )
            taken[name] = gold
        rows[gold] = (*rows.get(gold, ()), *names)
    return rows


def to_gold_labels(label_map: Mapping[str, Sequence[str]] | None) -> Mapping[str, str] | None:
    """Maps our labels to gold labels; None if they are the same."""
    if label_map is None:
        return None
    return {ours: gold for gold, names in label_map.items() for ours in names}


def _of_doc(doc: Doc) -> Gold:
    entities = tuple((Span(e.start_char, e.end_char), e.label_) for e in doc.ents)
    missing = (token for token in doc if token.ent_iob == 0 and not token.text.isspace())
    unknown = tuple(Span(token.idx, token.idx + len(token)) for token in missing)
    return Gold(doc.text, entities, unknown, doc=doc)


def gold_of(record: Record) -> Gold:
    """The text of a finished review with its decided items."""
    entities = tuple(
        (entity.span, entity.label)
        for entity in record.entities
        if entity.verdict is not Verdict.PENDING
    )
    pending = (e.span for e in record.entities if e.verdict is Verdict.PENDING)
    stretches = record.unknown
    unknown = (*apart_from(stretches, (span for span, _ in entities)), *pending)
    return Gold(record.article.text, entities, unknown, stretches, record=record)
