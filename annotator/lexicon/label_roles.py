"""Roles of the labels of English pipelines (OntoNotes names): which of them can speak."""

from __future__ import annotations

PERSON = "PERSON"
PEOPLES = "NORP"
ORGANISATION = "ORG"
COUNTRY = "GPE"
"""Label of countries, states and cities, which are both places and bodies."""
REGION = "LOC"
EVENT = "EVENT"
DATE = "DATE"
PLACES = frozenset((COUNTRY, REGION))
GROUPS = frozenset((ORGANISATION, COUNTRY, PEOPLES))
SPEAKERS = GROUPS | {PERSON}
"""Labels of entities that can be the source of a claim."""
BODIES = frozenset((ORGANISATION, COUNTRY, REGION, "FAC", "WORK_OF_ART", "LAW", "PRODUCT"))
"""Labels of entities that the pronoun *it* refers to."""
FIGURES = frozenset(("MONEY", "PERCENT", "CARDINAL", "QUANTITY"))
"""Labels of amounts and counts."""
MEASURES = FIGURES - {"CARDINAL"}
"""Labels of amounts with a unit."""
WITH_ARTICLES = frozenset(("WORK_OF_ART", EVENT))
"""Labels of names that an article may belong to, as in titles of works."""
LANGUAGE = "LANGUAGE"
BUILDING = "FAC"
NAMES = GROUPS | PLACES | {PERSON, BUILDING, EVENT, LANGUAGE, "WORK_OF_ART", "LAW", "PRODUCT"}
"""Labels of names: of one and the same in several articles, or not."""
NUMBERS = frozenset((DATE, "TIME", "MONEY", "PERCENT", "CARDINAL", "QUANTITY", "ORDINAL"))
"""Labels of times, amounts and counts, which never speak."""
