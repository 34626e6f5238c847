"""The type system of the CAS files that we write, and the library that handles them.

Named entities are a layer that INCEpTION and WebAnno have. Claims, junk lines and the rest of a
record need custom layers; `TypeSystem.xml` beside our files describes them.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from annotator.core.records.fields import CLAIM_ATTRIBUTES
from annotator.errors import RecordError

HINT = 'pip install "annotator[uima]"'
ENTITY = "de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity"
METADATA = "de.tudarmstadt.ukp.dkpro.core.api.metadata.type.DocumentMetaData"
PART = "webanno.custom.ClaimPart"
LINK = "webanno.custom.ClaimLink"
SPEAKER = "webanno.custom.ClaimPartEntityLink"
JUNK = "webanno.custom.JunkLine"
RECORD = "annotator.Record"
OURS = frozenset({ENTITY, METADATA, PART, LINK, JUNK, RECORD})
"""The types of annotations that we read."""
ROLE, LABEL, TEXT = "role", "label", "json"
_ANNOTATION, _STRING = "uima.tcas.Annotation", "uima.cas.String"


def library() -> Any:
    """The package dkpro-cassis; raises RecordError, with a hint, if it is not installed."""
    try:
        import cassis
    except ImportError as error:
        raise RecordError("The format uima needs dkpro-cassis.", hint=HINT) from error
    logging.getLogger("cassis").setLevel(logging.ERROR)
    return cassis


def type_system(cassis: Any) -> Any:
    """The types that we write."""
    types = cassis.TypeSystem()
    document = types.create_type(METADATA, "uima.tcas.DocumentAnnotation")
    for name in ("documentTitle", "documentId"):
        types.create_feature(document, name, _STRING)
    entity = types.create_type(ENTITY, _ANNOTATION)
    for name in ("value", "identifier"):
        types.create_feature(entity, name, _STRING)
    part = types.create_type(PART, _ANNOTATION)
    for name in (ROLE, *(attribute.name for attribute in CLAIM_ATTRIBUTES)):
        types.create_feature(part, name, _STRING)
    speaker = types.create_type(SPEAKER, "uima.cas.TOP")
    types.create_feature(speaker, "role", _STRING)
    types.create_feature(speaker, "target", entity)
    types.create_feature(part, "entity", "uima.cas.FSArray", elementType=speaker)
    link = types.create_type(LINK, _ANNOTATION)
    for name in ("Dependent", "Governor"):
        types.create_feature(link, name, part)
    types.create_feature(link, LABEL, _STRING)
    types.create_feature(types.create_type(JUNK, _ANNOTATION), "kind", _STRING)
    types.create_feature(types.create_type(RECORD, "uima.cas.TOP"), TEXT, _STRING)
    return types


@contextmanager
def unplaced_offsets() -> Iterator[set[int]]:
    """Collects the offsets that are inside a character or outside the text. The library only warns
    of them, and keeps the numbers as if they were code points."""
    found: set[int] = set()
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        yield found
    for one in told:
        words = str(one.message)
        if words.startswith("Not mapping external offset ["):
            number = words.partition("[")[2].partition("]")[0]
            if number.lstrip("-").isdigit():
                found.add(int(number))
