"""What the labels of English pipelines (OntoNotes' names) stand for: who of them can speak."""

from __future__ import annotations

PERSON = "PERSON"
PEOPLES = "NORP"
GROUPS = frozenset(("ORG", "GPE", PEOPLES))
SPEAKERS = GROUPS | {PERSON}
"""Labels of what can be the source of a claim."""
BODIES = frozenset(("ORG", "GPE", "FAC", "LOC", "WORK_OF_ART", "LAW", "PRODUCT"))
"""Labels of what is called *it*."""
NUMBERS = frozenset(("DATE", "TIME", "MONEY", "PERCENT", "CARDINAL", "QUANTITY", "ORDINAL"))
"""Labels of times, amounts and counts: nobody who could say anything."""
