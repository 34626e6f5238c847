"""Short ways to read lines of WebAnno TSV."""

from __future__ import annotations

from typing import Any

from annotator.core.record import Record
from annotator.formats import format_named
from annotator.formats.base import Refused
from tests.helpers.formats import read_back

FORM = format_named("webanno-tsv")


NER = "#T_SP=de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity|identifier|value"


def read(*lines: str, layers: str = NER, version: str = "3.3", **how: Any) -> list[Any]:
    """What is read of a file with these lines after its header."""
    head = f"#FORMAT=WebAnno TSV {version}\n{layers}\n\n\n"
    return read_back(FORM, head + "\n".join(lines) + "\n", **how)


def one_of(*lines: str, **how: Any) -> Record:
    (found,) = read(*lines, **how)
    assert isinstance(found, Record)
    return found


def names(record: Record) -> list[tuple[str, str]]:
    return [(one.span.of(record.article.text), one.label) for one in record.entities]


def kinds(found: list[Record | Refused]) -> list[str]:
    return [one.kind for one in found if isinstance(one, Refused)]


# The text
