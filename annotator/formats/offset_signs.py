"""The signs by which texts with offsets of spaCy and doccano are recognised."""

from __future__ import annotations

from annotator.formats.prodigy.prodigy_signs import PRODIGY_KEYS
from annotator.formats.shapes import ABSENT, ANY, EMPTY, row
from annotator.formats.signs import ADD, Sign, Signs, Strength

_OF_TEXT = (
    str,
    int,
    float,
    [str],
    [int],
    [{"label": (int, str), "user": ANY, "start_offset": ABSENT}],
)

OFFSET_SIGNS = Signs(
    values=(
        Sign(
            "the NER annotator's file of classes and texts",
            {"classes": [], "annotations": (EMPTY, [row(str, {"entities": []})])},
            strength=Strength.CERTAIN,
        ),
        # spaCy's pairs, and `Doc.to_json()`, which has tokens too, and spans by group.
        Sign(
            "spaCy's text classification",
            row(str, {"cats": ANY, "entities": ABSENT, "spans": ABSENT}),
            out=f"It labels whole texts. {ADD}",
        ),
        Sign("spaCy's pairs of a text and its entities", row(str, dict)),
        Sign("spaCy's JSON of a Doc", ({"ents": ANY}, {"spans": dict, PRODIGY_KEYS: ABSENT})),
        # Texts with offsets, under `annotations` in old exports of doccano.
        Sign(
            "doccano's text classification",
            {
                "text": str,
                ("label", "labels", "annotations", "cats"): _OF_TEXT,
                ("entities", "relations"): ABSENT,
            },
            out=f"It labels whole texts. {ADD}",
            strength=Strength.TEXTS,
        ),
        Sign(
            "doccano's sequence to sequence",
            {"text": str, "annotations": [{"text": str, "start_offset": ABSENT, "start": ABSENT}]},
            out=f"They pair texts with texts, and mark nothing. {ADD}",
            strength=Strength.TEXTS,
        ),
        Sign(
            "texts with offsets",
            {
                ("text", "data"): str,
                ("entities", "label", "labels", "annotations"): ([], dict, None),
            },
            strength=Strength.TEXTS,
        ),
    ),
)
